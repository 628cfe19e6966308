//! Tokens: their claims, how long they live, what a refresh keeps, and what ends them.

mod behaviour;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::ports::{Clock as _, SystemEntropy};
use pool::time::Span;
use serde_json::{Value, json};
use testkit::Options;

use behaviour::{
    ANNS, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, OTHER_CLIENT, OTHER_POOL, PASSWORD, POOL, Pool, Seen, claims,
    part, refusal, tokens, user,
};

fn names(object: &serde_json::Map<String, Value>) -> Vec<&str> {
    object.keys().map(String::as_str).collect()
}

fn is_uuid(value: &Value) -> bool {
    let groups: Vec<usize> = value
        .as_str()
        .unwrap_or_default()
        .split('-')
        .map(str::len)
        .collect();
    groups == [8, 4, 4, 4, 12]
}

fn invalid_access_token() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid Access Token")
}

fn invalid_refresh_token() -> Seen {
    refusal(NOT_AUTHORIZED, "Invalid Refresh Token")
}

#[tokio::test]
async fn the_access_token_has_the_claims_of_an_api_sign_in_in_their_order() {
    let pool = Pool::of_ann().await;
    let now = pool.clock.now().seconds();
    let claims = claims(&pool.signed_in(LEGACY, "ann").await.access);
    assert_eq!(
        names(&claims),
        [
            "sub",
            "iss",
            "client_id",
            "origin_jti",
            "event_id",
            "token_use",
            "scope",
            "auth_time",
            "exp",
            "iat",
            "jti",
            "username"
        ]
    );
    let (_, attributes) = pool.user("ann").await;
    assert_eq!(claims["sub"], attributes["sub"]);
    assert_eq!(claims["iss"], format!("{}/{POOL}", pool.server.url()));
    assert_eq!(
        (&claims["client_id"], &claims["token_use"]),
        (&json!(LEGACY), &json!("access"))
    );
    assert_eq!(claims["scope"], "aws.cognito.signin.user.admin");
    assert_eq!(
        [&claims["auth_time"], &claims["iat"], &claims["exp"]],
        [&json!(now), &json!(now), &json!(now + 3600)]
    );
    assert_eq!(claims["username"], "ann");
    assert!(
        ["origin_jti", "event_id", "jti"]
            .iter()
            .all(|name| is_uuid(&claims[*name]))
    );
}

#[tokio::test]
async fn the_id_token_shows_the_attributes_each_in_its_type() {
    let attributes = r#", attributes = { email = "ann@example.com", email_verified = true, phone_number = "+12065550100", phone_number_verified = false, address = "Somewhere 1", updated_at = 1700000000, given_name = "Ann", "custom:plan" = "gold", "custom:seats" = "12" }"#;
    let settings = "custom_attributes = [\"plan\", { name = \"seats\", type = \"Number\" }]";
    let pool = Pool::with(settings, &user("ann", attributes)).await;
    let now = pool.clock.now().seconds();
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let id = claims(&signed_in.id);
    assert_eq!(names(&id)[..3], ["origin_jti", "sub", "aud"]);
    let rest = [
        "event_id",
        "token_use",
        "auth_time",
        "iss",
        "cognito:username",
        "exp",
        "iat",
        "jti",
    ];
    assert_eq!(names(&id)[id.len() - 8..], rest);
    assert_eq!(
        (&id["email"], &id["email_verified"]),
        (&json!("ann@example.com"), &json!(true))
    );
    assert_eq!(id["phone_number_verified"], json!(false));
    assert_eq!(id["address"], json!({ "formatted": "Somewhere 1" }));
    assert_eq!(id["updated_at"], json!(1_700_000_000));
    assert_eq!(
        (&id["custom:plan"], &id["custom:seats"]),
        (&json!("gold"), &json!("12"))
    );
    assert_eq!(
        (&id["aud"], &id["token_use"], &id["cognito:username"]),
        (&json!(LEGACY), &json!("id"), &json!("ann"))
    );
    assert_eq!(
        [&id["auth_time"], &id["iat"], &id["exp"]],
        [&json!(now), &json!(now), &json!(now + 3600)]
    );
    let access = claims(&signed_in.access);
    for shared in ["sub", "iss", "event_id", "origin_jti", "auth_time"] {
        assert_eq!(id[shared], access[shared], "{shared}");
    }
    assert_ne!(id["jti"], access["jti"]);
}

