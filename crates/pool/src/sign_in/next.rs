//! What follows a right password.

use super::challenge::Outcome;
use super::{new_password, sms_mfa};
use crate::error::Error;
use crate::service::Service;
use crate::subject::Subject;
use crate::token;
use crate::user::{User, UserStatus};

/// One more question, or tokens.
pub(super) async fn after_password(
    service: &Service,
    subject: &Subject,
    user: User,
) -> Result<Outcome, Error> {
    if user.status == UserStatus::ForceChangePassword {
        return new_password::ask(service, subject, &user).map(Outcome::Challenge);
    }
    if sms_mfa::is_due(&subject.pool.pool, &user) {
        return sms_mfa::ask(service, subject, &user)
            .await
            .map(Outcome::Challenge);
    }
    token::issue_at_sign_in(service, &subject.pool, &subject.client.client, &user).map(Outcome::Tokens)
}
