//! The five things outside that the rules need, each behind one small trait.

mod clock;
mod courier;
mod delivery;
mod entropy;
mod functions;
mod store;

pub use clock::{Clock, SystemClock};
pub use courier::{Courier, DeliveryFailed, Medium, Message, MessageBody};
pub use delivery::Delivery;
pub use entropy::{Entropy, SystemEntropy};
pub use functions::{FunctionArn, Functions, InvokeError};
pub use store::{
    AppClientPage, Change, Conflict, Store, StoreError, Unready, UserCursor, UserFilter, UserPage,
    UserPoolPage, UserQuery,
};
