//! A server whose new pool has the *migrate user* trigger, and the calls that the tests make.

#![allow(dead_code, reason = "each test file uses its part of the scene")]
#![allow(
    clippy::disallowed_methods,
    reason = "the environment says where the clients are"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};
use testkit::{Options, TestServer};

use pool::service::Issuer;

/// A password that the old pool's policy and the new pool's accept.
pub(crate) const PASSWORD: &str = "Correct-horse-1";

/// Failures that `article_handler.py` knows.
const FAILURES: &[&str] = &[
    "throw",
    "nothing",
    "unchanged",
    "garbage",
    "other-casing",
    "null-added",
    "not-in-schema",
    "bad-phone",
    "not-text",
    "sub",
    "missing-required",
    "alias-taken",
    "sleep",
    "die",
];

/// The new pool and its app clients.
pub(crate) struct Scene {
    pub(crate) server: TestServer,
    pub(crate) user_pool_id: String,
    /// Tells that a user does not exist.
    pub(crate) legacy_client: String,
    /// Does not.
    pub(crate) hiding_client: String,
}

impl Scene {
    /// A pool whose users must have an e-mail address; one function for each failure.
    pub(crate) async fn with_failing_functions() -> Self {
        let schema =
            json!([{"Name": "email", "AttributeDataType": "String", "Required": true, "Mutable": true}]);
        Self::over(
            functions(failing_functions()),
            json!({"PoolName": "new", "Schema": schema}),
        )
        .await
    }

    /// A pool in which a verified e-mail address signs in beside the user name.
    pub(crate) async fn with_failing_functions_and_email_alias() -> Self {
        Self::over(
            functions(failing_functions()),
            json!({"PoolName": "new", "AliasAttributes": ["email"]}),
        )
        .await
    }

