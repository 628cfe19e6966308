//! A company's own look: the styles of managed login.

use serde_json::{Value, json};

use crate::behaviour::{POOL, merge, refusal};
use crate::branding::{OTHER_PNG, PNG, SVG, base64, logo, look_at, shown, theme};
use crate::person::between;
use crate::scene::Scene;

fn settings() -> Value {
    let button = json!({
        "lightMode": { "defaults": { "backgroundColor": "7a1fa2ff" } },
        "darkMode": { "defaults": { "backgroundColor": "ce93d8ff" } },
    });
    json!({ "components": { "primaryButton": button, "form": { "borderRadius": 4.0 } } })
}

fn asset(category: &str, mode: &str, extension: &str, content: &[u8]) -> Value {
    json!({ "Category": category, "ColorMode": mode, "Extension": extension, "Bytes": base64(content) })
}

fn style_of(it: &Scene, rest: Value) -> Value {
    let mut style = json!({ "UserPoolId": POOL, "ClientId": it.hiding });
    merge(&mut style, rest);
    style
}

#[tokio::test]
async fn a_managed_login_style_is_on_the_pages_light_and_dark() {
    let it = Scene::with("").await;
    let assets = [
        asset("FORM_LOGO", "LIGHT", "PNG", PNG),
        asset("FORM_LOGO", "DARK", "SVG", SVG),
        asset("FAVICON_ICO", "DYNAMIC", "ICO", b"\0\0\x01\0icon"),
    ];
    let wanted = style_of(&it, json!({ "Settings": settings(), "Assets": assets }));
    let made = it.pool.done("CreateManagedLoginBranding", wanted.clone()).await;
    let made = &made["ManagedLoginBranding"];
    assert_eq!(
        (&made["Settings"], made["Assets"].as_array()),
        (&settings(), Some(&assets.to_vec()))
    );
    let told = "Managed login branding already exists for the app client.";
    assert_eq!(
        it.pool.call("CreateManagedLoginBranding", wanted).await,
        refusal("ManagedLoginBrandingExistsException", told)
    );
    let (mut person, page) = look_at(&it, &it.hiding).await;
    assert!(page.html.contains("content=\"light dark\""));
    let (_, _, style) = shown(&mut person, &theme(&page).unwrap()).await;
    let (light, dark) = style.split_once("@media (prefers-color-scheme: dark)").unwrap();
    assert!(
        light.contains("--accent: #7a1fa2ff") && dark.contains("--accent: #ce93d8ff"),
        "{style}"
    );
    assert!(style.contains("--card-round: 4px"), "{style}");
    assert!(logo(&page).is_some() && !page.html.contains("plate"));
    let dark = between(
        &page.html,
        "<source srcset=\"",
        "\" media=\"(prefers-color-scheme: dark)\"",
    )
    .unwrap();
    // The picture has a script, which nothing runs.
    let seen = shown(&mut person, dark).await;
    assert_eq!(
        (seen.0, seen.1.as_str(), seen.2.as_bytes()),
        (200, "image/svg+xml", SVG)
    );
    let icon = between(&page.html, "rel=\"icon\" href=\"", "\"").unwrap();
    assert_eq!(shown(&mut person, icon).await.1, "image/x-icon");
    let (_, other) = look_at(&it, &it.legacy).await;
    assert_eq!(theme(&other), None, "another app client's pages");
}

#[tokio::test]
async fn a_managed_login_style_changes_in_parts_and_goes() {
    let it = Scene::with("").await;
    let assets = [
        asset("FORM_LOGO", "LIGHT", "PNG", PNG),
        asset("FORM_LOGO", "DARK", "PNG", OTHER_PNG),
    ];
    let made = style_of(&it, json!({ "Settings": settings(), "Assets": assets }));
    let made = it.pool.done("CreateManagedLoginBranding", made).await;
    let named = json!({
        "UserPoolId": POOL, "ManagedLoginBrandingId": made["ManagedLoginBranding"]["ManagedLoginBrandingId"],
    });
    let change = async |rest: Value| {
        let mut body = named.clone();
        merge(&mut body, rest);
        let changed = it.pool.done("UpdateManagedLoginBranding", body).await;
        changed["ManagedLoginBranding"].clone()
    };
    let rounder = json!({ "components": { "form": { "borderRadius": 9.0 } } });
    let changed = change(json!({ "Settings": rounder })).await;
    let components = &changed["Settings"]["components"];
    assert_eq!(components["form"]["borderRadius"], 9.0);
    assert_eq!(
        components["primaryButton"],
        settings()["components"]["primaryButton"],
        "the rest stays"
    );
    let changed = change(json!({ "Assets": [asset("FORM_LOGO", "DARK", "SVG", SVG)] })).await;
    assert_eq!(
        changed["Assets"],
        json!([assets[0], asset("FORM_LOGO", "DARK", "SVG", SVG)])
    );
    let by_client = it
        .pool
        .done("DescribeManagedLoginBrandingByClient", style_of(&it, json!({})))
        .await;
    let by_id = it.pool.done("DescribeManagedLoginBranding", named.clone()).await;
    assert_eq!((&by_id["ManagedLoginBranding"], &by_id), (&changed, &by_client));
    let changed = change(json!({ "UseCognitoProvidedValues": true })).await;
    assert_eq!(
        (&changed["Settings"], &changed["Assets"]),
        (&Value::Null, &json!([]))
    );
    it.pool.done("DeleteManagedLoginBranding", named.clone()).await;
    let gone = refusal(
        "ResourceNotFoundException",
        "Managed login branding does not exist.",
    );
    for operation in [
        "DescribeManagedLoginBranding",
        "UpdateManagedLoginBranding",
        "DeleteManagedLoginBranding",
    ] {
        assert_eq!(it.pool.call(operation, named.clone()).await, gone, "{operation}");
    }
    let (_, page) = look_at(&it, &it.hiding).await;
    assert_eq!((theme(&page), logo(&page)), (None, None));
}

