// A web application with a session of its own, as oauth2-proxy is one in front of others: a confidential client with code, PKCE,
// state and nonce, whose people carry nothing but a cookie. By hand: no library for OAuth; `jose` verifies the ID token.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { FormBrowser } from "./form_browser.mjs";
import { expect, same, scene } from "./scene.mjs";

const discovered = await (await fetch(`${scene.issuer}/.well-known/openid-configuration`)).json();
same(discovered.issuer, scene.issuer, "the document is the issuer's");
const keys = createRemoteJWKSet(new URL(discovered.jwks_uri));
const callback = `${scene.app}/oauth2/callback`;

// The app's own sessions, and the sign-ins that are under way: both in a cookie that only the app can write.
const cookieKey = randomBytes(32);
const mac = (text) => createHmac("sha256", cookieKey).update(text).digest("base64url");
const sealed = (value) => {
  const text = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${text}.${mac(text)}`;
};
const opened = (cookie) => {
  const [text, tag] = (cookie ?? "").split(".");
  const right = tag && timingSafeEqual(createHash("sha256").update(tag).digest(), createHash("sha256").update(mac(text)).digest());
  return right ? JSON.parse(Buffer.from(text, "base64url")) : null;
};
const cookies = (request) => Object.fromEntries((request.headers.cookie ?? "").split("; ").map((pair) => pair.split("=")));
const set = (name, value) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax${value ? "" : "; Max-Age=0"}`;
const random = () => randomBytes(32).toString("base64url");

function begin(response, target) {
  const [state, nonce, verifier] = [random(), random(), random()];
  const url = new URL(discovered.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: scene.clientId, response_type: "code", scope: "openid email", redirect_uri: callback, state, nonce,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  });
  response.setHeader("set-cookie", set("under_way", sealed({ state, nonce, verifier, target })));
  response.writeHead(302, { location: url.href }).end();
}

async function finish(request, response, query) {
  const begun = opened(cookies(request).under_way);
  if (!begun || query.get("state") !== begun.state) return response.writeHead(403).end("not begun here");
  if (query.has("error")) return response.writeHead(401).end(query.get("error"));
  const answer = await fetch(discovered.token_endpoint, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${scene.clientId}:${scene.secret}`)}` },
    body: new URLSearchParams({
      grant_type: "authorization_code", code: query.get("code"), redirect_uri: callback, code_verifier: begun.verifier,
    }),
  });
  const tokens = await answer.json();
  if (!answer.ok) return response.writeHead(401).end(tokens.error);
  const { payload } = await jwtVerify(tokens.id_token, keys, { issuer: scene.issuer, audience: scene.clientId });
  if (payload.nonce !== begun.nonce) return response.writeHead(403).end("another nonce");
  const session = sealed({ email: payload.email, sub: payload.sub });
  response.setHeader("set-cookie", [set("app_session", session), set("under_way", "")]);
  return response.writeHead(302, { location: begun.target }).end();
}

const app = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, scene.app);
  if (pathname === "/oauth2/callback") return finish(request, response, searchParams);
  if (pathname === "/signed_out") return response.end("good-bye");
  if (pathname === "/sign_out") {
    const url = `${discovered.end_session_endpoint}?${new URLSearchParams({ client_id: scene.clientId, logout_uri: `${scene.app}/signed_out` })}`;
    return response.writeHead(302, { location: url, "set-cookie": set("app_session", "") }).end();
  }
  const session = opened(cookies(request).app_session);
  return session ? response.end(`${pathname} of ${session.email}`) : begin(response, pathname);
});
await new Promise((listening) => app.listen(scene.appPort, "127.0.0.1", listening));

try {
  const browser = new FormBrowser();
  await browser.signIn(`${scene.app}/reports`, scene.username, scene.password);
  same(browser.html, `/reports of ${scene.email}`, "where the person wanted to go");
  await browser.visit(`${scene.app}/other`);
  same(browser.html, `/other of ${scene.email}`, "the app's own session lasts");

  // A second browser of another person: an answer that was begun elsewhere, an altered state, a code that was used.
  const begun = new FormBrowser(callback);
  const back = await begun.signIn(`${scene.app}/reports`, scene.username, scene.password);
  const elsewhere = new FormBrowser();
  await elsewhere.visit(back);
  same(elsewhere.status, 403, "an answer that this browser did not ask for");
  begun.apps = [];
  const altered = new URL(back);
  altered.searchParams.set("state", random());
  await begun.visit(altered);
  same(begun.status, 403, "an altered state");
  const before = new Map(begun.cookies.get("localhost"));
  await begun.visit(back);
  same(begun.html, `/reports of ${scene.email}`, "the answer as it came");
  begun.cookies.set("localhost", before);
  await begun.visit(back);
  same(`${begun.status} ${begun.html}`, "401 invalid_grant", "a code that comes again");

  await browser.visit(`${scene.app}/sign_out`);
  same(browser.html, "good-bye", "out, by way of the pages");
  await browser.visit(`${scene.app}/reports`);
  expect(browser.url.pathname === "/login", `asked again; seen ${browser.url}`);
} finally {
  app.close();
  app.closeAllConnections();
}
