// A browser without JavaScript, as far as a sign-in needs one: it keeps cookies, follows where it is sent, fills forms in.
import { expect } from "./scene.mjs";

const references = { "&#60;": "<", "&#62;": ">", "&#34;": '"', "&#39;": "'", "&#38;": "&" };
const plain = (html) => html.replace(/&#\d+;/g, (reference) => references[reference] ?? reference);
const attribute = (tag, name) => plain(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "");

export class FormBrowser {
  /** Begins at nothing; places whose address begins with one of `apps` are only looked at, never fetched. */
  constructor(...apps) {
    this.apps = apps;
    this.cookies = new Map();
  }

  /** Goes to an address and wherever it leads; gives the app's address that it ends at, or `null` at a page. */
  async visit(url, options = {}) {
    for (let hops = 0; hops < 10; hops += 1) {
      this.url = new URL(url, this.url);
      if (this.apps.some((app) => this.url.href.startsWith(app))) return this.url;
      const answer = await fetch(this.url, { ...options, headers: this.headers(options.headers), redirect: "manual" });
      this.keep(answer);
      this.status = answer.status;
      this.html = await answer.text();
      if (![302, 303].includes(answer.status)) return null;
      url = answer.headers.get("location");
      options = {};
    }
    throw new Error(`sent in a circle at ${this.url}`);
  }

  /** Cookies go to the host that set them, whatever its port, as in a browser. */
  headers(more) {
    const jar = [...(this.cookies.get(this.url.hostname) ?? [])];
    return { ...more, ...(jar.length > 0 && { cookie: jar.map(([name, value]) => `${name}=${value}`).join("; ") }) };
  }

  keep(answer) {
    const jar = this.cookies.get(this.url.hostname) ?? new Map();
    this.cookies.set(this.url.hostname, jar);
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
  }

  /** Fills the page's form of this name in, with what the page itself put into it, and sends it. */
  async submit(name, fields) {
    const form = new RegExp(`<form name="${name}"[^]*?</form>`).exec(this.html)?.[0];
    expect(form, `a form ${name} at ${this.url} (${this.status})`);
    const hidden = [...form.matchAll(/<input type="hidden"[^>]*>/g)].map(([tag]) => [attribute(tag, "name"), attribute(tag, "value")]);
    const body = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields });
    const headers = { origin: this.url.origin, "content-type": "application/x-www-form-urlencoded" };
    return this.visit(attribute(form, "action"), { method: "POST", headers, body: body.toString() });
  }

  /** Goes to an address of `/oauth2/authorize` and signs in on the page that it leads to; ends at the app. */
  async signIn(url, username, password) {
    expect((await this.visit(url)) === null && this.url.pathname === "/login", `the sign-in page; seen ${this.url}`);
    return this.submit("cognitoSignInForm", { username, password });
  }
}
