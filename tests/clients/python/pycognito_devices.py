"""pycognito sets an authenticator app up, and proves a device in place of its code. It brings no session to the device's challenges.

Its own `confirm_device` calls amazonaws.com whatever the endpoint is; what it would send goes by boto3 instead.
"""

import json

from pycognito import Cognito
from pycognito.aws_srp import AWSSRP, generate_hash_device
from pycognito.exceptions import SoftwareTokenMFAChallengeException
from scene import ENDPOINT, REGION, SCENE, authenticator_codes, cognito, expect, expect_error

api = cognito()
client_id = SCENE["clientId"]
of_ann = dict(username="ann", password=SCENE["password"], pool_id=SCENE["userPoolId"], client_id=client_id, client=api)


def confirm(result):
    """Confirms the new device of a sign-in; gives what AWSSRP wants of it."""
    new = result["NewDeviceMetadata"]
    password, verifier = generate_hash_device(new["DeviceGroupKey"], new["DeviceKey"])
    confirmed = api.confirm_device(
        AccessToken=result["AccessToken"],
        DeviceKey=new["DeviceKey"],
        DeviceName="laptop",
        DeviceSecretVerifierConfig=verifier,
    )
    expect(confirmed["UserConfirmationNecessary"] is False, "every device is remembered")
    return dict(device_key=new["DeviceKey"], device_group_key=new["DeviceGroupKey"], device_password=password)


user = Cognito(
    SCENE["userPoolId"],
    client_id,
    user_pool_region=REGION,
    username="ann",
    access_key="test",
    secret_key="test",
    boto3_client_kwargs={"endpoint_url": ENDPOINT},
)
user.authenticate(password=SCENE["password"])
codes = authenticator_codes(user.associate_software_token())
expect(user.verify_software_token(next(codes), "my phone"), "the app is registered")
user.set_user_mfa_preference(False, True, "SOFTWARE_TOKEN")

# The code, as long as the device is not known.
try:
    AWSSRP(**of_ann).authenticate_user()
except SoftwareTokenMFAChallengeException as asked:
    session = asked.get_tokens()["Session"]
else:
    raise SystemExit("not as expected: the password was enough")
answer = dict(USERNAME="ann", SOFTWARE_TOKEN_MFA_CODE=next(codes))
given = api.respond_to_auth_challenge(
    ClientId=client_id, ChallengeName="SOFTWARE_TOKEN_MFA", ChallengeResponses=answer, Session=session
)["AuthenticationResult"]
device = confirm(given)

# From then on the device.
for _ in range(2):
    result = AWSSRP(**of_ann, **device).authenticate_user()["AuthenticationResult"]
    expect("NewDeviceMetadata" not in result, "the device is known")
    shown = api.get_device(AccessToken=result["AccessToken"], DeviceKey=device["device_key"])["Device"]
    expect(shown["DeviceLastAuthenticatedDate"], "when it was last seen")

expect_error(
    "NotAuthorizedException",
    "Incorrect username or password.",
    AWSSRP(**of_ann, **{**device, "device_password": "another"}).authenticate_user,
)

# A refresh has to name it.
refresh = dict(ClientId=client_id, AuthFlow="REFRESH_TOKEN_AUTH")
named = {"REFRESH_TOKEN": result["RefreshToken"], "DEVICE_KEY": device["device_key"]}
expect("AccessToken" in api.initiate_auth(**refresh, AuthParameters=named)["AuthenticationResult"], "a refresh")
del named["DEVICE_KEY"]
expect_error("NotAuthorizedException", "Invalid Refresh Token", api.initiate_auth, **refresh, AuthParameters=named)

# Forgotten, its key is none.
api.forget_device(AccessToken=result["AccessToken"], DeviceKey=device["device_key"])
expect_error("ResourceNotFoundException", "Device does not exist.", AWSSRP(**of_ann, **device).authenticate_user)
print(json.dumps({"passed": "pycognito"}))
