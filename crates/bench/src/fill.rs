//! Millions of users at once, put into the store in batches, as an import would. They have what users who moved have, a
//! verifier of the right size included, but nobody's password: nobody signs in as them. They come in the order of their ids, as a
//! loader sorts them, so that each page of an index is written once.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use pool::attribute::Attributes;
use pool::id::{Case, Sub, UserPoolId, Username};
use pool::ports::{Change, Clock as _, Entropy as _, Store, SystemClock, SystemEntropy};
use pool::user::{Credential, User, UserStatus};
use store::SqliteStore;

/// Users a commit.
const BATCH: u64 = 10_000;

/// Salt, verifier, and what sealing adds.
const SEALED_VERIFIER: usize = 450;

/// Adds so many users to a pool whose user names are e-mail addresses. Gives how long it took.
///
/// # Errors
/// What the store says.
pub(crate) async fn fill(store: &SqliteStore, pool: &str, users: u64) -> anyhow::Result<Duration> {
    let pool = UserPoolId::parse(pool).ok_or_else(|| anyhow::anyhow!("{pool} is no pool's id"))?;
    let (began, bar) = (Instant::now(), progress_bar(users, "users")?);
    let mut first = 0;
    while first < users {
        let end = users.min(first + BATCH);
        let changes: anyhow::Result<_> = (first..end)
            .map(|number| Ok(insertion(&pool, sub(number, users)?, number)))
            .collect();
        store.commit(changes?).await?;
        bar.inc(end - first);
        first = end;
    }
    bar.finish_and_clear();
    Ok(began.elapsed())
}

/// How far it is with so many of these.
///
/// # Errors
/// When the bar cannot be drawn so.
pub(crate) fn progress_bar(of: u64, things: &str) -> anyhow::Result<ProgressBar> {
    let style = format!("{{bar:40}} {{human_pos}} of {{human_len}} {things}, {{per_sec}}, {{eta}} left");
    Ok(ProgressBar::new(of).with_style(ProgressStyle::with_template(&style)?))
}

/// A random id, but for its first half: these are in the order of the numbers.
fn sub(number: u64, of: u64) -> anyhow::Result<Sub> {
    let place = u128::from(number) * (1 << 32) / u128::from(of.max(1));
    let random = Sub::generate(&SystemEntropy);
    let rest = random.as_str().get(8..).unwrap_or_default();
    Sub::parse(&format!("{place:08x}{rest}")).ok_or_else(|| anyhow::anyhow!("more users than ids"))
}

fn insertion(pool: &UserPoolId, sub: Sub, number: u64) -> Change {
    let email = format!("filled-{number:09}@example.com");
    let now = SystemClock.now();
    let mut sealed_verifier = vec![0; SEALED_VERIFIER];
    SystemEntropy.fill(&mut sealed_verifier);
    let logins = vec![
        Case::Insensitive.login_key(sub.as_str()),
        Case::Insensitive.login_key(&email),
    ];
    let attributes = [("email", email.as_str()), ("email_verified", "true")];
    Change::InsertUser {
        user: Box::new(User {
            user_pool_id: pool.clone(),
            username: Username::from(sub.clone()),
            sub,
            attributes: attributes.into_iter().collect::<Attributes>(),
            enabled: true,
            status: UserStatus::Confirmed,
            credential: Some(Credential {
                former: Vec::new(),
                sealed_verifier,
                set_at: now,
                generation: 1,
            }),
            lockout: pool::user::Lockout::default(),
            password_changes: pool::user::HourlyTries::default(),
            codes: std::collections::BTreeMap::new(),
            mfa: pool::user::MfaPreference::default(),
            migratable: false,
            groups: Vec::new(),
            second_factor: pool::user::SecondFactor::default(),
            passkeys: Vec::new(),
            software_tokens: pool::user::SoftwareTokens::default(),
            tokens_revoked_at: None,
            created_at: now,
            modified_at: now,
            version: 1,
        }),
        logins,
    }
}
