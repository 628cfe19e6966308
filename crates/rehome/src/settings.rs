//! The settings of `rehome serve`: as typed, and as checked before anything starts.
//!
//! Every flag has its variable (`REHOME_…`); the flag wins. All problems are told together. Only this module reads
//! the environment for itself; the flags' variables are read by clap.

mod access_keys;
mod couriers;
mod database;
mod lambda_credentials;
mod languages;
mod master_key;
mod rate_limits;
mod traces;
mod wrapping_keys;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};
use pool::encryption_sdk::WrappingKeys;
use secrecy::SecretString;
use server::functions::Credentials;
use server::functions::settings::FunctionsFile;
use server::{AccessKeys, Languages, RateLimits};

use crate::logging::{Format, Logs};
use crate::pools_file::PoolsFile;
use crate::problem::{Problem, Problems};
use crate::wiring;

pub use couriers::CouriersFile;
pub(crate) use database::read_url as read_database_url;
pub use database::{Database, DatabaseArguments};
pub use traces::TracesSettings;
pub use wrapping_keys::read as read_wrapping_keys;

/// The port of a development pool that people know.
pub const USUAL_ADDRESS: &str = "127.0.0.1:9229";

/// The variable that holds access keys.
const ACCESS_KEYS_VARIABLE: &str = "REHOME_ACCESS_KEYS";

/// Names of environment variables to their values, as far as they are set.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's own environment.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "settings.rs reads the environment")]
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What `rehome serve` was told, unchecked.
#[derive(Args, Clone, Debug)]
pub struct ServeArguments {
    /// Address and port to listen on; port 0 takes a free one
    ///
    /// On an address other than loopback the server starts only with access keys (--access-keys-file), since without
    /// keys it accepts any signature.
    #[arg(long, env = "REHOME_LISTEN", value_name = "ADDRESS", default_value = USUAL_ADDRESS)]
    pub listen: String,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub database: DatabaseArguments,

    /// PostgreSQL replica for listings of users, groups and members, which may lag behind
    ///
    /// Nothing that a sign-in needs is read there. `file:PATH` as above.
    #[arg(
        long,
        env = "REHOME_DATABASE_READ_URL",
        hide_short_help = true,
        value_name = "URL",
        hide_env_values = true,
        requires = "database_url"
    )]
    pub database_read_url: Option<SecretString>,

    /// Refuse to start on PostgreSQL whose tables lack a step, instead of making it
    #[arg(
        long,
        env = "REHOME_NO_MIGRATE",
        hide_short_help = true,
        requires = "database_url"
    )]
    pub no_migrate: bool,

    /// TOML file that says how each function of a trigger is reached
    #[arg(long, env = "REHOME_FUNCTIONS", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub functions: Option<PathBuf>,

    /// TOML file with pools, app clients and users to make at start, once
    #[arg(long, env = "REHOME_POOLS", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub pools: Option<PathBuf>,

    /// TOML file that says how messages go out
    ///
    /// Without it nothing is sent to anybody: messages are shown at /_rehome/outbox, to this machine alone.
    #[arg(long, env = "REHOME_COURIERS", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub couriers: Option<PathBuf>,

    /// Texts of the pages in other languages
    ///
    /// A directory with one file a language, named like `de.toml` or `pt-BR.toml`. English and Japanese are there
    /// without it.
    #[arg(long, env = "REHOME_PAGE_TEXTS", hide_short_help = true, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub page_texts: Option<PathBuf>,

    /// Region in pool ids and ARNs
    #[arg(
        long,
        env = "REHOME_REGION",
        value_name = "REGION",
        default_value = "us-east-1"
    )]
    pub region: String,

    /// Account in ARNs, twelve digits
    #[arg(
        long,
        env = "REHOME_ACCOUNT",
        hide_short_help = true,
        value_name = "ID",
        default_value = "000000000000"
    )]
    pub account: String,

    /// URL under which clients reach this server [default: http:// and the listen address]
    ///
    /// It heads the `iss` claim of tokens and every URL that the server hands out.
    #[arg(long, env = "REHOME_PUBLIC_URL", value_name = "URL", value_hint = ValueHint::Url)]
    pub public_url: Option<String>,

    /// Form of the `iss` claim
    #[arg(long, env = "REHOME_ISSUER", value_name = "FORM", value_enum, default_value_t = IssuerForm::PublicUrl)]
    pub issuer: IssuerForm,

    /// TOML file with the AWS access keys whose signatures count
    ///
    /// It reads `[access_keys]` and one line `AKIAIOSFODNN7EXAMPLE = "secret"` a key. The variable REHOME_ACCESS_KEYS
    /// may hold them instead: `id:secret`, several with commas between.
    #[arg(long, env = "REHOME_ACCESS_KEYS_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub access_keys_file: Option<PathBuf>,

    /// File with the key that seals secrets at rest [default: master.key in the data directory]
    ///
    /// 32 bytes in Base64 or hexadecimal. The default file is made at the first start; one that is named here has to
    /// be there: head -c 32 /dev/urandom | base64 > master.key
    #[arg(long, env = "REHOME_MASTER_KEY_FILE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub master_key_file: Option<PathBuf>,

    /// Requests a second by Cognito's categories: off, cognito, or a TOML file
    ///
    /// `cognito` is what an account at AWS has: beyond it clients get TooManyRequestsException, as they would there. A
    /// file says what is to be other than that: `[requests_per_second]` and lines like `UserAuthentication = 500`.
    #[arg(
        long,
        env = "REHOME_RATE_LIMITS",
        value_name = "LIMITS",
        default_value = "off"
    )]
    pub rate_limits: String,

    /// Seconds for which a server that was told to stop goes on serving
    ///
    /// Meanwhile /readyz says no, so that balancers turn to other nodes before this one takes no connections any more. 0 to
    /// 600.
    #[arg(
        long,
        env = "REHOME_DRAIN_SECONDS",
        hide_short_help = true,
        value_name = "SECONDS",
        default_value_t = 0,
        value_parser = clap::value_parser!(u64).range(0..=600)
    )]
    pub drain_seconds: u64,

    #[command(flatten)]
    #[expect(missing_docs, reason = "clap would show it as the group's help")]
    pub log: LogArguments,
}

