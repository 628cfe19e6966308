//! The functions file: how each function that a trigger names is reached.
//!
//! ```toml
//! [functions."arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration"]
//! builtin = "migration"                 # our function, in process
//! from = { kind = "cognito", user_pool_id = "us-east-1_AbCdEf123", client_id = "…" }
//! timeout_ms = 3000                     # its own time-out, as in Lambda; may be left out
//!
//! [functions."arn:aws:lambda:us-east-1:000000000000:function:deployed"]
//! endpoint = "http://127.0.0.1:9001"    # anything that speaks Lambda's Invoke API; "aws" is the real one
//!
//! [functions."arn:aws:lambda:us-east-1:000000000000:function:article"]
//! spawn = ["python3", "-m", "awslambdaric", "app.lambda_handler"]   # anything that speaks Lambda's Runtime API
//! working_directory = "functions/article"                           # where it runs
//! env = { OLD_USER_POOL_ID = "…", OLD_CLIENT_ID = "…" }
//! concurrency = 4                       # at most so many processes, one event each
//!
//! [keys."arn:aws:kms:us-east-1:000000000000:key/0b4cfe42-7a1c-4e51-9c0d-2f6f2c1f7a10"]
//! file = "sender.key"                   # 32 bytes in Base64: what encrypts codes for custom senders
//! ```
//!
//! An ARN may name an alias or a version; an ARN without one stands for all of them. All mistakes of a file are told
//! together, each with its key and its mend.

mod section;

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use pool::ports::FunctionArn;
use reqwest::Url;
use secrecy::SecretString;

use super::ArnParts;
use super::endpoint::is_aws;
use section::Section;

/// The functions file, checked.
#[derive(Debug, Default)]
pub struct FunctionsFile {
    /// Every function and the way to it.
    pub functions: BTreeMap<FunctionArn, WaySettings>,
    /// The file of each key that a pool's `KMSKeyID` may name, by the key's ARN.
    pub keys: BTreeMap<String, PathBuf>,
}

/// How one function is reached.
#[derive(Debug)]
pub enum WaySettings {
    /// In this process.
    Builtin(BuiltinSettings),
    /// Through Lambda's Invoke API.
    Endpoint(EndpointSettings),
    /// As a child process of ours.
    Spawn(SpawnSettings),
}

/// A function in this process.
pub struct BuiltinSettings {
    /// Which one, of the names that [`FunctionsFile::parse`] was given.
    pub name: String,
    /// Its configuration, in the form of `rehome.toml`: `from` and whatever else is given. May hold secrets.
    pub configuration: toml::Table,
    /// The function's own time-out.
    pub timeout: Option<Duration>,
}

impl fmt::Debug for BuiltinSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuiltinSettings({:?}, …)", self.name)
    }
}

/// A function behind Lambda's Invoke API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointSettings {
    /// AWS, in the region of the ARN.
    Aws,
    /// An `http` or `https` URL: the base of the API or, when its path holds `2015-03-31/functions`, the whole.
    Url(Url),
}

impl EndpointSettings {
    /// Whether AWS answers there, which takes signed calls alone.
    #[must_use]
    pub fn needs_credentials(&self) -> bool {
        match self {
            Self::Aws => true,
            Self::Url(url) => is_aws(url),
        }
    }
}

/// A program that speaks Lambda's Runtime API.
#[derive(Clone, Debug)]
pub struct SpawnSettings {
    /// The program; one without a slash is looked up in `PATH`, a relative one in the working directory.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Environment variables of the function, which may hold secrets.
    pub env: BTreeMap<String, SecretString>,
    /// `_HANDLER`, for runtimes that ask for it.
    pub handler: Option<String>,
    /// Where the program runs; ours when absent.
    pub working_directory: Option<PathBuf>,
    /// At most so many processes; each has one event at a time, as in Lambda.
    pub concurrency: NonZeroUsize,
    /// The function's own time-out.
    pub timeout: Option<Duration>,
    /// How long a process may take until it asks for its first event.
    pub start_timeout: Duration,
}

impl SpawnSettings {
    /// Lambda gives the init phase of a function ten seconds.
    /// Source: "Lambda execution environment lifecycle" in Lambda's guide.
    pub const USUAL_START_TIMEOUT: Duration = Duration::from_secs(10);

    /// As many at once as a development machine has cores to serve.
    pub const USUAL_CONCURRENCY: NonZeroUsize = match NonZeroUsize::new(4) {
        Some(four) => four,
        None => NonZeroUsize::MIN,
    };

