// Amplify v6 in a pool that people move to: first sign-in, SRP, a code by SMS, a password to choose, a password to
// change, a password forgotten, sign-out.
import { fetchAuthSession } from "@aws-amplify/core";
import { auth, confirmSignIn, signIn } from "./amplify_auth.mjs";
import { expect, newestCode, same, scene } from "./scene.mjs";

// The first sign-in sends the password, and the user moves in with it; later ones prove it by SRP.
const { ann } = scene;
same(await signIn(ann, scene.password, "USER_SRP_AUTH"), "UserNotFoundException", "SRP cannot move anybody");
same(await signIn(ann, scene.password, "USER_PASSWORD_AUTH"), "DONE", "the first sign-in");
const attributes = await auth.fetchUserAttributes();
same(attributes.email, ann, "the e-mail address");
same(attributes["custom:plan"], "gold", "the custom attribute");
const { username, userId } = await auth.getCurrentUser();
same(username, attributes.sub, "where the e-mail address signs in, the user name is the sub");
same(userId, attributes.sub, "the user's id");
await auth.signOut();
expect((await fetchAuthSession()).tokens === undefined, "signing out forgets the tokens");

same(await signIn(ann, "Wrong-Password-1"), "NotAuthorizedException", "a wrong password by SRP");
same(await signIn(ann, scene.password), "DONE", "SRP is Amplify's own choice");

// The password changes.
const { newPassword } = scene;
const refused = await auth.updatePassword({ oldPassword: "Wrong-Password-1", newPassword }).catch((error) => error);
same(refused.name, "NotAuthorizedException", "the old password has to be right");
await auth.updatePassword({ oldPassword: scene.password, newPassword });
await auth.signOut();
same(await signIn(ann, scene.password), "NotAuthorizedException", "the old password");
same(await signIn(ann, newPassword), "DONE", "the new password");
await auth.signOut();

// A second factor that came along: a code by SMS.
const { eve } = scene;
const bySms = "CONFIRM_SIGN_IN_WITH_SMS_CODE";
same(await signIn(eve.username, scene.password, "USER_PASSWORD_AUTH"), bySms, "the password is not enough");
const code = await newestCode(eve.phoneNumber);
const wrongCode = code === "000000" ? "111111" : "000000";
same(await confirmSignIn(wrongCode), "CodeMismatchException", "a wrong code");
same(await confirmSignIn(code), "DONE", "the code");
await auth.signOut();
same(await signIn(eve.username, scene.password), bySms, "nor is the proof by SRP");
same(await confirmSignIn(await newestCode(eve.phoneNumber)), "DONE", "the second code");
await auth.signOut();

// An administrator invited somebody, who chooses a password.
const { invited } = scene;
const choose = "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED";
same(await signIn(invited.username, invited.password), choose, "a temporary password by SRP");
same(await confirmSignIn("short"), "InvalidPasswordException", "a password against the policy");
same(await confirmSignIn(newPassword), "DONE", "the chosen password");
await auth.signOut();

// A reset was due in the old pool; somebody who never signed in here has forgotten the password.
const { dan, fay } = scene;
same(await signIn(dan, scene.password, "USER_PASSWORD_AUTH"), "RESET_PASSWORD", "a reset that is due");
for (const forgetful of [dan, fay]) {
  const { nextStep } = await auth.resetPassword({ username: forgetful });
  same(nextStep.resetPasswordStep, "CONFIRM_RESET_PASSWORD_WITH_CODE", `${forgetful} gets a code`);
  same(nextStep.codeDeliveryDetails.deliveryMedium, "EMAIL", "by e-mail");
  const confirmationCode = await newestCode(forgetful);
  await auth.confirmResetPassword({ username: forgetful, newPassword, confirmationCode });
  same(await signIn(forgetful, newPassword), "DONE", "the password that was set");
  await auth.signOut();
}
