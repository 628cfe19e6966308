//! The request rates of apps' endpoints: each counts as the operation of the API that does the same.

use model::Operation;
use pool::oauth::token::TokenError;

use crate::App;
use crate::quota::Draw;

/// Lets a request through.
///
/// # Errors
/// [`TokenError::TooManyRequests`].
pub(super) fn draw(app: &App, operation: Operation) -> Result<(), TokenError> {
    let draw = Draw {
        operation,
        challenge: None,
        user_pool_id: None,
    };
    let drawn = app.quotas().draw(draw, app.service().now());
    drawn.map_err(|category| {
        crate::telemetry::throttled(category);
        TokenError::TooManyRequests
    })
}
