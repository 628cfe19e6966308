//! Whatever is chosen and answered, in whatever order: nobody gets tokens without the proofs.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::behaviour::{PASSWORD, Seen, WRONG, claims, merge, tokens};
use crate::{Choosing, EMAIL, EVES, PHONE};

/// `eve` has a second factor, `fay` a temporary password; `nobody` is not there.
const NAMES: [&str; 5] = ["ann", "cal", "eve", "fay", "nobody@example.net"];
const PREFERENCES: [Option<&str>; 4] = [None, Some("EMAIL_OTP"), Some("SMS_OTP"), Some("PASSWORD")];
const CHALLENGES: [&str; 6] = [
    "SELECT_CHALLENGE",
    "PASSWORD",
    "EMAIL_OTP",
    "SMS_OTP",
    "SMS_MFA",
    "NEW_PASSWORD_REQUIRED",
];

/// One thing that an attacker may do.
#[derive(Clone, Debug)]
enum Step {
    Begin {
        client: usize,
        name: usize,
        preferred: usize,
    },
    Answer(Answer),
}

/// An answer to the `which`th session from the newest; as what it is, by whom it belongs to and with its own code unless this
/// says otherwise.
#[derive(Clone, Debug, Default)]
struct Answer {
    which: usize,
    challenge: Option<usize>,
    client: Option<usize>,
    name: Option<usize>,
    code: Option<usize>,
    /// What is chosen, where there is a choice: a code or the password.
    chosen: usize,
    right_password: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let (client, name) = (0..2_usize, 0..NAMES.len());
    let rarely = |range: std::ops::Range<usize>| prop::option::weighted(0.15, range);
    let answer = (
        0..4_usize,
        rarely(0..CHALLENGES.len()),
        rarely(0..2),
        rarely(0..NAMES.len()),
        rarely(0..4),
        0..3_usize,
        any::<bool>(),
    );
    let answer = answer.prop_map(
        |(which, challenge, client, name, code, chosen, right_password)| Answer {
            which,
            challenge,
            client,
            name,
            code,
            chosen,
            right_password,
        },
    );
    prop_oneof![
        2 => (client, name, 0..PREFERENCES.len())
            .prop_map(|(client, name, preferred)| Step::Begin { client, name, preferred }),
        3 => answer.prop_map(Step::Answer),
    ]
}

/// A session as the attacker knows it.
#[derive(Clone)]
struct Open {
    client: usize,
    user: &'static str,
    challenge: String,
    session: String,
    code: Option<String>,
    used: bool,
}

struct Attack<'c> {
    it: &'c Choosing,
    open: Vec<Open>,
    codes: Vec<String>,
    /// Sign-ins that were deserved and took place.
    successes: u32,
}

