//! The master keys of a database: it knows them, so that no node works on it with another.
//!
//! What is sealed opens under the key that sealed it alone. So the database holds a [`MasterKeyRecord`], made by whoever
//! comes first: which key seals, and a value under it that proves a key to be the very one. A node that is started with
//! another one is refused before it has written anything.
//!
//! One key takes the place of another while nodes serve: it is proposed, it seals, and what rests is sealed anew under it
//! ([`propose`], [`take_over`], [`Pass`]). What clients see of the pools does not tell: digests are made with a key of the
//! database's own, which goes from one record to the next.

mod all;
mod anew;
mod describe;
mod kept;
mod pass;
mod record;
mod rotation;
mod unlock;

pub use describe::{DescribedMasterKey, MasterKeyState, SHORT_LIVED, describe};
pub use pass::{Found, Pass, Progress, REQUESTS_END_WITHIN, let_go_of_former};
pub use record::{KnownMasterKey, MasterKeyRecord};
pub use rotation::{HEARD_WITHIN, LOOKS_EVERY, Proposal, RotationError, look, propose, take_over};
pub use unlock::{UnlockError, unlock};
