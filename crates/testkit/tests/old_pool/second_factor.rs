//! Second factors of the old pool, set up by its own API: one that can be carried, those that cannot.

use aws_lc_rs::hmac;
use pool::ports::Clock as _;
use serde_json::{Value, json};
use testkit::pair::ANN;

use crate::scene::{OldPool, Seen, anns, moved, refused};

const NUMBER: &str = "+12065550100";

/// The secret of another factor cannot be carried; the way in is to reset the password.
fn stays() -> Seen {
    refused("second_factor_other", "Password reset required for the user")
}

/// A pool that offers every factor.
async fn offering_all(mfa: &str) -> OldPool {
    let pool = OldPool::start().await;
    let body = json!({
        "MfaConfiguration": mfa, "SmsMfaConfiguration": { "SmsAuthenticationMessage": "{####}" },
        "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "EmailMfaConfiguration": { "Message": "{####}", "Subject": "Code" },
    });
    pool.call("SetUserPoolMfaConfig", body).await;
    pool
}

async fn prefer(pool: &OldPool, preferences: Value) {
    let mut body = preferences;
    body["Username"] = ANN.into();
    pool.call("AdminSetUserMFAPreference", body).await;
}

fn on(preferred: bool) -> Value {
    json!({ "Enabled": true, "PreferredMfa": preferred })
}

async fn give_phone_number(pool: &OldPool) {
    let body = json!({
        "Username": ANN,
        "UserAttributes": [
            { "Name": "phone_number", "Value": NUMBER }, { "Name": "phone_number_verified", "Value": "true" },
        ],
    });
    pool.call("AdminUpdateUserAttributes", body).await;
}

/// Types the secret into an app, and its code back into the pool.
async fn set_up_app(pool: &OldPool) {
    let token = pool.access_token().await;
    let body = json!({ "AccessToken": token });
    let secret = pool.call_openly("AssociateSoftwareToken", body).await["SecretCode"].clone();
    let code = code_of(secret.as_str().unwrap(), pool.clock.now().seconds() / 30);
    let body = json!({ "AccessToken": token, "UserCode": code });
    pool.call_openly("VerifySoftwareToken", body).await;
}

fn code_of(secret: &str, step: i64) -> String {
    let (mut key, mut bits, mut held) = (Vec::new(), 0_u64, 0);
    for letter in secret.bytes() {
        let value = if letter.is_ascii_digit() {
            letter - b'2' + 26
        } else {
            letter - b'A'
        };
        (bits, held) = ((bits << 5) | u64::from(value), held + 5);
        if held >= 8 {
            held -= 8;
            key.push(u8::try_from((bits >> held) & 255).unwrap());
        }
    }
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 15);
    let bytes = tag.as_ref()[offset..offset + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(bytes) & 0x7fff_ffff) % 1_000_000)
}

#[tokio::test]
async fn codes_by_sms_go_over() {
    let pool = offering_all("OPTIONAL").await;
    give_phone_number(&pool).await;
    prefer(&pool, json!({ "SMSMfaSettings": on(true) })).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    let mut attributes = anns();
    attributes["phone_number"] = NUMBER.into();
    attributes["phone_number_verified"] = "true".into();
    let mut expected = moved("second_factor_sms", "CONFIRMED".into(), &attributes);
    expected.answer.as_mut().unwrap()["enableSMSMFA"] = true.into();
    assert_eq!(sign_in, expected);
    let mut expected = moved("second_factor_sms", Value::Null, &attributes);
    expected.answer.as_mut().unwrap()["enableSMSMFA"] = true.into();
    assert_eq!(forgot, expected);
}

#[tokio::test]
async fn an_authenticator_app_keeps_the_user_until_the_password_is_reset() {
    let pool = offering_all("OPTIONAL").await;
    set_up_app(&pool).await;
    prefer(&pool, json!({ "SoftwareTokenMfaSettings": on(true) })).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, stays());
    assert_eq!(forgot, moved("second_factor_other", Value::Null, &anns()));
}

#[tokio::test]
async fn codes_by_email_keep_the_user_until_the_password_is_reset() {
    let pool = offering_all("OPTIONAL").await;
    prefer(&pool, json!({ "EmailMfaSettings": on(true) })).await;
    let (sign_in, forgot) = pool.both(ANN).await;
    assert_eq!(sign_in, stays());
    assert_eq!(forgot, moved("second_factor_other", Value::Null, &anns()));
}

/// The old pool asks which of them it is to be; SMS is among them, and is carried.
#[tokio::test]
async fn a_choice_of_factors_goes_over_as_sms_where_that_is_one_of_them() {
    let pool = offering_all("OPTIONAL").await;
    give_phone_number(&pool).await;
    set_up_app(&pool).await;
    let both = json!({ "SMSMfaSettings": on(false), "SoftwareTokenMfaSettings": on(false) });
    prefer(&pool, both).await;
    let (sign_in, _) = pool.both(ANN).await;
    assert_eq!(sign_in.because, "second_factor_sms");
    assert_eq!(sign_in.answer.unwrap()["enableSMSMFA"], true);
}

#[tokio::test]
async fn an_app_that_is_preferred_to_sms_keeps_the_user() {
    let pool = offering_all("OPTIONAL").await;
    give_phone_number(&pool).await;
    set_up_app(&pool).await;
    let both = json!({ "SMSMfaSettings": on(false), "SoftwareTokenMfaSettings": on(true) });
    prefer(&pool, both).await;
    let (sign_in, _) = pool.both(ANN).await;
    assert_eq!(sign_in, stays());
}

/// Nobody has a factor yet and the pool wants one: the challenge is not a success.
#[tokio::test]
async fn a_factor_that_is_yet_to_be_set_up_is_no_success() {
    let pool = OldPool::start().await;
    let body = json!({
        "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    pool.call("SetUserPoolMfaConfig", body).await;
    let (sign_in, _) = pool.both(ANN).await;
    assert_eq!(sign_in, stays());
}
