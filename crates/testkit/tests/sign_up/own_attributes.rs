//! What users do with their own attributes: change, verify, delete; and how they go.

use pool::time::Span;
use serde_json::{Value, json};

use crate::behaviour::{ANNS, LEGACY, NOT_AUTHORIZED, POOL, Pool, Seen, refusal, user};
use crate::calls::{BY_EMAIL, delivered, done, email, expired_code, other_than, too_many, wrong_code};

const OLD: &str = "ann@example.com";
const NEW: &str = "new@example.com";

/// `ann` signed in, in a pool with these settings.
struct Ann {
    pool: Pool,
    token: String,
}

impl Ann {
    async fn with(settings: &str) -> Self {
        let pool = Pool::with(settings, &user("ann", ANNS)).await;
        let token = pool.signed_in(LEGACY, "ann").await.access;
        Self { pool, token }
    }

    async fn call(&self, operation: &str, rest: Value) -> Seen {
        let mut body = json!({ "AccessToken": self.token });
        crate::behaviour::merge(&mut body, rest);
        self.pool.call(operation, body).await
    }

    async fn update(&self, attributes: Value) -> Seen {
        self.call("UpdateUserAttributes", json!({ "UserAttributes": attributes }))
            .await
    }

    async fn verify(&self, code: &str) -> Seen {
        self.call(
            "VerifyUserAttribute",
            json!({ "AttributeName": "email", "Code": code }),
        )
        .await
    }

    async fn another_code(&self) -> Seen {
        let wanted = json!({ "AttributeName": "email" });
        self.call("GetUserAttributeVerificationCode", wanted).await
    }

    /// The address and whether it is verified.
    async fn address(&self) -> (Value, Value) {
        let (_, attributes) = self.pool.user("ann").await;
        (attributes["email"].clone(), attributes["email_verified"].clone())
    }
}

fn sent_to_new() -> Seen {
    (
        200,
        json!({ "CodeDeliveryDetailsList": [delivered("EMAIL", "email", "n***@e***")] }),
    )
}

fn nothing_sent() -> Seen {
    (200, json!({ "CodeDeliveryDetailsList": [] }))
}

#[tokio::test]
async fn a_changed_address_is_unverified_until_its_code_comes_back() {
    let ann = Ann::with(BY_EMAIL).await;
    assert_eq!(ann.update(email(NEW)).await, sent_to_new());
    assert_eq!(ann.address().await, (json!(NEW), json!("false")));
    let code = ann.pool.code(NEW).await;
    assert_eq!(ann.verify(other_than(&code)).await, wrong_code());
    assert_eq!(ann.verify(&code).await, done());
    assert_eq!(ann.address().await, (json!(NEW), json!("true")));
    assert_eq!(ann.verify(&code).await, expired_code());
}

#[tokio::test]
async fn nothing_is_sent_for_what_stays_or_is_not_verified_by_itself() {
    let ann = Ann::with("").await;
    assert_eq!(ann.update(email(OLD)).await, nothing_sent());
    assert_eq!(ann.address().await, (json!(OLD), json!("true")));
    assert_eq!(ann.update(email(NEW)).await, nothing_sent());
    assert_eq!(ann.address().await, (json!(NEW), json!("false")));
    let name = json!([{ "Name": "name", "Value": "Ann" }]);
    assert_eq!(ann.update(name).await, nothing_sent());
    assert_eq!(ann.pool.messages(), Vec::<Value>::new());
}

#[tokio::test]
async fn where_verification_comes_first_the_old_address_stands_until_then() {
    let ann = Ann::with("").await;
    let settings = json!({
        "UserPoolId": POOL, "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": { "AttributesRequireVerificationBeforeUpdate": ["email"] },
    });
    ann.pool.done("UpdateUserPool", settings).await;
    let described = ann
        .pool
        .done("DescribeUserPool", json!({ "UserPoolId": POOL }))
        .await;
    assert_eq!(
        described["UserPool"]["UserAttributeUpdateSettings"],
        json!({ "AttributesRequireVerificationBeforeUpdate": ["email"] })
    );
    assert_eq!(ann.update(email(NEW)).await, sent_to_new());
    assert_eq!(ann.address().await, (json!(OLD), json!("true")));
    let again = json!({ "CodeDeliveryDetails": delivered("EMAIL", "email", "n***@e***") });
    assert_eq!(ann.another_code().await, (200, again));
    let code = ann.pool.code(NEW).await;
    assert_eq!(ann.verify(&code).await, done());
    assert_eq!(ann.address().await, (json!(NEW), json!("true")));
}

