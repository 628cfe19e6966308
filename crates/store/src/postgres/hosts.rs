//! Which of several hosts is asked: the one that serves, found without waiting for those that are silent.
//!
//! A failover leaves the old primary dead, frozen or cut off, and somebody else takes writes. A frozen host still takes
//! connections (its kernel does) and then says nothing, so no host is waited for alone. And an old primary that wakes up
//! again believes that it still is one: whoever has seen its successor never asks it again. PostgreSQL numbers the
//! successors; the number is the *timeline* of its write-ahead log.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config};

use super::connect_error::ConnectError;
use super::connection::Connection;
use super::url::DatabaseUrl;
use crate::telemetry;

/// How long a connection may take to be made, whatever the hosts do.
const PATIENCE: Duration = Duration::from_secs(17);

/// How long a host may stay silent before the next one is asked too.
const HEAD_START: Duration = Duration::from_secs(1);

/// The hosts of a URL and what is known of them.
pub(super) struct Hosts {
    each: Vec<Config>,
    /// The place of the one that served last.
    last: AtomicUsize,
    newest: Mutex<Option<Reign>>,
    /// What drives the connections that there are to primaries, and whose they are.
    drivers: Mutex<Vec<(Reign, AbortHandle)>>,
}

/// A primary's place in the history of a database's servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reign {
    /// What `initdb` has given to the servers that are copies of each other.
    system: i64,
    /// Higher with every promotion.
    timeline: i64,
}

impl Hosts {
    pub(super) fn of(config: &Config) -> Self {
        let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
        Self {
            each: (0..hosts).map(|place| alone(config, place)).collect(),
            last: AtomicUsize::new(0),
            newest: Mutex::default(),
            drivers: Mutex::default(),
        }
    }

    /// Takes note of a connection to a primary.
    pub(super) fn has(&self, reign: Reign, driver: AbortHandle) {
        let mut drivers = self.drivers.lock().unwrap_or_else(PoisonError::into_inner);
        drivers.retain(|(_, driver)| !driver.is_finished());
        drivers.push((reign, driver));
    }

