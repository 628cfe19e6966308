//! The circuit breaker: an old directory that fails again and again is left alone, then tried with one question.

use std::time::Duration;

use tokio::time::Instant;

use super::{Moment, ShieldChange, ShieldSettings};
use crate::directory::Cause;

#[derive(Default)]
pub(super) enum Circuit {
    #[default]
    New,
    Closed {
        failures: u32,
    },
    Open {
        until: Instant,
        pause: Duration,
    },
    /// One question is on its way; what it brings decides.
    Probing {
        pause: Duration,
    },
}

/// In which state of the circuit a question went out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    Plain,
    Probe,
}

impl Circuit {
    pub(super) fn pass(&mut self, now: Instant, settings: &ShieldSettings) -> Result<Pass, Cause> {
        if settings.circuit_failures == 0 {
            *self = Self::New;
        }
        match *self {
            Self::New | Self::Closed { .. } => Ok(Pass::Plain),
            Self::Open { until, pause } if until <= now => {
                *self = Self::Probing { pause };
                Ok(Pass::Probe)
            }
            Self::Open { .. } | Self::Probing { .. } => Err(Cause::CircuitOpen),
        }
    }

    /// The question was not asked after all: the next may be the probe.
    pub(super) fn give_back(&mut self, pass: Pass, now: Instant) {
        if let (Pass::Probe, Self::Probing { pause }) = (pass, &*self) {
            *self = Self::Open {
                until: now,
                pause: *pause,
            };
        }
    }

    /// How it went. Once the circuit is open, what went out before says nothing any more: the probe decides.
    pub(super) fn answered(&mut self, pass: Pass, outage: bool, moment: &mut Moment<'_>) {
        let (now, settings) = (moment.now, moment.settings);
        let first = Duration::from_millis(settings.circuit_pause_ms);
        let longest = Duration::from_millis(settings.circuit_longest_pause_ms).max(first);
        match (&*self, pass, outage) {
            (Self::New | Self::Closed { .. }, _, false) => *self = Self::Closed { failures: 0 },
            (Self::New | Self::Closed { .. }, _, true) => {
                let failures = match self {
                    Self::Closed { failures } => *failures + 1,
                    _ => 1,
                };
                if settings.circuit_failures != 0 && failures >= settings.circuit_failures {
                    *self = Self::Open {
                        until: now + first,
                        pause: first,
                    };
                    *moment.change = Some(ShieldChange::CircuitOpened);
                } else {
                    *self = Self::Closed { failures };
                }
            }
            (Self::Probing { .. }, Pass::Probe, false) => {
                *self = Self::Closed { failures: 0 };
                *moment.change = Some(ShieldChange::CircuitClosed);
            }
            (Self::Probing { pause }, Pass::Probe, true) => {
                let pause = (*pause * 2).min(longest);
                *self = Self::Open {
                    until: now + pause,
                    pause,
                };
            }
            (Self::Probing { .. } | Self::Open { .. }, ..) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bench {
        circuit: Circuit,
        now: Instant,
        change: Option<ShieldChange>,
    }

    impl Bench {
        fn pass(&mut self) -> Option<Pass> {
            self.circuit.pass(self.now, &ShieldSettings::default()).ok()
        }

        fn answered(&mut self, pass: Pass, outage: bool) {
            let mut moment = Moment {
                now: self.now,
                settings: &ShieldSettings::default(),
                change: &mut self.change,
            };
            self.circuit.answered(pass, outage, &mut moment);
        }

        fn failing(&mut self, times: u32) {
            for _ in 0..times {
                let pass = self.pass().unwrap();
                self.answered(pass, true);
            }
        }
    }

    fn bench() -> Bench {
        Bench {
            circuit: Circuit::default(),
            now: Instant::now(),
            change: None,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn failures_in_a_row_open_it_and_one_answer_between_does_not() {
        let mut bench = bench();
        bench.failing(4);
        bench.answered(Pass::Plain, false);
        bench.failing(4);
        assert!(bench.pass().is_some() && bench.change.is_none());
        bench.failing(1);
        assert!(bench.pass().is_none());
        assert_eq!(bench.change, Some(ShieldChange::CircuitOpened));
    }

    #[tokio::test(start_paused = true)]
    async fn after_the_pause_one_probe_goes_and_its_answer_decides() {
        let mut bench = bench();
        bench.failing(5);
        bench.now += Duration::from_secs(2);
        assert!(bench.pass() == Some(Pass::Probe));
        assert!(bench.pass().is_none(), "one probe at a time");
        // An answer to a question from before says nothing.
        bench.answered(Pass::Plain, false);
        assert!(bench.pass().is_none());
        bench.answered(Pass::Probe, true);
        bench.now += Duration::from_secs(3);
        assert!(bench.pass().is_none(), "the pause has doubled");
        bench.now += Duration::from_secs(1);
        assert!(bench.pass() == Some(Pass::Probe));
        bench.circuit.give_back(Pass::Probe, bench.now);
        assert!(bench.pass() == Some(Pass::Probe), "a probe that never went");
        bench.answered(Pass::Probe, false);
        assert_eq!(bench.change, Some(ShieldChange::CircuitClosed));
        assert!(bench.pass() == Some(Pass::Plain));
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_has_a_longest() {
        let mut bench = bench();
        bench.failing(5);
        for _ in 0..10 {
            bench.now += Duration::from_secs(30);
            assert!(bench.pass() == Some(Pass::Probe));
            bench.answered(Pass::Probe, true);
        }
    }
}
