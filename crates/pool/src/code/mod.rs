//! Codes that are sent to people: how they are drawn, kept, compared and announced.
//!
//! A user holds one code for each [`CodePurpose`](crate::user::CodePurpose), as a keyed digest. A new one takes its place; what
//! has happened within the hour goes over from one to the next, so that asking again forgives nothing.

mod delivery;
mod new_code;
mod pretence;
mod proof;
mod window;

use crate::seal::Purpose;
use crate::secret::ConfirmationCode;
use crate::service::Service;
use crate::user::User;
use crate::user_pool::UserPool;

pub use delivery::CodeDelivery;
pub(crate) use delivery::{masked, simulated_delivery};
pub(crate) use new_code::NewCode;
pub(crate) use pretence::{pretend_to_compare, pretend_to_send};
pub(crate) use proof::prove;

/// What is kept of a code: a keyed digest, bound to pool and user. Six digits alone could be guessed from a plain one.
pub(crate) fn digest(service: &Service, pool: &UserPool, user: &User, code: &ConfirmationCode) -> Vec<u8> {
    let parts = [pool.id.as_str(), user.sub.as_str(), code.expose()];
    service.sealer.digest(Purpose::Code, &parts).to_vec()
}

/// Whether `code` is the one of `digest`; in constant time.
pub(crate) fn matches(
    service: &Service,
    pool: &UserPool,
    user: &User,
    code: &ConfirmationCode,
    kept: &[u8],
) -> bool {
    subtle::ConstantTimeEq::ct_eq(digest(service, pool, user, code).as_slice(), kept).into()
}
