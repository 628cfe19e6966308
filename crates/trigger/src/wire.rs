//! What every trigger has: a name, trigger sources, a request and a response, and how these look on the wire.

use serde_json::{Map, Value};

/// One Lambda trigger of a user pool.
pub trait Trigger: Sized {
    /// The occasions on which the trigger fires.
    type Source: Source;
    /// What the event asks.
    type Request: Request;
    /// What the function may answer.
    type Response: Response;
    /// The name as error texts have it (`UserMigration failed with error …`).
    const NAME: &'static str;
    /// The `version` member of the event.
    const VERSION: &'static str = "1";
}

/// The `triggerSource` of an event; one that is not known is kept as it came.
pub trait Source: Clone + PartialEq + std::fmt::Debug {
    /// The wire text.
    fn as_str(&self) -> &str;
    /// The source of that text.
    fn parse(text: &str) -> Self;
}

/// The `request` of an event.
pub trait Request: Sized {
    /// Reads it tolerantly; `None` when a member has a kind that cannot be meant.
    fn read(value: &Value) -> Option<Self>;
    /// Its members in Cognito's order.
    fn write(&self) -> Map<String, Value>;
}

/// The `response` of an event; `Default` is the state in which the pool sends it.
pub trait Response: Default {
    /// Reads it strictly; `None` when Cognito would not recognise it.
    fn read(value: &Value) -> Option<Self>;
    /// Its members in Cognito's order, `null` for what is not said.
    fn write(&self) -> Map<String, Value>;
}

/// Object members of a value that serialises to an object.
pub(crate) fn members<T: serde::Serialize>(shape: &T) -> Map<String, Value> {
    match serde_json::to_value(shape) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Reads a shape; the error's text is dropped because it may quote a secret.
pub(crate) fn shape<T: serde::de::DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// Adds a member when there is something to say.
pub(crate) fn put_if_some(members: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value);
    }
}

/// Implements [`Request`] or [`Response`] for types whose serde form is the wire form.
macro_rules! wire_shape {
    ($($wire:ident for $shape:ty),+ $(,)?) => {$(
        impl $crate::wire::$wire for $shape {
            fn read(value: &serde_json::Value) -> Option<Self> {
                $crate::wire::shape(value)
            }

            fn write(&self) -> serde_json::Map<String, serde_json::Value> {
                $crate::wire::members(self)
            }
        }
    )+};
}

/// Declares the trigger sources of one trigger.
macro_rules! sources {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// When the trigger fires.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Source {
            $($(#[$doc])* $name,)+
            /// A source that this version does not know, kept as it came.
            Other(String),
        }

        impl $crate::wire::Source for Source {
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)+
                    Self::Other(text) => text,
                }
            }

            fn parse(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }
    };
}

pub(crate) use {sources, wire_shape};
