//! What strangers try to find out: who is there, and codes.

use serde_json::json;

use crate::behaviour::{PASSWORD, Pool, user};
use crate::person::{Page, Person};
use crate::scene::{ANN, Scene, is_back, query};

const WRONG_CODE: &str = "That code is not right. Please try again.";
const VERIFYING: &str = "auto_verified_attributes = [\"email\"]";

/// A pool with ann and with zoe, who has signed up and not confirmed it.
async fn with_zoe(settings: &str) -> Scene {
    let zoe = ", status = \"UNCONFIRMED\", attributes = { email = \"zoe@example.com\" }";
    let people = user("ann", ANN) + &user("zoe", zoe);
    Scene::over(Pool::with(settings, &people).await).await
}

/// The page on which zoe gives the code of her sign-up, and the code.
async fn confirming(it: &Scene) -> (Person, Page, String) {
    let (mut person, page) = it.arrived().await;
    let page = person.sign_in(&page, "zoe", PASSWORD).await;
    let page = person
        .fill(&page, "cognitoResendForm", &[("username", "zoe")])
        .await;
    assert_eq!(page.heading(), "Confirm your account");
    let code = it.pool.code("zoe@example.com").await;
    (person, page, code)
}

/// Gives wrong codes until something else than *wrong* is said; how many were judged, and the last page.
async fn guess(person: &mut Person, mut page: Page, form: &str, right: &str) -> (usize, Page) {
    for n in 0..40 {
        let guess = format!("{n:06}");
        let guess = if guess == right { "999999" } else { &guess };
        page = person.fill(&page, form, &[("code", guess)]).await;
        if page.problem().as_deref() != Some(WRONG_CODE) {
            return (n, page);
        }
    }
    panic!("forty guesses were free")
}

#[tokio::test]
async fn the_code_of_a_sign_up_is_not_found_by_trying() {
    let it = with_zoe(VERIFYING).await;
    let (mut person, page, code) = confirming(&it).await;
    let (tries, page) = guess(&mut person, page, "cognitoConfirmForm", &code).await;
    assert!(tries <= 20, "{tries} guesses were free");
    let page = person.fill(&page, "cognitoConfirmForm", &[("code", &code)]).await;
    assert_eq!(page.status, 400, "not even the right one, for now");
    // Nor by the link, which needs no form.
    let link = format!(
        "/confirmUser?client_id={}&user_name=zoe&confirmation_code={code}",
        it.hiding
    );
    assert_eq!(it.person().get(&link).await.status, 400);
}

#[tokio::test]
async fn the_code_of_a_second_factor_is_not_found_by_trying() {
    let phone =
        ", sms_mfa = true, attributes = { phone_number = \"+12065550100\", phone_number_verified = true }";
    let pool = Pool::with("mfa_configuration = \"OPTIONAL\"", &user("ann", phone)).await;
    let it = Scene::over(pool).await;
    let (mut person, page) = it.arrived().await;
    let step = person.sign_in(&page, "ann", PASSWORD).await;
    let code = it.pool.code("+12065550100").await;
    let mut page = step;
    for n in 0..20 {
        let guess = format!("{n:06}");
        let guess = if guess == code { "999999" } else { &guess };
        page = person.fill(&page, "cognitoCodeForm", &[("code", guess)]).await;
        assert_eq!(
            page.problem().as_deref(),
            Some(WRONG_CODE),
            "what is said tells nothing"
        );
    }
    let page = person.fill(&page, "cognitoCodeForm", &[("code", &code)]).await;
    assert_eq!(
        page.problem().as_deref(),
        Some(WRONG_CODE),
        "nor is the right one, for now"
    );
    // A new sign-in with the right password begins no new count.
    let (mut person, page) = it.arrived().await;
    let step = person.sign_in(&page, "ann", PASSWORD).await;
    let code = it.pool.code("+12065550100").await;
    let page = person.fill(&step, "cognitoCodeForm", &[("code", &code)]).await;
    assert_eq!(page.problem().as_deref(), Some(WRONG_CODE));
}

/// What a stranger sees of a page.
fn seen(page: &Page) -> (u16, String, Option<String>) {
    (page.status, page.heading(), page.problem())
}

