//! The validator's texts, word for word, and its promise to the typed requests.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::generated::typed::deserialises;

fn message(operation: Operation, body: &Value) -> String {
    validate(operation, body).unwrap_err().to_string()
}

/// A sign-up's confirmation, right but for the member that a test changes.
fn confirmation(change: (&str, Value)) -> Value {
    let mut body = json!({ "ClientId": "abc123", "Username": "taro", "ConfirmationCode": "123456" });
    body[change.0] = change.1;
    body
}

#[test]
fn a_code_with_spaces_breaks_its_pattern() {
    assert_eq!(
        message(
            Operation::ConfirmSignUp,
            &confirmation(("ConfirmationCode", json!("1 12 123")))
        ),
        r"1 validation error detected: Value '1 12 123' at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+"
    );
}

#[test]
fn an_empty_code_breaks_two_constraints_the_pattern_first() {
    assert_eq!(
        message(
            Operation::ConfirmSignUp,
            &confirmation(("ConfirmationCode", json!("")))
        ),
        r"2 validation errors detected: Value '' at 'confirmationCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [\S]+; Value '' at 'confirmationCode' failed to satisfy constraint: Member must have length greater than or equal to 1"
    );
}

#[test]
fn a_sensitive_value_is_left_out() {
    assert_eq!(
        message(
            Operation::ConfirmSignUp,
            &confirmation(("Username", json!("ta ro")))
        ),
        r"1 validation error detected: Value at 'username' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
    );
    let body = json!({ "ClientId": "abc123", "Username": "taro", "Password": "x".repeat(257) });
    assert_eq!(
        message(Operation::SignUp, &body),
        "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256"
    );
}

#[test]
fn a_missing_member_and_a_null_one_are_the_same() {
    let text = "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null";
    assert_eq!(
        message(Operation::AdminGetUser, &json!({ "Username": "taro" })),
        text
    );
    assert_eq!(
        message(
            Operation::AdminGetUser,
            &json!({ "Username": "taro", "UserPoolId": null })
        ),
        text
    );
}

#[test]
fn an_unknown_word_is_told_the_right_ones() {
    assert_eq!(
        message(
            Operation::InitiateAuth,
            &json!({ "AuthFlow": "NO_SUCH_FLOW", "ClientId": "abc123" })
        ),
        "1 validation error detected: Value 'NO_SUCH_FLOW' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [USER_SRP_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, USER_PASSWORD_AUTH, ADMIN_USER_PASSWORD_AUTH, USER_AUTH]"
    );
}

#[test]
fn elements_with_members_are_counted_from_one() {
    let body = json!({
        "UserPoolId": "us-east-1_AbCdEf123",
        "Username": "taro",
        "UserAttributes": [{ "Name": "email", "Value": "t@example.com" }, { "Name": "", "Value": "x".repeat(2049) }],
    });
    assert_eq!(
        message(Operation::AdminUpdateUserAttributes, &body),
        r"3 validation errors detected: Value '' at 'userAttributes.2.member.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+; Value '' at 'userAttributes.2.member.name' failed to satisfy constraint: Member must have length greater than or equal to 1; Value at 'userAttributes.2.member.value' failed to satisfy constraint: Member must have length less than or equal to 2048"
    );
}

#[test]
fn scalars_of_a_list_are_one_violation() {
    let body = json!({ "UserPoolId": "us-east-1_AbCdEf123", "ClientName": "web", "CallbackURLs": ["https://a", "b b"] });
    assert_eq!(
        message(Operation::CreateUserPoolClient, &body),
        r"1 validation error detected: Value '[https://a, b b]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+]"
    );
}

#[test]
fn a_sensitive_map_is_left_out_and_a_plain_one_quoted() {
    let long = "x".repeat(131_073);
    let mut body =
        json!({ "AuthFlow": "USER_SRP_AUTH", "ClientId": "abc123", "AuthParameters": { "USERNAME": long } });
    assert_eq!(
        message(Operation::InitiateAuth, &body),
        "1 validation error detected: Value at 'authParameters' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 131072, Member must have length greater than or equal to 0]"
    );
    body["AuthParameters"] = json!({});
    body["ClientMetadata"] = json!({ "a": null, "b": "c" });
    assert_eq!(
        message(Operation::InitiateAuth, &body),
        "1 validation error detected: Value '{a=null, b=c}' at 'clientMetadata' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 131072, Member must have length greater than or equal to 0, Member must not be null]"
    );
}

#[test]
fn numbers_have_their_ranges() {
    assert_eq!(
        message(Operation::ListUserPools, &json!({ "MaxResults": 61 })),
        "1 validation error detected: Value '61' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 60"
    );
    assert_eq!(
        message(Operation::ListUserPools, &json!({ "MaxResults": 0 })),
        "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
    );
}

