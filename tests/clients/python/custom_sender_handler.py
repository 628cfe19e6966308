"""A custom sender of the kind that AWS's guide prints, with a key at hand in the place of one in AWS KMS.

Run by awslambdaric. It decrypts the code with the AWS Encryption SDK, says what it would send to the test at POST_OFFICE,
and, as AWS's sample, returns nothing.
"""

import base64
import json
import os
import urllib.request

from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider


class LocalKey(RawMasterKeyProvider):
    provider_id = "rehome"

    def _get_raw_key(self, key_id):
        with open(os.environ["KEY_FILE"], encoding="ascii") as file:
            key = base64.b64decode(file.read())
        return WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=key,
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )


client = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
keys = LocalKey()
keys.add_master_key(os.environ["KEY_ID"])


def lambda_handler(event, context):
    code, header = client.decrypt(source=base64.b64decode(event["request"]["code"]), key_provider=keys)
    attribute = "email" if event["triggerSource"].startswith("CustomEmailSender_") else "phone_number"
    letter = {
        "source": event["triggerSource"],
        "to": event["request"]["userAttributes"][attribute],
        "code": code.decode(),
        "context": header.encryption_context,
    }
    request = urllib.request.Request(
        os.environ["POST_OFFICE"],
        data=json.dumps(letter).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request).close()