#[tokio::test]
async fn a_code_proves_the_address_that_it_went_to_and_no_later_one() {
    let ann = Ann::with("").await;
    assert_eq!(ann.update(email(NEW)).await, nothing_sent());
    assert_eq!(ann.another_code().await.0, 200);
    let code = ann.pool.code(NEW).await;
    assert_eq!(ann.update(email("third@example.com")).await, nothing_sent());
    assert_eq!(ann.verify(&code).await, expired_code());
    assert_eq!(ann.address().await, (json!("third@example.com"), json!("false")));
}

#[tokio::test]
async fn codes_for_attributes_have_their_limits_and_a_day() {
    let ann = Ann::with("").await;
    for _ in 0..5 {
        assert_eq!(ann.another_code().await.0, 200);
    }
    assert_eq!(ann.another_code().await, too_many());
    let code = ann.pool.code(OLD).await;
    for _ in 0..15 {
        assert_eq!(ann.verify(other_than(&code)).await, wrong_code());
    }
    assert_eq!(ann.verify(&code).await, too_many());
    ann.pool.wait(Span::hours(1));
    let token = ann.pool.signed_in(LEGACY, "ann").await.access;
    let ann = Ann { token, ..ann };
    assert_eq!(ann.verify(&code).await, done());
    assert_eq!(ann.another_code().await.0, 200);
    let code = ann.pool.code(OLD).await;
    ann.pool.wait(Span::hours(24));
    let token = ann.pool.signed_in(LEGACY, "ann").await.access;
    let ann = Ann { token, ..ann };
    assert_eq!(ann.verify(&code).await, expired_code());
}

#[tokio::test]
async fn an_alias_of_somebody_else_cannot_be_verified() {
    let bea = r#", attributes = { email = "bea@example.com", email_verified = true }"#;
    let settings = format!("{BY_EMAIL}\nalias_attributes = [\"email\"]");
    let pool = Pool::with(&settings, &(user("ann", ANNS) + &user("bea", bea))).await;
    let token = pool.signed_in(LEGACY, "bea").await.access;
    let bea = Ann { pool, token };
    assert_eq!(bea.update(email(OLD)).await.0, 200);
    let code = bea.pool.code(OLD).await;
    assert_eq!(
        bea.verify(&code).await,
        refusal(
            "AliasExistsException",
            "An account with the email already exists."
        )
    );
    assert_eq!(bea.pool.user("bea").await.1["email_verified"], "false");
    bea.pool.signed_in(LEGACY, OLD).await;
}

#[tokio::test]
async fn only_what_has_an_address_can_be_verified() {
    let ann = Ann::with("").await;
    let invalid = |message: &str| refusal("InvalidParameterException", message);
    let name = json!({ "AttributeName": "name" });
    assert_eq!(
        ann.call("GetUserAttributeVerificationCode", name).await,
        invalid("Invalid attribute name \"name\": only email and phone_number are verified.")
    );
    let phone = json!({ "AttributeName": "phone_number" });
    assert_eq!(
        ann.call("GetUserAttributeVerificationCode", phone).await,
        invalid("User has no phone_number to verify.")
    );
}

#[tokio::test]
async fn a_client_writes_and_deletes_what_it_may() {
    let ann = Ann::with("").await;
    let client = json!({
        "WriteAttributes": ["name"], "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    });
    let client = ann.pool.app_client(client).await;
    let token = ann.pool.signed_in(&client, "ann").await.access;
    let ann = Ann { token, ..ann };
    let forbidden = || {
        refusal(
            NOT_AUTHORIZED,
            "A client attempted to write unauthorized attribute",
        )
    };
    assert_eq!(ann.update(email(NEW)).await, forbidden());
    let address = json!({ "UserAttributeNames": ["email"] });
    assert_eq!(ann.call("DeleteUserAttributes", address).await, forbidden());
    let name = json!([{ "Name": "name", "Value": "Ann" }]);
    assert_eq!(ann.update(name).await, nothing_sent());
    let name = json!({ "UserAttributeNames": ["name"] });
    assert_eq!(ann.call("DeleteUserAttributes", name).await, done());
    let (_, attributes) = ann.pool.user("ann").await;
    assert_eq!(
        (attributes.get("name"), &attributes["email"]),
        (None, &json!(OLD))
    );
}

#[tokio::test]
async fn a_user_who_deletes_the_account_is_gone() {
    let ann = Ann::with("").await;
    let (status, _) = ann.call("DeleteUser", json!({})).await;
    assert_eq!(status, 200);
    assert_eq!(ann.pool.admin("AdminGetUser", "ann", json!({})).await.0, 400);
    assert_eq!(
        ann.pool.get_user(&ann.token).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
}
