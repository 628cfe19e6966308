//! Act one: the sign-in that moves a user, and those after it.

use super::super::cast::{ANN, NEW_POOL};
use super::super::stage::Stage;
use super::super::teller::{Step, Teller};
use super::{outcome, refused};

pub(super) async fn tell(stage: &Stage, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.act("First sign-ins")?;
    teller.tell(wrong_password(stage).await?)?;
    let (step, refresh_token) = right_password(stage).await?;
    teller.tell(step)?;
    teller.tell(moved(stage).await?)?;
    teller.tell(again(stage).await?)?;
    teller.tell(with_srp(stage).await?)?;
    teller.tell(refresh(stage, &refresh_token).await?)?;
    Ok(())
}

async fn wrong_password(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Ann signs in to the new pool and mistypes her password");
    refused(stage, &mut step, &ANN, "Not-Anns-Password-1").await?;
    step.inside(
        "The new pool has no Ann, so it asked the function; the function asked the old pool, which said no.",
    );
    step.inside("The answer: \"Incorrect username or password.\" The new pool is as empty as before.");
    Ok(step)
}

async fn right_password(stage: &Stage) -> anyhow::Result<(Step, String)> {
    let before = stage.witness.invocations();
    let mut step = Step::new("Ann signs in with the password that she has always had");
    let answer = stage.sign_in(ANN.email, ANN.password).await?;
    step.done();
    step.expect("the answer", "tokens", outcome(&answer));
    step.expect(
        "invocations of the function",
        1,
        stage.witness.invocations() - before,
    );
    step.inside("The function proved the password at the old pool (AdminInitiateAuth), read the profile (AdminGetUser)");
    step.inside("and answered CONFIRMED. The new pool made the user and gave tokens in the same request.");
    Ok((step, answer.text("/AuthenticationResult/RefreshToken").to_owned()))
}

async fn moved(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("An administrator looks her up in the new pool (AdminGetUser)");
    let answer = stage.admin_get_user(NEW_POOL, ANN.email).await?;
    step.done();
    step.expect("UserStatus", "CONFIRMED", answer.text("/UserStatus"));
    let wanted = [
        ("email", ANN.email),
        ("email_verified", "true"),
        ("given_name", "Ann"),
        ("custom:plan", "gold"),
        ("custom:visits", "12"),
    ];
    for (name, value) in wanted {
        step.expect(name, value, answer.attribute(name).unwrap_or("absent"));
    }
    let shown: Vec<_> = wanted
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    step.inside("CONFIRMED, with every attribute that she had:");
    step.inside(shown.join(", "));
    Ok(step)
}

async fn again(stage: &Stage) -> anyhow::Result<Step> {
    let before = stage.witness.invocations();
    let mut step = Step::new("Ann signs in again");
    let answer = stage.sign_in(ANN.email, ANN.password).await?;
    step.done();
    step.expect("the answer", "tokens", outcome(&answer));
    step.expect(
        "invocations of the function",
        0,
        stage.witness.invocations() - before,
    );
    step.inside("The new pool knows her now: no function ran, the old pool was not asked.");
    Ok(step)
}

async fn with_srp(stage: &Stage) -> anyhow::Result<Step> {
    let before = stage.witness.invocations();
    let mut step = Step::new("Ann signs in with SRP, as Amplify does");
    let answer = stage.sign_in_with_srp(&ANN).await?;
    step.done();
    step.expect("the answer", "tokens", outcome(&answer));
    step.expect(
        "invocations of the function",
        0,
        stage.witness.invocations() - before,
    );
    step.inside("The password never left her side, and the pool keeps none: only an SRP verifier, sealed.");
    Ok(step)
}

async fn refresh(stage: &Stage, refresh_token: &str) -> anyhow::Result<Step> {
    let mut step = Step::new("Her app renews the tokens of the first sign-in (REFRESH_TOKEN_AUTH)");
    let answer = stage.refresh(refresh_token).await?;
    step.done();
    step.expect("the answer", "tokens", outcome(&answer));
    step.inside("The tokens of the sign-in that moved her are tokens like any others.");
    Ok(step)
}
