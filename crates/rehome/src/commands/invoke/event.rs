//! The event of an invocation: read, or made from what was typed.

use std::io::{IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use directory::cognito;
use trigger::migrate_user::{Request, Source as TriggerSource};
use trigger::{CallerContext, Event, Header, MigrateUser, Password, Payload, UNKNOWN_SDK};

use super::Source;
use crate::problem::{Problem, Problems};

/// The largest event: Lambda's own limit on a payload.
const LARGEST: u64 = 6 * 1024 * 1024;

/// Reads an event from a file, or from standard input for `-`.
pub(super) fn read(file: &Path) -> anyhow::Result<Payload> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(LARGEST).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(LARGEST).read_to_end(&mut bytes))
    };
    read.map_err(|error| {
        Problems(vec![Problem::new(
            file.display().to_string(),
            format!("cannot be read: {error}"),
        )])
    })?;
    let payload = Payload::from_bytes(bytes);
    Event::<MigrateUser>::parse(&payload)
        .map_err(|error| Problems(vec![Problem::new(file.display().to_string(), error.to_string())]))?;
    Ok(payload)
}

/// Makes the event that Cognito would send. The new pool is a made-up one: the function does not look at it.
pub(super) fn make(source: Source, username: String, from: &cognito::Settings) -> anyhow::Result<Payload> {
    let (source, password) = match source {
        Source::Authentication => (TriggerSource::Authentication, Some(password()?)),
        Source::ForgotPassword => (TriggerSource::ForgotPassword, None),
    };
    let header = Header {
        region: from.region.clone(),
        user_pool_id: format!("{}_Invoke000", from.region),
        user_name: username,
        caller_context: CallerContext {
            aws_sdk_version: UNKNOWN_SDK.to_owned(),
            client_id: Some("rehomeinvoke".to_owned()),
        },
    };
    let request = Request {
        password,
        validation_data: None,
        client_metadata: None,
    };
    Ok(Event::<MigrateUser>::new(source, header, request).payload())
}

/// One line from standard input; on a terminal it is asked for and not shown.
fn password() -> anyhow::Result<Password> {
    let mut line = zeroize::Zeroizing::new(String::new());
    if std::io::stdin().is_terminal() {
        write!(std::io::stderr(), "Password: ")?;
        let _silence = Silence::begin();
        std::io::stdin()
            .read_line(&mut line)
            .context("no password could be read")?;
        writeln!(std::io::stderr())?;
    } else {
        std::io::stdin()
            .read_line(&mut line)
            .context("no password could be read")?;
    }
    Ok(Password::new(line.trim_end_matches(['\r', '\n'])))
}

/// While it lives, the terminal does not show what is typed.
struct Silence(#[cfg(unix)] Option<rustix::termios::Termios>);

impl Silence {
    #[cfg(unix)]
    fn begin() -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(std::io::stdin()).ok();
        if let Some(before) = &before {
            let mut silent = before.clone();
            silent.local_modes.remove(LocalModes::ECHO);
            // A terminal that cannot be silenced still takes the password.
            let _shown = tcsetattr(std::io::stdin(), OptionalActions::Flush, &silent);
        }
        Self(before)
    }

    #[cfg(not(unix))]
    fn begin() -> Self {
        Self()
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _stays_silent =
                rustix::termios::tcsetattr(std::io::stdin(), rustix::termios::OptionalActions::Flush, before);
        }
    }
}