    /// A program with everything else as usual.
    #[must_use]
    pub fn new(program: impl Into<String>, arguments: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(Into::into).collect(),
            env: BTreeMap::new(),
            handler: None,
            working_directory: None,
            concurrency: Self::USUAL_CONCURRENCY,
            timeout: None,
            start_timeout: Self::USUAL_START_TIMEOUT,
        }
    }
}

/// Everything that is wrong with a functions file, one mistake a line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Mistakes(pub Vec<Mistake>);

/// One thing that is wrong.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {mend}")]
pub struct Mistake {
    /// Where: a dotted key, or a line of the file when it is no TOML.
    pub key: String,
    /// What is wrong and what to write. Quotes no value: it may be a secret.
    pub mend: String,
}

impl FunctionsFile {
    /// Reads the text of a functions file. `builtins` are the names that `builtin` may have.
    ///
    /// # Errors
    /// All [`Mistakes`] at once.
    pub fn parse(text: &str, builtins: &[&str]) -> Result<Self, Mistakes> {
        let table: toml::Table = text
            .parse()
            .map_err(|error| Mistakes(vec![not_toml(text, &error)]))?;
        let mut mistakes = Vec::new();
        let mut functions = BTreeMap::new();
        let mut root = Section::new(String::new(), table, &mut mistakes);
        let entries = root.table("functions").unwrap_or_default();
        let key_entries = root.table("keys").unwrap_or_default();
        root.refuse_the_rest();
        for (arn, value) in entries {
            let arn = FunctionArn(arn);
            if let Some(way) = read_function(&arn, value, builtins, &mut mistakes) {
                functions.insert(arn, way);
            }
        }
        let mut keys = BTreeMap::new();
        for (arn, value) in key_entries {
            if let Some(file) = read_key(&arn, value, &mut mistakes) {
                keys.insert(arn, file);
            }
        }
        if mistakes.is_empty() {
            Ok(Self { functions, keys })
        } else {
            Err(Mistakes(mistakes))
        }
    }
}

fn read_function(
    arn: &FunctionArn,
    value: toml::Value,
    builtins: &[&str],
    mistakes: &mut Vec<Mistake>,
) -> Option<WaySettings> {
    let key = format!("functions.\"{arn}\"");
    if ArnParts::of(arn).is_none() {
        let mend = "is not the ARN of a function; write arn:aws:lambda:<region>:<12 digits>:function:<name>";
        mistakes.push(Mistake {
            key: key.clone(),
            mend: mend.to_owned(),
        });
    }
    let toml::Value::Table(table) = value else {
        let mend = "is not a table; write it as [functions.\"<arn>\"] with the keys below".to_owned();
        mistakes.push(Mistake { key, mend });
        return None;
    };
    let mut section = Section::new(key, table, mistakes);
    let ways: Vec<_> = ["builtin", "endpoint", "spawn"]
        .into_iter()
        .filter(|way| section.has(way))
        .collect();
    let way = match ways[..] {
        ["builtin"] => read_builtin(&mut section, builtins).map(WaySettings::Builtin),
        ["endpoint"] => read_endpoint(&mut section).map(WaySettings::Endpoint),
        ["spawn"] => read_spawn(&mut section).map(WaySettings::Spawn),
        [] => {
            section.wrong(
                None,
                "says no way to the function; write one of `builtin`, `endpoint`, `spawn`",
            );
            return None;
        }
        _ => {
            let mend = format!(
                "says {} ways to the function ({}); keep one",
                ways.len(),
                ways.join(", ")
            );
            section.wrong(None, &mend);
            return None;
        }
    };
    section.refuse_the_rest();
    way
}

/// What a `rehome.toml` has, and a builtin function takes beside its name; the function reads it.
const BUILTIN_TABLES: [&str; 10] = [
    "from",
    "to",
    "attributes",
    "rules",
    "shares",
    "shield",
    "levers",
    "refresh",
    "log",
    "companion",
];
const BUILTIN_VALUES: [&str; 3] = ["budget_ms", "digest_key", "digest_key_file"];

fn read_builtin(section: &mut Section<'_>, builtins: &[&str]) -> Option<BuiltinSettings> {
    let name = section.text("builtin");
    if name.as_deref().is_some_and(|name| !builtins.contains(&name)) {
        section.wrong(
            Some("builtin"),
            &format!("there is no such function; write {}", section::one_of(builtins)),
        );
    }
    let mut configuration = toml::Table::new();
    for part in BUILTIN_TABLES {
        if let Some(table) = section.table(part) {
            configuration.insert(part.to_owned(), toml::Value::Table(table));
        }
    }
    for key in BUILTIN_VALUES {
        if let Some(value) = section.value(key) {
            configuration.insert(key.to_owned(), value);
        }
    }
    let timeout = section.milliseconds("timeout_ms");
    Some(BuiltinSettings {
        name: name?,
        configuration,
        timeout,
    })
}

