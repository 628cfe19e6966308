//! The *migrate user* event at both ends of the wire, and what a pool accepts as its answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what fails here fails the test"
)]

use proptest::prelude::*;
use serde_json::{Value, json};
use trigger::migrate_user::{DeliveryMedium, FinalUserStatus, MessageAction, Request, Response, Source};
use trigger::{
    Attributes, CallerContext, Event, Header, InvalidOutput, MigrateUser, NotAnEvent, Password, Payload,
    UNKNOWN_SDK,
};

const SIGN_IN: &str = include_str!("events/sign_in.json");

fn header() -> Header {
    Header {
        region: "eu-central-1".to_owned(),
        user_pool_id: "eu-central-1_EXAMPLE01".to_owned(),
        user_name: "someone@example.com".to_owned(),
        caller_context: CallerContext {
            aws_sdk_version: UNKNOWN_SDK.to_owned(),
            client_id: Some("1example23456789abcdefghij".to_owned()),
        },
    }
}

fn sign_in() -> Event<MigrateUser> {
    let request = Request {
        password: Some(Password::new("Canary-Pass-1")),
        ..Request::default()
    };
    Event::new(Source::Authentication, header(), request)
}

fn value(payload: &Payload) -> Value {
    serde_json::from_slice(payload.as_bytes()).unwrap()
}

fn payload(value: &Value) -> Payload {
    Payload::from_bytes(serde_json::to_vec(value).unwrap())
}

/// What the pool makes of the sign-in event after `change` was done to it.
fn answered(change: impl FnOnce(&mut Value)) -> Result<Response, InvalidOutput> {
    let event = sign_in();
    let mut answer = value(&event.payload());
    change(&mut answer);
    event.read_answer(&payload(&answer))
}

#[test]
fn a_sign_in_is_sent_member_by_member_as_cognito_sends_it() {
    let as_cognito = serde_json::from_str::<Value>(SIGN_IN).unwrap();
    assert_eq!(
        sign_in().payload().as_bytes(),
        serde_json::to_vec(&as_cognito).unwrap()
    );
}

#[test]
fn a_forgotten_password_sends_no_password_and_client_metadata_only_if_there_is_some() {
    let event = Event::<MigrateUser>::new(Source::ForgotPassword, header(), Request::default());
    let sent = value(&event.payload());
    assert_eq!(sent["triggerSource"], "UserMigration_ForgotPassword");
    assert_eq!(
        sent["request"],
        json!({ "validationData": null, "userAttributes": null })
    );

    let client_metadata = Some([("tenant", "blue")].into_iter().collect());
    let event = Event::<MigrateUser>::new(
        Source::ForgotPassword,
        header(),
        Request {
            client_metadata,
            ..Request::default()
        },
    );
    assert_eq!(
        value(&event.payload())["request"]["clientMetadata"],
        json!({ "tenant": "blue" })
    );
}

#[test]
fn a_function_reads_what_the_pool_sent() {
    let event = Event::<MigrateUser>::parse(&sign_in().payload()).unwrap();
    assert_eq!(event.source(), &Source::Authentication);
    assert_eq!(event.header(), &header());
    assert_eq!(
        event.request().password.as_ref().unwrap().expose(),
        "Canary-Pass-1"
    );
}

#[test]
fn null_absent_and_any_kind_of_version_are_alike_to_the_function() {
    let sparse = json!({
        "version": 0,
        "triggerSource": "UserMigration_ForgotPassword",
        "userName": "someone",
        "callerContext": null,
        "request": { "password": null, "clientMetadata": { "a": null, "b": 1 } },
    });
    let event = Event::<MigrateUser>::parse(&payload(&sparse)).unwrap();
    assert!(event.request().password.is_none());
    assert!(event.request().validation_data.is_none());
    assert_eq!(
        event.request().client_metadata,
        Some([("b", "1")].into_iter().collect())
    );
    assert_eq!(event.version().unwrap().as_str(), "0");
    assert_eq!(value(&event.unchanged()), sparse);
}

