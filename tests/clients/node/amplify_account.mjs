// Amplify v6 from sign-up to the end of the account.
import { fetchAuthSession } from "@aws-amplify/core";
import { auth, signIn } from "./amplify_auth.mjs";
import { expect, newestCode, same, scene } from "./scene.mjs";

const { password } = scene;
const failed = (promise) =>
  promise.then(
    () => "success",
    (error) => error.name,
  );

// Somebody signs up and confirms with the second code.
const username = "dora";
const options = { userAttributes: { email: "dora@example.com" } };
same(await failed(auth.signUp({ username, password: "short", options })), "InvalidPasswordException", "a weak password");
const { isSignUpComplete, nextStep } = await auth.signUp({ username, password, options });
same(isSignUpComplete, false, "the sign-up is complete");
same(nextStep.signUpStep, "CONFIRM_SIGN_UP", "what comes next");
same(nextStep.codeDeliveryDetails.destination, "d***@e***", "where the code went");
same(await failed(auth.signUp({ username, password, options })), "UsernameExistsException", "the same name again");
same(await signIn(username, password), "CONFIRM_SIGN_UP", "a sign-in before the confirmation");
const first = await newestCode("dora@example.com");
same((await auth.resendSignUpCode({ username })).attributeName, "email", "where the second code went");
const confirmationCode = await newestCode("dora@example.com");
const wrong = ["000000", "111111", "222222"].find((one) => one !== confirmationCode && one !== first);
same(await failed(auth.confirmSignUp({ username, confirmationCode: wrong })), "CodeMismatchException", "a wrong code");
const confirmed = await auth.confirmSignUp({ username, confirmationCode });
same(confirmed.nextStep.signUpStep, "DONE", "the right one");

// Attributes: changed, verified, deleted.
same(await signIn(username, password), "DONE", "a sign-in");
const { email } = await auth.updateUserAttributes({ userAttributes: { email: "new@example.com", nickname: "Do" } });
same(email.nextStep.updateAttributeStep, "CONFIRM_ATTRIBUTE_WITH_CODE", "another address has to be verified");
const again = await auth.sendUserAttributeVerificationCode({ userAttributeKey: "email" });
same(again.destination, "n***@e***", "where the next code went");
const code = await newestCode("new@example.com");
const verify = (confirmationCode) => auth.confirmUserAttribute({ userAttributeKey: "email", confirmationCode });
same(await failed(verify(code === "000000" ? "111111" : "000000")), "CodeMismatchException", "a wrong code");
await verify(code);
await auth.deleteUserAttributes({ userAttributeKeys: ["nickname"] });
const left = await auth.fetchUserAttributes();
same(`${left.email} ${left.email_verified} ${left.nickname}`, "new@example.com true undefined", "what is left");

// Refreshed by force, signed out everywhere, deleted.
const before = (await fetchAuthSession()).tokens;
const { tokens } = await fetchAuthSession({ forceRefresh: true });
expect(tokens.idToken.payload.jti !== before.idToken.payload.jti, "a forced refresh gives other tokens");
same(tokens.idToken.payload.email, "new@example.com", "the address in refreshed tokens");
await auth.signOut({ global: true });
expect((await fetchAuthSession()).tokens === undefined, "signing out forgets the tokens");
same(await signIn(username, password), "DONE", "a sign-in after signing out everywhere");
await auth.deleteUser();
same(await signIn(username, password), "UserNotFoundException", "nobody signs in after that");
