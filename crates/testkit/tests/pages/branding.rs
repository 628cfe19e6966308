//! A company's own look: the style and logo of the classic pages; and all of it in a real browser.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::behaviour::{POOL, refusal};
use crate::chromium;
use crate::person::{Page, Person, between};
use crate::scene::{Scene, query};
use crate::walk::client_of;

pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\nred";
pub(crate) const OTHER_PNG: &[u8] = b"\x89PNG\r\n\x1a\nblue";
pub(crate) const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
const CSS: &str = ".submitButton-customizable { background-color: #c00; }";

pub(crate) fn base64(content: &[u8]) -> String {
    STANDARD.encode(content)
}

pub(crate) async fn look_at(scene: &Scene, app: &str) -> (Person, Page) {
    let mut person = scene.person();
    let page = person.get(&format!("/login?{}", query(app))).await;
    (person, page)
}

/// The second style of a page: the company's.
pub(crate) fn theme(page: &Page) -> Option<String> {
    let (_, rest) = page.html.split_once("rel=\"stylesheet\"")?;
    let (_, rest) = rest.split_once("rel=\"stylesheet\"")?;
    between(rest, "href=\"", "\"").map(str::to_owned)
}

pub(crate) fn logo(page: &Page) -> Option<String> {
    let image = between(&page.html, "class=\"logo ", ">")?;
    between(image, "src=\"", "\"").map(str::to_owned)
}

/// What an asset answers: status, type, and whether nothing in it can run.
pub(crate) async fn shown(person: &mut Person, path: &str) -> (u16, String, String) {
    let file = person.get(path).await;
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("cache-control").contains("immutable"));
    let policy = file.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    (file.status, file.header("content-type").to_owned(), file.html)
}

async fn customized(it: &Scene, of: Value) -> Value {
    let answer = it.pool.done("GetUICustomization", of).await;
    answer["UICustomization"].clone()
}

#[tokio::test]
async fn style_and_logo_of_all_app_clients_are_on_the_pages() {
    let it = Scene::with("").await;
    let (_, plain) = look_at(&it, &it.hiding).await;
    assert_eq!((theme(&plain), logo(&plain)), (None, None));
    let of_all = json!({ "UserPoolId": POOL });
    let nothing = json!({ "ClientId": "ALL", "UserPoolId": POOL });
    assert_eq!(customized(&it, of_all.clone()).await, nothing);
    let all = json!({ "UserPoolId": POOL, "CSS": CSS, "ImageFile": base64(PNG) });
    let set = it.pool.done("SetUICustomization", all).await["UICustomization"].clone();
    assert_eq!((&set["CSS"], &set["ClientId"]), (&json!(CSS), &json!("ALL")));
    assert_eq!(set["CSSVersion"].as_str().unwrap().len(), 14);
    assert_eq!(customized(&it, of_all).await, set);
    let (mut person, page) = look_at(&it, &it.hiding).await;
    assert_eq!(
        shown(&mut person, &theme(&page).unwrap()).await,
        (200, "text/css; charset=utf-8".to_owned(), CSS.to_owned())
    );
    let image = shown(&mut person, &logo(&page).unwrap()).await;
    assert_eq!((image.0, image.1.as_str()), (200, "image/png"));
    let path = address(&it, &set);
    assert_eq!(
        shown(&mut person, &path).await,
        image,
        "the address that the API tells"
    );
    // One set of colours is a light one.
    assert!(page.html.contains("content=\"light\"") && page.html.contains("plate"));
    for error in ["/error?error=invalid_request", "/signedout?x=y"] {
        let page = person.get(&format!("{error}&client_id={}", it.hiding)).await;
        assert!(theme(&page).is_some() && logo(&page).is_some(), "{error}");
    }
}

/// The path of a classic logo.
fn address(it: &Scene, set: &Value) -> String {
    let url = set["ImageUrl"].as_str().unwrap();
    url.strip_prefix(it.pool.server.url()).unwrap().to_owned()
}

