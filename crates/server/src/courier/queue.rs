//! The queue between the pools and the carriers: a message is in the store before its request is answered.
//!
//! Every node looks after the whole queue. To take a message up is to move its `due_at` ahead in one commit, which only
//! one node can do; a node that dies leaves the message to the others. So a message goes out at least once, and twice only
//! when a node dies between the carrier's yes and its own note of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use pool::ports::{
    Change, Clock, Conflict, Courier, Delivery, DeliveryFailed, Entropy, Medium, Message, MessageBody, Store,
    StoreError,
};
use pool::seal::{Purpose, Sealed, Sealer};
use pool::secret::ConfirmationCode;
use pool::telemetry::TRACES;
use pool::time::Span;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;
use tracing::field::Empty;
use zeroize::ZeroizeOnDrop;

use super::carrier::{Carrier, CarrierFailed};
use crate::telemetry;

/// How long one try may take; then another begins later.
const TRY_LIMIT: Duration = Duration::from_secs(20);
/// For how long a node that has taken a message up keeps it from the others: longer than a try, and no longer than somebody
/// may be made to wait for a code by a node that dies over it.
const LEASE: Span = Span::seconds(30);
/// When the next try follows a failed one. After the last of them the message is given up: its code has ended by then.
const PAUSES: [Span; 6] = [
    Span::seconds(5),
    Span::seconds(30),
    Span::minutes(2),
    Span::minutes(10),
    Span::minutes(20),
    Span::minutes(30),
];
/// How many messages are taken up at a time.
const BATCH: u32 = 16;
/// How many tries may be under way at a time.
const AT_ONCE: usize = 64;
/// How often the store is looked at although nobody has sent anything: for what other nodes have left, and for retries.
const IDLE: Duration = Duration::from_secs(1);
/// How often those that wait are counted, and how many at most.
const COUNTED_EVERY: Duration = Duration::from_secs(10);
const COUNTED: u32 = 256;

/// The carriers by medium. A medium without one is refused at once.
#[derive(Clone, Default)]
pub struct Carriers {
    /// Carries e-mails.
    pub email: Option<Arc<dyn Carrier>>,
    /// Carries text messages.
    pub sms: Option<Arc<dyn Carrier>>,
}

impl Carriers {
    fn of(&self, medium: Medium) -> Option<&Arc<dyn Carrier>> {
        match medium {
            Medium::Email => self.email.as_ref(),
            Medium::Sms => self.sms.as_ref(),
        }
    }
}

/// Keeps messages until they are handed on.
pub struct Queue {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    sealer: Arc<Sealer>,
    carriers: Carriers,
    woken: Notify,
}

/// A message as it rests, before it is sealed.
#[derive(Serialize, Deserialize, ZeroizeOnDrop)]
struct Resting {
    user_pool_id: String,
    username: String,
    #[zeroize(skip)]
    medium: Medium,
    destination: String,
    subject: Option<String>,
    body: String,
    code: Option<String>,
}

