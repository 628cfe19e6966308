//! `rehome policy`: the documents, word by word.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on says so by panicking"
)]

mod process;

use std::process::Output;

use process::{rehome, text};
use serde_json::{Value, json};

const POOLS: [&str; 6] = [
    "--account",
    "111122223333",
    "--old-user-pool-id",
    "eu-west-1_OldPool01",
    "--new-user-pool-id",
    "eu-west-1_NewPool01",
];

fn policy(arguments: &[&str]) -> Output {
    rehome([&["policy"], arguments].concat()).output().unwrap()
}

fn printed(arguments: &[&str]) -> Value {
    let output = policy(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_execution_role_may_ask_the_old_pool_and_write_its_log_and_nothing_else() {
    let printed = printed(&POOLS);
    assert_eq!(
        printed["executionRole"],
        json!({
            "trustPolicy": {
                "Version": "2012-10-17",
                "Statement": [{
                    "Effect": "Allow",
                    "Principal": { "Service": "lambda.amazonaws.com" },
                    "Action": "sts:AssumeRole",
                }],
            },
            "policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "WriteLogs",
                        "Effect": "Allow",
                        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                        "Resource": ["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/CognitoUserMigration:*"],
                    },
                    {
                        "Sid": "AskOldUserPool",
                        "Effect": "Allow",
                        "Action": ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"],
                        "Resource": ["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_OldPool01"],
                    },
                ],
            },
        })
    );
    assert!(printed.get("oldRole").is_none());
}

#[test]
fn the_function_is_invoked_by_cognito_alone_and_for_the_one_pool() {
    let document = printed(&[&POOLS[..], &["--document", "resource-policy"]].concat());
    assert_eq!(
        document,
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "InvokeByUserPool",
                "Effect": "Allow",
                "Principal": { "Service": "cognito-idp.amazonaws.com" },
                "Action": "lambda:InvokeFunction",
                "Resource": "arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration",
                "Condition": {
                    "StringEquals": { "AWS:SourceAccount": "111122223333" },
                    "ArnLike": { "AWS:SourceArn": "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_NewPool01" },
                },
            }],
        })
    );
}

const ELSEWHERE: [&str; 8] = [
    "--old-user-pool-arn",
    "arn:aws:cognito-idp:us-west-2:444455556666:userpool/us-west-2_OldPool01",
    "--new-user-pool-arn",
    "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_NewPool01",
    "--old-role-arn",
    "arn:aws:iam::444455556666:role/rehome",
    "--external-id",
    "5f0c2c9e",
];

#[test]
fn in_another_account_the_function_takes_on_a_role_that_knows_who_it_is() {
    let printed = printed(&ELSEWHERE);
    let statements = &printed["executionRole"]["policy"]["Statement"];
    assert_eq!(
        statements[1],
        json!({
            "Sid": "TakeOnRoleInOldAccount",
            "Effect": "Allow",
            "Action": ["sts:AssumeRole"],
            "Resource": ["arn:aws:iam::444455556666:role/rehome"],
        })
    );
    assert_eq!(statements.as_array().unwrap().len(), 2);
    let trust = &printed["oldRole"]["trustPolicy"]["Statement"][0];
    assert_eq!(
        trust["Principal"]["AWS"],
        "arn:aws:iam::111122223333:role/CognitoUserMigration"
    );
    assert_eq!(
        trust["Condition"],
        json!({ "StringEquals": { "sts:ExternalId": "5f0c2c9e" } })
    );
    let asks = &printed["oldRole"]["policy"]["Statement"][0];
    assert_eq!(
        asks["Action"],
        json!(["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"])
    );
    assert_eq!(asks["Resource"], json!([ELSEWHERE[1]]));
}

#[test]
fn what_the_settings_name_may_be_read_and_nothing_beside_it() {
    let parameter = "arn:aws:ssm:eu-west-1:111122223333:parameter/rehome/toml";
    let secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rehome/old-client-a1b2c3";
    let document = printed(
        &[
            &POOLS[..],
            &[
                "--read",
                parameter,
                "--read",
                secret,
                "--document",
                "execution-role-policy",
            ],
        ]
        .concat(),
    );
    let statements = document["Statement"].as_array().unwrap();
    assert_eq!(
        statements[2..],
        [
            json!({ "Sid": "ReadParameters", "Effect": "Allow", "Action": ["ssm:GetParameter"], "Resource": [parameter] }),
            json!({ "Sid": "ReadSecrets", "Effect": "Allow", "Action": ["secretsmanager:GetSecretValue"], "Resource": [secret] }),
        ]
    );
}

#[test]
fn groups_are_read_in_the_old_pool_and_written_in_the_new_one_where_that_is_wanted() {
    let document = printed(&[&POOLS[..], &["--groups", "--document", "execution-role-policy"]].concat());
    let statements = document["Statement"].as_array().unwrap();
    assert_eq!(statements[1]["Action"][2], "cognito-idp:AdminListGroupsForUser");
    assert_eq!(statements[2]["Sid"], "WriteGroups");
    assert_eq!(statements[2]["Action"].as_array().unwrap().len(), 4);
    assert_eq!(
        statements[2]["Resource"],
        json!(["arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_NewPool01"])
    );
}

#[test]
fn in_china_the_arns_are_of_its_partition() {
    let printed = printed(&[
        "--account",
        "111122223333",
        "--old-user-pool-id",
        "cn-north-1_OldPool01",
        "--new-user-pool-id",
        "cn-north-1_NewPool01",
    ]);
    let arns = printed.to_string();
    assert!(arns.contains("arn:aws-cn:lambda:cn-north-1"), "{arns}");
    assert!(!arns.contains("arn:aws:"), "{arns}");
}

#[test]
fn every_wrong_argument_is_told_at_once() {
    let output = policy(&[
        "--account",
        "1234",
        "--old-user-pool-id",
        "OldPool01",
        "--new-user-pool-arn",
        "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/us-east-1_NewPool01",
        "--function-name",
        "no spaces",
        "--read",
        "arn:aws:s3:eu-west-1:111122223333:bucket",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    for flag in [
        "--account",
        "--old-user-pool-id",
        "--new-user-pool-arn",
        "--function-name",
        "--read",
    ] {
        assert!(
            told.contains(&format!("error: {flag}: ")),
            "{flag} is missing in\n{told}"
        );
    }
}

#[test]
fn a_pool_in_another_account_needs_a_role_there() {
    let output = policy(&ELSEWHERE[..4]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--old-role-arn: is missing"));
    let output = policy(&[&POOLS[..], &["--document", "old-role-trust"]].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--document: there is no role"));
}
