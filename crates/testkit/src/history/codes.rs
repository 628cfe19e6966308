//! Clients who ask for codes on two nodes at once, and answer with each of them on both: one is good at a time, and once.

use futures_util::future::join_all;
use rehome::api_client::ApiClient;
use serde_json::json;
use tokio::join;

use super::caller::{Call, Caller, Told, nothing};
use super::clients::{CLIENT, PASSWORD, POOL};
use super::{Asked, Outcome};

/// What the codes are for.
#[derive(Clone, Copy)]
enum Purpose {
    ResetPassword,
    ConfirmSignUp,
}

/// A user and the codes that they get.
struct Codes<'c> {
    caller: &'c Caller,
    name: String,
    purpose: Purpose,
}

/// People forget their passwords, one after the other.
pub(super) async fn reset_passwords(caller: Caller, n: usize) {
    let mut round = 0;
    while caller.goes_on() {
        let codes = Codes {
            caller: &caller,
            name: format!("reset-{n}-{round}"),
            purpose: Purpose::ResetPassword,
        };
        round += 1;
        if codes.user_is_made().await {
            codes.come_and_go(Vec::new()).await;
        }
    }
}

/// People sign up, one after the other.
pub(super) async fn confirm_sign_ups(caller: Caller, n: usize) {
    let mut round = 0;
    while caller.goes_on() {
        let codes = Codes {
            caller: &caller,
            name: format!("confirm-{n}-{round}"),
            purpose: Purpose::ConfirmSignUp,
        };
        round += 1;
        // Its code is the first of them.
        let sign_up = Call {
            operation: "SignUp",
            body: json!({
                "ClientId": CLIENT, "Username": codes.name, "Password": PASSWORD,
                "UserAttributes": [{ "Name": "email", "Value": codes.address() }],
            }),
            refusals: &[],
        };
        if let Some(first) = codes.sent_by(caller.any(), sign_up).await {
            codes.come_and_go(vec![first]).await;
        }
    }
}

impl Codes<'_> {
    fn address(&self) -> String {
        format!("{}@example.com", self.name)
    }

    /// A user with a password to forget.
    async fn user_is_made(&self) -> bool {
        let create = Call {
            operation: "AdminCreateUser",
            body: json!({
                "UserPoolId": POOL, "Username": self.name, "MessageAction": "SUPPRESS",
                "UserAttributes": [
                    { "Name": "email", "Value": self.address() }, { "Name": "email_verified", "Value": "true" },
                ],
            }),
            refusals: &[],
        };
        let set = Call {
            operation: "AdminSetUserPassword",
            body: json!({ "UserPoolId": POOL, "Username": self.name, "Password": PASSWORD, "Permanent": true }),
            refusals: &[],
        };
        let node = self.caller.any();
        matches!(self.caller.ask(node, create).await, Told::Done(_))
            && matches!(self.caller.ask(node, set).await, Told::Done(_))
    }

    /// Two more codes at once; each is given on both nodes at once; and all of them once more when another has been sent.
    async fn come_and_go(&self, mut codes: Vec<String>) {
        let nodes = self.caller.two();
        let (one, other) = join!(self.asks(nodes[0]), self.asks(nodes[1]));
        codes.extend(one.into_iter().chain(other));
        let answers = codes
            .iter()
            .flat_map(|code| nodes.map(|node| self.answers(node, code)));
        join_all(answers).await;
        codes.extend(self.asks(self.caller.any()).await);
        for code in &codes {
            self.answers(self.caller.any(), code).await;
        }
    }

    /// Asks for another code.
    async fn asks(&self, node: &ApiClient) -> Option<String> {
        let (operation, refusals): (_, &[&str]) = match self.purpose {
            Purpose::ResetPassword => ("ForgotPassword", &[]),
            // Who is confirmed by then gets none.
            Purpose::ConfirmSignUp => ("ResendConfirmationCode", &["InvalidParameterException"]),
        };
        let call = Call {
            operation,
            body: json!({ "ClientId": CLIENT, "Username": self.name }),
            refusals,
        };
        self.sent_by(node, call).await
    }

    /// The code that a call sends, out of the node's own outbox.
    async fn sent_by(&self, node: &ApiClient, call: Call<'_>) -> Option<String> {
        let history = &self.caller.history;
        let (begun, operation) = (history.now(), call.operation);
        let outcome = match self.caller.ask(node, call).await {
            Told::Refused(_) => Outcome::Refused,
            Told::Unknown => Outcome::Unknown,
            Told::Done(_) => {
                let code = node.newest_code(POOL, &self.address()).await;
                if code.is_err() {
                    history.surprise(format!("{operation}: no code for {}", self.name));
                }
                code.map_or(Outcome::Unknown, Outcome::Done)
            }
        };
        history.note(Asked::SendCode(self.name.clone()), begun, outcome.clone());
        match outcome {
            Outcome::Done(code) => Some(code),
            _ => None,
        }
    }

    /// Gives a code.
    async fn answers(&self, node: &ApiClient, code: &str) {
        let mut body = json!({ "ClientId": CLIENT, "Username": self.name, "ConfirmationCode": code });
        let operation = match self.purpose {
            Purpose::ResetPassword => {
                body["Password"] = json!("Password-1-x");
                "ConfirmForgotPassword"
            }
            Purpose::ConfirmSignUp => "ConfirmSignUp",
        };
        let call = Call {
            operation,
            body,
            refusals: &[
                "CodeMismatchException",
                "ExpiredCodeException",
                // Who is confirmed needs no code.
                "NotAuthorizedException",
            ],
        };
        let asked = Asked::UseCode {
            of: self.name.clone(),
            code: code.to_owned(),
        };
        self.caller.note(node, asked, call, nothing).await;
    }
}
