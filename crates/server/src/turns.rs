//! Turns at the cores: what keeps a server answering when more people sign in than its cores can serve.
//!
//! A sign-in is nearly all cryptography. Were every request's begun at once, they would all be slow together, and what needs
//! no cryptography with them. So a request that computes does so in turns, first come, first served, as many at a time as
//! there are cores; what it waits for in between (store, functions) holds nobody up. The runtime has to have
//! more threads than there are turns, or requests would wait for a thread and not for a turn. While more than [`WAITING_PER_CORE`]
//! wait for each core, nobody more is let in: they are told to try again later, which costs next to nothing, instead of
//! making everybody wait longer.

use std::future::poll_fn;
use std::num::NonZeroUsize;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use pool::telemetry::TRACES;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::telemetry;

/// How many requests may wait for a core: with some two milliseconds a sign-in, those who wait longest wait half a second.
const WAITING_PER_CORE: usize = 256;

/// The turns of one server.
#[derive(Debug)]
pub(crate) struct Turns {
    cores: Semaphore,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Turns {
    /// As many turns at a time as there are `cores`.
    pub(crate) fn new(cores: NonZeroUsize) -> Self {
        let cores = cores.get();
        Self {
            cores: Semaphore::new(cores),
            waiting: AtomicUsize::new(0),
            most_waiting: cores * WAITING_PER_CORE,
        }
    }

    /// Whether so many wait that nobody more should.
    pub(crate) fn are_taken(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) >= self.most_waiting
    }

    /// Runs a request to its end, computing only when it is its turn.
    pub(crate) async fn run<F: Future>(&self, request: F) -> F::Output {
        let mut request = pin!(request);
        loop {
            let turn = self.turn().await;
            let polled = poll_fn(|context| Poll::Ready(request.as_mut().poll(context))).await;
            drop(turn);
            match polled {
                Poll::Ready(output) => return output,
                Poll::Pending => woken().await,
            }
        }
    }

    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        if let Ok(turn) = self.cores.try_acquire() {
            return Some(turn);
        }
        let began = Instant::now();
        let _place = Place::of(&self.waiting);
        // The semaphore is never closed; if it were, everybody would have a turn.
        let span = tracing::info_span!(target: TRACES, "wait for a turn");
        let turn = self.cores.acquire().instrument(span).await.ok();
        telemetry::waited(began.elapsed());
        turn
    }
}

/// Waits until what was polled last wakes this task.
async fn woken() {
    let mut is_woken = false;
    poll_fn(|_| {
        if std::mem::replace(&mut is_woken, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// A place in the queue, given up at the end of the wait or when the client goes away.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn of(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        telemetry::queue_grew();
        Self(waiting)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
        telemetry::queue_shrank();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio::sync::{Notify, oneshot};

    use super::*;

    /// Lets every other task come to where it waits.
    async fn settle() {
        for _ in 0..2_000 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn who_waits_for_something_else_holds_nobody_up() {
        let turns = Arc::new(Turns::new(NonZeroUsize::MIN));
        let (answer, asked) = oneshot::channel();
        let slow = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.run(asked).await }
        });
        settle().await;
        assert_eq!(turns.run(async { 7 }).await, 7);
        answer.send(8).unwrap();
        assert_eq!(slow.await.unwrap(), Ok(8));
    }

    #[tokio::test]
    async fn turns_are_taken_in_the_order_of_coming_and_no_more_at_once_than_there_are_cores() {
        let turns = Arc::new(Turns::new(NonZeroUsize::MIN));
        let held = turns.turn().await;
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut requests = Vec::new();
        for number in 0..3 {
            let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
            requests.push(tokio::spawn(async move {
                turns.run(async { order.lock().unwrap().push(number) }).await;
            }));
            settle().await;
        }
        assert!(order.lock().unwrap().is_empty());
        drop(held);
        for request in requests {
            request.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2]);
    }

    #[tokio::test]
    async fn nobody_more_is_let_in_while_too_many_wait_and_whoever_goes_away_makes_room() {
        let turns = Arc::new(Turns::new(NonZeroUsize::MIN));
        let held = turns.turn().await;
        let mut requests = Vec::new();
        for _ in 0..WAITING_PER_CORE {
            assert!(!turns.are_taken());
            let turns = Arc::clone(&turns);
            requests.push(tokio::spawn(async move { turns.run(async {}).await }));
            settle().await;
        }
        assert!(turns.are_taken());
        let gone = requests.pop().unwrap();
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        assert!(!turns.are_taken());
        drop(held);
        for request in requests {
            request.await.unwrap();
        }
        assert_eq!(turns.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_woken_many_times_comes_to_its_end() {
        let turns = Turns::new(NonZeroUsize::MIN);
        let (notify, told) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let request = turns.run({
            let (notify, told) = (Arc::clone(&notify), Arc::clone(&told));
            async move {
                for _ in 0..10 {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    told.notify_one();
                    notify.notified().await;
                }
            }
        });
        let other = async {
            for _ in 0..10 {
                told.notified().await;
                notify.notify_one();
            }
        };
        tokio::join!(request, other);
    }
}
