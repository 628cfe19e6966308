"""boto3 signs in by challenges of the pool's own function, on the public API and as an administrator."""

import base64
import json

from scene import SCENE, cognito, expect, expect_error

api = cognito()
CLIENT = SCENE["clientId"]


def claims(token):
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def answer(challenge, text, **more):
    return dict(
        ClientId=CLIENT,
        ChallengeName="CUSTOM_CHALLENGE",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": challenge["ChallengeParameters"]["USERNAME"], "ANSWER": text},
        **more,
    )


begin = dict(ClientId=CLIENT, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": SCENE["username"]})
asked = api.initiate_auth(**begin)
expect(asked["ChallengeName"] == "CUSTOM_CHALLENGE", asked)
expect(asked["ChallengeParameters"] == {"USERNAME": "ann", "question": "dog", "triesLeft": "3"}, asked)
again = api.respond_to_auth_challenge(**answer(asked, "Rex"))
expect(again["ChallengeParameters"]["triesLeft"] == "2", again)
expect_error(
    "NotAuthorizedException",
    "Invalid session for the user, session can only be used once.",
    api.respond_to_auth_challenge,
    **answer(asked, "Bello"),
)
tokens = api.respond_to_auth_challenge(**answer(again, "Bello", ClientMetadata={"note": "hello"}))
tokens = tokens["AuthenticationResult"]
id_token, access_token = claims(tokens["IdToken"]), claims(tokens["AccessToken"])
expect((id_token["dogs"], id_token["note"]) == (["Bello"], "hello"), id_token)
expect(access_token["dogs"] == {"owned": 1}, access_token)
expect(access_token["scope"] == "aws.cognito.signin.user.admin dogs/walk", access_token)
expect(api.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ann", "the access token opens GetUser")

asked = api.admin_initiate_auth(UserPoolId=SCENE["userPoolId"], **begin)
for dog in ["Rex", "Fido"]:
    asked = api.admin_respond_to_auth_challenge(UserPoolId=SCENE["userPoolId"], **answer(asked, dog))
expect_error(
    "NotAuthorizedException",
    "Incorrect username or password.",
    api.admin_respond_to_auth_challenge,
    UserPoolId=SCENE["userPoolId"],
    **answer(asked, "Waldi"),
)
