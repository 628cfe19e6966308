//! The master keys of a database: it knows them, so that no node works on it with another.
//!
//! What is sealed opens under the key that sealed it alone. So the database holds a [`MasterKeyRecord`], made by whoever
//! comes first: which key seals, and a value under it that proves a key to be the very one. A node that is started with
//! another one is refused before it has written anything.

mod record;
mod unlock;

pub use record::{KnownMasterKey, MasterKeyRecord};
pub use unlock::{UnlockError, unlock};
