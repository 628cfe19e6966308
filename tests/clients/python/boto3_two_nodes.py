"""boto3 against two nodes that are given its requests in turn: what one has begun the other ends, what one has given out the other
takes, and what one has ended is ended at the other.
"""

import jwt
from scene import SCENE, boto3, cognito, expect, expect_error, outbox

api = cognito()
PASSWORD, ANOTHER = SCENE["password"], "Another-horse-2"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"]

# What the one makes the other has.
pool_id = api.create_user_pool(PoolName=f"both-{SCENE['round']}", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]
of_pool = dict(UserPoolId=pool_id)


def app_client(name, **settings):
    return api.create_user_pool_client(**of_pool, ClientName=name, **settings)["UserPoolClient"]["ClientId"]


web = app_client("web", ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"], PreventUserExistenceErrors="LEGACY")
rotating = app_client(
    "rotating",
    ExplicitAuthFlows=FLOWS,
    RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0},
)


def sign_in(username, password, client_id=web, api=api):
    return api.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


def tokens(*arguments, **more):
    return sign_in(*arguments, **more)["AuthenticationResult"]


def refused(message, call, **arguments):
    """Both nodes refuse it."""
    for _ in range(2):
        expect_error("NotAuthorizedException", message, call, **arguments)


def newest_code(address):
    return [message["code"] for message in outbox() if message["destination"] == address and message["code"]][-1]


# A temporary password is given at the one and changed at the other.
names = [f"user{n}" for n in range(5)]
for name in names:
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}, {"Name": "email_verified", "Value": "true"}]
    api.admin_create_user(
        **of_pool, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS", UserAttributes=attributes
    )
    asked = sign_in(name, PASSWORD)
    expect(asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED", "a temporary password is changed")
    answer = dict(USERNAME=name, NEW_PASSWORD=ANOTHER)
    given = api.respond_to_auth_challenge(
        ClientId=web, ChallengeName=asked["ChallengeName"], Session=asked["Session"], ChallengeResponses=answer
    )
    expect("AccessToken" in given["AuthenticationResult"], "the new password ends the sign-in")

# A refresh token is good at both, and one that was exchanged at neither.
refresh = tokens("user0", ANOTHER)["RefreshToken"]
for _ in range(4):
    again = api.initiate_auth(
        ClientId=web, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={"REFRESH_TOKEN": refresh}
    )
    expect("AccessToken" in again["AuthenticationResult"], "a refresh")
refresh = tokens("user0", ANOTHER, rotating)["RefreshToken"]
for _ in range(5):
    used, given = refresh, api.get_tokens_from_refresh_token(ClientId=rotating, RefreshToken=refresh)
    refresh = given["AuthenticationResult"]["RefreshToken"]
    expect(refresh != used, "the token rotates")
try:
    api.get_tokens_from_refresh_token(ClientId=rotating, RefreshToken=used)
except api.exceptions.RefreshTokenReuseException:
    pass
else:
    raise SystemExit("not as expected: a token that was exchanged at one node was good at the other")

# A forgotten password, and a code that the other has sent.
for name in names[:2]:
    api.forgot_password(ClientId=web, Username=name)
    code = newest_code(f"{name}@example.com")
    api.confirm_forgot_password(ClientId=web, Username=name, ConfirmationCode=code, Password=PASSWORD)
    for _ in range(2):
        expect("AccessToken" in tokens(name, PASSWORD), "the new password at both")
    refused("Incorrect username or password.", sign_in, username=name, password=ANOTHER)
    expect_error(
        "ExpiredCodeException",
        "Invalid code provided, please request a code again.",
        api.confirm_forgot_password,
        ClientId=web,
        Username=name,
        ConfirmationCode=code,
        Password=PASSWORD,
    )

# Groups, in the tokens of both.
for name in ["writers", "readers", "editors"]:
    api.create_group(**of_pool, GroupName=name)
    for user in names:
        api.admin_add_user_to_group(**of_pool, GroupName=name, Username=user)
api.admin_remove_user_from_group(**of_pool, GroupName="writers", Username="user0")


def claims(token, key=None):
    return jwt.decode(token, key, algorithms=["RS256"], options={"verify_signature": key is not None, "verify_aud": False})


for _ in range(2):
    expect(sorted(claims(tokens("user0", PASSWORD)["IdToken"])["cognito:groups"]) == ["editors", "readers"], "groups")

# Pages, of which each begins where the other node's has ended.
for operation, member, more in [
    ("list_users", "Users", {}),
    ("list_users_in_group", "Users", {"GroupName": "readers"}),
    ("list_groups", "Groups", {}),
    ("admin_list_groups_for_user", "Groups", {"Username": "user1"}),
    ("list_user_pool_clients", "UserPoolClients", {}),
]:
    pages = api.get_paginator(operation).paginate(**of_pool, **more, PaginationConfig={"PageSize": 1})
    seen = [str(sorted(one.items(), key=lambda pair: pair[0])) for page in pages for one in page[member]]
    wanted = 5 if member == "Users" else 2 if member == "UserPoolClients" else 3
    expect(len(seen) == len(set(seen)) == wanted, f"{wanted} of {operation}; seen {seen}")

# Tokens of each hold with the keys of the other, and at the other.
nodes = [
    boto3.client(
        "cognito-idp",
        endpoint_url=url,
        region_name=SCENE["region"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for url in SCENE["nodes"]
]
for one, url, other in zip(nodes, reversed(SCENE["nodes"]), reversed(nodes)):
    given = tokens("user1", PASSWORD, api=one)
    keys = jwt.PyJWKClient(f"{url}/{pool_id}/.well-known/jwks.json")
    for use in ["IdToken", "AccessToken"]:
        expect(claims(given[use], keys.get_signing_key_from_jwt(given[use]))["sub"], "a token that holds")
    expect(other.get_user(AccessToken=given["AccessToken"])["Username"] == "user1", "who it is")

# What ends at the one has ended at the other, at once.
for _ in range(2):
    given = tokens("user2", ANOTHER)
    api.revoke_token(ClientId=web, Token=given["RefreshToken"])
    refused("Access Token has been revoked", api.get_user, AccessToken=given["AccessToken"])
    given = tokens("user2", ANOTHER)
    api.global_sign_out(AccessToken=given["AccessToken"])
    refused("Access Token has been revoked", api.get_user, AccessToken=given["AccessToken"])
api.admin_disable_user(**of_pool, Username="user3")
refused("User is disabled.", sign_in, username="user3", password=ANOTHER)

# People of the old pool move in: one at the first sign-in, one at a forgotten password. The old pool hops, too.
moving = SCENE["moving"]
for _ in range(2):
    given = tokens(moving["username"], PASSWORD, moving["clientId"])
    expect(claims(given["IdToken"])["custom:plan"] == "gold", "who has moved signs in at both")
forgetful = dict(ClientId=moving["clientId"], Username=moving["forgetful"])
api.forgot_password(**forgetful)
code = newest_code(moving["forgetful"])
api.confirm_forgot_password(**forgetful, ConfirmationCode=code, Password=ANOTHER)
for _ in range(2):
    expect("AccessToken" in tokens(moving["forgetful"], ANOTHER, moving["clientId"]), "the new password at both")
for name in [moving["username"], moving["forgetful"]]:
    api.admin_delete_user(UserPoolId=moving["userPoolId"], Username=name)
