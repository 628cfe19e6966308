//! Whatever is answered to second factors and for devices, in whatever order: nobody gets tokens without the proofs.

use pool::ports::SystemEntropy;
use pool::srp::client::Client;
use pool::time::Span;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::app::{App, every_factor, registered};
use crate::behaviour::{
    Challenge, HIDING, LEGACY, PASSWORD, POOL, Pool, Seen, WRONG, challenge, claims, merge, tokens, user,
};
use crate::device::{DEVICE_PASSWORD, Device, anns, confirmed_of};

/// `ann` has no second factor; `eve` has a code by SMS, `tom` an app, `sue` the choice of both.
const NAMES: [&str; 4] = ["ann", "eve", "tom", "sue"];
const CLIENTS: [&str; 2] = [LEGACY, HIDING];
const CHALLENGES: [&str; 5] = [
    "SMS_MFA",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
];
const PHONES: [&str; 4] = ["+12065550100", "+12065550101", "+12065550102", "+12065550103"];
const CASES: usize = 20;

/// One thing that an attacker may do.
#[derive(Clone, Debug)]
enum Step {
    /// A sign-in that says it comes from this user's device.
    Password {
        client: usize,
        name: usize,
        right: bool,
        device: Option<usize>,
    },
    Answer(Answer),
}

/// An answer to the `which`th question from the newest; as what it is, with its own session, by whom it belongs to and for the
/// device of the sign-in unless this says otherwise.
#[derive(Clone, Debug)]
struct Answer {
    which: usize,
    right: bool,
    challenge: Option<usize>,
    session_of: Option<usize>,
    client: Option<usize>,
    name: Option<usize>,
    device: Option<usize>,
}

fn step() -> impl Strategy<Value = Step> {
    let rarely = |range: std::ops::Range<usize>| prop::option::weighted(0.08, range);
    let answer = (
        0..3_usize,
        prop::bool::weighted(0.8),
        rarely(0..CHALLENGES.len()),
        rarely(0..4),
        rarely(0..CLIENTS.len()),
        rarely(0..NAMES.len()),
        rarely(0..NAMES.len()),
    );
    let answer = answer.prop_map(
        |(which, right, challenge, session_of, client, name, device)| Answer {
            which,
            right,
            challenge,
            session_of,
            client,
            name,
            device,
        },
    );
    // Mostly one's own device or none.
    let password = (
        0..CLIENTS.len(),
        0..NAMES.len(),
        prop::bool::weighted(0.85),
        0..3_usize,
        rarely(0..NAMES.len()),
    );
    let password = password.prop_map(|(client, name, right, own, other)| Step::Password {
        client,
        name,
        right,
        device: other.or((own > 0).then_some(name)),
    });
    prop_oneof![2 => password, 5 => answer.prop_map(Step::Answer)]
}

/// A sign-in whose password was right, and what it has proven since.
struct Course {
    client: usize,
    name: usize,
    device: Option<usize>,
    second_factor: bool,
    device_proven: bool,
}

/// What waits for an answer in a sign-in.
struct Question {
    course: usize,
    asked: Challenge,
    /// The number behind `SRP_A` of a device.
    client: Option<Client>,
    code: Option<String>,
    used: bool,
}

impl Question {
    fn name(&self) -> &str {
        self.asked.0["ChallengeName"].as_str().unwrap()
    }

    /// None has `DEVICE_PASSWORD_VERIFIER`.
    fn session(&self) -> Option<&str> {
        self.asked.0["Session"].as_str()
    }
}

struct Attack<'p> {
    pool: &'p Pool,
    people: &'p People,
    courses: Vec<Course>,
    questions: Vec<Question>,
    /// Whose device a second factor has been given from.
    trusted: [bool; 4],
    successes: [usize; 4],
}

/// What everybody has, in the order of [`NAMES`].
struct People {
    devices: [Device; 4],
    apps: [Option<App>; 4],
}

