//! Floods of logins that nobody has: somebody tries a list of names and passwords from elsewhere.
//!
//! The rule, for each app client by itself. When of the answers of the last `flood_window_seconds` (and at least
//! `flood_least`) `flood_percent` in a hundred said *no such user* or *wrong password*, a flood begins. While it lasts,
//! an attempt is refused with *try again later*, without a call, except
//! - `flood_per_second` a second, whoever they are: they show whether it is over;
//! - whoever comes **again** with a login that was turned away, from two seconds to five minutes ago: a person tries once
//!   more, a list goes on to its next line.
//!
//! So a person waits at most for a second try. The flood is over when fewer of the answers are misses, or when there are
//! too few to speak of one: at the latest one window after the last of it.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::bucket::Bucket;
use super::{Asker, Moment, ShieldChange};
use crate::directory::Cause;

/// App clients that are watched one by one; those beyond share a place.
const CLIENTS: usize = 64;
/// Logins that were turned away and are remembered, an app client.
const TURNED_AWAY: usize = 4096;
const BACK_AFTER: Duration = Duration::from_secs(2);
const BACK_WITHIN: Duration = Duration::from_mins(5);
/// The window moves by such a part of it.
const SLICES: u32 = 6;

#[derive(Default)]
pub(super) struct Floods(HashMap<String, Flood>);

#[derive(Default)]
struct Flood {
    slices: VecDeque<Slice>,
    /// Tokens of those who show whether it is over, while there is a flood.
    trickle: Option<Bucket>,
    turned_away: HashMap<[u8; 16], Instant>,
}

struct Slice {
    begun: Instant,
    answers: u32,
    misses: u32,
}

impl Floods {
    pub(super) fn admit(&mut self, asker: Asker<'_>, moment: &mut Moment<'_>) -> Result<(), Cause> {
        if moment.settings.flood_percent == 0 {
            self.0.clear();
            return Ok(());
        }
        match self.0.get_mut(self.place(asker.client)) {
            Some(flood) => flood.admit(asker.login, moment),
            None => Ok(()),
        }
    }

    pub(super) fn answered(&mut self, client: &str, miss: bool, moment: &mut Moment<'_>) {
        if moment.settings.flood_percent != 0 {
            let place = self.place(client).to_owned();
            self.0.entry(place).or_default().answered(miss, moment);
        }
    }

    fn place<'a>(&self, client: &'a str) -> &'a str {
        if self.0.contains_key(client) || self.0.len() < CLIENTS {
            client
        } else {
            ""
        }
    }
}

impl Flood {
    fn admit(&mut self, login: [u8; 16], moment: &mut Moment<'_>) -> Result<(), Cause> {
        self.look(moment);
        let now = moment.now;
        let Some(trickle) = &mut self.trickle else {
            return Ok(());
        };
        if let Some(turned_away) = self.turned_away.get(&login).copied() {
            let since = now.saturating_duration_since(turned_away);
            if since >= BACK_AFTER {
                self.turned_away.remove(&login);
                if since <= BACK_WITHIN {
                    return Ok(());
                }
            }
        }
        let rate = moment.settings.flood_per_second;
        if rate != 0 && trickle.take(now, rate, rate) {
            return Ok(());
        }
        if self.turned_away.len() >= TURNED_AWAY {
            self.turned_away
                .retain(|_, at| now.saturating_duration_since(*at) <= BACK_WITHIN);
        }
        if self.turned_away.len() >= TURNED_AWAY {
            // Full of a list: those lines will hardly come back, and the next person must find a place.
            self.turned_away.clear();
        }
        self.turned_away.entry(login).or_insert(now);
        Err(Cause::Flood)
    }

    fn answered(&mut self, miss: bool, moment: &mut Moment<'_>) {
        let (now, settings) = (moment.now, moment.settings);
        let slice = Duration::from_secs(settings.flood_window_seconds) / SLICES;
        if self
            .slices
            .back()
            .is_none_or(|last| now.saturating_duration_since(last.begun) >= slice)
        {
            self.slices.push_back(Slice {
                begun: now,
                answers: 0,
                misses: 0,
            });
        }
        if let Some(last) = self.slices.back_mut() {
            last.answers += 1;
            last.misses += u32::from(miss);
        }
        self.look(moment);
    }

