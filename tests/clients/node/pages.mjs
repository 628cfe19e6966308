// Every page, walked as a person would: in both languages, on a phone and at a desk, with scripts and without.
import { close, codeFor, Person, totp } from "./pages_browser.mjs";
import { expect, scene } from "./scene.mjs";

const password = "Correct-horse-1";
const next = "Another-horse-2";

async function signIn(person, username, secret) {
  await person.fill("#signInFormUsername", username);
  await person.fill("#signInFormPassword", secret);
  await person.press(person.words.sign_in_button);
}

/** The password is wrong, then forgotten, then new. */
async function forgotten(person, { email }) {
  const { words } = person;
  await person.begin();
  await person.arrive(scene.client);
  await person.look("sign-in");
  await signIn(person, email, "Wrong-horse-1");
  await person.sees(words.incorrect, "[role=alert]");
  expect((await person.page.inputValue("#signInFormUsername")) === email, "what was typed is kept");
  expect((await person.page.inputValue("#signInFormPassword")) === "", "save the password");
  await person.look("sign-in-refused");
  await person.follow(words.forgot_password_link);
  await person.look("forgot-password");
  await person.fill("#username", email);
  await person.press(words.forgot_button);
  await person.look("reset-password");
  await person.fill("#code", "000000");
  await person.fill("#newPassword", "short");
  await person.fill("#newPasswordAgain", "short");
  await person.press(words.reset_button);
  await person.look("reset-password-refused");
  const code = await codeFor(email);
  await person.fill("#code", `${code.slice(0, 3)} ${code.slice(3)}`);
  await person.fill("#newPassword", next);
  await person.fill("#newPasswordAgain", password);
  await person.press(words.reset_button);
  await person.sees(words.passwords_differ, "[role=alert]");
  await person.fill("#code", code);
  await person.fill("#newPassword", next);
  if (person.script) {
    const ticked = await person.page.locator(".passwordCheck-valid-customizable").count();
    expect(ticked === 5, `the rules are ticked off: ${ticked}`);
    const button = person.page.getByRole("button", { name: words.show_password_label });
    await button.first().click();
    expect((await person.page.getAttribute("#newPassword", "type")) === "text", "the password is shown");
  }
  await person.fill("#newPasswordAgain", next);
  await person.press(words.reset_button);
  await person.sees(words.reset_done, "[role=status]");
  await person.look("sign-in-after-reset");
  // By keyboard alone.
  await person.page.focus("#signInFormUsername");
  await person.page.keyboard.press("Tab");
  await person.page.keyboard.type(next);
  await person.page.keyboard.press("Enter");
  if (person.script) {
    await person.page.waitForURL("**/passkeys/add*");
    await person.look("add-passkey");
    await person.press(words.add_passkey_later);
  }
  await person.page.waitForURL(`${scene.redirectUri}*`);
  await person.isBack("the new password");
  await person.arrive(scene.client);
  await person.isBack("single sign-on");
  await person.end();
}

/** Somebody new. */
async function newcomer(person, { newcomer: email }) {
  const { words } = person;
  await person.begin();
  await person.arrive(scene.client);
  await person.follow(words.sign_up_link);
  await person.look("sign-up");
  await person.fill("#signUpUsername", email);
  await person.fill("#attribute-given_name", "<b>Ann</b>");
  await person.fill("#newPassword", "short");
  await person.press(words.sign_up_button);
  await person.sees(words.password_refused, "[role=alert]");
  await person.look("sign-up-refused");
  await person.fill("#newPassword", password);
  await person.press(words.sign_up_button);
  await person.look("confirm");
  await person.fill("#code", "12");
  await person.press(words.confirm_button);
  await person.sees(words.wrong_code, "[role=alert]");
  await person.press(words.resend_button);
  await person.fill("#code", await codeFor(email));
  await person.press(words.confirm_button);
  await person.sees(words.confirmed, "[role=status]");
  await person.fill("#signInFormPassword", password);
  await person.press(words.sign_in_button);
  if (person.script) await person.press(words.add_passkey_later);
  await person.isBack("a newcomer");
  await person.end();
}

