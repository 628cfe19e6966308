//! A JSON value that holds secrets: unprintable, and every string in it is zeroed on drop.

use std::fmt;

use serde_json::{Map, Value};
use zeroize::Zeroize;

/// The raw event. serde_json's recursion limit (128) bounds the depth of what was parsed.
#[derive(Clone)]
pub(crate) struct Sealed(pub(crate) Value);

impl Sealed {
    /// The members; an empty object when the value is none.
    pub(crate) fn object(&self) -> &Map<String, Value> {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        self.0.as_object().unwrap_or(&EMPTY)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
