//! Act two: whatever was strict in the old pool is no less strict in the new one.

use super::super::cast::{BEN, CLEO, DAN, EVE, EVES_PHONE, NEW_POOL, Person};
use super::super::stage::Stage;
use super::super::teller::{Step, Teller};
use super::{REFUSED, outcome, refused};

pub(super) async fn tell(stage: &Stage, teller: &mut Teller<'_>) -> anyhow::Result<()> {
    teller.act("No account gets weaker on the way")?;
    teller.tell(unverified(stage).await?)?;
    teller.tell(disabled(stage).await?)?;
    teller.tell(reset_due(stage).await?)?;
    teller.tell(second_factor(stage).await?)?;
    teller.tell(unknown(stage).await?)?;
    Ok(())
}

async fn unverified(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Ben, whose e-mail address was never verified, signs in");
    let answer = stage.sign_in(BEN.email, BEN.password).await?;
    step.done();
    step.expect("the answer", "tokens", outcome(&answer));
    let user = stage.admin_get_user(NEW_POOL, BEN.email).await?;
    step.expect(
        "email_verified",
        "false",
        user.attribute("email_verified").unwrap_or("absent"),
    );
    step.inside("He moves, and email_verified stays false: it is carried over, never made up.");
    Ok(step)
}

async fn disabled(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Cleo, who was disabled, tries her right password");
    refused(stage, &mut step, &CLEO, CLEO.password).await?;
    step.inside(
        "The old pool said \"User is disabled.\"; the function refused, and Cleo hears what everybody hears.",
    );
    Ok(step)
}

async fn reset_due(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Dan, who has to reset his password, signs in with the old one");
    let answer = stage.sign_in(DAN.email, DAN.password).await?;
    step.done();
    step.expect("the answer", REFUSED, outcome(&answer));
    let user = stage.admin_get_user(NEW_POOL, DAN.email).await?;
    step.expect("UserStatus", "RESET_REQUIRED", user.text("/UserStatus"));
    step.inside("He is in the new pool now, RESET_REQUIRED as before. This app client hides who exists, so he hears the");
    step.inside("usual words; \"forgot password\" is his way in, below.");
    Ok(step)
}

async fn second_factor(stage: &Stage) -> anyhow::Result<Step> {
    let mut step = Step::new("Eve, who gets a code by SMS at each sign-in, signs in");
    let challenge = stage.sign_in(EVE.email, EVE.password).await?;
    step.expect("the answer", "SMS_MFA", outcome(&challenge));
    let code = stage
        .api
        .newest_code(NEW_POOL, EVES_PHONE)
        .await
        .unwrap_or_default();
    let answer = stage.answer_sms(&challenge, EVE.email, &code).await?;
    step.done();
    step.expect("the answer to the code", "tokens", outcome(&answer));
    step.inside("A challenge from the old pool is no success, but it proves the password: the function answered CONFIRMED");
    step.inside("with enableSMSMFA. The new pool sent a code of its own, and she gave it.");
    Ok(step)
}

async fn unknown(stage: &Stage) -> anyhow::Result<Step> {
    let nobody = Person {
        name: "A stranger",
        email: "nobody@example.com",
        password: "Nobodys-Password-1",
    };
    let mut step = Step::new(format!(
        "{}, whom neither pool knows, tries to sign in",
        nobody.name
    ));
    refused(stage, &mut step, &nobody, nobody.password).await?;
    step.inside("The same words again: a stranger cannot find out who has an account.");
    Ok(step)
}