impl Attack<'_> {
    async fn take(&mut self, step: &Step) {
        match step {
            Step::Password {
                client,
                name,
                right,
                device,
            } => self.password(*client, *name, *right, *device).await,
            Step::Answer(answer) if !self.questions.is_empty() => self.answer(answer).await,
            Step::Answer(_) => {}
        }
    }

    async fn password(&mut self, client: usize, name: usize, right: bool, device: Option<usize>) {
        let password = if right { PASSWORD } else { WRONG };
        let mut parameters = json!({ "USERNAME": NAMES[name], "PASSWORD": password });
        if let Some(device) = device {
            merge(
                &mut parameters,
                json!({ "DEVICE_KEY": self.people.devices[device].key }),
            );
        }
        let seen = self
            .pool
            .initiate(CLIENTS[client], "USER_PASSWORD_AUTH", parameters)
            .await;
        if !right || device.is_some_and(|device| device != name) {
            assert_eq!(seen.0, 400, "{}", seen.1);
            return;
        }
        self.courses.push(Course {
            client,
            name,
            device,
            second_factor: false,
            device_proven: false,
        });
        self.see(self.courses.len() - 1, seen, true, None).await;
    }

    async fn answer(&mut self, answer: &Answer) {
        let nth = |which: usize| self.questions.len() - 1 - which % self.questions.len();
        let (n, other) = (nth(answer.which), answer.session_of.map(nth));
        let question = &self.questions[n];
        let course = &self.courses[question.course];
        let name = answer.name.unwrap_or(course.name);
        let client = answer.client.unwrap_or(course.client);
        let device = answer.device.or(course.device).unwrap_or(name);
        let asked_for = question.name().to_owned();
        let challenge = answer.challenge.map_or(asked_for.as_str(), |n| CHALLENGES[n]);
        let number = Client::begin(&SystemEntropy);
        let mut answers = self.answers(question, answer.right, (device, name), &number);
        merge(&mut answers, json!({ "USERNAME": NAMES[name] }));
        let mut body = json!({
            "ClientId": CLIENTS[client], "ChallengeName": challenge, "ChallengeResponses": answers,
        });
        if let Some(session) = other.map_or(question, |other| &self.questions[other]).session() {
            merge(&mut body, json!({ "Session": session }));
        }
        let seen = self.pool.call("RespondToAuthChallenge", body).await;
        // What another session's sign-in gets is that one's, if it is anything.
        let brought = match challenge {
            "DEVICE_PASSWORD_VERIFIER" => n,
            _ => other.unwrap_or(n),
        };
        let right = answer.right || asked_for == "SELECT_MFA_TYPE";
        let fits = |question: &Question| {
            let course = &self.courses[question.course];
            let is_own = course.client == client && course.name == name;
            let is_of_device = !asked_for.starts_with("DEVICE") || course.device == Some(device);
            is_own && is_of_device && question.name() == challenge && challenge == asked_for && !question.used
        };
        let fair = right && fits(&self.questions[brought]) && self.same_proof(n, brought);
        let poses = challenge == "DEVICE_SRP_AUTH";
        let goes_on = fair || poses && self.may_pose(brought, client, name, device);
        let course = self.questions[brought].course;
        if fair && seen.0 == 200 {
            self.prove(course, &asked_for, device);
            self.questions[brought].used |= asked_for != "SELECT_MFA_TYPE" && !poses;
        }
        self.see(course, seen, goes_on, poses.then_some(number)).await;
    }

    /// Whether the right answer to one question happens to be the right one to another.
    fn same_proof(&self, n: usize, other: usize) -> bool {
        let (one, other) = (&self.questions[n], &self.questions[other]);
        let same_user = self.courses[one.course].name == self.courses[other.course].name;
        same_user && (one.name() == "SOFTWARE_TOKEN_MFA" || one.code == other.code)
    }

    /// Whether a question's session poses the proof of a device: its own does, and that of the second factor before.
    fn may_pose(&self, n: usize, client: usize, name: usize, device: usize) -> bool {
        let question = &self.questions[n];
        let course = &self.courses[question.course];
        let is_own = course.client == client && course.name == name && course.device == Some(device);
        is_own && (question.name() == "DEVICE_SRP_AUTH" || question.used)
    }

    /// The members of an answer to every challenge, so that only their worth decides.
    fn answers(
        &self,
        question: &Question,
        right: bool,
        (device, name): (usize, usize),
        number: &Client,
    ) -> Value {
        let device = &self.people.devices[device];
        let code = question.code.clone().filter(|_| right);
        let app = self.people.apps[name].as_ref().filter(|_| right);
        let mut answers = json!({
            "SMS_MFA_CODE": code.unwrap_or_else(|| "000000".to_owned()),
            "SOFTWARE_TOKEN_MFA_CODE": app.map_or_else(|| "000000".to_owned(), App::code),
            "ANSWER": if right { "SMS_MFA" } else { "SOFTWARE_TOKEN_MFA" },
            "DEVICE_KEY": device.key, "SRP_A": number.srp_a(),
            "PASSWORD_CLAIM_SECRET_BLOCK": "AAAA", "PASSWORD_CLAIM_SIGNATURE": "AAAA", "TIMESTAMP": "now",
        });
        if let Some(number) = &question.client {
            let password = if right {
                DEVICE_PASSWORD
            } else {
                "another password"
            };
            merge(&mut answers, device.proof(number, &question.asked, password));
        }
        answers
    }

    /// Takes down what a right answer has proven. A key that comes with a code is the device's, if it is the user's.
    fn prove(&mut self, course: usize, asked_for: &str, device: usize) {
        let course = &mut self.courses[course];
        match asked_for {
            "SMS_MFA" | "SOFTWARE_TOKEN_MFA" => {
                course.second_factor = true;
                course.device = course.device.or((device == course.name).then_some(device));
            }
            "DEVICE_PASSWORD_VERIFIER" => course.device_proven = true,
            _ => {}
        }
    }

    /// Tokens come only where they are deserved, and questions only where a sign-in may go on.
    async fn see(&mut self, n: usize, seen: Seen, goes_on: bool, number: Option<Client>) {
        let course = &self.courses[n];
        if seen.1.get("AuthenticationResult").is_some() {
            let spared = course.device_proven && self.trusted[course.name];
            let factor = NAMES[course.name] == "ann" || course.second_factor || spared;
            let device = course.device.is_none() || course.device_proven;
            assert!(
                goes_on && factor && device,
                "tokens for {}: {}",
                NAMES[course.name],
                seen.1
            );
            self.successes[course.name] += 1;
            self.trusted[course.name] |= course.second_factor && course.device_proven;
            assert_eq!(claims(&tokens(seen).access)["username"], NAMES[course.name]);
            return;
        }
        if seen.0 != 200 {
            return;
        }
        assert!(goes_on, "{}", seen.1);
        let code = match seen.1["ChallengeName"].as_str() {
            Some("SMS_MFA") => Some(self.pool.code(PHONES[course.name]).await),
            _ => None,
        };
        self.questions.push(Question {
            course: n,
            asked: Challenge(seen.1),
            client: number,
            code,
            used: false,
        });
    }
}

