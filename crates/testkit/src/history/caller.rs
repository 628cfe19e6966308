//! A client that notes what it asks and what it is told.

use std::sync::Arc;
use std::time::Duration;

use pool::ports::Entropy as _;
use rehome::api_client::{Answer, ApiClient};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

use super::{Asked, History, Outcome};
use crate::SeededEntropy;

/// Within that an answer comes, whatever happens to the database: `docs/reference/database.md` says so.
const ANSWERED: Duration = Duration::from_mins(1);

/// What everybody does who is told to come again.
const AGAIN: Duration = Duration::from_millis(50);

/// What a server says that cannot do it now.
const NOT_NOW: [&str; 2] = ["InternalErrorException", "TooManyRequestsException"];

/// A client of all nodes.
pub(super) struct Caller {
    pub(super) nodes: Arc<[ApiClient]>,
    pub(super) history: Arc<History>,
    pub(super) chance: SeededEntropy,
}

/// What is asked.
pub(super) struct Call<'c> {
    pub(super) operation: &'c str,
    pub(super) body: Value,
    /// The exceptions that may be the answer, and mean that nothing has happened.
    pub(super) refusals: &'c [&'c str],
}

/// What is told.
#[derive(Debug)]
pub(super) enum Told {
    Done(Answer),
    Refused(Answer),
    /// The server could not, or nobody knows.
    Unknown,
}

impl Told {
    fn outcome(&self, says: impl FnOnce(&Answer) -> String) -> Outcome {
        match self {
            Self::Done(answer) => Outcome::Done(says(answer)),
            Self::Refused(_) => Outcome::Refused,
            Self::Unknown => Outcome::Unknown,
        }
    }
}

impl Caller {
    /// One of the nodes.
    pub(super) fn any(&self) -> &ApiClient {
        &self.nodes[self.draw(self.nodes.len())]
    }

    /// Two of the nodes, where there are two.
    pub(super) fn two(&self) -> [&ApiClient; 2] {
        let first = self.draw(self.nodes.len());
        [&self.nodes[first], &self.nodes[(first + 1) % self.nodes.len()]]
    }

    /// A number below another.
    pub(super) fn draw(&self, below: usize) -> usize {
        let mut bytes = [0; 8];
        self.chance.fill(&mut bytes);
        usize::try_from(u64::from_le_bytes(bytes) % below.max(1) as u64).unwrap_or_default()
    }

    /// Whether to go on.
    pub(super) fn goes_on(&self) -> bool {
        !self.history.is_ending()
    }

    /// Asks a node.
    pub(super) async fn ask(&self, node: &ApiClient, call: Call<'_>) -> Told {
        let began = Instant::now();
        let answer = timeout(ANSWERED, node.call(call.operation, &call.body)).await;
        self.history.took(began.elapsed());
        let answer = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return self.surprised(&call, &format!("{error:#}")),
            Err(_) => return self.surprised(&call, "no answer within a minute"),
        };
        let exception = answer.exception().unwrap_or_default();
        if answer.status == 200 {
            return Told::Done(answer);
        }
        if NOT_NOW.contains(&exception) {
            sleep(AGAIN).await;
            return Told::Unknown;
        }
        if call.refusals.contains(&exception) {
            return Told::Refused(answer);
        }
        self.surprised(&call, &format!("{} {}", answer.status, answer.body))
    }

    fn surprised(&self, call: &Call<'_>, text: &str) -> Told {
        self.history.surprise(format!("{}: {text}", call.operation));
        Told::Unknown
    }

    /// Asks a node and notes it; `says` is what of the answer counts.
    pub(super) async fn note(
        &self,
        node: &ApiClient,
        asked: Asked,
        call: Call<'_>,
        says: impl FnOnce(&Answer) -> String,
    ) -> Told {
        let begun = self.history.now();
        let told = self.ask(node, call).await;
        self.history.note(asked, begun, told.outcome(says));
        told
    }
}

/// The value of an attribute, wherever in an answer attributes are.
pub(super) fn sub(answer: &Answer) -> String {
    let attributes = ["/User/Attributes", "/UserAttributes"]
        .iter()
        .find_map(|place| answer.body.pointer(place)?.as_array());
    let sub = attributes
        .into_iter()
        .flatten()
        .find(|attribute| attribute["Name"] == "sub");
    sub.and_then(|sub| sub["Value"].as_str())
        .unwrap_or("nobody")
        .to_owned()
}

/// Of an answer nothing counts but that it came.
pub(super) fn nothing(_: &Answer) -> String {
    String::new()
}
