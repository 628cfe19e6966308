// amazon-cognito-identity-js, as Amplify's older versions use it: SRP sign-in, refresh, attributes, change of password,
// and the challenge for a new password.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { expect, scene } from "./scene.mjs";

const pool = new CognitoUserPool({
  UserPoolId: scene.userPoolId,
  ClientId: scene.clientId,
  endpoint: `${scene.endpoint}/`,
});

/** Signs in; gives the user and how it went: a session, or the attributes of a NEW_PASSWORD_REQUIRED challenge. */
function signIn(username, password, flow = "USER_SRP_AUTH") {
  const user = new CognitoUser({ Username: username, Pool: pool });
  user.setAuthenticationFlowType(flow);
  return new Promise((resolve, reject) => {
    user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), {
      onSuccess: (session) => resolve({ user, session }),
      onFailure: reject,
      newPasswordRequired: (attributes, required) => resolve({ user, attributes, required }),
    });
  });
}

const promised = (call) =>
  new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));

const { user, session } = await signIn(scene.username, scene.password);
expect(session.isValid(), "the session of an SRP sign-in is valid");
expect(session.getIdToken().payload.email === scene.email, "the ID token names the e-mail address");

const attributes = await promised((done) => user.getUserAttributes(done));
expect(attributes.some((a) => a.getName() === "email" && a.getValue() === scene.email), "the user reads attributes");

const refreshed = await promised((done) => user.refreshSession(session.getRefreshToken(), done));
expect(refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(), "a refresh gives new tokens");
expect(
  refreshed.getAccessToken().payload.origin_jti === session.getAccessToken().payload.origin_jti,
  "a refresh keeps the token family",
);

expect(
  (await promised((done) => user.changePassword(scene.password, scene.newPassword, done))) === "SUCCESS",
  "the password changes",
);
const wrong = await signIn(scene.username, scene.password).catch((error) => error);
expect(wrong.code === "NotAuthorizedException", `the old password is refused; seen ${wrong.code}`);
expect(wrong.message === "Incorrect username or password.", wrong.message);
await signIn(scene.username, scene.newPassword);
await signIn(scene.username, scene.newPassword, "USER_PASSWORD_AUTH");

const invited = await signIn(scene.invited.username, scene.invited.password);
expect(invited.attributes !== undefined, "an invited user has to choose a password after SRP");
const answered = await new Promise((resolve, reject) =>
  invited.user.completeNewPasswordChallenge(scene.invited.newPassword, {}, { onSuccess: resolve, onFailure: reject }),
);
expect(answered.isValid(), "the chosen password brings tokens");
