//! Every page in Chromium: two languages, two widths, with scripts and without. What was seen is kept as pictures in
//! `target/screenshots`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use pool::ports::Clock as _;
use serde_json::{Value, json};
use testkit::{ManualClock, Options, TestServer};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::behaviour::{PASSWORD, Pool};

const WORDS: [(&str, &str); 2] = [
    ("en", include_str!("../../../server/src/pages/words/en.toml")),
    ("ja", include_str!("../../../server/src/pages/words/ja.toml")),
];

/// Where anybody signs up, and passkeys and codes by e-mail sign in beside passwords.
const OPEN: &str = "us-east-1_OpenPool1";
/// Where a second factor is needed, and administrators make users.
const STRICT: &str = "us-east-1_Strict001";

const SCRIPTS: [&str; 3] = ["scene.mjs", "pages_browser.mjs", "pages.mjs"];

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

async fn client_of(pool: &Pool, user_pool_id: &str, redirect_uri: &str) -> Value {
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
    let app_port = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let redirect_uri = format!("http://localhost:{app_port}/callback");
    let people = (0..ways.len()).map(|n| {
        json!({
            "email": format!("ann{n}@example.com"), "newcomer": format!("newcomer{n}@example.com"),
            "invited": format!("new{n}@example.com"), "chooser": format!("two{n}"),
            "phone": format!("+1206555010{n}"), "passkey": format!("key{n}@example.com"),
        })
    });
    let words = WORDS.map(|(tag, text)| (tag.to_owned(), toml::from_str::<Value>(text).unwrap()));
    let scene = json!({
        // The relying party of the passkeys is `localhost`, so the pages are, too.
        "endpoint": pool.server.url().replace("127.0.0.1", "localhost"),
        "client": client_of(&pool, OPEN, &redirect_uri).await,
        "strictClient": client_of(&pool, STRICT, &redirect_uri).await,
        "redirectUri": redirect_uri, "appPort": app_port, "chromium": chromium(),
        "now": pool.clock.now().seconds(), "words": serde_json::Map::from_iter(words), "people": people.collect::<Vec<_>>(), "ways": ways,
        "screenshots": Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots"),
    });
    run(&scene).await;
    pool.server.stop().await.unwrap();
}

/// Where Debian has it, unless the environment says otherwise.
fn chromium() -> PathBuf {
    let path = std::env::var_os("REHOME_TEST_CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    let path = PathBuf::from(path);
    assert!(
        path.is_file(),
        "there is no Chromium at {}; run `cargo xtask test`",
        path.display()
    );
    path
}

/// Runs the walk beside the JavaScript clients, since modules are resolved from where a script lies.
async fn run(scene: &Value) {
    let modules = std::env::var_os("REHOME_TEST_NODE_MODULES")
        .expect("run `cargo xtask test`: it installs the clients");
    let home = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(modules, home.path().join("node_modules")).unwrap();
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients/node");
    for name in SCRIPTS {
        std::fs::copy(scripts.join(name), home.path().join(name)).unwrap();
    }
    let output = Command::new("node")
        .arg("--preserve-symlinks")
        .arg(home.path().join("pages.mjs"))
        .env("REHOME_SCENE", scene.to_string())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{}\n{}\n{told}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
}
