//! PKCE: a code is worth nothing to who does not know what its challenge was made of.

use super::App;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

const CHALLENGED: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

#[tokio::test]
async fn the_verifier_opens_the_code() {
    let app = App::new().await;
    let code = app.code(&CHALLENGED).await;
    for wrong in ["", CHALLENGE, "x", &VERIFIER.to_lowercase()] {
        let answer = app.redeem(&code, &[("code_verifier", wrong)]).await;
        assert_eq!(answer.error(), invalid_grant(), "{wrong}");
    }
    let answer = app.redeem(&code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[tokio::test]
async fn a_challenge_that_was_taken_out_of_the_request_is_missed() {
    let app = App::new().await;
    let code = app.code(&[]).await;
    let answer = app.redeem(&code, &[("code_verifier", VERIFIER)]).await;
    assert_eq!(answer.error(), invalid_grant());
    assert_eq!(app.redeem(&code, &[]).await.status, 200);
}

#[tokio::test]
async fn a_plain_challenge_and_half_a_one_are_refused() {
    let app = App::new().await;
    let cookie = app.signed_in("ann").await;
    for changed in [
        vec![("code_challenge", CHALLENGE), ("code_challenge_method", "plain")],
        vec![("code_challenge", CHALLENGE)],
        vec![("code_challenge_method", "S256")],
        vec![("code_challenge", "short"), ("code_challenge_method", "S256")],
        vec![("code_challenge", CHALLENGE), ("code_challenge_method", "s256")],
    ] {
        let answer = app.authorize(&changed, Some(&cookie)).await;
        assert_eq!(
            answer.given("error").as_deref(),
            Some("invalid_request"),
            "{changed:?}"
        );
        assert_eq!(answer.given("code"), None);
    }
}