#[tokio::test]
async fn the_header_is_kid_and_alg_and_the_two_keys_are_two() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let (status, keys) = pool
        .server
        .client()
        .get(&format!("/{POOL}/.well-known/jwks.json"))
        .await
        .unwrap();
    let keys: Value = serde_json::from_str(&keys).unwrap();
    let keys = keys["keys"].as_array().unwrap();
    assert_eq!((status, keys.len()), (200, 2));
    for (token, key) in [(&signed_in.id, &keys[0]), (&signed_in.access, &keys[1])] {
        let header = part(token, 0);
        assert_eq!(names(&header), ["kid", "alg"]);
        assert_eq!((&header["alg"], &header["kid"]), (&json!("RS256"), &key["kid"]));
        assert_eq!(STANDARD.decode(key["kid"].as_str().unwrap()).unwrap().len(), 32);
        assert_eq!(
            names(key.as_object().unwrap()),
            ["alg", "e", "kid", "kty", "n", "use"]
        );
        assert_eq!(
            [&key["alg"], &key["e"], &key["kty"], &key["use"]],
            ["RS256", "AQAB", "RSA", "sig"].map(Value::from).each_ref()
        );
    }
    assert_ne!(keys[0]["kid"], keys[1]["kid"]);
}

#[tokio::test]
async fn a_refresh_keeps_the_sign_in_and_renews_the_rest() {
    let pool = Pool::of_ann().await;
    let first = pool.signed_in(LEGACY, "ann").await;
    pool.wait(Span::minutes(30));
    let email = json!({ "UserAttributes": [{ "Name": "email", "Value": "new@example.com" }] });
    assert_eq!(
        pool.admin("AdminUpdateUserAttributes", "ann", email).await,
        (200, json!({}))
    );
    for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
        let (status, answer) = pool
            .initiate(LEGACY, flow, json!({ "REFRESH_TOKEN": first.refresh() }))
            .await;
        let result = &answer["AuthenticationResult"];
        assert!(result.get("RefreshToken").is_none(), "{answer}");
        assert_eq!(
            (&answer["ChallengeParameters"], &result["ExpiresIn"]),
            (&json!({}), &json!(3600))
        );
        let second = tokens((status, answer));
        for (old, new) in [(&first.access, &second.access), (&first.id, &second.id)] {
            let (old, new) = (claims(old), claims(new));
            for kept in ["event_id", "auth_time", "origin_jti", "sub", "iss"] {
                assert_eq!(old[kept], new[kept], "{kept}");
            }
            for renewed in ["jti", "iat", "exp"] {
                assert_ne!(old[renewed], new[renewed], "{renewed}");
            }
        }
        let id = claims(&second.id);
        assert_eq!(
            (&id["email"], &id["email_verified"]),
            (&json!("new@example.com"), &json!(false))
        );
    }
}

#[tokio::test]
async fn two_sign_ins_are_two_families() {
    let pool = Pool::of_ann().await;
    let [one, two] = [
        pool.signed_in(LEGACY, "ann").await,
        pool.signed_in(LEGACY, "ann").await,
    ];
    for name in ["origin_jti", "event_id", "jti"] {
        assert_ne!(claims(&one.access)[name], claims(&two.access)[name], "{name}");
    }
}

#[tokio::test]
async fn a_refresh_token_is_of_one_pool_and_one_app_client() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    for token in ["garbage", &signed_in.access, &"A".repeat(1800)] {
        assert_eq!(pool.refresh(LEGACY, token).await, invalid_refresh_token());
    }
    assert_eq!(
        pool.refresh(OTHER_CLIENT, signed_in.refresh()).await,
        invalid_refresh_token()
    );
    assert_eq!(
        pool.refresh(HIDING, signed_in.refresh()).await,
        refusal(NOT_AUTHORIZED, "Refresh Token has different Client")
    );
}

