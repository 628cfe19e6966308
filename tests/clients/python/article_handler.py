"""A migration function of the kind that articles print: boto3, ADMIN_NO_SRP_AUTH, admin_get_user.

Run by awslambdaric. It takes OLD_USER_POOL_ID and OLD_CLIENT_ID from the environment; with FAIL_AS it does wrong on
purpose, so that the pool's answer to each kind of failure can be seen.
"""

import os
import time

import boto3

client = boto3.client("cognito-idp")
FAIL_AS = os.environ.get("FAIL_AS", "")


def lambda_handler(event, context):
    if FAIL_AS:
        return fail(event)
    username = event["userName"]
    try:
        if event["triggerSource"] == "UserMigration_Authentication":
            client.admin_initiate_auth(
                UserPoolId=os.environ["OLD_USER_POOL_ID"],
                ClientId=os.environ["OLD_CLIENT_ID"],
                AuthFlow="ADMIN_NO_SRP_AUTH",
                AuthParameters={"USERNAME": username, "PASSWORD": event["request"]["password"]},
            )
        user = client.admin_get_user(UserPoolId=os.environ["OLD_USER_POOL_ID"], Username=username)
    except client.exceptions.NotAuthorizedException:
        raise Exception("wrong password")
    except client.exceptions.UserNotFoundException:
        raise Exception("unknown in the old pool")
    attributes = {attribute["Name"]: attribute["Value"] for attribute in user["UserAttributes"]}
    kept = {name: value for name, value in attributes.items() if name == "email" or name.startswith("custom:")}
    event["response"]["userAttributes"] = {**kept, "email_verified": "true"}
    if event["triggerSource"] == "UserMigration_Authentication":
        event["response"]["finalUserStatus"] = "CONFIRMED"
    event["response"]["messageAction"] = "SUPPRESS"
    event["response"]["forceAliasCreation"] = False
    return event


def fail(event):
    attributes = {"email": "somebody@example.com", "email_verified": "true"}
    response = {**event["response"], "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS"}
    match FAIL_AS:
        case "throw":
            raise Exception("no such luck")
        case "nothing":
            return None
        case "unchanged":
            return event
        case "garbage":
            return "garbage"
        case "other-casing":
            return {name[0].upper() + name[1:]: value for name, value in event.items()}
        case "null-added":
            return {**event, "clientMetadata": None, "response": {**response, "userAttributes": attributes}}
        case "not-in-schema":
            return {**event, "response": {**response, "userAttributes": {**attributes, "custom:unknown": "x"}}}
        case "bad-phone":
            return {**event, "response": {**response, "userAttributes": {**attributes, "phone_number": "12"}}}
        case "not-text":
            return {**event, "response": {**response, "userAttributes": {**attributes, "name": ["a"]}}}
        case "sub":
            return {**event, "response": {**response, "userAttributes": {**attributes, "sub": "1"}}}
        case "missing-required":
            return {**event, "response": {**response, "userAttributes": {"name": "Only a name"}}}
        case "alias-taken":
            taken = {**attributes, "email": "taken@example.com"}
            return {**event, "response": {**response, "userAttributes": taken}}
        case "sleep":
            time.sleep(60)
        case "die":
            os._exit(3)
        case _:
            raise Exception(f"no such failure: {FAIL_AS}")
