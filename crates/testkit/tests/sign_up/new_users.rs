//! `SignUp`: who may, with what, and what comes of it.

use serde_json::{Value, json};

use crate::behaviour::{
    HIDING, LEGACY, NOT_AUTHORIZED, PASSWORD, POOL, Pool, SECRETIVE, Seen, challenge, hash_over, refusal,
    tokens, user,
};
use crate::calls::{BY_EMAIL, delivered, email};

fn invalid(message: &str) -> Seen {
    refusal("InvalidParameterException", message)
}

#[tokio::test]
async fn a_new_user_is_unconfirmed_and_gets_a_code() {
    let pool = Pool::with(BY_EMAIL, "").await;
    let (status, answer) = pool.sign_up("bea", email("bea@example.com"), json!({})).await;
    let (standing, attributes) = pool.user("bea").await;
    let expected = json!({
        "CodeDeliveryDetails": delivered("EMAIL", "email", "b***@e***"),
        "UserConfirmed": false, "UserSub": attributes["sub"],
    });
    assert_eq!((status, answer), (200, expected));
    assert_eq!(standing, "UNCONFIRMED");
    assert_eq!(attributes["email_verified"], "false");
    let code = pool.code("bea@example.com").await;
    assert!(code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit()));
    assert_eq!(
        pool.sign_in(LEGACY, "bea", PASSWORD).await,
        refusal("UserNotConfirmedException", "User is not confirmed.")
    );
}

#[tokio::test]
async fn the_phone_number_goes_before_the_address_where_both_are_verified() {
    let pool = Pool::with("auto_verified_attributes = [\"email\", \"phone_number\"]", "").await;
    let both = json!([
        { "Name": "email", "Value": "bea@example.com" }, { "Name": "phone_number", "Value": "+12065550105" },
    ]);
    let (_, answer) = pool.sign_up("bea", both, json!({})).await;
    assert_eq!(
        answer["CodeDeliveryDetails"],
        delivered("SMS", "phone_number", "+*******0105")
    );
    assert_eq!(pool.messages().len(), 1);
}

#[tokio::test]
async fn no_code_goes_where_nothing_is_verified_by_itself_or_there_is_no_address() {
    for (settings, attributes) in [("", email("bea@example.com")), (BY_EMAIL, json!([]))] {
        let pool = Pool::with(settings, "").await;
        let (status, answer) = pool.sign_up("bea", attributes, json!({})).await;
        assert_eq!((status, answer.get("CodeDeliveryDetails")), (200, None));
        assert_eq!(pool.messages(), Vec::<Value>::new());
    }
}

#[tokio::test]
async fn where_administrators_alone_make_users_nobody_signs_up() {
    let pool = Pool::with("", "").await;
    let body = json!({
        "UserPoolId": POOL, "AdminCreateUserConfig": { "AllowAdminCreateUserOnly": true },
    });
    pool.done("UpdateUserPool", body).await;
    assert_eq!(
        pool.sign_up("bea", json!([]), json!({})).await,
        refusal(NOT_AUTHORIZED, "SignUp is not permitted for this user pool")
    );
}

#[tokio::test]
async fn a_taken_name_is_told_to_every_client() {
    let pool = Pool::of_ann().await;
    for client in [LEGACY, HIDING] {
        assert_eq!(
            pool.sign_up("ann", json!([]), json!({ "ClientId": client }))
                .await,
            refusal("UsernameExistsException", "User already exists")
        );
    }
    tokens(pool.sign_in(LEGACY, "ann", PASSWORD).await);
}

#[tokio::test]
async fn a_password_keeps_to_the_policy_in_the_words_of_sign_up() {
    let pool = Pool::with("", "").await;
    for (password, tail) in [
        ("short", "Password not long enough"),
        ("lower-case-1", "Password must have uppercase characters"),
        ("UPPER-CASE-1", "Password must have lowercase characters"),
        ("No-digits", "Password must have numeric characters"),
        ("NoSymbol1", "Password must have symbol characters"),
    ] {
        let message = format!("Password did not conform with policy: {tail}");
        assert_eq!(
            pool.sign_up("bea", json!([]), json!({ "Password": password }))
                .await,
            refusal("InvalidPasswordException", &message)
        );
    }
    assert_eq!(
        pool.admin("AdminGetUser", "bea", json!({})).await.0,
        400,
        "nobody was made"
    );
}

