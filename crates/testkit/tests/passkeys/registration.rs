//! Making passkeys, listing them, deleting them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pool::time::Span;
use serde_json::{Value, json};

use crate::authenticator::{Authenticator, Key, PRESENT, VERIFIED};
use crate::behaviour::{PASSWORD, POOL, refusal, tokens};
use crate::{Passkeys, invalid_credential, refused};

const NOT_FOUND: &str = "WebAuthnChallengeNotFoundException";

#[tokio::test]
async fn the_options_are_those_of_a_discoverable_credential_for_the_user() {
    let it = Passkeys::begin().await;
    let options = it.options(&it.ann().await).await;
    assert_eq!(
        options["rp"],
        json!({ "id": "example.com", "name": "example.com" })
    );
    let (_, attributes) = it.pool.user("ann").await;
    let sub = attributes["sub"].as_str().unwrap_or_default();
    assert_eq!(
        options["user"],
        json!({ "id": URL_SAFE_NO_PAD.encode(sub), "name": "ann", "displayName": "ann" })
    );
    let algorithms: Vec<&Value> = options["pubKeyCredParams"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(algorithms[0], &json!({ "type": "public-key", "alg": -7 }));
    assert_eq!(algorithms[1]["alg"], -257);
    assert_eq!(
        options["authenticatorSelection"],
        json!({ "requireResidentKey": true, "residentKey": "required", "userVerification": "preferred" })
    );
    assert_eq!(
        (&options["attestation"], &options["excludeCredentials"]),
        (&json!("none"), &json!([]))
    );
    assert!(
        URL_SAFE_NO_PAD
            .decode(options["challenge"].as_str().unwrap_or_default())
            .is_ok()
    );
}

#[tokio::test]
async fn a_new_passkey_is_listed_excluded_from_the_next_options_and_deleted() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let mut authenticator = Authenticator::new();
    assert_eq!(it.register(&token, &mut authenticator).await, (200, json!({})));
    let id = authenticator.credential_id();
    let mut listed = it.list(&token, json!({})).await;
    assert!(listed["Credentials"][0]["CreatedAt"].take().is_number());
    assert_eq!(
        listed,
        json!({ "Credentials": [{
            "CredentialId": id, "FriendlyCredentialName": "Passkey", "RelyingPartyId": "example.com",
            "AuthenticatorAttachment": "platform", "AuthenticatorTransports": ["internal", "hybrid"],
            "CreatedAt": null,
        }] })
    );
    let options = it.options(&token).await;
    let known = json!([{ "type": "public-key", "id": id, "transports": ["internal", "hybrid"] }]);
    assert_eq!(options["excludeCredentials"], known);
    let again = it.complete(&token, authenticator.create(&options)).await;
    assert_eq!(
        again,
        refusal("InvalidParameterException", "The passkey is registered already.")
    );
    let delete = json!({ "AccessToken": token, "CredentialId": id });
    assert_eq!(
        it.pool.call("DeleteWebAuthnCredential", delete.clone()).await,
        (200, json!({}))
    );
    assert_eq!(it.list(&token, json!({})).await, json!({ "Credentials": [] }));
    refused(
        &it.pool.call("DeleteWebAuthnCredential", delete).await,
        "ResourceNotFoundException",
    );
}

#[tokio::test]
async fn every_algorithm_that_is_asked_for_is_taken_with_or_without_its_own_attestation() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    for key in [Key::es256, Key::ed_dsa, Key::rs256] {
        for attests in [false, true] {
            let mut authenticator = Authenticator::with(key());
            authenticator.attests = attests;
            assert_eq!(it.register(&token, &mut authenticator).await, (200, json!({})));
            tokens(it.sign_in(&mut authenticator).await);
        }
    }
}

