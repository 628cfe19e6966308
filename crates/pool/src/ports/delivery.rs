//! A message that was accepted and is not delivered yet, as the store keeps it.

use serde::{Deserialize, Serialize};

use crate::time::Time;

/// A message on its way. What it says and to whom is sealed; the rest is what a carrier goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id: random, a UUID.
    pub id: String,
    /// When it is to be tried next. A node that takes it up moves this ahead, so that no other takes it at the same time;
    /// a node that dies leaves it to the others from then on.
    pub due_at: Time,
    /// When it was accepted.
    pub accepted_at: Time,
    /// How often it has been tried.
    pub attempts: u32,
    /// The message, sealed.
    #[serde(with = "crate::encoding::base64_bytes")]
    pub sealed_message: Vec<u8>,
}
