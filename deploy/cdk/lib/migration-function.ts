import { readFileSync } from "node:fs";

import { ArnFormat, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as actions from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import * as sns from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";

export interface MigrationFunctionProps {
  /** The zip that `rehome package` has written. */
  readonly package: string;
  /** The pool that people move to, in this stack's account and Region. */
  readonly newUserPoolId: string;
  /** The pool that people come from. */
  readonly oldUserPoolId: string;
  /** App client of the old pool that allows ALLOW_ADMIN_USER_PASSWORD_AUTH. */
  readonly oldClientId: string;
  /** Where the secret of this app client is, if it has one, like `secretsmanager:rehome/old-client`. */
  readonly oldClientSecret?: string;
  /** Where rehome.toml is, if not in the zip, like `ssm:/rehome/toml`. */
  readonly config?: string;
  /** Role to take on where the old pool is in another account, and the external id that it asks for. */
  readonly oldRole?: { readonly arn: string; readonly externalId: string };
  /** ARNs of the parameters and secrets that the settings name. */
  readonly parameterArns?: string[];
  readonly secretArns?: string[];
  /** Whether attributes.keep_groups_as is set and the post authentication trigger attached. */
  readonly carriesGroups?: boolean;
  /** CognitoUserMigration unless said otherwise. */
  readonly functionName?: string;
  /** The processor that the zip was made for; x86-64 unless said otherwise. */
  readonly architecture?: lambda.Architecture;
  /** Invocations at once that are kept for this function, and are its most. */
  readonly reservedConcurrency?: number;
  /** 30 days unless said otherwise. */
  readonly logRetention?: logs.RetentionDays;
  /** Where alarms go. */
  readonly alarmTopic?: sns.ITopic;
  /** Made unless this is false. */
  readonly dashboard?: boolean;
}

/** The migration function, its role, its permission for the one pool, its log, its alarms, its dashboard. */
export class MigrationFunction extends Construct {
  readonly function: lambda.Function;
  readonly role: iam.Role;
  readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: MigrationFunctionProps) {
    super(scope, id);
    const functionName = props.functionName ?? "CognitoUserMigration";

    // Made before the function, which may not make it: one that a function makes keeps its lines for ever.
    const logGroup = new logs.LogGroup(this, "LogGroup", {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    this.role = new iam.Role(this, "ExecutionRole", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: { rehome: new iam.PolicyDocument({ statements: this.statements(functionName, props) }) },
    });

    this.function = new lambda.Function(this, "Function", {
      functionName,
      description: "rehome, moves users into the new user pool at their first sign-in",
      code: lambda.Code.fromAsset(props.package),
      runtime: lambda.Runtime.PROVIDED_AL2023,
      handler: "bootstrap",
      architecture: props.architecture ?? lambda.Architecture.X86_64,
      memorySize: 256,
      // Cognito gives up at 5 seconds, and the function before that; this is for cold starts.
      timeout: Duration.seconds(15),
      // Its statements are those above and no others: the CDK would add one that may make log groups.
      role: iam.Role.fromRoleArn(this, "ExecutionRoleAsItIs", this.role.roleArn, { mutable: false }),
      environment: given({
        OLD_USER_POOL_ID: props.oldUserPoolId,
        OLD_CLIENT_ID: props.oldClientId,
        OLD_CLIENT_SECRET: props.oldClientSecret,
        OLD_ROLE_ARN: props.oldRole?.arn,
        OLD_EXTERNAL_ID: props.oldRole?.externalId,
        REHOME_CONFIG: props.config,
      }),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    this.function.node.addDependency(logGroup);

    // Cognito alone, and for the one pool alone.
    new lambda.CfnPermission(this, "InvokeByUserPool", {
      functionName: this.function.functionArn,
      action: "lambda:InvokeFunction",
      principal: "cognito-idp.amazonaws.com",
      sourceAccount: Stack.of(this).account,
      sourceArn: this.userPoolArn(props.newUserPoolId, Stack.of(this).region),
    });

    this.alarms = this.eyes(functionName, props.newUserPoolId);
    if (props.alarmTopic) {
      for (const alarm of this.alarms) alarm.addAlarmAction(new actions.SnsAction(props.alarmTopic));
    }
    if (props.dashboard ?? true) this.dashboard(functionName, props.newUserPoolId);
  }

  /** What `rehome policy` prints. */
  private statements(functionName: string, props: MigrationFunctionProps): iam.PolicyStatement[] {
    const allow = (sid: string, actions: string[], resources: string[]) =>
      new iam.PolicyStatement({ sid, effect: iam.Effect.ALLOW, actions, resources });
    const logGroup = Stack.of(this).formatArn({
      service: "logs",
      resource: "log-group",
      resourceName: `/aws/lambda/${functionName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const statements = [allow("WriteLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup])];
    if (props.oldRole) {
      statements.push(allow("TakeOnRoleInOldAccount", ["sts:AssumeRole"], [props.oldRole.arn]));
    } else {
      const oldUserPool = this.userPoolArn(props.oldUserPoolId, regionOf(props.oldUserPoolId));
      const ask = ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"];
      if (props.carriesGroups) ask.push("cognito-idp:AdminListGroupsForUser");
      statements.push(allow("AskOldUserPool", ask, [oldUserPool]));
    }
    if (props.parameterArns?.length) {
      statements.push(allow("ReadParameters", ["ssm:GetParameter"], props.parameterArns));
    }
    if (props.secretArns?.length) {
      statements.push(allow("ReadSecrets", ["secretsmanager:GetSecretValue"], props.secretArns));
    }
    if (props.carriesGroups) {
      const write = [
        "cognito-idp:AdminAddUserToGroup",
        "cognito-idp:CreateGroup",
        "cognito-idp:AdminUpdateUserAttributes",
        "cognito-idp:AdminDeleteUserAttributes",
      ];
      statements.push(allow("WriteGroups", write, [this.userPoolArn(props.newUserPoolId, Stack.of(this).region)]));
    }
    return statements;
  }

  private userPoolArn(userPoolId: string, region: string): string {
    return Stack.of(this).formatArn({ service: "cognito-idp", region, resource: "userpool", resourceName: userPoolId });
  }

  private eyes(functionName: string, userPoolId: string): cloudwatch.Alarm[] {
    const ofFunction = (metricName: string, statistic: string, period: Duration) =>
      new cloudwatch.Metric({
        namespace: "AWS/Lambda",
        metricName,
        dimensionsMap: { FunctionName: functionName },
        statistic,
        period,
      });
    const ofRehome = (metricName: string, statistic: string, period: Duration, outcome?: string) =>
      new cloudwatch.Metric({
        namespace: "Rehome",
        metricName,
        dimensionsMap: { UserPool: userPoolId, ...(outcome === undefined ? {} : { Outcome: outcome }) },
        statistic,
        period,
      });
    const minute = Duration.minutes(1);
    const five = Duration.minutes(5);
    const decisions = (outcome: string) => ofRehome("Decisions", "Sum", five, outcome);
    const alarm = (
      id: string,
      alarmDescription: string,
      metric: cloudwatch.IMetric,
      threshold: number,
      evaluationPeriods: number,
      datapointsToAlarm: number,
    ) =>
      new cloudwatch.Alarm(this, id, {
        alarmDescription,
        metric,
        threshold,
        evaluationPeriods,
        datapointsToAlarm,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      });
    return [
      alarm(
        "CouldNotAskAlarm",
        'The old directory cannot be asked; people read "try again later". See the causes in the function\'s log.',
        ofRehome("CouldNotAsk", "Average", minute),
        0.05,
        5,
        3,
      ),
      // A refusal is an answer, and counts as an error of the Lambda function. What is left are invocations that never
      // decided. A try on the border of two periods counts in either, hence the threshold.
      alarm(
        "NoDecisionAlarm",
        "Invocations end without a decision - a crash, a time-out, settings that keep the function from starting.",
        new cloudwatch.MathExpression({
          expression: "FILL(errors,0)-FILL(refused,0)-FILL(asked,0)-FILL(strange,0)-FILL(observed,0)",
          label: "errors without a decision",
          period: five,
          usingMetrics: {
            errors: ofFunction("Errors", "Sum", five),
            refused: decisions("refused"),
            asked: decisions("could_not_ask"),
            strange: decisions("not_an_event"),
            observed: decisions("observed"),
          },
        }),
        3,
        1,
        1,
      ),
      alarm(
        "SlowAlarm",
        "One try in a hundred takes nearly all of the time that Cognito waits; soon it asks again, and the old directory counts wrong passwords.",
        ofFunction("Duration", "p99", minute),
        4000,
        5,
        3,
      ),
      alarm(
        "ThrottledAlarm",
        "Lambda turns invocations away; raise the reserved concurrency or the account's limit.",
        ofFunction("Throttles", "Sum", minute),
        0,
        1,
        1,
      ),
      alarm(
        "ConfigurationAlarm",
        "Settings, levers or a secret cannot be read again; the last good ones are in force.",
        ofRehome("ConfigurationTrouble", "Sum", five),
        0,
        2,
        2,
      ),
    ];
  }

  private dashboard(functionName: string, userPoolId: string): void {
    const values: Record<string, string> = {
      FunctionName: functionName,
      UserPoolId: userPoolId,
      Region: Stack.of(this).region,
    };
    const file = new URL("../../../dashboards/cloudwatch.json", import.meta.url);
    const body = readFileSync(file, "utf8").replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the dashboard names ${name}`);
      return value;
    });
    new cloudwatch.CfnDashboard(this, "Dashboard", { dashboardName: functionName, dashboardBody: body });
  }
}

/** A pool's id begins with its Region. */
function regionOf(userPoolId: string): string {
  const [region, rest] = userPoolId.split("_");
  if (!region || !rest) throw new Error(`${userPoolId} is no pool's id; write one like eu-west-1_AbCdEf123`);
  return region;
}

function given(variables: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
