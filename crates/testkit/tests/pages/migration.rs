//! Users of an old pool, at the pages of the new one.

use std::sync::Arc;

use pool::encoding::query_value;
use serde_json::json;
use testkit::{Answering, Options, TestServer, pair};

use crate::person::{Page, Person};
use crate::scene::{CALLBACK, query};

const NEXT: &str = "Another-Password-2";

/// The pages of the new pool, with an app whose app client has no flow of the API.
struct Moving {
    server: TestServer,
    app: String,
}

impl Moving {
    async fn over(options: Options, existence: &str) -> Self {
        let server = TestServer::start(options).await.unwrap();
        let made = server
            .api(
                "CreateUserPoolClient",
                &json!({
                    "UserPoolId": pair::NEW_POOL, "ClientName": "app", "PreventUserExistenceErrors": existence,
                    "CallbackURLs": [CALLBACK], "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
                    "AllowedOAuthScopes": ["openid"], "SupportedIdentityProviders": ["COGNITO"],
                    "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"],
                }),
            )
            .await
            .unwrap();
        let app = made.1["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
        Self { server, app }
    }

    async fn at(&self, path: &str) -> (Person, Page) {
        let mut person = Person::at(self.server.url());
        let page = person.get(&format!("{path}?{}", query(&self.app))).await;
        (person, page)
    }

    async fn try_in(&self, login: &str, password: &str) -> Page {
        let (mut person, page) = self.at("/login").await;
        person.sign_in(&page, login, password).await
    }
}

fn is_back(page: &Page) {
    assert!(
        page.location().starts_with(&format!("{CALLBACK}?code=")),
        "{}",
        page.location()
    );
}

#[tokio::test]
async fn a_first_sign_in_on_the_page_moves_the_user_whatever_the_flows_of_the_app_client() {
    let it = Moving::over(Options::old_and_new(), "ENABLED").await;
    is_back(&it.try_in(pair::ANN, pair::PASSWORD).await);
    let calls = it.server.invocations().count();
    is_back(&it.try_in(pair::ANN, pair::PASSWORD).await);
    assert_eq!(
        it.server.invocations().count(),
        calls,
        "the second time nobody is asked"
    );
}

#[tokio::test]
async fn the_functions_refusal_is_told_in_neutral_words() {
    for existence in ["ENABLED", "LEGACY"] {
        let it = Moving::over(Options::old_and_new(), existence).await;
        for (login, password) in [
            (pair::ANN, "Wrong-Password-1"),
            ("nobody@example.com", pair::PASSWORD),
            ("cleo@example.com", pair::PASSWORD),
        ] {
            let page = it.try_in(login, password).await;
            assert_eq!(
                page.problem().as_deref(),
                Some("Incorrect user name or password."),
                "{login}"
            );
            assert!(!page.html.contains("UserMigration"));
        }
    }
}

#[tokio::test]
async fn an_old_directory_that_cannot_be_asked_is_no_wrong_password() {
    let function = Arc::new(Answering(|_| Err("Try again later".to_owned())));
    let it = Moving::over(Options::old_and_new_with(function), "LEGACY").await;
    let page = it.try_in(pair::ANN, pair::PASSWORD).await;
    assert_eq!(
        page.problem().as_deref(),
        Some("We cannot check this right now. Please try again later.")
    );
}

#[tokio::test]
async fn who_comes_with_a_temporary_password_goes_on_to_the_reset() {
    for existence in ["ENABLED", "LEGACY"] {
        let it = Moving::over(Options::old_and_new(), existence).await;
        let (mut person, page) = it.at("/login").await;
        let step = person.sign_in(&page, "fay@example.com", pair::PASSWORD).await;
        assert_eq!(
            step.heading(),
            "Choose a new password",
            "{existence}: {:?}",
            step.problem()
        );
        let code = it
            .server
            .newest_code(pair::NEW_POOL, "fay@example.com")
            .await
            .unwrap();
        let fields = [
            ("code", code.as_str()),
            ("password", NEXT),
            ("confirm_password", NEXT),
        ];
        let done = person.fill(&step, "cognitoResetPasswordForm", &fields).await;
        is_back(&person.sign_in(&done, "fay@example.com", NEXT).await);
    }
}

#[tokio::test]
async fn who_forgot_the_old_password_moves_in_by_the_reset() {
    let it = Moving::over(Options::old_and_new(), "ENABLED").await;
    let (mut person, page) = it.at("/forgotPassword").await;
    let step = person
        .fill(&page, "cognitoForgotPasswordForm", &[("username", pair::ANN)])
        .await;
    assert!(step.html.contains("a***@e***"));
    let code = it.server.newest_code(pair::NEW_POOL, pair::ANN).await.unwrap();
    let fields = [
        ("code", code.as_str()),
        ("password", NEXT),
        ("confirm_password", NEXT),
    ];
    let done = person.fill(&step, "cognitoResetPasswordForm", &fields).await;
    is_back(&person.sign_in(&done, pair::ANN, NEXT).await);
    let (_, metrics) = it.server.client().get("/metrics").await.unwrap();
    for step in ["ForgotPassword", "ConfirmForgotPassword"] {
        let counted = format!("step=\"{step}\",face=\"page\",outcome=\"done\"");
        assert!(metrics.contains(&counted), "{counted}: {metrics}");
    }
    let nobody = it.at("/forgotPassword").await;
    let (mut person, page) = nobody;
    let step = person
        .fill(
            &page,
            "cognitoForgotPasswordForm",
            &[("username", "nobody@example.com")],
        )
        .await;
    assert_eq!(
        (step.status, step.heading().as_str()),
        (200, "Choose a new password")
    );
}

#[tokio::test]
async fn a_link_confirms_a_sign_up_once() {
    let it = Moving::over(Options::old_and_new(), "ENABLED").await;
    let update = json!({ "UserPoolId": pair::NEW_POOL, "AutoVerifiedAttributes": ["email"] });
    assert_eq!(it.server.api("UpdateUserPool", &update).await.unwrap().0, 200);
    let (mut person, page) = it.at("/signup").await;
    let fields = [("username", "new+1@example.com"), ("password", NEXT)];
    let step = person.fill(&page, "cognitoSignUpForm", &fields).await;
    assert_eq!(step.heading(), "Confirm your account");
    let refused = it.try_in("new+1@example.com", NEXT).await;
    assert_eq!(
        refused.heading(),
        "Confirm your account",
        "who has not confirmed goes there"
    );
    let code = it
        .server
        .newest_code(pair::NEW_POOL, "new+1@example.com")
        .await
        .unwrap();
    let link = |code: &str| {
        let name = query_value("new+1@example.com");
        format!(
            "/confirmUser?client_id={}&user_name={name}&confirmation_code={code}",
            it.app
        )
    };
    let wrong = person.get(&link("000000")).await;
    assert_eq!(
        (wrong.status, wrong.problem().as_deref()),
        (400, Some("That code is not right. Please try again."))
    );
    let right = person.get(&link(&code)).await;
    assert_eq!(
        (right.status, right.heading().as_str()),
        (200, "Your account is confirmed")
    );
    assert!(!right.html.contains(&code), "the page does not repeat the code");
    is_back(&it.try_in("new+1@example.com", NEXT).await);
    assert_eq!(person.get(&link(&code)).await.status, 400);
}
