//! The one place where the parts meet: store, functions, courier, time, chance and master key become a server.
//!
//! `serve`, `try` and the tests of every crate all build their servers here, so they are the same server.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use pool::encryption_sdk::WrappingKeys;
use pool::master_key::{self, UnlockError};
use pool::ports::{Clock, Courier, Entropy, Functions, Store, SystemClock, SystemEntropy};
use pool::seal::{MasterKeys, Sealer};
use pool::service::{Issuer, Place, Ports, Service};
use server::courier::{Carriers, Outbox, Queue, SmsGateway, Smtp};
use server::functions::settings::{FunctionsFile, WaySettings};
use server::functions::{FunctionRoutes, Machine};
use server::telemetry::Metrics;
use server::{AccessKeys, App, Languages, Options, RateLimits};
use store::{Observed, PostgresStore, SqliteStore};

use crate::builtin::MigrationFunction;
use crate::problem::Problem;
use crate::settings::{CouriersFile, Database, process_environment};

/// The names that `builtin` may have in a functions file.
pub const BUILTINS: &[&str] = &["migration"];

/// The database's name in the data directory.
pub const DATABASE_FILE: &str = "rehome.sqlite";

/// How many threads a server has beside one for each core.
const THREADS_BESIDE: usize = 2;

/// What a server is made of.
pub struct Parts {
    /// Where state is kept.
    pub store: Arc<dyn Store>,
    /// The way to functions: the routes themselves, or something that watches them.
    pub functions: Arc<dyn Functions>,
    /// What time it is for the pools.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub entropy: Arc<dyn Entropy>,
    /// Open and seal what is secret at rest.
    pub master_keys: MasterKeys,
    /// What encrypts codes for custom senders.
    pub wrapping_keys: WrappingKeys,
    /// Where the pools are.
    pub place: Place,
    /// How messages go out; without it they go to the outbox.
    pub couriers: Option<CouriersFile>,
    /// Whose signatures count.
    pub access_keys: AccessKeys,
    /// How many requests a second are let through.
    pub rate_limits: RateLimits,
    /// How many requests compute at a time.
    pub cores: NonZeroUsize,
    /// Where clients reach the server.
    pub public_url: String,
    /// The languages of the pages.
    pub languages: Languages,
}

/// A server that is put together and can be served.
pub struct Server {
    /// What the faces work on.
    pub app: App,
    /// The pools.
    pub service: Arc<Service>,
    /// Where codes go without couriers.
    pub outbox: Arc<Outbox>,
    /// Where they go with couriers: somebody has to [`Queue::run`] it.
    pub queue: Option<Arc<Queue>>,
}

impl Server {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the master keys cannot be used, or are not those that what is stored was sealed with: nothing was written then.
    pub async fn new(made_of: Parts) -> anyhow::Result<Self> {
        let metrics = count()?;
        let store: Arc<dyn Store> = Arc::new(Observed::new(Arc::clone(&made_of.store)));
        let sealer = unlock(&*store, &made_of.master_keys, &*made_of.entropy).await?;
        let outbox = Arc::new(Outbox::new(Arc::clone(&made_of.clock), Outbox::USUAL_CAPACITY));
        let queue = match made_of.couriers {
            None => None,
            Some(couriers) => Some(Arc::new(Queue::new(
                Arc::clone(&made_of.store),
                Arc::clone(&made_of.clock),
                Arc::clone(&made_of.entropy),
                Arc::clone(&sealer),
                carriers(couriers)?,
            ))),
        };
        let courier: Arc<dyn Courier> = match &queue {
            Some(queue) => Arc::clone(queue) as _,
            None => Arc::clone(&outbox) as _,
        };
        let ports = Ports {
            store,
            functions: made_of.functions,
            courier,
            clock: made_of.clock,
            entropy: made_of.entropy,
        };
        let service = Service::new(ports, made_of.place, sealer).with_wrapping_keys(made_of.wrapping_keys);
        let service = Arc::new(service.with_node_name(node_name()));
        let options = Options {
            access_keys: made_of.access_keys,
            rate_limits: made_of.rate_limits,
            cores: made_of.cores,
            public_url: made_of.public_url,
            languages: made_of.languages,
            outbox: queue.is_none().then(|| Arc::clone(&outbox)),
            metrics: Some(metrics),
        };
        Ok(Self {
            app: App::new(Arc::clone(&service), options),
            service,
            outbox,
            queue,
        })
    }
}

/// From here on what happens in this process is counted: what opens a store before a server is made calls it first. A second
/// call changes nothing.
///
/// # Errors
/// When somebody else counts already.
pub fn count() -> anyhow::Result<Metrics> {
    let metrics = Metrics::install().context("metrics cannot be counted")?;
    pool::telemetry::describe();
    store::telemetry::describe();
    Ok(metrics)
}

/// The carriers that a file describes.
fn carriers(couriers: CouriersFile) -> anyhow::Result<Carriers> {
    let email = couriers.email.as_ref().map(Smtp::new).transpose();
    let email = email.context("the way for e-mails cannot be made")?;
    let sms = match couriers.sms {
        None => None,
        Some(settings) => {
            let http = directory::http::client()
                .map_err(|error| anyhow::anyhow!("no HTTPS client can be made: {error}"))?;
            Some(SmsGateway::new(http, settings))
        }
    };
    Ok(Carriers {
        email: email.map(|carrier| Arc::new(carrier) as _),
        sms: sms.map(|carrier| Arc::new(carrier) as _),
    })
}

