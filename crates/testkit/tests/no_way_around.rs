//! Whatever is answered to challenges, in whatever order: nobody gets tokens without every proof that is needed.

mod behaviour;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

use behaviour::{HIDING, LEGACY, PASSWORD, Pool, Seen, Srp, WRONG, claims, tokens, user};

/// `ann` has a password, `eve` a second factor, `fay` and `gil` have temporary passwords, `nobody` is not there.
const NAMES: [&str; 5] = ["ann", "eve", "fay", "gil", "nobody"];
const CLIENTS: [&str; 2] = [LEGACY, HIDING];
const PHONE: &str = "+12065550105";

/// One thing that an attacker may do.
#[derive(Clone, Debug)]
enum Step {
    Password {
        client: usize,
        name: usize,
        right: bool,
    },
    BeginSrp {
        client: usize,
        name: usize,
    },
    Prove {
        of: Of,
        right: bool,
    },
    NewPassword {
        of: Of,
        strong: bool,
    },
    SmsCode {
        of: Of,
        code: Option<usize>,
    },
    Garbage {
        client: usize,
        name: usize,
        challenge: usize,
    },
}

/// Which session or exchange is answered, counted from the newest; and, where it is not by the app client or user that it
/// belongs to, by whom.
#[derive(Clone, Copy, Debug, Default)]
struct Of {
    which: usize,
    client: Option<usize>,
    name: Option<usize>,
}

fn step() -> impl Strategy<Value = Step> {
    let (client, name, which) = (0..CLIENTS.len(), 0..NAMES.len(), 0..4_usize);
    let mostly = || prop::bool::weighted(0.8);
    let other_client = prop::option::weighted(0.2, client.clone());
    let other_name = prop::option::weighted(0.25, name.clone());
    let other_code = prop::option::weighted(0.3, which.clone());
    let of = (which, other_client, other_name).prop_map(|(which, client, name)| Of { which, client, name });
    prop_oneof![
        4 => (client.clone(), name.clone(), mostly())
            .prop_map(|(client, name, right)| Step::Password { client, name, right }),
        2 => (client.clone(), name.clone()).prop_map(|(client, name)| Step::BeginSrp { client, name }),
        3 => (of.clone(), mostly()).prop_map(|(of, right)| Step::Prove { of, right }),
        3 => (of.clone(), mostly()).prop_map(|(of, strong)| Step::NewPassword { of, strong }),
        4 => (of, other_code).prop_map(|(of, code)| Step::SmsCode { of, code }),
        1 => (client, name, 0..3_usize)
            .prop_map(|(client, name, challenge)| Step::Garbage { client, name, challenge }),
    ]
}

/// The `n`th from the newest of `all`, going round.
fn newest<T>(all: &mut [T], n: usize) -> Option<&mut T> {
    let count = all.len().max(1);
    all.iter_mut().rev().nth(n % count)
}

/// What a session stands for, as the test knows it: who gave which proof to whom.
struct Open {
    client: usize,
    user: &'static str,
    challenge: String,
    session: String,
    /// The code that was sent for it.
    code: Option<String>,
    used: bool,
}

/// The attacker's notes.
struct Attack<'p> {
    pool: &'p Pool,
    passwords: BTreeMap<&'static str, String>,
    /// Users whose password is no longer temporary.
    settled: Vec<&'static str>,
    begun: Vec<(usize, &'static str, String, Srp)>,
    open: Vec<Open>,
    codes: Vec<String>,
}

