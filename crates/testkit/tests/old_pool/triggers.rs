//! Triggers of the old pool that stand in the way of a sign-in.

use std::sync::Arc;

use serde_json::Value;
use testkit::pair::{ANN, PASSWORD};
use testkit::{Answering, Options, pair};

use crate::scene::{OldPool, anns, later, moved};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:OldTrigger";

/// The old pool with a trigger that answers so.
async fn with_trigger<A>(trigger: &str, answer: A) -> OldPool
where
    A: Fn(Value) -> Result<Value, String> + Send + Sync + 'static,
{
    let options = Options {
        builtins: vec![(FUNCTION, Arc::new(Answering(answer)))],
        ..Options::default()
    };
    let settings =
        format!("custom_attributes = [\"plan\"]\nlambda_config = {{ {trigger} = \"{FUNCTION}\" }}");
    let pools = pair::old_pools_file().replace("custom_attributes = [\"plan\"]", &settings);
    OldPool::over(options, pools).await
}

#[tokio::test]
async fn a_trigger_that_refuses_or_breaks_is_no_wrong_password() {
    for trigger in ["PreAuthentication", "PostAuthentication", "PreTokenGeneration"] {
        let pool = with_trigger(trigger, |_| Err("not today".to_owned())).await;
        let sign_in = pool.function().sign_in(ANN, PASSWORD).await;
        assert_eq!(sign_in, later("trigger_failed"), "{trigger}");
        let pool = with_trigger(trigger, |_| Ok(Value::String("nonsense".to_owned()))).await;
        let sign_in = pool.function().sign_in(ANN, PASSWORD).await;
        assert_eq!(sign_in, later("trigger_failed"), "{trigger}");
    }
}

#[tokio::test]
async fn a_trigger_that_lets_people_in_changes_nothing() {
    let pool = with_trigger("PreAuthentication", Ok).await;
    let sign_in = pool.function().sign_in(ANN, PASSWORD).await;
    assert_eq!(sign_in, moved("active", "CONFIRMED".into(), &anns()));
}
