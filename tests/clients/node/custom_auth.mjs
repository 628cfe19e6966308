// amazon-cognito-identity-js and Amplify v6 sign in by challenges of the pool's own function, without a password and after it.
import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { fetchAuthSession } from "@aws-amplify/core";
import { auth } from "./amplify_auth.mjs";
import { expect, scene } from "./scene.mjs";

const pool = new CognitoUserPool({
  UserPoolId: scene.userPoolId,
  ClientId: scene.clientId,
  endpoint: `${scene.endpoint}/`,
});

/** Takes one step of a sign-in: gives the session at its end, or the parameters of the next challenge. */
const step = (take) =>
  new Promise((resolve, reject) =>
    take({
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      customChallenge: (parameters) => resolve({ parameters }),
    }),
  );

function begin(password) {
  const user = new CognitoUser({ Username: scene.username, Pool: pool });
  user.setAuthenticationFlowType("CUSTOM_AUTH");
  const details = new AuthenticationDetails({ Username: scene.username, Password: password });
  const method = password === undefined ? "initiateAuth" : "authenticateUser";
  return { user, first: step((callbacks) => user[method](details, callbacks)) };
}

for (const password of [undefined, scene.password]) {
  const how = password === undefined ? "without a password" : "after the password";
  const { user, first } = begin(password);
  const asked = await first;
  expect(asked.parameters?.question === "dog", `${how}, the question; seen ${JSON.stringify(asked)}`);
  const again = await step((callbacks) => user.sendCustomChallengeAnswer("Rex", callbacks));
  expect(again.parameters?.triesLeft === "2", `${how}, a wrong answer brings another question`);
  const { session } = await step((callbacks) =>
    user.sendCustomChallengeAnswer("Bello", callbacks, { note: "from a browser" }),
  );
  expect(session?.isValid(), `${how}, the right answer brings tokens`);
  expect(session.getIdToken().payload.note === "from a browser", `${how}, the metadata reaches the function`);
}

const refused = await begin("Wrong-horse-1").first.catch((error) => error);
expect(refused.code === "NotAuthorizedException", `a wrong password is refused; seen ${refused.code}`);

const { username, password } = scene;
for (const input of [
  { username, options: { authFlowType: "CUSTOM_WITHOUT_SRP" } },
  { username, password, options: { authFlowType: "CUSTOM_WITH_SRP" } },
]) {
  const how = input.options.authFlowType;
  let { nextStep } = await auth.signIn(input);
  expect(nextStep.signInStep === "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE", `${how}: ${nextStep.signInStep}`);
  expect(nextStep.additionalInfo.question === "dog", `${how}: the question`);
  ({ nextStep } = await auth.confirmSignIn({ challengeResponse: "Rex" }));
  expect(nextStep.additionalInfo.triesLeft === "2", `${how}: another question`);
  ({ nextStep } = await auth.confirmSignIn({ challengeResponse: "Bello" }));
  expect(nextStep.signInStep === "DONE", `${how}: ${nextStep.signInStep}`);
  const { tokens } = await fetchAuthSession();
  expect(tokens.idToken.payload.dogs[0] === "Bello", `${how}: the claim that the function adds`);
  await auth.signOut();
}
