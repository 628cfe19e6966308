"""boto3 makes a pool, an app client and users, signs in by every password flow, and reads what it made."""

import base64
import hashlib
import hmac

from scene import cognito, expect, expect_error, outbox

api = cognito()

# A pool and two app clients, one with a secret.
pool = api.create_user_pool(
    PoolName="boto3",
    Schema=[{"Name": "tier", "AttributeDataType": "String", "Mutable": True}],
    AutoVerifiedAttributes=["email"],
)["UserPool"]
pool_id = pool["Id"]
expect(pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 8, "Cognito's default policy")
expect("identities" not in [a["Name"] for a in pool["SchemaAttributes"]], "identities is not in CreateUserPool")
described = api.describe_user_pool(UserPoolId=pool_id)["UserPool"]
expect("identities" in [a["Name"] for a in described["SchemaAttributes"]], "identities is in DescribeUserPool")
flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
public = api.create_user_pool_client(UserPoolId=pool_id, ClientName="public", ExplicitAuthFlows=flows)["UserPoolClient"]
secret = api.create_user_pool_client(
    UserPoolId=pool_id, ClientName="secret", ExplicitAuthFlows=flows, GenerateSecret=True
)["UserPoolClient"]
expect("ClientSecret" not in public and len(secret["ClientSecret"]) >= 50, "a secret only where it was asked for")
names = [c["ClientName"] for c in api.list_user_pool_clients(UserPoolId=pool_id, MaxResults=10)["UserPoolClients"]]
expect(sorted(names) == ["public", "secret"], "both app clients are listed")

# A user with a temporary password chooses one.
made = api.admin_create_user(
    UserPoolId=pool_id,
    Username="ada",
    TemporaryPassword="Temp0rary!",
    MessageAction="SUPPRESS",
    UserAttributes=[
        {"Name": "email", "Value": "ada@example.com"},
        {"Name": "email_verified", "Value": "true"},
        {"Name": "custom:tier", "Value": "gold"},
    ],
)["User"]
expect(made["UserStatus"] == "FORCE_CHANGE_PASSWORD", "a new user has to choose a password")
challenge = api.initiate_auth(
    ClientId=public["ClientId"],
    AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": "ada", "PASSWORD": "Temp0rary!"},
)
expect(challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED", "the challenge for a new password")
weak = dict(
    ClientId=public["ClientId"],
    ChallengeName="NEW_PASSWORD_REQUIRED",
    Session=challenge["Session"],
    ChallengeResponses={"USERNAME": "ada", "NEW_PASSWORD": "weak"},
)
expect_error(
    "InvalidPasswordException",
    "Password does not conform to policy: Password not long enough",
    api.respond_to_auth_challenge,
    **weak,
)
strong = dict(weak, ChallengeResponses={"USERNAME": "ada", "NEW_PASSWORD": "Lovelace1!"})
tokens = api.respond_to_auth_challenge(**strong)["AuthenticationResult"]
expect(tokens["TokenType"] == "Bearer" and tokens["ExpiresIn"] == 3600, "tokens for an hour")
expect_error(
    "NotAuthorizedException",
    "Invalid session for the user, session can only be used once.",
    api.respond_to_auth_challenge,
    **strong,
)

# The user's own operations.
me = api.get_user(AccessToken=tokens["AccessToken"])
attributes = {a["Name"]: a["Value"] for a in me["UserAttributes"]}
expect(attributes["custom:tier"] == "gold" and me["Username"] == "ada", "GetUser shows the profile")
expect([a["Name"] for a in me["UserAttributes"]][-1] == "sub", "sub is listed last")
expect_error(
    "NotAuthorizedException",
    "Incorrect username or password.",
    api.change_password,
    AccessToken=tokens["AccessToken"],
    PreviousPassword="wrong",
    ProposedPassword="Whatever1!",
)
api.change_password(AccessToken=tokens["AccessToken"], PreviousPassword="Lovelace1!", ProposedPassword="Lovelace2!")

# A client with a secret, the admin flow, and a refresh.
digest = hmac.new(secret["ClientSecret"].encode(), ("ada" + secret["ClientId"]).encode(), hashlib.sha256).digest()
secret_hash = base64.b64encode(digest).decode()
signed_in = api.admin_initiate_auth(
    UserPoolId=pool_id,
    ClientId=secret["ClientId"],
    AuthFlow="ADMIN_USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": "ada", "PASSWORD": "Lovelace2!", "SECRET_HASH": secret_hash},
)["AuthenticationResult"]
refreshed = api.initiate_auth(
    ClientId=secret["ClientId"],
    AuthFlow="REFRESH_TOKEN_AUTH",
    AuthParameters={"REFRESH_TOKEN": signed_in["RefreshToken"], "SECRET_HASH": secret_hash},
)["AuthenticationResult"]
expect("RefreshToken" not in refreshed and refreshed["AccessToken"], "a refresh gives no refresh token")
expect_error(
    "NotAuthorizedException",
    f"Client {secret['ClientId']} is configured with secret but SECRET_HASH was not received",
    api.initiate_auth,
    ClientId=secret["ClientId"],
    AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": "ada", "PASSWORD": "Lovelace2!"},
)

