//! What hands one message on, once: to a mail server, to an SMS gateway.

use async_trait::async_trait;
use pool::ports::Message;

/// Hands messages of one medium on.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Hands the message on, once.
    ///
    /// # Errors
    /// [`CarrierFailed`] says whether another try can help. Its text is for the log: it holds neither the message nor the
    /// address.
    async fn carry(&self, message: &Message) -> Result<(), CarrierFailed>;
}

/// A message was not handed on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarrierFailed {
    /// Another try may do: unreachable, busy, slow.
    #[error("not now: {0}")]
    ForNow(String),
    /// No try will do: refused for good.
    #[error("refused: {0}")]
    ForGood(String),
}
