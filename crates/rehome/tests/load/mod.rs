//! Clients that make, change and move users all at once, and what a server has to remember of it after a crash.

#![allow(dead_code, reason = "each test file uses its part")]

mod verdict;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rehome::api_client::{Answer, ApiClient};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::process::Served;

pub(crate) use self::verdict::{broken, missing};

const OLD_POOL: &str = "us-east-1_OldCrash1";
const POOL: &str = "us-east-1_Crash0001";
const CLIENT: &str = "web";
const OLD_PASSWORD: &str = "Old-Password-1";
const ARN: &str = "arn:aws:lambda:us-east-1:000000000000:function:migration";

/// How many clients write at once.
const WRITERS: usize = 6;

/// An old pool with people to move, and the files that a new one is started with.
pub(crate) struct Scene {
    pub(crate) scratch: TempDir,
    _old: Served,
    people: usize,
    moved: Arc<AtomicUsize>,
}

impl Scene {
    /// Starts the old pool with so many people.
    pub(crate) fn start(people: usize) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let old_pools = scratch.path().join("old.toml");
        let users: Vec<String> = (0..people)
            .map(|n| {
                format!(
                    "{{ username = \"old-{n}\", password = \"{OLD_PASSWORD}\", \
                     attributes = {{ email = \"old-{n}@example.com\", email_verified = true }} }}"
                )
            })
            .collect();
        let text = format!(
            "[[user_pools]]\nid = \"{OLD_POOL}\"\nusers = [{}]\n[[user_pools.app_clients]]\nid = \"old\"\n\
             explicit_auth_flows = [\"ALLOW_ADMIN_USER_PASSWORD_AUTH\"]\n",
            users.join(", ")
        );
        std::fs::write(&old_pools, text).unwrap();
        let (data, log) = (scratch.path().join("old"), scratch.path().join("old.log"));
        let old = Served::start(&data, &log, ["--pools", old_pools.to_str().unwrap()]);
        let functions = format!(
            "[functions.\"{ARN}\"]\nbuiltin = \"migration\"\nfrom = {{ kind = \"cognito\", endpoint = \"{}\", \
             region = \"us-east-1\", user_pool_id = \"{OLD_POOL}\", client_id = \"old\" }}\n",
            old.url
        );
        std::fs::write(scratch.path().join("functions.toml"), functions).unwrap();
        let pools = format!(
            "[[user_pools]]\nid = \"{POOL}\"\nalias_attributes = [\"email\"]\n\
             lambda_config = {{ UserMigration = \"{ARN}\" }}\n[[user_pools.app_clients]]\nid = \"{CLIENT}\"\n\
             explicit_auth_flows = [\"ALLOW_USER_PASSWORD_AUTH\"]\n"
        );
        std::fs::write(scratch.path().join("pools.toml"), pools).unwrap();
        Self {
            scratch,
            _old: old,
            people,
            moved: Arc::default(),
        }
    }

    /// What the new pool is started with besides its data.
    pub(crate) fn arguments(&self) -> [PathBuf; 4] {
        let path = self.scratch.path();
        [
            "--pools".into(),
            path.join("pools.toml"),
            "--functions".into(),
            path.join("functions.toml"),
        ]
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.scratch.path().join("log")
    }

    /// Sets the clients on a server.
    pub(crate) fn load(&self, api: &ApiClient, round: &str) -> Load {
        let progress = Arc::new(Progress::default());
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let client = Client {
                api: api.clone(),
                prefix: format!("{round}-w{writer}"),
                moved: Arc::clone(&self.moved),
                to_move: self.people,
                people: Vec::new(),
            };
            writers.spawn(client.write(writer, Arc::clone(&progress)));
        }
        Load { writers, progress }
    }
}

/// Clients at work.
pub(crate) struct Load {
    writers: JoinSet<Vec<Person>>,
    progress: Arc<Progress>,
}

#[derive(Default)]
struct Progress {
    done: AtomicUsize,
    more: Notify,
}

impl Load {
    /// Waits until so many errands are done, or the server has gone by itself.
    pub(crate) async fn until(&mut self, errands: usize) -> Vec<Person> {
        let mut people = Vec::new();
        while self.progress.done.load(Ordering::SeqCst) < errands {
            tokio::select! {
                () = self.progress.more.notified() => {}
                ended = self.writers.join_next() => match ended {
                    Some(ended) => people.extend(ended.unwrap()),
                    None => break,
                }
            }
        }
        people
    }

    /// Everybody whom the clients have asked for, once the server has gone.
    pub(crate) async fn people(mut self) -> Vec<Person> {
        let mut people = Vec::new();
        while let Some(ended) = self.writers.join_next().await {
            people.extend(ended.unwrap());
        }
        people
    }
}

/// Somebody, as far as a client knows.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    name: String,
    email: Option<String>,
    /// Whether the server has said that the user is there.
    is_known: bool,
    /// The last password that the server has taken.
    password: Option<String>,
    /// One that it was given without an answer.
    asked: Option<String>,
}

/// Why an errand was not done.
enum Halt {
    /// The server has gone, or its disk.
    Gone,
    /// It has too much to do, or the old pool has.
    Busy,
}

/// One client.
struct Client {
    api: ApiClient,
    prefix: String,
    moved: Arc<AtomicUsize>,
    to_move: usize,
    people: Vec<Person>,
}

