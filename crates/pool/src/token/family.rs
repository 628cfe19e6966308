//! What has become of a sign-in's tokens, as far as they cannot carry it: revoked, or refreshed in rotation.

use serde::{Deserialize, Serialize};

use crate::id::{Sub, UserPoolId};
use crate::time::Time;

/// All tokens of one sign-in. There is a record only once something has happened to them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TokenFamily {
    /// The pool.
    pub user_pool_id: UserPoolId,
    /// Whose tokens.
    pub sub: Sub,
    /// `origin_jti` of all of them.
    pub origin_jti: String,
    /// Whether they are worth nothing any more.
    pub revoked: bool,
    /// Where refresh tokens rotate, which of them count.
    #[serde(default)]
    pub rotation: Rotation,
    /// When the last of the tokens ends by itself; the record can go then.
    pub expires_at: Time,
    /// Counts the writes; a commit names the one it has read, 0 for a new record.
    pub version: i64,
}

/// The refresh tokens of a family that rotates, each known by its `jti`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rotation {
    /// The newest.
    pub current: Option<String>,
    /// The one that the newest was given for; good until the time beside it.
    pub previous: Option<(String, Time)>,
}