#[tokio::test]
async fn a_refresh_token_ends_thirty_days_after_the_sign_in_however_often_it_was_used() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    pool.wait(Span::days(29));
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
    pool.wait(Span(Span::days(1).0 - 1));
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
    pool.wait(Span(1));
    assert_eq!(
        pool.refresh(LEGACY, signed_in.refresh()).await,
        refusal(NOT_AUTHORIZED, "Refresh Token has expired")
    );
}

#[tokio::test]
async fn a_deleted_user_refreshes_nothing_even_when_the_name_is_made_again() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let deleted = || {
        refusal(
            NOT_AUTHORIZED,
            "The user has been deleted for the associated refresh token",
        )
    };
    assert_eq!(
        pool.admin("AdminDeleteUser", "ann", json!({})).await,
        (200, Value::Null)
    );
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await, deleted());
    assert_eq!(
        pool.admin("AdminCreateUser", "ann", json!({ "MessageAction": "SUPPRESS" }))
            .await
            .0,
        200
    );
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await, deleted());
}

#[tokio::test]
async fn tokens_of_a_disabled_user_are_worth_nothing_and_never_again_anything() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    pool.admin("AdminDisableUser", "ann", json!({})).await;
    let disabled = || refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await, disabled());
    assert_eq!(pool.get_user(&signed_in.access).await, disabled());
    pool.admin("AdminEnableUser", "ann", json!({})).await;
    assert_eq!(
        pool.refresh(LEGACY, signed_in.refresh()).await,
        refusal(NOT_AUTHORIZED, "Refresh Token has been revoked")
    );
    assert_eq!(
        pool.get_user(&signed_in.access).await,
        refusal(NOT_AUTHORIZED, "Access Token has been revoked")
    );
    let again = pool.signed_in(LEGACY, "ann").await;
    assert_eq!(pool.get_user(&again.access).await.0, 200);
    assert_eq!(pool.refresh(LEGACY, again.refresh()).await.0, 200);
}

#[tokio::test]
async fn an_access_token_shows_its_user() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let (_, attributes) = pool.user("ann").await;
    let (status, seen) = pool.get_user(&signed_in.access).await;
    let mut members = names(seen.as_object().unwrap());
    members.sort_unstable();
    assert_eq!((status, members), (200, vec!["UserAttributes", "Username"]));
    assert_eq!(seen["Username"], "ann");
    assert_eq!(
        seen["UserAttributes"],
        json!([
            { "Name": "email", "Value": "ann@example.com" },
            { "Name": "email_verified", "Value": "true" },
            { "Name": "sub", "Value": attributes["sub"] },
        ])
    );
}

#[tokio::test]
async fn what_is_no_access_token_is_invalid() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    for token in ["garbage", "a.b.c", &signed_in.id, signed_in.refresh()] {
        assert_eq!(pool.get_user(token).await, invalid_access_token());
    }
}

#[tokio::test]
async fn an_altered_access_token_is_not_verified() {
    let pool = Pool::of_ann().await;
    let (ann, id) = {
        let signed_in = pool.signed_in(LEGACY, "ann").await;
        (signed_in.access, signed_in.id)
    };
    let unverified = || refusal(NOT_AUTHORIZED, "Could not verify signature for Access Token");
    let (body, signature) = ann.rsplit_once('.').unwrap();
    let (first, rest) = signature.split_at(1);
    let turned = if first == "A" { "B" } else { "A" };
    assert_eq!(
        pool.get_user(&format!("{body}.{turned}{rest}")).await,
        unverified()
    );
    let borrowed = id.rsplit_once('.').unwrap().1;
    assert_eq!(pool.get_user(&format!("{body}.{borrowed}")).await, unverified());
    let (header, _) = id.split_once('.').unwrap();
    let claims = ann.split('.').nth(1).unwrap();
    assert_eq!(
        pool.get_user(&format!("{header}.{claims}.{signature}")).await,
        unverified()
    );
}

