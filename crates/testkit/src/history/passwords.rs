//! Clients who change their password again and again, and try the one before on every node.

use futures_util::future::join_all;
use rehome::api_client::{Answer, ApiClient};
use serde_json::json;
use tokio::join;

use super::caller::{Call, Caller, Told, nothing};
use super::clients::{CLIENT, POOL};
use super::{Asked, Outcome};

/// How those are called who do.
pub(super) const USER: &str = "password";

/// What refuses a wrong password.
const WRONG: &str = "Incorrect username or password.";

/// Changes a password until the history ends; then signs in with the last one on all nodes.
pub(super) async fn change(caller: Caller, n: usize) {
    let person = Person {
        user: format!("{USER}{n}"),
        caller,
    };
    let begun = person.caller.history.now();
    person
        .caller
        .history
        .note(person.sets(0), begun, Outcome::Done(String::new()));
    // Which of them is the password: several where nobody knows whether a change was made.
    let mut candidates = vec![0];
    let mut next = 1;
    while person.caller.goes_on() {
        let Some((current, access)) = person.signs_in_with_one_of(&candidates).await else {
            continue;
        };
        candidates = vec![current];
        let node = person.caller.any();
        let (told, _) = join!(
            person.changes(node, current, next, &access),
            // In the midst of it the old one may be right or wrong.
            person.signs_in(person.caller.any(), current)
        );
        match told {
            Told::Done(_) => {
                candidates = vec![next];
                let nodes = person.caller.nodes.iter();
                join_all(nodes.map(|node| person.signs_in(node, current))).await;
                person.signs_in(person.caller.any(), next).await;
            }
            Told::Unknown => candidates = vec![next, current],
            Told::Refused(_) => {}
        }
        next += 1;
    }
    for node in person.caller.nodes.iter() {
        while !person.is_let_in(node, &candidates).await {}
    }
}

struct Person {
    user: String,
    caller: Caller,
}

fn text(password: u64) -> String {
    format!("Password-{password}-x")
}

impl Person {
    fn sets(&self, to: u64) -> Asked {
        let user = self.user.clone();
        Asked::SetPassword { user, to }
    }

    /// With a reset by code now and then, where those are not used up for the hour.
    async fn changes(&self, node: &ApiClient, from: u64, to: u64, access: &str) -> Told {
        if to % 8 == 5
            && let Some(told) = self.resets(node, to).await
        {
            return told;
        }
        let call = Call {
            operation: "ChangePassword",
            body: json!({
                "AccessToken": access, "PreviousPassword": text(from), "ProposedPassword": text(to),
            }),
            refusals: &["NotAuthorizedException", "LimitExceededException"],
        };
        self.caller.note(node, self.sets(to), call, nothing).await
    }

    /// `None` when there is no code.
    async fn resets(&self, node: &ApiClient, to: u64) -> Option<Told> {
        let forgot = Call {
            operation: "ForgotPassword",
            body: json!({ "ClientId": CLIENT, "Username": self.user }),
            refusals: &["LimitExceededException"],
        };
        let Told::Done(_) = self.caller.ask(node, forgot).await else {
            return None;
        };
        let code = node
            .newest_code(POOL, &format!("{}@example.com", self.user))
            .await
            .ok()?;
        let confirm = Call {
            operation: "ConfirmForgotPassword",
            body: json!({
                "ClientId": CLIENT, "Username": self.user, "ConfirmationCode": code, "Password": text(to),
            }),
            refusals: &["LimitExceededException"],
        };
        let node = self.caller.any();
        Some(self.caller.note(node, self.sets(to), confirm, nothing).await)
    }

    /// Signs in; too many wrong passwords before say nothing of this one.
    async fn signs_in(&self, node: &ApiClient, with: u64) -> Told {
        let call = Call {
            operation: "InitiateAuth",
            body: json!({
                "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
                "AuthParameters": { "USERNAME": self.user, "PASSWORD": text(with) },
            }),
            refusals: &["NotAuthorizedException"],
        };
        let begun = self.caller.history.now();
        let told = self.caller.ask(node, call).await;
        let (told, outcome) = match told {
            Told::Done(answer) => (Told::Done(answer), Outcome::Done(String::new())),
            Told::Refused(answer) if answer.text("/message") == WRONG => {
                (Told::Refused(answer), Outcome::Refused)
            }
            Told::Refused(_) | Told::Unknown => (Told::Unknown, Outcome::Unknown),
        };
        let user = self.user.clone();
        self.caller
            .history
            .note(Asked::SignIn { user, with }, begun, outcome);
        told
    }

    /// The one of them that is the password, and an access token.
    async fn signs_in_with_one_of(&self, candidates: &[u64]) -> Option<(u64, String)> {
        for with in candidates {
            if let Told::Done(answer) = self.signs_in(self.caller.any(), *with).await {
                return Some((*with, access_token(&answer)));
            }
        }
        None
    }

    /// Whether one of them lets the person in at a node; the history says whether that is the right one.
    async fn is_let_in(&self, node: &ApiClient, candidates: &[u64]) -> bool {
        let mut known = true;
        for with in candidates {
            match self.signs_in(node, *with).await {
                Told::Done(_) => return true,
                Told::Refused(_) => {}
                Told::Unknown => known = false,
            }
        }
        if known {
            let user = &self.user;
            self.caller
                .history
                .surprise(format!("none of {candidates:?} is the password of {user}"));
        }
        known
    }
}

fn access_token(answer: &Answer) -> String {
    answer.text("/AuthenticationResult/AccessToken").to_owned()
}