# A forgotten password.
delivery = api.forgot_password(ClientId=public["ClientId"], Username="ada")["CodeDeliveryDetails"]
expect(delivery == {"Destination": "a***@e***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}, delivery)
code = [m for m in outbox() if m["username"] == "ada" and m["userPoolId"] == pool_id][-1]["code"]
wrong = "000000" if code != "000000" else "111111"
confirm = dict(ClientId=public["ClientId"], Username="ada", Password="Lovelace3!")
expect_error(
    "CodeMismatchException",
    "Invalid verification code provided, please try again.",
    api.confirm_forgot_password,
    ConfirmationCode=wrong,
    **confirm,
)
api.confirm_forgot_password(ConfirmationCode=code, **confirm)
expect_error(
    "ExpiredCodeException",
    "Invalid code provided, please request a code again.",
    api.confirm_forgot_password,
    ConfirmationCode=code,
    **confirm,
)

# Disabling ends every token for good.
api.admin_disable_user(UserPoolId=pool_id, Username="ada")
expect_error("NotAuthorizedException", "User is disabled.", api.get_user, AccessToken=tokens["AccessToken"])
api.admin_enable_user(UserPoolId=pool_id, Username="ada")
expect_error(
    "NotAuthorizedException", "Access Token has been revoked", api.get_user, AccessToken=tokens["AccessToken"]
)

# Listing, filter and pages.
for n in range(5):
    api.admin_create_user(
        UserPoolId=pool_id,
        Username=f"user-{n}",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": f"user-{n}@example.org"}],
    )
found = api.list_users(UserPoolId=pool_id, Filter='email ^= "user-"', Limit=2)
seen = [u["Username"] for u in found["Users"]]
while "PaginationToken" in found:
    found = api.list_users(
        UserPoolId=pool_id, Filter='email ^= "user-"', Limit=2, PaginationToken=found["PaginationToken"]
    )
    seen += [u["Username"] for u in found["Users"]]
expect(sorted(seen) == [f"user-{n}" for n in range(5)], f"every user once: {seen}")

# Attributes, and the end of it all.
api.admin_update_user_attributes(
    UserPoolId=pool_id, Username="ada", UserAttributes=[{"Name": "email", "Value": "ada@example.net"}]
)
seen = {a["Name"]: a["Value"] for a in api.admin_get_user(UserPoolId=pool_id, Username="ada")["UserAttributes"]}
expect(seen["email_verified"] == "false", "a new address is not a verified one")
api.admin_delete_user_attributes(UserPoolId=pool_id, Username="ada", UserAttributeNames=["custom:tier"])
api.admin_delete_user(UserPoolId=pool_id, Username="ada")
expect_error(
    "UserNotFoundException", "User does not exist.", api.admin_get_user, UserPoolId=pool_id, Username="ada"
)
api.delete_user_pool_client(UserPoolId=pool_id, ClientId=public["ClientId"])
api.delete_user_pool(UserPoolId=pool_id)
expect_error(
    "ResourceNotFoundException",
    f"User pool {pool_id} does not exist.",
    api.describe_user_pool,
    UserPoolId=pool_id,
)
