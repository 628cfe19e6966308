// A person at a browser, and what is held against every page that they see.
import { createHmac } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { expect, scene } from "./scene.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(scene.screenshots, { recursive: true });

export const browser = await chromium.launch({
  executablePath: scene.chromium,
  // The sandbox of Chromium refuses to run as root.
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

// The app that people come from: it says what came back to it.
const app = createServer((request, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end("<!DOCTYPE html><title>app</title>the app");
});
await new Promise((listening) => app.listen(scene.appPort, "127.0.0.1", listening));

export async function close() {
  await browser.close();
  app.close();
}

/** Who walks: language, width, whether scripts run, light or dark. */
export class Person {
  constructor(way) {
    Object.assign(this, way);
    this.name = [way.lang, way.width < 600 ? "phone" : "desktop", way.scheme, way.script ? "script" : "plain"].join("-");
    this.words = scene.words[way.lang];
  }

  /** A browser that knows nothing yet. */
  async begin(more = {}) {
    this.context = await browser.newContext({
      locale: this.lang === "ja" ? "ja-JP" : "en-US",
      viewport: { width: this.width, height: this.width < 600 ? 700 : 820 },
      deviceScaleFactor: 1,
      colorScheme: this.scheme,
      javaScriptEnabled: this.script,
      ...more,
    });
    this.context.setDefaultTimeout(30000);
    this.page = await this.context.newPage();
    this.complaints = [];
    this.page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    this.page.on("pageerror", (error) => this.complaints.push(String(error)));
    return this;
  }

  async end() {
    // A page that refuses answers 400, which the console tells; what it must not tell is anything else.
    const others = this.complaints.filter((text) => !/status of 4\d\d/.test(text));
    expect(others.length === 0, `${this.name}: the console says ${others.join("; ")}`);
    await this.context.close();
  }

  /** Comes from the app. */
  async arrive(client, path = "/oauth2/authorize") {
    const query = new URLSearchParams({
      client_id: client, response_type: "code", scope: "openid", state: "a b&c", redirect_uri: scene.redirectUri,
    });
    await this.page.goto(`${scene.endpoint}${path}?${query}`);
  }

  /** Looks at the page: a picture, and what a checker and a narrow screen say of it. */
  async look(what) {
    const { page } = this;
    expect((await page.locator("h1").count()) === 1, `${what}: one heading`);
    expect((await page.locator("html").getAttribute("lang")) === this.lang, `${what}: its language`);
    await page.screenshot({ path: `${scene.screenshots}/${what}-${this.name}.png`, fullPage: true });
    if (!this.script) return;
    const overflow = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    expect(overflow <= 0, `${what}, ${this.name}: ${overflow} pixels too wide`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    const told = found.violations.map((one) => `${one.id} (${one.impact}): ${one.nodes.map((node) => node.html).join(" ")}`);
    expect(told.length === 0, `${what}, ${this.name}: ${told.join("\n")}`);
    const small = await page.evaluate(() => [...document.querySelectorAll("button, input:not([type=hidden]), .primary")]
      .filter((one) => one.offsetParent && !one.matches(".link, .reveal, [type=radio]") && one.getBoundingClientRect().height < 44)
      .map((one) => one.outerHTML));
    expect(small.length === 0, `${what}: too small to touch: ${small}`);
  }

  fill(selector, text) {
    return this.page.fill(selector, text);
  }

  /** Sends the form whose button says this. */
  async press(text) {
    await this.page.getByRole("button", { name: text, exact: true }).click();
    await this.page.waitForLoadState();
  }

  async follow(text) {
    await this.page.getByRole("link", { name: text, exact: true }).click();
    await this.page.waitForLoadState();
  }

  async sees(text, where = "body") {
    const shown = await this.page.locator(where).innerText();
    expect(shown.includes(text), `${this.name}: no “${text}” in “${shown}”`);
  }

  /** Is back at the app, with a code and the app's own state. */
  async isBack(what) {
    const url = new URL(this.page.url());
    expect(url.href.startsWith(scene.redirectUri), `${what}, ${this.name}: not back but at ${url.pathname}`);
    expect(url.searchParams.get("state") === "a b&c", `${what}: the state`);
    expect(url.searchParams.get("code"), `${what}: a code`);
  }
}

/** The newest code that went to an address or number. */
export async function codeFor(destination) {
  const messages = await (await fetch(`${scene.endpoint}/_rehome/outbox`)).json();
  const found = messages.filter((message) => message.destination === destination).pop();
  expect(found, `a message to ${destination}`);
  return found.code;
}

/** What an authenticator app shows, some steps of half a minute from the server's now. */
export function totp(secret, steps = 0) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(scene.now / 30) + steps));
  const digest = createHmac("sha1", key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1000000).padStart(6, "0");
}