#[test]
fn another_kind_of_json_does_not_serialise() {
    for (body, text) in [
        (json!([]), "Unexpected value type in payload"),
        (
            json!({ "MaxResults": "60" }),
            "STRING_VALUE can not be converted to an Integer",
        ),
        (
            json!({ "MaxResults": 1.5 }),
            "NUMBER_VALUE can not be converted to an Integer",
        ),
        (
            json!({ "MaxResults": 5_000_000_000_i64 }),
            "NUMBER_VALUE can not be converted to an Integer",
        ),
        (
            json!({ "MaxResults": [] }),
            "Start of list found where not expected",
        ),
        (
            json!({ "MaxResults": 1, "NextToken": 5 }),
            "NUMBER_VALUE can not be converted to a String",
        ),
    ] {
        let invalid = validate(Operation::ListUserPools, &body).unwrap_err();
        assert!(matches!(invalid, Invalid::Serialization(_)));
        assert_eq!(invalid.to_string(), text);
    }
}

#[test]
fn unknown_members_are_ignored() {
    let body = json!({ "MaxResults": 60, "Later": { "than": "us" } });
    assert_eq!(validate(Operation::ListUserPools, &body), Ok(()));
    assert!(deserialises(Operation::ListUserPools, &body).is_ok());
}

#[test]
fn debug_shows_no_code() {
    let invalid = validate(
        Operation::ConfirmSignUp,
        &confirmation(("ConfirmationCode", json!("1 12 123"))),
    );
    assert!(!format!("{invalid:?}").contains("1 12 123"));
}

#[test]
fn the_answer_to_a_hostile_body_stays_small() {
    let attributes: Vec<Value> = (0..10_000).map(|_| json!({})).collect();
    let body = json!({ "AccessToken": "a", "UserAttributes": attributes });
    assert!(message(Operation::UpdateUserAttributes, &body).starts_with("100 validation errors detected: "));
}

/// Bounds of one member, by name: least, greatest, pattern.
fn text(operation: Operation, member: &str) -> (Option<i64>, Option<i64>, Option<&'static str>) {
    let Kind::Structure(members) = &operation.input().kind else {
        panic!("{operation} has no members")
    };
    let member = members
        .iter()
        .find(|one| one.name == member)
        .expect("the member is in the model");
    match &member.shape.kind {
        Kind::Text { length, pattern } => (
            length.min,
            length.max,
            pattern.as_ref().map(crate::pattern::Pattern::as_str),
        ),
        kind => panic!("{kind:?}"),
    }
}

#[test]
fn the_members_used_most_have_their_constraints() {
    let word = r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+";
    assert_eq!(
        text(Operation::InitiateAuth, "ClientId"),
        (Some(1), Some(128), Some(r"[\w+]+"))
    );
    assert_eq!(
        text(Operation::InitiateAuth, "Session"),
        (Some(20), Some(4096), None)
    );
    assert_eq!(
        text(Operation::AdminGetUser, "UserPoolId"),
        (Some(1), Some(55), Some(r"[\w-]+_[0-9a-zA-Z]+"))
    );
    assert_eq!(
        text(Operation::AdminGetUser, "Username"),
        (Some(1), Some(128), Some(word))
    );
    assert_eq!(
        text(Operation::SignUp, "Password"),
        (None, Some(256), Some(r"[\S]+"))
    );
    assert_eq!(
        text(Operation::SignUp, "SecretHash"),
        (Some(1), Some(128), Some(r"[\w+=/]+"))
    );
    assert_eq!(
        text(Operation::ConfirmSignUp, "ConfirmationCode"),
        (Some(1), Some(2048), Some(r"[\S]+"))
    );
    assert_eq!(
        text(Operation::GetUser, "AccessToken"),
        (None, None, Some("[A-Za-z0-9-_=.]+"))
    );
    assert_eq!(
        text(Operation::CreateGroup, "GroupName"),
        (Some(1), Some(128), Some(word))
    );
    assert_eq!(
        text(Operation::CreateUserPool, "PoolName"),
        (Some(1), Some(128), Some(r"[\w\s+=,.@-]+"))
    );
    assert_eq!(text(Operation::ListUsers, "Filter").1, Some(256));
}

#[test]
fn the_catalogue_is_whole() {
    use crate::{Auth, ErrorKind};
    assert_eq!(Operation::ALL.len(), 141);
    let unsigned = Operation::ALL.iter().filter(|one| one.auth() == Auth::Unsigned);
    assert_eq!(unsigned.count(), 34);
    assert_eq!(Operation::ALL.iter().filter(|one| !one.has_output()).count(), 13);
    assert!(!Operation::AdminDeleteUser.has_output() && Operation::ChangePassword.has_output());
    assert_eq!(Operation::parse("InitiateAuth"), Some(Operation::InitiateAuth));
    assert_eq!(Operation::parse("initiateAuth"), None);

    assert_eq!(ErrorKind::ALL.len(), 59);
    let faults: Vec<_> = ErrorKind::ALL
        .iter()
        .filter(|kind| kind.status() == 500)
        .collect();
    assert_eq!(faults, [&ErrorKind::InternalError, &ErrorKind::InternalServer]);
    let reasons: Vec<_> = ErrorKind::ALL
        .iter()
        .filter(|kind| kind.has_reason_code())
        .collect();
    assert_eq!(reasons, [&ErrorKind::InvalidParameter]);
    for &operation in Operation::ALL {
        assert_eq!(Operation::parse(operation.as_str()), Some(operation));
        assert!(operation.errors().contains(&ErrorKind::InternalError) || operation.errors().len() > 3);
    }
}

