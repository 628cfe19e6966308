// amazon-cognito-identity-js's user, with promises where it has callbacks.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { scene } from "./scene.mjs";

export const pool = new CognitoUserPool({
  UserPoolId: scene.userPoolId,
  ClientId: scene.clientId,
  endpoint: `${scene.endpoint}/`,
});

export const userOf = (username) => new CognitoUser({ Username: username, Pool: pool });

/** The outcome of a method that takes a callback in the manner of Node. */
export const promised = (call) =>
  new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))));

/** What a method tells its callbacks: `told` is the one that was called, and with what. */
export const told = (call) =>
  new Promise((resolve, reject) => {
    const names = ["onSuccess", "totpRequired", "mfaSetup", "associateSecretCode"];
    const callbacks = names.map((told) => [told, (...given) => resolve({ told, given })]);
    call({ ...Object.fromEntries(callbacks), inputVerificationCode: null, onFailure: reject });
  });

/** Signs in by SRP; gives the user beside what was told. */
export async function signIn(username, password, user = userOf(username)) {
  const details = new AuthenticationDetails({ Username: username, Password: password });
  return { user, ...(await told((callbacks) => user.authenticateUser(details, callbacks))) };
}
