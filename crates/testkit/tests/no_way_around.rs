//! Whatever is answered to challenges, in whatever order: nobody gets tokens without every proof that is needed.

mod behaviour;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

use behaviour::{HIDING, LEGACY, PASSWORD, Pool, Seen, Srp, WRONG, claims, tokens, user};

/// Who tries, and whose password, session and code are used: drawn apart from each other, so that most do not fit.
const NAMES: [&str; 4] = ["ann", "eve", "fay", "nobody"];
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
        client: usize,
        begun: usize,
        name: Option<usize>,
        right: bool,
    },
    NewPassword {
        client: usize,
        session: usize,
        name: usize,
        strong: bool,
    },
    SmsCode {
        client: usize,
        session: usize,
        name: usize,
        code: usize,
    },
    Garbage {
        client: usize,
        name: usize,
        challenge: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (client, name, which) = (0..CLIENTS.len(), 0..NAMES.len(), 0..8_usize);
    prop_oneof![
        3 => (client.clone(), name.clone(), any::<bool>())
            .prop_map(|(client, name, right)| Step::Password { client, name, right }),
        2 => (client.clone(), name.clone()).prop_map(|(client, name)| Step::BeginSrp { client, name }),
        3 => (client.clone(), which.clone(), prop::option::of(name.clone()), any::<bool>())
            .prop_map(|(client, begun, name, right)| Step::Prove { client, begun, name, right }),
        3 => (client.clone(), which.clone(), name.clone(), any::<bool>())
            .prop_map(|(client, session, name, strong)| Step::NewPassword { client, session, name, strong }),
        3 => (client.clone(), which.clone(), name.clone(), which)
            .prop_map(|(client, session, name, code)| Step::SmsCode { client, session, name, code }),
        1 => (client, name, 0..3_usize)
            .prop_map(|(client, name, challenge)| Step::Garbage { client, name, challenge }),
    ]
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
        let passwords = NAMES[..3].iter().map(|&name| (name, PASSWORD.to_owned()));
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
            Step::Prove {
                client,
                begun,
                name,
                right,
            } => self.prove(client, begun, name, right).await,
            Step::NewPassword {
                client,
                session,
                name,
                strong,
            } => self.new_password(client, session, NAMES[name], strong).await,
            Step::SmsCode {
                client,
                session,
                name,
                code,
            } => self.sms_code(client, session, NAMES[name], code).await,
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

    async fn prove(
        &mut self,
        client: usize,
        begun: usize,
        name: Option<usize>,
        right: bool,
    ) -> Result<(), TestCaseError> {
        let n = self.begun.len().max(1);
        let Some((of_client, of_user, of_password, begun)) = self.begun.get(begun % n) else {
            return Ok(());
        };
        let (of_client, of_user, of_password) = (*of_client, *of_user, of_password.clone());
        let name = name.map_or(of_user, |name| NAMES[name]);
        let password = self.password(of_user, right);
        let mut answers = begun.answers(&password);
        answers["USERNAME"] = name.into();
        let seen = self.pool.prove(CLIENTS[client], answers).await;
        let known = self.passwords.get(of_user) == Some(&password) && of_password == password;
        let proven = known && client == of_client && name == of_user;
        self.after_password(client, of_user, proven, seen).await
    }

    async fn new_password(
        &mut self,
        client: usize,
        session: usize,
        name: &'static str,
        strong: bool,
    ) -> Result<(), TestCaseError> {
        let n = self.open.len().max(1);
        let Some(open) = self.open.get(session % n) else {
            return Ok(());
        };
        let password = if strong {
            format!("Chosen-horse-{n}")
        } else {
            "weak".to_owned()
        };
        let answers = json!({ "USERNAME": name, "NEW_PASSWORD": password });
        let challenge = "NEW_PASSWORD_REQUIRED";
        let seen = self
            .pool
            .respond(CLIENTS[client], challenge, &open.session, answers)
            .await;
        let fits = open.client == client && open.user == name && open.challenge == challenge;
        let deserved = fits && strong && !self.settled.contains(&name);
        check(&seen, name, deserved)?;
        if seen.0 == 200 {
            self.passwords.insert(name, password);
            self.settled.push(name);
        }
        Ok(())
    }

    async fn sms_code(
        &mut self,
        client: usize,
        session: usize,
        name: &'static str,
        code: usize,
    ) -> Result<(), TestCaseError> {
        let n = self.open.len().max(1);
        let Some(open) = self.open.get_mut(session % n) else {
            return Ok(());
        };
        let code = match self.codes.len() {
            0 => "123456".to_owned(),
            count => self.codes[code % count].clone(),
        };
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
    let fay = user("fay", ", status = \"FORCE_CHANGE_PASSWORD\"");
    Pool::with(
        "mfa_configuration = \"OPTIONAL\"",
        &(user("ann", "") + &eve + &fay),
    )
    .await
}

#[test]
fn no_sequence_of_answers_reaches_tokens_without_the_proofs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 40,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = prop::collection::vec(step(), 1..30);
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&steps, |steps| {
            runtime.block_on(async {
                let pool = pool().await;
                let mut attack = Attack::on(&pool);
                for step in &steps {
                    attack.take(step).await?;
                    // No lock is to hide what is looked for.
                    pool.wait(::pool::time::Span::seconds(1));
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
    let (eve, fay) = (1, 2);
    for step in [
        Step::Password {
            client: 0,
            name: fay,
            right: true,
        },
        Step::NewPassword {
            client: 0,
            session: 0,
            name: fay,
            strong: true,
        },
        Step::Password {
            client: 0,
            name: eve,
            right: true,
        },
        Step::SmsCode {
            client: 0,
            session: 1,
            name: eve,
            code: 0,
        },
        Step::BeginSrp { client: 1, name: fay },
        Step::Prove {
            client: 1,
            begun: 0,
            name: None,
            right: true,
        },
    ] {
        attack.take(&step).await.unwrap();
    }
    assert_eq!(attack.settled, ["ann", "eve", "fay"]);
    assert!(attack.open[1].used, "the code let in");
}
