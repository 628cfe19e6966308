"""Makes the rows of a release, which all later ones have to read: starts its `rehome` on an empty file, uses all that leaves a record,
and writes the file as SQL, and beside it (JSON) what the release gave out and what it answered.

    cargo xtask test -- --test upgrade          # builds the last release into .tools, if it is not there
    .tools/python/bin/python crates/rehome/tests/upgrade/rows/make.py .tools/last-release/rehome crates/rehome/tests/upgrade/rows

Made once, when a release becomes the last one. Everything in it is made up for it, the master key too.
"""

import atexit
import base64
import hmac
import json
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from pycognito.aws_srp import generate_hash_device

REHOME, OUT = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
VERSION = subprocess.run([REHOME, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
POOL, CLIENT, PASSWORD = "us-east-1_Rows00001", "rowsclient", "Right-Password-1"
PUBLIC_URL = "https://rows.example.com"
KEY = base64.b64encode(b"a master key of no other server!").decode()
# A PNG of one pixel.
LOGO = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
POOLS = f"""
[[user_pools]]
id = "{POOL}"
name = "rows"
alias_attributes = ["email"]
case_sensitive = false
custom_attributes = ["plan", {{ name = "visits", type = "Number", minimum = "0" }}]
mfa_configuration = "OPTIONAL"
device_configuration = {{ challenge_required_on_new_device = true }}
web_authn = {{ relying_party_id = "example.com" }}
[[user_pools.app_clients]]
id = "{CLIENT}"
explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
[[user_pools.app_clients]]
id = "hiding"
secret = "aSecretOfAnAppClientThatHides"
explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH"]
prevent_user_existence_errors = "ENABLED"
[[user_pools.users]]
username = "sms"
password = "{PASSWORD}"
sms_mfa = true
attributes = {{ phone_number = "+12065550105", phone_number_verified = true }}
[[user_pools.users]]
username = "temporary"
password = "{PASSWORD}"
status = "FORCE_CHANGE_PASSWORD"
[[user_pools.users]]
username = "reset"
status = "RESET_REQUIRED"
[[user_pools.users]]
username = "disabled"
password = "{PASSWORD}"
enabled = false
"""

home = tempfile.TemporaryDirectory()
(Path(home.name) / "master.key").write_text(KEY)
(Path(home.name) / "master.key").chmod(0o600)
(Path(home.name) / "pools.toml").write_text(POOLS)
# A gateway where nobody listens, so that a message waits in the queue.
(Path(home.name) / "couriers.toml").write_text('[sms]\nurl = "http://127.0.0.1:9/"\njson = { to = "{to}" }\n')


log = (Path(home.name) / "log").open("w")


def start(*more):
    arguments = ["serve", "--listen", "127.0.0.1:0", "--data", "data", "--master-key-file", "master.key"]
    arguments += ["--pools", "pools.toml", "--issuer", "aws", "--public-url", PUBLIC_URL, *more]
    server = subprocess.Popen([REHOME, *arguments], cwd=home.name, stdout=subprocess.PIPE, stderr=log, text=True)
    atexit.register(server.kill)
    return server, next(word for word in server.stdout.readline().split() if word.startswith("http://127.0.0.1"))


def stop(server):
    server.send_signal(signal.SIGTERM)
    if server.wait() != 0:
        raise SystemExit("rehome did not end as it should")


def post(operation, fails=None, **body):
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
    }
    signed = AWSRequest("POST", f"{url}/", headers, json.dumps(body).encode())
    SigV4Auth(Credentials("test", "test"), "cognito-idp", "us-east-1").add_auth(signed)
    request = urllib.request.Request(signed.url, signed.data, dict(signed.headers))
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        seen = json.load(error)
        if fails is None or fails not in seen["__type"]:
            raise SystemExit(f"{operation}: {seen}") from error
        return seen


def newest_code(destination):
    with urllib.request.urlopen(f"{url}/_rehome/outbox") as answer:
        return [message["code"] for message in json.load(answer) if message["destination"] == destination][-1]


def sign_in(username, fails=None, password=PASSWORD, client=CLIENT):
    parameters = {"USERNAME": username, "PASSWORD": password}
    if client == "hiding":
        digest = hmac.digest(b"aSecretOfAnAppClientThatHides", (username + client).encode(), "sha256")
        parameters["SECRET_HASH"] = base64.b64encode(digest).decode()
    return post("InitiateAuth", fails, AuthFlow="USER_PASSWORD_AUTH", ClientId=client, AuthParameters=parameters)


def totp(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), "sha1")
    number = int.from_bytes(digest[digest[19] & 15 :][:4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def sign_up(username):
    attributes = [{"Name": "email", "Value": f"{username}@example.com"}, {"Name": "custom:plan", "Value": "gold"}]
    post("SignUp", ClientId=CLIENT, Username=username, Password=PASSWORD, UserAttributes=attributes)
    return newest_code(f"{username}@example.com")


def confirm_device(tokens):
    key = tokens["NewDeviceMetadata"]["DeviceKey"]
    _, verifier = generate_hash_device(tokens["NewDeviceMetadata"]["DeviceGroupKey"], key)
    access_token = tokens["AccessToken"]
    post("ConfirmDevice", AccessToken=access_token, DeviceKey=key, DeviceName="laptop", DeviceSecretVerifierConfig=verifier)
    return key


server, url = start()
of_pool = dict(UserPoolId=POOL)

# The settings of the pool and of an app client.
post(
    "UpdateUserPool",
    **of_pool,
    Policies={"PasswordPolicy": {"MinimumLength": 10, "RequireNumbers": True, "PasswordHistorySize": 3}},
    MfaConfiguration="OPTIONAL",
    AutoVerifiedAttributes=["email"],
    DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    AdminCreateUserConfig={"InviteMessageTemplate": {"EmailMessage": "{username} {####}", "EmailSubject": "come"}},
    VerificationMessageTemplate={"EmailMessage": "your code: {####}", "EmailSubject": "code"},
    AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
    UserPoolTags={"team": "rows"},
)
post("SetUserPoolMfaConfig", **of_pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True})
post("CreateResourceServer", **of_pool, Identifier="notes", Name="notes", Scopes=[{"ScopeName": "read", "ScopeDescription": "reading"}])
post("CreateUserPoolDomain", **of_pool, Domain="rows")
post(
    "UpdateUserPoolClient",
    **of_pool,
    ClientId=CLIENT,
    ClientName="web",
    ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    AccessTokenValidity=20,
    TokenValidityUnits={"AccessToken": "minutes"},
    AllowedOAuthFlows=["code"],
    AllowedOAuthFlowsUserPoolClient=True,
    AllowedOAuthScopes=["openid", "notes/read"],
    CallbackURLs=["https://example.com/back"],
    SupportedIdentityProviders=["COGNITO"],
)
rotating = post(
    "CreateUserPoolClient",
    **of_pool,
    ClientName="rotating",
    ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
    RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
)["UserPoolClient"]["ClientId"]
post("SetUICustomization", **of_pool, ClientId=CLIENT, CSS=".label-customizable { color: red }", ImageFile=LOGO)
style = post(
    "CreateManagedLoginBranding",
    **of_pool,
    ClientId=CLIENT,
    Settings={"components": {"form": {"borderRadius": 8}}},
    Assets=[{"Category": "FORM_LOGO", "ColorMode": "LIGHT", "Extension": "PNG", "Bytes": LOGO}],
)["ManagedLoginBranding"]["ManagedLoginBrandingId"]
for number, name in enumerate(["readers", "writers"]):
    post("CreateGroup", **of_pool, GroupName=name, Precedence=number, RoleArn=f"arn:aws:iam::000000000000:role/{name}")

# Somebody who has done everything.
post("ConfirmSignUp", ClientId=CLIENT, Username="ann", ConfirmationCode=sign_up("ann"))
for name in ["readers", "writers"]:
    post("AdminAddUserToGroup", **of_pool, Username="ann", GroupName=name)
tokens = sign_in("ann")["AuthenticationResult"]
access = dict(AccessToken=tokens["AccessToken"])
device = confirm_device(tokens)
post("UpdateDeviceStatus", **access, DeviceKey=device, DeviceRememberedStatus="remembered")
post("ChangePassword", **access, PreviousPassword=PASSWORD, ProposedPassword="Another-Password-2")
post("UpdateUserAttributes", **access, UserAttributes=[{"Name": "email", "Value": "ann@new.example.com"}])
verification = newest_code("ann@new.example.com")
secret = post("AssociateSoftwareToken", **access)["SecretCode"]
step = int(time.time()) // 30
post("VerifySoftwareToken", **access, UserCode=totp(secret, step), FriendlyDeviceName="phone")

# An app that is preferred, with a wrong code and a wrong password of late.
post("ConfirmSignUp", ClientId=CLIENT, Username="tom", ConfirmationCode=sign_up("tom"))
toms = dict(AccessToken=sign_in("tom")["AuthenticationResult"]["AccessToken"])
toms_secret = post("AssociateSoftwareToken", **toms)["SecretCode"]
step = int(time.time()) // 30
post("VerifySoftwareToken", **toms, UserCode=totp(toms_secret, step))
post("SetUserMFAPreference", **toms, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True})
asked = sign_in("tom")
wrong = dict(USERNAME="tom", SOFTWARE_TOKEN_MFA_CODE=totp(toms_secret, step - 9))
answer = dict(ClientId=CLIENT, ChallengeName=asked["ChallengeName"], Session=asked["Session"], ChallengeResponses=wrong)
post("RespondToAuthChallenge", "CodeMismatch", **answer)
sign_in("tom", "NotAuthorized", "Wrong-Password-1")