#[tokio::test]
async fn an_app_client_has_its_own_style_and_logo_or_those_of_all() {
    let it = Scene::with("").await;
    let all = json!({ "UserPoolId": POOL, "ClientId": "ALL", "CSS": CSS, "ImageFile": base64(PNG) });
    it.pool.done("SetUICustomization", all).await;
    let own = json!({ "UserPoolId": POOL, "ClientId": it.legacy, "ImageFile": base64(OTHER_PNG) });
    let own = it.pool.done("SetUICustomization", own).await["UICustomization"].clone();
    let (mut person, page) = look_at(&it, &it.legacy).await;
    assert_eq!(theme(&page), None, "style and logo are set together");
    let path = address(&it, &own);
    assert_eq!(logo(&page), Some(path.clone()));
    assert_eq!(person.get(&path).await.status, 200);
    let (_, others) = look_at(&it, &it.hiding).await;
    assert_ne!(logo(&others), logo(&page));
    let named = |client: &str| json!({ "UserPoolId": POOL, "ClientId": client });
    assert_eq!(customized(&it, named(&it.legacy)).await, own);
    let found = customized(&it, named(&it.hiding)).await;
    assert_eq!((&found["ClientId"], &found["CSS"]), (&json!("ALL"), &json!(CSS)));
    // With neither there is nothing of its own any more.
    it.pool.done("SetUICustomization", named(&it.legacy)).await;
    assert_eq!(customized(&it, named(&it.legacy)).await["ClientId"], "ALL");
    assert!(logo(&look_at(&it, &it.legacy).await.1).is_some());
    assert_eq!(person.get(&path).await.status, 404, "the picture went");
}

#[tokio::test]
async fn a_style_that_reaches_out_and_a_logo_that_is_no_picture_are_refused() {
    let it = Scene::with("").await;
    for css in [
        "body { color: red }",
        ".label-customizable { background: url(https://evil.example) }",
        "@import 'https://evil.example';",
        ".label-customizable { color: red } </style>",
    ] {
        let (status, answer) = it
            .pool
            .call("SetUICustomization", json!({ "UserPoolId": POOL, "CSS": css }))
            .await;
        assert_eq!(
            (status, answer["__type"].as_str()),
            (400, Some("InvalidParameterException")),
            "{css}"
        );
    }
    for image in [SVG, b"<html>", &[PNG, &vec![0; 102_400]].concat()] {
        let body = json!({ "UserPoolId": POOL, "ImageFile": base64(image) });
        let told = "ImageFile must be a PNG or JPEG image of at most 100 KB.";
        assert_eq!(
            it.pool.call("SetUICustomization", body).await,
            refusal("InvalidParameterException", told)
        );
    }
    let (status, _) = it
        .pool
        .call(
            "SetUICustomization",
            json!({ "UserPoolId": POOL, "ClientId": "nobody" }),
        )
        .await;
    assert_eq!(status, 400);
    let whole = [PNG, &vec![0; 102_400 - PNG.len()]].concat();
    let longest = json!({ "UserPoolId": POOL, "ImageFile": base64(&whole) });
    it.pool.done("SetUICustomization", longest).await;
}

#[tokio::test]
async fn a_company_is_shown_in_a_real_browser() {
    let it = Scene::with("").await;
    let app_port = chromium::free_port().await;
    let redirect_uri = format!("http://localhost:{app_port}/callback");
    let ways = [
        ("en", 320, "light"),
        ("ja", 320, "dark"),
        ("ja", 1280, "light"),
        ("en", 1280, "dark"),
    ];
    let ways = ways.map(
        |(lang, width, scheme)| json!({ "lang": lang, "width": width, "scheme": scheme, "script": true }),
    );
    let scene = json!({
        "endpoint": it.pool.server.url(), "userPoolId": POOL,
        "client": client_of(&it.pool, POOL, &redirect_uri).await,
        "strictClient": client_of(&it.pool, POOL, &redirect_uri).await,
        "redirectUri": redirect_uri, "appPort": app_port, "chromium": chromium::path(),
        "words": chromium::words(), "ways": ways, "screenshots": chromium::screenshots(),
    });
    chromium::run("branding.mjs", &scene).await;
    it.pool.server.stop().await.unwrap();
}
