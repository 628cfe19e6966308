//! What a later release has written in a record stays in it when this one writes the record anew.
//!
//! While nodes are replaced one by one, a record that a newer node has written comes to an older one, whose types know
//! nothing of a member that was added since. Rules see the record without it; here it gets it back.

use serde_json::Value;

/// Members that hold a thing, or a list of such things, each with the member by which one is told from the next. A thing is replaced
/// as a whole, and what was said of the one is not true of the other. All other objects are settings or counts, and stay the same
/// whatever changes in them.
const THINGS: &[(&str, &str)] = &[
    ("credential", "sealed_verifier"),
    ("pending", "sealed_secret"),
    ("verified", "sealed_secret"),
    ("passkeys", "credential_id"),
    ("open_sign_in", "id"),
    ("signing_keys", "id_token"),
    ("keys", "id"),
    ("schema", "name"),
    ("resource_servers", "identifier"),
    ("scopes", "name"),
    ("prefix", "name"),
    ("custom", "name"),
    ("managed_login", "id"),
];

/// Members that hold such things by names of their own.
const THINGS_BY_NAME: &[(&str, &str)] = &[("codes", "digest")];

/// Puts into `new` what `stored` holds beside `known`, wherever its object is still there. `known` is what this release
/// makes of `stored`, written down again.
pub(crate) fn carry(stored: Value, known: &Value, new: &mut Value) {
    let (Value::Object(stored), Value::Object(known), Value::Object(new)) = (stored, known, new) else {
        return;
    };
    for (name, stored) in stored {
        match (known.get(&name), new.get_mut(&name)) {
            (None, None) => {
                new.insert(name, stored);
            }
            (Some(known), Some(new)) => carry_member(&name, stored, known, new),
            // Known and gone.
            _ => {}
        }
    }
}

fn carry_member(name: &str, stored: Value, known: &Value, new: &mut Value) {
    match (stored, known, new) {
        (Value::Array(stored), Value::Array(known), Value::Array(new)) => {
            carry_list(key_of(THINGS, name), stored, known, new);
        }
        (Value::Object(stored), known, new) if key_of(THINGS_BY_NAME, name).is_some() => {
            let key = key_of(THINGS_BY_NAME, name);
            for (name, stored) in stored {
                if let (Some(known), Some(new)) = (known.get(&name), new.get_mut(&name))
                    && is_same(key, known, new)
                {
                    carry(stored, known, new);
                }
            }
        }
        (stored, known, new) => {
            let key = key_of(THINGS, name);
            if key.is_none() || is_same(key, known, new) {
                carry(stored, known, new);
            }
        }
    }
}

/// Others may have come or gone before an element; what tells it from the rest finds it again.
fn carry_list(key: Option<&str>, stored: Vec<Value>, known: &[Value], new: &mut [Value]) {
    if stored.len() != known.len() {
        return;
    }
    for (stored, known) in stored.into_iter().zip(known) {
        if let Some(new) = new.iter_mut().find(|new| is_same(key, known, new)) {
            carry(stored, known, new);
        }
    }
}

/// The member that tells the things of this name apart, where it holds things.
fn key_of(things: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    things
        .iter()
        .find_map(|(member, key)| (*member == name).then_some(*key))
}