#[tokio::test]
async fn an_access_token_ends_after_an_hour() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    pool.wait(Span::minutes(59));
    assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
    pool.wait(Span::minutes(1));
    assert_eq!(
        pool.get_user(&signed_in.access).await,
        refusal(NOT_AUTHORIZED, "Access Token has expired")
    );
}

#[tokio::test]
async fn an_access_token_outlives_its_user_by_nothing() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    pool.admin("AdminDeleteUser", "ann", json!({})).await;
    assert_eq!(
        pool.get_user(&signed_in.access).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
    pool.admin("AdminCreateUser", "ann", json!({ "MessageAction": "SUPPRESS" }))
        .await;
    pool.set_password("ann", PASSWORD).await;
    assert_eq!(pool.get_user(&signed_in.access).await, invalid_access_token());
}

#[tokio::test]
async fn an_access_token_ends_with_its_app_client() {
    let pool = Pool::of_ann().await;
    let client = &pool
        .app_client(json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] }))
        .await;
    let signed_in = pool.signed_in(client, "ann").await;
    pool.done(
        "DeleteUserPoolClient",
        json!({ "UserPoolId": POOL, "ClientId": client }),
    )
    .await;
    let gone = refusal(
        "ResourceNotFoundException",
        &format!("User pool client {client} does not exist."),
    );
    assert_eq!(pool.get_user(&signed_in.access).await, gone);
    assert_eq!(pool.refresh(client, signed_in.refresh()).await, gone);
}

#[tokio::test]
async fn a_token_of_another_server_is_not_verified_and_of_an_unknown_pool_invalid() {
    // With keys of its own, which the tests' servers share otherwise.
    let options = Options {
        entropy: Arc::new(SystemEntropy),
        ..Options::default()
    };
    let (here, there) = (
        Pool::of_ann().await,
        Pool::over(options, "", &user("ann", ANNS)).await,
    );
    let token = there.signed_in(LEGACY, "ann").await;
    assert_eq!(
        here.get_user(&token.access).await,
        refusal(NOT_AUTHORIZED, "Could not verify signature for Access Token")
    );
    assert_eq!(
        here.refresh(LEGACY, token.refresh()).await,
        invalid_refresh_token()
    );
    let own = here.signed_in(LEGACY, "ann").await;
    here.done("DeleteUserPool", json!({ "UserPoolId": POOL })).await;
    assert_eq!(here.get_user(&own.access).await, invalid_access_token());
    here.done("DescribeUserPool", json!({ "UserPoolId": OTHER_POOL }))
        .await;
}

#[tokio::test]
async fn lifetimes_are_those_of_the_app_client_in_its_units() {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "AccessTokenValidity": 300, "IdTokenValidity": 90, "RefreshTokenValidity": 2,
        "TokenValidityUnits": { "AccessToken": "seconds", "IdToken": "minutes", "RefreshToken": "hours" },
    });
    let client = &pool.app_client(settings).await;
    let (status, answer) = pool.sign_in(client, "ann", PASSWORD).await;
    assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 300);
    let signed_in = tokens((status, answer));
    let life = |token: &str| {
        let claims = claims(token);
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap()
    };
    assert_eq!((life(&signed_in.access), life(&signed_in.id)), (300, 5400));
    pool.wait(Span::minutes(5));
    assert_eq!(
        pool.get_user(&signed_in.access).await.1["message"],
        "Access Token has expired"
    );
    pool.wait(Span(Span::minutes(115).0 - 1));
    assert_eq!(pool.refresh(client, signed_in.refresh()).await.0, 200);
    pool.wait(Span(1));
    assert_eq!(
        pool.refresh(client, signed_in.refresh()).await.1["message"],
        "Refresh Token has expired"
    );
}

