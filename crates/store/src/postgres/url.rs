//! Where the database is: a URL as PostgreSQL's own programs take it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::hosts::Hosts;
use super::tls::{self, Tls};

/// How long one address may take to answer at all.
const CONNECT: Duration = Duration::from_secs(2);

/// When a silent connection is asked whether it still is one, how often, and how many times without an answer.
const KEEP_ALIVE: (Duration, Duration, u32) = (Duration::from_secs(30), Duration::from_secs(5), 3);

/// How long what was sent may stay unacknowledged before the connection counts as lost.
const UNACKNOWLEDGED: Duration = Duration::from_secs(15);

/// Where the database is and how it is reached. Its readable form has no password in it.
#[derive(Clone)]
pub struct DatabaseUrl {
    config: Config,
    hosts: Arc<Hosts>,
    tls: Option<MakeRustlsConnect>,
}

/// What is wrong with the URL of a database.
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// It does not begin as one.
    #[error("it does not begin with postgres://; write postgres://user:password@host:5432/database")]
    Scheme,
    /// Nobody knows where to go.
    #[error("it names no host; write postgres://user:password@host:5432/database")]
    NoHost,
    /// `sslmode` is none of those that there are.
    #[error(
        "sslmode={0} is not supported: write sslmode=verify-full (with sslrootcert=FILE for an authority of your own), \
         sslmode=require for TLS to whoever answers, or sslmode=disable"
    )]
    Mode(String),
    /// An authority is named, and nothing would be held against it.
    #[error("sslrootcert is of no use without sslmode=verify-full")]
    IdleRoots,
    /// The file of authorities cannot be used.
    #[error("sslrootcert={} cannot be used: {source}", path.display())]
    Roots {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// TLS cannot be had.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// A part of it cannot be read. Never says what the part holds.
    #[error("{0}; characters like @ : / ? # in a user name or password are written as %40 %3A %2F %3F %23")]
    Part(String),
}

impl DatabaseUrl {
    /// Reads `postgres://user:password@host:5432/database?sslmode=…`.
    ///
    /// Of the parameters `sslmode` is `verify-full`, `require` or `disable`; where it is absent, `disable` on this very
    /// machine (loopback or a socket) and `verify-full` everywhere else. `prefer` and `allow`, which promise nothing, are
    /// refused. `sslrootcert` names a PEM file. The others are those of tokio-postgres: several hosts with commas between,
    /// `host=/socket/directory`, `connect_timeout`, `application_name`, `options`.
    ///
    /// # Errors
    /// [`UrlError`] says what to write; it never repeats a password.
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            return Err(UrlError::Scheme);
        }
        let (rest, ours) = split_parameters(url);
        let mut config = Config::from_str(&rest).map_err(|error| UrlError::Part(parse_text(&error)))?;
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err(UrlError::NoHost);
        }
        let tls = ours.tls(&config)?;
        config.ssl_mode(if tls == Tls::Off {
            SslMode::Disable
        } else {
            SslMode::Require
        });
        set_defaults(&mut config);
        check_numbers(&config)?;
        Ok(Self {
            tls: tls::connector(&tls)?,
            hosts: Arc::new(Hosts::of(&config)),
            config,
        })
    }

    /// The hosts, each with all the settings; copies of a URL share what is known of them.
    pub(super) fn hosts(&self) -> &Arc<Hosts> {
        &self.hosts
    }

    pub(super) fn tls(&self) -> Option<&MakeRustlsConnect> {
        self.tls.as_ref()
    }

    /// Takes a connection to a server that takes no writes, too.
    pub(super) fn for_reading(mut self) -> Self {
        self.config.target_session_attrs(TargetSessionAttrs::Any);
        self.hosts = Arc::new(Hosts::of(&self.config));
        self
    }

    /// The user of the database who is named.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or("(this machine's user)")
    }

    /// The name of the database.
    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_else(|| self.user())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = self.config.get_user() {
            write!(f, "{user}@")?;
        }
        let ports = self.config.get_ports();
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            match host {
                Host::Tcp(name) => f.write_str(name)?,
                Host::Unix(path) => write!(f, "{}", path.display())?,
            }
            if let Some(port) = ports.get(place).or_else(|| ports.first()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

/// The parameters that we read ourselves.
#[derive(Default)]
struct Ours {
    mode: Option<String>,
    roots: Option<PathBuf>,
}

impl Ours {
    /// What TLS has to give.
    fn tls(self, config: &Config) -> Result<Tls, UrlError> {
        let mode = self.mode.as_deref().unwrap_or(if is_this_machine(config) {
            "disable"
        } else {
            "verify-full"
        });
        let tls = match mode {
            "disable" => Tls::Off,
            "require" => Tls::Unverified,
            "verify-full" => return Ok(Tls::Verified(self.roots)),
            other => return Err(UrlError::Mode(other.to_owned())),
        };
        if self.roots.is_some() {
            return Err(UrlError::IdleRoots);
        }
        Ok(tls)
    }
}

/// The URL without our parameters, and these.
fn split_parameters(url: &str) -> (String, Ours) {
    let mut ours = Ours::default();
    let Some((head, parameters)) = url.split_once('?') else {
        return (url.to_owned(), ours);
    };
    let mut others = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let value = || percent_decode_str(value).decode_utf8_lossy().into_owned();
        match key {
            "sslmode" => ours.mode = Some(value()),
            // As libpq has it, the word for what the system trusts: here, what browsers trust.
            "sslrootcert" => ours.roots = Some(value()).filter(|file| file != "system").map(PathBuf::from),
            _ => others.push(parameter),
        }
    }
    if others.is_empty() {
        return (head.to_owned(), ours);
    }
    (format!("{head}?{}", others.join("&")), ours)
}

