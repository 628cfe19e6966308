//! Every page in Chromium: two languages, two widths, with scripts and without. What was seen is kept as pictures in
//! `target/screenshots`.

use std::sync::Arc;

use pool::ports::Clock as _;
use serde_json::{Value, json};
use testkit::{ManualClock, Options, TestServer};

use crate::behaviour::{PASSWORD, Pool};
use crate::chromium::{self, screenshots, words};

/// Where anybody signs up, and passkeys and codes by e-mail sign in beside passwords.
const OPEN: &str = "us-east-1_OpenPool1";
/// Where a second factor is needed, and administrators make users.
const STRICT: &str = "us-east-1_Strict001";

/// Who walks the pages, and how.
fn ways() -> Vec<Value> {
    let mut ways = Vec::new();
    for (lang, phone_scheme, desk_scheme) in [("en", "light", "dark"), ("ja", "dark", "light")] {
        for (width, scheme) in [(320, phone_scheme), (1280, desk_scheme)] {
            ways.push(json!({ "lang": lang, "width": width, "scheme": scheme, "script": true }));
            let other = if scheme == "light" { "dark" } else { "light" };
            ways.push(json!({ "lang": lang, "width": width, "scheme": other, "script": false }));
        }
    }
    ways
}

fn pools(people: usize) -> String {
    let of_all = |line: &dyn Fn(usize) -> String| (0..people).map(line).collect::<String>();
    let open = of_all(&|n| {
        format!(
            "{{ username = \"ann{n}@example.com\", password = \"{PASSWORD}\", attributes = {{ email_verified = true }} }},\n\
             {{ username = \"key{n}@example.com\", password = \"{PASSWORD}\", attributes = {{ email_verified = true }} }},\n"
        )
    });
    let strict = of_all(&|n| {
        format!(
            "{{ username = \"new{n}@example.com\", password = \"Temporary-horse-1\", status = \"FORCE_CHANGE_PASSWORD\" }},\n\
             {{ username = \"two{n}\", password = \"{PASSWORD}\", attributes = {{ email = \"two{n}@example.com\", email_verified = true, phone_number = \"+1206555010{n}\", phone_number_verified = true }} }},\n"
        )
    });
    format!(
        "[[user_pools]]\nid = \"{OPEN}\"\nname = \"Open\"\nusername_attributes = [\"email\"]\n\
         auto_verified_attributes = [\"email\"]\nrequired_attributes = [\"given_name\"]\n\
         allowed_first_auth_factors = [\"PASSWORD\", \"EMAIL_OTP\", \"WEB_AUTHN\"]\n\
         web_authn = {{ relying_party_id = \"localhost\", user_verification = \"required\" }}\nusers = [\n{open}]\n\
         [[user_pools]]\nid = \"{STRICT}\"\nname = \"Strict & Co\"\nmfa_configuration = \"OPTIONAL\"\n\
         allow_admin_create_user_only = true\nusers = [\n{strict}]\n"
    )
}

pub(crate) async fn client_of(pool: &Pool, user_pool_id: &str, redirect_uri: &str) -> Value {
    let made = pool
        .done(
            "CreateUserPoolClient",
            json!({
                "UserPoolId": user_pool_id, "ClientName": "app", "PreventUserExistenceErrors": "ENABLED",
                "CallbackURLs": [redirect_uri], "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"],
                "AllowedOAuthScopes": ["openid"], "SupportedIdentityProviders": ["COGNITO"],
            }),
        )
        .await;
    made["UserPoolClient"]["ClientId"].clone()
}

#[tokio::test]
async fn every_page_is_walked_in_a_real_browser() {
    let ways = ways();
    // Codes of authenticator apps change with the time, which stands still here.
    let clock = Arc::new(ManualClock::now_and_standing());
    let options = Options {
        pools: pools(ways.len()),
        clock: Arc::clone(&clock) as _,
        ..Options::default()
    };
    let server = TestServer::start(options).await.unwrap();
    let pool = Pool { server, clock };
    let config = json!({
        "UserPoolId": STRICT, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
        "SmsMfaConfiguration": { "SmsAuthenticationMessage": "{####}" }, "EmailMfaConfiguration": { "Message": "{####}" },
    });
    pool.done("SetUserPoolMfaConfig", config).await;
    let app_port = chromium::free_port().await;
    let redirect_uri = format!("http://localhost:{app_port}/callback");
    let people = (0..ways.len()).map(|n| {
        json!({
            "email": format!("ann{n}@example.com"), "newcomer": format!("newcomer{n}@example.com"),
            "invited": format!("new{n}@example.com"), "chooser": format!("two{n}"),
            "phone": format!("+1206555010{n}"), "passkey": format!("key{n}@example.com"),
        })
    });
    let scene = json!({
        // The relying party of the passkeys is `localhost`, so the pages are, too.
        "endpoint": pool.server.url().replace("127.0.0.1", "localhost"),
        "client": client_of(&pool, OPEN, &redirect_uri).await,
        "strictClient": client_of(&pool, STRICT, &redirect_uri).await,
        "redirectUri": redirect_uri, "appPort": app_port, "chromium": chromium::path(),
        "now": pool.clock.now().seconds(), "words": words(), "people": people.collect::<Vec<_>>(), "ways": ways,
        "screenshots": screenshots(),
    });
    chromium::run("pages.mjs", &scene).await;
    pool.server.stop().await.unwrap();
}
