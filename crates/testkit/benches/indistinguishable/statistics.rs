//! Is a difference one that chance makes as well?

use pool::ports::Entropy as _;
use testkit::SeededEntropy;

/// How often who is there is drawn anew.
const DRAWS: usize = 4000;

/// Of so many differences that chance made, the largest but a few is still called noise. There are about twenty steps with
/// two figures each; so about one run in a hundred sees something where nothing is.
const BEYOND: f64 = 0.9997;

/// Milliseconds below which a difference tells nobody outside anything, however sure it is in here, where client and server
/// share a machine. Between machines of one data centre answers differ by several times as much from one to the next, so that
/// hundreds of tries of one name would be needed; after five wrong ones it is locked.
pub(crate) const RESOLUTION: f64 = 0.02;

/// Draws the same at every run.
pub(crate) struct Chance(SeededEntropy);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    /// A number below `bound`, evenly enough.
    pub(crate) fn below(&self, bound: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % bound as u64).unwrap()
    }

    pub(crate) fn shuffle<T>(&self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// The times of one round.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) there: Vec<f64>,
    pub(crate) absent: Vec<f64>,
}

/// Two groups of times.
pub(crate) struct Comparison {
    /// The median of those who are there.
    pub(crate) there: f64,
    /// The median of those who are not.
    pub(crate) absent: f64,
    /// How much longer it takes for somebody who is there, by whichever figure shows it better.
    pub(crate) difference: f64,
    /// How large a difference chance makes in that figure.
    pub(crate) noise: f64,
}

/// What is compared: the median, and the quick fourth, in which there is less noise.
const FIGURES: [f64; 2] = [0.5, 0.25];

impl Comparison {
    pub(crate) fn of(rounds: &[Round], chance: &Chance) -> Self {
        let real = figures(rounds.iter().map(|round| (&round.there[..], &round.absent[..])));
        let mut drawn: [Vec<f64>; FIGURES.len()] = Default::default();
        let mut mixed: Vec<Vec<f64>> = rounds
            .iter()
            .map(|round| [&round.there[..], &round.absent[..]].concat())
            .collect();
        for _ in 0..DRAWS {
            for round in &mut mixed {
                chance.shuffle(round);
            }
            let halves = rounds
                .iter()
                .zip(&mixed)
                .map(|(round, mixed)| mixed.split_at(round.there.len()));
            for (drawn, (there, absent)) in drawn.iter_mut().zip(figures(halves)) {
                drawn.push((there - absent).abs());
            }
        }
        let candidates = real.iter().zip(&mut drawn).map(|((there, absent), drawn)| {
            let noise = quantile(drawn, BEYOND);
            (there - absent, noise)
        });
        let share = |(difference, noise): &(f64, f64)| difference.abs() / noise.max(f64::MIN_POSITIVE);
        let (difference, noise) = candidates
            .max_by(|one, other| share(one).total_cmp(&share(other)))
            .unwrap();
        Self {
            there: real[0].0,
            absent: real[0].1,
            difference,
            noise,
        }
    }

    /// Whether chance hardly ever makes such a difference, and somebody outside could see it.
    pub(crate) fn tells(&self) -> bool {
        self.difference.abs() > self.noise.max(RESOLUTION)
    }
}

/// Each figure of both groups.
fn figures<'r>(rounds: impl Iterator<Item = (&'r [f64], &'r [f64])>) -> [(f64, f64); FIGURES.len()] {
    let (mut there, mut absent) = (Vec::new(), Vec::new());
    for (some, others) in rounds {
        there.extend_from_slice(some);
        absent.extend_from_slice(others);
    }
    FIGURES.map(|figure| (quantile(&mut there, figure), quantile(&mut absent, figure)))
}

fn quantile(values: &mut [f64], share: f64) -> f64 {
    let nth = ((values.len() - 1) as f64 * share).round() as usize;
    *values.select_nth_unstable_by(nth, f64::total_cmp).1
}
