//! The conformance suite on PostgreSQL.

use std::sync::Arc;

use pool::ports::Store;
use proptest::prelude::*;
use store::postgres::ConnectError;
use store::{DatabaseUrl, PostgresSettings, PostgresStore};

use crate::conformance::{Subject, each_test, model};
use crate::postgres::{Cluster, Database};

/// A fresh database, gone with the test.
pub(crate) fn database() -> Database<'static> {
    Cluster::shared().unwrap().database().unwrap()
}

/// The usual settings for a URL.
pub(crate) fn settings(url: &str) -> PostgresSettings {
    PostgresSettings::new(DatabaseUrl::parse(url).unwrap())
}

pub(crate) async fn open(url: &str) -> Result<PostgresStore, ConnectError> {
    PostgresStore::open(settings(url)).await
}

/// Writes a test for each function of the suite.
macro_rules! on_postgres {
    ($($module:ident: $test:ident;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let database = database();
                let store: Subject = Arc::new(open(&database.url()).await.unwrap());
                crate::conformance::$module::$test(&store).await;
            }
        )*
    };
}

each_test!(on_postgres);

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_commits_leave_the_store_as_they_leave_the_model(commits in model::commits()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let database = database();
        runtime.block_on(async {
            let store: Subject = Arc::new(open(&database.url()).await.unwrap());
            model::a_store_does_as_the_model_does(&store, commits).await;
        });
    }
}

#[tokio::test]
async fn a_store_is_closed_with_what_it_has_committed() {
    let database = database();
    let pool = crate::fixtures::pool_id(1);
    for _ in 0..3 {
        let store = open(&database.url()).await.unwrap();
        if store.find_user_pool(&pool).await.unwrap().is_none() {
            let insert = crate::fixtures::insert_pool(crate::fixtures::user_pool(1));
            store.commit(vec![insert]).await.unwrap();
        }
        assert!(store.find_user_pool(&pool).await.unwrap().is_some());
    }
}