fn read_endpoint(section: &mut Section<'_>) -> Option<EndpointSettings> {
    let text = section.text("endpoint")?;
    if text == "aws" {
        return Some(EndpointSettings::Aws);
    }
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = Url::parse(&text).ok().filter(plain);
    if url.is_none() {
        section.wrong(
            Some("endpoint"),
            "write a URL like \"http://127.0.0.1:9001\", or \"aws\" for AWS itself",
        );
    }
    url.map(EndpointSettings::Url)
}

fn read_spawn(section: &mut Section<'_>) -> Option<SpawnSettings> {
    let command = section.texts("spawn");
    let env = section.table("env").unwrap_or_default();
    let env = env
        .into_iter()
        .filter_map(|(name, value)| read_variable(section, name, value))
        .collect();
    let handler = section.text("handler");
    let working_directory = section.text("working_directory").map(PathBuf::from);
    let concurrency = section.count("concurrency", 1000);
    let timeout = section.milliseconds("timeout_ms");
    let start_timeout = section.milliseconds("start_timeout_ms");
    let mut command = command?.into_iter();
    let Some(program) = command.next().filter(|program| !program.is_empty()) else {
        section.wrong(Some("spawn"), "names no program; write [\"./bootstrap\"]");
        return None;
    };
    let usual = SpawnSettings::new(program, command);
    Some(SpawnSettings {
        env,
        handler,
        working_directory,
        concurrency: concurrency.unwrap_or(usual.concurrency),
        timeout,
        start_timeout: start_timeout.unwrap_or(usual.start_timeout),
        ..usual
    })
}

fn read_variable(
    section: &mut Section<'_>,
    name: String,
    value: toml::Value,
) -> Option<(String, SecretString)> {
    let key = format!("env.{name}");
    if name.is_empty() || name.contains(['=', '\0']) {
        section.wrong(
            Some(&key),
            "is no name of an environment variable; leave out `=` and control characters",
        );
        return None;
    }
    if name == "AWS_LAMBDA_RUNTIME_API" {
        section.wrong(Some(&key), "is set for the function when it starts; leave it out");
        return None;
    }
    match value {
        toml::Value::String(text) if !text.contains('\0') => Some((name, text.into())),
        _ => {
            section.wrong(Some(&key), "is not a text; put quotes around the value");
            None
        }
    }
}

/// The file of a key; the key itself is nothing for a file that people pass around.
fn read_key(arn: &str, value: toml::Value, mistakes: &mut Vec<Mistake>) -> Option<PathBuf> {
    let key = format!("keys.\"{arn}\"");
    let parts: Vec<&str> = arn.split(':').collect();
    let of_a_key = matches!(parts[..], ["arn", _, "kms", _, _, name] if name.starts_with("key/") || name.starts_with("alias/"));
    if !of_a_key {
        let mend =
            "is not the ARN of a key; write arn:aws:kms:<region>:<12 digits>:key/<id>, as KMSKeyID has it";
        mistakes.push(Mistake {
            key: key.clone(),
            mend: mend.to_owned(),
        });
    }
    let toml::Value::Table(table) = value else {
        let mend = "is not a table; write it as [keys.\"<arn>\"] with the key `file`".to_owned();
        mistakes.push(Mistake { key, mend });
        return None;
    };
    let mut section = Section::new(key, table, mistakes);
    let absent = !section.has("file");
    let file = section.text("file");
    if absent {
        section.wrong(Some("file"), "name a file with 32 bytes in Base64; make one with: head -c 32 /dev/urandom | base64 > sender.key");
    }
    section.refuse_the_rest();
    file.map(PathBuf::from)
}

/// Says the line alone: the parser's own display quotes it, and a secret may stand in it.
fn not_toml(text: &str, error: &toml::de::Error) -> Mistake {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
    Mistake {
        key: format!("line {line}"),
        mend: format!("is not TOML: {}", error.message()),
    }
}

/// What a spawned function keeps of our environment: where programs and a home are, the language, the place for
/// temporary files. Everything else is ours alone, our credentials first of all.
#[expect(clippy::disallowed_methods, reason = "settings.rs reads the environment")]
pub(super) fn inherited_environment() -> impl Iterator<Item = (&'static str, std::ffi::OsString)> {
    ["PATH", "HOME", "LANG", "TMPDIR"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
}