#[tokio::test]
async fn a_challenge_works_once_for_its_own_user_and_app_client_and_ends() {
    let it = Passkeys::begin().await;
    let (anns, eves) = (it.ann().await, it.eve().await);
    let options = it.options(&anns).await;
    let mut other_client = it
        .pool
        .app_client(json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] }))
        .await;
    other_client = tokens(it.pool.sign_in(&other_client, "ann", PASSWORD).await).access;
    let mut authenticator = Authenticator::new();
    let credential = authenticator.create(&options);
    refused(&it.complete(&eves, credential.clone()).await, NOT_FOUND);
    refused(
        &it.complete(&other_client, credential.clone()).await,
        "WebAuthnClientMismatchException",
    );
    assert_eq!(it.complete(&anns, credential).await, (200, json!({})));
    refused(
        &it.complete(&anns, Authenticator::new().create(&options)).await,
        NOT_FOUND,
    );
    let options = it.options(&anns).await;
    it.pool.wait(Span::minutes(3));
    refused(
        &it.complete(&anns, Authenticator::new().create(&options)).await,
        NOT_FOUND,
    );
}

#[tokio::test]
async fn a_challenge_that_is_altered_in_any_bit_is_refused() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let options = it.options(&token).await;
    let challenge = options["challenge"].as_str().unwrap_or_default();
    let challenge = URL_SAFE_NO_PAD.decode(challenge).expect("base64url");
    let mut authenticator = Authenticator::new();
    for bit in 0..challenge.len() * 8 {
        let mut altered = challenge.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        authenticator.challenge = Some(URL_SAFE_NO_PAD.encode(altered));
        refused(
            &it.complete(&token, authenticator.create(&options)).await,
            NOT_FOUND,
        );
    }
    authenticator.challenge = Some("AAAA".to_owned());
    refused(
        &it.complete(&token, authenticator.create(&options)).await,
        NOT_FOUND,
    );
    assert_eq!(it.list(&token, json!({})).await, json!({ "Credentials": [] }));
}

#[tokio::test]
async fn a_credential_of_another_origin_or_relying_party_is_refused() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let mut elsewhere = Authenticator::new();
    elsewhere.origin = "https://example.com.evil.net".to_owned();
    refused(
        &it.register(&token, &mut elsewhere).await,
        "WebAuthnOriginNotAllowedException",
    );
    let mut of_others = Authenticator::new();
    of_others.relying_party_id = Some("example.org".to_owned());
    refused(
        &it.register(&token, &mut of_others).await,
        "WebAuthnRelyingPartyMismatchException",
    );
    let mut below = Authenticator::new();
    below.origin = "https://auth.example.com:8443".to_owned();
    assert_eq!(it.register(&token, &mut below).await, (200, json!({})));
}

#[tokio::test]
async fn where_verification_is_required_the_user_must_have_been_verified() {
    let it =
        Passkeys::with(r#"web_authn = { relying_party_id = "example.com", user_verification = "required" }"#)
            .await;
    let token = it.ann().await;
    let options = it.options(&token).await;
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    for flags in [PRESENT, VERIFIED, 0] {
        let mut authenticator = Authenticator::new();
        authenticator.flags = flags;
        let seen = it.register(&token, &mut authenticator).await;
        refused(&seen, "WebAuthnCredentialNotSupportedException");
    }
}

#[tokio::test]
async fn what_is_no_registration_is_refused() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let options = it.options(&token).await;
    let sound = Authenticator::new().create(&options);
    let mut broken = vec![json!({}), json!("text"), json!(null), json!([])];
    for (pointer, value) in [
        ("/id", json!("AAAA")),
        ("/type", json!("password")),
        ("/response/attestationObject", json!("AAAA")),
        ("/response/attestationObject", json!("not base64url!")),
        ("/response/clientDataJSON", json!("AAAA")),
        ("/response/clientDataJSON", json!(7)),
    ] {
        let mut altered = sound.clone();
        *altered.pointer_mut(pointer).expect("a member") = value;
        broken.push(altered);
    }
    let mut of_a_sign_in = Authenticator::new().get(&json!({ "challenge": options["challenge"] }));
    of_a_sign_in["response"]["attestationObject"] = sound["response"]["attestationObject"].clone();
    broken.push(of_a_sign_in);
    for credential in broken {
        let (status, answer) = it.complete(&token, credential.clone()).await;
        assert_eq!(status, 400, "{credential}: {answer}");
        assert_eq!(
            answer["__type"], "InvalidParameterException",
            "{credential}: {answer}"
        );
    }
    let mut authenticator = Authenticator::new();
    authenticator.attests = true;
    let mut forged = authenticator.create(&options);
    forged["response"]["clientDataJSON"] = {
        authenticator.origin = "https://a.example.com".to_owned();
        authenticator.create(&options)["response"]["clientDataJSON"].clone()
    };
    assert_eq!(it.complete(&token, forged).await, invalid_credential());
    assert_eq!(it.complete(&token, sound).await, (200, json!({})));
}

