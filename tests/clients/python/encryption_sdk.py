"""The AWS Encryption SDK, as a custom sender has it: opens a code with the pool's key, and with no other."""

import base64
import json
import os

from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.exceptions import AWSEncryptionSDKClientError
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider

SCENE = json.loads(os.environ["REHOME_SCENE"])


class LocalKey(RawMasterKeyProvider):
    """A key that is at hand, in the place of one in AWS KMS."""

    provider_id = SCENE["keyNamespace"]
    key = base64.b64decode(SCENE["key"])

    def _get_raw_key(self, key_id):
        return WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=self.key,
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )


class OtherKey(LocalKey):
    """A key of the same name."""

    key = os.urandom(32)


def provider(kind, key_id):
    keys = kind()
    keys.add_master_key(key_id)
    return keys


code = base64.b64decode(SCENE["code"])
for policy in [CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT]:
    client = EncryptionSDKClient(commitment_policy=policy)
    plaintext, header = client.decrypt(source=code, key_provider=provider(LocalKey, SCENE["keyName"]))
    if plaintext.decode() != SCENE["plaintext"]:
        raise SystemExit("not as expected: the code itself")
    if header.encryption_context != {"userpool-id": SCENE["userPoolId"]}:
        raise SystemExit("not as expected: the pool in the encryption context")

altered = code[:-1] + bytes([code[-1] ^ 1])
for what, kind, message in [("another key", OtherKey, code), ("an altered message", LocalKey, altered)]:
    try:
        EncryptionSDKClient().decrypt(source=message, key_provider=provider(kind, SCENE["keyName"]))
    except Exception as error:
        if not isinstance(error, AWSEncryptionSDKClientError) and "InvalidTag" not in repr(error):
            raise
    else:
        raise SystemExit(f"not as expected: {what} is accepted")
