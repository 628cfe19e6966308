// An app in the browser, wired to Amplify as `aws-amplify` wires it: two buttons, and what it knows of the person.
import { Amplify, defaultStorage, fetchAuthSession, Hub } from "@aws-amplify/core";
import { fetchUserAttributes, getCurrentUser, signInWithRedirect, signOut } from "@aws-amplify/auth";
import { cognitoUserPoolsTokenProvider as tokenProvider } from "@aws-amplify/auth/cognito";

const { scene } = window;
const Auth = {
  Cognito: {
    userPoolId: scene.userPoolId,
    userPoolClientId: scene.clientId,
    userPoolEndpoint: scene.endpoint,
    loginWith: {
      oauth: {
        domain: scene.domain,
        scopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
        redirectSignIn: [scene.app],
        redirectSignOut: [scene.app],
        responseType: "code",
      },
    },
  },
};

async function show() {
  const { tokens } = await fetchAuthSession();
  const told = { signedIn: tokens !== undefined };
  if (tokens) {
    const { email, aud, "cognito:username": username } = tokens.idToken.payload;
    told.token = { email, aud, username, scope: tokens.accessToken.payload.scope };
    told.attributes = await fetchUserAttributes();
    told.user = await getCurrentUser();
  }
  document.getElementById("told").textContent = JSON.stringify(told);
}

Hub.listen("auth", ({ payload }) => {
  if (payload.event === "customOAuthState") document.getElementById("state").textContent = payload.data;
  if (payload.event === "signInWithRedirect") show();
  if (payload.event === "signInWithRedirect_failure") {
    document.getElementById("told").textContent = JSON.stringify({ failure: payload.data.error.message });
  }
});
tokenProvider.setAuthConfig(Auth);
tokenProvider.setKeyValueStorage(defaultStorage);
Amplify.configure({ Auth }, { Auth: { tokenProvider } });

document.getElementById("in").onclick = () => signInWithRedirect({ customState: "where I was" });
document.getElementById("out").onclick = () => signOut();
document.getElementById("newer").onclick = async () => {
  await fetchAuthSession({ forceRefresh: true });
  await show();
};
if (!new URLSearchParams(location.search).has("code")) show();
