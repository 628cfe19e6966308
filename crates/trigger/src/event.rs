//! An event of a trigger, at either end of the wire.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::answer::{self, InvalidOutput};
use crate::header::Header;
use crate::payload::Payload;
use crate::sealed::Sealed;
use crate::wire::{Request, Response, Source, Trigger};

/// An event of the trigger `T`. It keeps the raw JSON, so that what it does not know goes back as it came.
pub struct Event<T: Trigger> {
    source: T::Source,
    header: Header,
    request: T::Request,
    raw: Sealed,
}

/// Why bytes are not an event. It quotes nothing of them: they may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEvent {
    /// Not JSON at all.
    #[error("the event is not JSON")]
    NotJson,
    /// JSON, but not an object with a `triggerSource`.
    #[error("the event is not an object with a triggerSource")]
    NoTriggerSource,
    /// `request` is missing, or a member of it has a kind that cannot be meant.
    #[error("the event's request is missing or malformed")]
    MalformedRequest,
}

impl<T: Trigger> Event<T> {
    /// The event that a pool sends, members in Cognito's order.
    #[must_use]
    pub fn new(source: T::Source, header: Header, request: T::Request) -> Self {
        let mut event = Map::new();
        let mut put = |name: &str, value: Value| event.insert(name.to_owned(), value);
        put("version", Value::from(T::VERSION));
        put("triggerSource", Value::from(source.as_str()));
        put("region", Value::from(header.region.as_str()));
        put("userPoolId", Value::from(header.user_pool_id.as_str()));
        put("userName", Value::from(header.user_name.as_str()));
        put("callerContext", header.caller_context.write());
        put("request", Value::Object(request.write()));
        put("response", Value::Object(T::Response::default().write()));
        Self {
            source,
            header,
            request,
            raw: Sealed(Value::Object(event)),
        }
    }

    /// Reads the event that a function was invoked with.
    ///
    /// # Errors
    /// [`NotAnEvent`] when there is nothing to answer to.
    pub fn parse(payload: &Payload) -> Result<Self, NotAnEvent> {
        let value = serde_json::from_slice(payload.as_bytes()).map_err(|_| NotAnEvent::NotJson)?;
        let raw = Sealed(value);
        let source = raw.object().get("triggerSource").and_then(Value::as_str);
        let source = T::Source::parse(source.ok_or(NotAnEvent::NoTriggerSource)?);
        let request = raw.object().get("request").filter(|request| request.is_object());
        let request = request
            .and_then(T::Request::read)
            .ok_or(NotAnEvent::MalformedRequest)?;
        Ok(Self {
            source,
            header: Header::read(raw.object()),
            request,
            raw,
        })
    }

    /// When the trigger fired.
    #[must_use]
    pub fn source(&self) -> &T::Source {
        &self.source
    }

    /// Pool, user name and caller.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What the event asks.
    #[must_use]
    pub fn request(&self) -> &T::Request {
        &self.request
    }

    /// The bytes of the event.
    #[must_use]
    pub fn payload(&self) -> Payload {
        Payload::of(&self.raw.0)
    }

    /// The answer that says nothing: the event as it came.
    #[must_use]
    pub fn unchanged(&self) -> Payload {
        self.payload()
    }

    /// The answer: the whole event, only `response` changed. What the response does not say stays as it came.
    #[must_use]
    pub fn respond(&self, response: &T::Response) -> Payload {
        let mut answer = self.raw.clone();
        if let Value::Object(event) = &mut answer.0 {
            let slot = event.entry("response").or_insert(Value::Null);
            if !slot.is_object() {
                *slot = Value::Object(Map::new());
            }
            if let Value::Object(members) = slot {
                let said = response.write().into_iter().filter(|(_, value)| !value.is_null());
                members.extend(said);
            }
        }
        Payload::of(&answer.0)
    }

    /// Reads what the function gave back for this event, as strictly as Cognito.
    ///
    /// # Errors
    /// [`InvalidOutput::InvalidJson`] when nothing or no JSON came; [`InvalidOutput::Unrecognizable`] when it is not
    /// this event (a member dropped, other casing, a `null` added) or a response member has a value that cannot be.
    pub fn read_answer(&self, payload: &Payload) -> Result<T::Response, InvalidOutput> {
        answer::read(&self.raw, payload)
    }

    /// The `version` member as text, of whatever JSON kind it came.
    #[must_use]
    pub fn version(&self) -> Option<Zeroizing<String>> {
        match self.raw.object().get("version")? {
            Value::String(text) => Some(Zeroizing::new(text.clone())),
            other => Some(Zeroizing::new(other.to_string())),
        }
    }
}

impl<T: Trigger> fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("trigger", &T::NAME)
            .field("source", &self.source)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}
