// A passkey is made and used in a real browser, on a page whose origin is not the pool's.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";
import { expect, scene } from "./scene.mjs";

const html = readFileSync(scene.page);
const site = createServer((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(html));
await new Promise((listening) => site.listen(0, "127.0.0.1", listening));
const address = `http://localhost:${site.address().port}/`;

const browser = await chromium.launch({
  executablePath: scene.chromium,
  // The sandbox of Chromium refuses to run as root.
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
try {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const authenticator = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...authenticator, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.goto(address + "?" + new URLSearchParams({ endpoint: scene.endpoint, clientId: scene.clientId }));

  const made = await page.evaluate((token) => window.register(token), scene.accessToken);
  expect(made.type === "public-key", "a credential");
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.length === 1 && credentials[0].isResidentCredential, "one discoverable credential");
  expect(credentials[0].rpId === "localhost", "of this relying party");

  const again = await page.evaluate(
    (token) => window.register(token).then(() => "a passkey", (error) => error.name),
    scene.accessToken,
  );
  expect(again === "InvalidStateError", `the authenticator has one already: ${again}`);

  for (let n = 0; n < 2; n++) {
    const signedIn = await page.evaluate((username) => window.signIn(username), scene.username);
    const claims = JSON.parse(Buffer.from(signedIn.tokens.AccessToken.split(".")[1], "base64url"));
    expect(claims.username === scene.username, "tokens of the user");
    expect(signedIn.again.includes("session can only be used once"), `an answer counts once: ${signedIn.again}`);
  }

  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  const unverified = await page.evaluate(
    (username) => window.signIn(username).then(() => "tokens", (error) => error.name),
    scene.username,
  );
  expect(unverified === "NotAllowedError", `nobody is verified: ${unverified}`);
} finally {
  await browser.close();
  site.close();
}