/// Whether two are the same thing; what has no key is compared whole.
fn is_same(key: Option<&str>, one: &Value, other: &Value) -> bool {
    match key {
        Some(key) => one.get(key) == other.get(key),
        None => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is written when a record that is `stored`, and `known` here, becomes `new`.
    fn carried(stored: Value, known: &Value, mut new: Value) -> Value {
        carry(stored, known, &mut new);
        new
    }

    #[test]
    fn a_member_that_is_not_known_stays_at_every_depth() {
        let stored = json!({ "a": 1, "later": [1], "settings": { "b": 2, "later": { "x": 1 } } });
        let known = json!({ "a": 1, "settings": { "b": 2 } });
        let new = json!({ "a": 9, "settings": { "b": 8 } });
        assert_eq!(
            carried(stored, &known, new),
            json!({ "a": 9, "later": [1], "settings": { "b": 8, "later": { "x": 1 } } })
        );
    }

    #[test]
    fn what_was_known_and_is_gone_stays_gone() {
        let stored = json!({ "attributes": { "email": "a", "name": "b" }, "codes": { "X": { "d": 1 } } });
        let new = json!({ "attributes": { "email": "a" }, "codes": {} });
        assert_eq!(carried(stored.clone(), &stored, new.clone()), new);
    }

    #[test]
    fn nothing_is_carried_from_one_thing_to_the_next() {
        let stored = json!({
            "credential": { "n": 1, "sealed_verifier": "v", "later": 1 },
            "codes": { "A": { "digest": "a", "later": 2 }, "B": { "digest": "b", "tries": 0, "later": 3 } },
        });
        let known = json!({
            "credential": { "n": 1, "sealed_verifier": "v" },
            "codes": { "A": { "digest": "a" }, "B": { "digest": "b", "tries": 0 } },
        });
        let new = json!({
            "credential": { "n": 1, "sealed_verifier": "w" },
            "codes": { "A": { "digest": "c" }, "B": { "digest": "b", "tries": 1 } },
        });
        let expected = json!({
            "credential": { "n": 1, "sealed_verifier": "w" },
            "codes": { "A": { "digest": "c" }, "B": { "digest": "b", "tries": 1, "later": 3 } },
        });
        assert_eq!(carried(stored, &known, new), expected);
    }

    #[test]
    fn elements_of_lists_are_found_again() {
        let list = |key: &str| {
            let stored = json!({ key: [{ "name": 1, "later": "a" }, { "n": 0, "name": 2, "later": "b" }, { "name": 3, "later": "c" }] });
            let known = json!({ key: [{ "name": 1 }, { "n": 0, "name": 2 }, { "name": 3 }] });
            let new = json!({ key: [{ "name": 4 }, { "name": 3 }, { "n": 7, "name": 2 }] });
            carried(stored, &known, new)
        };
        assert_eq!(
            list("schema"),
            json!({ "schema": [{ "name": 4 }, { "name": 3, "later": "c" }, { "n": 7, "name": 2, "later": "b" }] })
        );
        // Without a member that tells them apart, those that are as they were.
        assert_eq!(
            list("others"),
            json!({ "others": [{ "name": 4 }, { "name": 3, "later": "c" }, { "n": 7, "name": 2 }] })
        );
    }

    /// Holds the tables above against a type: a thing cannot be without what tells it from others.
    fn is_told_by<T: serde::de::DeserializeOwned>(member: &str, mut thing: Value) {
        let key = key_of(THINGS, member).or_else(|| key_of(THINGS_BY_NAME, member));
        assert!(serde_json::from_value::<T>(thing.clone()).is_ok(), "{member}");
        thing.as_object_mut().unwrap().remove(key.unwrap());
        assert!(serde_json::from_value::<T>(thing).is_err(), "{member}");
    }

    #[test]
    fn every_thing_has_what_tells_it_from_others() {
        let credential = json!({ "sealed_verifier": "AA==", "set_at": 1, "generation": 1 });
        is_told_by::<pool::user::Credential>("credential", credential);
        let token = json!({ "sealed_secret": "AA==", "friendly_name": null, "last_step": 1 });
        is_told_by::<pool::user::SoftwareToken>("pending", token.clone());
        is_told_by::<pool::user::SoftwareToken>("verified", token);
        let code = json!({
            "digest": "AA==", "issued_at": 1, "expires_at": 1, "window_started_at": 1, "sent": 1, "wrong_tries": 0,
        });
        is_told_by::<pool::user::IssuedCode>("codes", code);
        let passkey = json!({
            "credential_id": "a", "public_key": "AA==", "sign_count": 0, "relying_party_id": "a", "friendly_name": "a",
            "attachment": null, "transports": [], "created_at": 1,
        });
        is_told_by::<pool::web_authn::Passkey>("passkeys", passkey);
        let open = json!({
            "id": "a", "client_id": "a", "generation": 1, "known_by": [], "course": {}, "expires_at": 1,
        });
        is_told_by::<pool::device::OpenSignIn>("open_sign_in", open);
        let keys = json!({ "id_token": "AA==", "access_token": "AA==", "signs_from": 1 });
        is_told_by::<pool::user_pool::KeyPair>("signing_keys", keys);
        let attribute =
            json!({ "name": "a", "attribute_type": "String", "required": false, "mutable": true });
        is_told_by::<pool::attribute::SchemaAttribute>("schema", attribute);
        let scope = json!({ "name": "a", "description": "a" });
        is_told_by::<pool::resource_server::ResourceServerScope>("scopes", scope);
        let server = json!({ "identifier": "a", "name": "a", "scopes": [] });
        is_told_by::<pool::resource_server::ResourceServer>("resource_servers", server);
        let domain = json!({ "name": "a", "custom": null, "managed_login_version": 1 });
        is_told_by::<pool::user_pool_domain::UserPoolDomain>("prefix", domain.clone());
        is_told_by::<pool::user_pool_domain::UserPoolDomain>("custom", domain);
        let style = json!({
            "id": "a", "use_cognito_provided_values": true, "settings": null, "assets": [], "created_at": 1,
            "modified_at": 1,
        });
        is_told_by::<pool::branding::ManagedLoginBranding>("managed_login", style);
    }
}
