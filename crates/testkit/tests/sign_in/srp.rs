//! `USER_SRP_AUTH`: the password is proven without being sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pool::time::Span;
use serde_json::{Value, json};

use crate::behaviour::{
    ANNS, HIDING, LEGACY, NEXT, NOT_AUTHORIZED, OTHER_CLIENT, PASSWORD, POOL, Pool, Seen, WRONG, challenge,
    incorrect, refusal, tokens, user,
};

/// The answers with one of them replaced.
fn altered(answers: &Value, name: &str, value: &str) -> Value {
    let mut answers = answers.clone();
    answers[name] = value.into();
    answers
}

fn lower_hex_without_leading_zeros(text: &str) -> bool {
    !text.starts_with('0')
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[tokio::test]
async fn the_challenge_has_five_parameters_and_no_session() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    let parameters = begun.challenge.0["ChallengeParameters"].as_object().unwrap();
    let mut names: Vec<_> = parameters.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["SALT", "SECRET_BLOCK", "SRP_B", "USERNAME", "USER_ID_FOR_SRP"]
    );
    assert!(begun.challenge.0.get("Session").is_none());
    assert!(lower_hex_without_leading_zeros(begun.challenge.parameter("SALT")));
    assert!(lower_hex_without_leading_zeros(
        begun.challenge.parameter("SRP_B")
    ));
    assert!(STANDARD.decode(begun.challenge.parameter("SECRET_BLOCK")).is_ok());
    assert_eq!(begun.challenge.parameter("USERNAME"), "ann");
}

#[tokio::test]
async fn the_right_password_lets_in_and_a_wrong_one_is_incorrect() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    assert_eq!(pool.prove(LEGACY, begun.answers(WRONG)).await, incorrect());
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
}

#[tokio::test]
async fn an_alias_leads_to_the_real_user_name() {
    let settings = "username_attributes = [\"email\"]\ncase_sensitive = false";
    let pool = Pool::with(settings, &user("ann@example.com", "")).await;
    let begun = pool.begin_srp(LEGACY, "Ann@Example.com").await;
    let (_, attributes) = pool.user("ann@example.com").await;
    for name in ["USERNAME", "USER_ID_FOR_SRP"] {
        assert_eq!(begun.challenge.parameter(name), attributes["sub"]);
    }
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
    let by_address = altered(&begun.answers(PASSWORD), "USERNAME", "ann@example.com");
    tokens(pool.prove(LEGACY, by_address).await);
}

#[tokio::test]
async fn an_unknown_user_is_told_of_by_a_client_that_does_not_hide() {
    let pool = Pool::of_ann().await;
    let parameters = json!({ "USERNAME": "nobody", "SRP_A": "1f" });
    assert_eq!(
        pool.initiate(LEGACY, "USER_SRP_AUTH", parameters).await,
        refusal("UserNotFoundException", "User does not exist.")
    );
}

#[tokio::test]
async fn an_unknown_user_of_a_client_that_hides_gets_a_challenge_that_nobody_answers() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(HIDING, "nobody").await;
    assert_eq!(begun.challenge.parameter("USERNAME"), "nobody");
    assert_eq!(begun.challenge.parameter("USER_ID_FOR_SRP"), "nobody");
    for password in [PASSWORD, ""] {
        assert_eq!(pool.prove(HIDING, begun.answers(password)).await, incorrect());
    }
    let (real, not) = (
        pool.begin_srp(HIDING, "ann").await,
        pool.begin_srp(HIDING, "ben").await,
    );
    let length = |begun: &crate::behaviour::Srp| begun.challenge.parameter("SECRET_BLOCK").len();
    assert_eq!(length(&real), length(&not), "the sealed state tells nothing");
}

