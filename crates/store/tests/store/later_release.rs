//! Nothing is lost that a later release has written in a record, when this one writes the record anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use pool::branding::{Branding, UICustomization};
use pool::id::DeviceKey;
use pool::ports::{Change, Medium};
use pool::time::Time;
use pool::user::{CodePurpose, Destination, IssuedCode, Lockout, MfaPreference, SoftwareToken};
use pool::user_pool::UserPool;
use pool::web_authn::Passkey;
use rusqlite::Connection;
use serde_json::{Value, json};
use store::SqliteStore;

use crate::conformance::Subject;
use crate::conformance::deliveries::delivery;
use crate::conformance::devices::{device, family};
use crate::conformance::groups::group;
use crate::fixtures::{
    app_client, client_id, insert_pool, insert_user, pool_id, replace_user, sub, user, user_pool,
};
use crate::on_postgres::{database, open};
use crate::scratch::Scratch;

/// A member that no release has.
const LATER: &str = "ofALaterRelease";

/// Objects whose members are names that somebody chose, or words of a closed list (as a variant of an enum is).
const BY_NAME: &[&str] = &["attributes", "codes", "sign_in_names", "tags", "used_sessions"];

/// The tables whose records are written anew.
const TABLES: &[&str] = &[
    "user_pool",
    "app_client",
    "pool_user",
    "user_group",
    "device",
    "token_family",
    "branding",
    "delivery",
];

/// The documents of a database, from outside of the store.
trait Documents {
    /// The only one of a table.
    fn read(&self, table: &str) -> Value;
    fn write(&self, table: &str, document: &Value);
}

impl Documents for Connection {
    fn read(&self, table: &str) -> Value {
        let text: String = self
            .query_row(&format!("SELECT document FROM {table}"), [], |row| row.get(0))
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn write(&self, table: &str, document: &Value) {
        let update = format!("UPDATE {table} SET document = ?1");
        assert_eq!(self.execute(&update, [document.to_string()]).unwrap(), 1);
    }
}

impl Documents for crate::postgres::Database<'_> {
    fn read(&self, table: &str) -> Value {
        let text = self.sql(&format!("SELECT document FROM {table}")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn write(&self, table: &str, document: &Value) {
        let text = document.to_string().replace('\'', "''");
        self.sql(&format!("UPDATE {table} SET document = '{text}'"))
            .unwrap();
    }
}

/// Puts the member into a record and into every object within it.
fn with_later(name: &str, value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| with_later("", value)),
        Value::Object(members) => {
            for (name, value) in members.iter_mut() {
                with_later(name, value);
            }
            if !BY_NAME.contains(&name) {
                members.insert(LATER.to_owned(), json!({ "of": name }));
            }
        }
        _ => {}
    }
}

/// Where the member is.
fn places(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(values) => values
            .iter()
            .for_each(|value| places(&format!("{path}[]"), value, found)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            if name == LATER {
                found.push(path.to_owned());
            } else {
                places(&format!("{path}.{name}"), value, found);
            }
        }),
        _ => {}
    }
}

fn code(digest: u8) -> IssuedCode {
    IssuedCode {
        digest: vec![digest; 32],
        issued_at: Time(1),
        expires_at: Time(2),
        window_started_at: Time(1),
        sent: 1,
        wrong_tries: 0,
        destination: Some(Destination {
            medium: Medium::Email,
            value: "ann@example.com".to_owned(),
            pending: false,
        }),
    }
}

/// A user of whom everything is known that is an object.
fn whole_user() -> pool::user::User {
    let mut user = user(1, &pool_id(1), &[("email", "ann@example.com")]);
    user.codes.insert(CodePurpose::ResetPassword, code(1));
    user.codes.insert(CodePurpose::VerifyEmail, code(2));
    user.mfa = MfaPreference::sms(true);
    user.lockout.failures = 2;
    user.password_changes.count = 1;
    user.second_factor.lockout.failures = 1;
    user.software_tokens.verified = Some(SoftwareToken {
        sealed_secret: vec![5; 40],
        friendly_name: None,
        last_step: 7,
    });
    user.passkeys = vec![passkey("one"), passkey("two")];
    user
}

fn passkey(id: &str) -> Passkey {
    serde_json::from_value(json!({
        "credential_id": id, "public_key": "AAAA", "sign_count": 1, "relying_party_id": "example.com",
        "friendly_name": id, "transports": [], "attachment": null, "created_at": 1,
    }))
    .unwrap()
}

fn branding() -> Branding {
    Branding {
        user_pool_id: pool_id(1),
        client_id: Some(client_id(1)),
        ui_customization: Some(UICustomization {
            css: Some("a".to_owned()),
            css_version: "1".to_owned(),
            image: None,
            created_at: Time(1),
            modified_at: Time(1),
        }),
        managed_login: None,
        version: 0,
    }
}

