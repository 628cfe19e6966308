// Amplify v6, an authenticator app and a device that is remembered.
import { fetchAuthSession } from "@aws-amplify/core";
import { auth, confirmSignIn, signIn } from "./amplify_auth.mjs";
import { authenticatorApp, expect, same, scene } from "./scene.mjs";

const { password } = scene;
const byApp = "CONFIRM_SIGN_IN_WITH_TOTP_CODE";
const device = async () => (await fetchAuthSession()).tokens.accessToken.payload.device_key;

// An app is set up; the device of that sign-in is forgotten.
same(await signIn("ann", password), "DONE", "a sign-in without a second factor");
const { sharedSecret } = await auth.setUpTOTP();
const app = authenticatorApp(sharedSecret);
const wrong = await auth.verifyTOTPSetup({ code: app.wrongCode }).catch((error) => error.name);
same(wrong, "EnableSoftwareTokenMFAException", "a wrong first code");
await auth.verifyTOTPSetup({ code: app.nextCode() });
await auth.updateMFAPreference({ totp: "PREFERRED" });
const { enabled, preferred } = await auth.fetchMFAPreference();
same(`${enabled} ${preferred}`, "TOTP TOTP", "the app is on and preferred");
await auth.forgetDevice();
await auth.signOut();

// The next sign-in comes from a new device, which is remembered.
same(await signIn("ann", password), byApp, "a sign-in from an unknown device");
same(await confirmSignIn(app.wrongCode), "CodeMismatchException", "a wrong code");
same(await confirmSignIn(app.nextCode()), "DONE", "the code");
const first = await device();
await auth.rememberDevice();
const [listed, ...others] = await auth.fetchDevices();
same(listed.id, first, "the device that is listed");
expect(others.length === 0 && listed.name, `one device, with a name: ${listed.name}`);
same(listed.attributes["dev:device_remembered_status"], "remembered", "its status");
await auth.signOut();

// From there the password is enough, whichever way it goes.
for (const flow of ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"]) {
  same(await signIn("ann", password, flow), "DONE", `${flow} from the remembered device`);
  same(await device(), first, "the device that the tokens name");
  const before = (await fetchAuthSession()).tokens.accessToken.payload.jti;
  const { tokens } = await fetchAuthSession({ forceRefresh: true });
  expect(tokens.accessToken.payload.jti !== before, "a forced refresh gives other tokens");
  await auth.signOut({ global: flow === "USER_SRP_AUTH" });
}

// Forgotten, it is a device like any other.
same(await signIn("ann", password), "DONE", "once more from the remembered device");
await auth.forgetDevice();
same((await auth.fetchDevices()).length, 0, "devices after that");
await auth.signOut();
same(await signIn("ann", password), byApp, "a sign-in from the forgotten device");
