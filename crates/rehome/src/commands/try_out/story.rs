//! The story: people of the old pool come to the new one. Each step is a real request, and checks what came of it.

mod first_sign_ins;
mod forgotten_passwords;
mod not_weaker;

use super::cast::{NEW_POOL, OLD_POOL, Person};
use super::stage::Stage;
use super::teller::{Step, Teller, Told};
use crate::api_client::Answer;
use crate::terminal::Terminal;

/// What everybody is told who cannot sign in, whatever the reason.
const REFUSED: &str = "NotAuthorizedException: Incorrect username or password.";

/// Tells the whole story.
pub(super) async fn tell(stage: &Stage, terminal: &mut Terminal) -> anyhow::Result<Told> {
    let mut teller = Teller::new(terminal);
    teller.opening(
        "rehome try: users of an old pool move to a new one, with their passwords",
        &[
            format!("old pool  {OLD_POOL}  8 users; nobody but they knows their passwords"),
            format!("new pool  {NEW_POOL}  empty; its trigger UserMigration calls the migration function"),
            format!(
                "both on   {}, as any AWS client sees them; the function asks the old pool over HTTP",
                stage.url
            ),
        ],
    )?;
    first_sign_ins::tell(stage, &mut teller).await?;
    not_weaker::tell(stage, &mut teller).await?;
    forgotten_passwords::tell(stage, &mut teller).await?;
    teller.act("Who has moved")?;
    teller.tell(who_has_moved(stage).await?)?;
    Ok(teller.end()?)
}

/// Counts both pools.
async fn who_has_moved(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("An administrator looks at both pools");
    let old = count(stage, OLD_POOL).await?;
    let new = count(stage, NEW_POOL).await?;
    step.done();
    step.expect("users of the old pool", 8, old);
    step.expect("users of the new pool", 5, new);
    step.inside(format!(
        "{new} of {old} users are in the new pool; the old pool is as it was. Cleo stays out, Gil and Hana"
    ));
    step.inside("have not come yet: the function goes on as long as there is anybody to wait for.");
    Ok(step)
}

async fn count(stage: &Stage, user_pool_id: &str) -> anyhow::Result<usize> {
    let users = stage
        .api
        .call("ListUsers", &serde_json::json!({ "UserPoolId": user_pool_id }))
        .await?;
    Ok(users.body["Users"].as_array().map_or(0, Vec::len))
}

/// `tokens`, the challenge's name, or the refusal with its text: what a client would make of an answer.
fn outcome(answer: &Answer) -> String {
    if answer.has_tokens() {
        return "tokens".to_owned();
    }
    match (answer.exception(), answer.text("/ChallengeName")) {
        (Some(exception), _) => format!("{exception}: {}", answer.text("/message")),
        (None, "") => "an empty answer".to_owned(),
        (None, challenge) => challenge.to_owned(),
    }
}

/// Whether the new pool has the person.
async fn is_in_new_pool(stage: &Stage, person: &Person) -> anyhow::Result<bool> {
    let answer = stage.admin_get_user(NEW_POOL, person.email).await?;
    Ok(answer.exception() != Some("UserNotFoundException"))
}

/// Tries to sign somebody in who is to be refused and to leave nothing behind.
async fn refused(stage: &Stage, step: &mut Step, person: &Person, password: &str) -> anyhow::Result<()> {
    let answer = stage.sign_in(person.email, password).await?;
    step.done();
    step.expect("the answer", REFUSED, outcome(&answer));
    step.expect("in the new pool", false, is_in_new_pool(stage, person).await?);
    Ok(())
}
