// `@aws-amplify/auth` wired to `@aws-amplify/core` as `aws-amplify` does it.
import { Amplify, sharedInMemoryStorage } from "@aws-amplify/core";
import * as auth from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider as tokenProvider } from "@aws-amplify/auth/cognito";
import { scene } from "./scene.mjs";

// As in a browser: it names devices.
globalThis.navigator ??= { userAgent: "the browser of the tests" };

const Auth = {
  Cognito: {
    userPoolId: scene.userPoolId,
    userPoolClientId: scene.clientId,
    userPoolEndpoint: scene.endpoint,
  },
};
tokenProvider.setAuthConfig(Auth);
tokenProvider.setKeyValueStorage(sharedInMemoryStorage);
Amplify.configure({ Auth }, { Auth: { tokenProvider } });

export { auth };

/** Which step comes next; an error's name stands for one. */
export const step = (signingIn) =>
  signingIn.then(
    ({ nextStep }) => nextStep.signInStep,
    (error) => error.name,
  );
export const signIn = (username, password, authFlowType) =>
  step(auth.signIn({ username, password, options: { authFlowType } }));
export const confirmSignIn = (challengeResponse) => step(auth.confirmSignIn({ challengeResponse }));