#[tokio::test]
async fn pages_may_be_dark_alone() {
    let it = Scene::with("").await;
    let settings = json!({ "categories": { "global": { "colorSchemeMode": "DARK" } } });
    let assets = [
        asset("FORM_LOGO", "LIGHT", "PNG", PNG),
        asset("FORM_LOGO", "DARK", "PNG", OTHER_PNG),
    ];
    let style = style_of(&it, json!({ "Settings": settings, "Assets": assets }));
    it.pool.done("CreateManagedLoginBranding", style).await;
    let (mut person, page) = look_at(&it, &it.hiding).await;
    assert!(page.html.contains("content=\"dark\"") && !page.html.contains("<picture>"));
    assert_eq!(
        shown(&mut person, &logo(&page).unwrap()).await.2.as_bytes(),
        String::from_utf8_lossy(OTHER_PNG).as_bytes()
    );
    let ours = between(&page.html, "rel=\"stylesheet\" href=\"", "\"").unwrap();
    let ours = person.get(ours).await.html;
    assert!(ours.contains("color-scheme: dark;") && !ours.contains("prefers-color-scheme: dark"));
}

#[tokio::test]
async fn cognitos_own_look_takes_no_settings_and_an_asset_is_what_it_says() {
    let it = Scene::with("").await;
    let own = style_of(
        &it,
        json!({ "UseCognitoProvidedValues": true, "Settings": settings() }),
    );
    assert_eq!(
        it.pool.call("CreateManagedLoginBranding", own).await,
        refusal(
            "InvalidParameterException",
            "Settings and Assets cannot be given when UseCognitoProvidedValues is true."
        )
    );
    let lie = style_of(
        &it,
        json!({ "Assets": [asset("FORM_LOGO", "LIGHT", "PNG", SVG)] }),
    );
    let told = "The bytes of the asset FORM_LOGO are not PNG.";
    let seen = it.pool.call("CreateManagedLoginBranding", lie).await;
    assert_eq!(seen, refusal("InvalidParameterException", told));
    let list = style_of(&it, json!({ "Settings": ["x"] }));
    assert_eq!(
        it.pool.call("CreateManagedLoginBranding", list).await,
        refusal("InvalidParameterException", "Settings must be a JSON object.")
    );
    let nobodys = json!({ "UserPoolId": POOL, "ClientId": "nobody" });
    let (status, answer) = it.pool.call("CreateManagedLoginBranding", nobodys).await;
    assert_eq!(
        (status, &answer["__type"]),
        (400, &json!("ResourceNotFoundException"))
    );
    let (mut person, _) = look_at(&it, &it.hiding).await;
    for path in [
        "/pages/x/y/z",
        "/pages/us-east-1_Behaviour/-/none.css",
        "/pages/us-east-1_Behaviour/nobody/none.css",
        "/pages/us-east-1_OtherPool/legacyclient/none.css",
        "/pages//",
    ] {
        assert_eq!(person.get(path).await.status, 404);
    }
}

#[tokio::test]
async fn a_style_comes_in_requests_of_two_megabytes_and_other_requests_stay_at_one() {
    let it = Scene::with("").await;
    let of_length = |operation: &str, length: usize| {
        let body = style_of(&it, json!({ "Settings": { "filler": "" } }));
        let filler = "x".repeat(length - body.to_string().len());
        let body = style_of(&it, json!({ "Settings": { "filler": filler } }));
        assert_eq!(body.to_string().len(), length, "{operation}");
        body
    };
    for (operation, limit) in [
        ("CreateManagedLoginBranding", 2 * 1024 * 1024),
        ("SetUICustomization", 1024 * 1024),
        ("CreateGroup", 1024 * 1024),
    ] {
        let (_, over) = it.pool.call(operation, of_length(operation, limit + 1)).await;
        assert_eq!(
            (over["__type"].as_str(), over["message"].as_str()),
            (
                Some("SerializationException"),
                Some(format!("The request body is longer than {limit} bytes.").as_str())
            ),
            "{operation}"
        );
        let (_, at) = it.pool.call(operation, of_length(operation, limit)).await;
        assert_ne!(
            at["__type"].as_str(),
            Some("SerializationException"),
            "{operation}"
        );
    }
}
