//! Act three: a forgotten password moves a user as well.

use super::super::cast::{DAN, FAY, NEW_POOL};
use super::super::stage::Stage;
use super::super::teller::{Step, Teller};
use super::{REFUSED, outcome};

const FAYS_NEW_PASSWORD: &str = "Fays-Password-2";
const DANS_NEW_PASSWORD: &str = "Dans-Password-2";

pub(super) async fn tell(stage: &Stage, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.act("Forgotten passwords")?;
    teller.tell(asks_for_a_code(stage).await?)?;
    teller.tell(sets_a_new_password(stage).await?)?;
    teller.tell(resets_what_was_due(stage).await?)?;
    teller.tell(unknown(stage).await?)?;
    Ok(())
}

async fn asks_for_a_code(stage: &Stage) -> anyhow::Result<Step> {
    let before = stage.witness.invocations();
    let mut step = Step::new("Fay, who has not moved yet, has forgotten her password (ForgotPassword)");
    let answer = stage.forgot_password(FAY.email).await?;
    step.done();
    let destination = answer.text("/CodeDeliveryDetails/Destination");
    step.expect(
        "CodeDeliveryDetails",
        "EMAIL",
        answer.text("/CodeDeliveryDetails/DeliveryMedium"),
    );
    step.expect(
        "invocations of the function",
        1,
        stage.witness.invocations() - before,
    );
    let user = stage.admin_get_user(NEW_POOL, FAY.email).await?;
    step.expect(
        "custom:plan",
        "silver",
        user.attribute("custom:plan").unwrap_or("absent"),
    );
    step.inside("The function found her profile in the old pool without a password; the new pool made her and sent a code");
    step.inside(format!(
        "to {destination}. Here all codes go to the outbox: {}/_rehome/outbox",
        stage.url
    ));
    Ok(step)
}

async fn sets_a_new_password(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("She sets a new password with the code and signs in");
    let confirmed = stage.reset_password(FAY.email, FAYS_NEW_PASSWORD).await?;
    let answer = stage.sign_in(FAY.email, FAYS_NEW_PASSWORD).await?;
    step.done();
    step.expect("ConfirmForgotPassword", 200, confirmed.status);
    step.expect("the answer", "tokens", outcome(&answer));
    let old = stage.sign_in(FAY.email, FAY.password).await?;
    step.expect("the answer to her old password", REFUSED, outcome(&old));
    step.inside("CONFIRMED in the new pool. Her old password opens nothing there.");
    Ok(step)
}

async fn resets_what_was_due(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Dan resets his password in the same way and signs in");
    stage.forgot_password(DAN.email).await?;
    let confirmed = stage.reset_password(DAN.email, DANS_NEW_PASSWORD).await?;
    let answer = stage.sign_in(DAN.email, DANS_NEW_PASSWORD).await?;
    step.done();
    step.expect("ConfirmForgotPassword", 200, confirmed.status);
    step.expect("the answer", "tokens", outcome(&answer));
    step.inside("What the old pool demanded has been done, in the new one.");
    Ok(step)
}

async fn unknown(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Somebody tries \"forgot password\" with an address that nobody has");
    let answer = stage.forgot_password("nobody@example.com").await?;
    step.done();
    step.expect(
        "CodeDeliveryDetails",
        "EMAIL",
        answer.text("/CodeDeliveryDetails/DeliveryMedium"),
    );
    let user = stage.admin_get_user(NEW_POOL, "nobody@example.com").await?;
    step.expect(
        "AdminGetUser",
        "UserNotFoundException",
        user.exception().unwrap_or("a user"),
    );
    step.inside("It looks as if a code were on its way. None is, and nothing was made: the function gave its event back as");
    step.inside("it came, rather than an error that would tell.");
    Ok(step)
}
