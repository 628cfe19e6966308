//! Every other trigger: the event as AWS documents its shape, read by a function, answered, read by the pool.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what fails here fails the test"
)]

use serde_json::{Value, json};
use trigger::{
    CallerContext, Event, Header, Payload, Request as _, Response as _, Source as _, Trigger, UNKNOWN_SDK,
};

/// Sends an event of that request, holds the wire against `request` and `response`, answers, and reads the answer.
#[allow(
    clippy::needless_pass_by_value,
    reason = "the callers read better with the JSON in place"
)]
fn round_trip<T: Trigger>(source: &str, request: Value, blank: Value, answer: Value) -> T::Response {
    let header = Header {
        region: "us-east-1".to_owned(),
        user_pool_id: "us-east-1_EXAMPLE01".to_owned(),
        user_name: "jane".to_owned(),
        caller_context: CallerContext {
            aws_sdk_version: UNKNOWN_SDK.to_owned(),
            client_id: None,
        },
    };
    let read = T::Request::read(&request).expect("the request is read");
    let sent = Event::<T>::new(T::Source::parse(source), header, read);
    let wire: Value = serde_json::from_slice(sent.payload().as_bytes()).unwrap();
    assert_eq!(wire["triggerSource"], source);
    assert_eq!(wire["version"], T::VERSION);
    assert_eq!(wire["callerContext"], json!({ "awsSdkVersion": UNKNOWN_SDK }));
    assert_eq!(wire["request"], request);
    assert_eq!(wire["response"], blank);

    let event = Event::<T>::parse(&sent.payload()).unwrap();
    let response = T::Response::read(&answer).expect("the answer is read");
    let answered = event.respond(&response);
    let wire: Value = serde_json::from_slice(answered.as_bytes()).unwrap();
    for (name, value) in answer.as_object().unwrap() {
        assert_eq!(&wire["response"][name], value);
    }
    let mut boolean = wire.clone();
    boolean["response"] = json!([]);
    assert!(
        sent.read_answer(&Payload::from_bytes(boolean.to_string().into_bytes()))
            .is_err()
    );
    sent.read_answer(&answered).unwrap()
}

fn jane() -> Value {
    json!({ "email": "jane@example.com", "sub": "5f2b1c1e-0000-4000-8000-000000000001" })
}

#[test]
fn pre_sign_up() {
    let response = round_trip::<trigger::pre_sign_up::PreSignUp>(
        "PreSignUp_SignUp",
        json!({ "userAttributes": jane(), "validationData": null }),
        json!({ "autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false }),
        json!({ "autoConfirmUser": true, "autoVerifyEmail": true, "autoVerifyPhone": false }),
    );
    assert_eq!(response.auto_confirm_user, Some(true));
}

#[test]
fn post_confirmation() {
    round_trip::<trigger::post_confirmation::PostConfirmation>(
        "PostConfirmation_ConfirmForgotPassword",
        json!({ "userAttributes": jane(), "clientMetadata": { "from": "app" } }),
        json!({}),
        json!({}),
    );
}

#[test]
fn pre_authentication() {
    round_trip::<trigger::pre_authentication::PreAuthentication>(
        "PreAuthentication_Authentication",
        json!({ "userAttributes": jane(), "validationData": { "k": "v" }, "userNotFound": false }),
        json!({}),
        json!({}),
    );
}

#[test]
fn post_authentication() {
    round_trip::<trigger::post_authentication::PostAuthentication>(
        "PostAuthentication_Authentication",
        json!({ "userAttributes": jane(), "newDeviceUsed": false }),
        json!({}),
        json!({}),
    );
}

#[test]
fn pre_token_generation() {
    let response = round_trip::<trigger::pre_token_generation::PreTokenGeneration>(
        "TokenGeneration_HostedAuth",
        json!({
            "userAttributes": jane(),
            "groupConfiguration": { "groupsToOverride": ["a"], "iamRolesToOverride": [], "preferredRole": null },
        }),
        json!({ "claimsOverrideDetails": null }),
        json!({ "claimsOverrideDetails": {
            "claimsToAddOrOverride": { "plan": "gold" }, "claimsToSuppress": ["email"],
        } }),
    );
    let details = response.claims_override_details.unwrap();
    assert_eq!(
        details.claims_to_add_or_override.unwrap().get("plan"),
        Some("gold")
    );
}

#[test]
fn pre_token_generation_in_versions_2_and_3() {
    use trigger::pre_token_generation_v2::{PreTokenGenerationV2, PreTokenGenerationV3};
    let request = json!({
        "userAttributes": jane(),
        "groupConfiguration": { "groupsToOverride": ["a"], "iamRolesToOverride": null, "preferredRole": null },
        "scopes": ["openid"],
    });
    let blank = json!({ "claimsAndScopeOverrideDetails": null });
    let answer = json!({ "claimsAndScopeOverrideDetails": {
        "accessTokenGeneration": { "claimsToAddOrOverride": { "tags": [1, true] }, "scopesToAdd": ["read"] },
    } });
    let second = round_trip::<PreTokenGenerationV2>(
        "TokenGeneration_Authentication",
        request.clone(),
        blank.clone(),
        answer.clone(),
    );
    let third =
        round_trip::<PreTokenGenerationV3>("TokenGeneration_ClientCredentials", request, blank, answer);
    assert_eq!(second, third);
}

#[test]
fn define_auth_challenge() {
    let response = round_trip::<trigger::define_auth_challenge::DefineAuthChallenge>(
        "DefineAuthChallenge_Authentication",
        json!({
            "userAttributes": jane(),
            "session": [{ "challengeName": "SRP_A", "challengeResult": true, "challengeMetadata": null }],
        }),
        json!({ "challengeName": null, "issueTokens": null, "failAuthentication": null }),
        json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false }),
    );
    assert_eq!(response.challenge_name.as_deref(), Some("CUSTOM_CHALLENGE"));
}

