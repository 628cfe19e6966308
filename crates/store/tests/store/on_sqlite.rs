//! The conformance suite on SQLite.

use std::sync::Arc;

use proptest::prelude::*;
use store::SqliteStore;

use crate::conformance::{Subject, each_test, model};
use crate::scratch::Scratch;

/// Writes a test for each function of the suite.
macro_rules! on_sqlite {
    ($($module:ident: $test:ident;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                let scratch = Scratch::new();
                let store: Subject = Arc::new(SqliteStore::open(&scratch.database()).unwrap());
                crate::conformance::$module::$test(&store).await;
            }
        )*
    };
}

each_test!(on_sqlite);

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_commits_leave_the_store_as_they_leave_the_model(commits in model::commits()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let scratch = Scratch::new();
        let store: Subject = Arc::new(SqliteStore::open(&scratch.database()).unwrap());
        runtime.block_on(model::a_store_does_as_the_model_does(&store, commits));
    }
}
