//! boto3 through a whole sign-up, and what follows it.

use serde_json::json;
use testkit::Options;

use crate::run::run_python;
use crate::scene;

#[tokio::test]
async fn boto3_signs_up_confirms_verifies_resets_and_deletes() {
    let server = scene::start(Options::default()).await;
    let context = json!({ "endpoint": server.url(), "region": "us-east-1" });
    run_python("boto3_sign_up.py", &context).await;
}
