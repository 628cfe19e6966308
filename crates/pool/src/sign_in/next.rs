//! What comes next in a sign-in: the first proof that is still missing, or the end.

use trigger::pre_token_generation::Source;

use super::challenge::Outcome;
use super::choice::Person;
use super::device::{self, Standing};
use super::step::{Course, Step};
use super::{custom, new_password, post_authentication, second_factor};
use crate::error::Error;
use crate::token::{self, Grant};
use crate::user::{User, UserStatus};

/// The next question, or tokens. Every proof that was given is in `course`; `user` is as stored after the last of them.
pub(super) async fn next(step: &Step<'_>, course: Course, user: User) -> Result<Outcome, Error> {
    let course = course.noting_answer(step);
    let (course, device) = device::recognise(step, course, &user).await?;
    if user.status == UserStatus::ForceChangePassword && !course.is_up_to_the_functions() {
        return new_password::ask(step, course, &user).map(Outcome::Challenge);
    }
    if let Some(challenge) = device::ask_in_place(step, &course, &user, device.clone()).await? {
        return Ok(Outcome::Challenge(challenge));
    }
    if let Some(challenge) = second_factor::ask(step, &course, &user).await? {
        return Ok(Outcome::Challenge(challenge));
    }
    if course.is_up_to_the_functions() {
        let login = step.username()?;
        let user = Some(user);
        return custom::go_on(step, course, Person { login, user }).await;
    }
    if let Some(challenge) = device::ask_last(step, &course, &user, device).await? {
        return Ok(Outcome::Challenge(challenge));
    }
    finish(step, &course, &user).await
}

/// The user is in: the tokens are decided, then the last trigger hears of it, then they are given. On a page there are none yet.
async fn finish(step: &Step<'_>, course: &Course, user: &User) -> Result<Outcome, Error> {
    if step.is_on_page() {
        post_authentication::fire(step, user, false).await?;
        return Ok(Outcome::SignedIn(Box::new(user.clone())));
    }
    let grant = Grant {
        service: step.service,
        pool: &step.subject.pool,
        client: &step.subject.client.client,
        user,
        caller: step.caller,
        source: if course.device == Some(Standing::Proven) {
            Source::AuthenticateDevice
        } else if course.chose_password {
            Source::NewPasswordChallenge
        } else {
            Source::Authentication
        },
    };
    let (device_key, new_device) = device::of_tokens(step, course);
    let mut tokens = token::issue_at_sign_in(&grant, device_key).await?;
    post_authentication::fire(step, user, new_device.is_some()).await?;
    tokens.new_device = new_device;
    Ok(Outcome::Tokens(tokens))
}