/// How much is logged, and in which form.
#[derive(Args, Clone, Debug)]
pub struct LogArguments {
    /// What to log: error, warn, info, debug, trace, or directives like server=debug [default: RUST_LOG, or info]
    #[arg(long, env = "REHOME_LOG", value_name = "LEVEL")]
    pub log: Option<String>,

    /// Form of the log on standard error
    #[arg(long, env = "REHOME_LOG_FORMAT", hide_short_help = true, value_name = "FORM", value_enum, default_value_t = Format::Text)]
    pub log_format: Format,
}

/// The form of the `iss` claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IssuerForm {
    /// <public URL>/<pool id>: the keys can be fetched there
    PublicUrl,
    /// https://cognito-idp.<region>.amazonaws.com/<pool id>, for verifiers that insist on it
    Aws,
}

/// What `rehome serve` goes by.
#[derive(Debug)]
pub struct ServeSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where state is kept.
    pub database: Database,
    /// Where the usual master key is.
    pub data: PathBuf,
    /// The master key's file, when it is not the usual one.
    pub master_key_file: Option<PathBuf>,
    /// How functions are reached.
    pub functions: FunctionsFile,
    /// The keys of the functions file, which encrypt codes for custom senders.
    pub wrapping_keys: WrappingKeys,
    /// What to make at start.
    pub pools: PoolsFile,
    /// How messages go out; without it they go to the outbox.
    pub couriers: Option<CouriersFile>,
    /// The languages of the pages.
    pub languages: Languages,
    /// The region in ids and ARNs.
    pub region: String,
    /// The account in ARNs.
    pub account: String,
    /// Where clients reach the server, if not at the listen address.
    pub public_url: Option<String>,
    /// How the issuer reads.
    pub issuer: IssuerForm,
    /// Whose signatures count.
    pub access_keys: AccessKeys,
    /// How many requests a second are let through.
    pub rate_limits: RateLimits,
    /// How long a server that was told to stop goes on serving.
    pub drain: Duration,
    /// What signs calls of Lambda's Invoke API.
    pub lambda_credentials: Option<Credentials>,
    /// Where traces go, if they go anywhere.
    pub traces: Option<TracesSettings>,
}

impl LogArguments {
    /// Checks the filter.
    ///
    /// # Errors
    /// When it is none.
    pub fn check(&self, environment: Environment<'_>) -> Result<Logs, Problem> {
        let from_variable = self.log.is_none().then(|| environment("RUST_LOG")).flatten();
        let (key, text) = match (&self.log, &from_variable) {
            (Some(text), _) => ("--log", text.as_str()),
            (None, Some(text)) => ("RUST_LOG", text.as_str()),
            (None, None) => ("--log", "info"),
        };
        let mend = "write error, warn, info, debug or trace, or directives like info,server=debug";
        Logs::new(text, self.log_format)
            .ok_or_else(|| Problem::new(key, format!("`{text}` is no log filter; {mend}")))
    }
}

