//! Names: what signs a user in, which names are two, and what a migration function may call somebody.

mod behaviour;

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Answering, Options};

use behaviour::{
    FUNCTION, HIDING, LEGACY, PASSWORD, Pool, Seen, WRONG, challenge, claims, incorrect, refusal, tokens,
    user,
};

const EMAIL_SIGNS_IN: &str = "username_attributes = [\"email\"]";
const EMAIL_ALIAS: &str = "alias_attributes = [\"email\", \"preferred_username\"]";

fn unknown() -> Seen {
    refusal("UserNotFoundException", "User does not exist.")
}

fn invalid(message: &str) -> Seen {
    refusal("InvalidParameterException", message)
}

/// Makes a user with a permanent password; gives the answer of `AdminCreateUser`.
async fn create(pool: &Pool, username: &str, attributes: &[(&str, &str)], more: Value) -> Seen {
    let attributes: Vec<Value> = attributes
        .iter()
        .map(|(name, value)| json!({ "Name": name, "Value": value }))
        .collect();
    let mut body = json!({ "UserAttributes": attributes, "MessageAction": "SUPPRESS" });
    behaviour::merge(&mut body, more);
    let made = pool.admin("AdminCreateUser", username, body).await;
    if made.0 == 200 {
        pool.set_password(username, PASSWORD).await;
    }
    made
}

#[tokio::test]
async fn where_an_address_signs_in_the_user_name_is_the_sub_and_both_lead_there() {
    let ann = ", attributes = { email = \"ann@example.com\", email_verified = false }";
    let pool = Pool::with(EMAIL_SIGNS_IN, &user("ann@example.com", ann)).await;
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    let access = claims(&signed_in.access);
    assert_eq!(access["username"], access["sub"]);
    let sub = access["sub"].as_str().unwrap();
    let id = claims(&signed_in.id);
    assert_eq!(
        (&id["cognito:username"], &id["email_verified"]),
        (&access["sub"], &json!(false))
    );
    pool.signed_in(LEGACY, sub).await;
    assert_eq!(
        pool.admin("AdminGetUser", sub, json!({})).await,
        pool.admin("AdminGetUser", "ann@example.com", json!({})).await
    );
    assert_eq!(pool.get_user(&signed_in.access).await.1["Username"], sub);
}

#[tokio::test]
async fn where_an_address_signs_in_a_name_must_be_one_and_can_be_taken() {
    let pool = Pool::with(EMAIL_SIGNS_IN, &user("ann@example.com", "")).await;
    assert_eq!(
        create(&pool, "bob", &[], json!({})).await,
        invalid("Username should be an email.")
    );
    assert_eq!(
        create(&pool, "ann@example.com", &[], json!({})).await,
        refusal(
            "UsernameExistsException",
            "An account with the given email already exists."
        )
    );
    let both = Pool::with("username_attributes = [\"email\", \"phone_number\"]", "").await;
    assert_eq!(
        create(&both, "bob", &[], json!({})).await,
        invalid("Username should be either an email or a phone number.")
    );
    assert_eq!(create(&both, "+12065550100", &[], json!({})).await.0, 200);
    assert_eq!(
        create(&both, "+12065550100", &[], json!({})).await,
        refusal(
            "UsernameExistsException",
            "An account with the given phone_number already exists."
        )
    );
    pool_of_phones().await;
}

async fn pool_of_phones() {
    let phones = Pool::with("username_attributes = [\"phone_number\"]", "").await;
    assert_eq!(
        create(&phones, "bob@example.com", &[], json!({})).await,
        invalid("Username should be a phone number.")
    );
}

#[tokio::test]
async fn a_user_name_is_taken_once_and_free_again_after_deletion() {
    let pool = Pool::of_ann().await;
    assert_eq!(
        create(&pool, "ann", &[], json!({})).await,
        refusal("UsernameExistsException", "User account already exists")
    );
    let address = [("email", "ann@example.com"), ("email_verified", "true")];
    assert_eq!(
        create(&pool, "ann2", &address, json!({})).await.0,
        200,
        "an address is no name here"
    );
    assert_eq!(pool.sign_in(LEGACY, "ann@example.com", PASSWORD).await, unknown());
    pool.admin("AdminDeleteUser", "ann", json!({})).await;
    assert_eq!(create(&pool, "ann", &[], json!({})).await.0, 200);
}

