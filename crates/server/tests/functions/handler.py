"""A Lambda function that does what its event says."""

import os
import subprocess
import time

# How the test makes the start slow or impossible.
with open(os.environ["STARTS"], "a") as starts:
    starts.write(f"{os.getpid()}\n")
if "START_WHEN" in os.environ:
    while not os.path.exists(os.environ["START_WHEN"]):
        time.sleep(0.01)
if "REFUSE_TO_START" in os.environ:
    raise RuntimeError(os.environ["REFUSE_TO_START"])
if "EXIT_AT_START" in os.environ:
    os._exit(int(os.environ["EXIT_AT_START"]))


def handler(event, context):
    if "raise" in event:
        raise ValueError(event["raise"])
    if "exit" in event:
        os._exit(event["exit"])
    if "kill" in event:
        os.kill(os.getpid(), event["kill"])
    if "sleep" in event:
        time.sleep(event["sleep"])
    if "nothing" in event:
        return None
    if "raw" in event:
        return event["raw"].encode()
    if "child" in event:
        event["child"] = subprocess.Popen(["sleep", "1000"]).pid
    if "large" in event:
        return "x" * event["large"]
    event["response"] = {
        "pid": os.getpid(),
        "arn": context.invoked_function_arn,
        "remaining": context.get_remaining_time_in_millis(),
        "request_id": context.aws_request_id,
        "variable": os.environ.get("OLD_CLIENT_ID"),
    }
    return event
