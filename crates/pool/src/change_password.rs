//! `ChangePassword`: a signed-in user chooses another password. Tokens stay good, as with Cognito.
//!
//! Source: *Quotas in Amazon Cognito*: five requests per user and hour. Chosen: wrong passwords and changes count, so that
//! whoever holds a token that is not theirs has few guesses; a new password against the policy does not.

use trigger::Password;

use crate::error::{Error, text};
use crate::secret::AccessToken;
use crate::service::Service;
use crate::sign_in::credential_matches_or;
use crate::subject::Subject;
use crate::token::authorize;
use crate::user::{Credential, User, UserStatus, update_user};
use crate::user_pool::password_policy::Operation;

/// How often an hour.
const LIMIT: u32 = 5;

/// `ChangePassword`.
#[derive(Debug)]
pub struct ChangePassword {
    /// Whose password.
    pub access_token: AccessToken,
    /// The password so far; a user without one needs none.
    pub previous_password: Option<Password>,
    /// The new one.
    pub proposed_password: Password,
}

/// Changes the password.
///
/// # Errors
/// Those of [`authorize`]; [`Error::NotAuthorized`] when the previous password is wrong or the user is locked for now;
/// [`Error::LimitExceeded`] after five tries in an hour; [`Error::PasswordResetRequired`] when a reset is due;
/// [`Error::InvalidPassword`] when the new one breaks the policy, [`Error::PasswordHistoryPolicyViolation`] when the user
/// had it before.
pub async fn change_password(service: &Service, request: &ChangePassword) -> Result<(), Error> {
    let bearer = authorize(service, &request.access_token).await?;
    let subject = Subject {
        pool: bearer.pool,
        client: bearer.client,
    };
    let pool = &subject.pool.pool;
    let mut user = bearer.user;
    if user.status == UserStatus::ResetRequired {
        return Err(Error::PasswordResetRequired(text::RESET_REQUIRED.into()));
    }
    let now = service.now();
    user.password_changes.check(LIMIT, now)?;
    if user.credential.is_some() {
        let previous = request.previous_password.as_ref();
        let previous =
            previous.ok_or_else(|| Error::InvalidParameter(text::missing_parameter("PreviousPassword")))?;
        // Judged again on the state that it is counted in: of many guesses at once no more than these are answered.
        let count = |user: &mut User| {
            user.password_changes.check(LIMIT, now)?;
            user.password_changes = user.password_changes.after_one_more(now);
            Ok(())
        };
        user = credential_matches_or(service, &subject, user, previous, count).await?;
    }
    pool.settings
        .password_policy
        .check(&request.proposed_password, Operation::ChangePassword)?;
    user.check_history(service, pool, &request.proposed_password)?;
    let former = user.credential.as_ref();
    let credential = Credential::new(service, pool, &user.username, &request.proposed_password, former)?;
    let generation = former.map(|former| former.generation);
    update_user(service, pool, user, |user| {
        // The proof was about the password that was; a newer one is not to be overwritten by it.
        if user.credential.as_ref().map(|current| current.generation) != generation {
            return Err(Error::not_authorized(text::INCORRECT));
        }
        user.password_changes.check(LIMIT, now)?;
        user.password_changes = user.password_changes.after_one_more(now);
        user.credential = Some(credential.clone());
        user.modified_at = now;
        Ok(())
    })
    .await?;
    Ok(())
}
