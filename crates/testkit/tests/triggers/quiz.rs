//! A custom sign-in that asks for a sum, three times at most.

use serde_json::{Value, json};

use crate::behaviour::{Challenge, LEGACY, Pool, Seen, challenge};
use crate::recorded::{Recorded, pool_of};

/// The three triggers of a custom sign-in.
pub(crate) const TRIGGERS: &str =
    "DefineAuthChallenge = FUNCTION, CreateAuthChallenge = FUNCTION, VerifyAuthChallengeResponse = FUNCTION";
/// What `Recorded::sources` calls them.
pub(crate) const DEFINE: &str = "DefineAuthChallenge_Authentication";
pub(crate) const CREATE: &str = "CreateAuthChallenge_Authentication";
pub(crate) const VERIFY: &str = "VerifyAuthChallengeResponse_Authentication";
/// The right answer.
pub(crate) const RIGHT: &str = "42";

/// What the functions of the quiz do, as the pages of AWS write them.
#[expect(clippy::unnecessary_wraps, reason = "the form of all answers")]
pub(crate) fn quiz(event: &mut Value) -> Result<(), String> {
    match event["triggerSource"].as_str().unwrap_or_default() {
        DEFINE => define(event),
        CREATE => {
            let n = event["request"]["session"].as_array().map_or(0, Vec::len);
            event["response"] = json!({
                "publicChallengeParameters": { "question": "six times seven" },
                "privateChallengeParameters": { "answer": RIGHT },
                "challengeMetadata": format!("sum {n}"),
            });
        }
        VERIFY => {
            let request = &event["request"];
            let right = request["challengeAnswer"] == request["privateChallengeParameters"]["answer"];
            event["response"]["answerCorrect"] = right.into();
        }
        _ => {}
    }
    Ok(())
}

fn define(event: &mut Value) {
    let session = event["request"]["session"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let wrong = session
        .iter()
        .filter(|entry| entry["challengeResult"] == false)
        .count();
    let last = session.last().cloned().unwrap_or_default();
    let passed = last["challengeName"] == "CUSTOM_CHALLENGE" && last["challengeResult"] == true;
    let next = if last["challengeName"] == "SRP_A" {
        "PASSWORD_VERIFIER"
    } else {
        "CUSTOM_CHALLENGE"
    };
    event["response"] = json!({ "issueTokens": passed, "failAuthentication": wrong >= 3 });
    if !passed && wrong < 3 {
        event["response"]["challengeName"] = next.into();
    }
}

/// A pool with the quiz.
pub(crate) async fn quiz_pool(settings: &str, users: &str) -> (Pool, Recorded) {
    pool_of(TRIGGERS, settings, users, quiz).await
}

impl Pool {
    /// `CUSTOM_AUTH` without a password.
    pub(crate) async fn begin_custom(&self, client: &str, username: &str) -> Seen {
        self.initiate(client, "CUSTOM_AUTH", json!({ "USERNAME": username }))
            .await
    }

    /// The challenge that it begins with.
    pub(crate) async fn question(&self, client: &str, username: &str) -> Challenge {
        challenge(self.begin_custom(client, username).await, "CUSTOM_CHALLENGE")
    }

    /// Answers `CUSTOM_CHALLENGE` at [`LEGACY`].
    pub(crate) async fn answer(&self, session: &str, username: &str, answer: &str) -> Seen {
        self.answer_at(LEGACY, session, username, answer).await
    }

    /// The same at another client.
    pub(crate) async fn answer_at(&self, client: &str, session: &str, username: &str, answer: &str) -> Seen {
        let answers = json!({ "USERNAME": username, "ANSWER": answer });
        self.respond(client, "CUSTOM_CHALLENGE", session, answers).await
    }
}

/// The replay of a session.
pub(crate) fn used() -> Seen {
    crate::behaviour::refusal(
        crate::behaviour::NOT_AUTHORIZED,
        "Invalid session for the user, session can only be used once.",
    )
}
