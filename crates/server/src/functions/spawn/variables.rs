//! The environment variables of a child: Lambda's own, those of the settings, and little of ours.
//!
//! Source: "Defined runtime environment variables" in Lambda's guide.

use std::net::SocketAddr;

use pool::ports::FunctionArn;
use secrecy::ExposeSecret as _;
use tokio::process::Command;

use crate::functions::ArnParts;
use crate::functions::settings::{SpawnSettings, inherited_environment};

/// Any of these in the settings says where credentials come from; then none are made up.
const CREDENTIALS: [&str; 7] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_PROFILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
];

/// Gives `command` the whole environment of a function that finds its Runtime API at `api`. What the settings say
/// goes before what is usual, the API's address excepted.
pub(super) fn set(command: &mut Command, function: &FunctionArn, settings: &SpawnSettings, api: SocketAddr) {
    let parts = ArnParts::of(function);
    let name = parts.map_or("function", |parts| parts.name);
    let region = parts.map_or("us-east-1", |parts| parts.region);
    let version = parts
        .and_then(|parts| parts.qualifier)
        .filter(|word| word.bytes().all(|b| b.is_ascii_digit()));
    let log_group = format!("/aws/lambda/{name}");
    command.env_clear().envs(inherited_environment()).envs([
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
        ("AWS_LAMBDA_FUNCTION_NAME", name),
        ("AWS_LAMBDA_FUNCTION_VERSION", version.unwrap_or("$LATEST")),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &log_group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "rehome"),
        ("AWS_LAMBDA_LOG_FORMAT", "Text"),
        ("_HANDLER", settings.handler.as_deref().unwrap_or("bootstrap")),
        ("TZ", ":UTC"),
    ]);
    command.env(
        "LAMBDA_TASK_ROOT",
        settings.working_directory.as_deref().unwrap_or(".".as_ref()),
    );
    if !CREDENTIALS.iter().any(|name| settings.env.contains_key(*name)) {
        // An SDK signs nothing without credentials; a pool of ours on loopback asks for no particular ones.
        command
            .env("AWS_ACCESS_KEY_ID", "rehome")
            .env("AWS_SECRET_ACCESS_KEY", "rehome");
    }
    command.envs(
        settings
            .env
            .iter()
            .map(|(name, value)| (name, value.expose_secret())),
    );
    command.env("AWS_LAMBDA_RUNTIME_API", api.to_string());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn variables(arn: &str, settings: &SpawnSettings) -> BTreeMap<String, String> {
        let mut command = Command::new("true");
        set(
            &mut command,
            &FunctionArn(arn.to_owned()),
            settings,
            ([127, 0, 0, 1], 9001).into(),
        );
        let text = |os: &std::ffi::OsStr| os.to_str().unwrap().to_owned();
        command
            .as_std()
            .get_envs()
            .filter_map(|(name, value)| Some((text(name), text(value?))))
            .collect()
    }

    const ARN: &str = "arn:aws:lambda:eu-west-1:000000000000:function:Migrate:7";

    #[test]
    fn a_child_finds_what_lambda_defines() {
        let found = variables(ARN, &SpawnSettings::new("true", [""; 0]));
        for (name, value) in [
            ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"),
            ("AWS_LAMBDA_FUNCTION_NAME", "Migrate"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "rehome"),
        ] {
            assert_eq!(found[name], value, "{name}");
        }
    }

    #[test]
    fn a_child_finds_nothing_else_of_ours() {
        let found = variables(ARN, &SpawnSettings::new("true", [""; 0]));
        assert!(
            !found.keys().any(|name| name.starts_with("CARGO")),
            "{:?}",
            found.keys()
        );
    }

    #[test]
    fn settings_go_first_and_keep_made_up_credentials_out() {
        let mut settings = SpawnSettings::new("true", [""; 0]);
        settings.env = [("AWS_REGION", "us-west-2"), ("AWS_PROFILE", "old")]
            .map(|(name, value)| (name.to_owned(), value.into()))
            .into();
        let found = variables(ARN, &settings);
        assert_eq!(found["AWS_REGION"], "us-west-2");
        assert!(!found.contains_key("AWS_ACCESS_KEY_ID"));
    }
}
