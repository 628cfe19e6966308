//! In which language a page speaks.

use crate::behaviour::WRONG;
use crate::scene::{Scene, query};

#[tokio::test]
async fn a_page_speaks_the_language_that_is_asked_for_and_keeps_to_it() {
    let it = Scene::with("").await;
    let mut person = it.person();
    let url = format!("/login?{}", query(&it.hiding));
    let english = person.get(&url).await;
    assert_eq!(english.heading(), "Sign in");
    let request = person
        .request(http::Method::GET, &url)
        .header("accept-language", "ja,en;q=0.5");
    let japanese = person.send(request).await;
    assert_eq!(japanese.heading(), "サインイン");
    assert!(japanese.html.contains("<html lang=\"ja\" dir=\"ltr\">"));
    let asked = person.get(&format!("{url}&lang=ja")).await;
    assert_eq!(asked.heading(), "サインイン");
    assert_eq!(person.cookies["lang"], "ja");
    let kept = person.get(&url).await;
    assert_eq!(kept.heading(), "サインイン");
    let refused = person.sign_in(&kept, "ann", WRONG).await;
    assert_eq!(
        refused.problem().as_deref(),
        Some("ユーザー名またはパスワードが正しくありません。")
    );
}

#[tokio::test]
async fn a_page_links_to_itself_in_the_other_languages_with_the_rest_of_the_query() {
    let it = Scene::with("").await;
    let (_, page) = it.arrived().await;
    let href = format!("/login?{}&lang=ja", query(&it.hiding)).replace('&', "&#38;");
    assert!(page.html.contains(&href), "{href} in {}", page.html);
}