/** Who was invited chooses a password, and sets an authenticator app up. */
async function invited(person, { invited: email }) {
  const { words } = person;
  await person.begin();
  await person.arrive(scene.strictClient);
  await signIn(person, email, "Temporary-horse-1");
  await person.look("new-password");
  await person.fill("#newPassword", "short");
  await person.fill("#newPasswordAgain", "short");
  await person.press(words.new_password_button);
  await person.sees(words.password_refused, "[role=alert]");
  await person.fill("#newPassword", next);
  await person.fill("#newPasswordAgain", next);
  await person.press(words.new_password_button);
  await person.look("set-up-app");
  await person.page.locator("summary").click();
  await person.look("set-up-app-by-hand");
  const secret = (await person.page.locator("#secret").innerText()).replace(/\s/g, "");
  await person.fill("#code", "000000");
  await person.press(words.set_up_button);
  await person.sees(words.wrong_code, "[role=alert]");
  await person.look("set-up-app-refused");
  await person.page.locator("summary").click();
  const still = (await person.page.locator("#secret").innerText()).replace(/\s/g, "");
  expect(still === secret, "the secret that was scanned stays");
  await person.fill("#code", totp(secret));
  await person.press(words.set_up_button);
  await person.isBack("an authenticator app");
  await person.end();

  await person.begin();
  await person.arrive(scene.strictClient);
  await signIn(person, email, next);
  await person.look("code-of-app");
  await person.fill("#code", totp(secret));
  await person.press(words.continue_button);
  await person.sees(words.used_code, "[role=alert]");
  await person.fill("#code", totp(secret, 1));
  await person.press(words.continue_button);
  await person.isBack("its code");
  await person.end();
}

/** Who has two factors chooses one. */
async function chooser(person, { chooser: username, phone }) {
  const { words } = person;
  await person.begin();
  await person.arrive(scene.strictClient);
  await signIn(person, username, password);
  await person.look("choose-factor");
  await person.page.getByLabel(words.factor_sms).check();
  await person.press(words.continue_button);
  await person.look("code-by-sms");
  await person.fill("#code", "000000");
  await person.press(words.continue_button);
  await person.sees(words.wrong_code, "[role=alert]");
  await person.look("code-refused");
  await person.fill("#code", await codeFor(phone));
  await person.press(words.continue_button);
  await person.isBack("a code by SMS");
  await person.end();
}

/** A code in place of a password; and pages out of nowhere. */
async function others(person, { email }) {
  const { words } = person;
  await person.begin();
  await person.arrive(scene.client);
  await person.fill("#signInFormUsername", email);
  await person.press(words.email_code_button);
  await person.look("code-by-email");
  await person.fill("#code", await codeFor(email));
  await person.press(words.continue_button);
  if (person.script) await person.press(words.add_passkey_later);
  await person.isBack("a code by e-mail");
  await person.page.goto(`${scene.endpoint}/error?error=redirect_mismatch&client_id=${scene.client}`);
  await person.look("error");
  await person.page.goto(`${scene.endpoint}/signedout?client_id=${scene.client}`);
  await person.look("signed-out");
  await person.end();

  const other = person.lang === "en" ? "ja" : "en";
  await person.begin();
  await person.arrive(scene.client);
  await person.follow(scene.words[other].language_name);
  await person.sees(scene.words[other].sign_in_title, "h1");
  await person.context.clearCookies({ name: "XSRF-TOKEN" });
  await person.press(scene.words[other].sign_in_button).catch(() => {});
  await person.fill("#signInFormUsername", email);
  await person.fill("#signInFormPassword", next);
  await person.press(scene.words[other].sign_in_button);
  await person.sees(scene.words[other].error_expired_form_title, "h1");
  await person.end();
}

/** A passkey is offered, made, and used. */
async function passkey(person, { passkey: email }) {
  const { words } = person;
  await person.begin();
  const devtools = await person.context.newCDPSession(person.page);
  await devtools.send("WebAuthn.enable");
  const authenticator = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: { ...authenticator, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await person.arrive(scene.client);
  await signIn(person, email, password);
  await person.press(words.add_passkey_button);
  await person.page.waitForURL(`${scene.redirectUri}*`);
  await person.isBack("a new passkey");
  const { credentials } = await devtools.send("WebAuthn.getCredentials", { authenticatorId });
  expect(credentials.length === 1, "one passkey");

  await person.context.clearCookies();
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await person.arrive(scene.client);
  await person.fill("#signInFormUsername", email);
  await person.press(words.passkey_button);
  await person.page.locator("[data-passkey-failed]:visible").waitFor();
  await person.look("passkey-failed");
  await devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  await person.press(words.passkey_again);
  await person.page.waitForURL(`${scene.redirectUri}*`);
  await person.isBack("a sign-in by passkey");
  await person.end();
}

/** One person's whole walk. */
async function walk(way, whose) {
  const person = new Person(way);
  await forgotten(person, whose);
  await newcomer(person, whose);
  await invited(person, whose);
  await chooser(person, whose);
  await others(person, whose);
  if (way.script) await passkey(person, whose);
}

// Three walk at a time, since each mostly waits: for the server, for the browser, for a picture.
const waiting = scene.ways.map((way, n) => [way, scene.people[n]]);
async function walker() {
  for (let next = waiting.shift(); next; next = waiting.shift()) await walk(...next);
}
try {
  await Promise.all([walker(), walker(), walker()]);
} finally {
  await close();
}