impl Queue {
    /// A queue over what `store` holds. Nothing is handed on before [`Queue::run`].
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        sealer: Arc<Sealer>,
        carriers: Carriers,
    ) -> Self {
        Self {
            store,
            clock,
            entropy,
            sealer,
            carriers,
            woken: Notify::new(),
        }
    }

    /// Hands messages on for ever. Dropping the future stops it between two steps; nothing is lost by that. A carrier that is
    /// slow with one message does not keep the others waiting, up to a number of tries at once.
    pub async fn run(&self) {
        let mut tries = FuturesUnordered::new();
        let mut counted_at = None;
        loop {
            if counted_at.is_none_or(|at: Instant| at.elapsed() >= COUNTED_EVERY) {
                counted_at = Some(Instant::now());
                self.count_waiting().await;
            }
            let mut more = false;
            match self.take_up(AT_ONCE.saturating_sub(tries.len())).await {
                Ok((found, taken)) => {
                    // There may be more than one batch.
                    more = found == BATCH as usize && tries.len() < AT_ONCE;
                    tries.extend(taken.into_iter().map(|delivery| self.try_one(delivery)));
                }
                Err(error) => {
                    tracing::error!(
                        error = crate::chain(&error),
                        "the messages that wait cannot be read"
                    );
                }
            }
            if more {
                continue;
            }
            let woken = timeout(IDLE, self.woken.notified());
            tokio::pin!(woken);
            loop {
                tokio::select! {
                    Some(outcome) = tries.next() => {
                        if let Err(error) = outcome {
                            tracing::error!(error = crate::chain(&error), "what came of a try cannot be kept");
                        }
                        if tries.len() + 1 == AT_ONCE {
                            break;
                        }
                    }
                    _woken_or_not = &mut woken => break,
                }
            }
        }
    }

    /// Tells how many messages wait, the next try of some being far away, and for how long the oldest has waited. Of many it
    /// looks at those that are due first.
    async fn count_waiting(&self) {
        let ever = self.clock.now().plus(Span::days(365));
        // That it cannot be read tells the look for what is due, a moment later.
        if let Ok(waiting) = self.store.due_deliveries(ever, COUNTED).await {
            let oldest = waiting.iter().map(|delivery| delivery.accepted_at).min();
            let age = oldest.map_or(Span::default(), |oldest| self.clock.now().since(oldest));
            telemetry::waiting_deliveries(waiting.len(), age);
        }
    }

    /// Takes up what is due, `room` messages at most: they are kept from the other nodes for a while. Gives beside them how many
    /// were due, those included that another node has taken up.
    async fn take_up(&self, room: usize) -> Result<(usize, Vec<Delivery>), StoreError> {
        let room = u32::try_from(room).unwrap_or(BATCH).min(BATCH);
        if room == 0 {
            return Ok((0, Vec::new()));
        }
        let due = self.store.due_deliveries(self.clock.now(), room).await?;
        let found = due.len();
        let mut taken = Vec::with_capacity(found);
        for delivery in due {
            let mine = Delivery {
                due_at: self.clock.now().plus(LEASE),
                attempts: delivery.attempts + 1,
                ..delivery.clone()
            };
            match self.replace(&mine, &delivery).await {
                Ok(()) => taken.push(mine),
                // Another node was faster.
                Err(StoreError::Conflict(Conflict::Changed)) => {}
                // What was taken up is tried; the others are found again.
                Err(_) if !taken.is_empty() => break,
                Err(error) => return Err(error),
            }
        }
        Ok((found, taken))
    }

    /// Tries a message that was taken up, once.
    async fn try_one(&self, taken: Delivery) -> Result<(), StoreError> {
        let Some(message) = self.open(&taken) else {
            tracing::error!(delivery.id = %taken.id, "a waiting message cannot be opened with this master key");
            // Another node may have the key; when none has come after some leases, nobody will.
            if taken.attempts as usize > PAUSES.len() {
                return self.store.commit(vec![Change::DeleteDelivery(taken.id)]).await;
            }
            return Ok(());
        };
        let since = Instant::now();
        let outcome = match self.carriers.of(message.medium) {
            Some(carrier) => {
                let span = span_of_try(&taken, &message);
                let tried = timeout(TRY_LIMIT, carrier.carry(&message).instrument(span.clone())).await;
                let outcome =
                    tried.unwrap_or_else(|_| Err(CarrierFailed::ForNow("no answer in time".to_owned())));
                note(&span, &outcome);
                outcome
            }
            // A node that is configured otherwise may have one.
            None => Err(CarrierFailed::ForNow("no carrier for this medium".to_owned())),
        };
        self.settle(taken, &message, outcome, since.elapsed()).await
    }

    /// Notes what came of a try.
    async fn settle(
        &self,
        taken: Delivery,
        message: &Message,
        outcome: Result<(), CarrierFailed>,
        took: Duration,
    ) -> Result<(), StoreError> {
        let medium = message.medium.as_str();
        let count = |outcome: &'static str| telemetry::delivery(medium, outcome, took);
        let again = PAUSES.get(taken.attempts.saturating_sub(1) as usize);
        match (outcome, again) {
            (Ok(()), _) => count("delivered"),
            (Err(failed @ CarrierFailed::ForNow(_)), Some(pause)) => {
                count("postponed");
                tracing::warn!(delivery.id = %taken.id, medium, attempt = taken.attempts, error = %failed,
                    "a message was not handed on; it is tried again");
                let postponed = Delivery {
                    due_at: self.clock.now().plus(*pause),
                    ..taken.clone()
                };
                return self.replace(&postponed, &taken).await;
            }
            (Err(failed), _) => {
                count("given_up");
                tracing::error!(delivery.id = %taken.id, user_pool.id = %message.user_pool_id, medium,
                    attempt = taken.attempts, error = %failed, "a message was given up");
            }
        }
        self.store.commit(vec![Change::DeleteDelivery(taken.id)]).await
    }

    async fn replace(&self, delivery: &Delivery, was: &Delivery) -> Result<(), StoreError> {
        let change = Change::ReplaceDelivery {
            delivery: Box::new(delivery.clone()),
            was_due_at: was.due_at,
        };
        self.store.commit(vec![change]).await
    }

    fn seal(&self, id: &str, message: &Message) -> Result<Vec<u8>, DeliveryFailed> {
        let resting = Resting {
            user_pool_id: message.user_pool_id.to_string(),
            username: message.username.to_string(),
            medium: message.medium,
            destination: message.destination.clone(),
            subject: message.subject.clone(),
            body: message.body.expose().to_owned(),
            code: message.code.as_ref().map(|code| code.expose().to_owned()),
        };
        self.sealer
            .seal_json(Purpose::Message, &[id], &resting, &*self.entropy)
            .map(Sealed::into_bytes)
            .map_err(|error| DeliveryFailed(error.to_string()))
    }

    fn open(&self, delivery: &Delivery) -> Option<Message> {
        let sealed = Sealed::from_bytes(delivery.sealed_message.clone());
        let resting: Resting = self
            .sealer
            .open_json(Purpose::Message, &[delivery.id.as_str()], &sealed)
            .ok()?;
        Some(Message {
            user_pool_id: pool::id::UserPoolId::parse(&resting.user_pool_id)?,
            username: pool::id::Username::parse(&resting.username)?,
            medium: resting.medium,
            destination: resting.destination.clone(),
            subject: resting.subject.clone(),
            body: MessageBody::new(resting.body.clone()),
            code: resting.code.clone().map(ConfirmationCode::new),
        })
    }
}

