//! One connection: its statements are prepared once, and no answer is waited for without end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Config, NoTls, Row, Statement};

use super::connect_error::ConnectError;
use super::dialect;
use super::error::{EngineError, engine_error};
use super::hosts::{self, Hosts, Reign};
use super::url::DatabaseUrl;
use crate::session::Argument;
use crate::telemetry::{CONNECTIONS, Counted};

/// How long a host may take to answer and to let the user in. Others are asked meanwhile.
const LET_IN: Duration = Duration::from_secs(15);

/// What holds for every statement of a connection. The server stops what takes longer, so that nothing waits for ever for
/// a lock and no node that has died keeps one. A commit must reach the disk even where the server is set to be careless.
const SET_UP: &str = "SET statement_timeout = '10s'; \
    SET lock_timeout = '5s'; \
    SET idle_in_transaction_session_timeout = '15s'; \
    SET client_min_messages = 'warning'; \
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// How long we wait for an answer: longer than the server takes to stop a statement.
pub(super) const USUAL_LIMIT: Duration = Duration::from_secs(15);

/// The same where the answer needs next to no work. A server that takes longer for a look-up is frozen or out of reach.
pub(super) const SHORT_LIMIT: Duration = Duration::from_secs(5);

/// A connection, and what drives it.
pub(crate) struct Connection {
    client: Client,
    statements: Mutex<HashMap<&'static str, Statement>>,
    /// Nothing must be asked of it any more.
    broken: AtomicBool,
    driver: AbortHandle,
    _open: Counted,
    hosts: Arc<Hosts>,
    /// Whose connection it is, where that can be said.
    reign: Option<Reign>,
}

impl Connection {
    /// Connects to one host and sets the connection up.
    pub(super) async fn open(url: &DatabaseUrl, host: &Config) -> Result<Self, ConnectError> {
        let opened = timeout(LET_IN, Self::open_and_set_up(url, host));
        let slow = |_| ConnectError::Slow { url: url.to_string() };
        opened
            .await
            .map_err(slow)?
            .map_err(|error| ConnectError::of(&error, url))
    }

    async fn open_and_set_up(url: &DatabaseUrl, host: &Config) -> Result<Self, tokio_postgres::Error> {
        let (client, driver) = match url.tls() {
            None => {
                let (client, connection) = host.connect(NoTls).await?;
                (client, tokio::spawn(drive(connection)).abort_handle())
            }
            Some(tls) => {
                let (client, connection) = host.connect(tls.clone()).await?;
                (client, tokio::spawn(drive(connection)).abort_handle())
            }
        };
        client.batch_execute(SET_UP).await?;
        let reign = hosts::reign(&client).await;
        if let Some(reign) = reign {
            url.hosts().has(reign, driver.clone());
        }
        Ok(Self {
            client,
            statements: Mutex::default(),
            broken: AtomicBool::new(false),
            driver,
            _open: Counted::one(CONNECTIONS),
            hosts: Arc::clone(url.hosts()),
            reign,
        })
    }

    /// Whether it can be asked.
    pub(super) fn is_usable(&self) -> bool {
        !self.broken.load(Ordering::Relaxed) && !self.client.is_closed() && !self.is_of_the_past()
    }

    /// Whether it goes to a server that another has taken over from.
    pub(super) fn is_of_the_past(&self) -> bool {
        !self.hosts.is_current(self.reign)
    }

    /// Whose it is.
    pub(super) fn reign(&self) -> Option<Reign> {
        self.reign
    }

    /// Nothing is asked of it any more. Who still waits for an answer waits no longer.
    pub(super) fn give_up(&self) {
        self.broken.store(true, Ordering::Relaxed);
        self.driver.abort();
    }

    /// Runs a statement that gives no rows.
    pub(super) async fn execute(
        &self,
        sql: &'static str,
        arguments: &[Argument<'_>],
        limit: Duration,
    ) -> Result<u64, EngineError> {
        let asked = async {
            let statement = self.statement(sql).await?;
            self.client.execute(&statement, &bound(arguments)).await
        };
        self.within(limit, asked).await
    }

    /// Runs a statement and gives its rows.
    pub(super) async fn rows(
        &self,
        sql: &'static str,
        arguments: &[Argument<'_>],
        limit: Duration,
    ) -> Result<Vec<Row>, EngineError> {
        let asked = async {
            let statement = self.statement(sql).await?;
            self.client.query(&statement, &bound(arguments)).await
        };
        self.within(limit, asked).await
    }

    /// Runs statements that bind nothing, written as PostgreSQL has them.
    pub(crate) async fn command(&self, sql: &str, limit: Duration) -> Result<(), EngineError> {
        self.within(limit, self.client.batch_execute(sql)).await
    }

    /// The client, for what is asked once.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The statement, prepared.
    pub(super) async fn statement(&self, sql: &'static str) -> Result<Statement, tokio_postgres::Error> {
        let known = self
            .statements
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(sql)
            .cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.client.prepare(&dialect::statement(sql)).await?;
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(statements.entry(sql).or_insert(statement).clone())
    }

    /// Waits for an answer, but not for ever.
    pub(super) async fn within<T>(
        &self,
        limit: Duration,
        asked: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, EngineError> {
        let answer = match timeout(limit, asked).await {
            Ok(answer) => answer.map_err(|error| engine_error(&error)),
            Err(_) => Err(EngineError::Silent),
        };
        if answer.as_ref().is_err_and(EngineError::ends_the_connection) {
            self.give_up();
        }
        answer
    }
}

impl Drop for Connection {
    /// A sound connection takes its leave by itself when its client is gone. From a broken one nobody may ever hear again.
    fn drop(&mut self) {
        if !self.is_usable() {
            self.driver.abort();
        }
    }
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

/// Reads and writes the connection's socket until it ends. Why it ended learns who asks something of it.
async fn drive<S, T>(connection: tokio_postgres::Connection<S, T>)
where
    tokio_postgres::Connection<S, T>: Future<Output = Result<(), tokio_postgres::Error>>,
{
    if let Err(error) = connection.await {
        tracing::debug!(error = %super::error::Said::of(&error), "a connection to PostgreSQL has ended");
    }
}

fn bound<'a>(arguments: &'a [Argument<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    arguments
        .iter()
        .map(|argument| argument as &(dyn ToSql + Sync))
        .collect()
}
