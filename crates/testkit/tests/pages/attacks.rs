//! What strangers try.

use http::Method;

use crate::behaviour::{PASSWORD, Pool, user};
use crate::person::Person;
use crate::scene::{ANN, Scene, is_back, query};

const FORMS: [&str; 7] = [
    "/login",
    "/signup",
    "/confirm",
    "/resendcode",
    "/forgotPassword",
    "/confirmForgotPassword",
    "/passkeys/add",
];

#[tokio::test]
async fn a_form_without_the_browsers_token_is_refused_everywhere() {
    let it = Scene::with("").await;
    let (mut person, _) = it.arrived().await;
    let own = person.cookies["XSRF-TOKEN"].clone();
    let (stranger, _) = it.arrived().await;
    let strangers = stranger.cookies["XSRF-TOKEN"].clone();
    for path in FORMS {
        let url = format!("{path}?{}", query(&it.hiding));
        for token in ["", strangers.as_str(), &own[1..], &format!("{own}x")] {
            let fields = [("_csrf", token), ("username", "ann"), ("password", PASSWORD)];
            let page = person.post(&url, &fields).await;
            assert_eq!(
                (page.status, page.heading().as_str()),
                (403, "This form is no longer good"),
                "{path}"
            );
        }
        let mut without = Person::at(it.pool.server.url());
        let page = without
            .post(
                &url,
                &[("_csrf", &own), ("username", "ann"), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(page.status, 403, "{path} without a cookie");
    }
    assert!(it.pool.messages().is_empty(), "nothing was sent to anybody");
}

#[tokio::test]
async fn a_form_from_another_origin_is_refused_even_with_the_token() {
    let it = Scene::with("").await;
    let (mut person, _) = it.arrived().await;
    let body = format!(
        "_csrf={}&username=ann&password={PASSWORD}",
        person.cookies["XSRF-TOKEN"]
    );
    for (name, value, status) in [
        ("origin", "https://evil.example", 403),
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 302),
    ] {
        let request = person
            .request(Method::POST, &format!("/login?{}", query(&it.hiding)))
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value)
            .body(body.clone());
        assert_eq!(person.send(request).await.status, status, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_session_that_was_planted_is_not_the_one_that_is_signed_in() {
    let it = Scene::with("").await;
    let (mut person, page) = it.arrived().await;
    person.cookies.insert("cognito".to_owned(), "planted".to_owned());
    let before = person.cookies["XSRF-TOKEN"].clone();
    is_back(&person.sign_in(&page, "ann", PASSWORD).await);
    assert_ne!(person.cookies["cognito"], "planted");
    assert_ne!(person.cookies["XSRF-TOKEN"], before);
    let mut other = it.person();
    other.cookies.insert("cognito".to_owned(), "planted".to_owned());
    let sent = other
        .get(&format!("/oauth2/authorize?{}", query(&it.hiding)))
        .await;
    assert!(sent.location().starts_with("/login?"));
}

#[tokio::test]
async fn what_people_type_is_text_and_never_markup() {
    let it = Scene::with("auto_verified_attributes = [\"email\"]").await;
    let evil = "\"><script>alert(1)</script><img src=x onerror='alert(1)'>{{7*7}}";
    let page = it.try_in(&it.hiding, evil, "x").await;
    assert!(!page.html.contains("<script>alert") && !page.html.contains("<img src=x"));
    let (mut person, _) = it.arrived().await;
    let form = person.get(&format!("/signup?{}", query(&it.hiding))).await;
    let fields = [
        ("username", evil),
        ("password", "short"),
        ("requiredAttributes[email]", evil),
    ];
    let refused = person.fill(&form, "cognitoSignUpForm", &fields).await;
    assert_eq!(refused.status, 400);
    assert!(!refused.html.contains("<script>alert") && refused.html.contains("&#60;script&#62;"));
    let evil_query = format!(
        "{}&login_hint=%22%3E%3Cscript%3E&x=%27%22%3E%3Cscript%3E",
        query(&it.hiding)
    );
    let page = person.get(&format!("/login?{evil_query}")).await;
    assert!(!page.html.contains("\"><script>"), "{}", page.html);
    let page = person
        .get("/error?error=%3Cscript%3Ealert(1)%3C/script%3E&client_id=%3Cb%3E")
        .await;
    assert!(!page.html.contains("script>alert") && !page.html.contains("<b>"));
}

#[tokio::test]
async fn what_is_stored_of_a_user_is_text_on_every_page_of_a_sign_in() {
    let evil = "<img/src=x/onerror='alert(1)'>&amp;";
    let evil_email = "<svg/onload=alert(1)>@example.com";
    let states = format!(
        ", status = \"FORCE_CHANGE_PASSWORD\", attributes = {{ email = \"{evil_email}\", email_verified = true, given_name = \"<b>\" }}"
    );
    let it = Scene::over(Pool::with("mfa_configuration = \"OPTIONAL\"", &user(evil, &states)).await).await;
    let config = serde_json::json!({
        "UserPoolId": crate::behaviour::POOL, "MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": { "Enabled": true },
    });
    it.pool.done("SetUserPoolMfaConfig", config).await;
    let (mut person, page) = it.arrived().await;
    let step = person.sign_in(&page, evil, PASSWORD).await;
    assert_eq!(step.heading(), "Choose a new password");
    let fields = [
        ("new_password", "Another-horse-2"),
        ("confirm_password", "Another-horse-2"),
    ];
    let set_up = person.fill(&step, "cognitoNewPasswordForm", &fields).await;
    assert!(set_up.html.contains("id=\"secret\""), "{}", set_up.html);
    let reset = person
        .get(&format!("/forgotPassword?{}", query(&it.hiding)))
        .await;
    let reset = person
        .fill(&reset, "cognitoForgotPasswordForm", &[("username", evil)])
        .await;
    for page in [&step, &set_up, &reset] {
        assert!(
            !page.html.contains("<img/") && !page.html.contains("<svg/"),
            "{}",
            page.html
        );
        assert!(
            !page.html.contains("&amp;"),
            "nor is it unescaped first: {}",
            page.html
        );
    }
    assert!(step.html.contains("&#60;img/src=x"), "{}", step.html);
}

#[tokio::test]
async fn nothing_typed_becomes_a_header_or_a_way_elsewhere() {
    let it = Scene::with("").await;
    let (mut person, page) = it.arrived().await;
    let split = "ann\r\nSet-Cookie: cognito=evil";
    let refused = person.sign_in(&page, split, PASSWORD).await;
    assert_eq!(refused.status, 400);
    assert!(!person.cookies.contains_key("cognito"));
    for lang in ["en%0d%0aSet-Cookie:x=1", "../../etc", "//evil.example"] {
        let page = person
            .get(&format!("/login?{}&lang={lang}", query(&it.hiding)))
            .await;
        assert_eq!(page.status, 200);
        assert!(
            !person.cookies.contains_key("lang"),
            "no language of ours, none kept"
        );
    }
    let path = person.get(&format!("/passkeys/add?{}", query(&it.hiding))).await;
    assert_eq!(path.location(), format!("/login?{}", query(&it.hiding)));
}

#[tokio::test]
async fn the_browser_is_told_to_trust_nothing_but_our_own() {
    let it = Scene::with("").await;
    let (mut person, page) = it.arrived().await;
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("referrer-policy"), "no-referrer");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert!(
        !page.html.contains("<style") && !page.html.contains(" style=") && !page.html.contains("onclick")
    );
    for line in page.headers.get_all("set-cookie") {
        let line = line.to_str().unwrap();
        assert!(
            line.contains("HttpOnly") && line.contains("SameSite=Lax") && line.contains("Path=/"),
            "{line}"
        );
    }
    let style = crate::person::between(&page.html, "rel=\"stylesheet\" href=\"", "\"")
        .unwrap()
        .to_owned();
    let asset = person.get(&style).await;
    assert_eq!(
        (asset.status, asset.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
    assert!(asset.header("cache-control").contains("immutable"));
    assert_eq!(person.get("/pages/../etc/passwd").await.status, 404);
}

#[tokio::test]
async fn six_digits_are_not_found_by_trying() {
    let it = Scene::with("").await;
    let (mut person, _) = it.arrived().await;
    let form = person
        .get(&format!("/forgotPassword?{}", query(&it.hiding)))
        .await;
    let mut page = person
        .fill(&form, "cognitoForgotPasswordForm", &[("username", "ann")])
        .await;
    let code = it.pool.code("ann@example.com").await;
    let wrong = |n: usize| {
        let guess = format!("{n:06}");
        if guess == code { "999999".to_owned() } else { guess }
    };
    let mut tries = 0;
    for n in 0..40 {
        let guess = wrong(n);
        let fields = [
            ("code", guess.as_str()),
            ("password", PASSWORD),
            ("confirm_password", PASSWORD),
        ];
        page = person.fill(&page, "cognitoResetPasswordForm", &fields).await;
        if page.problem().as_deref() != Some("That code is not right. Please try again.") {
            break;
        }
        tries += 1;
    }
    assert!(tries <= 20, "{tries} guesses were free");
    assert_eq!(
        page.problem().as_deref(),
        Some("Too many tries. Please wait a while, then try again.")
    );
    let fields = [
        ("code", code.as_str()),
        ("password", "Guessed-horse-9"),
        ("confirm_password", "Guessed-horse-9"),
    ];
    let page = person.fill(&page, "cognitoResetPasswordForm", &fields).await;
    assert_eq!(page.status, 400, "not even the right one, for now");
}

#[tokio::test]
async fn nobody_learns_from_the_reset_page_who_is_there() {
    let it = Scene::with("").await;
    let mut seen = Vec::new();
    for name in ["ann", "eve"] {
        let (mut person, _) = it.arrived().await;
        let form = person
            .get(&format!("/forgotPassword?{}", query(&it.hiding)))
            .await;
        let page = person
            .fill(&form, "cognitoForgotPasswordForm", &[("username", name)])
            .await;
        let fields = [
            ("code", "000000"),
            ("password", PASSWORD),
            ("confirm_password", PASSWORD),
        ];
        let refused = person.fill(&page, "cognitoResetPasswordForm", &fields).await;
        seen.push((
            page.status,
            page.heading(),
            page.problem(),
            refused.status,
            refused.problem(),
        ));
    }
    assert_eq!(seen[0], seen[1]);
}

#[tokio::test]
async fn the_pages_of_two_pools_share_no_sign_in() {
    let it = Scene::with("").await;
    let other = Scene::over(Pool::with("", &user("ann", ANN)).await).await;
    let (mut person, page) = it.arrived().await;
    is_back(&person.sign_in(&page, "ann", PASSWORD).await);
    let mut there = other.person();
    there.cookies.clone_from(&person.cookies);
    let sent = there
        .get(&format!("/oauth2/authorize?{}", query(&other.hiding)))
        .await;
    assert!(sent.location().starts_with("/login?"));
}