#[tokio::test]
async fn the_salt_of_an_unknown_name_is_its_own_and_stays() {
    let pool = Pool::of_ann().await;
    let settings =
        json!({ "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "PreventUserExistenceErrors": "ENABLED" });
    let another_client = &pool.app_client(settings).await;
    let pool = &pool;
    let salt = |client, username| async move {
        let begun = pool.begin_srp(client, username).await;
        begun.challenge.parameter("SALT").to_owned()
    };
    let first = salt(HIDING, "nobody").await;
    assert_eq!(salt(HIDING, "nobody").await, first);
    assert_eq!(salt(another_client, "nobody").await, first);
    assert_ne!(salt(HIDING, "nobody2").await, first);
    let (one, two) = (
        pool.begin_srp(HIDING, "nobody").await,
        pool.begin_srp(HIDING, "nobody").await,
    );
    assert_ne!(one.challenge.parameter("SRP_B"), two.challenge.parameter("SRP_B"));
}

#[tokio::test]
async fn behind_an_unknown_address_stands_a_user_id_that_looks_real_and_stays() {
    for names in [
        "username_attributes = [\"email\"]",
        "alias_attributes = [\"email\"]",
    ] {
        let pool = Pool::with(&format!("{names}\ncase_sensitive = false"), "").await;
        let pool = &pool;
        let user_id = |username| async move {
            let begun = pool.begin_srp(HIDING, username).await;
            assert_eq!(pool.prove(HIDING, begun.answers(PASSWORD)).await, incorrect());
            begun.challenge.parameter("USER_ID_FOR_SRP").to_owned()
        };
        let first = user_id("nobody@example.com").await;
        assert_eq!((first.len(), &first[14..15]), (36, "7"), "{first}");
        assert_eq!(user_id("Nobody@example.com").await, first);
        assert_ne!(user_id("nobody2@example.com").await, first);
    }
}

#[tokio::test]
async fn a_due_reset_is_told_at_once_but_a_client_that_hides_poses_a_challenge() {
    let pool = Pool::with("", &user("dan", ", status = \"RESET_REQUIRED\"")).await;
    let parameters = json!({ "USERNAME": "dan", "SRP_A": "1f" });
    assert_eq!(
        pool.initiate(LEGACY, "USER_SRP_AUTH", parameters).await,
        refusal(
            "PasswordResetRequiredException",
            "Password reset required for the user"
        )
    );
    let begun = pool.begin_srp(HIDING, "dan").await;
    assert_eq!(pool.prove(HIDING, begun.answers(PASSWORD)).await, incorrect());
}

#[tokio::test]
async fn a_disabled_user_is_told_so_at_once_and_at_the_proof() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    pool.admin("AdminDisableUser", "ann", json!({})).await;
    let disabled = || refusal(NOT_AUTHORIZED, "User is disabled.");
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, disabled());
    let parameters = json!({ "USERNAME": "ann", "SRP_A": "1f" });
    assert_eq!(
        pool.initiate(LEGACY, "USER_SRP_AUTH", parameters).await,
        disabled()
    );
}

#[tokio::test]
async fn a_number_whose_secret_anybody_knows_gets_a_challenge_and_never_tokens() {
    let pool = Pool::of_ann().await;
    let n = concat!(
        "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd",
        "ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed",
        "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f",
        "83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b",
        "e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d2261898fa0510",
        "15728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7",
        "abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c",
        "bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff",
    );
    for srp_a in ["0", n] {
        let parameters = json!({ "USERNAME": "ann", "SRP_A": srp_a });
        let posed = challenge(
            pool.initiate(LEGACY, "USER_SRP_AUTH", parameters).await,
            "PASSWORD_VERIFIER",
        );
        let signature = signature_of_secret_zero(srp_a, &posed);
        let answers = json!({
            "USERNAME": "ann", "PASSWORD_CLAIM_SECRET_BLOCK": posed.parameter("SECRET_BLOCK"),
            "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": crate::behaviour::TIMESTAMP,
        });
        assert_eq!(pool.prove(LEGACY, answers).await, incorrect());
    }
}

/// What somebody computes who knows that S is 0: every byte of it is public.
#[expect(clippy::unwrap_used, reason = "the numbers are of this test's own making")]
fn signature_of_secret_zero(srp_a: &str, posed: &crate::behaviour::Challenge) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    let padded = |hex: &str| {
        let hex = format!("{}{hex}", if hex.len() % 2 == 1 { "0" } else { "" });
        let mut bytes: Vec<u8> = (0..hex.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
            .collect();
        if bytes[0] >= 0x80 {
            bytes.insert(0, 0);
        }
        bytes
    };
    let u = digest(
        &SHA256,
        &[padded(srp_a), padded(posed.parameter("SRP_B"))].concat(),
    );
    let mut u = u.as_ref().to_vec();
    while u.len() > 1 && u[0] == 0 && u[1] < 0x80 {
        u.remove(0);
    }
    if u[0] >= 0x80 {
        u.insert(0, 0);
    }
    let extracted = sign(&Key::new(HMAC_SHA256, &u), &[0]);
    let key = sign(
        &Key::new(HMAC_SHA256, extracted.as_ref()),
        b"Caldera Derived Key\x01",
    );
    let block = STANDARD.decode(posed.parameter("SECRET_BLOCK")).unwrap();
    let pool_name = POOL.split_once('_').unwrap().1.as_bytes();
    let message = [pool_name, b"ann", &block, crate::behaviour::TIMESTAMP.as_bytes()].concat();
    STANDARD.encode(sign(&Key::new(HMAC_SHA256, &key.as_ref()[..16]), &message))
}