#[tokio::test]
async fn an_alias_signs_in_once_it_is_verified() {
    let ben = ", attributes = { email = \"ben@example.com\" }";
    let pool = Pool::with(EMAIL_ALIAS, &(user("ann", behaviour::ANNS) + &user("ben", ben))).await;
    let ann = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(claims(&ann.access)["username"], "ann");
    pool.signed_in(LEGACY, "ben").await;
    assert_eq!(pool.sign_in(LEGACY, "ben@example.com", PASSWORD).await, unknown());
    let verified = json!({ "UserAttributes": [{ "Name": "email_verified", "Value": "true" }] });
    assert_eq!(
        pool.admin("AdminUpdateUserAttributes", "ben", verified).await,
        (200, json!({}))
    );
    pool.signed_in(LEGACY, "ben@example.com").await;
    let moved = json!({ "UserAttributes": [{ "Name": "email", "Value": "benny@example.com" }] });
    pool.admin("AdminUpdateUserAttributes", "ben", moved).await;
    for gone in ["ben@example.com", "benny@example.com"] {
        assert_eq!(pool.sign_in(LEGACY, gone, PASSWORD).await, unknown());
    }
}

#[tokio::test]
async fn a_preferred_user_name_signs_in_once_it_is_set_and_belongs_to_one() {
    let pool = Pool::with(EMAIL_ALIAS, &(user("ann", "") + &user("ben", ""))).await;
    let called = |name: &str| json!({ "UserAttributes": [{ "Name": "preferred_username", "Value": name }] });
    assert_eq!(
        pool.admin("AdminUpdateUserAttributes", "ann", called("annie"))
            .await
            .0,
        200
    );
    pool.signed_in(LEGACY, "annie").await;
    for taken in ["annie", "ann"] {
        assert_eq!(
            pool.admin("AdminUpdateUserAttributes", "ben", called(taken))
                .await,
            refusal(
                "AliasExistsException",
                "User account already exists for the alias."
            )
        );
    }
    let like_an_address = pool
        .admin("AdminUpdateUserAttributes", "ben", called("ben@example.com"))
        .await;
    assert_eq!(like_an_address.1["__type"], "InvalidParameterException");
}

#[tokio::test]
async fn a_user_name_does_not_look_like_an_alias() {
    let pool = Pool::with("alias_attributes = [\"email\", \"phone_number\"]", "").await;
    assert_eq!(
        create(&pool, "ann@example.com", &[], json!({})).await,
        invalid("Username cannot be of email format, since user pool is configured for email alias.")
    );
    assert_eq!(
        create(&pool, "+12065550100", &[], json!({})).await,
        invalid(
            "Username cannot be of phone number format, since user pool is configured for phone number alias."
        )
    );
}