    /// Whether there is a flood, by what the window holds.
    fn look(&mut self, moment: &mut Moment<'_>) {
        let (now, settings) = (moment.now, moment.settings);
        let window = Duration::from_secs(settings.flood_window_seconds);
        while self
            .slices
            .front()
            .is_some_and(|first| now.saturating_duration_since(first.begun) >= window)
        {
            self.slices.pop_front();
        }
        let sum = |part: fn(&Slice) -> u32| self.slices.iter().map(part).map(u64::from).sum::<u64>();
        let (answers, misses) = (sum(|slice| slice.answers), sum(|slice| slice.misses));
        let flooded = answers >= u64::from(settings.flood_least.max(1))
            && misses * 100 >= answers * u64::from(settings.flood_percent);
        match (flooded, self.trickle.is_some()) {
            (true, false) => {
                self.trickle = Some(Bucket::full(now, settings.flood_per_second));
                *moment.change = Some(ShieldChange::FloodBegan);
            }
            (false, true) => {
                self.trickle = None;
                self.turned_away = HashMap::new();
                *moment.change = Some(ShieldChange::FloodEnded);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ShieldSettings;
    use super::*;

    struct Bench {
        floods: Floods,
        now: Instant,
        change: Option<ShieldChange>,
    }

    impl Bench {
        fn new() -> Self {
            Self {
                floods: Floods::default(),
                now: Instant::now(),
                change: None,
            }
        }

        /// Whether an attempt got through; then it is answered.
        fn attempt(&mut self, client: &str, login: u128, miss: bool) -> bool {
            let asker = Asker {
                client,
                login: login.to_be_bytes(),
            };
            let mut moment = Moment {
                now: self.now,
                settings: &ShieldSettings::default(),
                change: &mut self.change,
            };
            let admitted = self.floods.admit(asker, &mut moment);
            if admitted.is_ok() {
                self.floods.answered(client, miss, &mut moment);
            }
            admitted.is_ok()
        }

        /// A list of fifty lines a second for that many seconds; how many got through.
        fn list(&mut self, seconds: u64, from: u128) -> usize {
            let mut through = 0;
            for n in 0..seconds * 50 {
                self.now += Duration::from_millis(20);
                through += usize::from(self.attempt("web", from + u128::from(n), true));
            }
            through
        }
    }

    const JANE: u128 = 1;

    #[tokio::test(start_paused = true)]
    async fn people_who_mistype_are_no_flood() {
        let mut bench = Bench::new();
        for n in 0..1000 {
            bench.now += Duration::from_millis(20);
            assert!(bench.attempt("web", n, n % 5 != 0), "four of five are wrong");
        }
        assert_eq!(bench.change, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_list_is_refused_and_a_person_gets_through_at_the_second_try() {
        let mut bench = Bench::new();
        let through = bench.list(60, 1000);
        assert_eq!(bench.change, Some(ShieldChange::FloodBegan));
        assert!(through < 50 + 2 * 60 + 10, "{through}");
        bench.attempt("web", 999_998, true);
        bench.attempt("web", 999_999, true);
        assert!(!bench.attempt("web", JANE, false), "the first try");
        bench.list(1, 500_000);
        assert!(
            !bench.attempt("web", JANE, false),
            "too soon: nobody types so fast"
        );
        bench.list(2, 600_000);
        assert!(bench.attempt("web", JANE, false), "the second");
    }

    #[tokio::test(start_paused = true)]
    async fn other_app_clients_notice_nothing() {
        let mut bench = Bench::new();
        bench.list(10, 1000);
        assert!((0..20).all(|n| bench.attempt("mobile", n, false)));
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_over_a_window_after_the_last_of_it() {
        let mut bench = Bench::new();
        bench.list(10, 1000);
        bench.now += Duration::from_secs(30);
        assert!((0..40).all(|n| bench.attempt("web", n, true)));
        assert_eq!(bench.change, Some(ShieldChange::FloodEnded));
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded_whatever_comes() {
        let mut bench = Bench::new();
        for client in 0..500 {
            for n in 0..60 {
                bench.attempt(&client.to_string(), n, true);
            }
        }
        bench.list(400, 1000);
        assert!(bench.floods.0.len() <= CLIENTS + 1);
        let kept = bench.floods.0.values().map(|flood| flood.turned_away.len()).max();
        assert!(kept.unwrap() <= TURNED_AWAY);
        let slices = bench.floods.0.values().map(|flood| flood.slices.len()).max();
        assert!(slices.unwrap() <= SLICES as usize + 1);
    }
}