    async fn over(options: Options, pool: Value) -> Self {
        let server = start(options).await;
        let (_, made) = call(&server, "CreateUserPool", pool).await;
        let user_pool_id = made["UserPool"]["Id"].as_str().expect("a pool").to_owned();
        let mut clients = Vec::new();
        for errors in ["LEGACY", "ENABLED"] {
            let client = json!({
                "UserPoolId": user_pool_id, "ClientName": errors, "PreventUserExistenceErrors": errors,
                "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            });
            let (_, made) = call(&server, "CreateUserPoolClient", client).await;
            clients.push(
                made["UserPoolClient"]["ClientId"]
                    .as_str()
                    .expect("an app client")
                    .to_owned(),
            );
        }
        let [legacy_client, hiding_client] = clients.try_into().expect("two app clients");
        Self {
            server,
            user_pool_id,
            legacy_client,
            hiding_client,
        }
    }

    /// Calls an operation of the new pool's server.
    pub(crate) async fn api(&self, operation: &str, body: Value) -> (u16, Value) {
        call(&self.server, operation, body).await
    }

    /// Makes the function of this name the pool's *migrate user* trigger.
    pub(crate) async fn attach(&self, name: &str) {
        let update = json!({"UserPoolId": self.user_pool_id, "LambdaConfig": {"UserMigration": arn(name)}});
        assert_eq!(self.api("UpdateUserPool", update).await.0, 200);
    }

    pub(crate) async fn sign_in(&self, client_id: &str, username: &str, password: &str) -> (u16, Value) {
        let request = json!({
            "ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        });
        self.api("InitiateAuth", request).await
    }

    pub(crate) async fn forgot_password(&self, client_id: &str, username: &str) -> (u16, Value) {
        self.api(
            "ForgotPassword",
            json!({"ClientId": client_id, "Username": username}),
        )
        .await
    }

    pub(crate) async fn assert_holds_nobody(&self, after: &str) {
        let (_, users) = self
            .api("ListUsers", json!({"UserPoolId": self.user_pool_id}))
            .await;
        assert_eq!(users, json!({"Users": []}), "after {after}");
    }
}

/// A server with these options.
pub(crate) async fn start(options: Options) -> TestServer {
    TestServer::start(options).await.expect("the server starts")
}

/// Calls an operation; gives status and body.
pub(crate) async fn call(server: &TestServer, operation: &str, body: Value) -> (u16, Value) {
    server.api(operation, &body).await.expect("the server answers")
}

fn functions(file: String) -> Options {
    Options {
        functions: file,
        ..Options::default()
    }
}

/// The ARN under which the functions file has `name`.
pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:000000000000:function:{name}")
}

/// The Python that has the clients.
///
/// # Panics
/// When the tests were not started by `cargo xtask test`.
pub(crate) fn python() -> PathBuf {
    std::env::var_os("REHOME_TEST_PYTHON")
        .expect("run `cargo xtask test`: it installs the Python clients")
        .into()
}

/// The folder of the client scripts for `language`.
pub(crate) fn scripts(language: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/clients")
        .join(language)
}

/// A functions file in which each failure is a function.
fn failing_functions() -> String {
    FAILURES.iter().fold(String::new(), |mut file, failure| {
        let env = format!("FAIL_AS = \"{failure}\"");
        write!(file, "{}", python_function(failure, &env)).expect("writing to a string");
        file
    })
}

/// A table of a functions file: the Python handler, started as a child.
pub(crate) fn python_function(name: &str, env: &str) -> String {
    format!(
        "[functions.\"{}\"]\nspawn = [{:?}, \"-m\", \"awslambdaric\", \"article_handler.lambda_handler\"]\n\
         env = {{ PYTHONPATH = {:?}, PYTHONDONTWRITEBYTECODE = \"1\", {env} }}\n\n",
        arn(name),
        python().display().to_string(),
        scripts("python").display().to_string(),
    )
}

/// An old pool with one user, on a server of its own.
pub(crate) struct OldPool {
    pub(crate) server: TestServer,
    pub(crate) user_pool_id: String,
    pub(crate) client_id: String,
}

impl OldPool {
    /// An old pool as articles describe it: its app client allows `ADMIN_NO_SRP_AUTH` alone. Its user is
    /// `grace@example.com`, whose e-mail address is verified and who has a custom attribute.
    pub(crate) async fn start() -> Self {
        let server = start(Options::default()).await;
        let schema = json!([{"Name": "tier", "AttributeDataType": "String", "Mutable": true}]);
        let (_, made) = call(
            &server,
            "CreateUserPool",
            json!({"PoolName": "old", "Schema": schema}),
        )
        .await;
        let user_pool_id = made["UserPool"]["Id"].as_str().expect("a pool").to_owned();
        let client = json!({
            "UserPoolId": user_pool_id, "ClientName": "old", "ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH"],
        });
        let (_, made) = call(&server, "CreateUserPoolClient", client).await;
        let client_id = made["UserPoolClient"]["ClientId"]
            .as_str()
            .expect("an app client")
            .to_owned();
        let old = Self {
            server,
            user_pool_id,
            client_id,
        };
        old.add_user("grace@example.com").await;
        old
    }

    pub(crate) async fn add_user(&self, username: &str) {
        let user = json!({
            "UserPoolId": self.user_pool_id, "Username": username, "MessageAction": "SUPPRESS",
            "UserAttributes": [
                {"Name": "email", "Value": username}, {"Name": "email_verified", "Value": "true"},
                {"Name": "custom:tier", "Value": "gold"},
            ],
        });
        assert_eq!(call(&self.server, "AdminCreateUser", user).await.0, 200);
        let password = json!({
            "UserPoolId": self.user_pool_id, "Username": username, "Password": PASSWORD, "Permanent": true,
        });
        assert_eq!(call(&self.server, "AdminSetUserPassword", password).await.0, 200);
    }

    /// A functions file whose function `migration` is ours, in process, asking this pool.
    pub(crate) fn builtin_function(&self) -> String {
        format!(
            "[functions.\"{}\"]\nbuiltin = \"migration\"\nfrom = {{ kind = \"cognito\", endpoint = \"{}\", \
             region = \"us-east-1\", user_pool_id = \"{}\", client_id = \"{}\" }}\n",
            arn("migration"),
            self.server.url(),
            self.user_pool_id,
            self.client_id,
        )
    }

    /// The same with the Python handler of the article's kind, started as a child.
    pub(crate) fn article_function(&self) -> String {
        let env = format!(
            "OLD_USER_POOL_ID = \"{}\", OLD_CLIENT_ID = \"{}\", AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = \"{}\"",
            self.user_pool_id,
            self.client_id,
            self.server.url(),
        );
        python_function("migration", &env)
    }
}

impl Scene {
    /// A new pool with the trigger `migration` of this functions file.
    pub(crate) async fn with_migration(file: String) -> Self {
        Self::migrating(functions(file)).await
    }

    /// The same, with tokens under the issuer of the real service.
    pub(crate) async fn with_migration_and_issuer_of_aws(file: String) -> Self {
        Self::migrating(Options {
            issuer: Some(Issuer::Aws),
            ..functions(file)
        })
        .await
    }

    async fn migrating(options: Options) -> Self {
        let schema = json!([{"Name": "tier", "AttributeDataType": "String", "Mutable": true}]);
        let scene = Self::over(options, json!({"PoolName": "new", "Schema": schema})).await;
        scene.attach("migration").await;
        scene
    }

    /// `AdminGetUser`.
    pub(crate) async fn user(&self, username: &str) -> (u16, Value) {
        self.api(
            "AdminGetUser",
            json!({"UserPoolId": self.user_pool_id, "Username": username}),
        )
        .await
    }
}

/// The value of an attribute in an answer of `AdminGetUser`.
pub(crate) fn attribute<'u>(user: &'u Value, name: &str) -> Option<&'u str> {
    let attributes = user["UserAttributes"].as_array()?;
    attributes.iter().find(|attribute| attribute["Name"] == name)?["Value"].as_str()
}
