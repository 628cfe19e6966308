"""An application on boto3 that goes on while the pool's database fails over: it makes users, gives them a password and signs
them in by SRP until its standard input ends; then everybody whom it has made signs in again. With boto3's own retries it sees no
error. Prints how many users it has made.
"""

import select
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from pycognito.aws_srp import AWSSRP
from scene import ENDPOINT, REGION, SCENE

POOL, PASSWORD = SCENE["userPoolId"], SCENE["password"]
cognito = boto3.client(
    "cognito-idp",
    endpoint_url=ENDPOINT,
    region_name=REGION,
    aws_access_key_id="test",
    aws_secret_access_key="test",
    # The retries of boto3's standard mode, which wait twice as long each time, up to 20 seconds.
    config=Config(retries={"mode": "standard", "total_max_attempts": 10}, read_timeout=60),
)


def make(name):
    try:
        cognito.admin_create_user(UserPoolId=POOL, Username=name, MessageAction="SUPPRESS")
    except cognito.exceptions.UsernameExistsException:
        # The try before this one was done, although it was not acknowledged.
        pass
    cognito.admin_set_user_password(UserPoolId=POOL, Username=name, Password=PASSWORD, Permanent=True)


def sign_in(name):
    srp = AWSSRP(name, PASSWORD, POOL, SCENE["clientId"], client=cognito)
    tokens = srp.authenticate_user()
    if "AccessToken" not in tokens["AuthenticationResult"]:
        raise SystemExit(f"no tokens for {name}")


made = []
while not select.select([sys.stdin], [], [], 0)[0]:
    name = f"{SCENE['prefix']}-{len(made)}"
    try:
        make(name)
        sign_in(name)
    except ClientError as error:
        raise SystemExit(f"{name}: {error}")
    made.append(name)
for name in made:
    sign_in(name)
print(len(made))
