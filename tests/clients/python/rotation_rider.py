"""Applications on boto3 and pycognito that go on while the master key changes, in rounds. A line of standard input is a round: its
number, the addresses of the nodes, and of which rounds before the refresh tokens have ended by then. What earlier rounds have begun
is gone on with on whatever node. Prints a line when everything is set up, and one a round.
"""

import base64
import hmac
import json
import sys
import time
import urllib.request

import boto3
from botocore.config import Config
from pycognito.aws_srp import AWSSRP, generate_hash_device
from scene import ENDPOINT, REGION, SCENE, expect, expect_error

POOL, DEVICES, PASSWORD = SCENE["userPoolId"], SCENE["devicesPoolId"], SCENE["password"]
CLIENT, CONFIDENTIAL, OF_DEVICES = SCENE["clientId"], SCENE["confidentialClientId"], SCENE["devicesClientId"]
SECRET, ROUNDS = SCENE["clientSecret"], SCENE["rounds"]
SRP_A = "ab" * 384


def node(url):
    return boto3.client(
        "cognito-idp",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 0}),
    )


def code(secret, ahead):
    """What an authenticator app shows, or will show next."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int(time.time()) // 30 + ahead
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    number = int.from_bytes(digest[digest[19] & 15 :][:4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def make(api, name, password=PASSWORD, pool=POOL):
    email = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
    api.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=email)
    api.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)


def by_password(api, name):
    answer = dict(USERNAME=name, PASSWORD=PASSWORD)
    return api.initiate_auth(ClientId=CLIENT, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=answer)


def by_srp(api, name, password=PASSWORD, **more):
    srp = AWSSRP(**{"pool_id": POOL, "client_id": CLIENT, **more}, username=name, password=password, client=api)
    return srp.authenticate_user()["AuthenticationResult"]


def with_an_app(api, name):
    """A user whose second factor is an authenticator app; gives its secret."""
    make(api, name)
    token = by_password(api, name)["AuthenticationResult"]["AccessToken"]
    secret = api.associate_software_token(AccessToken=token)["SecretCode"]
    api.verify_software_token(AccessToken=token, UserCode=code(secret, 0))
    wanted = dict(Enabled=True, PreferredMfa=True)
    api.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=wanted)
    return secret


def with_a_device(api, name):
    """A user with a device that is remembered; gives what AWSSRP wants of it."""
    make(api, name, pool=DEVICES)
    result = by_srp(api, name, pool_id=DEVICES, client_id=OF_DEVICES)
    new = result["NewDeviceMetadata"]
    password, verifier = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
    given = dict(DeviceKey=new["DeviceKey"], DeviceSecretVerifierConfig=verifier)
    api.confirm_device(AccessToken=result["AccessToken"], **given)
    return dict(device_key=new["DeviceKey"], device_group_key=new["DeviceGroupKey"], device_password=password)


def told_of_nobody(api, name):
    """All that a client can see of a name that leads to nobody."""
    asked = api.initiate_auth(
        ClientId=CLIENT, AuthFlow="USER_SRP_AUTH", AuthParameters=dict(USERNAME=name, SRP_A=SRP_A)
    )["ChallengeParameters"]
    sent = api.forgot_password(ClientId=CLIENT, Username=name)["CodeDeliveryDetails"]
    return asked["SALT"], asked["USER_ID_FOR_SRP"], sent["Destination"]


def ask_for_a_code(url, name):
    node(url).forgot_password(ClientId=CLIENT, Username=name)
    with urllib.request.urlopen(f"{url}/_rehome/outbox") as answer:
        return [message["code"] for message in json.load(answer) if message["username"] == name][-1]


first = node(ENDPOINT)
first.set_user_pool_mfa_config(
    UserPoolId=POOL, SoftwareTokenMfaConfiguration=dict(Enabled=True), MfaConfiguration="OPTIONAL"
)
for name in ["ann", "changing"]:
    make(first, name)
for n in range(ROUNDS + 1):
    make(first, f"forgetful{n}")
apps = [with_an_app(first, f"careful{n}") for n in range(ROUNDS)]
device = with_a_device(first, "dev")
nobody = [told_of_nobody(first, f"nobody{n}") for n in range(ROUNDS)]
code_of_before = ask_for_a_code(ENDPOINT, "forgetful0")
refresh_tokens = {}
password = PASSWORD
print("set up", flush=True)

for line in sys.stdin:
    told = json.loads(line)
    n, urls = told["round"], told["nodes"]
    nodes = [node(url) for url in urls]
    here, there = nodes[n % len(nodes)], nodes[(n + 1) % len(nodes)]

    for api in nodes:
        result = by_srp(api, "ann")
        refresh_tokens.setdefault(n, []).append(result["RefreshToken"])
        by_srp(api, "ann", client_id=CONFIDENTIAL, client_secret=SECRET)
        by_srp(api, "dev", pool_id=DEVICES, client_id=OF_DEVICES, **device)
    for of_round, tokens in refresh_tokens.items():
        for token in tokens:
            for api in nodes:
                refresh = dict(ClientId=CLIENT, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=dict(REFRESH_TOKEN=token))
                if of_round in told["ended"]:
                    expect_error("NotAuthorizedException", "Invalid Refresh Token", api.initiate_auth, **refresh)
                else:
                    expect("AccessToken" in api.initiate_auth(**refresh)["AuthenticationResult"], "a refresh")

    # A sign-in that begins on one node and goes on on another.
    asked = by_password(here, f"careful{n}")
    answer = dict(USERNAME=f"careful{n}", SOFTWARE_TOKEN_MFA_CODE=code(apps[n], 1))
    given = there.respond_to_auth_challenge(
        ClientId=CLIENT, ChallengeName="SOFTWARE_TOKEN_MFA", ChallengeResponses=answer, Session=asked["Session"]
    )
    expect("AuthenticationResult" in given, "the app's code")

    # A code that the round before has asked for.
    name = f"forgetful{n}"
    there.confirm_forgot_password(
        ClientId=CLIENT, Username=name, ConfirmationCode=code_of_before, Password=f"Another-Password-{n}"
    )
    by_srp(here, name, f"Another-Password-{n}")
    code_of_before = ask_for_a_code(urls[n % len(urls)], f"forgetful{n + 1}")

    # A password that is changed meanwhile.
    for attempt in range(3):
        password = f"Changed-Password-{n}-{attempt}"
        here.admin_set_user_password(UserPoolId=POOL, Username="changing", Password=password, Permanent=True)
        by_srp(there, "changing", password)

    expect(told_of_nobody(there, f"nobody{n}") == nobody[n], "who is not there looks as before")
    print(f"round {n}", flush=True)
