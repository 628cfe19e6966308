//! Millions of users at once, put into the store in batches, as an import would. They have what users who moved have, a
//! verifier of the right size included, but nobody's password: nobody signs in as them.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use pool::attribute::Attributes;
use pool::id::{Case, Sub, UserPoolId, Username};
use pool::ports::{Change, Clock as _, Entropy as _, Store, SystemClock, SystemEntropy};
use pool::user::{Credential, User, UserStatus};

/// Users a commit. Their ids are random, so every page of an index is touched by some; the more users a commit has, the less
/// often each page is written.
const BATCH: u64 = 50_000;

/// Salt, verifier, and what sealing adds.
const SEALED_VERIFIER: usize = 450;

/// Adds so many users to a pool whose user names are e-mail addresses. Gives how long it took.
///
/// # Errors
/// What the store says.
pub(crate) async fn fill(store: &dyn Store, pool: &str, users: u64) -> anyhow::Result<Duration> {
    let pool = UserPoolId::parse(pool).ok_or_else(|| anyhow::anyhow!("{pool} is no pool's id"))?;
    let bar = ProgressBar::new(users);
    let style = "{bar:40} {human_pos} of {human_len} users, {per_sec}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style)?);
    let began = Instant::now();
    let mut next = 0;
    while next < users {
        let end = users.min(next + BATCH);
        let changes = (next..end).map(|number| insertion(&pool, number)).collect();
        store.commit(changes).await?;
        next = end;
        bar.set_position(next);
    }
    bar.finish_and_clear();
    Ok(began.elapsed())
}

fn insertion(pool: &UserPoolId, number: u64) -> Change {
    let sub = Sub::generate(&SystemEntropy);
    let email = format!("filled-{number}@example.com");
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