#[tokio::test]
async fn a_taken_alias_is_refused_or_taken_over() {
    let pool = Pool::with(EMAIL_ALIAS, &user("ann", behaviour::ANNS)).await;
    let address = [("email", "ann@example.com"), ("email_verified", "true")];
    assert_eq!(
        create(&pool, "unverified", &address[..1], json!({})).await.0,
        200,
        "not an alias yet"
    );
    let seen = create(&pool, "newann", &address, json!({})).await;
    assert_eq!(
        seen,
        refusal(
            "AliasExistsException",
            "User account already exists for the alias."
        )
    );
    let forced = json!({ "ForceAliasCreation": true });
    assert_eq!(create(&pool, "newann", &address, forced).await.0, 200);
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(claims(&signed_in.access)["username"], "newann");
    let (_, former) = pool.user("ann").await;
    assert_eq!(
        (&former["email"], &former["email_verified"]),
        (&json!("ann@example.com"), &json!("false"))
    );
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn a_pool_that_ignores_case_knows_a_name_in_every_spelling() {
    let insensitive = |names: &str| format!("{names}\ncase_sensitive = false");
    let pool = Pool::with(&insensitive(EMAIL_ALIAS), &user("Ann", behaviour::ANNS)).await;
    for name in ["ann", "ANN", "Ann@Example.COM"] {
        let signed_in = pool.signed_in(LEGACY, name).await;
        assert_eq!(claims(&signed_in.access)["username"], "ann");
    }
    assert_eq!(
        create(&pool, "aNN", &[], json!({})).await,
        refusal("UsernameExistsException", "User account already exists")
    );
    assert_eq!(
        pool.sign_in(LEGACY, "ann", &PASSWORD.to_uppercase()).await,
        incorrect()
    );

    let pool = Pool::with(&insensitive(EMAIL_SIGNS_IN), &user("Ann@Example.com", "")).await;
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(claims(&signed_in.id)["email"], "Ann@Example.com");
    assert_eq!(
        create(&pool, "ANN@example.com", &[], json!({})).await,
        refusal(
            "UsernameExistsException",
            "An account with the given email already exists."
        )
    );
    let sensitive = Pool::with(EMAIL_SIGNS_IN, &user("Ann@Example.com", "")).await;
    assert_eq!(
        sensitive.sign_in(LEGACY, "ann@example.com", PASSWORD).await,
        unknown()
    );
    assert_eq!(create(&sensitive, "ann@example.com", &[], json!({})).await.0, 200);
}

/// A pool whose trigger answers with these members of `response`; the first sign-in moves somebody in.
async fn migrating(settings: &str, users: &str, response: Value) -> Pool {
    let answer = move |mut event: Value| {
        behaviour::merge(&mut event["response"], response.clone());
        Ok(event)
    };
    let options = Options {
        builtins: vec![(FUNCTION, Arc::new(Answering(answer)))],
        ..Options::default()
    };
    let settings = format!("{settings}\nlambda_config = {{ UserMigration = \"{FUNCTION}\" }}");
    Pool::over(options, &settings, users).await
}

fn ann_moves_in(more: Value) -> Value {
    let mut response = json!({
        "userAttributes": { "email": "ann@example.com", "email_verified": "true" },
        "finalUserStatus": "CONFIRMED", "messageAction": "SUPPRESS",
    });
    behaviour::merge(&mut response, more);
    response
}

fn with_attributes(attributes: &Value) -> Value {
    ann_moves_in(json!({ "userAttributes": attributes }))
}

#[tokio::test]
async fn in_a_pool_of_aliases_a_function_gives_the_user_name_of_an_address() {
    let attributes = json!({ "username": "ann", "email": "ann@example.com", "email_verified": "true" });
    let pool = migrating(EMAIL_ALIAS, "", with_attributes(&attributes)).await;
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(claims(&signed_in.access)["username"], "ann");
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(pool.server.invocations().count(), 1);
}

#[tokio::test]
async fn in_a_pool_of_aliases_an_address_is_no_user_name() {
    let pool = migrating(EMAIL_ALIAS, "", ann_moves_in(json!({}))).await;
    let message = "Username cannot be of email format, since user pool is configured for email alias.";
    assert_eq!(
        pool.sign_in(LEGACY, "ann@example.com", PASSWORD).await,
        refusal("UserNotFoundException", message)
    );
    assert_eq!(
        pool.sign_in(HIDING, "ann@example.com", PASSWORD).await,
        incorrect()
    );
    assert_eq!(
        pool.forgot_password(LEGACY, "ann@example.com").await,
        invalid(message)
    );
    pool.signed_in(LEGACY, "ann").await;
}

#[tokio::test]
async fn in_a_pool_of_aliases_an_unverified_address_makes_a_user_whom_it_does_not_sign_in() {
    let attributes = json!({ "username": "ann", "email": "ann@example.com" });
    let pool = migrating(EMAIL_ALIAS, "", with_attributes(&attributes)).await;
    assert_eq!(pool.sign_in(LEGACY, "ann@example.com", PASSWORD).await, unknown());
    assert_eq!(pool.user("ann").await.0, "CONFIRMED");
    pool.signed_in(LEGACY, "ann").await;
    assert_eq!(
        pool.sign_in(HIDING, "ann@example.com", PASSWORD).await,
        incorrect()
    );
}

#[tokio::test]
async fn a_function_may_not_name_somebody_whose_login_is_no_alias() {
    let attributes = json!({ "username": "somebody", "email": "ann@example.com", "email_verified": "true" });
    let pool = migrating(EMAIL_ALIAS, "", with_attributes(&attributes)).await;
    assert_eq!(
        pool.sign_in(LEGACY, "ann", PASSWORD).await.1["__type"],
        "UserNotFoundException"
    );
    let plain = migrating("", "", with_attributes(&attributes)).await;
    assert_eq!(
        plain.sign_in(LEGACY, "ann@example.com", PASSWORD).await.1["__type"],
        "UserNotFoundException"
    );
}

#[tokio::test]
async fn a_function_may_give_the_login_itself_as_the_user_name_in_any_case_that_the_pool_ignores() {
    let attributes = json!({ "username": "ANN", "email": "ann@example.com" });
    let pool = migrating("case_sensitive = false", "", with_attributes(&attributes)).await;
    let signed_in = pool.signed_in(LEGACY, "Ann").await;
    assert_eq!(claims(&signed_in.access)["username"], "ann");
}

#[tokio::test]
async fn a_function_takes_an_alias_only_by_force() {
    let attributes = json!({ "username": "newann", "email": "ann@example.com", "email_verified": "true" });
    let owner = user("ann", "");
    let settings = EMAIL_ALIAS;
    let verified = json!({ "UserAttributes": [
        { "Name": "email", "Value": "ann@example.com" }, { "Name": "email_verified", "Value": "true" },
    ] });

    // The login is an alias of the new user alone; the address has an owner.
    let attributes_of_pn = json!({
        "username": "newann", "preferred_username": "annie", "email": "ann@example.com", "email_verified": "true",
    });
    let pool = migrating(settings, &owner, with_attributes(&attributes_of_pn)).await;
    pool.admin("AdminUpdateUserAttributes", "ann", verified.clone())
        .await;
    assert_eq!(
        pool.sign_in(LEGACY, "annie", PASSWORD).await,
        refusal(
            "UserNotFoundException",
            "User account already exists for the alias."
        )
    );
    assert_eq!(pool.sign_in(HIDING, "annie", PASSWORD).await, incorrect());

    let forced = ann_moves_in(json!({ "userAttributes": attributes_of_pn, "forceAliasCreation": true }));
    let pool = migrating(settings, &owner, forced).await;
    pool.admin("AdminUpdateUserAttributes", "ann", verified).await;
    pool.signed_in(LEGACY, "annie").await;
    let signed_in = pool.signed_in(LEGACY, "ann@example.com").await;
    assert_eq!(claims(&signed_in.access)["username"], "newann");
    assert_eq!(pool.user("ann").await.1["email_verified"], "false");

    let known = migrating(
        settings,
        &user("ann", behaviour::ANNS),
        with_attributes(&attributes),
    )
    .await;
    assert_eq!(known.sign_in(LEGACY, "ann@example.com", WRONG).await, incorrect());
    assert_eq!(
        known.server.invocations().count(),
        0,
        "an active alias asks nobody"
    );
}

#[tokio::test]
async fn where_an_address_signs_in_a_function_gives_the_address_or_nothing() {
    for attributes in [
        json!({ "email": "ann@example.com", "email_verified": "true" }),
        json!({ "name": "Ann" }),
        json!({ "username": "whatever", "email": "ann@example.com" }),
    ] {
        let pool = migrating(EMAIL_SIGNS_IN, "", with_attributes(&attributes)).await;
        let access = claims(&pool.signed_in(LEGACY, "ann@example.com").await.access);
        assert_eq!(access["username"], access["sub"]);
        pool.signed_in(LEGACY, access["sub"].as_str().unwrap()).await;
        assert_eq!(pool.user("ann@example.com").await.1["email"], "ann@example.com");
    }
    let another = json!({ "email": "other@example.com" });
    let pool = migrating(EMAIL_SIGNS_IN, "", with_attributes(&another)).await;
    let seen = pool.sign_in(LEGACY, "ann@example.com", PASSWORD).await;
    assert_eq!(seen.1["__type"], "UserNotFoundException");
    assert_eq!(
        pool.sign_in(LEGACY, "ann", PASSWORD).await,
        refusal("UserNotFoundException", "Username should be an email.")
    );
}

#[tokio::test]
async fn a_second_factor_needs_a_pool_that_has_one_and_a_phone() {
    let phone = json!({
        "email": "ann@example.com", "phone_number": "+12065550105", "phone_number_verified": "true",
    });
    let with_factor =
        |attributes: Value| ann_moves_in(json!({ "userAttributes": attributes, "enableSMSMFA": true }));
    let optional = "mfa_configuration = \"OPTIONAL\"";
    let refused = || {
        refusal(
            "UserNotFoundException",
            "SMS MFA needs a user pool with MFA and a user with a phone_number.",
        )
    };
    for (settings, attributes) in [
        ("", phone.clone()),
        (optional, json!({ "email": "ann@example.com" })),
    ] {
        let pool = migrating(settings, "", with_factor(attributes)).await;
        assert_eq!(pool.sign_in(LEGACY, "ann", PASSWORD).await, refused());
        assert_eq!(pool.sign_in(HIDING, "ann", PASSWORD).await, incorrect());
        assert_eq!(
            pool.admin("AdminGetUser", "ann", json!({})).await,
            unknown(),
            "no trace"
        );
    }
    let pool = migrating(optional, "", with_factor(phone)).await;
    let asked = challenge(pool.sign_in(LEGACY, "ann", PASSWORD).await, "SMS_MFA");
    let code = pool.code("+12065550105").await;
    tokens(pool.sms_code(asked.session(), "ann", &code).await);
    challenge(pool.sign_in(LEGACY, "ann", PASSWORD).await, "SMS_MFA");
}

#[tokio::test]
async fn who_moves_in_unconfirmed_must_reset_and_a_client_that_hides_says_incorrect() {
    for response in [
        ann_moves_in(json!({ "finalUserStatus": "RESET_REQUIRED" })),
        ann_moves_in(json!({ "finalUserStatus": null })),
    ] {
        for (client, expected) in [
            (
                LEGACY,
                refusal(
                    "PasswordResetRequiredException",
                    "Password reset required for the user",
                ),
            ),
            (HIDING, incorrect()),
        ] {
            let pool = migrating("", "", response.clone()).await;
            for _ in 0..2 {
                assert_eq!(pool.sign_in(client, "ann", PASSWORD).await, expected);
            }
            assert_eq!(pool.server.invocations().count(), 1);
            assert_eq!(pool.user("ann").await.0, "RESET_REQUIRED");
            assert_eq!(pool.forgot_password(client, "ann").await.0, 200);
            let code = pool.code("ann@example.com").await;
            assert_eq!(
                pool.confirm_forgot(client, "ann", &code, PASSWORD).await,
                (200, json!({}))
            );
            pool.signed_in(client, "ann").await;
        }
    }
}

#[tokio::test]
async fn a_welcome_goes_out_unless_it_is_suppressed_and_names_what_signs_in() {
    let welcome = |more: Value| {
        let mut response = ann_moves_in(json!({
            "messageAction": null,
            "userAttributes": {
                "email": "ann@example.com", "email_verified": "true", "phone_number": "+12065550105",
            },
        }));
        behaviour::merge(&mut response, more);
        response
    };
    for (more, expected) in [
        (json!({}), vec!["+12065550105"]),
        (
            json!({ "desiredDeliveryMediums": ["EMAIL"] }),
            vec!["ann@example.com"],
        ),
        (
            json!({ "desiredDeliveryMediums": ["EMAIL", "SMS"] }),
            vec!["ann@example.com", "+12065550105"],
        ),
        (json!({ "messageAction": "SUPPRESS" }), vec![]),
    ] {
        let pool = migrating(EMAIL_SIGNS_IN, "", welcome(more)).await;
        pool.signed_in(LEGACY, "ann@example.com").await;
        let messages = pool.messages();
        let destinations: Vec<_> = messages
            .iter()
            .map(|message| message["destination"].as_str().unwrap())
            .collect();
        assert_eq!(destinations, expected);
        for message in &messages {
            assert_eq!(message["body"], "Your username is ann@example.com.");
            assert_eq!(message["code"], Value::Null);
        }
    }
}