impl Attack<'_> {
    fn client(&self, n: usize) -> &str {
        [&self.it.legacy, &self.it.hiding][n]
    }

    async fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Begin {
                client,
                name,
                preferred,
            } => {
                let user = NAMES[*name];
                let mut more = json!({});
                if let Some(preferred) = PREFERENCES[*preferred] {
                    more = json!({ "PREFERRED_CHALLENGE": preferred, "PASSWORD": WRONG });
                }
                let seen = self.it.initiate(self.client(*client), user, more).await;
                self.see(*client, user, &seen, false).await
            }
            Step::Answer(answer) => self.answer(answer).await,
        }
    }

    async fn answer(&mut self, answer: &Answer) -> Result<(), TestCaseError> {
        let count = self.open.len();
        let Some(n) = count.checked_sub(1 + answer.which % count.max(1)) else {
            return Ok(());
        };
        let open = self.open[n].clone();
        let challenge = answer
            .challenge
            .map_or(open.challenge.as_str(), |n| CHALLENGES[n]);
        let client = answer.client.unwrap_or(open.client);
        let name = answer.name.map_or(open.user, |n| NAMES[n]);
        let code = match answer.code {
            Some(n) if !self.codes.is_empty() => Some(self.codes[n % self.codes.len()].clone()),
            _ => open.code.clone(),
        };
        let code = code.unwrap_or_else(|| "12345678".to_owned());
        let password = if answer.right_password { PASSWORD } else { WRONG };
        let chosen = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"][answer.chosen];
        let mut answers = json!({ "USERNAME": name });
        merge(
            &mut answers,
            match challenge {
                "SELECT_CHALLENGE" => {
                    json!({ "ANSWER": chosen, "PASSWORD": password })
                }
                "PASSWORD" => json!({ "PASSWORD": password }),
                "NEW_PASSWORD_REQUIRED" => json!({ "NEW_PASSWORD": "weak" }),
                _ => json!({ (format!("{challenge}_CODE")): code }),
            },
        );
        let seen = self
            .it
            .pool
            .respond(self.client(client), challenge, &open.session, answers)
            .await;
        let fits = client == open.client && name == open.user && !open.used;
        let is_question = |challenge: &str| ["SELECT_CHALLENGE", "PASSWORD"].contains(&challenge);
        let by_password = challenge == "PASSWORD" || answer.chosen == 0;
        let proven = fits
            && if is_question(challenge) {
                is_question(&open.challenge) && by_password && answer.right_password
            } else {
                open.challenge == challenge && open.code.as_deref() == Some(code.as_str())
            };
        if proven && !is_question(challenge) {
            self.open[n].used = seen.0 == 200;
        }
        self.see(client, name, &seen, proven).await
    }

    /// Holds an answer against what was proven, and keeps its session.
    async fn see(
        &mut self,
        client: usize,
        user: &'static str,
        seen: &Seen,
        proven: bool,
    ) -> Result<(), TestCaseError> {
        let challenge = seen.1["ChallengeName"].as_str().unwrap_or_default();
        let is_second = ["SMS_MFA", "NEW_PASSWORD_REQUIRED"].contains(&challenge);
        let has_tokens = seen.1.get("AuthenticationResult").is_some_and(Value::is_object);
        if has_tokens || is_second {
            prop_assert!(proven, "{user} came further without a proof: {}", seen.1);
        }
        if has_tokens {
            self.successes += 1;
            prop_assert_eq!(&claims(&tokens(seen.clone()).access)["username"], user);
        }
        let Some(session) = seen.1["Session"].as_str() else {
            return Ok(());
        };
        let destination = match (challenge, user) {
            ("EMAIL_OTP", "ann") => Some(EMAIL),
            ("EMAIL_OTP", "eve") => Some("eve@example.com"),
            ("SMS_OTP", "cal") => Some(PHONE),
            ("SMS_MFA", "eve") => Some(EVES),
            _ => None,
        };
        let code = match destination {
            Some(destination) => Some(self.it.pool.code(destination).await),
            None => None,
        };
        self.codes.extend(code.clone());
        self.open.push(Open {
            client,
            user,
            challenge: challenge.to_owned(),
            session: session.to_owned(),
            code,
            used: false,
        });
        Ok(())
    }
}

#[test]
fn no_sequence_of_choices_and_answers_reaches_tokens_without_the_proofs() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config {
        cases: 12,
        failure_persistence: None,
        ..Config::default()
    };
    let steps = prop::collection::vec(step(), 40..80);
    let successes = std::cell::Cell::new(0);
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
        .run(&steps, |steps| {
            runtime.block_on(async {
                let it = Choosing::with(json!({ "MfaConfiguration": "OPTIONAL" })).await;
                let mut attack = Attack {
                    it: &it,
                    open: Vec::new(),
                    codes: Vec::new(),
                    successes: 0,
                };
                for step in &steps {
                    attack.take(step).await?;
                    // No lock is to hide what is looked for.
                    it.pool.wait(::pool::time::Span::seconds(2));
                }
                successes.set(successes.get() + attack.successes);
                Ok(())
            })
        })
        .unwrap();
    assert!(
        successes.get() > 5,
        "the attack gets in where it gives every proof"
    );
}
