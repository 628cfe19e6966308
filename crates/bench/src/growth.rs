//! Whether a server that does the same all the time needs more and more for it.

/// What was seen of a server in one of many equal stretches of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// When it ended.
    pub(crate) minute: f64,
    /// Served a second.
    pub(crate) rate: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    /// Milliseconds.
    pub(crate) p99: f64,
    /// Megabytes.
    pub(crate) memory: f64,
    /// Open descriptors.
    pub(crate) descriptors: usize,
    /// How many were not served.
    pub(crate) refused: u64,
}

/// How much more there may be at the end of the line through the samples than at its beginning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Of memory, as a share; and so many megabytes are nothing.
    pub(crate) memory: (f64, f64),
    /// Of descriptors, in number.
    pub(crate) descriptors: f64,
    /// Of the median latency, as a share; and so many milliseconds are nothing.
    pub(crate) p50: (f64, f64),
}

impl Default for Limits {
    /// What an allocator and a shared machine do by themselves.
    fn default() -> Self {
        Self {
            memory: (0.1, 8.0),
            descriptors: 8.0,
            p50: (0.25, 2.0),
        }
    }
}

/// What has grown, in words; the first quarter, in which caches fill, is left out. A refusal is told too.
pub(crate) fn judge(samples: &[Sample], limits: &Limits) -> Vec<String> {
    let steady = samples.get(samples.len() / 4..).unwrap_or_default();
    let mut grown = Vec::new();
    let mut hold = |what: &str, of: &dyn Fn(&Sample) -> f64, allowed: &dyn Fn(f64) -> f64| {
        let (first, last) = ends(steady, of);
        let is_steady = last - first <= allowed(first);
        // What is not known is not steady.
        if !is_steady {
            grown.push(format!("{what} went from {first:.1} to {last:.1}"));
        }
    };
    let share = |(share, nothing): (f64, f64)| move |first: f64| (first * share).max(nothing);
    hold("memory (MB)", &|sample| sample.memory, &share(limits.memory));
    hold("descriptors", &|sample| sample.descriptors as f64, &|_| {
        limits.descriptors
    });
    hold("p50 (ms)", &|sample| sample.p50, &share(limits.p50));
    let refused: u64 = samples.iter().map(|sample| sample.refused).sum();
    if refused > 0 {
        grown.push(format!("{refused} were refused"));
    }
    grown
}

/// Where the straight line that fits best begins and ends.
fn ends(samples: &[Sample], of: &dyn Fn(&Sample) -> f64) -> (f64, f64) {
    let count = samples.len().max(1) as f64;
    let middle = (count - 1.0) / 2.0;
    let mean = samples.iter().map(of).sum::<f64>() / count;
    let (mut across, mut along) = (0.0, 0.0);
    for (place, sample) in samples.iter().enumerate() {
        let distance = place as f64 - middle;
        across += distance * (of(sample) - mean);
        along += distance * distance;
    }
    let slope = if along > 0.0 { across / along } else { 0.0 };
    (mean - slope * middle, mean + slope * middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(of: impl Fn(f64) -> Sample) -> Vec<Sample> {
        (0..40).map(|number| of(f64::from(number))).collect()
    }

    fn steady(number: f64) -> Sample {
        // Neither falls nor rises on the whole.
        let wave = (number * 2.0).sin();
        Sample {
            minute: number,
            rate: 800.0,
            p50: 8.0 + wave,
            p99: 30.0 + 9.0 * wave,
            memory: 60.0 + 2.0 * wave,
            descriptors: if wave > 0.0 { 33 } else { 31 },
            refused: 0,
        }
    }

    #[test]
    fn ups_and_downs_are_no_growth_and_neither_is_the_first_quarter() {
        assert_eq!(judge(&samples(steady), &Limits::default()), [""; 0]);
        let warming = samples(|number| Sample {
            memory: 20.0 + number.min(9.0) * 5.0,
            ..steady(number)
        });
        assert_eq!(judge(&warming, &Limits::default()), [""; 0]);
    }

    #[test]
    fn what_grows_is_named() {
        let leaking = samples(|number| Sample {
            memory: 60.0 + number,
            ..steady(number)
        });
        assert_eq!(
            judge(&leaking, &Limits::default()),
            ["memory (MB) went from 70.0 to 99.0"]
        );
        let open = samples(|number| Sample {
            descriptors: if number > 25.0 { 60 } else { 31 },
            ..steady(number)
        });
        assert!(judge(&open, &Limits::default())[0].starts_with("descriptors"));
        let slower = samples(|number| Sample {
            p50: 8.0 + number / 5.0,
            ..steady(number)
        });
        assert!(judge(&slower, &Limits::default())[0].starts_with("p50"));
        let refusing = samples(|number| Sample {
            refused: 1,
            ..steady(number)
        });
        assert_eq!(judge(&refusing, &Limits::default()), ["40 were refused"]);
    }

    #[test]
    fn nothing_known_is_no_good_news() {
        let unknown = samples(|number| Sample {
            p50: f64::NAN,
            ..steady(number)
        });
        assert!(judge(&unknown, &Limits::default())[0].starts_with("p50"));
    }
}
