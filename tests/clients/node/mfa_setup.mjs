// amazon-cognito-identity-js and Amplify v6 where the pool insists on a second factor: an authenticator app is set up in the middle of
// the first sign-in.
import { auth, confirmSignIn, signIn as amplifySignIn } from "./amplify_auth.mjs";
import { signIn, told } from "./identity_js_user.mjs";
import { authenticatorApp, expect, same, scene } from "./scene.mjs";

const { password } = scene;

let { user, told: how, given } = await signIn("ann", password);
same(how, "mfaSetup", "what is asked of somebody without a second factor");
({ given } = await told((callbacks) => user.associateSoftwareToken(callbacks)));
const anns = authenticatorApp(given[0]);
const verify = (code) => told((callbacks) => user.verifySoftwareToken(code, "my phone", callbacks));
const wrong = await verify(anns.wrongCode).catch((error) => error.code);
same(wrong, "EnableSoftwareTokenMFAException", "a wrong first code");
({ given } = await verify(anns.nextCode()));
expect(given[0].isValid(), "tokens with the first code");
user.signOut();
({ user, told: how } = await signIn("ann", password));
same(how, "totpRequired", "the next sign-in");
({ given } = await told((callbacks) => user.sendMFACode(anns.nextCode(), callbacks, "SOFTWARE_TOKEN_MFA")));
expect(given[0].isValid(), "tokens with the second code");

const { nextStep } = await auth.signIn({ username: "bea", password });
same(nextStep.signInStep, "CONTINUE_SIGN_IN_WITH_TOTP_SETUP", "what is asked of somebody without a second factor");
const beas = authenticatorApp(nextStep.totpSetupDetails.sharedSecret);
same(await confirmSignIn(beas.wrongCode), "EnableSoftwareTokenMFAException", "a wrong first code");
same(await confirmSignIn(beas.nextCode()), "DONE", "the first code");
await auth.signOut();
same(await amplifySignIn("bea", password), "CONFIRM_SIGN_IN_WITH_TOTP_CODE", "the next sign-in");
same(await confirmSignIn(beas.nextCode()), "DONE", "the second code");