/// The span of one try: a trace of its own, since the request that the message comes from was answered before.
fn span_of_try(taken: &Delivery, message: &Message) -> tracing::Span {
    tracing::info_span!(
        target: TRACES,
        parent: None,
        "deliver message",
        otel.kind = "client",
        otel.status_code = Empty,
        "error.type" = Empty,
        delivery.id = %taken.id,
        delivery.medium = message.medium.as_str(),
        delivery.attempt = i64::from(taken.attempts),
        user_pool.id = %message.user_pool_id,
    )
}

fn note(span: &tracing::Span, outcome: &Result<(), CarrierFailed>) {
    let kind = match outcome {
        Ok(()) => return,
        Err(CarrierFailed::ForNow(_)) => "not_now",
        Err(CarrierFailed::ForGood(_)) => "refused",
    };
    span.record("error.type", kind);
    span.record("otel.status_code", "ERROR");
}

#[async_trait]
impl Courier for Queue {
    async fn send(&self, message: Message) -> Result<(), DeliveryFailed> {
        let medium = message.medium;
        if self.carriers.of(medium).is_none() {
            return Err(DeliveryFailed(format!("no carrier for {}", medium.as_str())));
        }
        let (id, now) = (self.entropy.uuid(), self.clock.now());
        let delivery = Delivery {
            sealed_message: self.seal(&id, &message)?,
            id,
            due_at: now,
            accepted_at: now,
            attempts: 0,
        };
        self.store
            .commit(vec![Change::InsertDelivery(Box::new(delivery))])
            .instrument(tracing::info_span!(target: TRACES, "queue message"))
            .await
            .map_err(|error| DeliveryFailed(crate::chain(&error)))?;
        self.woken.notify_one();
        Ok(())
    }
}
