//! What the system says of this process, under the names that Prometheus's client libraries give it.
//!
//! Read anew for each scrape, from `proc(5)`; elsewhere than on Linux there is nothing.

use std::fmt::Write as _;

/// One figure.
struct Figure {
    name: &'static str,
    help: &'static str,
    kind: &'static str,
    value: f64,
}

/// Appends the figures in Prometheus's text form.
pub(super) fn render(text: &mut String) {
    for figure in figures() {
        let Figure {
            name,
            help,
            kind,
            value,
        } = figure;
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n\n"
        );
    }
}

#[cfg(not(target_os = "linux"))]
fn figures() -> Vec<Figure> {
    Vec::new()
}

#[cfg(target_os = "linux")]
fn figures() -> Vec<Figure> {
    let mut figures = Vec::new();
    let mut put = |name, help, kind, value: Option<f64>| {
        figures.extend(value.map(|value| Figure {
            name,
            help,
            kind,
            value,
        }));
    };
    let stat = linux::Stat::read();
    let of = |take: fn(&linux::Stat) -> f64| stat.as_ref().map(take);
    put(
        "process_cpu_seconds_total",
        "Processor time used, in user and system mode.",
        "counter",
        of(|stat| stat.cpu_seconds),
    );
    put(
        "process_resident_memory_bytes",
        "Memory in use (resident set).",
        "gauge",
        of(|stat| stat.resident_bytes),
    );
    put("process_threads", "Threads.", "gauge", of(|stat| stat.threads));
    put(
        "process_start_time_seconds",
        "When the process started, in seconds since 1970 (UTC).",
        "gauge",
        stat.as_ref().and_then(linux::Stat::start_seconds),
    );
    put(
        "process_open_fds",
        "Open file descriptors.",
        "gauge",
        linux::open_files(),
    );
    put(
        "process_max_fds",
        "The most file descriptors that may be open.",
        "gauge",
        linux::most_open_files(),
    );
    figures
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;

    /// `/proc/self/stat`, the figures that are of use.
    pub(super) struct Stat {
        pub(super) cpu_seconds: f64,
        pub(super) resident_bytes: f64,
        pub(super) threads: f64,
        /// Since the machine started.
        started_seconds: f64,
    }

    impl Stat {
        pub(super) fn read() -> Option<Self> {
            Self::parse(&fs::read_to_string("/proc/self/stat").ok()?)
        }

        /// The second field, the program's name, may hold anything; the others follow its last parenthesis.
        fn parse(text: &str) -> Option<Self> {
            let fields: Vec<&str> = text.rsplit_once(')')?.1.split_ascii_whitespace().collect();
            // proc(5) counts from 1, and the third field is the first here.
            let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
            #[expect(clippy::cast_precision_loss, reason = "a hundred, and some thousands")]
            let (ticks, page) = (
                rustix::param::clock_ticks_per_second() as f64,
                rustix::param::page_size() as f64,
            );
            Some(Self {
                cpu_seconds: (field(14)? + field(15)?) / ticks,
                resident_bytes: field(24)? * page,
                threads: field(20)?,
                started_seconds: field(22)? / ticks,
            })
        }

        pub(super) fn start_seconds(&self) -> Option<f64> {
            let text = fs::read_to_string("/proc/stat").ok()?;
            let booted = text.lines().find_map(|line| line.strip_prefix("btime "))?;
            Some(booted.trim().parse::<f64>().ok()? + self.started_seconds)
        }
    }

    /// How many files are open, without the one that this look opens.
    pub(super) fn open_files() -> Option<f64> {
        let count = fs::read_dir("/proc/self/fd").ok()?.count();
        u32::try_from(count.saturating_sub(1)).ok().map(f64::from)
    }

    pub(super) fn most_open_files() -> Option<f64> {
        let text = fs::read_to_string("/proc/self/limits").ok()?;
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"))?;
        line.split_ascii_whitespace().next()?.parse().ok()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_name_with_parentheses_and_blanks_hides_no_field() {
            let text = "7 (a) b 9) R 1 7 7 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 5 0 1000 9000 300 1 2";
            let stat = Stat::parse(text).unwrap();
            let ticks = f64::from(u32::try_from(rustix::param::clock_ticks_per_second()).unwrap());
            let page = f64::from(u32::try_from(rustix::param::page_size()).unwrap());
            assert!((stat.cpu_seconds - 200.0 / ticks).abs() < 1e-9);
            assert!((stat.threads - 5.0).abs() < 1e-9);
            assert!((stat.started_seconds - 1000.0 / ticks).abs() < 1e-9);
            assert!((stat.resident_bytes - 300.0 * page).abs() < 1e-9);
        }

        #[test]
        fn this_process_is_found() {
            let stat = Stat::read().unwrap();
            assert!(stat.resident_bytes > 1e5 && stat.threads >= 1.0);
            // Some time after the year 2020, and before this test.
            assert!(stat.start_seconds().unwrap() > 1.577e9);
            let (open, most) = (open_files().unwrap(), most_open_files().unwrap());
            assert!(open >= 3.0 && open < most, "{open} of {most}");
        }
    }
}
