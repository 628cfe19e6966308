//! Sealing: what the pool gives away or writes down without trusting its keeper.
//!
//! Sessions, secret blocks and refresh tokens travel through clients; verifiers, signing keys and app client
//! secrets rest in the store. All are encrypted and authenticated with keys that come from one [`MasterKey`].
//!
//! Each [`Purpose`] has its own key (HKDF-SHA256, RFC 5869), and what a value is bound to (pool, app client, …)
//! is authenticated with it, so that nothing can be carried from one place to another. The cipher is
//! AES-256-GCM-SIV (RFC 8452) with a random 96-bit nonce. Values are sealed at every sign-in for years under one
//! key; should a nonce ever come twice, this cipher reveals no more than whether two whole values were equal,
//! where plain GCM would give up its authentication key.
//!
//! A sealed value is `version (1) ‖ key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)`: [`OVERHEAD`] bytes more
//! than its content. The key id names the master key, so that a new one can take over while values under a
//! former one still open.
//!
//! A database knows its master keys: see [`crate::master_key`].

mod keyring;
mod master_key;
mod purpose;
mod sealed;
mod sealer;

pub(crate) use keyring::DigestKey;
pub use master_key::{BadMasterKey, BadMasterKeys, MasterKey, MasterKeyId, MasterKeys};
pub use purpose::Purpose;
pub use sealed::{OVERHEAD, Sealed, Unopenable, master_key_id};
pub use sealer::{SealError, Sealer};
