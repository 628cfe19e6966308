//! `rehome master-key rotate`: proposes the new key, has it seal, and passes over what rests until nothing is left.

use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Args;
use pool::master_key::{
    DescribedMasterKey, HEARD_WITHIN, MasterKeyState, Pass, REQUESTS_END_WITHIN, RotationError, describe,
    let_go_of_former, propose, take_over,
};
use pool::seal::MasterKeyId;
use pool::service::Service;
use pool::time::Span;
use tokio::time::{Instant, sleep};

use super::SealedArguments;
use crate::commands::bar::Bar;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// What is rotated.
#[derive(Args, Debug)]
pub struct RotateArguments {
    #[command(flatten)]
    pub sealed: SealedArguments,

    /// The key that is to seal, by its id [default: the one in the file that is not in use yet]
    #[arg(long, value_name = "ID", value_parser = id)]
    pub to: Option<MasterKeyId>,

    /// When all requests have ended that servers had begun before they heard of the change
    ///
    /// Those may still write what the former key has sealed. What rests is looked through once more after that time.
    #[arg(long, hide_short_help = true, value_name = "SECONDS", default_value_t = REQUESTS_END_WITHIN.as_seconds(),
        value_parser = clap::value_parser!(i64).range(1..=86_400))]
    pub requests_end_within: i64,
}

fn id(text: &str) -> Result<MasterKeyId, &'static str> {
    MasterKeyId::parse(text)
        .ok_or("an id has eight hexadecimal digits, as rehome master-key status shows them")
}

/// Rotates.
///
/// # Errors
/// What keeps the store from being opened, or the key from taking over.
pub(super) async fn run(told: RotateArguments) -> anyhow::Result<Exit> {
    let service = told.sealed.open().await?;
    let keys = describe(&service).await?;
    let mut terminal = Terminal::stdout();
    if let Some(next) = next(&keys, told.to)? {
        propose(&service, next).await.map_err(advised)?;
        terminal.line(&format!(
            "{next} is proposed: servers that lack it have some seconds to say so"
        ))?;
        sleep(duration(HEARD_WITHIN)).await;
        take_over(&service, next).await.map_err(advised)?;
        terminal.line(&format!("{next} seals from now on"))?;
    } else if keys.iter().all(|key| key.state == MasterKeyState::Sealing) {
        bail!(
            "there is no other key: add one to the file of every server, as another line \
             (head -c 32 /dev/urandom | base64 >> master.key), and restart them one by one"
        );
    }
    let requests_end_within = Span::seconds(told.requests_end_within);
    let shut = seal_anew(&service, requests_end_within, &mut terminal).await?;
    super::show(&describe(&service).await?, &mut terminal)?;
    if shut > 0 {
        terminal.line(&format!(
            "{shut} values open under none of these keys: damaged, or sealed under others; they stay as they are"
        ))?;
    }
    Ok(Exit::Done)
}

/// The key that is to take over; `None` when the one that seals is to stay.
fn next(keys: &[DescribedMasterKey], told: Option<MasterKeyId>) -> anyhow::Result<Option<MasterKeyId>> {
    let seals = |id| {
        keys.iter()
            .any(|key| key.id == id && key.state == MasterKeyState::Sealing)
    };
    if let Some(id) = told {
        if !keys.iter().any(|key| key.id == id && key.held) {
            bail!("the master key {id} is not in the file: add it, here and on every server");
        }
        return Ok((!seals(id)).then_some(id));
    }
    let unused: Vec<_> = keys
        .iter()
        .filter(|key| key.state == MasterKeyState::Unused)
        .collect();
    match unused.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.id)),
        more => {
            let ids: Vec<_> = more.iter().map(|key| key.id.to_string()).collect();
            bail!(
                "the file holds several new keys: name one with --to ({})",
                ids.join(", ")
            )
        }
    }
}

/// Passes over what rests until a pass that waits for nobody finds nothing. Gives how many values did not open.
async fn seal_anew(
    service: &Service,
    requests_end_within: Span,
    terminal: &mut Terminal,
) -> anyhow::Result<u64> {
    loop {
        let pass = one_pass(service)
            .await
            .context("what was sealed anew stays so; run it again to go on")?;
        let found = pass.found();
        terminal.line(&match found.anew {
            0 => "all looked through: no former key has sealed anything that rests".to_owned(),
            anew => format!("{anew} values sealed anew"),
        })?;
        match (found.anew, pass.waits_until(requests_end_within)) {
            (0, None) => {
                let_go_of_former(service, &pass).await.map_err(advised)?;
                return Ok(found.shut);
            }
            (0, Some(until)) => {
                let wait = duration(until.since(service.now()));
                terminal.line(&format!(
                    "{} seconds until no server can be in the middle of a request from before; then all is looked \
                     through once more",
                    wait.as_secs() + 1
                ))?;
                sleep(wait + Duration::from_millis(1)).await;
            }
            _ => {}
        }
    }
}

async fn one_pass(service: &Service) -> Result<Pass, RotationError> {
    let mut pass = Pass::begin(service).await?;
    let mut bar = Bar::new();
    loop {
        let (before, since) = (pass.found().anew, Instant::now());
        if !pass.go_on(service).await? {
            bar.end();
            return Ok(pass);
        }
        bar.show(pass.progress());
        if pass.found().anew > before {
            // As long as it has written, servers write alone.
            sleep(since.elapsed()).await;
        }
    }
}

fn duration(span: Span) -> Duration {
    Duration::from_millis(u64::try_from(span.0).unwrap_or_default())
}

/// With what to do about it.
fn advised(error: RotationError) -> anyhow::Error {
    let next = match &error {
        RotationError::LackedBy { .. } => {
            "; add it there as another line, restart it, and run this again. Nothing has changed"
        }
        RotationError::Other(_) => "; run this again in a minute. rehome master-key status shows what seals",
        RotationError::Lacking(_) => "; add it to the file that --master-key-file names",
        _ => "",
    };
    match next {
        "" => error.into(),
        next => anyhow::anyhow!("{error}{next}"),
    }
}