/// Every table that a request can reach: patterns compile, bounds are in order, names are unique.
#[test]
fn every_table_is_sound() {
    fn walk(shape: &'static Shape, depth: usize) {
        assert!(depth < DEEPEST, "{} nests too deep", shape.name);
        match &shape.kind {
            Kind::Structure(members) => {
                for (index, member) in members.iter().enumerate() {
                    assert!(
                        members[..index].iter().all(|one| one.name != member.name),
                        "{}",
                        shape.name
                    );
                    assert!(member.path.eq_ignore_ascii_case(member.name));
                    walk(member.shape, depth + 1);
                }
            }
            Kind::List { member, length } => {
                sound(*length);
                walk(member, depth + 2);
            }
            Kind::Map { key, value, length } => {
                sound(*length);
                walk(key, depth + 1);
                walk(value, depth + 2);
            }
            Kind::Text { length, pattern } => {
                sound(*length);
                assert!(
                    pattern.as_ref().is_none_or(|one| one.regex().is_some()),
                    "{}",
                    shape.name
                );
            }
            Kind::Enumeration(names) => assert!(!names.is_empty()),
            Kind::Integer { range } | Kind::Long { range } => sound(*range),
            Kind::Blob { length } => sound(*length),
            Kind::Boolean | Kind::Timestamp | Kind::Document => {}
        }
    }
    fn sound(bounds: Bounds) {
        assert!(
            bounds
                .min
                .is_none_or(|min| bounds.max.is_none_or(|max| min <= max))
        );
    }
    for operation in Operation::ALL {
        walk(operation.input(), 0);
    }
}

/// Values near a shape: mostly right in kind, sometimes in constraint, now and then anything.
fn near(shape: &'static Shape) -> BoxedStrategy<Value> {
    let likely: BoxedStrategy<Value> = match &shape.kind {
        Kind::Structure(members) => members
            .iter()
            .map(|member| {
                let there = if member.required { 0.98 } else { 0.3 };
                proptest::option::weighted(there, near(member.shape)).prop_map(|value| (member.name, value))
            })
            .collect::<Vec<_>>()
            .prop_map(|members| {
                let there = members
                    .into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), value?)));
                Value::Object(there.collect())
            })
            .boxed(),
        Kind::List { member, .. } => proptest::collection::vec(near(member), 0..3)
            .prop_map(Value::Array)
            .boxed(),
        Kind::Map { value, .. } => {
            proptest::collection::vec(("[a-z]{1,8}|Level[1-4]|cognito:english", near(value)), 0..3)
                .prop_map(|entries| Value::Object(entries.into_iter().collect()))
                .boxed()
        }
        Kind::Text { .. } => prop_oneof![
            4 => Just(json!("abc_123")),
            1 => Just(json!("us-east-1_AbCdEf123")),
            1 => Just(json!("a".repeat(28))),
            1 => any::<String>().prop_map(Value::from),
        ]
        .boxed(),
        Kind::Enumeration(names) => proptest::sample::select(*names).prop_map(Value::from).boxed(),
        Kind::Integer { .. } | Kind::Long { .. } => {
            prop_oneof![5 => (0..60_i64).prop_map(Value::from), 1 => any::<i64>().prop_map(Value::from)]
                .boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Timestamp => any::<f64>().prop_map(Value::from).boxed(),
        Kind::Blob { .. } => Just(json!("AAEC")).boxed(),
        Kind::Document => anything(),
    };
    prop_oneof![60 => likely, 1 => anything()].boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec((any::<String>(), inner), 0..3)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
    .boxed()
}

/// What passes becomes the typed request; nothing makes the validator panic.
#[test]
fn what_passes_deserialises() {
    let mut passed = 0;
    for &operation in Operation::ALL {
        let body = near(operation.input());
        let mut runner = proptest::test_runner::TestRunner::new_with_rng(
            ProptestConfig {
                cases: 64,
                failure_persistence: None,
                ..ProptestConfig::default()
            },
            proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
        );
        let count = std::cell::Cell::new(0);
        let outcome = runner.run(&body, |body| {
            match validate(operation, &body) {
                Ok(()) => {
                    count.set(count.get() + 1);
                    let read = deserialises(operation, &body);
                    prop_assert!(read.is_ok(), "{}: {:?} {}", operation, read, body);
                }
                Err(invalid) => prop_assert!(!invalid.to_string().is_empty()),
            }
            Ok(())
        });
        assert!(outcome.is_ok(), "{operation}: {outcome:?}");
        passed += count.get();
    }
    assert!(passed > 1000, "the property is tried on {passed} bodies only");
}
