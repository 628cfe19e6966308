//! What a pool accepts from a function: the event that it sent, with `response` filled in.
//!
//! Observed: Cognito refuses an answer in other casing, without `callerContext`, or with a `null` added where it sent
//! nothing. Members of `response` that it does not know it ignores.

use serde_json::{Map, Value};

use crate::payload::Payload;
use crate::sealed::Sealed;
use crate::wire::Response;

/// Why a function's answer cannot be used; the texts are those of Cognito's `InvalidLambdaResponseException`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOutput {
    /// Nothing came, or `null`, or no JSON.
    #[error("Invalid lambda function output : Invalid JSON")]
    InvalidJson,
    /// JSON, but not the event that was sent.
    #[error("Unrecognizable lambda output")]
    Unrecognizable,
}

pub(crate) fn read<R: Response>(sent: &Sealed, payload: &Payload) -> Result<R, InvalidOutput> {
    let answer = serde_json::from_slice(payload.as_bytes()).map_err(|_| InvalidOutput::InvalidJson)?;
    let answer = Sealed(answer);
    match &answer.0 {
        Value::Null => Err(InvalidOutput::InvalidJson),
        Value::Object(members) if is_the_event(sent.object(), members) => {
            let response = members.get("response").filter(|response| response.is_object());
            let response = response.ok_or(InvalidOutput::Unrecognizable)?;
            if recased(&R::default().write(), response) {
                return Err(InvalidOutput::Unrecognizable);
            }
            R::read(response).ok_or(InvalidOutput::Unrecognizable)
        }
        _ => Err(InvalidOutput::Unrecognizable),
    }
}

/// Every member that was sent is there in the same kind, and no `null` where nothing was sent. A function may drop
/// a member inside `request` (many remove the password before they log).
fn is_the_event(sent: &Map<String, Value>, answer: &Map<String, Value>) -> bool {
    let kept = sent.iter().all(|(name, value)| match answer.get(name) {
        Some(Value::Object(members)) if name != "response" => {
            value.as_object().is_some_and(|sent| adds_no_null(sent, members))
        }
        Some(other) => name == "response" || !value.is_object() && other.is_null() == value.is_null(),
        None => false,
    });
    kept && adds_no_null(sent, answer)
}

fn adds_no_null(sent: &Map<String, Value>, answer: &Map<String, Value>) -> bool {
    answer
        .iter()
        .all(|(name, value)| !value.is_null() || sent.contains_key(name))
}

/// A known member in another casing: what serialisers of other languages write.
fn recased(known: &Map<String, Value>, response: &Value) -> bool {
    let Some(members) = response.as_object() else {
        return true;
    };
    members
        .keys()
        .any(|name| !known.contains_key(name) && known.keys().any(|known| known.eq_ignore_ascii_case(name)))
}
