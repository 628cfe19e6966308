//! The outbox of a development server: messages are kept in memory, where `GET /_rehome/outbox` shows them.
//!
//! Codes are only here: never in a log, never in a `Debug`. The router lets loopback alone reach the handler.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use pool::ports::{Clock, Courier, DeliveryFailed, Message};
use pool::secret::ConfirmationCode;
use pool::time::Time;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// RFC 3339 in UTC, to the millisecond.
const RFC_3339: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// Keeps the newest messages and forgets older ones.
pub struct Outbox {
    clock: Arc<dyn Clock>,
    capacity: NonZeroUsize,
    kept: Mutex<VecDeque<(Time, Message)>>,
}

impl Outbox {
    /// How many messages [`Outbox::new`]'s caller keeps when nobody says otherwise: a day of hard development.
    pub const USUAL_CAPACITY: NonZeroUsize = match NonZeroUsize::new(1000) {
        Some(capacity) => capacity,
        None => NonZeroUsize::MIN,
    };

    /// An empty outbox that holds up to `capacity` messages; `clock` tells when each came.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, capacity: NonZeroUsize) -> Self {
        Self {
            clock,
            capacity,
            kept: Mutex::new(VecDeque::new()),
        }
    }

    /// All kept messages as a JSON array, newest last, of `{"at", "userPoolId", "username", "medium": "EMAIL"|"SMS",
    /// "destination", "subject", "body", "code"}`; `at` is RFC 3339 in UTC, `subject` is `null` for a text
    /// message, `code` for a message that carries none.
    ///
    /// # Errors
    /// When a message cannot be written as JSON, which its types rule out.
    pub fn messages_json(&self) -> serde_json::Result<Vec<u8>> {
        let kept = self.kept();
        serde_json::to_vec(
            &kept
                .iter()
                .map(|(at, message)| Shown::of(*at, message))
                .collect::<Vec<_>>(),
        )
    }

    /// Forgets every message.
    pub fn clear(&self) {
        self.kept().clear();
    }

    /// No holder of the lock can leave the queue half changed, so a poisoned one is as good.
    fn kept(&self) -> std::sync::MutexGuard<'_, VecDeque<(Time, Message)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Courier for Outbox {
    async fn send(&self, message: Message) -> Result<(), DeliveryFailed> {
        let at = self.clock.now();
        let mut kept = self.kept();
        while kept.len() >= self.capacity.get() {
            kept.pop_front();
        }
        kept.push_back((at, message));
        Ok(())
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox({} messages)", self.kept().len())
    }
}

/// `GET /_rehome/outbox`: [`Outbox::messages_json`], never cached.
///
/// # Errors
/// Status 500 when the messages cannot be written as JSON.
pub async fn outbox_handler(State(outbox): State<Arc<Outbox>>) -> Result<Response, http::StatusCode> {
    let json = outbox
        .messages_json()
        .map_err(|_| http::StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok((
        [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")],
        json,
    )
        .into_response())
}

/// One message as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    at: String,
    user_pool_id: &'a str,
    username: &'a str,
    medium: &'a str,
    destination: &'a str,
    subject: Option<&'a str>,
    body: &'a str,
    code: Option<&'a str>,
}

impl<'a> Shown<'a> {
    fn of(at: Time, message: &'a Message) -> Self {
        Self {
            at: rfc_3339(at),
            user_pool_id: message.user_pool_id.as_str(),
            username: message.username.as_str(),
            medium: message.medium.as_str(),
            destination: &message.destination,
            subject: message.subject.as_deref(),
            body: message.body.expose(),
            code: message.code.as_ref().map(ConfirmationCode::expose),
        }
    }
}

/// A moment beyond the years that the calendar has reads as 1970; no clock shows one.
fn rfc_3339(at: Time) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(&RFC_3339)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use pool::id::{UserPoolId, Username};
    use pool::ports::{Medium, MessageBody};

    use super::*;

    struct Fixed;

    impl Clock for Fixed {
        fn now(&self) -> Time {
            Time(1_795_230_000_123)
        }
    }

    fn message(code: &str) -> Message {
        Message {
            user_pool_id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
            username: Username::parse("ann").unwrap(),
            medium: Medium::Email,
            destination: "ann@example.com".to_owned(),
            subject: Some("Your code".to_owned()),
            body: MessageBody::new(format!("Your code is {code}")),
            code: Some(ConfirmationCode::new(code.to_owned())),
        }
    }

    fn outbox(capacity: usize) -> Outbox {
        Outbox::new(Arc::new(Fixed), NonZeroUsize::new(capacity).unwrap())
    }

    fn shown(outbox: &Outbox) -> serde_json::Value {
        serde_json::from_slice(&outbox.messages_json().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_message_is_shown_with_its_code() {
        let outbox = outbox(10);
        outbox.send(message("123456")).await.unwrap();
        let expected = serde_json::json!([{
            "at": "2026-11-21T03:00:00.123Z",
            "userPoolId": "us-east-1_AbCdEf123",
            "username": "ann",
            "medium": "EMAIL",
            "destination": "ann@example.com",
            "subject": "Your code",
            "body": "Your code is 123456",
            "code": "123456",
        }]);
        assert_eq!(shown(&outbox), expected);
    }

    #[tokio::test]
    async fn a_text_message_has_no_subject() {
        let outbox = outbox(10);
        outbox
            .send(Message {
                medium: Medium::Sms,
                subject: None,
                ..message("1")
            })
            .await
            .unwrap();
        assert_eq!(shown(&outbox)[0]["subject"], serde_json::Value::Null);
        assert_eq!(shown(&outbox)[0]["medium"], "SMS");
    }

    #[tokio::test]
    async fn the_newest_is_last_and_the_oldest_goes_first() {
        let outbox = outbox(2);
        for code in ["1", "2", "3"] {
            outbox.send(message(code)).await.unwrap();
        }
        let codes: Vec<_> = shown(&outbox)
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["code"].clone())
            .collect();
        assert_eq!(codes, ["2", "3"]);
        outbox.clear();
        assert_eq!(shown(&outbox), serde_json::json!([]));
    }

    #[tokio::test]
    async fn an_outbox_is_never_printed() {
        let outbox = outbox(2);
        outbox.send(message("canary")).await.unwrap();
        assert_eq!(format!("{outbox:?}"), "Outbox(1 messages)");
    }

    #[tokio::test]
    async fn the_handler_answers_json_that_nobody_caches() {
        let outbox = Arc::new(outbox(2));
        let response = outbox_handler(State(outbox)).await.unwrap();
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    }
}