/// Holds the master keys against the database's, and says what to do when they are not the right ones.
async fn unlock(
    store: &dyn Store,
    master_keys: &MasterKeys,
    entropy: &dyn Entropy,
) -> anyhow::Result<Arc<Sealer>> {
    let refused = match master_key::unlock(store, master_keys, entropy).await {
        Ok(sealer) => return Ok(Arc::new(sealer)),
        Err(refused) => refused,
    };
    let next = match &refused {
        UnlockError::Another => {
            "name the right one with --master-key-file, or choose another --data or --database-url"
        }
        UnlockError::Lacking(_) => {
            "add it to the file of the master key, as another line: it can go once rehome master-key rotate has come to its end"
        }
        UnlockError::Unusable(_) | UnlockError::Store(_) => return Err(refused.into()),
    };
    Err(anyhow::anyhow!("{refused}; {next}"))
}

/// By what people find this process, among those of other machines: `db2, process 4711`.
fn node_name() -> String {
    let told = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let told = told.or_else(|| process_environment("HOSTNAME"));
    let machine = told.as_deref().map_or("a server", str::trim);
    format!("{machine}, process {}", std::process::id())
}

/// The cores that this process may use, by the machine and by the limits that it runs under.
#[must_use]
pub fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A runtime for a server: a thread for each of its [`cores`], which requests take in turns, and threads beside them for
/// what must not wait for a turn: connections, health, keys.
#[must_use]
pub fn runtime() -> tokio::runtime::Builder {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(cores().get() + THREADS_BESIDE)
        .enable_all();
    builder
}

/// Opens the store where it is kept, to serve from: a file that the last run has not closed is checked meanwhile.
///
/// # Errors
/// What the store says is wrong.
pub async fn open_to_serve(database: &Database) -> anyhow::Result<Arc<dyn Store>> {
    match database {
        Database::Directory(data) => Ok(Arc::new(SqliteStore::open_checked(&data.join(DATABASE_FILE))?)),
        Database::Postgres(_) => open_database(database).await,
    }
}

/// Opens the store where it is kept.
///
/// # Errors
/// What the store says is wrong.
pub async fn open_database(database: &Database) -> anyhow::Result<Arc<dyn Store>> {
    match database {
        Database::Directory(data) => Ok(open_store(data)?),
        Database::Postgres(settings) => Ok(Arc::new(PostgresStore::open((**settings).clone()).await?)),
    }
}

/// Opens the store in a data directory, which is made when absent.
///
/// # Errors
/// What the store says is wrong.
pub fn open_store(data: &Path) -> anyhow::Result<Arc<SqliteStore>> {
    Ok(Arc::new(SqliteStore::open(&data.join(DATABASE_FILE))?))
}

/// The pools of a store without a server around them, for commands that work beside one: they reach no function and
/// nobody.
///
/// # Errors
/// When the master keys cannot be used, or are not those that what is stored was sealed with.
pub async fn pools_alone(store: Arc<dyn Store>, master_keys: &MasterKeys) -> anyhow::Result<Service> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let machine = Machine {
        clock: Arc::clone(&clock),
        entropy: Arc::clone(&entropy),
        credentials: None,
    };
    let ports = Ports {
        store,
        functions: Arc::new(FunctionRoutes::new(machine)),
        courier: Arc::new(Outbox::new(Arc::clone(&clock), Outbox::USUAL_CAPACITY)),
        clock,
        entropy,
    };
    let place = Place {
        region: String::new(),
        account: String::new(),
        public_url: String::new(),
        issuer: Issuer::Aws,
    };
    let sealer = unlock(&*ports.store, master_keys, &*ports.entropy).await?;
    Ok(Service::new(ports, place, sealer))
}

/// The ways to all functions of a file. Needs a tokio runtime around it.
///
/// # Errors
/// When a way cannot be made; settings that [`check_functions`] has passed leave little that can fail.
pub fn function_routes(file: FunctionsFile, machine: Machine) -> anyhow::Result<FunctionRoutes> {
    let mut routes = FunctionRoutes::new(machine);
    for (arn, way) in file.functions {
        match way {
            WaySettings::Builtin(settings) => {
                let function = MigrationFunction::new(&settings.configuration)?;
                routes.add_builtin(arn, Arc::new(function), settings.timeout);
            }
            WaySettings::Endpoint(settings) => routes.add_endpoint(arn, &settings)?,
            WaySettings::Spawn(settings) => routes.add_spawn(arn, settings),
        }
    }
    Ok(routes)
}

/// What is wrong with the configurations of builtin functions.
#[must_use]
pub fn check_functions(file: &FunctionsFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (arn, way) in &file.functions {
        if let WaySettings::Builtin(settings) = way {
            let found = MigrationFunction::check(&settings.configuration);
            problems.extend(
                found.into_iter().map(|problem| {
                    Problem::new(format!("functions.\"{arn}\".{}", problem.key), problem.mend)
                }),
            );
        }
    }
    problems
}
