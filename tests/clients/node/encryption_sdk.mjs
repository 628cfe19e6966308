// The AWS Encryption SDK, as a custom sender has it: opens a code with the pool's key, and with no other.
import { randomBytes } from "node:crypto";
import { buildClient, CommitmentPolicy, RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/client-node";
import { expect, scene } from "./scene.mjs";

const keyring = (key, keyName = scene.keyName) =>
  new RawAesKeyringNode({
    keyNamespace: scene.keyNamespace,
    keyName,
    // The SDK insists on memory that nothing else shares.
    unencryptedMasterKey: new Uint8Array(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
const key = Buffer.from(scene.key, "base64");
const code = Buffer.from(scene.code, "base64");

// The policy of AWS's sample, and the SDK's own, which insists on key commitment.
for (const policy of [CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT]) {
  const { plaintext, messageHeader } = await buildClient(policy).decrypt(keyring(key), code);
  expect(plaintext.toString() === scene.plaintext, "the code itself");
  expect(messageHeader.encryptionContext["userpool-id"] === scene.userPoolId, "the pool in the encryption context");
}

const { decrypt } = buildClient();
const altered = Buffer.from(code);
altered[altered.length - 1] ^= 1;
for (const [what, ring, message] of [
  ["another key", keyring(randomBytes(32)), code],
  ["another key's name", keyring(key, "other"), code],
  ["an altered message", keyring(key), altered],
]) {
  const refused = await decrypt(ring, message).catch((error) => error);
  expect(refused instanceof Error, `${what} is refused`);
}
