// A company's own look, set by AWS's SDK and shown by a browser: both modes of managed login, and a classic style.
import {
  CognitoIdentityProviderClient,
  CreateManagedLoginBrandingCommand,
  DescribeManagedLoginBrandingByClientCommand,
  GetUICustomizationCommand,
  SetUICustomizationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { browser, close, Person } from "./pages_browser.mjs";
import { expect, same, scene } from "./scene.mjs";

const cognito = new CognitoIdentityProviderClient({
  endpoint: scene.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});
const UserPoolId = scene.userPoolId;

const logo = (leaf, ink) => `<svg xmlns="http://www.w3.org/2000/svg" width="210" height="48" viewBox="0 0 210 48">
<path fill="${leaf}" d="M4 40C4 18 20 6 42 6c0 22-14 36-32 36 2-10 9-18 20-24C18 22 9 30 8 42z"/>
<text x="54" y="34" font-family="Liberation Sans, sans-serif" font-size="30" font-weight="700" fill="${ink}">Fernhill</text></svg>`;
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="22" fill="#17694a"/></svg>`;
const bytes = (text) => new TextEncoder().encode(text);

// The branding editor's document, with what a company would set in it.
const both = (light, dark) => ({ lightMode: light, darkMode: dark });
const Settings = {
  categories: { global: { colorSchemeMode: "DYNAMIC" } },
  components: {
    pageBackground: both({ color: "eef3efff" }, { color: "0d1512ff" }),
    form: { borderRadius: 20, ...both(
      { backgroundColor: "ffffffff", borderColor: "d8e3dcff" },
      { backgroundColor: "15201bff", borderColor: "26352eff" },
    ) },
    pageText: both(
      { headingColor: "12291fff", bodyColor: "12291fff", descriptionColor: "4c6257ff" },
      { headingColor: "e8f2ecff", bodyColor: "e8f2ecff", descriptionColor: "a6b9afff" },
    ),
    primaryButton: both(
      { defaults: { backgroundColor: "17694aff", textColor: "ffffffff" }, hover: { backgroundColor: "0f5138ff" } },
      { defaults: { backgroundColor: "7fd6b0ff", textColor: "06251aff" }, hover: { backgroundColor: "9fe3c5ff" } },
    ),
  },
  componentClasses: {
    buttons: { borderRadius: 24 },
    link: both({ defaults: { textColor: "17694aff" } }, { defaults: { textColor: "8fdcbaff" } }),
    input: both(
      { defaults: { backgroundColor: "ffffffff", borderColor: "7c8f85ff" } },
      { defaults: { backgroundColor: "0f1814ff", borderColor: "6f857aff" } },
    ),
  },
};
const asset = (Category, ColorMode, text) => ({ Category, ColorMode, Extension: "SVG", Bytes: bytes(text) });
const style = {
  UserPoolId,
  ClientId: scene.client,
  Settings,
  Assets: [
    asset("FORM_LOGO", "LIGHT", logo("#17694a", "#12291f")),
    asset("FORM_LOGO", "DARK", logo("#7fd6b0", "#e8f2ec")),
    asset("FAVICON_SVG", "DYNAMIC", icon),
  ],
};
const { ManagedLoginBranding: made } = await cognito.send(new CreateManagedLoginBrandingCommand(style));
const described = await cognito.send(
  new DescribeManagedLoginBrandingByClientCommand({ UserPoolId, ClientId: scene.client }),
);
same(described.ManagedLoginBranding.ManagedLoginBrandingId, made.ManagedLoginBrandingId, "the style of the app client");
same(JSON.stringify(described.ManagedLoginBranding.Settings), JSON.stringify(made.Settings), "its settings");
same(described.ManagedLoginBranding.Assets.length, 3, "its pictures");

/** A picture of the logo, as a company has one in its drawer. */
async function png() {
  const page = await browser.newPage({ viewport: { width: 210, height: 48 } });
  await page.setContent(`<body style="margin:0">${logo("#b3261e", "#3b0a08")}</body>`);
  const picture = await page.screenshot({ omitBackground: true });
  await page.close();
  return picture;
}

// Cognito's template, with a company's colours in it.
const CSS = `
/* Fernhill */
.logo-customizable { max-width: 60%; max-height: 30%; }
.banner-customizable { padding: 25px 0px 25px 0px; background-color: #fdf3f2; }
.label-customizable { font-weight: 400; }
.textDescription-customizable { padding-top: 10px; padding-bottom: 10px; display: block; font-size: 16px; }
.submitButton-customizable { font-size: 14px; font-weight: bold; margin: 20px 0px 10px 0px; height: 50px; width: 100%; color: #fff; background-color: #b3261e; }
.submitButton-customizable:hover { color: #fff; background-color: #8c1d18; }
.errorMessage-customizable { padding: 5px; font-size: 14px; width: 100%; background: #f5f5f5; border: 2px solid #b3261e; color: #b3261e; }
.inputField-customizable { width: 100%; height: 50px; color: #333; background-color: #fff; border: 1px solid #767676; }
.inputField-customizable:focus { border-color: #b3261e; outline: 0; }
.redirect-customizable { text-align: center; }
.passwordCheck-notValid-customizable { color: #b3261e; }
.passwordCheck-valid-customizable { color: #156b2e; }
.background-customizable { background-color: #fff; }
`;
const classic = { UserPoolId, ClientId: scene.strictClient, CSS, ImageFile: await png() };
await cognito.send(new SetUICustomizationCommand(classic));
const { UICustomization: set } = await cognito.send(
  new GetUICustomizationCommand({ UserPoolId, ClientId: scene.strictClient }),
);
same(set.CSS, CSS, "the style as it was given");
same((await fetch(set.ImageUrl)).headers.get("content-type"), "image/png", "the logo at the address that the API tells");

const computed = (person, selector, property) =>
  person.page.locator(selector).evaluate((one, name) => getComputedStyle(one)[name], property);

try {
  for (const way of scene.ways) {
    const person = await new Person(way).begin();
    const { words } = person;
    const inLight = way.scheme === "light";
    await person.arrive(scene.client);
    await person.look("branded-sign-in");
    const button = inLight ? "rgb(23, 105, 74)" : "rgb(127, 214, 176)";
    same(await computed(person, ".primary", "backgroundColor"), button, `${person.name}: the button`);
    same(await computed(person, ".card", "borderTopLeftRadius"), way.width < 600 ? "0px" : "20px", "the card's corners");
    const shown = await person.page.locator("img.logo").evaluate((one) => [one.currentSrc, one.naturalWidth]);
    expect(shown[1] === 210 && shown[0].endsWith(".svg"), `the logo is shown: ${shown}`);
    await person.follow(words.sign_up_link);
    await person.look("branded-sign-up");
    await person.page.goto(`${scene.endpoint}/signedout?client_id=${scene.client}`);
    await person.look("branded-signed-out");

    await person.arrive(scene.strictClient);
    await person.look("classic-sign-in");
    same(await computed(person, ".primary", "backgroundColor"), "rgb(179, 38, 30)", "the classic style's button");
    same(await computed(person, "#signInFormUsername", "borderTopColor"), "rgb(118, 118, 118)", "its fields");
    same(await computed(person, "body", "backgroundColor"), way.width < 600 ? "rgb(255, 255, 255)" : "rgb(244, 245, 247)", "one set of colours is a light one");
    await person.fill("#signInFormUsername", "nobody");
    await person.fill("#signInFormPassword", "Wrong-horse-1");
    await person.press(words.sign_in_button);
    await person.look("classic-sign-in-refused");
    await person.end();
  }
} finally {
  await close();
}