#[test]
fn create_auth_challenge() {
    let response = round_trip::<trigger::create_auth_challenge::CreateAuthChallenge>(
        "CreateAuthChallenge_Authentication",
        json!({ "userAttributes": jane(), "challengeName": "CUSTOM_CHALLENGE", "session": [] }),
        json!({ "publicChallengeParameters": null, "privateChallengeParameters": null, "challengeMetadata": null }),
        json!({ "publicChallengeParameters": { "q": "?" }, "privateChallengeParameters": { "answer": "Canary" } }),
    );
    assert!(!format!("{response:?}").contains("Canary"));
}

#[test]
fn verify_auth_challenge() {
    let response = round_trip::<trigger::verify_auth_challenge::VerifyAuthChallenge>(
        "VerifyAuthChallengeResponse_Authentication",
        json!({
            "userAttributes": jane(),
            "privateChallengeParameters": { "answer": "42" },
            "challengeAnswer": "42",
            "clientMetadata": { "a": "b" },
        }),
        json!({ "answerCorrect": null }),
        json!({ "answerCorrect": true }),
    );
    assert_eq!(response.answer_correct, Some(true));
}

#[test]
fn custom_message() {
    let response = round_trip::<trigger::custom_message::CustomMessage>(
        "CustomMessage_AdminCreateUser",
        json!({
            "userAttributes": jane(), "codeParameter": "{####}", "linkParameter": "{##Click Here##}",
            "usernameParameter": "{username}",
        }),
        json!({ "smsMessage": null, "emailMessage": null, "emailSubject": null }),
        json!({ "emailMessage": "Welcome, {username}: {####}", "emailSubject": "Welcome" }),
    );
    assert_eq!(response.email_subject.as_deref(), Some("Welcome"));
}

#[test]
fn custom_senders() {
    let request = |kind: &str| json!({ "type": kind, "code": "AYADeEXAMPLE", "clientMetadata": { "a": "b" }, "userAttributes": jane() });
    round_trip::<trigger::custom_email_sender::CustomEmailSender>(
        "CustomEmailSender_AccountTakeOverNotification",
        request("customEmailSenderRequestV1"),
        json!({}),
        json!({}),
    );
    round_trip::<trigger::custom_sms_sender::CustomSmsSender>(
        "CustomSMSSender_Authentication",
        request("customSMSSenderRequestV1"),
        json!({}),
        json!({}),
    );
    round_trip::<trigger::custom_sms_sender::CustomSmsSender>(
        "CustomSMSSender_AdminCreateUser",
        json!({ "type": "customSMSSenderRequestV1", "clientMetadata": null, "userAttributes": jane() }),
        json!({}),
        json!({}),
    );
}