#[tokio::test]
async fn what_is_not_hexadecimal_is_no_srp_a() {
    let pool = Pool::of_ann().await;
    for srp_a in ["xyz", "-1", &"f".repeat(5000)] {
        let parameters = json!({ "USERNAME": "ann", "SRP_A": srp_a });
        assert_eq!(
            pool.initiate(LEGACY, "USER_SRP_AUTH", parameters).await,
            refusal("InvalidParameterException", "Invalid SRP_A")
        );
    }
}

#[tokio::test]
async fn an_altered_answer_is_incorrect() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    let right = begun.answers(PASSWORD);
    let mut block = STANDARD
        .decode(begun.challenge.parameter("SECRET_BLOCK"))
        .unwrap();
    block[40] ^= 1;
    for (name, value) in [
        ("PASSWORD_CLAIM_SECRET_BLOCK", STANDARD.encode(&block)),
        ("PASSWORD_CLAIM_SECRET_BLOCK", "not Base64!".to_owned()),
        (
            "PASSWORD_CLAIM_SIGNATURE",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned(),
        ),
        ("TIMESTAMP", "Sat Nov 21 04:05:07 UTC 2026".to_owned()),
    ] {
        assert_eq!(
            pool.prove(LEGACY, altered(&right, name, &value)).await,
            incorrect(),
            "{name}"
        );
    }
    tokens(pool.prove(LEGACY, right).await);
}

#[tokio::test]
async fn a_secret_block_is_of_one_app_client_pool_and_user() {
    let pool = Pool::with("", &(user("ann", ANNS) + &user("bob", ""))).await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    for client in [HIDING, OTHER_CLIENT] {
        assert_eq!(pool.prove(client, begun.answers(PASSWORD)).await, incorrect());
    }
    let another = altered(&begun.answers(PASSWORD), "USERNAME", "bob");
    assert_eq!(pool.prove(LEGACY, another).await, incorrect());
    assert_eq!(
        pool.prove(LEGACY, begun.answers_in("us-east-1_Elsewhere", PASSWORD))
            .await,
        incorrect()
    );
}

#[tokio::test]
async fn a_challenge_ends_with_the_session_life_of_the_client() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    pool.wait(Span(Span::minutes(3).0 - 1));
    tokens(pool.prove(LEGACY, begun.answers(PASSWORD)).await);
    pool.wait(Span(1));
    let expired: Seen = refusal(
        NOT_AUTHORIZED,
        "Invalid session for the user, session is expired.",
    );
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, expired);
}

#[tokio::test]
async fn a_proof_of_the_password_before_is_worth_nothing() {
    let pool = Pool::of_ann().await;
    let begun = pool.begin_srp(LEGACY, "ann").await;
    pool.set_password("ann", NEXT).await;
    assert_eq!(pool.prove(LEGACY, begun.answers(PASSWORD)).await, incorrect());
    assert_eq!(pool.prove(LEGACY, begun.answers(NEXT)).await, incorrect());
    let begun = pool.begin_srp(LEGACY, "ann").await;
    tokens(pool.prove(LEGACY, begun.answers(NEXT)).await);
}

#[tokio::test]
async fn a_temporary_password_is_followed_by_a_new_one_and_an_old_one_has_ended() {
    let pool = Pool::with("", &user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"")).await;
    let begun = pool.begin_srp(LEGACY, "fay").await;
    let asked = challenge(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        "NEW_PASSWORD_REQUIRED",
    );
    pool.wait(Span::days(7));
    let begun = pool.begin_srp(LEGACY, "fay").await;
    assert_eq!(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        refusal(
            NOT_AUTHORIZED,
            "Temporary password has expired and must be reset by an administrator."
        )
    );
    assert_eq!(pool.new_password(asked.session(), "fay", NEXT).await.0, 400);
}

#[tokio::test]
async fn only_a_right_proof_tells_that_a_user_is_not_confirmed() {
    let pool = Pool::with("", &user("una", ", status = \"UNCONFIRMED\"")).await;
    let begun = pool.begin_srp(LEGACY, "una").await;
    assert_eq!(pool.prove(LEGACY, begun.answers(WRONG)).await, incorrect());
    assert_eq!(
        pool.prove(LEGACY, begun.answers(PASSWORD)).await,
        refusal("UserNotConfirmedException", "User is not confirmed.")
    );
}