#[tokio::test]
async fn a_password_may_be_missing_only_where_a_code_can_take_its_place() {
    let without =
        json!({ "ClientId": LEGACY, "Username": "bea", "UserAttributes": email("bea@example.com") });
    let pool = Pool::with(BY_EMAIL, "").await;
    assert_eq!(
        pool.call("SignUp", without.clone()).await,
        invalid("Missing required parameter Password")
    );
    let codes_too = json!({
        "UserPoolId": POOL, "AutoVerifiedAttributes": ["email"],
        "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"] } },
    });
    pool.done("UpdateUserPool", codes_too).await;
    assert_eq!(pool.call("SignUp", without).await.0, 200);
    let code = pool.code("bea@example.com").await;
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await.0, 200);
    let client = pool
        .app_client(json!({ "ExplicitAuthFlows": ["ALLOW_USER_AUTH"] }))
        .await;
    let wanted = json!({ "USERNAME": "bea", "PREFERRED_CHALLENGE": "EMAIL_OTP" });
    challenge(pool.initiate(&client, "USER_AUTH", wanted).await, "EMAIL_OTP");
}

#[tokio::test]
async fn what_the_pool_requires_must_be_given() {
    let pool = Pool::with("required_attributes = [\"family_name\"]", "").await;
    assert_eq!(
        pool.sign_up("bea", json!([]), json!({})).await,
        invalid(
            "Attributes did not conform to the schema: name.familyName: The attribute name.familyName is required"
        )
    );
    let given = json!([{ "Name": "family_name", "Value": "Bee" }]);
    assert_eq!(pool.sign_up("bea", given, json!({})).await.0, 200);
}

#[tokio::test]
async fn an_attribute_is_one_that_the_client_may_write_and_nobody_verifies_themselves() {
    let pool = Pool::with("", "").await;
    let client = pool.app_client(json!({ "WriteAttributes": ["email"] })).await;
    let named = json!([{ "Name": "name", "Value": "Bea" }]);
    assert_eq!(
        pool.sign_up("bea", named, json!({ "ClientId": client })).await,
        refusal(
            NOT_AUTHORIZED,
            "A client attempted to write unauthorized attribute"
        )
    );
    for name in ["email_verified", "sub"] {
        let forbidden = json!([{ "Name": name, "Value": "true" }]);
        assert_eq!(
            pool.sign_up("bea", forbidden, json!({})).await,
            invalid(&format!("Cannot modify the non-mutable attribute {name}"))
        );
    }
    for (name, message) in [
        ("email", "Invalid email address format."),
        ("phone_number", "Invalid phone number format."),
    ] {
        let unfit = json!([{ "Name": name, "Value": "nonsense" }]);
        assert_eq!(pool.sign_up("bea", unfit, json!({})).await, invalid(message));
    }
}

#[tokio::test]
async fn a_client_with_a_secret_proves_it() {
    let pool = Pool::with("", "").await;
    let with = |hash: Value| json!({ "ClientId": SECRETIVE, "SecretHash": hash });
    assert_eq!(
        pool.sign_up("bea", json!([]), json!({ "ClientId": SECRETIVE }))
            .await,
        refusal(
            NOT_AUTHORIZED,
            &format!("Client {SECRETIVE} is configured with secret but SECRET_HASH was not received")
        )
    );
    assert_eq!(
        pool.sign_up("bea", json!([]), with(json!(hash_over("ann"))))
            .await,
        refusal(
            NOT_AUTHORIZED,
            &format!("Unable to verify secret hash for client {SECRETIVE}")
        )
    );
    assert_eq!(
        pool.sign_up("bea", json!([]), with(json!(hash_over("bea"))))
            .await
            .0,
        200
    );
}

#[tokio::test]
async fn where_attributes_sign_in_the_name_is_one_and_is_taken_once() {
    let eve = user("eve@example.com", "");
    let settings = format!("{BY_EMAIL}\nusername_attributes = [\"email\"]");
    let pool = Pool::with(&settings, &eve).await;
    assert_eq!(
        pool.sign_up("bea", json!([]), json!({})).await,
        invalid("Username should be an email.")
    );
    assert_eq!(
        pool.sign_up("eve@example.com", json!([]), json!({})).await,
        refusal(
            "UsernameExistsException",
            "An account with the given email already exists."
        )
    );
    let (_, made) = pool.sign_up("bea@example.com", json!([]), json!({})).await;
    let (_, found) = pool.admin("AdminGetUser", "bea@example.com", json!({})).await;
    assert_eq!(found["Username"], made["UserSub"], "the user name is the sub");
    let code = pool.code("bea@example.com").await;
    assert_eq!(
        pool.confirm(LEGACY, "bea@example.com", &code, json!({})).await.0,
        200
    );
    pool.signed_in(LEGACY, "bea@example.com").await;
}

#[tokio::test]
async fn of_many_sign_ups_of_one_name_one_is_taken() {
    let pool = Pool::with("", "").await;
    let one = || pool.sign_up("bea", json!([]), json!({}));
    let seen: [Seen; 4] = tokio::join!(one(), one(), one(), one()).into();
    assert_eq!(seen.iter().filter(|seen| seen.0 == 200).count(), 1, "{seen:?}");
}