#[tokio::test]
async fn nobody_learns_from_the_confirmation_pages_who_is_there() {
    let it = with_zoe(VERIFYING).await;
    let mut all = Vec::new();
    for name in ["zoe", "nobody"] {
        let (mut person, page, _) = confirming(&it).await;
        let again = person
            .fill(&page, "cognitoResendForm", &[("username", name)])
            .await;
        let fields = [("username", name), ("code", "000000")];
        let refused = person.fill(&page, "cognitoConfirmForm", &fields).await;
        let link = format!(
            "/confirmUser?client_id={}&user_name={name}&confirmation_code=0",
            it.hiding
        );
        let by_link = person.get(&link).await;
        all.push((seen(&again), seen(&refused), seen(&by_link)));
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn a_wrong_password_says_nothing_of_what_a_right_one_would_lead_to() {
    let states = [
        ", status = \"FORCE_CHANGE_PASSWORD\"",
        ", status = \"UNCONFIRMED\"",
    ];
    let people = states
        .iter()
        .enumerate()
        .map(|(n, state)| user(&format!("user{n}"), state));
    let it = Scene::over(Pool::with(VERIFYING, &people.collect::<String>()).await).await;
    let nobody = seen(&it.try_in(&it.hiding, "nobody", "Wrong-horse-1").await);
    for (n, state) in states.iter().enumerate() {
        let page = it.try_in(&it.hiding, &format!("user{n}"), "Wrong-horse-1").await;
        assert_eq!(seen(&page), nobody, "{state}");
    }
}

#[tokio::test]
async fn an_address_that_was_altered_on_the_way_through_the_form_leads_nowhere() {
    let it = Scene::with("").await;
    let (mut person, page) = it.arrived().await;
    let form = page.form("cognitoSignInForm");
    let csrf = person.cookies["XSRF-TOKEN"].clone();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("username", "ann"),
        ("password", PASSWORD),
    ];
    let evil = form.action.replace("app.example", "evil.example");
    assert_ne!(evil, form.action);
    let page = person.post(&evil, &fields).await;
    assert_eq!(
        page.location(),
        format!("/error?error=redirect_mismatch&client_id={}", it.hiding)
    );
    assert!(
        !person.cookies.contains_key("cognito"),
        "nobody is signed in by it"
    );
    // Another app client's query beside this one's session is that app client's request, judged anew.
    let other = form.action.replace(&it.hiding, "nobody");
    let page = person.post(&other, &fields).await;
    assert_eq!(
        page.location(),
        "/error?error=unauthorized_client&client_id=nobody"
    );
    is_back(&person.post(&form.action, &fields).await);
}

#[tokio::test]
async fn a_strangers_host_name_is_on_no_page_and_in_no_message() {
    let it = with_zoe(VERIFYING).await;
    let by_link = json!({
        "UserPoolId": crate::behaviour::POOL, "AutoVerifiedAttributes": ["email"],
        "VerificationMessageTemplate": { "DefaultEmailOption": "CONFIRM_WITH_LINK" },
    });
    it.pool.done("UpdateUserPool", by_link).await;
    let (mut person, page) = it.arrived().await;
    let confirm = person.sign_in(&page, "zoe", PASSWORD).await;
    let hidden = confirm.form("cognitoResendForm");
    for name in ["host", "x-forwarded-host", "forwarded"] {
        let value = if name == "forwarded" {
            "host=evil.example"
        } else {
            "evil.example"
        };
        let request = person.request(http::Method::GET, &format!("/login?{}", query(&it.hiding)));
        let page = person.send(request.header(name, value)).await;
        assert!(!page.html.contains("evil.example"), "{name}: {}", page.html);
        let csrf = person.cookies["XSRF-TOKEN"].clone();
        let request = person
            .request(http::Method::POST, &hidden.action)
            .header(name, value)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("_csrf={csrf}&username=zoe"));
        person.send(request).await;
    }
    let messages = it.pool.messages();
    assert!(messages.len() > 1);
    let link = format!("{}/confirmUser?", it.pool.server.url());
    assert!(messages.last().unwrap().to_string().contains(&link));
    for message in messages {
        assert!(!message.to_string().contains("evil.example"), "{message}");
    }
}
