"""The templates carry the policies that `rehome policy` prints, in each variant, and a policy linter finds nothing."""

import json
import os
import subprocess
from pathlib import Path

import parliament

from cloudformation import Template
from terraform import Module

scene = json.loads(os.environ["REHOME_SCENE"])
deploy = Path(scene["deploy"])
templates = Path(scene["templates"])

ACCOUNT, OLD_ACCOUNT = "111122223333", "444455556666"
NEW_POOL = "eu-west-1_NewPool01"
OLD_ROLE = f"arn:aws:iam::{OLD_ACCOUNT}:role/rehome"
EXECUTION_ROLE = f"arn:aws:iam::{ACCOUNT}:role/CognitoUserMigration"
PARAMETER = f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/rehome/toml"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:rehome/old-client-a1b2c3"


def arn(pool, account=ACCOUNT):
    return f"arn:aws:cognito-idp:{pool.split('_')[0]}:{account}:userpool/{pool}"


def printed(*arguments):
    command = [scene["rehome"], "policy", "--new-user-pool-arn", arn(NEW_POOL), *arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def plain(document):
    """One form for what IAM reads alike: a single action, resource or value may stand without its list."""
    def statement(one):
        one = dict(one)
        for name in ("Action", "Resource"):
            if isinstance(one.get(name), list) and len(one[name]) == 1:
                one[name], = one[name]
        for name in ("Principal", "Condition"):
            if name in one:
                one[name] = json.loads(json.dumps(one[name]), object_hook=alone)
        return one
    return {"Version": document["Version"], "Statement": [statement(one) for one in document["Statement"]]}


def alone(members):
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in members.items()}


def same(what, found, expected):
    found, expected = plain(found), plain(expected)
    assert found == expected, f"{what}\n{json.dumps(found, indent=1)}\nis not\n{json.dumps(expected, indent=1)}"


def linted(what, document):
    policy = parliament.analyze_policy_string(json.dumps(document))
    findings = [f"{one.issue}: {one.detail}" for one in policy.findings]
    assert not findings, f"{what}: {findings}"


def permission(arn_of_function, **found):
    """`AddPermission` writes this policy of its arguments (Lambda developer guide, *Resource-based policy examples*)."""
    return {"Version": "2012-10-17", "Statement": [{
        "Sid": "InvokeByUserPool", "Effect": "Allow", "Principal": {"Service": found["principal"]},
        "Action": found["action"], "Resource": arn_of_function,
        "Condition": {
            "StringEquals": {"AWS:SourceAccount": found["account"]}, "ArnLike": {"AWS:SourceArn": found["arn"]},
        },
    }]}


class Variant:
    def __init__(self, name, old_pool, arguments, sam=(), terraform=()):
        self.name = name
        self.expected = printed(*arguments)
        pools = {"NewUserPoolId": NEW_POOL, "OldUserPoolId": old_pool, "OldClientId": "1example"}
        self.sam = Template.read(deploy / "sam/template.yaml", pools | dict(sam))
        self.cdk = Template.read(templates / f"{name}.json", {})
        variables = {
            "new_user_pool_id": NEW_POOL, "old_user_pool_id": old_pool, "old_client_id": "1example", "package": "f.zip",
        }
        self.terraform = Module(deploy / "terraform", variables | dict(terraform))

    def check(self):
        role, resource = self.expected["executionRole"], self.expected["resourcePolicy"]
        linted(f"{self.name}: execution role", role["policy"])
        for tool, template in (("sam", self.sam), ("cdk", self.cdk)):
            made = template.resource("AWS::IAM::Role")
            assert not made.get("ManagedPolicyArns"), made
            same(f"{self.name}, {tool}: trust", made["AssumeRolePolicyDocument"], role["trustPolicy"])
            (policy,) = made["Policies"]
            same(f"{self.name}, {tool}: policy", policy["PolicyDocument"], role["policy"])
            found = template.resource("AWS::Lambda::Permission")
            same(f"{self.name}, {tool}: permission", permission(
                resource["Statement"][0]["Resource"], principal=found["Principal"], action=found["Action"],
                account=found["SourceAccount"], arn=found["SourceArn"]), resource)
        same(f"{self.name}, terraform: trust", self.terraform.policy("trust"), role["trustPolicy"])
        same(f"{self.name}, terraform: policy", self.terraform.policy("execution"), role["policy"])
        found = self.terraform.value(self.terraform.one("resource", "aws_lambda_permission", "invoke_by_user_pool"))
        same(f"{self.name}, terraform: permission", permission(
            resource["Statement"][0]["Resource"], principal=found["principal"], action=found["action"],
            account=found["source_account"], arn=found["source_arn"]), resource)


