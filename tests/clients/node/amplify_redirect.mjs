// Amplify's signInWithRedirect in Chromium: from the app to the pages, where somebody of the old pool moves in, back with tokens,
// and out again. Codes, PKCE, tokens and the refresh are Amplify's own work.
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { expect, same, scene } from "./scene.mjs";

const { outputFiles } = await build({
  entryPoints: [join(dirname(fileURLToPath(import.meta.url)), "amplify_app.mjs")],
  bundle: true,
  format: "esm",
  platform: "browser",
  preserveSymlinks: true,
  write: false,
  define: { global: "globalThis" },
});
const script = `window.scene = ${JSON.stringify(scene)};\n${outputFiles[0].text}`;
const html = `<!DOCTYPE html><html lang="en"><title>app</title><link rel="icon" href="data:,">
<button id="in">In</button><button id="out">Out</button><button id="newer">Newer</button><pre id="told"></pre><pre id="state"></pre>
<script type="module" src="/app.js"></script></html>`;
const app = createServer((request, response) => {
  const [type, body] = request.url === "/app.js" ? ["text/javascript", script] : ["text/html", html];
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
});
await new Promise((listening) => app.listen(scene.appPort, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: scene.chromium,
  // The sandbox of Chromium refuses to run as root.
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});
const context = await browser.newContext({ ignoreHTTPSErrors: true });
context.setDefaultTimeout(20000);
const page = await context.newPage();
const complaints = [];
page.on("pageerror", (error) => complaints.push(String(error)));

/** What the app tells once it knows. */
async function told() {
  await page.waitForFunction(() => document.getElementById("told")?.textContent);
  return JSON.parse(await page.locator("#told").innerText());
}

async function signIn(password) {
  await page.fill("#signInFormUsername", scene.username);
  await page.fill("#signInFormPassword", password);
  await page.click("[name=signInSubmitButton]");
}

try {
  await page.goto(scene.app);
  same((await told()).signedIn, false, "nobody is signed in at first");
  await page.click("#in");
  await page.waitForURL(`${scene.endpoint}/login*`);
  const query = new URL(page.url()).searchParams;
  same(query.get("code_challenge_method"), "S256", "Amplify sends a challenge");
  await signIn("Wrong-Password-1");
  await page.locator("[role=alert]").waitFor();
  await signIn(scene.password);
  await page.waitForURL(`${scene.app}*`);
  const first = await told();
  same(first.failure, undefined, "the way back");
  same(first.token?.email, scene.username, "the e-mail address in the ID token");
  same(first.token.aud, scene.clientId, "for this app client");
  expect(first.token.scope.includes("aws.cognito.signin.user.admin"), `the scopes; seen ${first.token.scope}`);
  same(first.attributes["custom:plan"], "gold", "what came along from the old pool, by GetUser");
  same(first.user.userId, first.attributes.sub, "the current user");
  same(await page.locator("#state").innerText(), "where I was", "the app's own state came back");

  // The tokens outlive the page, and can be renewed.
  await page.goto(scene.app);
  same((await told()).token.email, scene.username, "still signed in after a reload");
  await page.evaluate(() => (document.getElementById("told").textContent = ""));
  await page.click("#newer");
  same((await told()).token.email, scene.username, "signed in with renewed tokens");

  // Out: the tokens, and the session of the pages.
  const left = page.waitForRequest((request) => request.url().startsWith(`${scene.endpoint}/logout`));
  await page.click("#out");
  same(new URL((await left).url()).searchParams.get("logout_uri"), scene.app, "the way out is by /logout");
  await page.waitForURL(scene.app);
  await page.waitForLoadState();
  same((await told()).signedIn, false, "signed out");
  await page.click("#in");
  await page.waitForURL(`${scene.endpoint}/login*`);
  expect(await page.locator("#signInFormPassword").isVisible(), "the pages ask again");
  same(complaints.join(), "", "the browser complains of nothing");
} finally {
  await browser.close();
  app.close();
}