# Codes that were not used: of a sign-up, of a forgotten password.
confirmation = sign_up("una")
post("ConfirmSignUp", ClientId=CLIENT, Username="fay", ConfirmationCode=sign_up("fay"))
post("ForgotPassword", ClientId=CLIENT, Username="fay")
reset = newest_code("fay@example.com")

# What became of sign-ins: tokens that rotate, tokens that were revoked, and all tokens of somebody.
post("ConfirmSignUp", ClientId=CLIENT, Username="rob", ConfirmationCode=sign_up("rob"))
first = sign_in("rob", client=rotating)["AuthenticationResult"]
used, robs_device = first["RefreshToken"], confirm_device(first)
given = post("GetTokensFromRefreshToken", ClientId=rotating, RefreshToken=used, DeviceKey=robs_device)
rotated = given["AuthenticationResult"]["RefreshToken"]
revoked = sign_in("rob")["AuthenticationResult"]
post("RevokeToken", ClientId=CLIENT, Token=revoked["RefreshToken"])
post("ConfirmSignUp", ClientId=CLIENT, Username="out", ConfirmationCode=sign_up("out"))
out = sign_in("out")["AuthenticationResult"]
post("GlobalSignOut", AccessToken=out["AccessToken"])

# Nobody, where the app client does not tell so; sessions and pages that are to go on; a pair of keys to come.
sign_in("nobody", "NotAuthorized", client="hiding")
temporary = sign_in("temporary")["Session"]
page = post("ListUsers", **of_pool, Limit=3)
subprocess.run(
    [REHOME, "keys", "rotate", "--data", "data", "--master-key-file", "master.key", "--user-pool-id", POOL],
    cwd=home.name,
    check=True,
    stdout=subprocess.DEVNULL,
)
shown = [
    (operation, body, post(operation, **body))
    for operation, body in [
        ("DescribeUserPool", of_pool),
        ("GetUserPoolMfaConfig", of_pool),
        ("DescribeUserPoolClient", {**of_pool, "ClientId": CLIENT}),
        ("DescribeUserPoolClient", {**of_pool, "ClientId": "hiding"}),
        ("DescribeUserPoolClient", {**of_pool, "ClientId": rotating}),
        ("ListUserPoolClients", {**of_pool, "MaxResults": 60}),
        ("ListResourceServers", {**of_pool, "MaxResults": 50}),
        ("DescribeUserPoolDomain", {"Domain": "rows"}),
        ("GetUICustomization", {**of_pool, "ClientId": CLIENT}),
        ("DescribeManagedLoginBranding", {**of_pool, "ManagedLoginBrandingId": style}),
        ("ListGroups", of_pool),
        ("ListUsers", of_pool),
        ("ListUsersInGroup", {**of_pool, "GroupName": "readers"}),
        *(("AdminGetUser", {**of_pool, "Username": user["Username"]}) for user in post("ListUsers", **of_pool)["Users"]),
        ("AdminListGroupsForUser", {**of_pool, "Username": "ann"}),
        ("AdminListDevices", {**of_pool, "Username": "ann"}),
        ("AdminGetUserAuthFactors", {**of_pool, "Username": "ann"}),
    ]
]
stop(server)

