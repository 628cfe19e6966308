//! Clients that make, change and move users all at once, and what a server has to remember of it after a crash.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rehome::api_client::{Answer, ApiClient};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::process::{Served, rehome, run, text};

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
            if done.is_none() {
                break;
            }
            progress.done.fetch_add(1, Ordering::SeqCst);
            progress.more.notify_one();
        }
        self.people
    }

    /// The answer of a server that is there and has a disk.
    async fn ask(&self, operation: &str, body: Value) -> Option<Answer> {
        let answer = self.api.call(operation, &body).await.ok()?;
        if answer.status == 500 {
            return None;
        }
        assert_eq!(answer.status, 200, "{operation}: {answer:?}");
        Some(answer)
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

    async fn create(&mut self) -> Option<()> {
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
        Some(())
    }

    async fn sign_up(&mut self) -> Option<()> {
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
        Some(())
    }

    /// Somebody of the old pool signs in for the first time.
    async fn move_in(&mut self) -> Option<()> {
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
        Some(())
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

    async fn change_password(&mut self) -> Option<()> {
        let Some((place, person)) = self.newest(false, "Changed") else {
            return Some(());
        };
        let old = person.password?;
        let tokens = self.ask("InitiateAuth", sign_in(&person.name, &old)).await?;
        let new = format!("Changed-{old}");
        let change = json!({
            "AccessToken": tokens.text("/AuthenticationResult/AccessToken"),
            "PreviousPassword": old, "ProposedPassword": new,
        });
        self.people[place].asked = Some(new);
        self.ask("ChangePassword", change).await?;
        self.taken(place);
        Some(())
    }

    async fn forget_password(&mut self) -> Option<()> {
        let Some((place, person)) = self.newest(true, "Reset") else {
            return Some(());
        };
        let email = person.email?;
        self.ask(
            "ForgotPassword",
            json!({ "ClientId": CLIENT, "Username": person.name }),
        )
        .await?;
        let code = self.api.newest_code(POOL, &email).await.ok()?;
        let new = format!("Reset-Password-of-{}", person.name);
        let confirm = json!({
            "ClientId": CLIENT, "Username": person.name, "ConfirmationCode": code, "Password": new,
        });
        self.people[place].asked = Some(new);
        self.ask("ConfirmForgotPassword", confirm).await?;
        self.taken(place);
        Some(())
    }
}

fn sign_in(name: &str, password: &str) -> Value {
    json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": CLIENT,
        "AuthParameters": { "USERNAME": name, "PASSWORD": password },
    })
}

/// What is missing or half made of these people.
pub(crate) async fn missing(api: &ApiClient, people: &mut [Person]) -> Result<(), String> {
    for person in people {
        let get = json!({ "UserPoolId": POOL, "Username": person.name });
        let found = api.call("AdminGetUser", &get).await.unwrap();
        match found.status {
            200 => {}
            400 if !person.is_known && found.exception() == Some("UserNotFoundException") => continue,
            _ => return Err(format!("{person:?}: {found:?}")),
        }
        if person.email.as_deref() != found.attribute("email") {
            return Err(format!("{person:?} has another address: {found:?}"));
        }
        // Without an answer nobody knows whether a password was taken. With one it was.
        let mut holds = None;
        for password in [&person.password, &person.asked].into_iter().flatten() {
            let login = person.email.as_ref().unwrap_or(&person.name);
            let answer = api.call("InitiateAuth", &sign_in(login, password)).await.unwrap();
            if answer.has_tokens() {
                holds = Some(password.clone());
                break;
            }
        }
        if person.password.is_some() && holds.is_none() {
            return Err(format!("{person:?} cannot sign in"));
        }
        person.is_known = true;
        person.password = holds;
        person.asked = None;
    }
    Ok(())
}

/// What is broken in a database that a server has opened after a crash: its structure, or what belongs together in it.
pub(crate) async fn broken(data: &Path, scratch: &Path) -> Result<(), String> {
    const WHOLE: [&str; 4] = [
        "SELECT COUNT(*) FROM pragma_foreign_key_check",
        "SELECT COUNT(*) FROM pool_user WHERE NOT EXISTS (SELECT 1 FROM login \
         WHERE login.user_pool_id = pool_user.user_pool_id AND login.login_key = pool_user.user_name \
         AND login.sub = pool_user.sub)",
        "SELECT (SELECT COUNT(*) FROM pool_user) <> (SELECT COALESCE(SUM(users), 0) FROM user_count)",
        "SELECT COUNT(*) FROM pool_user WHERE json_valid(document) = 0",
    ];
    let copy = tempfile::tempdir_in(scratch).unwrap();
    let to = copy.path().join("backup");
    // It reads the copy from end to end.
    let output = run(rehome([
        "db".as_ref(),
        "backup".as_ref(),
        "--data".as_ref(),
        data.as_os_str(),
        "--to".as_ref(),
        to.as_os_str(),
    ]))
    .await;
    if !output.status.success() {
        return Err(text(&output.stderr));
    }
    let connection = Connection::open(&to).unwrap();
    for sql in WHOLE {
        let wrong: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        if wrong != 0 {
            return Err(format!("{sql}: {wrong}"));
        }
    }
    Ok(())
}
