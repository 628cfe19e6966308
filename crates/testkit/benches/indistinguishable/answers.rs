//! Answers by their form: what chance makes may differ, and nothing else.

use std::collections::BTreeMap;

use serde_json::Value;

/// How often each form of each member was seen, by the member's path.
#[derive(Default)]
pub(crate) struct Forms {
    seen: BTreeMap<String, BTreeMap<String, usize>>,
    answers: usize,
}

impl Forms {
    /// Notes an answer to somebody of this name.
    pub(crate) fn note(&mut self, status: u16, body: &Value, name: &str) {
        self.answers += 1;
        self.count("status", status.to_string());
        self.walk("$", body, name);
    }

    /// Which member tells these answers from those, if one does. A form counts that is common on one side and never seen on
    /// the other; two forms that both sides show may come at different rates by chance.
    pub(crate) fn difference(&self, other: &Self) -> Option<String> {
        let common = |forms: &Self, path: &str, form: &str| {
            let seen = forms.seen.get(path).and_then(|forms| forms.get(form));
            seen.copied().unwrap_or_default() as f64 / forms.answers.max(1) as f64
        };
        for (one, another) in [(self, other), (other, self)] {
            for (path, forms) in &one.seen {
                for form in forms.keys() {
                    if common(one, path, form) > 0.2 && common(another, path, form) < 0.01 {
                        return Some(format!("{path} is {form} on one side alone"));
                    }
                }
            }
        }
        None
    }

    fn walk(&mut self, path: &str, value: &Value, name: &str) {
        match value {
            Value::Object(members) => {
                // The order of members is part of the answer.
                let names: Vec<_> = members.keys().map(String::as_str).collect();
                self.count(path, names.join(","));
                for (member, value) in members {
                    self.walk(&format!("{path}.{member}"), value, name);
                }
            }
            Value::Array(items) => {
                self.count(path, format!("{} items", items.len()));
                for item in items {
                    self.walk(&format!("{path}[]"), item, name);
                }
            }
            Value::String(text) => self.count(path, form(path, text, name)),
            other => self.count(path, other.to_string()),
        }
    }

    fn count(&mut self, path: &str, form: String) {
        let forms = self.seen.entry(path.to_owned()).or_default();
        *forms.entry(form).or_default() += 1;
    }
}

/// Members that are the same for everybody, to the letter.
const FIXED: [&str; 6] = [
    "__type",
    "message",
    "ChallengeName",
    "DeliveryMedium",
    "AttributeName",
    "CODE_DELIVERY_DELIVERY_MEDIUM",
];

fn form(path: &str, text: &str, name: &str) -> String {
    let member = path.rsplit('.').next().unwrap_or_default();
    if FIXED.contains(&member) || member.starts_with("AvailableChallenges") {
        return format!("{text:?}");
    }
    if text == name {
        return "the name".to_owned();
    }
    let is = |of: fn(u8) -> bool| text.bytes().all(of);
    let made_of = if is(|b| b.is_ascii_hexdigit()) {
        "hexadecimal digits"
    } else if is(|b| b.is_ascii_hexdigit() || b == b'-') {
        "a UUID"
    } else if is(|b| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b)) {
        "Base64"
    } else {
        return format!("like {:?}", letters_aside(text));
    };
    format!("{made_of}, length {}", text.len())
}

/// A text with every letter and digit taken for another.
fn letters_aside(text: &str) -> String {
    let aside = |c: char| match c {
        'a'..='z' | 'A'..='Z' => 'a',
        '0'..='9' => '0',
        other => other,
    };
    text.chars().map(aside).collect()
}
