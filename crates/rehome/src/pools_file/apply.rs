//! Making what the file asks for and the pools do not have.

use std::sync::Arc;

use pool::app_client::create_user_pool_client;
use pool::branding::{SetUICustomization, get_ui_customization, seed_ui_customization};
use pool::error::Error;
use pool::id::AppClientId;
use pool::service::Service;
use pool::user::{SeedUser, User, admin_get_user, has_password, seed_user};
use pool::user_pool::create_user_pool;
use tokio::task::JoinSet;

use super::differences;
use super::report::{Difference, Kind, Report};
use super::{AppClientEntry, PoolEntry, PoolsFile};

/// How many users are made at once: the store makes durable together what comes together.
const AT_ONCE: usize = 64;

/// An entry could not be made. Those before it were.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {source}")]
pub struct NotApplied {
    /// The file and the place in it.
    pub place: String,
    /// What the pool says.
    pub source: Error,
}

/// What became of one entry.
enum Fate {
    Made,
    Kept(Vec<&'static str>),
}

/// Makes every pool, app client and user of `file` that is not there.
///
/// # Errors
/// [`NotApplied`] with the first entry that cannot be made; mended, the same file can be applied again.
pub async fn apply(service: &Arc<Service>, file: PoolsFile) -> Result<Report, NotApplied> {
    let mut report = Report::default();
    for (n, entry) in file.user_pools.into_iter().enumerate() {
        let place = format!("user_pools[{n}]");
        pool(service, entry, &place, &mut report)
            .await
            .map_err(|(place, source)| NotApplied {
                place: format!("{}: {place}", file.name),
                source,
            })?;
    }
    Ok(report)
}

type Refused = (String, Error);

async fn pool(
    service: &Arc<Service>,
    entry: PoolEntry,
    place: &str,
    report: &mut Report,
) -> Result<(), Refused> {
    let PoolEntry {
        id,
        user_pool,
        ui_customization,
        app_clients,
        users,
    } = entry;
    let fate = match service.user_pool(&id).await {
        Ok(there) => Ok(Fate::Kept(differences::of_user_pool(&user_pool, &there.pool))),
        Err(Error::ResourceNotFound(_)) => {
            let made = create_user_pool(service, user_pool).await;
            let there = service.user_pool(&id).await.is_ok();
            made_or_kept(made.map(drop), there)
        }
        Err(error) => Err(error),
    };
    let fate = match fate {
        Ok(fate) => look(service, ui_customization, fate).await,
        refused => refused,
    };
    note(report, Kind::UserPool, place.to_owned(), fate)?;
    for (n, client) in app_clients.into_iter().enumerate() {
        let fate = app_client(service, client).await;
        note(report, Kind::AppClient, format!("{place}.app_clients[{n}]"), fate)?;
    }
    for (n, fate) in all_users(service, users).await {
        note(report, Kind::User, format!("{place}.users[{n}]"), fate)?;
    }
    Ok(())
}

/// What could not be made and is there now has been made by another server, which started with the same file.
fn made_or_kept(made: Result<(), Error>, there: bool) -> Result<Fate, Error> {
    match made {
        Err(_) if there => Ok(Fate::Kept(Vec::new())),
        made => made.map(|()| Fate::Made),
    }
}

fn note(report: &mut Report, kind: Kind, place: String, fate: Result<Fate, Error>) -> Result<(), Refused> {
    match fate {
        Err(error) => return Err((place, error)),
        Ok(Fate::Made) => report.made[kind as usize] += 1,
        Ok(Fate::Kept(keys)) => {
            report.kept[kind as usize] += 1;
            if !keys.is_empty() {
                let keys = keys.into_iter().map(ToOwned::to_owned).collect();
                report.differences.push(Difference { place, keys });
            }
        }
    }
    Ok(())
}

async fn app_client(service: &Service, entry: AppClientEntry) -> Result<Fate, Error> {
    let AppClientEntry {
        client,
        ui_customization,
    } = entry;
    let id = client.id.as_ref().map(ToString::to_string).unwrap_or_default();
    let fate = if let Some(there) = service.find_app_client(&id).await? {
        Fate::Kept(differences::of_app_client(&client, &there))
    } else {
        let made = create_user_pool_client(service, client).await;
        let there = service.find_app_client(&id).await?.is_some();
        made_or_kept(made.map(drop), there)?
    };
    look(service, ui_customization, fate).await
}

/// The look of the pages of a pool or an app client that is there by now: made where it has none of its own.
async fn look(service: &Service, wanted: Option<SetUICustomization>, fate: Fate) -> Result<Fate, Error> {
    let Some(wanted) = wanted else {
        return Ok(fate);
    };
    let (pool, client) = (&wanted.user_pool_id, wanted.client_id.as_deref());
    let (_, whose, there) = get_ui_customization(service, pool, client).await?;
    // What holds for all is not the app client's own.
    let is_own = whose.as_ref().map(AppClientId::as_str) == client;
    match (there.filter(|_| is_own), fate) {
        // Where another server is faster, what that makes stays.
        (None, fate) => seed_ui_customization(service, wanted).await.map(|()| fate),
        (Some(there), Fate::Kept(mut keys)) => {
            if differences::in_ui_customization(&wanted, &there) {
                keys.push("ui_customization");
            }
            Ok(Fate::Kept(keys))
        }
        (Some(_), Fate::Made) => Ok(Fate::Made),
    }
}

/// All users of a pool, [`AT_ONCE`] at a time; their fates in the file's order.
async fn all_users(service: &Arc<Service>, users: Vec<SeedUser>) -> Vec<(usize, Result<Fate, Error>)> {
    let mut fates = Vec::with_capacity(users.len());
    let mut running = JoinSet::new();
    for (n, wanted) in users.into_iter().enumerate() {
        if running.len() == AT_ONCE {
            fates.extend(running.join_next().await.map(ended));
        }
        let service = Arc::clone(service);
        running.spawn(async move { (n, user(&service, wanted).await) });
    }
    while let Some(next) = running.join_next().await {
        fates.push(ended(next));
    }
    fates.sort_by_key(|(n, _)| *n);
    fates
}

type Ended = (usize, Result<Fate, Error>);

fn ended(result: Result<Ended, tokio::task::JoinError>) -> Ended {
    result.unwrap_or_else(|broken| (usize::MAX, Err(Error::internal(broken))))
}

async fn user(service: &Service, wanted: SeedUser) -> Result<Fate, Error> {
    match admin_get_user(service, &wanted.user_pool_id, &wanted.username).await {
        Ok(there) => {
            let mut keys = differences::of_user(&wanted, &there);
            if !same_password(service, &wanted, &there).await? {
                keys.push("password");
            }
            Ok(Fate::Kept(keys))
        }
        Err(Error::UserNotFound(_)) => {
            let (pool, name) = (wanted.user_pool_id.clone(), wanted.username.clone());
            let made = seed_user(service, wanted).await;
            let there = made.is_err() && admin_get_user(service, &pool, &name).await.is_ok();
            made_or_kept(made.map(drop), there)
        }
        Err(error) => Err(error),
    }
}

async fn same_password(service: &Service, wanted: &SeedUser, there: &User) -> Result<bool, Error> {
    match &wanted.password {
        Some(password) => has_password(service, there, password).await,
        None => Ok(true),
    }
}
