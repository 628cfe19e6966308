"""A custom sign-in of the kind that AWS's guide prints, all its triggers in one function.

Run by awslambdaric. Whoever begins with a password proves it first; then everybody is asked for the name of a dog, and has
three tries. The tokens say by which challenges they came.
"""

TRIES = 3


def lambda_handler(event, context):
    trigger = event["triggerSource"].split("_")[0]
    return {
        "DefineAuthChallenge": define,
        "CreateAuthChallenge": create,
        "VerifyAuthChallengeResponse": verify,
        "TokenGeneration": customise,
    }[trigger](event)


def define(event):
    session = event["request"]["session"]
    response = event["response"]
    response["issueTokens"] = False
    response["failAuthentication"] = False
    answers = [entry for entry in session if entry["challengeName"] == "CUSTOM_CHALLENGE"]
    if any(answer["challengeResult"] and answer["challengeMetadata"] == "DOG" for answer in answers):
        response["issueTokens"] = True
    elif len(answers) >= TRIES:
        response["failAuthentication"] = True
    elif session and session[-1]["challengeName"] == "SRP_A":
        response["challengeName"] = "PASSWORD_VERIFIER"
    else:
        response["challengeName"] = "CUSTOM_CHALLENGE"
    return event


def create(event):
    if event["request"]["challengeName"] == "CUSTOM_CHALLENGE":
        tries = sum(entry["challengeName"] == "CUSTOM_CHALLENGE" for entry in event["request"]["session"])
        event["response"]["publicChallengeParameters"] = {"question": "dog", "triesLeft": str(TRIES - tries)}
        event["response"]["privateChallengeParameters"] = {"answer": "Bello"}
        event["response"]["challengeMetadata"] = "DOG"
    return event


def verify(event):
    expected = event["request"]["privateChallengeParameters"]["answer"]
    event["response"]["answerCorrect"] = event["request"]["challengeAnswer"] == expected
    return event


def customise(event):
    note = event["request"].get("clientMetadata", {}).get("note", "none")
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "idTokenGeneration": {"claimsToAddOrOverride": {"dogs": ["Bello"], "note": note}},
        "accessTokenGeneration": {
            "claimsToAddOrOverride": {"dogs": {"owned": 1}},
            "scopesToAdd": ["dogs/walk"],
        },
    }
    return event
