//! Messages that wait for their carrier.

use pool::ports::{Change, Conflict, Delivery};
use pool::time::Time;

use super::{Subject, conflict};

pub(crate) fn delivery(n: u32, due_at: i64) -> Delivery {
    Delivery {
        id: format!("delivery-{n}"),
        due_at: Time(due_at),
        accepted_at: Time(1),
        attempts: 0,
        sealed_message: vec![7; 40],
    }
}

async fn insert(store: &Subject, delivery: &Delivery) {
    store
        .commit(vec![Change::InsertDelivery(Box::new(delivery.clone()))])
        .await
        .unwrap();
}

async fn due(store: &Subject, now: i64) -> Vec<Delivery> {
    store.due_deliveries(Time(now), 10).await.unwrap()
}

pub(crate) async fn a_message_waits_until_it_is_due(store: &Subject) {
    let (sooner, later) = (delivery(1, 100), delivery(2, 50));
    insert(store, &sooner).await;
    insert(store, &later).await;
    assert_eq!(due(store, 49).await, []);
    assert_eq!(due(store, 50).await, std::slice::from_ref(&later));
    assert_eq!(due(store, 100).await, [later, sooner]);
}

pub(crate) async fn a_message_is_taken_up_once(store: &Subject) {
    let waiting = delivery(1, 100);
    insert(store, &waiting).await;
    let taken = Delivery {
        due_at: Time(200),
        attempts: 1,
        ..waiting.clone()
    };
    let take = || {
        vec![Change::ReplaceDelivery {
            delivery: Box::new(taken.clone()),
            was_due_at: Time(100),
        }]
    };
    store.commit(take()).await.unwrap();
    assert_eq!(conflict(store, take()).await, Conflict::Changed);
    assert_eq!(due(store, 199).await, []);
    assert_eq!(due(store, 200).await, [taken]);
}

pub(crate) async fn a_delivered_message_is_gone(store: &Subject) {
    let waiting = delivery(1, 100);
    insert(store, &waiting).await;
    for _ in 0..2 {
        store
            .commit(vec![Change::DeleteDelivery(waiting.id.clone())])
            .await
            .unwrap();
    }
    assert_eq!(due(store, 100).await, []);
}

pub(crate) async fn the_id_of_a_message_is_taken_once(store: &Subject) {
    insert(store, &delivery(1, 100)).await;
    let again = vec![Change::InsertDelivery(Box::new(delivery(1, 5)))];
    assert_eq!(conflict(store, again).await, Conflict::IdTaken);
}