# A message that waits.
server, url = start("--couriers", "couriers.toml")
asked = sign_in("sms")
now = time.time()
stop(server)

(OUT / f"{VERSION}.json").write_text(
    json.dumps(
        {
            "at": int(now * 1000),
            "masterKey": KEY,
            "publicUrl": PUBLIC_URL,
            "userPoolId": POOL,
            "clientId": CLIENT,
            "rotatingClientId": rotating,
            "password": PASSWORD,
            "changedPassword": "Another-Password-2",
            "accessToken": tokens["AccessToken"],
            "refreshToken": tokens["RefreshToken"],
            "deviceKey": device,
            "verificationCode": verification,
            "confirmationCode": confirmation,
            "resetCode": reset,
            "totpSecret": toms_secret,
            "rotatingDeviceKey": robs_device,
            "usedRefreshToken": used,
            "rotatedRefreshToken": rotated,
            "revokedRefreshToken": revoked["RefreshToken"],
            "signedOutRefreshToken": out["RefreshToken"],
            "session": temporary,
            "pageToken": page["PaginationToken"],
            "firstPage": [user["Username"] for user in page["Users"]],
            "shown": shown,
        },
        indent=1,
    )
    + "\n"
)
with sqlite3.connect(Path(home.name) / "data/rehome.sqlite") as database:
    mark = database.execute("PRAGMA application_id").fetchone()[0]
    lines = [f"PRAGMA application_id = {mark};", "PRAGMA foreign_keys = OFF;", *database.iterdump()]
(OUT / f"{VERSION}.sql").write_text("\n".join(lines) + "\n")
