"""pycognito signs in by SRP, verifies both tokens against the keys it fetches from the issuer, refreshes, and changes
the password.
"""

import json

from pycognito import Cognito
from scene import ENDPOINT, REGION, SCENE, expect


def cognito():
    return Cognito(
        SCENE["userPoolId"],
        SCENE["clientId"],
        client_secret=SCENE.get("clientSecret"),
        user_pool_region=REGION,
        username=SCENE["username"],
        access_key="test",
        secret_key="test",
        boto3_client_kwargs={"endpoint_url": ENDPOINT},
    )


user = cognito()
user.authenticate(password=SCENE["password"])
expect(user.id_claims["email"] == SCENE["email"], "the ID token names the e-mail address")
expect(user.access_claims["token_use"] == "access", "the access token is one")
first_access_token = user.access_token

user.renew_access_token()
expect(user.access_token != first_access_token, "a refresh gives another access token")
expect(user.get_user().email == SCENE["email"], "GetUser shows the e-mail address")

user.change_password(SCENE["password"], SCENE["newPassword"])
again = cognito()
again.authenticate(password=SCENE["newPassword"])
expect(again.access_token, "the new password signs in by SRP")

try:
    cognito().authenticate(password=SCENE["password"])
except Exception as error:
    expect("Incorrect username or password." in str(error), f"the old password is wrong now; seen {error}")
else:
    raise SystemExit("not as expected: the old password still signs in")
print(json.dumps({"passed": "pycognito"}))