impl<'p> Attack<'p> {
    fn on(pool: &'p Pool) -> Self {
        let passwords = NAMES[..4].iter().map(|&name| (name, PASSWORD.to_owned()));
        Self {
            pool,
            passwords: passwords.collect(),
            settled: vec!["ann", "eve"],
            begun: Vec::new(),
            open: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Does one step; tells whose tokens came out and whether that was deserved.
    async fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match *step {
            Step::Password { client, name, right } => {
                let name = NAMES[name];
                let password = self.password(name, right);
                let seen = self.pool.sign_in(CLIENTS[client], name, &password).await;
                self.after_password(client, name, right, seen).await
            }
            Step::BeginSrp { client, name } => {
                let name = NAMES[name];
                if name != "nobody" || CLIENTS[client] == HIDING {
                    let begun = self.pool.begin_srp(CLIENTS[client], name).await;
                    let password = self.passwords.get(name).cloned().unwrap_or_default();
                    self.begun.push((client, name, password, begun));
                }
                Ok(())
            }
            Step::Prove { of, right } => self.prove(of, right).await,
            Step::NewPassword { of, strong } => self.new_password(of, strong).await,
            Step::SmsCode { of, code } => self.sms_code(of, code).await,
            Step::Garbage {
                client,
                name,
                challenge,
            } => {
                let challenge = ["NEW_PASSWORD_REQUIRED", "SMS_MFA", "PASSWORD_VERIFIER"][challenge];
                let answers = json!({
                    "USERNAME": NAMES[name], "NEW_PASSWORD": PASSWORD, "SMS_MFA_CODE": "123456",
                    "PASSWORD_CLAIM_SECRET_BLOCK": "AAAA", "PASSWORD_CLAIM_SIGNATURE": "AAAA", "TIMESTAMP": "now",
                });
                let session = "garbage-garbage-garbage";
                let seen = self
                    .pool
                    .respond(CLIENTS[client], challenge, session, answers)
                    .await;
                check(&seen, NAMES[name], false)
            }
        }
    }

    fn password(&self, name: &str, right: bool) -> String {
        let right = self.passwords.get(name).filter(|_| right);
        right.cloned().unwrap_or_else(|| WRONG.to_owned())
    }

    /// A first proof was given: `ann` is in by it once it is right, the others are asked for more.
    async fn after_password(
        &mut self,
        client: usize,
        name: &'static str,
        proven: bool,
        seen: Seen,
    ) -> Result<(), TestCaseError> {
        let settled = self.settled.contains(&name);
        check(&seen, name, proven && settled && name != "eve")?;
        self.note(client, name, proven, seen).await
    }

    /// Keeps the session of a challenge, if it is one that was deserved.
    async fn note(
        &mut self,
        client: usize,
        user: &'static str,
        proven: bool,
        seen: Seen,
    ) -> Result<(), TestCaseError> {
        let Some(session) = seen.1["Session"].as_str() else {
            return Ok(());
        };
        prop_assert!(proven, "{user} was asked for more without a proof: {}", seen.1);
        let challenge = seen.1["ChallengeName"].as_str().unwrap_or_default().to_owned();
        let code = if challenge == "SMS_MFA" {
            Some(self.pool.code(PHONE).await)
        } else {
            None
        };
        self.codes.extend(code.clone());
        self.open.push(Open {
            client,
            user,
            challenge,
            session: session.to_owned(),
            code,
            used: false,
        });
        Ok(())
    }

    async fn prove(&mut self, of: Of, right: bool) -> Result<(), TestCaseError> {
        let Some((of_client, user, of_password, begun)) = newest(&mut self.begun, of.which) else {
            return Ok(());
        };
        let (client, user) = (of.client.unwrap_or(*of_client), *user);
        let name = of.name.map_or(user, |name| NAMES[name]);
        let password = if right {
            of_password.clone()
        } else {
            WRONG.to_owned()
        };
        let mut answers = begun.answers(&password);
        answers["USERNAME"] = name.into();
        let fits = client == *of_client && name == user;
        let seen = self.pool.prove(CLIENTS[client], answers).await;
        let proven = fits && self.passwords.get(user) == Some(&password);
        self.after_password(client, user, proven, seen).await
    }

    async fn new_password(&mut self, of: Of, strong: bool) -> Result<(), TestCaseError> {
        const CHALLENGE: &str = "NEW_PASSWORD_REQUIRED";
        let count = self.open.len();
        let Some(open) = newest(&mut self.open, of.which) else {
            return Ok(());
        };
        let client = of.client.unwrap_or(open.client);
        let name = of.name.map_or(open.user, |name| NAMES[name]);
        let password = if strong {
            format!("Chosen-horse-{count}")
        } else {
            "weak".to_owned()
        };
        let answers = json!({ "USERNAME": name, "NEW_PASSWORD": password });
        let seen = self
            .pool
            .respond(CLIENTS[client], CHALLENGE, &open.session, answers)
            .await;
        let fits = open.client == client && open.user == name && open.challenge == CHALLENGE;
        let deserved = fits && strong && !self.settled.contains(&name);
        check(&seen, name, deserved)?;
        if seen.0 == 200 {
            self.passwords.insert(name, password);
            self.settled.push(name);
        }
        Ok(())
    }

    async fn sms_code(&mut self, of: Of, code: Option<usize>) -> Result<(), TestCaseError> {
        let Some(open) = newest(&mut self.open, of.which) else {
            return Ok(());
        };
        let client = of.client.unwrap_or(open.client);
        let name = of.name.map_or(open.user, |name| NAMES[name]);
        let code = match code {
            None => open.code.clone(),
            Some(n) => newest(&mut self.codes, n).cloned(),
        };
        let code = code.unwrap_or_else(|| "123456".to_owned());
        let answers = json!({ "USERNAME": name, "SMS_MFA_CODE": code });
        let seen = self
            .pool
            .respond(CLIENTS[client], "SMS_MFA", &open.session, answers)
            .await;
        let fits = open.client == client && open.user == name && open.challenge == "SMS_MFA";
        let deserved = fits && !open.used && open.code.as_deref() == Some(code.as_str());
        check(&seen, name, deserved)?;
        open.used |= seen.0 == 200;
        Ok(())
    }
}

/// Tokens came out only if they were deserved, and they are those of `name`.
fn check(seen: &Seen, name: &str, deserved: bool) -> Result<(), TestCaseError> {
    if seen.1.get("AuthenticationResult").is_none_or(Value::is_null) {
        return Ok(());
    }
    prop_assert!(deserved, "tokens for {name}: {}", seen.1);
    prop_assert_eq!(&claims(&tokens(seen.clone()).access)["username"], name);
    Ok(())
}

async fn pool() -> Pool {
    let eve = user(
        "eve",
        &format!(", sms_mfa = true, attributes = {{ phone_number = \"{PHONE}\" }}"),
    );
    let temporary = ", status = \"FORCE_CHANGE_PASSWORD\"";
    let users = user("ann", "") + &eve + &user("fay", temporary) + &user("gil", temporary);
    Pool::with("mfa_configuration = \"OPTIONAL\"", &users).await
}

#[test]
fn no_sequence_of_answers_reaches_tokens_without_the_proofs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = prop::collection::vec(step(), 20..60);
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&steps, |steps| {
            runtime.block_on(async {
                let pool = pool().await;
                let mut attack = Attack::on(&pool);
                for step in &steps {
                    attack.take(step).await?;
                    // No lock is to hide what is looked for.
                    pool.wait(::pool::time::Span::seconds(5));
                }
                Ok(())
            })
        })
        .unwrap();
}

#[tokio::test]
async fn the_attack_itself_gets_in_where_it_gives_every_proof() {
    let pool = pool().await;
    let mut attack = Attack::on(&pool);
    let (eve, fay, of) = (1, 2, Of::default());
    for step in [
        Step::Password {
            client: 0,
            name: fay,
            right: true,
        },
        Step::NewPassword { of, strong: true },
        Step::Password {
            client: 0,
            name: eve,
            right: true,
        },
        Step::SmsCode { of, code: None },
        Step::BeginSrp { client: 1, name: fay },
        Step::Prove { of, right: true },
    ] {
        attack.take(&step).await.unwrap();
    }
    assert_eq!(attack.settled, ["ann", "eve", "fay"]);
    assert!(attack.open[1].used, "the code let in");
}
