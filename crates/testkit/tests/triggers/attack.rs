//! Whatever is begun and answered, in whatever order: nobody gets tokens without the proofs of a custom sign-in.

use pool::time::Span;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::json;

use crate::behaviour::{HIDING, LEGACY, PASSWORD, Pool, Seen, Srp, WRONG, claims, tokens, user};
use crate::quiz::{RIGHT, quiz_pool};

/// `eve` has a second factor; `nobody` is not there.
const NAMES: [&str; 3] = ["ann", "eve", "nobody"];
const CLIENTS: [&str; 2] = [LEGACY, HIDING];
const EVES_PHONE: &str = "+12065550105";
const CASES: usize = 25;

/// One thing that an attacker may do. `which` counts what is open from the newest; `client` and `name` are its own unless given.
#[derive(Clone, Debug)]
enum Step {
    Begin {
        client: usize,
        name: usize,
        with_srp: bool,
    },
    Answer {
        which: usize,
        right: bool,
        as_another: bool,
        client: Option<usize>,
        name: Option<usize>,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let rarely = |range: std::ops::Range<usize>| prop::option::weighted(0.1, range);
    let answer = (
        0..4_usize,
        prop::bool::weighted(0.6),
        prop::bool::weighted(0.15),
        rarely(0..CLIENTS.len()),
        rarely(0..NAMES.len()),
    );
    prop_oneof![
        2 => (0..CLIENTS.len(), 0..NAMES.len(), any::<bool>())
            .prop_map(|(client, name, with_srp)| Step::Begin { client, name, with_srp }),
        5 => answer.prop_map(|(which, right, as_another, client, name)| Step::Answer {
            which, right, as_another, client, name,
        }),
    ]
}

/// What waits for an answer.
enum Question {
    Password(Box<Srp>),
    /// The session, and the code that went out for it.
    Code(String, String),
    Sum(String),
}

struct Open {
    client: usize,
    name: usize,
    question: Question,
    used: bool,
}

struct Attack {
    pool: Pool,
    open: Vec<Open>,
    successes: usize,
}

impl Attack {
    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Begin {
                client,
                name,
                with_srp,
            } => self.begin(client, name, with_srp).await,
            Step::Answer {
                which,
                right,
                as_another,
                client,
                name,
            } if !self.open.is_empty() => {
                let n = self.open.len() - 1 - which % self.open.len();
                let client = client.unwrap_or(self.open[n].client);
                let name = name.unwrap_or(self.open[n].name);
                self.answer(n, right, as_another, (client, name)).await;
            }
            Step::Answer { .. } => {}
        }
    }

    async fn begin(&mut self, client: usize, name: usize, with_srp: bool) {
        if name == 2 && client == 0 {
            return;
        }
        if with_srp {
            let begun = self
                .pool
                .begin_custom_with_srp(CLIENTS[client], NAMES[name])
                .await;
            self.keep(client, name, Question::Password(Box::new(begun)));
        } else {
            let seen = self.pool.begin_custom(CLIENTS[client], NAMES[name]).await;
            self.see((client, name), seen, false, true).await;
        }
    }

    /// Answers what is open, rightly or not, as the challenge that it is or as another, for this client and name.
    async fn answer(&mut self, n: usize, right: bool, as_another: bool, (client, name): (usize, usize)) {
        let open = &self.open[n];
        let is_own = open.client == client && open.name == name;
        let fair = is_own && right && !as_another && !open.used && name != 2;
        let (at, who) = (CLIENTS[client], NAMES[name]);
        match &open.question {
            Question::Password(begun) => {
                let mut answers = begun.answers(if right { PASSWORD } else { WRONG });
                answers["USERNAME"] = who.into();
                let seen = self.pool.prove(at, answers).await;
                self.see((client, name), seen, false, is_own && right && name != 2)
                    .await;
            }
            Question::Code(session, code) => {
                let code = if right { code.as_str() } else { "000000" };
                let session = session.clone();
                let answers = json!({ "USERNAME": who, "SMS_MFA_CODE": code, "ANSWER": code });
                let challenge = if as_another { "CUSTOM_CHALLENGE" } else { "SMS_MFA" };
                let seen = self.pool.respond(at, challenge, &session, answers).await;
                self.open[n].used |= fair;
                self.see((client, name), seen, false, fair).await;
            }
            Question::Sum(session) => {
                let answer = if right { RIGHT } else { "41" };
                let session = session.clone();
                let answers = json!({ "USERNAME": who, "ANSWER": answer, "SMS_MFA_CODE": answer });
                let challenge = if as_another { "SMS_MFA" } else { "CUSTOM_CHALLENGE" };
                let seen = self.pool.respond(at, challenge, &session, answers).await;
                let goes_on = is_own && !as_another && !self.open[n].used;
                self.open[n].used |= is_own && !as_another;
                self.see((client, name), seen, fair, goes_on).await;
            }
        }
    }

    /// Tokens come exactly where they are deserved, and questions only where the course may go on.
    async fn see(&mut self, (client, name): (usize, usize), seen: Seen, deserved: bool, goes_on: bool) {
        let (status, body) = &seen;
        let has_tokens = body.get("AuthenticationResult").is_some();
        assert_eq!(has_tokens, deserved, "{body}");
        if has_tokens {
            self.successes += 1;
            assert_eq!(claims(&tokens(seen).id)["cognito:username"], NAMES[name]);
            return;
        }
        if *status != 200 {
            return;
        }
        let session = body["Session"].as_str().unwrap().to_owned();
        assert!(goes_on, "{body}");
        let question = match body["ChallengeName"].as_str() {
            Some("CUSTOM_CHALLENGE") => Question::Sum(session),
            Some("SMS_MFA") => Question::Code(session, self.pool.code(EVES_PHONE).await),
            _ => panic!("{body}"),
        };
        self.keep(client, name, question);
    }

    fn keep(&mut self, client: usize, name: usize, question: Question) {
        self.open.push(Open {
            client,
            name,
            question,
            used: false,
        });
    }
}

#[tokio::test]
async fn no_sequence_of_answers_reaches_tokens_without_the_proofs() {
    let people = user("ann", "")
        + &user(
            "eve",
            ", sms_mfa = true, attributes = { phone_number = \"+12065550105\", phone_number_verified = true }",
        );
    let (pool, _) = quiz_pool("mfa_configuration = \"OPTIONAL\"", &people).await;
    let mut attack = Attack {
        pool,
        open: Vec::new(),
        successes: 0,
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let steps = prop::collection::vec(step(), 4..16);
    for _ in 0..CASES {
        for step in steps.new_tree(&mut runner).unwrap().current() {
            attack.take(&step).await;
        }
        attack.open.clear();
        attack.pool.wait(Span::minutes(60));
    }
    assert!(attack.successes > 3, "{}", attack.successes);
}
