//! Sign-ups in a pool of aliases: an address belongs to whoever has confirmed it.

use serde_json::json;

use crate::behaviour::{LEGACY, Pool, Seen, refusal, tokens, user};
use crate::calls::{done, email};

const SETTINGS: &str =
    "auto_verified_attributes = [\"email\"]\nalias_attributes = [\"email\", \"preferred_username\"]";
const ADDRESS: &str = "ann@example.com";

async fn pool_of_ann() -> Pool {
    Pool::with(SETTINGS, &user("ann", crate::behaviour::ANNS)).await
}

fn taken() -> Seen {
    refusal(
        "AliasExistsException",
        "An account with the email already exists.",
    )
}

async fn signs_in_as(pool: &Pool, login: &str) -> serde_json::Value {
    let seen = pool.sign_in(LEGACY, login, crate::behaviour::PASSWORD).await;
    pool.get_user(&tokens(seen).access).await.1["Username"].clone()
}

#[tokio::test]
async fn a_taken_alias_is_no_matter_at_sign_up_but_at_confirmation() {
    let pool = pool_of_ann().await;
    let code = pool.signed_up("bea", ADDRESS).await;
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, taken());
    assert_eq!(pool.user("bea").await.0, "UNCONFIRMED");
    assert_eq!(signs_in_as(&pool, ADDRESS).await, "ann");
}

#[tokio::test]
async fn it_is_taken_over_when_the_caller_insists() {
    let pool = pool_of_ann().await;
    let code = pool.signed_up("bea", ADDRESS).await;
    assert_eq!(pool.confirm(LEGACY, "bea", &code, json!({})).await, taken());
    let insisting = json!({ "ForceAliasCreation": true });
    assert_eq!(pool.confirm(LEGACY, "bea", &code, insisting).await, done());
    assert_eq!(signs_in_as(&pool, ADDRESS).await, "bea");
    let (_, anns) = pool.user("ann").await;
    assert_eq!(
        (&anns["email"], &anns["email_verified"]),
        (&json!(ADDRESS), &json!("false"))
    );
    assert_eq!(signs_in_as(&pool, "ann").await, "ann");
}

#[tokio::test]
async fn of_many_who_confirm_one_address_at_once_one_gets_it() {
    let pool = Pool::with(SETTINGS, "").await;
    let names = ["a", "b", "c", "d"];
    let mut codes = Vec::new();
    for name in names {
        codes.push((name, pool.signed_up(name, ADDRESS).await));
    }
    let one = |n: usize| pool.confirm(LEGACY, codes[n].0, &codes[n].1, json!({}));
    let seen: [Seen; 4] = tokio::join!(one(0), one(1), one(2), one(3)).into();
    assert_eq!(seen.iter().filter(|seen| **seen == done()).count(), 1, "{seen:?}");
    assert_eq!(
        seen.iter().filter(|seen| **seen == taken()).count(),
        3,
        "{seen:?}"
    );
    let winner = names[seen.iter().position(|seen| *seen == done()).unwrap()];
    assert_eq!(signs_in_as(&pool, ADDRESS).await, winner);
}

#[tokio::test]
async fn a_name_of_an_aliass_form_is_refused_and_so_is_a_preferred_name() {
    let pool = Pool::with(SETTINGS, "").await;
    assert_eq!(
        pool.sign_up(ADDRESS, email(ADDRESS), json!({})).await,
        refusal(
            "InvalidParameterException",
            "Username cannot be of email format, since user pool is configured for email alias."
        )
    );
    let preferred = json!([{ "Name": "preferred_username", "Value": "b" }]);
    assert_eq!(
        pool.sign_up("bea", preferred, json!({})).await,
        refusal(
            "InvalidParameterException",
            "preferred_username is an alias and can be set only after the sign-up is confirmed."
        )
    );
}
