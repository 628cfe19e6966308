"""boto3 signs somebody in four times as parts of one trace, which its calls name in the header of the standard: the first time
the user moves in, the second time she is there, the third time her password is wrong, the fourth time she signs in by SRP."""

from pycognito.aws_srp import AWSSRP
from scene import SCENE, cognito, expect, expect_error

api = cognito()


def join_the_trace(params, **_):
    params["headers"]["traceparent"] = SCENE["traceparent"]
    params["headers"]["tracestate"] = "vendor=canary-state"


api.meta.events.register("before-call.cognito-idp", join_the_trace)
for _ in range(2):
    answer = api.initiate_auth(
        ClientId=SCENE["client"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": SCENE["username"], "PASSWORD": SCENE["password"]},
    )
    expect("AccessToken" in answer["AuthenticationResult"], "tokens")
expect_error(
    "NotAuthorizedException",
    "Incorrect username or password.",
    api.initiate_auth,
    ClientId=SCENE["client"],
    AuthFlow="USER_PASSWORD_AUTH",
    AuthParameters={"USERNAME": SCENE["username"], "PASSWORD": "Wrong-password-1"},
)
srp = AWSSRP(SCENE["username"], SCENE["password"], SCENE["pool"], SCENE["client"], client=api)
expect("AccessToken" in srp.authenticate_user()["AuthenticationResult"], "tokens by SRP")