    /// Whether nobody is known who was promoted after that one. Of a standby, or a server that counts otherwise, nothing is.
    pub(super) fn is_current(&self, reign: Option<Reign>) -> bool {
        is_current(reign, *self.newest.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes who serves. From then on those before it do not, and nobody waits for their answers any more.
    fn serves(&self, place: usize, reign: Option<Reign>) {
        self.last.store(place, Ordering::Relaxed);
        if reign.is_none() {
            return;
        }
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if *newest == reign || !is_current(reign, *newest) {
            return;
        }
        *newest = reign;
        drop(newest);
        let drivers = self.drivers.lock().unwrap_or_else(PoisonError::into_inner);
        for (of, driver) in drivers.iter() {
            if !is_current(Some(*of), reign) {
                driver.abort();
            }
        }
    }

    /// Their places, the one that served last before the others.
    fn in_turn(&self) -> impl ExactSizeIterator<Item = usize> + use<> {
        let (first, all) = (self.last.load(Ordering::Relaxed), self.each.len());
        (0..all).map(move |place| (first + place) % all)
    }
}

fn is_current(reign: Option<Reign>, newest: Option<Reign>) -> bool {
    !matches!((reign, newest), (Some(reign), Some(newest))
        if reign.system == newest.system && reign.timeline < newest.timeline)
}

/// Connects to the first of the hosts that serves.
///
/// # Errors
/// What the first of them said that refused, when none serves.
pub(super) async fn connect(url: &DatabaseUrl) -> Result<Connection, ConnectError> {
    let outcome = timeout(PATIENCE, first_of(url)).await;
    let outcome = outcome.unwrap_or_else(|_| Err(ConnectError::Slow { url: url.to_string() }));
    telemetry::connect(&outcome);
    outcome
}

/// Asks one host after the other, without waiting for the silent. Those that have refused are asked again as long as another
/// is silent: a standby may be promoted meanwhile.
async fn first_of(url: &DatabaseUrl) -> Result<Connection, ConnectError> {
    let mut waiting = url.hosts().in_turn();
    let mut attempts = JoinSet::new();
    let mut refused: Vec<(usize, ConnectError)> = Vec::new();
    if let Some(place) = waiting.next() {
        ask(&mut attempts, url, place);
    }
    loop {
        let ended = timeout(HEAD_START, attempts.join_next()).await;
        let is_silent = ended.is_err();
        match ended {
            Ok(Some(Ok((place, Ok(connection))))) => {
                url.hosts().serves(place, connection.reign());
                if !connection.is_of_the_past() {
                    return Ok(connection);
                }
                refused.push((place, ConnectError::Outdated { url: url.to_string() }));
            }
            Ok(Some(Ok((place, Err(error))))) => refused.push((place, error)),
            // It panicked, and says nothing.
            Ok(Some(Err(_))) | Err(_) => {}
            Ok(None) => {
                let first = refused.into_iter().next();
                return Err(
                    first.map_or_else(|| ConnectError::Slow { url: url.to_string() }, |(_, error)| error)
                );
            }
        }
        if let Some(place) = waiting.next() {
            ask(&mut attempts, url, place);
        } else if is_silent {
            for (place, _) in refused.drain(..) {
                ask(&mut attempts, url, place);
            }
        }
    }
}

type Attempt = (usize, Result<Connection, ConnectError>);

fn ask(attempts: &mut JoinSet<Attempt>, url: &DatabaseUrl, place: usize) {
    let url = url.clone();
    attempts.spawn(async move { (place, Connection::open(&url, &url.hosts().each[place]).await) });
}

/// Asks a server for its place in the history. Servers that only speak PostgreSQL's protocol may have none, and a standby
/// has no log of its own.
pub(super) async fn reign(client: &Client) -> Option<Reign> {
    const SQL: &str = "SELECT system_identifier, CASE WHEN NOT pg_is_in_recovery() \
        THEN ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint END FROM pg_control_system()";
    let row = client.query_one(SQL, &[]).await.ok()?;
    Some(Reign {
        system: row.try_get(0).ok()?,
        timeline: row.try_get(1).ok()?,
    })
}

/// The same settings with one host only.
fn alone(config: &Config, place: usize) -> Config {
    let mut one = without_hosts(config);
    match config.get_hosts().get(place) {
        Some(Host::Tcp(name)) => {
            one.host(name.as_str());
        }
        Some(Host::Unix(directory)) => {
            one.host_path(directory);
        }
        None => {}
    }
    if let Some(address) = config.get_hostaddrs().get(place) {
        one.hostaddr(*address);
    }
    let ports = config.get_ports();
    if let Some(port) = ports.get(place).or_else(|| ports.first()) {
        one.port(*port);
    }
    one
}

fn without_hosts(config: &Config) -> Config {
    let mut bare = Config::new();
    bare.ssl_mode(config.get_ssl_mode())
        .ssl_negotiation(config.get_ssl_negotiation())
        .channel_binding(config.get_channel_binding())
        .target_session_attrs(config.get_target_session_attrs())
        .load_balance_hosts(config.get_load_balance_hosts())
        .keepalives(config.get_keepalives())
        .keepalives_idle(config.get_keepalives_idle());
    if let Some(user) = config.get_user() {
        bare.user(user);
    }
    if let Some(password) = config.get_password() {
        bare.password(password);
    }
    if let Some(database) = config.get_dbname() {
        bare.dbname(database);
    }
    if let Some(options) = config.get_options() {
        bare.options(options);
    }
    if let Some(name) = config.get_application_name() {
        bare.application_name(name);
    }
    if let Some(time) = config.get_connect_timeout() {
        bare.connect_timeout(*time);
    }
    if let Some(time) = config.get_tcp_user_timeout() {
        bare.tcp_user_timeout(*time);
    }
    if let Some(time) = config.get_keepalives_interval() {
        bare.keepalives_interval(time);
    }
    if let Some(retries) = config.get_keepalives_retries() {
        bare.keepalives_retries(retries);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_keeps_everything_but_the_other_hosts() {
        let whole = "host=one,two port=1,2 user=ann password=s3cret dbname=pools application_name=here \
                     options=-cgeqo=off connect_timeout=7 tcp_user_timeout=8 keepalives_idle=9 keepalives_interval=10 \
                     keepalives_retries=11 target_session_attrs=read-write channel_binding=require sslmode=require";
        let whole: Config = whole.parse().unwrap();
        let alone = Hosts::of(&whole).each;
        let two: Config = "host=two port=2 user=ann password=s3cret dbname=pools application_name=here \
                           options=-cgeqo=off connect_timeout=7 tcp_user_timeout=8 keepalives_idle=9 \
                           keepalives_interval=10 keepalives_retries=11 target_session_attrs=read-write \
                           channel_binding=require sslmode=require"
            .parse()
            .unwrap();
        assert_eq!((alone.len(), &alone[1]), (2, &two));
    }

    #[test]
    fn one_port_is_that_of_all_hosts() {
        let whole: Config = "host=one,two port=6432".parse().unwrap();
        let ports = Hosts::of(&whole).each;
        assert!(ports.iter().all(|alone| alone.get_ports() == [6432]));
    }

    #[test]
    fn a_primary_is_of_the_past_once_its_successor_is_known() {
        let hosts = Hosts::of(&"host=one,two".parse().unwrap());
        let (before, after) = (
            Reign {
                system: 1,
                timeline: 4,
            },
            Reign {
                system: 1,
                timeline: 5,
            },
        );
        hosts.serves(0, Some(before));
        assert!(hosts.is_current(Some(before)));
        hosts.serves(1, Some(after));
        assert!(!hosts.is_current(Some(before)) && hosts.is_current(Some(after)));
        // Of who counts otherwise nothing is known, nor of another database in the same place.
        assert!(
            hosts.is_current(None)
                && hosts.is_current(Some(Reign {
                    system: 2,
                    timeline: 1
                }))
        );
        assert_eq!(hosts.in_turn().collect::<Vec<_>>(), [1, 0]);
    }
}