impl Client {
    /// Runs errands until the server is gone.
    async fn write(mut self, first: usize, progress: Arc<Progress>) -> Vec<Person> {
        for n in first.. {
            let done = match n % 5 {
                0 => self.create().await,
                1 => self.sign_up().await,
                2 => self.change_password().await,
                3 => self.move_in().await,
                _ => self.forget_password().await,
            };
            match done {
                Ok(()) => {}
                Err(Halt::Busy) => continue,
                Err(Halt::Gone) => break,
            }
            progress.done.fetch_add(1, Ordering::SeqCst);
            progress.more.notify_one();
        }
        self.people
    }

    /// The answer of a server that is there and has a disk.
    async fn ask(&self, operation: &str, body: Value) -> Result<Answer, Halt> {
        let Ok(answer) = self.api.call(operation, &body).await else {
            return Err(Halt::Gone);
        };
        let is_busy = answer.exception() == Some("TooManyRequestsException")
            || answer.text("/message").ends_with("Try again later.");
        match answer.status {
            500 => Err(Halt::Gone),
            _ if is_busy => Err(Halt::Busy),
            status => {
                assert_eq!(status, 200, "{operation}: {answer:?}");
                Ok(answer)
            }
        }
    }

    fn person(&mut self, name: String, email: Option<String>) -> usize {
        self.people.push(Person {
            name,
            email,
            is_known: false,
            password: None,
            asked: None,
        });
        self.people.len() - 1
    }

    /// The server has taken the password that it was asked to.
    fn taken(&mut self, place: usize) {
        let person = &mut self.people[place];
        person.is_known = true;
        person.password = person.asked.take();
    }

    async fn create(&mut self) -> Result<(), Halt> {
        let name = format!("{}-{}", self.prefix, self.people.len());
        let email = format!("{name}@example.com");
        let place = self.person(name.clone(), Some(email.clone()));
        let attributes =
            json!([{ "Name": "email", "Value": email }, { "Name": "email_verified", "Value": "true" }]);
        let create = json!({
            "UserPoolId": POOL, "Username": name, "MessageAction": "SUPPRESS", "UserAttributes": attributes,
        });
        self.ask("AdminCreateUser", create).await?;
        self.people[place].is_known = true;
        let password = format!("Password-of-{name}");
        let set = json!({ "UserPoolId": POOL, "Username": name, "Password": password, "Permanent": true });
        self.people[place].asked = Some(password);
        self.ask("AdminSetUserPassword", set).await?;
        self.taken(place);
        Ok(())
    }

    async fn sign_up(&mut self) -> Result<(), Halt> {
        let name = format!("{}-{}", self.prefix, self.people.len());
        let place = self.person(name.clone(), None);
        let password = format!("Password-of-{name}");
        self.ask(
            "SignUp",
            json!({ "ClientId": CLIENT, "Username": name, "Password": password }),
        )
        .await?;
        self.people[place].is_known = true;
        self.people[place].asked = Some(password);
        self.ask(
            "AdminConfirmSignUp",
            json!({ "UserPoolId": POOL, "Username": name }),
        )
        .await?;
        self.taken(place);
        Ok(())
    }

    /// Somebody of the old pool signs in for the first time.
    async fn move_in(&mut self) -> Result<(), Halt> {
        let n = self.moved.fetch_add(1, Ordering::SeqCst);
        assert!(
            n < self.to_move,
            "everybody has moved: give the scene more people"
        );
        let name = format!("old-{n}");
        let place = self.person(name.clone(), Some(format!("{name}@example.com")));
        self.people[place].asked = Some(OLD_PASSWORD.to_owned());
        self.ask("InitiateAuth", sign_in(&name, OLD_PASSWORD)).await?;
        self.taken(place);
        Ok(())
    }

    /// The newest person who can sign in, and has not had this errand yet.
    fn newest(&self, with_email: bool, mark: &str) -> Option<(usize, Person)> {
        let fits = |person: &Person| {
            (person.email.is_some() || !with_email)
                && person
                    .password
                    .as_ref()
                    .is_some_and(|password| !password.contains(mark))
        };
        let place = self.people.iter().rposition(fits)?;
        Some((place, self.people[place].clone()))
    }

    async fn change_password(&mut self) -> Result<(), Halt> {
        let Some((place, person)) = self.newest(false, "Changed") else {
            return Ok(());
        };
        let Some(old) = person.password else {
            return Ok(());
        };
        let tokens = self.ask("InitiateAuth", sign_in(&person.name, &old)).await?;
        let new = format!("Changed-{old}");
        let change = json!({
            "AccessToken": tokens.text("/AuthenticationResult/AccessToken"),
            "PreviousPassword": old, "ProposedPassword": new,
        });
        self.people[place].asked = Some(new);
        self.ask("ChangePassword", change).await?;
        self.taken(place);
        Ok(())
    }

    async fn forget_password(&mut self) -> Result<(), Halt> {
        let Some((place, person)) = self.newest(true, "Reset") else {
            return Ok(());
        };
        let Some(email) = person.email else {
            return Ok(());
        };
        self.ask(
            "ForgotPassword",
            json!({ "ClientId": CLIENT, "Username": person.name }),
        )
        .await?;
        let Ok(code) = self.api.newest_code(POOL, &email).await else {
            return Err(Halt::Gone);
        };
        let new = format!("Reset-Password-of-{}", person.name);
        let confirm = json!({
            "ClientId": CLIENT, "Username": person.name, "ConfirmationCode": code, "Password": new,
        });
        self.people[place].asked = Some(new);
        self.ask("ConfirmForgotPassword", confirm).await?;
        self.taken(place);
        Ok(())
    }
}

fn sign_in(name: &str, password: &str) -> Value {
    json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": name, "PASSWORD": password },
    })
}
