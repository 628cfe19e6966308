//! The functions file.

use std::time::Duration;

use pool::ports::FunctionArn;
use secrecy::ExposeSecret as _;
use server::functions::settings::{EndpointSettings, FunctionsFile, WaySettings};

const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:";

fn parse(text: &str) -> Result<FunctionsFile, Vec<String>> {
    let text = text.replace("ARN:", ARN);
    FunctionsFile::parse(&text, &["migration"]).map_err(|mistakes| {
        mistakes
            .0
            .iter()
            .map(|mistake| mistake.to_string().replace(ARN, "ARN:"))
            .collect()
    })
}

#[test]
fn each_way_is_read() {
    let file = parse(
        r#"
        [functions."ARN:a"]
        builtin = "migration"
        from = { kind = "cognito", user_pool_id = "us-east-1_AbCdEf123" }
        timeout_ms = 3000
        [functions."ARN:b:live"]
        endpoint = "http://127.0.0.1:9001"
        [functions."ARN:c"]
        endpoint = "aws"
        [functions."ARN:d"]
        spawn = ["python3", "-m", "awslambdaric", "app.handler"]
        env = { OLD_CLIENT_ID = "abc" }
        working_directory = "functions"
        concurrency = 2
        "#,
    )
    .unwrap();
    let way = |name: &str| &file.functions[&FunctionArn(format!("{ARN}{name}"))];
    let WaySettings::Builtin(builtin) = way("a") else {
        panic!("not a builtin")
    };
    assert_eq!(builtin.configuration["from"]["kind"].as_str(), Some("cognito"));
    assert_eq!(builtin.timeout, Some(Duration::from_secs(3)));
    assert!(matches!(
        way("b:live"),
        WaySettings::Endpoint(EndpointSettings::Url(_))
    ));
    assert!(matches!(way("c"), WaySettings::Endpoint(EndpointSettings::Aws)));
    let WaySettings::Spawn(spawn) = way("d") else {
        panic!("not a program")
    };
    assert_eq!((spawn.program.as_str(), spawn.arguments.len()), ("python3", 3));
    assert_eq!(spawn.env["OLD_CLIENT_ID"].expose_secret(), "abc");
    assert_eq!(spawn.concurrency.get(), 2);
}

#[test]
fn an_empty_file_has_no_functions_and_no_keys() {
    let file = parse("").unwrap();
    assert!(file.functions.is_empty() && file.keys.is_empty());
}

#[test]
fn a_key_names_its_file() {
    let arn = "arn:aws:kms:us-east-1:000000000000:key/0b4cfe42-7a1c-4e51-9c0d-2f6f2c1f7a10";
    let file = parse(&format!("[keys.\"{arn}\"]\nfile = \"sender.key\"")).unwrap();
    assert_eq!(file.keys[arn].to_str(), Some("sender.key"));
    let mistakes = parse(
        r#"
        [keys]
        "arn:aws:kms:us-east-1:000000000000:key/1" = "canary"
        [keys."ARN:a"]
        file = "sender.key"
        [keys."arn:aws:kms:us-east-1:000000000000:alias/sender"]
        key = "canary"
        "#,
    )
    .unwrap_err();
    let expected = [
        "keys.\"arn:aws:kms:us-east-1:000000000000:alias/sender\".file: name a file with 32 bytes in Base64; make one with: \
         head -c 32 /dev/urandom | base64 > sender.key",
        "keys.\"arn:aws:kms:us-east-1:000000000000:alias/sender\".key: is not a key of this table; it knows `file`",
        "keys.\"arn:aws:kms:us-east-1:000000000000:key/1\": is not a table; write it as [keys.\"<arn>\"] with the key `file`",
        "keys.\"ARN:a\": is not the ARN of a key; write arn:aws:kms:<region>:<12 digits>:key/<id>, as KMSKeyID has it",
    ];
    assert_eq!(mistakes, expected);
}

#[test]
fn every_mistake_is_told_at_once() {
    let mistakes = parse(
        r#"
        function = {}
        [functions."ARN:a"]
        builtin = "migrate"
        from = "cognito"
        [functions."ARN:b"]
        endpoint = "127.0.0.1:9001"
        timeout_ms = 0
        [functions."ARN:c"]
        spawn = "./bootstrap"
        env = { COUNT = 1 }
        concurrency = 0
        [functions."ARN:d"]
        spawn = ["./bootstrap"]
        endpoint = "aws"
        [functions."ARN:e"]
        [functions.f]
        endpoint = "aws"
        "#,
    )
    .unwrap_err();
    let expected = [
        "function: is not a key of this table; it knows `functions`, `keys`",
        "functions.\"ARN:a\".builtin: there is no such function; write \"migration\"",
        "functions.\"ARN:a\".from: is not a table; write { name = \"value\" }",
        "functions.\"ARN:b\".endpoint: write a URL like \"http://127.0.0.1:9001\", or \"aws\" for AWS itself",
        "functions.\"ARN:b\".timeout_ms: is not a key of this table; it knows `endpoint`",
        "functions.\"ARN:c\".spawn: is not a list of texts; write [\"program\", \"argument\"]",
        "functions.\"ARN:c\".env.COUNT: is not a text; put quotes around the value",
        "functions.\"ARN:c\".concurrency: write a whole number from 1 to 1000",
        "functions.\"ARN:d\": says 2 ways to the function (endpoint, spawn); keep one",
        "functions.\"ARN:e\": says no way to the function; write one of `builtin`, `endpoint`, `spawn`",
        "functions.\"f\": is not the ARN of a function; write arn:aws:lambda:<region>:<12 digits>:function:<name>",
    ];
    assert_eq!(mistakes, expected);
}

#[test]
fn a_secret_is_quoted_by_no_mistake_and_printed_by_no_setting() {
    let broken = parse("[functions]\nx = \"canary\" canary\n").unwrap_err();
    assert_eq!(broken.len(), 1);
    assert!(
        broken[0].starts_with("line 2: is not TOML") && !broken[0].contains("canary"),
        "{broken:?}"
    );
    let file = parse(
        r#"
        [functions."ARN:a"]
        builtin = "migration"
        from = { client_secret = "canary" }
        [functions."ARN:b"]
        spawn = ["./bootstrap"]
        env = { OLD_CLIENT_SECRET = "canary" }
        "#,
    )
    .unwrap();
    assert!(!format!("{file:?}").contains("canary"));
}
