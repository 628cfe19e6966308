// The construct by the CDK's own assertions. With TEMPLATES naming a folder, the templates of four variants are left there.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as sns from "aws-cdk-lib/aws-sns";

import { MigrationFunction, type MigrationFunctionProps } from "../lib/migration-function.js";

const folder = mkdtempSync(join(tmpdir(), "rehome-cdk-"));
const zip = join(folder, "rehome.zip");
writeFileSync(zip, "a zip");

const usual: MigrationFunctionProps = {
  package: zip,
  newUserPoolId: "eu-west-1_NewPool01",
  oldUserPoolId: "eu-west-1_OldPool01",
  oldClientId: "1example23456789abcdefghij",
};
const elsewhere = {
  oldUserPoolId: "us-west-2_OldPool01",
  oldRole: { arn: "arn:aws:iam::444455556666:role/rehome", externalId: "5f0c2c9e" },
};
const reading = {
  parameterArns: ["arn:aws:ssm:eu-west-1:111122223333:parameter/rehome/toml"],
  secretArns: ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:rehome/old-client-a1b2c3"],
};

function template(name: string, more: Partial<MigrationFunctionProps> = {}): Template {
  const app = new App({ outdir: mkdtempSync(join(folder, "out-")) });
  const stack = new Stack(app, "Stack", { env: { account: "111122223333", region: "eu-west-1" } });
  new MigrationFunction(stack, "Rehome", { ...usual, ...more });
  const made = Template.fromStack(stack);
  const templates = process.env["TEMPLATES"];
  if (templates) writeFileSync(join(templates, `${name}.json`), JSON.stringify(made.toJSON(), null, 2));
  return made;
}

test("the function has the runtime, the time and the memory that it needs, and its settings", () => {
  template("usual").hasResourceProperties("AWS::Lambda::Function", {
    Runtime: "provided.al2023",
    Handler: "bootstrap",
    Architectures: ["x86_64"],
    Timeout: 15,
    MemorySize: 256,
    ReservedConcurrentExecutions: Match.absent(),
    Environment: {
      Variables: { OLD_USER_POOL_ID: "eu-west-1_OldPool01", OLD_CLIENT_ID: "1example23456789abcdefghij" },
    },
  });
});

test("the role has the statements of rehome policy and the CDK adds none", () => {
  const made = template("reading", reading);
  made.resourceCountIs("AWS::IAM::Role", 1);
  made.resourceCountIs("AWS::IAM::Policy", 0);
  made.hasResourceProperties("AWS::IAM::Role", {
    ManagedPolicyArns: Match.absent(),
    Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: "ReadSecrets" })]) } }],
  });
});

test("groups are written in the new pool only where they are carried", () => {
  template("groups", { carriesGroups: true }).hasResourceProperties("AWS::IAM::Role", {
    Policies: [{ PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: "WriteGroups" })]) } }],
  });
});

test("Cognito alone may invoke it, for the one pool", () => {
  const made = template("usual");
  made.resourceCountIs("AWS::Lambda::Permission", 1);
  made.hasResourceProperties("AWS::Lambda::Permission", {
    Action: "lambda:InvokeFunction",
    Principal: "cognito-idp.amazonaws.com",
    SourceAccount: "111122223333",
  });
});

test("an old pool in another account is asked by a role there", () => {
  template("elsewhere", elsewhere).hasResourceProperties("AWS::Lambda::Function", {
    Environment: {
      Variables: Match.objectLike({ OLD_ROLE_ARN: elsewhere.oldRole.arn, OLD_EXTERNAL_ID: "5f0c2c9e" }),
    },
  });
});

test("the log is there before the function and is not kept for ever", () => {
  const made = template("usual");
  made.hasResourceProperties("AWS::Logs::LogGroup", {
    LogGroupName: "/aws/lambda/CognitoUserMigration",
    RetentionInDays: 30,
  });
  const [group] = Object.keys(made.findResources("AWS::Logs::LogGroup"));
  made.hasResource("AWS::Lambda::Function", { DependsOn: Match.arrayWith([group]) });
});

test("every alarm reaches the topic, and arm64 and reserved concurrency are settings", () => {
  const app = new App({ outdir: mkdtempSync(join(folder, "out-")) });
  const stack = new Stack(app, "Stack");
  const { alarms } = new MigrationFunction(stack, "Rehome", {
    ...usual,
    alarmTopic: new sns.Topic(stack, "Topic"),
    architecture: lambda.Architecture.ARM_64,
    reservedConcurrency: 20,
    dashboard: false,
  });
  const made = Template.fromStack(stack);
  made.resourceCountIs("AWS::CloudWatch::Alarm", alarms.length);
  made.allResourcesProperties("AWS::CloudWatch::Alarm", {
    AlarmActions: [Match.anyValue()],
    TreatMissingData: "notBreaching",
  });
  made.resourceCountIs("AWS::CloudWatch::Dashboard", 0);
  made.hasResourceProperties("AWS::Lambda::Function", {
    Architectures: ["arm64"],
    ReservedConcurrentExecutions: 20,
  });
});

test("what is no pool's id is told", () => {
  assert.throws(() => template("wrong", { oldUserPoolId: "OldPool01" }), /OldPool01 is no pool's id/);
});
