//! `WEB_AUTHN`: signing in with a passkey.

use serde_json::{Value, json};

use crate::authenticator::{Authenticator, PRESENT};
use crate::behaviour::{NOT_AUTHORIZED, challenge, claims, incorrect, refusal, tokens};
use crate::{Passkeys, invalid_credential, request_options};

#[tokio::test]
async fn a_passkey_lets_in_once_for_each_challenge() {
    let it = Passkeys::begin().await;
    let mut authenticator = Authenticator::new();
    it.ann_with(&mut authenticator).await;
    let asked = it.asked().await;
    assert_eq!(asked.0["AvailableChallenges"], json!(["WEB_AUTHN"]));
    let options = request_options(&asked);
    assert_eq!(options["rpId"], "example.com");
    assert_eq!(options["userVerification"], "preferred");
    assert_eq!(
        options["allowCredentials"],
        json!([{
            "type": "public-key", "id": authenticator.credential_id(), "transports": ["internal", "hybrid"],
        }])
    );
    let credential = authenticator.get(&options);
    let tokens = tokens(it.answer(&asked, "ann", &credential).await);
    assert_eq!(claims(&tokens.access)["username"], "ann");
    let used = "Invalid session for the user, session can only be used once.";
    assert_eq!(
        it.answer(&asked, "ann", &credential).await,
        refusal(NOT_AUTHORIZED, used)
    );
    let another = it.asked().await;
    assert_eq!(it.answer(&another, "ann", &credential).await, incorrect());
}

#[tokio::test]
async fn a_passkey_may_be_chosen_by_who_has_one() {
    let it = Passkeys::begin().await;
    challenge(it.prefer("ann").await, "SELECT_CHALLENGE");
    let mut authenticator = Authenticator::new();
    it.ann_with(&mut authenticator).await;
    let begun = it
        .pool
        .initiate(&it.client, "USER_AUTH", json!({ "USERNAME": "ann" }))
        .await;
    let asked = challenge(begun, "SELECT_CHALLENGE");
    assert_eq!(
        asked.0["AvailableChallenges"],
        json!(["PASSWORD_SRP", "PASSWORD", "WEB_AUTHN"])
    );
    let chosen = json!({ "USERNAME": "ann", "ANSWER": "WEB_AUTHN" });
    let chosen = it
        .pool
        .respond(&it.client, "SELECT_CHALLENGE", asked.session(), chosen)
        .await;
    let asked = challenge(chosen, "WEB_AUTHN");
    let credential = authenticator.get(&request_options(&asked));
    tokens(it.answer(&asked, "ann", &credential).await);
}

#[tokio::test]
async fn a_passkey_that_was_bent_does_not_let_in() {
    type Bend = fn(&mut Authenticator);
    let it = Passkeys::begin().await;
    let mut authenticator = Authenticator::new();
    it.ann_with(&mut authenticator).await;
    let bends: [(&str, Bend); 5] = [
        ("another origin", |a| a.origin = "https://evil.net".to_owned()),
        ("another relying party", |a| {
            a.relying_party_id = Some("evil.net".to_owned());
        }),
        ("another challenge", |a| a.challenge = Some("AAAA".to_owned())),
        ("another user", |a| a.user_handle = Some("AAAA".to_owned())),
        ("nobody there", |a| a.flags = 0),
    ];
    for (what, bend) in bends {
        let handle = authenticator.user_handle.clone();
        bend(&mut authenticator);
        assert_eq!(it.sign_in(&mut authenticator).await, incorrect(), "{what}");
        authenticator.origin = "https://example.com".to_owned();
        (authenticator.relying_party_id, authenticator.challenge) = (None, None);
        authenticator.user_handle = handle;
        authenticator.flags = PRESENT;
    }
    tokens(it.sign_in(&mut authenticator).await);
}

#[tokio::test]
async fn a_signature_or_what_it_signs_altered_in_any_byte_does_not_let_in() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let it = Passkeys::begin().await;
    let mut authenticator = Authenticator::new();
    it.ann_with(&mut authenticator).await;
    let asked = it.asked().await;
    let sound = authenticator.get(&request_options(&asked));
    for member in ["signature", "authenticatorData", "clientDataJSON"] {
        let text = sound["response"][member].as_str().unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(text).expect("base64url");
        for n in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[n] ^= 1 << (n % 8);
            let mut credential = sound.clone();
            credential["response"][member] = URL_SAFE_NO_PAD.encode(altered).into();
            assert_eq!(
                it.answer(&asked, "ann", &credential).await,
                incorrect(),
                "{member} {n}"
            );
        }
    }
    tokens(it.answer(&asked, "ann", &sound).await);
}

#[tokio::test]
async fn a_counter_that_has_not_grown_tells_of_a_copy() {
    let it = Passkeys::begin().await;
    let mut authenticator = Authenticator::new();
    authenticator.sign_count = 5;
    it.ann_with(&mut authenticator).await;
    tokens(it.sign_in(&mut authenticator).await);
    authenticator.sign_count = 4;
    assert_eq!(it.sign_in(&mut authenticator).await, incorrect());
    authenticator.sign_count = 5;
    assert_eq!(it.sign_in(&mut authenticator).await, incorrect());
    tokens(it.sign_in(&mut authenticator).await);
    let mut uncounted = Authenticator::new();
    uncounted.sign_count = 0;
    it.ann_with(&mut uncounted).await;
    for _ in 0..2 {
        tokens(it.sign_in(&mut uncounted).await);
    }
}

