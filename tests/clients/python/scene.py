"""What the test has set up, as the environment tells it, and what all scripts need."""

import base64
import hmac
import json
import os
import time
import urllib.request

import boto3
from botocore.config import Config

SCENE = json.loads(os.environ["REHOME_SCENE"])
ENDPOINT = SCENE["endpoint"]
REGION = SCENE["region"]


def cognito():
    """A boto3 client with nothing changed but the address."""
    return boto3.client(
        "cognito-idp",
        endpoint_url=ENDPOINT,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )


def outbox():
    """The messages that the server has sent, newest last."""
    with urllib.request.urlopen(f"{ENDPOINT}/_rehome/outbox") as answer:
        return json.load(answer)


def expect(condition, what):
    """Ends the script with `what` unless `condition` holds."""
    if not condition:
        raise SystemExit(f"not as expected: {what}")


def expect_error(code, message, call, **arguments):
    """The call fails with this error and this message, to the letter."""
    try:
        call(**arguments)
    except boto3.client("cognito-idp", region_name=REGION).exceptions.ClientError as error:
        seen = error.response["Error"]
        expect((seen["Code"], seen["Message"]) == (code, message), f"{code}: {message}; seen {seen}")
        return error.response
    raise SystemExit(f"not as expected: the call succeeded where {code} was due")


def authenticator_codes(secret):
    """What an authenticator app shows, one code after the other, since each counts once. Three of them count within half a
    minute; where the scene names a moment, the server's clock stands at it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = 0
    while True:
        step = max(step + 1, int(SCENE.get("now") or time.time()) // 30 - 1)
        digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
        number = int.from_bytes(digest[digest[19] & 15 :][:4], "big") & 0x7FFFFFFF
        yield f"{number % 1_000_000:06}"