/// One record in every table.
async fn fill(store: &Subject) {
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let changes = vec![
        Change::InsertAppClient(Box::new(app_client(1, &pool_id(1)))),
        insert_user(whole_user(), &["user1"]),
        Change::InsertGroup(Box::new(group("staff"))),
        Change::InsertDevice(Box::new(device("key"))),
        Change::PutTokenFamily {
            family: Box::new(family("jti", 1_000)),
            now: Time(1),
        },
        Change::PutBranding(Box::new(branding())),
        Change::InsertDelivery(Box::new(delivery(1, 10))),
    ];
    store.commit(changes).await.unwrap();
}

/// Reads every record and writes it anew, with something in it that is otherwise; the user's reset code is another by then.
async fn write_anew(store: &Subject) {
    let pool = pool_id(1);
    let mut changes = Vec::new();
    let mut user_pool: UserPool = store.find_user_pool(&pool).await.unwrap().unwrap();
    user_pool.settings.password_policy.minimum_length = 20;
    changes.push(Change::ReplaceUserPool(Box::new(user_pool)));
    let mut client = store.find_app_client(&client_id(1)).await.unwrap().unwrap();
    client.settings.refresh_token_validity = 7;
    changes.push(Change::ReplaceAppClient(Box::new(client)));
    let group = store.list_groups(&pool, None, 9).await.unwrap().remove(0);
    let group = pool::group::Group {
        precedence: Some(9),
        ..group
    };
    changes.push(Change::ReplaceGroup(Box::new(group)));
    let key = DeviceKey::parse("eu-west-1_key").unwrap();
    let mut device = store.find_device(&pool, &sub(1), &key).await.unwrap().unwrap();
    device.remembered = true;
    changes.push(Change::ReplaceDevice(Box::new(device)));
    let (mut user, family) = store.find_bearer(&pool, &sub(1), "jti").await.unwrap().unwrap();
    let mut family = family.unwrap();
    family.revoked = true;
    changes.push(Change::PutTokenFamily {
        family: Box::new(family),
        now: Time(1),
    });
    user.lockout = Lockout::default();
    user.codes.insert(CodePurpose::ResetPassword, code(3));
    user.codes.get_mut(&CodePurpose::VerifyEmail).unwrap().wrong_tries = 1;
    user.software_tokens.verified.as_mut().unwrap().last_step = 8;
    user.passkeys.remove(0);
    changes.push(replace_user(user, None));
    let branding = store.find_branding(&pool, Some(&client_id(1))).await.unwrap();
    let mut branding = branding.unwrap();
    branding.ui_customization.as_mut().unwrap().css = Some("b".to_owned());
    changes.push(Change::PutBranding(Box::new(branding)));
    let mut message = store.due_deliveries(Time(10), 1).await.unwrap().remove(0);
    message.due_at = Time(20);
    changes.push(Change::ReplaceDelivery {
        delivery: Box::new(message),
        was_due_at: Time(10),
    });
    store.commit(changes).await.unwrap();
}

/// What goes with the thing that it belongs to, and with what is default again and so not written.
const GONE: &[&str] = &[
    ".codes.ResetPassword",
    ".codes.ResetPassword.destination",
    ".passkeys[]",
    ".lockout",
];

async fn what_a_later_release_has_written_stays(store: &Subject, documents: &impl Documents) {
    fill(store).await;
    let mut before = BTreeMap::new();
    for table in TABLES {
        let mut document = documents.read(table);
        with_later("", &mut document);
        let mut found = Vec::new();
        places("", &document, &mut found);
        for gone in GONE.iter().filter(|_| *table == "pool_user") {
            let place = found.iter().position(|place| place == gone).unwrap();
            found.remove(place);
        }
        before.insert(table, found);
        documents.write(table, &document);
    }
    assert!(before[&"pool_user"].len() >= 9, "{before:?}");
    write_anew(store).await;
    for (table, mut before) in before {
        let (document, mut after) = (documents.read(table), Vec::new());
        places("", &document, &mut after);
        before.sort();
        after.sort();
        assert_eq!(after, before, "{table}: {document}");
    }
    // And what was written is what is read.
    let pool = store.find_user_pool(&pool_id(1)).await.unwrap().unwrap();
    assert_eq!(pool.settings.password_policy.minimum_length, 20);
    let user = store
        .find_user_by_sub(&pool_id(1), &sub(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(user.codes[&CodePurpose::ResetPassword], code(3));
    assert_eq!((user.lockout, user.passkeys.len()), (Lockout::default(), 1));
}

#[tokio::test]
async fn in_sqlite_what_a_later_release_has_written_stays() {
    let scratch = Scratch::new();
    let store: Subject = Arc::new(SqliteStore::open(&scratch.database()).unwrap());
    let documents = Connection::open(scratch.database()).unwrap();
    what_a_later_release_has_written_stays(&store, &documents).await;
}

#[tokio::test]
async fn in_postgresql_what_a_later_release_has_written_stays() {
    let database = database();
    let store: Subject = Arc::new(open(&database.url()).await.unwrap());
    what_a_later_release_has_written_stays(&store, &database).await;
}
