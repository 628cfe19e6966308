//! What comes next in a sign-in: the first proof that is still missing, or the end.

use super::challenge::Outcome;
use super::step::{Course, Step};
use super::{new_password, sms_mfa};
use crate::error::Error;
use crate::token;
use crate::user::{User, UserStatus};

/// The next question, or tokens. Every proof that was given is in `course`; `user` is as stored after the last of them.
pub(super) async fn next(step: &Step<'_>, course: Course, user: User) -> Result<Outcome, Error> {
    if user.status == UserStatus::ForceChangePassword {
        return new_password::ask(step, course, &user).map(Outcome::Challenge);
    }
    if !course.second_factor && sms_mfa::is_due(step.pool(), &user) {
        return sms_mfa::ask(step, course, &user).await.map(Outcome::Challenge);
    }
    finish(step, &user)
}

/// The user is in.
fn finish(step: &Step<'_>, user: &User) -> Result<Outcome, Error> {
    let subject = step.subject;
    token::issue_at_sign_in(step.service, &subject.pool, &subject.client.client, user).map(Outcome::Tokens)
}