/// Whether what goes there never leaves this machine.
fn is_this_machine(config: &Config) -> bool {
    let mut hosts = config.get_hosts().iter();
    let named = hosts.all(|host| match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    });
    named && config.get_hostaddrs().iter().all(IpAddr::is_loopback)
}

/// What a URL leaves open. The server to write to takes writes: of several hosts, the primary.
fn set_defaults(config: &mut Config) {
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT);
    }
    if config.get_application_name().is_none() {
        config.application_name("rehome");
    }
    if config.get_target_session_attrs() == TargetSessionAttrs::Any {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(UNACKNOWLEDGED);
    }
    let (idle, interval, retries) = KEEP_ALIVE;
    config
        .keepalives_idle(idle)
        .keepalives_interval(interval)
        .keepalives_retries(retries);
}

/// Of hosts, their addresses and their ports there are as many, where there are several.
fn check_numbers(config: &Config) -> Result<(), UrlError> {
    let (names, addresses) = (config.get_hosts().len(), config.get_hostaddrs().len());
    if names > 0 && addresses > 0 && names != addresses {
        return Err(UrlError::Part(format!(
            "it names {names} hosts and {addresses} hostaddrs"
        )));
    }
    let (hosts, ports) = (names.max(addresses), config.get_ports().len());
    if ports > 1 && ports != hosts {
        return Err(UrlError::Part(format!(
            "it names {hosts} hosts and {ports} ports"
        )));
    }
    Ok(())
}

/// What tokio-postgres found wrong; its texts name parameters, never their values.
fn parse_text(error: &tokio_postgres::Error) -> String {
    let source = std::error::Error::source(error);
    source.map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(url: &str) -> Result<Tls, UrlError> {
        let (rest, ours) = split_parameters(url);
        ours.tls(&Config::from_str(&rest).unwrap())
    }

    #[test]
    fn hosts_and_ports_are_as_many() {
        let error = DatabaseUrl::parse("postgres://ann@one:1,two:2/pools?port=3").unwrap_err();
        assert!(
            error.to_string().starts_with("it names 2 hosts and 3 ports"),
            "{error}"
        );
        let error = DatabaseUrl::parse("postgres://ann@one,two/pools?hostaddr=127.0.0.1").unwrap_err();
        assert!(
            error.to_string().starts_with("it names 2 hosts and 1 hostaddrs"),
            "{error}"
        );
    }

    #[test]
    fn its_readable_form_has_no_password() {
        let url = DatabaseUrl::parse("postgres://ann:s3cret@127.0.0.1:6432/pools").unwrap();
        assert_eq!(url.to_string(), "postgres://ann@127.0.0.1:6432/pools");
        assert!(!format!("{url:?}").contains("s3cret"));
        assert_eq!((url.user(), url.database()), ("ann", "pools"));
    }

    #[test]
    fn this_machine_needs_no_tls_and_others_are_verified() {
        for local in [
            "postgres://a@localhost/b",
            "postgres://a@127.0.0.1/b",
            "postgres://a@[::1]/b",
            "postgres:///b?host=/run/postgresql",
        ] {
            assert_eq!(tls(local).unwrap(), Tls::Off, "{local}");
        }
        for remote in [
            "postgres://a@db.example.com/b",
            "postgres://a@localhost,db.example.com/b",
        ] {
            assert_eq!(tls(remote).unwrap(), Tls::Verified(None), "{remote}");
        }
    }

    #[test]
    fn tls_is_as_the_url_says() {
        assert_eq!(
            tls("postgres://a@db/b?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem").unwrap(),
            Tls::Verified(Some("/etc/ca.pem".into()))
        );
        assert_eq!(
            tls("postgres://a@db/b?sslrootcert=system").unwrap(),
            Tls::Verified(None)
        );
        assert_eq!(tls("postgres://a@db/b?sslmode=require").unwrap(), Tls::Unverified);
        assert_eq!(tls("postgres://a@db/b?sslmode=disable").unwrap(), Tls::Off);
        for promise in ["prefer", "allow", "verify-ca"] {
            let error = tls(&format!("postgres://a@db/b?sslmode={promise}")).unwrap_err();
            assert!(error.to_string().contains("sslmode=verify-full"), "{error}");
        }
        let idle = tls("postgres://a@db/b?sslmode=require&sslrootcert=ca.pem");
        assert!(matches!(idle, Err(UrlError::IdleRoots)));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_password() {
        for wrong in [
            "mysql://ann:s3cret@db/pools",
            "postgres://ann:s3cret@/pools",
            "postgres://ann:s3cret@db:port/pools",
            "postgres://ann:s3cret@db/pools?no_such=s3cret",
            "postgres://ann:s3cret@db/pools?sslrootcert=/nowhere/ca.pem",
        ] {
            let error = DatabaseUrl::parse(wrong).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
        }
    }
}