#[test]
fn an_unknown_trigger_source_is_kept() {
    let mut sent = value(&sign_in().payload());
    sent["triggerSource"] = "UserMigration_Telepathy".into();
    let event = Event::<MigrateUser>::parse(&payload(&sent)).unwrap();
    assert_eq!(
        event.source(),
        &Source::Other("UserMigration_Telepathy".to_owned())
    );
    assert_eq!(value(&event.unchanged()), sent);
}

#[test]
fn what_is_no_event_is_told_without_quoting_it() {
    let parse = |bytes: &[u8]| Event::<MigrateUser>::parse(&Payload::from_bytes(bytes.to_vec())).unwrap_err();
    assert_eq!(parse(b"Canary{"), NotAnEvent::NotJson);
    assert_eq!(parse(b"\xff\xfe"), NotAnEvent::NotJson);
    assert_eq!(parse(b"[]"), NotAnEvent::NoTriggerSource);
    assert_eq!(
        parse(br#"{"triggerSource":"UserMigration_Authentication"}"#),
        NotAnEvent::MalformedRequest
    );
    let wrong_kind = br#"{"triggerSource":"UserMigration_Authentication","request":{"password":["Canary"]}}"#;
    let error = parse(wrong_kind);
    assert_eq!(error, NotAnEvent::MalformedRequest);
    assert!(!format!("{error} {error:?}").contains("Canary"));
}

#[test]
fn an_answer_is_the_whole_event_with_only_the_response_changed() {
    let event = Event::<MigrateUser>::parse(&sign_in().payload()).unwrap();
    let response = Response {
        user_attributes: Some(
            [("email", "someone@example.com"), ("email_verified", "true")]
                .into_iter()
                .collect(),
        ),
        final_user_status: Some(FinalUserStatus::Confirmed),
        message_action: Some(MessageAction::Suppress),
        force_alias_creation: Some(false),
        ..Response::default()
    };
    let answer = event.respond(&response);
    let mut expected = value(&sign_in().payload());
    expected["response"] = json!({
        "userAttributes": { "email": "someone@example.com", "email_verified": "true" },
        "forceAliasCreation": false,
        "enableSMSMFA": null,
        "finalUserStatus": "CONFIRMED",
        "messageAction": "SUPPRESS",
        "desiredDeliveryMediums": null,
    });
    assert_eq!(answer.as_bytes(), serde_json::to_vec(&expected).unwrap());
    assert_eq!(sign_in().read_answer(&answer), Ok(response));
}

#[test]
fn no_debug_form_shows_a_password_a_login_or_an_attribute_value() {
    let event = sign_in();
    let attributes: Attributes = [("email", "someone@example.com")].into_iter().collect();
    let shown = format!(
        "{event:?} {:?} {:?} {attributes:?} {:?}",
        event.request(),
        event.header(),
        event.payload()
    );
    assert!(!shown.contains("Canary") && !shown.contains("someone"), "{shown}");
}

#[test]
fn nothing_and_no_json_are_invalid_json() {
    for bytes in [&b""[..], b"null", b"{\"version\":", b"\xff"] {
        let answer = sign_in().read_answer(&Payload::from_bytes(bytes.to_vec()));
        assert_eq!(answer, Err(InvalidOutput::InvalidJson));
    }
    assert_eq!(
        InvalidOutput::InvalidJson.to_string(),
        "Invalid lambda function output : Invalid JSON"
    );
}

#[test]
fn what_is_not_the_event_is_unrecognizable() {
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 13] = [
        ("a text", |answer| *answer = "done".into()),
        ("the response alone", |answer| {
            *answer = json!({ "response": answer["response"] });
        }),
        ("no response", |answer| {
            drop(answer.as_object_mut().unwrap().remove("response"));
        }),
        ("a null response", |answer| answer["response"] = Value::Null),
        ("no callerContext", |answer| {
            drop(answer.as_object_mut().unwrap().remove("callerContext"));
        }),
        ("a null callerContext", |answer| {
            answer["callerContext"] = Value::Null;
        }),
        ("pascal case", |answer| {
            let members = std::mem::take(answer.as_object_mut().unwrap());
            *answer = members
                .into_iter()
                .map(|(k, v)| (k[..1].to_uppercase() + &k[1..], v))
                .collect();
        }),
        ("pascal case in the response", |answer| {
            answer["response"]["UserAttributes"] = json!({ "email": "a@b.c" });
        }),
        ("a null that was not sent", |answer| {
            answer["request"]["clientMetadata"] = Value::Null;
        }),
        ("a null at the top", |answer| answer["comment"] = Value::Null),
        ("a boolean attribute", |answer| {
            answer["response"]["userAttributes"] = json!({ "email_verified": true });
        }),
        ("a null attribute", |answer| {
            answer["response"]["userAttributes"] = json!({ "email": null });
        }),
        ("another status", |answer| {
            answer["response"]["finalUserStatus"] = "FORCE_CHANGE_PASSWORD".into();
        }),
    ];
    for (what, change) in changes {
        assert_eq!(answered(change), Err(InvalidOutput::Unrecognizable), "{what}");
    }
    assert_eq!(
        InvalidOutput::Unrecognizable.to_string(),
        "Unrecognizable lambda output"
    );
}

