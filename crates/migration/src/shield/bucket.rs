//! A token bucket.

use tokio::time::Instant;

/// Tokens in thousandths, so that a slow rate loses nothing to rounding.
#[derive(Debug)]
pub struct Bucket {
    thousandths: u64,
    filled: Instant,
}

impl Bucket {
    /// With as many tokens as it holds.
    #[must_use]
    pub fn full(now: Instant, burst: u32) -> Self {
        Self {
            thousandths: u64::from(burst.max(1)) * 1000,
            filled: now,
        }
    }

    /// Takes a token, if there is one.
    pub fn take(&mut self, now: Instant, per_second: u32, burst: u32) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        // Thousandths a millisecond are tokens a second.
        let more = passed.saturating_mul(u64::from(per_second));
        self.thousandths = self.thousandths.saturating_add(more).min(u64::from(burst) * 1000);
        self.filled += std::time::Duration::from_millis(passed);
        let there = self.thousandths >= 1000;
        if there {
            self.thousandths -= 1000;
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_bucket_gives_its_burst_then_its_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::full(start, 3);
        let taken = |bucket: &mut Bucket, now| (0..10).filter(|_| bucket.take(now, 2, 3)).count();
        assert_eq!(taken(&mut bucket, start), 3);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(400)), 0);
        assert_eq!(taken(&mut bucket, start + Duration::from_millis(500)), 1);
        assert_eq!(taken(&mut bucket, start + Duration::from_mins(10)), 3);
    }
}
