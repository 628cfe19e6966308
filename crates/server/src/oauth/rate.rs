//! The request rates of apps' endpoints: each counts as the operation of the API that does the same.

use model::Operation;
use pool::oauth::token::TokenError;

use crate::App;
use crate::app::TryAgainLater;
use crate::http::Record;
use crate::quota::Draw;

/// Lets a request through.
///
/// # Errors
/// [`TokenError::TooManyRequests`].
pub(super) fn draw(app: &App, operation: Operation, record: Option<&Record>) -> Result<(), TokenError> {
    let draw = Draw {
        operation,
        challenge: None,
        user_pool_id: None,
    };
    let admitted = app.admit(draw, record);
    admitted.map_err(|TryAgainLater| TokenError::TooManyRequests)
}
