//! What a process on this machine has spent: Linux tells in `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::Context as _;

/// A process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// Its CPU time so far, in the kernel and out of it, without children.
    ///
    /// # Errors
    /// When it is gone, or not on this machine.
    pub(crate) fn cpu(self) -> anyhow::Result<Duration> {
        let stat = self.read("stat")?;
        // The name comes in parentheses and may hold anything.
        let (_, after) = stat.rsplit_once(')').context("no name")?;
        let mut fields = after.split_whitespace().skip(11).take(2);
        let mut ticks = || -> anyhow::Result<u64> { Ok(fields.next().context("no times")?.parse()?) };
        let ticks = ticks()? + ticks()?;
        Ok(Duration::from_secs_f64(
            ticks as f64 / rustix::param::clock_ticks_per_second() as f64,
        ))
    }

    /// Its memory now, in bytes.
    ///
    /// # Errors
    /// As [`Process::cpu`].
    pub(crate) fn memory(self) -> anyhow::Result<u64> {
        let status = self.read("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes: u64 = line
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS")?
            .parse()?;
        Ok(kilobytes * 1024)
    }

    /// How many descriptors it has open.
    ///
    /// # Errors
    /// As [`Process::cpu`].
    pub(crate) fn descriptors(self) -> anyhow::Result<usize> {
        let path = format!("/proc/{}/fd", self.0);
        let open = fs::read_dir(&path).with_context(|| format!("{path} cannot be read"))?;
        Ok(open.count())
    }

    fn read(self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.0);
        fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))
    }
}
