// The migration function in front of a new user pool, as a stack of its own:
//
//   npx cdk deploy -c package=../../rehome-x86-64.zip -c newUserPoolId=… -c oldUserPoolId=… -c oldClientId=…
//
// It goes into the account and Region of the new pool. docs/guide.md says each step.
import { App, CfnOutput, Stack } from "aws-cdk-lib";

import { MigrationFunction } from "../lib/migration-function.js";

const app = new App();
const context = (name: string): string => {
  const value: unknown = app.node.tryGetContext(name);
  if (typeof value !== "string") throw new Error(`say -c ${name}=…`);
  return value;
};
const stack = new Stack(app, "RehomeMigrationFunction", {
  description: "rehome, the migration function behind a user pool's migrate user trigger",
});
const { function: deployed } = new MigrationFunction(stack, "Rehome", {
  package: context("package"),
  newUserPoolId: context("newUserPoolId"),
  oldUserPoolId: context("oldUserPoolId"),
  oldClientId: context("oldClientId"),
});
// A pool of the CDK takes it by `userPool.addTrigger(UserPoolOperation.USER_MIGRATION, …)`, any other by `rehome trigger attach`.
new CfnOutput(stack, "FunctionArn", { value: deployed.functionArn });
