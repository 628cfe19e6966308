// amazon-cognito-identity-js from sign-up to the end of the account.
import { CognitoUserAttribute } from "amazon-cognito-identity-js";
import { pool, promised, signIn, told, userOf } from "./identity_js_user.mjs";
import { expect, newestCode, same, scene } from "./scene.mjs";

const { password } = scene;
const attribute = (Name, Value) => new CognitoUserAttribute({ Name, Value });
const failed = (promise) =>
  promise.then(
    () => "success",
    (error) => error.code,
  );

// Somebody signs up and confirms with the second code.
const email = attribute("email", "cleo@example.com");
same(await failed(promised((done) => pool.signUp("cleo", "short", [email], [], done))), "InvalidPasswordException", "a weak password");
const made = await promised((done) => pool.signUp("cleo", password, [email], [], done));
expect(!made.userConfirmed && made.userSub, "an unconfirmed user with a sub");
same(made.codeDeliveryDetails.Destination, "c***@e***", "where the code went");
same(await failed(promised((done) => pool.signUp("cleo", password, [email], [], done))), "UsernameExistsException", "the same name again");
same(await failed(signIn("cleo", password)), "UserNotConfirmedException", "a sign-in before the confirmation");
let user = userOf("cleo");
const first = await newestCode("cleo@example.com");
const again = await promised((done) => user.resendConfirmationCode(done));
same(again.CodeDeliveryDetails.AttributeName, "email", "where the second code went");
const code = await newestCode("cleo@example.com");
const wrong = ["000000", "111111", "222222"].find((one) => one !== code && one !== first);
same(await failed(promised((done) => user.confirmRegistration(wrong, false, done))), "CodeMismatchException", "a wrong code");
same(await promised((done) => user.confirmRegistration(code, false, done)), "SUCCESS", "the right one");

// Attributes: changed, verified, deleted.
const signedIn = await signIn("cleo", password);
({ user } = signedIn);
const session = signedIn.given[0];
const read = async () => {
  const attributes = await promised((done) => user.getUserAttributes(done));
  return Object.fromEntries(attributes.map((one) => [one.getName(), one.getValue()]));
};
same((await read()).email_verified, "true", "the code has verified the address");
const changed = [attribute("email", "new@example.com"), attribute("nickname", "Cle")];
same(await promised((done) => user.updateAttributes(changed, done)), "SUCCESS", "two attributes change");
same((await read()).email_verified, "false", "another address is not verified");
await new Promise((resolve, reject) =>
  user.getAttributeVerificationCode("email", { onSuccess: resolve, onFailure: reject, inputVerificationCode: resolve }),
);
const verify = (code) => told((callbacks) => user.verifyAttribute("email", code, callbacks));
const sent = await newestCode("new@example.com");
same(await failed(verify(sent === "000000" ? "111111" : "000000")), "CodeMismatchException", "a wrong code");
same((await verify(sent)).given[0], "SUCCESS", "the right one");
same(await promised((done) => user.deleteAttributes(["nickname"], done)), "SUCCESS", "the nickname goes");
const left = await read();
expect(left.email_verified === "true" && left.email === "new@example.com", "the new address is verified");
expect(left.nickname === undefined, "the nickname is gone");

// Refreshed by force, signed out everywhere, deleted.
const refreshed = await promised((done) => user.refreshSession(session.getRefreshToken(), done));
same(refreshed.getIdToken().payload.email, "new@example.com", "the address in refreshed tokens");
await told((callbacks) => user.globalSignOut(callbacks));
const late = promised((done) => userOf("cleo").refreshSession(session.getRefreshToken(), done));
same(await failed(late), "NotAuthorizedException", "a refresh after signing out everywhere");
({ user } = await signIn("cleo", password));
same(await promised((done) => user.deleteUser(done)), "SUCCESS", "the account ends");
same(await failed(signIn("cleo", password)), "UserNotFoundException", "nobody signs in after that");
