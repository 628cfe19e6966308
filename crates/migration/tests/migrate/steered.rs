//! A port to an old directory that answers as a test says, and events as Cognito sends them.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use migration::{CouldNotAsk, Directory, Inquiry, Login, Password, Profile, Standing};
use tokio::sync::Semaphore;
use trigger::migrate_user::{Request, Source};
use trigger::{CallerContext, Event, Header, MigrateUser};

/// Answers as told, and notes what it was asked.
pub(crate) struct Steered {
    answer: Mutex<Option<Result<Standing, CouldNotAsk>>>,
    asked: Mutex<Vec<String>>,
}

impl Steered {
    pub(crate) fn answering(answer: Result<Standing, CouldNotAsk>) -> Self {
        Self {
            answer: Mutex::new(Some(answer)),
            asked: Mutex::default(),
        }
    }

    pub(crate) fn silent() -> Self {
        Self {
            answer: Mutex::default(),
            asked: Mutex::default(),
        }
    }

    async fn answer(&self, question: String) -> Result<Standing, CouldNotAsk> {
        self.asked.lock().unwrap().push(question);
        let answer = self.answer.lock().unwrap().take();
        match answer {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

type Answer = dyn Fn(&Login) -> Result<Standing, CouldNotAsk> + Send + Sync;

/// Answers every question alike, when the test lets it, and counts them.
pub(crate) struct Gated {
    answer: Box<Answer>,
    pub(crate) gate: Semaphore,
    asked: AtomicUsize,
}

impl Gated {
    /// With as many questions let through as one likes.
    pub(crate) fn open(
        answer: impl Fn(&Login) -> Result<Standing, CouldNotAsk> + Send + Sync + 'static,
    ) -> Self {
        Self {
            gate: Semaphore::new(100_000),
            ..Self::closed(answer)
        }
    }

    /// With none let through yet.
    pub(crate) fn closed(
        answer: impl Fn(&Login) -> Result<Standing, CouldNotAsk> + Send + Sync + 'static,
    ) -> Self {
        Self {
            answer: Box::new(answer),
            gate: Semaphore::new(0),
            asked: AtomicUsize::new(0),
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn answer(&self, login: &Login) -> Result<Standing, CouldNotAsk> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.gate.acquire().await.unwrap().forget();
        (self.answer)(login)
    }
}

#[async_trait]
impl Directory for Gated {
    async fn verify(&self, login: &Login, _: &Password, _: &Inquiry) -> Result<Standing, CouldNotAsk> {
        self.answer(login).await
    }

    async fn find(&self, login: &Login, _: &Inquiry) -> Result<Standing, CouldNotAsk> {
        self.answer(login).await
    }
}

#[async_trait]
impl Directory for Steered {
    async fn verify(&self, login: &Login, password: &Password, _: &Inquiry) -> Result<Standing, CouldNotAsk> {
        self.answer(format!("verify {} {}", login.as_str(), password.expose()))
            .await
    }

    async fn find(&self, login: &Login, _: &Inquiry) -> Result<Standing, CouldNotAsk> {
        self.answer(format!("find {}", login.as_str())).await
    }
}

pub(crate) fn event(source: Source, user_name: &str, password: Option<&str>) -> Event<MigrateUser> {
    let header = Header {
        region: "us-east-1".to_owned(),
        user_pool_id: "us-east-1_EXAMPLE01".to_owned(),
        user_name: user_name.to_owned(),
        caller_context: CallerContext {
            aws_sdk_version: "x".to_owned(),
            client_id: Some("web".to_owned()),
        },
    };
    Event::new(
        source,
        header,
        Request {
            password: password.map(Password::new),
            ..Request::default()
        },
    )
}

pub(crate) fn active() -> Standing {
    let attributes = [("email", "jane@example.com"), ("email_verified", "true")]
        .into_iter()
        .collect();
    Standing::Active(Profile {
        username: "jane".to_owned(),
        attributes,
        ..Profile::default()
    })
}
