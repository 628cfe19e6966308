//! What a server has lost or broken, by what its clients know.

use std::path::Path;

use rehome::api_client::ApiClient;
use rusqlite::Connection;
use serde_json::json;

use super::{POOL, Person, sign_in};
use crate::process::{rehome, run, text};

/// What is missing or half made of these people.
pub(crate) async fn missing(api: &ApiClient, people: &mut [Person]) -> Result<(), String> {
    for person in people {
        let get = json!({ "UserPoolId": POOL, "Username": person.name });
        let found = api.call("AdminGetUser", &get).await.unwrap();
        match found.status {
            200 => {}
            400 if !person.is_known && found.exception() == Some("UserNotFoundException") => continue,
            _ => return Err(format!("{person:?}: {found:?}")),
        }
        if person.email.as_deref() != found.attribute("email") {
            return Err(format!("{person:?} has another address: {found:?}"));
        }
        // Without an answer nobody knows whether a password was taken. With one it was.
        let mut holds = None;
        for password in [&person.password, &person.asked].into_iter().flatten() {
            let login = person.email.as_ref().unwrap_or(&person.name);
            let answer = api.call("InitiateAuth", &sign_in(login, password)).await.unwrap();
            if answer.has_tokens() {
                holds = Some(password.clone());
                break;
            }
        }
        if person.password.is_some() && holds.is_none() {
            return Err(format!("{person:?} cannot sign in"));
        }
        person.is_known = true;
        person.password = holds;
        person.asked = None;
    }
    Ok(())
}

/// What is broken in a database that a server has opened after a crash: its structure, or what belongs together in it.
pub(crate) async fn broken(data: &Path, scratch: &Path) -> Result<(), String> {
    const WHOLE: [&str; 4] = [
        "SELECT COUNT(*) FROM pragma_foreign_key_check",
        "SELECT COUNT(*) FROM pool_user WHERE NOT EXISTS (SELECT 1 FROM login \
         WHERE login.user_pool_id = pool_user.user_pool_id AND login.login_key = pool_user.user_name \
         AND login.sub = pool_user.sub)",
        "SELECT (SELECT COUNT(*) FROM pool_user) <> (SELECT COALESCE(SUM(users), 0) FROM user_count)",
        "SELECT COUNT(*) FROM pool_user WHERE json_valid(document) = 0",
    ];
    let copy = tempfile::tempdir_in(scratch).unwrap();
    let to = copy.path().join("backup");
    // It reads the copy from end to end.
    let output = run(rehome([
        "db".as_ref(),
        "backup".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
        "--to".as_ref(),
        to.as_os_str(),
    ]))
    .await;
    if !output.status.success() {
        return Err(text(&output.stderr));
    }
    let connection = Connection::open(&to).unwrap();
    for sql in WHOLE {
        let wrong: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        if wrong != 0 {
            return Err(format!("{sql}: {wrong}"));
        }
    }
    Ok(())
}