#[test]
fn unknown_response_members_a_removed_password_and_another_version_are_let_pass() {
    let response = answered(|answer| {
        answer["version"] = 1.into();
        answer["request"].as_object_mut().unwrap().remove("password");
        answer["response"]["note"] = json!([1, 2]);
        answer["response"]["userAttributes"] = json!({ "email": "a@b.c" });
        answer["response"]["desiredDeliveryMediums"] = json!(["EMAIL", "SMS"]);
        answer["response"]["finalUserStatus"] = "RESET_REQUIRED".into();
    })
    .unwrap();
    assert_eq!(response.user_attributes.unwrap().get("email"), Some("a@b.c"));
    assert_eq!(
        response.desired_delivery_mediums,
        Some(vec![DeliveryMedium::Email, DeliveryMedium::Sms])
    );
    assert_eq!(response.final_user_status, Some(FinalUserStatus::ResetRequired));
}

#[test]
fn resend_counts_as_absent_and_no_attributes_as_none() {
    let response = answered(|answer| {
        answer["response"]["messageAction"] = "RESEND".into();
        answer["response"]["userAttributes"] = json!({});
    })
    .unwrap();
    assert_eq!(response, Response::default());
}

#[test]
fn an_event_that_comes_back_unchanged_says_nothing() {
    assert_eq!(
        sign_in().read_answer(&sign_in().payload()),
        Ok(Response::default())
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..4)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn any_event_survives_unchanged(
        source in ".*",
        version in any_json(),
        password in any::<Option<String>>(),
        extras in prop::collection::vec((any::<String>(), any_json()), 0..6),
        in_request in prop::collection::vec(("x[a-z]{0,4}", any_json()), 0..4),
    ) {
        let mut event: serde_json::Map<String, Value> = extras.into_iter().collect();
        let mut request: serde_json::Map<String, Value> = in_request.into_iter().collect();
        request.insert("password".to_owned(), password.clone().into());
        event.insert("version".to_owned(), version);
        event.insert("triggerSource".to_owned(), source.into());
        event.insert("request".to_owned(), Value::Object(request));
        let bytes = serde_json::to_vec(&event).unwrap();
        let parsed = Event::<MigrateUser>::parse(&Payload::from_bytes(bytes.clone())).unwrap();
        let unchanged = parsed.unchanged();
        prop_assert_eq!(unchanged.as_bytes(), &bytes[..]);
        prop_assert_eq!(parsed.request().password.as_ref().map(|p| p.expose().to_owned()), password);
    }

    #[test]
    fn any_bytes_are_an_event_or_an_error_and_never_a_panic(bytes in any::<Vec<u8>>()) {
        let payload = Payload::from_bytes(bytes);
        let _ = Event::<MigrateUser>::parse(&payload);
        let _ = sign_in().read_answer(&payload);
    }
}
