//! The error document of Lambda, read and written: `{"errorType": …, "errorMessage": …}`.
//!
//! The texts are Lambda's own, since the pool quotes `errorMessage` to clients. Source: "Lambda runtime API" in
//! Lambda's guide; Observed: the texts of an exit and of a time-out.

use std::time::Duration;

use pool::ports::InvokeError;
use serde::Deserialize;

/// The two members that matter; runtimes add stack traces and more.
#[derive(Deserialize)]
struct ErrorDocument {
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    #[serde(rename = "errorMessage")]
    error_message: Option<String>,
}

/// Reads an error document. Where the type is missing, `fallback_type` stands for it; where nothing can be read,
/// the message is empty, as Lambda leaves it.
pub(super) fn read(bytes: &[u8], fallback_type: &str) -> InvokeError {
    let (error_type, message) = serde_json::from_slice::<ErrorDocument>(bytes)
        .map(|document| (document.error_type, document.error_message))
        .unwrap_or_default();
    InvokeError::Failed {
        error_type: error_type
            .filter(|text| !text.is_empty())
            .unwrap_or_else(|| fallback_type.to_owned()),
        message: message.unwrap_or_default(),
    }
}

/// Reads an answer that has to be an error document to be one, and is no answer of a trigger.
pub(super) fn read_if_one(bytes: &[u8]) -> Option<InvokeError> {
    let members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(bytes).ok()?;
    let text = |name: &str| members.get(name)?.as_str().map(str::to_owned);
    let document = (text("errorType")?, text("errorMessage")?);
    let (error_type, message) = document;
    (!members.contains_key("response")).then_some(InvokeError::Failed { error_type, message })
}

/// The runtime ended: `reason` is like `Runtime exited with error: exit status 1`.
pub(super) fn exited(request_id: &str, reason: &str) -> InvokeError {
    failed("Runtime.ExitError", Some(request_id), reason)
}

/// The program could not be started.
pub(super) fn not_started(request_id: &str, program: &str, reason: &str) -> InvokeError {
    failed(
        "Runtime.InvalidEntrypoint",
        Some(request_id),
        &format!("fork/exec {program}: {reason}"),
    )
}

/// The function took longer than its own time-out. A function in this process has no request id.
pub(super) fn timed_out(request_id: Option<&str>, timeout: Duration) -> InvokeError {
    let reason = format!("Task timed out after {:.2} seconds", timeout.as_secs_f64());
    failed("Sandbox.Timedout", request_id, &reason)
}

/// The answer is larger than Lambda carries.
pub(super) fn too_large() -> InvokeError {
    InvokeError::Failed {
        error_type: "Function.ResponseSizeTooLarge".to_owned(),
        message: format!(
            "Response payload size exceeded maximum allowed payload size ({} bytes).",
            super::MAX_ANSWER_BYTES
        ),
    }
}

fn failed(error_type: &str, request_id: Option<&str>, reason: &str) -> InvokeError {
    let message = request_id.map_or_else(
        || reason.to_owned(),
        |id| format!("RequestId: {id} Error: {reason}"),
    );
    InvokeError::Failed {
        error_type: error_type.to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(error_type: &str, message: &str) -> InvokeError {
        InvokeError::Failed {
            error_type: error_type.to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn the_message_of_a_document_is_read() {
        let document = br#"{"errorMessage":"no","errorType":"ValueError","stackTrace":[]}"#;
        assert_eq!(read(document, "Unhandled"), failure("ValueError", "no"));
        assert_eq!(
            read(br#"{"errorMessage":"slow"}"#, "Unhandled"),
            failure("Unhandled", "slow")
        );
    }

    #[test]
    fn a_document_that_cannot_be_read_has_an_empty_message() {
        for bytes in [&b""[..], b"oops", b"[]", br#"{"errorMessage":1}"#] {
            assert_eq!(read(bytes, "Unhandled"), failure("Unhandled", ""));
        }
    }

    #[test]
    fn an_event_is_no_error_document() {
        assert_eq!(
            read_if_one(br#"{"errorType":"A","errorMessage":"b","response":{}}"#),
            None
        );
        assert_eq!(read_if_one(b"null"), None);
        assert_eq!(
            read_if_one(br#"{"errorType":"A","errorMessage":"b"}"#),
            Some(failure("A", "b"))
        );
    }

    #[test]
    fn a_time_out_reads_as_in_lambda() {
        let expected = failure(
            "Sandbox.Timedout",
            "RequestId: 1-2 Error: Task timed out after 3.00 seconds",
        );
        assert_eq!(timed_out(Some("1-2"), Duration::from_secs(3)), expected);
    }
}