#[tokio::test]
async fn a_user_has_at_most_twenty_passkeys_and_sees_them_page_by_page() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let early = it.options(&token).await;
    for _ in 0..20 {
        assert_eq!(
            it.register(&token, &mut Authenticator::new()).await,
            (200, json!({}))
        );
    }
    let full = refusal(
        "LimitExceededException",
        "Passkeys limit exceeded: a user has at most 20.",
    );
    let start = json!({ "AccessToken": token });
    assert_eq!(it.pool.call("StartWebAuthnRegistration", start).await, full);
    assert_eq!(
        it.complete(&token, Authenticator::new().create(&early)).await,
        full
    );
    let mut seen = Vec::new();
    let mut page = it.list(&token, json!({ "MaxResults": 7 })).await;
    loop {
        let credentials = page["Credentials"].as_array().cloned().unwrap_or_default();
        seen.extend(credentials.iter().map(|c| c["CredentialId"].to_string()));
        let Some(next) = page.get("NextToken").cloned() else {
            break;
        };
        page = it
            .list(&token, json!({ "MaxResults": 7, "NextToken": next }))
            .await;
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 20);
}

#[tokio::test]
async fn a_pool_without_passkeys_or_relying_party_says_so() {
    let without = Passkeys::with("").await;
    let start = json!({ "AccessToken": without.ann().await });
    let seen = without
        .pool
        .call("StartWebAuthnRegistration", start.clone())
        .await;
    refused(&seen, "WebAuthnConfigurationMissingException");
    without
        .pool
        .done("UpdateUserPool", json!({ "UserPoolId": POOL }))
        .await;
    let seen = without.pool.call("StartWebAuthnRegistration", start).await;
    refused(&seen, "WebAuthnNotEnabledException");
    let credential = json!({ "AccessToken": without.ann().await, "Credential": {} });
    let seen = without
        .pool
        .call("CompleteWebAuthnRegistration", credential)
        .await;
    refused(&seen, "WebAuthnNotEnabledException");
}

#[tokio::test]
async fn only_the_bearer_of_a_token_may() {
    let it = Passkeys::begin().await;
    for (operation, more) in [
        ("StartWebAuthnRegistration", json!({})),
        ("CompleteWebAuthnRegistration", json!({ "Credential": {} })),
        ("ListWebAuthnCredentials", json!({})),
        ("DeleteWebAuthnCredential", json!({ "CredentialId": "AAAA" })),
        ("GetUserAuthFactors", json!({})),
    ] {
        let mut body = json!({ "AccessToken": "not.a.token" });
        crate::merge(&mut body, more);
        let seen = it.pool.call(operation, body).await;
        assert_eq!(
            seen,
            refusal("NotAuthorizedException", "Invalid Access Token"),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_users_factors_are_listed_to_the_user_and_to_administrators() {
    let it = Passkeys::begin().await;
    let token = it.ann().await;
    let factors = async || {
        it.pool
            .done("GetUserAuthFactors", json!({ "AccessToken": token }))
            .await
    };
    assert_eq!(
        factors().await,
        json!({ "Username": "ann", "ConfiguredUserAuthFactors": ["PASSWORD"] })
    );
    it.ann_with(&mut Authenticator::new()).await;
    let both = json!({ "Username": "ann", "ConfiguredUserAuthFactors": ["PASSWORD", "WEB_AUTHN"] });
    assert_eq!(factors().await, both);
    assert_eq!(
        it.pool.admin("AdminGetUserAuthFactors", "ann", json!({})).await,
        (200, both)
    );
    let unknown = it
        .pool
        .admin("AdminGetUserAuthFactors", "nobody", json!({}))
        .await;
    assert_eq!(unknown, refusal("UserNotFoundException", "User does not exist."));
}
