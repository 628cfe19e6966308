//! A pool with an app that sends people to its pages.

use pool::encoding::query_value;
use serde_json::json;

use crate::behaviour::{POOL, Pool, user};
use crate::person::{Page, Person};

/// Where the app wants its people back.
pub(crate) const CALLBACK: &str = "https://app.example/callback";
/// `ann`, confirmed, with a verified e-mail address, and `bob` without one.
pub(crate) const ANN: &str = ", attributes = { email = \"ann@example.com\", email_verified = true }";

/// The pool and its apps.
pub(crate) struct Scene {
    pub(crate) pool: Pool,
    /// Tells who does not exist.
    pub(crate) legacy: String,
    /// Does not.
    pub(crate) hiding: String,
}

impl Scene {
    /// A pool with these further settings, where `ann` is.
    pub(crate) async fn with(settings: &str) -> Self {
        Self::over(Pool::with(settings, &user("ann", ANN)).await).await
    }

    /// Two apps for a pool; neither may use the API's password flow.
    pub(crate) async fn over(pool: Pool) -> Self {
        let legacy = app(&pool, "LEGACY").await;
        let hiding = app(&pool, "ENABLED").await;
        Self { pool, legacy, hiding }
    }

    pub(crate) fn person(&self) -> Person {
        Person::at(self.pool.server.url())
    }

    /// Somebody who has come from the hiding app to the sign-in page.
    pub(crate) async fn arrived(&self) -> (Person, Page) {
        self.arrived_from(&self.hiding).await
    }

    pub(crate) async fn arrived_from(&self, app: &str) -> (Person, Page) {
        let mut person = self.person();
        let page = person.get(&format!("/login?{}", query(app))).await;
        assert_eq!(page.status, 200, "{}", page.html);
        (person, page)
    }

    /// A try to sign in.
    pub(crate) async fn try_in(&self, app: &str, username: &str, password: &str) -> Page {
        let (mut person, page) = self.arrived_from(app).await;
        person.sign_in(&page, username, password).await
    }
}

impl Person {
    pub(crate) async fn sign_in(&mut self, page: &Page, username: &str, password: &str) -> Page {
        self.fill(
            page,
            "cognitoSignInForm",
            &[("username", username), ("password", password)],
        )
        .await
    }
}

/// The query of a request for authorization.
pub(crate) fn query(app: &str) -> String {
    format!(
        "client_id={app}&response_type=code&scope=openid&state=st%26te&redirect_uri={}",
        query_value(CALLBACK)
    )
}

async fn app(pool: &Pool, existence: &str) -> String {
    pool.app_client(json!({
        "UserPoolId": POOL, "PreventUserExistenceErrors": existence, "CallbackURLs": [CALLBACK],
        "LogoutURLs": [CALLBACK], "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "GenerateSecret": existence == "LEGACY",
        "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"],
        "SupportedIdentityProviders": ["COGNITO"],
    }))
    .await
}

/// Whether the browser goes back to the app with a code.
pub(crate) fn is_back(page: &Page) {
    let location = page.location();
    assert!(location.starts_with(&format!("{CALLBACK}?code=")), "{location}");
    assert!(location.ends_with("&state=st%26te"), "{location}");
}
