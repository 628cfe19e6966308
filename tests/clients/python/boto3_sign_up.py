"""boto3 signs somebody up: refusals first, then the code, the sign-in, another address, a reset, and the end of the account."""

from scene import cognito, expect, expect_error, outbox

api = cognito()
pool_id = api.create_user_pool(
    PoolName="sign-up",
    AutoVerifiedAttributes=["email"],
    Policies={"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}},
    UserAttributeUpdateSettings={"AttributesRequireVerificationBeforeUpdate": ["email"]},
)["UserPool"]["Id"]
client_id = api.create_user_pool_client(
    UserPoolId=pool_id, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
)["UserPoolClient"]["ClientId"]
of_bea = dict(ClientId=client_id, Username="bea")


def newest_code(address):
    """The code of the newest message to an address."""
    return [message["code"] for message in outbox() if message["destination"] == address][-1]


def sign_in(password):
    """The access token of a sign-in."""
    parameters = {"USERNAME": "bea", "PASSWORD": password}
    answer = api.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    return answer["AuthenticationResult"]["AccessToken"]


# Somebody signs up.
attributes = [{"Name": "email", "Value": "bea@example.com"}]
expect_error(
    "InvalidPasswordException",
    "Password did not conform with policy: Password not long enough",
    api.sign_up,
    **of_bea,
    Password="short",
    UserAttributes=attributes,
)
made = api.sign_up(**of_bea, Password="Correct-horse-1", UserAttributes=attributes)
expect(not made["UserConfirmed"] and made["UserSub"], "an unconfirmed user with a sub")
expect(made["CodeDeliveryDetails"]["Destination"] == "b***@e***", "a masked address")
expect_error(
    "UsernameExistsException", "User already exists", api.sign_up, **of_bea, Password="Correct-horse-1"
)

# The code comes, once more, and confirms.
first = newest_code("bea@example.com")
again = api.resend_confirmation_code(**of_bea)
expect(again["CodeDeliveryDetails"]["AttributeName"] == "email", "where the second code went")
wrong = "000000" if newest_code("bea@example.com") != "000000" else "000001"
expect_error(
    "CodeMismatchException",
    "Invalid verification code provided, please try again.",
    api.confirm_sign_up,
    **of_bea,
    ConfirmationCode=wrong,
)
api.confirm_sign_up(**of_bea, ConfirmationCode=newest_code("bea@example.com"))
expect_error(
    "NotAuthorizedException",
    "User cannot be confirmed. Current status is CONFIRMED",
    api.confirm_sign_up,
    **of_bea,
    ConfirmationCode=first,
)

# Another address, which counts once it is verified.
token = sign_in("Correct-horse-1")
sent = api.update_user_attributes(
    AccessToken=token, UserAttributes=[{"Name": "email", "Value": "new@example.com"}]
)["CodeDeliveryDetailsList"]
expect([details["Destination"] for details in sent] == ["n***@e***"], "a code to the new address")


def address():
    """The address as the user sees it."""
    shown = {a["Name"]: a["Value"] for a in api.get_user(AccessToken=token)["UserAttributes"]}
    return shown["email"], shown["email_verified"]


expect(address() == ("bea@example.com", "true"), "the old address stands")
api.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
api.verify_user_attribute(AccessToken=token, AttributeName="email", Code=newest_code("new@example.com"))
expect(address() == ("new@example.com", "true"), "the new address counts")

# An administrator resets the password; the one before does not come back.
api.admin_reset_user_password(UserPoolId=pool_id, Username="bea")
expect_error(
    "PasswordResetRequiredException",
    "Password reset required for the user",
    api.initiate_auth,
    ClientId=client_id,
    AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": "bea", "PASSWORD": "Correct-horse-1"},
)
code = newest_code("new@example.com")
expect_error(
    "PasswordHistoryPolicyViolationException",
    "Password has previously been used",
    api.confirm_forgot_password,
    **of_bea,
    ConfirmationCode=code,
    Password="Correct-horse-1",
)
api.confirm_forgot_password(**of_bea, ConfirmationCode=code, Password="Another-horse-2")
token = sign_in("Another-horse-2")

# The account ends.
api.delete_user_attributes(AccessToken=token, UserAttributeNames=["email"])
api.delete_user(AccessToken=token)
expect_error(
    "UserNotFoundException", "User does not exist.", api.admin_get_user, UserPoolId=pool_id, Username="bea"
)
