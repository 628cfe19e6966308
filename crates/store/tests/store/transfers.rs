//! Everything of one database into another: whole, equal, and never taken for whole before it is.

use std::path::Path;
use std::sync::Arc;

use pool::master_key::{UnlockError, unlock};
use pool::ports::{Change, Store, SystemEntropy, UserQuery};
use pool::seal::{MasterKey, MasterKeys};
use pool::time::Time;
use store::postgres::ConnectError;
use store::transfer::{Place, Progress, Step, TransferError, TransferredTable, status, transfer};
use store::{DatabaseUrl, OpenError, SqliteStore};

use crate::conformance::Subject;
use crate::conformance::deliveries::delivery;
use crate::conformance::devices::{device, family};
use crate::conformance::groups::group;
use crate::conformance::unknown_names::name;
use crate::fixtures::{app_client, insert_pool, insert_user, login, pool_id, sub, user, user_pool};
use crate::on_postgres::{database, open};
use crate::postgres::Database;
use crate::scratch::Scratch;

/// More than three transactions of users.
const USERS: u32 = 3_400;

/// Something in every table; texts that sort and read differently to people and machines.
async fn fill(store: &dyn Store) {
    let key = MasterKeys::from(MasterKey::new([1; 32]));
    unlock(store, &key, &SystemEntropy).await.unwrap();
    let staff = group("staff");
    let mut changes = vec![
        insert_pool(user_pool(1)),
        insert_pool(user_pool(2)),
        Change::InsertAppClient(Box::new(app_client(1, &pool_id(1)))),
        Change::InsertDomain {
            domain: "login".to_owned(),
            user_pool_id: pool_id(1),
        },
        Change::InsertGroup(Box::new(staff.clone())),
        Change::InsertDelivery(Box::new(delivery(1, 100))),
        Change::PutUnknownName {
            name: Box::new(name(7, 100)),
            now: Time(1),
        },
    ];
    for n in 0..USERS {
        let attributes = [("name", ["a\0b", "Ä", "a", "Z", "山", "\u{1}"][n as usize % 6])];
        let names = [format!("user{n}"), format!("Ünter\0{n}")];
        changes.push(insert_user(
            user(n, &pool_id(1), &attributes),
            &[&names[0], &names[1]],
        ));
    }
    changes.push(Change::InsertDevice(Box::new(device("phone"))));
    changes.push(Change::PutTokenFamily {
        family: Box::new(family("jti", 100)),
        now: Time(1),
    });
    changes.push(Change::AddGroupMember {
        user_pool_id: pool_id(1),
        group: staff.id,
        sub: sub(1),
    });
    store.commit(changes).await.unwrap();
}

fn file(path: &Path) -> Place {
    Place::File(path.to_owned())
}

fn postgres(url: &str) -> Place {
    Place::Postgres(Box::new(DatabaseUrl::parse(url).unwrap()))
}

async fn moved(from: &Place, to: &Place) -> Result<Vec<TransferredTable>, TransferError> {
    transfer(from, to, &mut |_| {}).await
}

