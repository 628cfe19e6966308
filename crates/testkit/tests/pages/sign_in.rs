//! The sign-in page: what it holds, what it lets in, what it refuses.

use pool::time::Span;
use serde_json::json;

use crate::behaviour::{LEGACY, NEXT, PASSWORD, POOL, Pool, WRONG, user};
use crate::scene::{ANN, Scene, is_back, query};

const INCORRECT: &str = "Incorrect user name or password.";

#[tokio::test]
async fn the_form_has_the_fields_that_scripted_clients_know() {
    let it = Scene::with("").await;
    let (person, page) = it.arrived().await;
    let form = page.form("cognitoSignInForm");
    assert_eq!(form.action, format!("/login?{}", query(&it.hiding)));
    let csrf = &form.hidden.iter().find(|(name, _)| name == "_csrf").unwrap().1;
    assert_eq!(person.cookies["XSRF-TOKEN"], *csrf);
    for part in [
        "id=\"signInFormUsername\" name=\"username\"",
        "id=\"signInFormPassword\" name=\"password\"",
        "name=\"cognitoAsfData\"",
        "name=\"signInSubmitButton\" value=\"Sign in\"",
        "autocomplete=\"username\"",
        "autocomplete=\"current-password\"",
        "method=\"post\"",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
}

#[tokio::test]
async fn a_right_password_leads_back_to_the_app_and_keeps_the_person_signed_in() {
    let it = Scene::with("").await;
    for app in [&it.hiding, &it.legacy] {
        let (mut person, page) = it.arrived_from(app).await;
        let back = person.sign_in(&page, "ann", PASSWORD).await;
        is_back(&back);
        assert!(person.cookies.contains_key("cognito"));
        let again = person
            .get(&format!("/oauth2/authorize?{}", query(&it.hiding)))
            .await;
        is_back(&again);
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_name_and_shows_neither_password_nor_code() {
    let it = Scene::with("").await;
    let page = it.try_in(&it.hiding, "ann", WRONG).await;
    assert_eq!((page.status, page.problem().as_deref()), (400, Some(INCORRECT)));
    assert!(page.html.contains("value=\"ann\"") && !page.html.contains(WRONG));
    assert!(page.html.contains("<title>Problem: Sign in</title>"));
}

#[tokio::test]
async fn who_is_not_there_is_hidden_where_the_app_client_hides_it() {
    let it = Scene::with("").await;
    let (known, unknown) = (
        it.try_in(&it.hiding, "ann", WRONG).await,
        it.try_in(&it.hiding, "eve", WRONG).await,
    );
    assert_eq!(known.problem(), unknown.problem());
    assert_eq!(known.status, unknown.status);
    let (known, unknown) = (
        without_secrets(&known.html, "ann"),
        without_secrets(&unknown.html, "eve"),
    );
    assert_eq!(known, unknown);
    let told = it.try_in(&it.legacy, "eve", WRONG).await;
    assert_eq!(told.problem().as_deref(), Some("We do not know this user name."));
}

/// The page without the token of the form and the name that was typed.
fn without_secrets(html: &str, name: &str) -> String {
    let csrf = crate::person::between(html, "name=\"_csrf\" value=\"", "\"").unwrap();
    html.replace(csrf, "").replace(&format!("value=\"{name}\""), "")
}

#[tokio::test]
async fn wrong_passwords_lock_on_the_page_as_on_the_api() {
    let it = Scene::with("").await;
    for _ in 0..6 {
        it.try_in(&it.hiding, "ann", WRONG).await;
    }
    let locked = "Too many wrong passwords. Wait a little, then try again.";
    assert_eq!(
        it.try_in(&it.hiding, "ann", PASSWORD).await.problem().as_deref(),
        Some(locked)
    );
    let (status, _) = it.pool.sign_in(LEGACY, "ann", PASSWORD).await;
    assert_eq!(status, 400, "the API is locked, too");
    it.pool.wait(Span::minutes(16));
    is_back(&it.try_in(&it.hiding, "ann", PASSWORD).await);
}

#[tokio::test]
async fn a_disabled_user_is_told_so() {
    let it = Scene::with("").await;
    it.pool.admin("AdminDisableUser", "ann", json!({})).await;
    let page = it.try_in(&it.hiding, "ann", PASSWORD).await;
    assert_eq!(
        page.problem().as_deref(),
        Some("This account is turned off. Ask whoever looks after it.")
    );
}

#[tokio::test]
async fn what_was_left_empty_is_asked_for() {
    let it = Scene::with("").await;
    for (username, password) in [("", PASSWORD), ("ann", ""), (" ", PASSWORD)] {
        let page = it.try_in(&it.hiding, username, password).await;
        assert_eq!(page.problem().as_deref(), Some("Please fill in all fields."));
    }
}

#[tokio::test]
async fn a_request_that_is_not_in_order_never_shows_a_form() {
    let it = Scene::with("").await;
    let mut person = it.person();
    let unknown = person.get(&format!("/login?{}", query("nobodysclient"))).await;
    assert_eq!(
        unknown.location(),
        "/error?error=unauthorized_client&client_id=nobodysclient"
    );
    let elsewhere = query(&it.hiding).replace("app.example", "evil.example");
    let mismatch = person.get(&format!("/login?{elsewhere}")).await;
    assert!(mismatch.location().starts_with("/error?error=redirect_mismatch"));
    let shown = person.get(mismatch.location()).await;
    assert_eq!(shown.status, 400);
    assert!(
        shown
            .html
            .contains("An error was encountered with the requested page.")
    );
    assert!(shown.html.contains("redirect_mismatch"));
}

#[tokio::test]
async fn a_temporary_password_leads_to_a_new_one_and_a_breach_of_the_policy_leaves_the_step_open() {
    let it = Scene::over(
        Pool::with(
            "",
            &user("ann", &format!("{ANN}, status = \"FORCE_CHANGE_PASSWORD\"")),
        )
        .await,
    )
    .await;
    let (mut person, page) = it.arrived().await;
    let step = person.sign_in(&page, "ann", PASSWORD).await;
    assert_eq!(step.heading(), "Choose a new password");
    let fill = |new: &'static str, again: &'static str| [("new_password", new), ("confirm_password", again)];
    let differ = person
        .fill(&step, "cognitoNewPasswordForm", &fill(NEXT, PASSWORD))
        .await;
    assert_eq!(
        differ.problem().as_deref(),
        Some("The two passwords are not the same.")
    );
    let weak = person
        .fill(&differ, "cognitoNewPasswordForm", &fill("weak", "weak"))
        .await;
    assert_eq!(
        weak.problem().as_deref(),
        Some("That password does not have all it needs.")
    );
    is_back(
        &person
            .fill(&weak, "cognitoNewPasswordForm", &fill(NEXT, NEXT))
            .await,
    );
    let again = person
        .fill(&weak, "cognitoNewPasswordForm", &fill(NEXT, NEXT))
        .await;
    assert_eq!(
        (again.status, again.heading().as_str()),
        (403, "This form is no longer good"),
        "a new token for forms"
    );
    is_back(&it.try_in(&it.hiding, "ann", NEXT).await);
}

#[tokio::test]
async fn a_reset_that_is_due_goes_on_with_a_code_sent() {
    let it = Scene::with("").await;
    it.pool.admin("AdminResetUserPassword", "ann", json!({})).await;
    let (mut person, page) = it.arrived_from(&it.legacy).await;
    let step = person.sign_in(&page, "ann", PASSWORD).await;
    assert_eq!(step.heading(), "Choose a new password");
    assert_eq!(
        step.notice().as_deref(),
        Some("Your password has to be reset before you can sign in.")
    );
    let code = it.pool.code("ann@example.com").await;
    let fields = [
        ("code", code.as_str()),
        ("password", NEXT),
        ("confirm_password", NEXT),
    ];
    let done = person.fill(&step, "cognitoResetPasswordForm", &fields).await;
    assert_eq!(
        done.notice().as_deref(),
        Some("Your password is changed. You can sign in with it now.")
    );
    is_back(&person.sign_in(&done, "ann", NEXT).await);
    it.pool.admin("AdminResetUserPassword", "ann", json!({})).await;
    let hidden = it.try_in(&it.hiding, "ann", NEXT).await;
    assert_eq!(
        hidden.problem().as_deref(),
        Some(INCORRECT),
        "hidden where unknown users are"
    );
}

#[tokio::test]
async fn proofs_of_a_page_give_no_tokens_at_the_api_nor_the_reverse() {
    let it = Scene::over(
        Pool::with(
            "",
            &user("ann", &format!("{ANN}, status = \"FORCE_CHANGE_PASSWORD\"")),
        )
        .await,
    )
    .await;
    let (mut person, page) = it.arrived().await;
    let step = person.sign_in(&page, "ann", PASSWORD).await;
    let form = step.form("cognitoNewPasswordForm");
    let session = &form.hidden.iter().find(|(name, _)| name == "session").unwrap().1;
    let answers = json!({ "USERNAME": "ann", "NEW_PASSWORD": NEXT });
    let (status, answer) = it
        .pool
        .respond(&it.hiding, "NEW_PASSWORD_REQUIRED", session, answers)
        .await;
    assert_eq!(
        (status, answer["message"].as_str()),
        (400, Some("Invalid session for the user."))
    );
    let flows = json!({ "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"], "UserPoolId": POOL, "ClientId": it.hiding,
        "CallbackURLs": [crate::scene::CALLBACK], "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"], "SupportedIdentityProviders": ["COGNITO"] });
    it.pool.done("UpdateUserPoolClient", flows).await;
    let (_, begun) = it.pool.sign_in(&it.hiding, "ann", PASSWORD).await;
    let session = begun["Session"].as_str().unwrap();
    let fields = [
        ("session", session),
        ("new_password", NEXT),
        ("confirm_password", NEXT),
    ];
    let refused = person.fill(&step, "cognitoNewPasswordForm", &fields).await;
    let over = "That took too long, or it was done already. Please sign in again.";
    assert_eq!((refused.status, refused.problem().as_deref()), (400, Some(over)));
}