impl ServeArguments {
    /// Reads the files that are named and checks everything.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn check(self, environment: Environment<'_>) -> Result<ServeSettings, Problems> {
        let mut problems = Vec::new();
        let listen = address(&self.listen, "--listen", &mut problems);
        let functions = self.functions.as_deref().map_or_else(
            || Some((FunctionsFile::default(), WrappingKeys::default())),
            |file| read_functions(file, &mut problems),
        );
        let pools = self.pools.as_deref().map_or_else(
            || Some(PoolsFile::default()),
            |file| {
                read(file, "--pools", &mut problems)
                    .and_then(|text| PoolsFile::parse(&file.display().to_string(), &text, &mut problems))
            },
        );
        let couriers = self
            .couriers
            .as_deref()
            .and_then(|file| couriers::read(file, &mut problems));
        let languages = languages::read(self.page_texts.as_deref(), &mut problems);
        check_place(&self, &mut problems);
        let database = self.check_database(&mut problems);
        let public_url = self.public_url.map(|url| url.trim_end_matches('/').to_owned());
        if public_url.as_deref().is_some_and(|url| !is_base_url(url)) {
            let mend =
                "is no URL to begin others with; write http://host:port or https://host, without query";
            problems.push(Problem::new("--public-url", mend));
        }
        let access_keys = access_keys::read(
            self.access_keys_file.as_deref(),
            environment(ACCESS_KEYS_VARIABLE),
            &mut problems,
        );
        if let (Some(listen), Some(AccessKeys::AnySignature)) = (listen, &access_keys)
            && !listen.ip().is_loopback()
        {
            let mend = format!(
                "{} can be reached from other machines, and without access keys any signature is accepted; name a file \
                 with --access-keys-file (or set {ACCESS_KEYS_VARIABLE}=id:secret), or listen on {USUAL_ADDRESS}",
                listen.ip(),
            );
            problems.push(Problem::new("--listen", mend));
        }
        let lambda_credentials = functions
            .as_ref()
            .and_then(|(functions, _)| lambda_credentials::find(functions, environment, &mut problems));
        let rate_limits = rate_limits::read(&self.rate_limits, &mut problems);
        let traces = traces::read(environment, &mut problems);
        let settings = match (
            listen,
            database,
            functions,
            pools,
            access_keys,
            rate_limits,
            languages,
        ) {
            (
                Some(listen),
                Some(database),
                Some((functions, wrapping_keys)),
                Some(pools),
                Some(access_keys),
                Some(rate_limits),
                Some(languages),
            ) => Some(ServeSettings {
                listen,
                database,
                data: self.database.data,
                master_key_file: self.master_key_file,
                functions,
                wrapping_keys,
                pools,
                couriers,
                languages,
                region: self.region,
                account: self.account,
                public_url,
                issuer: self.issuer,
                access_keys,
                rate_limits,
                drain: Duration::from_secs(self.drain_seconds),
                lambda_credentials,
                traces,
            }),
            _ => None,
        };
        Problems::none_in(problems, settings)
    }

    fn check_database(&self, problems: &mut Vec<Problem>) -> Option<Database> {
        let mut database = self.database.check(problems);
        if let Some(Database::Postgres(settings)) = &mut database {
            settings.migrate = !self.no_migrate;
            settings.read_url = self
                .database_read_url
                .as_ref()
                .and_then(|told| database::read_url(told, "--database-read-url", problems));
        }
        database
    }
}

/// Reads `host:port`; `localhost` is the loopback address of IPv4.
pub(crate) fn address(text: &str, key: &str, problems: &mut Vec<Problem>) -> Option<SocketAddr> {
    let local = text.strip_prefix("localhost:").and_then(|port| port.parse().ok());
    let address = match local {
        Some(port) => Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port)),
        None => text.parse().ok(),
    };
    if address.is_none() {
        let mend = format!("`{text}` is no address with a port; write {USUAL_ADDRESS}");
        problems.push(Problem::new(key, mend));
    }
    address
}

fn check_place(arguments: &ServeArguments, problems: &mut Vec<Problem>) {
    let region = &arguments.region;
    let sound = (1..=32).contains(&region.len())
        && region
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if !sound {
        problems.push(Problem::new(
            "--region",
            format!("`{region}` is no region; write one like us-east-1"),
        ));
    }
    let account = &arguments.account;
    if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
        let mend = format!("`{account}` is no account id; write twelve digits, like 000000000000");
        problems.push(Problem::new("--account", mend));
    }
}

/// Whether `url` can head other URLs.
fn is_base_url(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

/// The text of a file that a flag names.
pub(crate) fn read(file: &Path, flag: &str, problems: &mut Vec<Problem>) -> Option<String> {
    match std::fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) => {
            problems.push(Problem::new(
                flag,
                format!("{} cannot be read: {error}", file.display()),
            ));
            None
        }
    }
}

fn read_functions(file: &Path, problems: &mut Vec<Problem>) -> Option<(FunctionsFile, WrappingKeys)> {
    let text = read(file, "--functions", problems)?;
    let name = file.display();
    match FunctionsFile::parse(&text, wiring::BUILTINS) {
        Ok(functions) => {
            let mut more = wiring::check_functions(&functions);
            let keys = read_wrapping_keys(&functions).map_err(|problems| more.extend(problems));
            let ok = more.is_empty();
            problems.extend(
                more.into_iter()
                    .map(|problem| Problem::new(format!("{name}: {}", problem.key), problem.mend)),
            );
            keys.ok().filter(|_| ok).map(|keys| (functions, keys))
        }
        Err(mistakes) => {
            problems.extend(
                mistakes
                    .0
                    .into_iter()
                    .map(|wrong| Problem::new(format!("{name}: {}", wrong.key), wrong.mend)),
            );
            None
        }
    }
}
