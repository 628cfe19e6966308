//! Custom sign-ins by unmodified clients, against a Python handler under AWS's own runtime interface client.

use serde_json::{Value, json};
use testkit::{Options, TestServer};

use crate::run::{run_node, run_python};
use crate::scene::{PASSWORD, arn, python, scripts, start};

const POOL: &str = "us-east-1_CustomAuth";
const CLIENT: &str = "customclient";

/// A pool whose triggers all call the handler, and its user.
async fn pool_with_handler() -> (TestServer, Value) {
    let function = arn("dogs");
    let pools = format!(
        r#"
[[user_pools]]
id = "{POOL}"
users = [{{ username = "ann", password = "{PASSWORD}" }}]
app_clients = [{{ id = "{CLIENT}", explicit_auth_flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }}]

[user_pools.lambda_config]
DefineAuthChallenge = "{function}"
CreateAuthChallenge = "{function}"
VerifyAuthChallengeResponse = "{function}"
PreTokenGenerationConfig = {{ LambdaVersion = "V2_0", LambdaArn = "{function}" }}
"#
    );
    let functions = format!(
        "[functions.\"{function}\"]\nspawn = [{:?}, \"-m\", \"awslambdaric\", \"custom_auth_handler.lambda_handler\"]\n\
         env = {{ PYTHONPATH = {:?}, PYTHONDONTWRITEBYTECODE = \"1\" }}\n",
        python().display().to_string(),
        scripts("python").display().to_string(),
    );
    let server = start(Options {
        pools,
        functions,
        ..Options::default()
    })
    .await;
    let scene = json!({
        "endpoint": server.url(), "region": "us-east-1", "userPoolId": POOL, "clientId": CLIENT,
        "username": "ann", "password": PASSWORD,
    });
    (server, scene)
}

#[tokio::test]
async fn boto3_answers_the_questions_of_a_python_handler() {
    let (server, scene) = pool_with_handler().await;
    run_python("custom_auth.py", &scene).await;
    server.stop().await.unwrap();
}

#[tokio::test]
async fn identity_js_and_amplify_answer_them_without_a_password_and_after_it() {
    let (server, scene) = pool_with_handler().await;
    run_node("custom_auth.mjs", &scene).await;
    server.stop().await.unwrap();
}