usual = "eu-west-1_OldPool01"
elsewhere = "us-west-2_OldPool01"
cross_account = [
    "--old-user-pool-arn", arn(elsewhere, OLD_ACCOUNT), "--old-role-arn", OLD_ROLE, "--external-id", "5f0c2c9e",
    "--execution-role-arn", EXECUTION_ROLE,
]

Variant("usual", usual, ["--old-user-pool-arn", arn(usual)]).check()
Variant(
    "reading", usual, ["--old-user-pool-arn", arn(usual), "--read", PARAMETER, "--read", SECRET],
    sam={"ParameterArns": PARAMETER, "SecretArns": SECRET},
    terraform={"parameter_arns": [PARAMETER], "secret_arns": [SECRET]},
).check()
Variant(
    "groups", usual, ["--old-user-pool-arn", arn(usual), "--groups"],
    sam={"CarriesGroups": "true"}, terraform={"carries_groups": True},
).check()
there = Variant(
    "elsewhere", elsewhere, cross_account,
    sam={"OldRoleArn": OLD_ROLE, "OldExternalId": "5f0c2c9e"},
    terraform={"old_role_arn": OLD_ROLE, "old_external_id": "5f0c2c9e"},
)
there.check()

old_role = there.expected["oldRole"]
linted("role in the old account", old_role["policy"])
parameters = {"OldUserPoolId": elsewhere, "ExecutionRoleArn": EXECUTION_ROLE, "ExternalId": "5f0c2c9e"}
made = Template.read(
    deploy / "old-account/template.yaml", parameters, account=OLD_ACCOUNT).resource("AWS::IAM::Role")
same("old account, cloudformation: trust", made["AssumeRolePolicyDocument"], old_role["trustPolicy"])
same("old account, cloudformation: policy", made["Policies"][0]["PolicyDocument"], old_role["policy"])
variables = {"old_user_pool_id": elsewhere, "execution_role_arn": EXECUTION_ROLE, "external_id": "5f0c2c9e"}
module = Module(deploy / "terraform/old-account", variables, account=OLD_ACCOUNT)
with_groups = printed(*cross_account, "--groups")["oldRole"]["policy"]
made_with = Template.read(
    deploy / "old-account/template.yaml", parameters | {"CarriesGroups": "true"}, account=OLD_ACCOUNT)
same("old account, cloudformation: groups", made_with.resource("AWS::IAM::Role")["Policies"][0]["PolicyDocument"], with_groups)
module_with = Module(deploy / "terraform/old-account", variables | {"carries_groups": True}, account=OLD_ACCOUNT)
same("old account, terraform: groups", module_with.policy("old"), with_groups)
same("old account, terraform: trust", module.policy("trust"), old_role["trustPolicy"])
same("old account, terraform: policy", module.policy("old"), old_role["policy"])

# The checks find something when there is something: an action too many, and one that does not exist.
for worse in ("cognito-idp:AdminDeleteUser", "cognito-idp:AdminInventUser"):
    document = json.loads(json.dumps(old_role["policy"]))
    document["Statement"][0]["Action"].append(worse)
    try:
        same("", document, old_role["policy"])
    except AssertionError:
        continue
    raise AssertionError(f"{worse} goes unnoticed")
assert parliament.analyze_policy_string(json.dumps(document)).findings

print("policies agree")