#[tokio::test]
async fn a_refresh_token_of_no_days_lives_thirty() {
    let pool = Pool::of_ann().await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenValidity": 0,
    });
    let client = &pool.app_client(settings).await;
    let signed_in = pool.signed_in(client, "ann").await;
    pool.wait(Span(Span::days(30).0 - 1));
    assert_eq!(pool.refresh(client, signed_in.refresh()).await.0, 200);
    pool.wait(Span(1));
    assert_eq!(pool.refresh(client, signed_in.refresh()).await.0, 400);
}

#[tokio::test]
async fn without_revocation_the_tokens_name_no_family() {
    let pool = Pool::of_ann().await;
    let settings =
        json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "EnableTokenRevocation": false });
    let client = &pool.app_client(settings).await;
    let signed_in = pool.signed_in(client, "ann").await;
    assert_eq!(
        names(&claims(&signed_in.access)),
        [
            "sub",
            "iss",
            "client_id",
            "event_id",
            "token_use",
            "scope",
            "auth_time",
            "exp",
            "iat",
            "username"
        ]
    );
    assert!(!claims(&signed_in.id).contains_key("origin_jti"));
    assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
}

#[tokio::test]
async fn an_app_client_shows_only_the_attributes_that_it_may_read() {
    let attributes = ANNS.replace('}', ", given_name = \"Ann\", \"custom:plan\" = \"gold\" }");
    let pool = Pool::with("custom_attributes = [\"plan\"]", &user("ann", &attributes)).await;
    let settings = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "ReadAttributes": ["email", "custom:plan"],
    });
    let client = &pool.app_client(settings).await;
    let signed_in = pool.signed_in(client, "ann").await;
    let id = claims(&signed_in.id);
    assert_eq!(
        (&id["email"], &id["custom:plan"]),
        (&json!("ann@example.com"), &json!("gold"))
    );
    assert!(!id.contains_key("given_name") && !id.contains_key("email_verified"));
    assert!(id.contains_key("sub"));
    let (_, seen) = pool.get_user(&signed_in.access).await;
    let shown: Vec<_> = seen["UserAttributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attribute| attribute["Name"].as_str().unwrap())
        .collect();
    assert!(
        shown.contains(&"email") && !shown.contains(&"given_name"),
        "{shown:?}"
    );
}

#[tokio::test]
async fn tokens_survive_another_password() {
    let pool = Pool::of_ann().await;
    let signed_in = pool.signed_in(LEGACY, "ann").await;
    let still_good = async || {
        assert_eq!(pool.get_user(&signed_in.access).await.0, 200);
        assert_eq!(pool.refresh(LEGACY, signed_in.refresh()).await.0, 200);
    };
    let change = json!({
        "AccessToken": signed_in.access, "PreviousPassword": PASSWORD, "ProposedPassword": NEXT,
    });
    assert_eq!(pool.call("ChangePassword", change).await, (200, json!({})));
    still_good().await;
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
    pool.set_password("ann", "Third-horse-3").await;
    still_good().await;
    let temporary = json!({ "Password": "Fourth-horse-4", "Permanent": false });
    pool.admin("AdminSetUserPassword", "ann", temporary).await;
    still_good().await;
}

#[tokio::test]
async fn a_password_is_changed_with_the_former_one_and_by_the_policy() {
    let pool = Pool::of_ann().await;
    let token = pool.signed_in(LEGACY, "ann").await.access;
    let change = |previous: &str, proposed: &str| {
        let body =
            json!({ "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed });
        pool.call("ChangePassword", body)
    };
    assert_eq!(change(NEXT, NEXT).await, behaviour::incorrect());
    assert_eq!(
        change(PASSWORD, "Short1!").await,
        refusal(
            "InvalidPasswordException",
            "Password does not conform to policy: Password not long enough"
        )
    );
    assert_eq!(change(PASSWORD, NEXT).await, (200, json!({})));
    assert_eq!(
        pool.sign_in(LEGACY, "ann", PASSWORD).await,
        behaviour::incorrect()
    );
    tokens(pool.sign_in(LEGACY, "ann", NEXT).await);
}
