//! What every event carries beside request and response: whose pool, which user name, which app client.

use std::fmt;

use serde_json::{Map, Value};

/// The members that are common to all events.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// The Region of the pool, as in its id.
    pub region: String,
    /// The id of the pool that invokes.
    pub user_pool_id: String,
    /// In a migration the login exactly as the person typed it; elsewhere the user's name. May be empty.
    pub user_name: String,
    /// Who called the pool.
    pub caller_context: CallerContext,
}

/// Who called the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerContext {
    /// The caller's SDK, like `aws-sdk-js-2.1639.0`, else [`UNKNOWN_SDK`](crate::UNKNOWN_SDK).
    pub aws_sdk_version: String,
    /// The app client of the call, where it had one.
    pub client_id: Option<String>,
}

impl Header {
    pub(crate) fn read(event: &Map<String, Value>) -> Self {
        let caller = event.get("callerContext").unwrap_or(&Value::Null);
        Self {
            region: text(event.get("region")).unwrap_or_default(),
            user_pool_id: text(event.get("userPoolId")).unwrap_or_default(),
            user_name: text(event.get("userName")).unwrap_or_default(),
            caller_context: CallerContext {
                aws_sdk_version: text(caller.get("awsSdkVersion")).unwrap_or_default(),
                client_id: text(caller.get("clientId")),
            },
        }
    }
}

impl CallerContext {
    pub(crate) fn write(&self) -> Value {
        let mut members = Map::new();
        members.insert(
            "awsSdkVersion".to_owned(),
            Value::from(self.aws_sdk_version.as_str()),
        );
        if let Some(client_id) = &self.client_id {
            members.insert("clientId".to_owned(), Value::from(client_id.as_str()));
        }
        Value::Object(members)
    }
}

/// Without the user name: logins are not for logs.
impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header")
            .field("region", &self.region)
            .field("user_pool_id", &self.user_pool_id)
            .field("caller_context", &self.caller_context)
            .finish_non_exhaustive()
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}
