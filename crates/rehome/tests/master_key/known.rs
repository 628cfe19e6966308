//! The first server on a database makes its key known.

use serde_json::json;
use testkit::postgres::Cluster;

use crate::scene::{Key, Scene};

const RECORD: &str = "SELECT document FROM master_key_record";

fn is_told_what_to_do(said: &str) {
    assert!(
        said.contains("sealed with another master key; name the right one with --master-key-file"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_is_refused_on_a_database_without_pools() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let scene = Scene::on_postgres(database.url());
    let (right, wrong) = (Key::new(), Key::new());
    let right_file = scene.keys("right.key", &[&right]);
    let first = scene.serve(&right_file);
    let record = database.sql(RECORD).unwrap();
    assert!(record.contains(&right.id), "{record}");
    is_told_what_to_do(&scene.refused(&scene.keys("wrong.key", &[&wrong])).await);
    assert_eq!(database.sql(RECORD).unwrap(), record);
    // What one node makes another with the same key works on.
    let made = first
        .api
        .call("CreateUserPool", &json!({ "PoolName": "one" }))
        .await
        .unwrap();
    let second = scene.serve(&right_file);
    let described = json!({ "UserPoolId": made.text("/UserPool/Id") });
    let answer = second.api.call("DescribeUserPool", &described).await.unwrap();
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(database.sql(RECORD).unwrap(), record);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_key_is_refused_on_a_file_without_pools() {
    let scene = Scene::on_a_file();
    let right = scene.keys("right.key", &[&Key::new()]);
    drop(scene.serve(&right));
    is_told_what_to_do(&scene.refused(&scene.keys("wrong.key", &[&Key::new()])).await);
    drop(scene.serve(&right));
}

/// The database as the release before leaves it, and finds it again: without the record.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_the_release_before_takes_the_key_of_its_pools() {
    let database = Cluster::shared().unwrap().database().unwrap();
    let scene = Scene::on_postgres(database.url());
    let (right, wrong) = (Key::new(), Key::new());
    let right_file = scene.keys("right.key", &[&right]);
    let first = scene.serve(&right_file);
    let made = first
        .api
        .call("CreateUserPool", &json!({ "PoolName": "one" }))
        .await
        .unwrap();
    assert_eq!(made.status, 200, "{made:?}");
    drop(first);
    database
        .sql("DROP TABLE master_key_record; DELETE FROM schema_migration WHERE name LIKE '0007%'")
        .unwrap();
    is_told_what_to_do(&scene.refused(&scene.keys("wrong.key", &[&wrong])).await);
    assert_eq!(database.sql(RECORD).unwrap(), "");
    // A file that holds a newer key, too, changes nothing of what seals.
    drop(scene.serve(&scene.keys("both.key", &[&wrong, &right])));
    let record = database.sql(RECORD).unwrap();
    assert!(
        record.contains(&right.id) && !record.contains(&wrong.id),
        "{record}"
    );
    drop(scene.serve(&right_file));
}
