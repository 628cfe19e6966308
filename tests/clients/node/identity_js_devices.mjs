// amazon-cognito-identity-js, an authenticator app and a device that is remembered.
import { pool, promised, signIn, told, userOf } from "./identity_js_user.mjs";
import { authenticatorApp, expect, same, scene } from "./scene.mjs";

const { password } = scene;

/** Sets an authenticator app up for a user who is signed in. */
async function setUpApp(user) {
  const { given } = await told((callbacks) => user.associateSoftwareToken(callbacks));
  const app = authenticatorApp(given[0]);
  await told((callbacks) => user.verifySoftwareToken(app.nextCode(), "my phone", callbacks));
  const preferred = { PreferredMfa: true, Enabled: true };
  same(await promised((done) => user.setUserMfaPreference(null, preferred, done)), "SUCCESS", "the app is on");
  return app;
}

const sendCode = (user, app) =>
  told((callbacks) => user.sendMFACode(app.nextCode(), callbacks, "SOFTWARE_TOKEN_MFA"));
const remember = (user) => told((callbacks) => user.setDeviceStatusRemembered(callbacks));

// The app is set up; the device of that sign-in is forgotten, so that the next one comes from a new device.
let { user, told: how, given } = await signIn("ann", password);
same(how, "onSuccess", "a sign-in without a second factor");
same(given[1], true, "the user is to be asked whether to remember the device");
const app = await setUpApp(user);
await told((callbacks) => user.forgetDevice(callbacks));
same(user.deviceKey, null, "the client has forgotten the device, too");
user.signOut();

({ user, told: how } = await signIn("ann", password));
same(how, "totpRequired", "a sign-in from an unknown device");
const wrong = await told((callbacks) => user.sendMFACode(app.wrongCode, callbacks, "SOFTWARE_TOKEN_MFA")).catch((e) => e);
same(wrong.code, "CodeMismatchException", "a wrong code");
({ told: how, given } = await sendCode(user, app));
same(given[1], true, "the device was confirmed, and may be remembered");
same((await remember(user)).given[0], "SUCCESS", "the device is remembered");
user.signOut();

// From the remembered device the password is enough, for the user.
({ user, told: how, given } = await signIn("ann", password));
same(how, "onSuccess", "a sign-in from the remembered device");
const session = given[0];
expect(session.isValid(), "tokens by the device's proof");
same(session.getAccessToken().payload.device_key, user.deviceKey, "the device that the tokens name");

const shown = (await told((callbacks) => user.getDevice(callbacks))).given[0].Device;
same(shown.DeviceKey, user.deviceKey, "the device that is shown");
const listed = (await told((callbacks) => user.listDevices(10, null, callbacks))).given[0];
same(listed.Devices.length, 1, "devices");

// A refresh names the device; another one gets none.
const refreshed = await promised((done) => user.refreshSession(session.getRefreshToken(), done));
expect(refreshed.isValid(), "a refresh");
const { deviceKey } = user;
const atAnother = userOf("ann");
const storage = pool.storage;
const at = `CognitoIdentityServiceProvider.${pool.getClientId()}.ann.deviceKey`;
storage.removeItem(at);
const refused = await promised((done) => atAnother.refreshSession(session.getRefreshToken(), done)).catch((e) => e);
same(refused.message, "Invalid Refresh Token", "a refresh that names no device");
storage.setItem(at, deviceKey);

// Signed out everywhere, the device is remembered all the same.
({ user } = await signIn("ann", password));
same((await told((callbacks) => user.globalSignOut(callbacks))).given[0], "SUCCESS", "signed out everywhere");
({ user, told: how } = await signIn("ann", password));
same(how, "onSuccess", "the device is remembered after that");

// A key that the pool has forgotten and the client has not: the client tries again without it.
await told((callbacks) => user.forgetSpecificDevice(user.deviceKey, callbacks));
({ user, told: how } = await signIn("ann", password));
same(how, "totpRequired", "a sign-in from the forgotten device");
same(user.deviceKey, null, "the client has dropped the key");

// Somebody whose device is older than the app is asked for a code once more; then the device follows the code.
({ user } = await signIn("bea", password));
await remember(user);
const beas = await setUpApp(user);
user.signOut();
({ user, told: how } = await signIn("bea", password));
same(how, "totpRequired", "a remembered device that has never given a code");
({ told: how, given } = await sendCode(user, beas));
same(how, "onSuccess", "the device's proof after the code");
expect(given[0].isValid(), "tokens by both");
({ told: how } = await signIn("bea", password));
same(how, "onSuccess", "now the device is enough");