async fn is_whole(store: &Subject) {
    assert_eq!(store.estimate_users(&pool_id(1)).await.unwrap(), u64::from(USERS));
    let found = store.find_user(&pool_id(1), &login("Ünter\u{0}5")).await.unwrap();
    assert_eq!(found.unwrap().sub, sub(5));
    let everybody = UserQuery {
        filter: None,
        after: None,
        limit: USERS + 1,
    };
    let users = store.list_users(&pool_id(1), &everybody).await.unwrap().users;
    assert_eq!(users.len(), USERS as usize);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_goes_over_and_comes_back() {
    let (scratch, database) = (Scratch::new(), database());
    fill(&SqliteStore::open(&scratch.database()).unwrap()).await;
    let back = scratch.directory().join("back.db");
    let over = moved(&file(&scratch.database()), &postgres(&database.url()))
        .await
        .unwrap();
    let returned = moved(&postgres(&database.url()), &file(&back)).await.unwrap();
    assert_eq!(over, returned);
    let rows = |name| over.iter().find(|table| table.name == name).unwrap().rows;
    assert_eq!(
        (rows("pool_user"), rows("login")),
        (u64::from(USERS), 2 * u64::from(USERS))
    );
    has_all_indexes(&database).await;
    has_all_indexes_too(&back);
    let stores: [Subject; 2] = [
        Arc::new(open(&database.url()).await.unwrap()),
        Arc::new(SqliteStore::open(&back).unwrap()),
    ];
    for store in stores {
        is_whole(&store).await;
        let another = MasterKeys::from(MasterKey::new([2; 32]));
        let refused = unlock(&*store, &another, &SystemEntropy).await.unwrap_err();
        assert!(matches!(refused, UnlockError::Another), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_that_is_stopped_goes_on_where_it_was() {
    let (scratch, database) = (Scratch::new(), database());
    fill(&SqliteStore::open(&scratch.database()).unwrap()).await;
    let (from, to) = (file(&scratch.database()), postgres(&database.url()));
    // Five times it is stopped when it is there, or does not get as far.
    let stops = [
        (Step::Copy, 1),
        (Step::Copy, 1_200),
        (Step::Copy, 2_600),
        (Step::Copy, 5_000),
        (Step::Index, 3),
    ];
    for stop in stops {
        let (from, to) = (from.clone(), to.clone());
        let (reached, stopped) = tokio::sync::oneshot::channel();
        let mut reached = Some(reached);
        let run = tokio::spawn(async move {
            let mut told = |progress: Progress| {
                if (progress.step, progress.done) >= stop
                    && let Some(reached) = reached.take()
                {
                    reached.send(()).unwrap();
                }
            };
            transfer(&from, &to, &mut told).await.map(drop)
        });
        stopped.await.unwrap();
        run.abort();
        let _stopped_or_done = run.await;
        if status(&postgres(&database.url())).await.unwrap().moving {
            let refused = open(&database.url()).await.map(drop).unwrap_err();
            assert!(matches!(refused, ConnectError::Moving { .. }), "{refused:?}");
        }
    }
    let mut first = None;
    let last = transfer(&from, &to, &mut |progress| {
        first.get_or_insert(progress);
    })
    .await;
    match last {
        Ok(_) => {
            let first = first.unwrap();
            assert!((first.step, first.done) >= (Step::Copy, 5_000), "{first:?}");
        }
        // The last run was as fast as its stop.
        Err(error) => assert!(matches!(error, TransferError::NotEmpty { .. }), "{error:?}"),
    }
    let store: Subject = Arc::new(open(&database.url()).await.unwrap());
    is_whole(&store).await;
    has_all_indexes(&database).await;
}

/// Those of a database that has always been served.
async fn has_all_indexes(moved: &Database<'_>) {
    const INDEXES: &str = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname";
    let served = database();
    drop(open(&served.url()).await.unwrap());
    let expected = served.sql(INDEXES).unwrap();
    assert!(expected.contains("pool_user_by_email"), "{expected}");
    assert_eq!(moved.sql(INDEXES).unwrap(), expected);
}

/// The same of a file.
fn has_all_indexes_too(moved: &Path) {
    let indexes = |path: &Path| {
        let connection = rusqlite::Connection::open(path).unwrap();
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
            .unwrap();
        let found = statement.query_map([], |row| row.get(0)).unwrap();
        found.map(Result::unwrap).collect::<Vec<String>>()
    };
    let served = Scratch::new();
    drop(SqliteStore::open(&served.database()).unwrap());
    let expected = indexes(&served.database());
    assert!(!expected.is_empty());
    assert_eq!(indexes(moved), expected);
}

#[tokio::test]
async fn a_file_that_is_being_filled_is_refused() {
    let (scratch, database) = (Scratch::new(), database());
    drop(SqliteStore::open(&scratch.database()).unwrap());
    let mark =
        "INSERT INTO schema_migration VALUES (0, 'moving', '{\"migrations\":0,\"table\":0,\"after\":[]}')";
    rusqlite::Connection::open(scratch.database())
        .unwrap()
        .execute_batch(mark)
        .unwrap();
    let refused = SqliteStore::open(&scratch.database()).map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::Moving { .. }), "{refused:?}");
    assert!(status(&file(&scratch.database())).await.unwrap().moving);
    // And what another release has begun is not gone on with.
    drop(open(&database.url()).await.unwrap());
    let other = moved(&postgres(&database.url()), &file(&scratch.database()))
        .await
        .unwrap_err();
    assert!(matches!(other, TransferError::OtherNote), "{other:?}");
}

#[tokio::test]
async fn what_differs_in_the_end_is_not_taken_for_whole() {
    let (scratch, database) = (Scratch::new(), database());
    let store = SqliteStore::open(&scratch.database()).unwrap();
    store
        .commit(vec![insert_pool(user_pool(1)), insert_pool(user_pool(3))])
        .await
        .unwrap();
    drop(store);
    let from = file(&scratch.database());
    // Somebody writes into the target between the copying and the comparing.
    let mut forged = false;
    let outcome = transfer(&from, &postgres(&database.url()), &mut |progress| {
        if progress.table == "delivery" && !forged {
            forged = true;
            database
                .sql("UPDATE user_pool SET document = document || ' '")
                .unwrap();
        }
    })
    .await;
    assert!(
        matches!(outcome, Err(TransferError::Differs { table: "user_pool" })),
        "{outcome:?}"
    );
    let refused = open(&database.url()).await.map(drop).unwrap_err();
    assert!(matches!(refused, ConnectError::Moving { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_target_with_pools_is_left_alone() {
    let (scratch, database) = (Scratch::new(), database());
    drop(SqliteStore::open(&scratch.database()).unwrap());
    let store = open(&database.url()).await.unwrap();
    store.commit(vec![insert_pool(user_pool(1))]).await.unwrap();
    let outcome = moved(&file(&scratch.database()), &postgres(&database.url())).await;
    assert!(
        matches!(outcome, Err(TransferError::NotEmpty { table: "user_pool" })),
        "{outcome:?}"
    );
    assert!(store.find_user_pool(&pool_id(1)).await.unwrap().is_some());
}
