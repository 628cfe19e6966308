//! A pool with many users, and as many names that nobody has.

use std::fmt::Write as _;
use std::sync::Arc;

use pool::ports::Entropy as _;
use pool::time::Span;
use serde_json::{Value, json};
use testkit::{Answering, ManualClock, Options, SeededEntropy, TestServer};

use crate::statistics::Chance;

pub(crate) const POOL: &str = "us-east-1_Strangers";
pub(crate) const CLIENT: &str = "hidingclient";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:Quiz";

/// A name that is tried.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) is_there: bool,
}

pub(crate) struct Scene {
    pub(crate) server: TestServer,
    clock: Arc<ManualClock>,
    /// Four a round: two who are there, two who are not.
    rounds: Vec<[Person; 4]>,
}

impl Scene {
    /// A pool in which people sign in by their e-mail address, with every way of beginning allowed.
    pub(crate) async fn start(rounds: usize, chance: &Chance) -> Self {
        let names = SeededEntropy::new(chance.below(usize::MAX) as u64);
        let person = |is_there| Person {
            name: format!("{}@example.com", names.alphanumeric(10).to_lowercase()),
            is_there,
        };
        let rounds: Vec<_> = (0..rounds)
            .map(|_| [true, true, false, false].map(person))
            .collect();
        let clock = Arc::new(ManualClock::now_and_standing());
        let options = Options {
            pools: pools_file(&rounds),
            builtins: vec![(FUNCTION, Arc::new(Answering(quiz)))],
            clock: Arc::clone(&clock) as _,
            ..Options::default()
        };
        let server = TestServer::start(options).await.expect("the server starts");
        Self {
            server,
            clock,
            rounds,
        }
    }

    /// The people of a round.
    pub(crate) fn round(&self, n: usize) -> [Person; 4] {
        self.rounds[n].clone()
    }

    /// What wrong tries bring, and what is allowed an hour, is forgotten: neither is what is looked for.
    pub(crate) fn let_locks_pass(&self) {
        self.clock.advance(Span::hours(1));
    }

    /// Calls an operation that is not measured.
    pub(crate) async fn call(&self, operation: &str, body: Value) -> Value {
        self.server.api(operation, &body).await.expect("an answer").1
    }
}

fn pools_file(rounds: &[[Person; 4]]) -> String {
    let flows =
        r#"["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"]"#;
    let triggers = [
        "DefineAuthChallenge",
        "CreateAuthChallenge",
        "VerifyAuthChallengeResponse",
    ];
    let triggers = triggers.map(|name| format!("{name} = \"{FUNCTION}\"")).join(", ");
    let mut file = format!(
        "[[user_pools]]\nid = \"{POOL}\"\nusername_attributes = [\"email\"]\ncase_sensitive = false\n\
         allowed_first_auth_factors = [\"PASSWORD\", \"EMAIL_OTP\"]\nlambda_config = {{ {triggers} }}\n\
         app_clients = [{{ id = \"{CLIENT}\", explicit_auth_flows = {flows}, prevent_user_existence_errors = \"ENABLED\" }}]\n\
         users = [\n"
    );
    for person in rounds.iter().flatten().filter(|person| person.is_there) {
        let name = &person.name;
        writeln!(
            file,
            "{{ username = \"{name}\", password = \"Right-Password-1\", attributes = {{ email_verified = true }} }},"
        )
        .expect("writing to a string");
    }
    file.push_str("]\n");
    file
}

/// The functions of a custom sign-in: a question, and no answer is right.
#[expect(clippy::unnecessary_wraps, reason = "the form of all functions")]
fn quiz(mut event: Value) -> Result<Value, String> {
    let source = event["triggerSource"].as_str().unwrap_or_default().to_owned();
    event["response"] = match source.split('_').next().unwrap_or_default() {
        "DefineAuthChallenge" => {
            json!({ "challengeName": "CUSTOM_CHALLENGE", "issueTokens": false, "failAuthentication": false })
        }
        "CreateAuthChallenge" => json!({
            "publicChallengeParameters": { "question": "?" }, "privateChallengeParameters": { "answer": "!" },
            "challengeMetadata": "quiz",
        }),
        _ => json!({ "answerCorrect": false }),
    };
    Ok(event)
}