/// The pool of [`NAMES`], in which devices spare their users the second factor.
async fn pool() -> (Pool, People) {
    let named = |name: &str, phone: &str, rest: &str| {
        user(
            name,
            &format!("{rest}, attributes = {{ phone_number = \"{phone}\" }}"),
        )
    };
    let people: String = (0..4)
        .map(|n| named(NAMES[n], PHONES[n], if n == 1 { ", sms_mfa = true" } else { "" }))
        .collect();
    let pool = Pool::with("", &people).await;
    let tracking = json!({
        "UserPoolId": POOL, "DeviceConfiguration": { "ChallengeRequiredOnNewDevice": true },
    });
    pool.done("UpdateUserPool", tracking).await;
    pool.done("SetUserPoolMfaConfig", every_factor("OPTIONAL")).await;
    let (anns, _) = anns(&pool).await;
    let (eves, _) = confirmed_of(
        &pool,
        by_sms(&pool, 1, pool.sign_in(LEGACY, "eve", PASSWORD).await).await,
    )
    .await;
    let (toms, token) = confirmed_of(&pool, pool.sign_in(LEGACY, "tom", PASSWORD).await).await;
    let toms_app = registered(&pool, &token).await;
    let token = pool.signed_in(LEGACY, "sue").await.access;
    let sues_app = registered(&pool, &token).await;
    let on = json!({ "AccessToken": token, "SMSMfaSettings": { "Enabled": true } });
    pool.done("SetUserMFAPreference", on).await;
    let asked = challenge(pool.sign_in(LEGACY, "sue", PASSWORD).await, "SELECT_MFA_TYPE");
    let answers = json!({ "USERNAME": "sue", "ANSWER": "SMS_MFA" });
    let seen = pool
        .respond(LEGACY, "SELECT_MFA_TYPE", asked.session(), answers)
        .await;
    let (sues, _) = confirmed_of(&pool, by_sms(&pool, 3, seen).await).await;
    let people = People {
        devices: [anns, eves, toms, sues],
        apps: [None, None, Some(toms_app), Some(sues_app)],
    };
    (pool, people)
}

/// Gives the code that somebody is asked for.
async fn by_sms(pool: &Pool, name: usize, seen: Seen) -> Seen {
    let asked = challenge(seen, "SMS_MFA");
    let code = pool.code(PHONES[name]).await;
    pool.sms_code(asked.session(), NAMES[name], &code).await
}

#[tokio::test]
async fn no_sequence_of_answers_reaches_tokens_without_the_proofs() {
    let (pool, people) = pool().await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let steps = prop::collection::vec(step(), 10..30);
    // Tom's device is older than his app.
    let mut attack = Attack {
        pool: &pool,
        people: &people,
        courses: Vec::new(),
        questions: Vec::new(),
        trusted: [false, true, false, true],
        successes: [0; 4],
    };
    for _ in 0..CASES {
        for step in steps.new_tree(&mut runner).unwrap().current() {
            attack.take(&step).await;
            // No lock is to hide what is looked for, and an app shows a new code.
            pool.wait(Span::seconds(30));
        }
        attack.courses.clear();
        attack.questions.clear();
        // The locks of one case are none of the next.
        pool.wait(Span::minutes(16));
    }
    let successes = attack.successes;
    assert!(successes.iter().all(|count| *count > 0), "{successes:?}");
    assert!(attack.trusted[2], "tom's device gave his second factor");
}
