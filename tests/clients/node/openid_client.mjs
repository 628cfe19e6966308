// openid-client takes an app through the OAuth 2.0 endpoints, given the issuer alone: code with PKCE by way of the sign-in form,
// user info, refresh, revocation, prompt=none, log-out; and an app client for itself.
import * as oidc from "openid-client";
import { FormBrowser } from "./form_browser.mjs";
import { expect, scene } from "./scene.mjs";

/** Everything that the library knows of an app: the issuer's document, fetched and held against the issuer. */
const discovered = (app) =>
  oidc.discovery(
    new URL(scene.issuer),
    app.clientId,
    undefined,
    app.secret === undefined ? oidc.None() : oidc.ClientSecretBasic(app.secret),
    { execute: [oidc.allowInsecureRequests] },
  );

/** The error of a call that must fail. */
async function failure(call) {
  const outcome = await call.then(
    () => undefined,
    (error) => error,
  );
  expect(outcome !== undefined, "the call fails");
  return outcome;
}

async function request(config, more = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const nonce = oidc.randomNonce();
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: scene.callback,
    scope: "openid email",
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...more,
  });
  return { url, checks: { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce } };
}

for (const app of [scene.public, scene.confidential]) {
  const config = await discovered(app);
  const { url, checks } = await request(config);
  const browser = new FormBrowser(scene.callback, scene.bye);
  const refusedAt = await browser.signIn(url, scene.username, "Wrong-Password-1");
  expect(refusedAt === null && browser.status === 400, `a wrong password stays on the page; seen ${browser.url}`);
  const back = await browser.submit("cognitoSignInForm", { username: scene.username, password: scene.password });
  expect(back !== null, `back at the app; seen ${browser.status} ${browser.html}`);
  const wrong = { ...checks, pkceCodeVerifier: oidc.randomPKCECodeVerifier() };
  expect(
    (await failure(oidc.authorizationCodeGrant(config, back, wrong))).error === "invalid_grant",
    "a wrong verifier is refused",
  );
  const tokens = await oidc.authorizationCodeGrant(config, back, { ...checks, maxAge: 3600 });
  expect(tokens.claims().email === scene.email, "the e-mail address in the ID token");
  const info = await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  expect(info.email === scene.email && info.username === scene.username, `user info; seen ${JSON.stringify(info)}`);

  const newer = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  expect(newer.claims().sub === tokens.claims().sub, "the same user after a refresh");
  await oidc.tokenRevocation(config, tokens.refresh_token);
  expect(
    (await failure(oidc.refreshTokenGrant(config, tokens.refresh_token))).error === "invalid_grant",
    "a revoked refresh token is refused",
  );

  const silent = await request(config, { prompt: "none" });
  const refused = await new FormBrowser(scene.callback)
    .visit(silent.url)
    .then((place) => failure(oidc.authorizationCodeGrant(config, place, silent.checks)));
  expect(refused.error === "login_required", `prompt=none without a session; seen ${refused.error}`);
  const known = await browser.visit(silent.url);
  await oidc.authorizationCodeGrant(config, known, silent.checks);

  const bye = oidc.buildEndSessionUrl(config, { client_id: app.clientId, logout_uri: scene.bye });
  expect((await browser.visit(bye)).href === scene.bye, "the log-out ends at the app");
  const gone = await failure(oidc.authorizationCodeGrant(config, await browser.visit(silent.url), silent.checks));
  expect(gone.error === "login_required", `nobody is signed in after it; seen ${gone.error}`);
}

const machine = await discovered(scene.machine);
const token = await oidc.clientCredentialsGrant(machine, { scope: "api/read" });
expect(token.refresh_token === undefined && token.id_token === undefined, "an access token alone");
expect(
  (await failure(oidc.clientCredentialsGrant(machine, { scope: "api/write" }))).error === "invalid_scope",
  "a scope that the app client has not is refused",
);