#[tokio::test]
async fn a_passkey_of_somebody_else_or_one_that_was_deleted_does_not_let_in() {
    let it = Passkeys::begin().await;
    let (mut anns, mut eves) = (Authenticator::new(), Authenticator::new());
    it.ann_with(&mut anns).await;
    let eve = it.eve().await;
    assert_eq!(it.register(&eve, &mut eves).await, (200, json!({})));
    assert_eq!(it.sign_in(&mut eves).await, incorrect());
    let asked = it.asked().await;
    let credential = anns.get(&request_options(&asked));
    let delete = json!({ "AccessToken": it.ann().await, "CredentialId": anns.credential_id() });
    it.pool.done("DeleteWebAuthnCredential", delete).await;
    assert_eq!(it.answer(&asked, "ann", &credential).await, incorrect());
}

#[tokio::test]
async fn what_is_no_credential_is_refused() {
    let it = Passkeys::begin().await;
    it.ann_with(&mut Authenticator::new()).await;
    let asked = it.asked().await;
    for credential in [
        json!({}),
        json!("text"),
        json!([1]),
        json!({ "id": "AAAA", "type": "public-key" }),
    ] {
        assert_eq!(
            it.answer(&asked, "ann", &credential).await,
            invalid_credential(),
            "{credential}"
        );
    }
    let missing = json!({ "USERNAME": "ann" });
    let seen = it
        .pool
        .respond(&it.client, "WEB_AUTHN", asked.session(), missing)
        .await;
    assert_eq!(
        seen,
        refusal(
            "InvalidParameterException",
            "Missing required parameter CREDENTIAL"
        )
    );
}

#[tokio::test]
async fn a_passkey_counts_for_one_factor_or_by_the_pools_setting_for_both() {
    let register_eve = async |it: &Passkeys| {
        let mut authenticator = Authenticator::new();
        let eve = it.eve().await;
        it.pool.done("UpdateUserPool", update("OPTIONAL")).await;
        assert_eq!(it.register(&eve, &mut authenticator).await, (200, json!({})));
        authenticator
    };
    let use_it = async |it: &Passkeys, authenticator: &mut Authenticator| {
        let asked = challenge(it.prefer("eve").await, "WEB_AUTHN");
        let credential = authenticator.get(&request_options(&asked));
        it.answer(&asked, "eve", &credential).await
    };
    let one = Passkeys::begin().await;
    let mut authenticator = register_eve(&one).await;
    challenge(use_it(&one, &mut authenticator).await, "SMS_MFA");
    let both = Passkeys::with(
        r#"web_authn = { relying_party_id = "example.com", factor_configuration = "MULTI_FACTOR_WITH_USER_VERIFICATION" }"#,
    )
    .await;
    let mut authenticator = register_eve(&both).await;
    tokens(use_it(&both, &mut authenticator).await);
    authenticator.flags = PRESENT;
    assert_eq!(use_it(&both, &mut authenticator).await, incorrect());
    authenticator.flags |= 4;
    both.pool.done("UpdateUserPool", update("ON")).await;
    tokens(use_it(&both, &mut authenticator).await);
    let text = "WEB_AUTHN cannot be used as an auth factor when MFA is enabled if not configured for MFA.";
    assert_eq!(
        one.pool.call("UpdateUserPool", update("ON")).await,
        refusal("InvalidParameterException", text)
    );
}

#[tokio::test]
async fn a_user_may_have_the_second_factor_asked_for_after_a_passkey_all_the_same() {
    let it = Passkeys::with(
        r#"web_authn = { relying_party_id = "example.com", factor_configuration = "MULTI_FACTOR_WITH_USER_VERIFICATION" }"#,
    )
    .await;
    let eve = it.eve().await;
    it.pool.done("UpdateUserPool", update("OPTIONAL")).await;
    let mut authenticator = Authenticator::new();
    assert_eq!(it.register(&eve, &mut authenticator).await, (200, json!({})));
    for (enabled, listed) in [
        (false, json!(["SMS_MFA"])),
        (true, json!(["SMS_MFA", "WEB_AUTHN_MFA"])),
    ] {
        let set = json!({ "AccessToken": eve, "WebAuthnMfaSettings": { "Enabled": enabled } });
        assert_eq!(it.pool.done("SetUserMFAPreference", set).await, json!({}));
        assert_eq!(it.pool.get_user(&eve).await.1["UserMFASettingList"], listed);
        let asked = challenge(it.prefer("eve").await, "WEB_AUTHN");
        let credential = authenticator.get(&request_options(&asked));
        let answered = it.answer(&asked, "eve", &credential).await;
        if enabled {
            tokens(answered);
        } else {
            challenge(answered, "SMS_MFA");
        }
    }
}

#[tokio::test]
async fn a_passkey_is_both_factors_only_where_the_pool_has_it_so_and_beside_another() {
    let on = json!({ "WebAuthnMfaSettings": { "Enabled": true } });
    let invalid = |message: &str| refusal("InvalidParameterException", message);
    let one = Passkeys::begin().await;
    assert_eq!(
        one.pool
            .admin("AdminSetUserMFAPreference", "eve", on.clone())
            .await,
        invalid("Passkeys are not configured for MFA in this user pool.")
    );
    let both = Passkeys::with(
        r#"web_authn = { relying_party_id = "example.com", factor_configuration = "MULTI_FACTOR_WITH_USER_VERIFICATION" }"#,
    )
    .await;
    assert_eq!(
        both.pool
            .admin("AdminSetUserMFAPreference", "ann", on.clone())
            .await,
        invalid("Another MFA method must be enabled before passkeys can be used for MFA.")
    );
    assert_eq!(
        both.pool.admin("AdminSetUserMFAPreference", "eve", on).await,
        (200, json!({}))
    );
}

/// An update that keeps passkeys and sets `MfaConfiguration`.
fn update(mfa: &str) -> Value {
    let policy = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } });
    json!({ "UserPoolId": crate::behaviour::POOL, "MfaConfiguration": mfa, "Policies": policy })
}
