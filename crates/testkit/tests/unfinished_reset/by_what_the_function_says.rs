//! What a function answers about a user who has not finished, word by word: a yes is taken whole, anything else leaves all as
//! it was.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use testkit::{Answering, Options};

use crate::behaviour::{
    ANNS, FUNCTION, HIDING, LEGACY, NOT_AUTHORIZED, PASSWORD, Pool, Seen, WRONG, challenge, incorrect,
    refusal, tokens, user,
};

/// How the function fills in the response from now on, or what it throws.
type Answer = Box<dyn Fn(&mut Value) -> Result<(), String> + Send>;

/// A pool and what its function does; every event is kept.
struct Asked {
    pool: Pool,
    answer: Arc<Mutex<Answer>>,
    events: Arc<Mutex<Vec<Value>>>,
}

impl Asked {
    /// A pool with these settings in which `una` has asked for a code and done nothing with it.
    async fn with_una(settings: &str, users: &str) -> Self {
        let asked = Self::nobody_yet(settings, users).await;
        asked.will(una);
        assert_eq!(asked.pool.forgot_password(LEGACY, "una").await.0, 200);
        asked.events.lock().unwrap().clear();
        asked
    }

    async fn nobody_yet(settings: &str, users: &str) -> Self {
        let answer: Arc<Mutex<Answer>> = Arc::new(Mutex::new(Box::new(|_| Ok(()))));
        let events = Arc::new(Mutex::new(Vec::new()));
        let (answers, kept) = (Arc::clone(&answer), Arc::clone(&events));
        let function = Answering(move |mut event: Value| {
            kept.lock().unwrap().push(event.clone());
            answers.lock().unwrap()(&mut event)?;
            Ok(event)
        });
        let options = Options {
            builtins: vec![(FUNCTION, Arc::new(function))],
            ..Options::default()
        };
        let settings = format!("{settings}\nlambda_config = {{ UserMigration = \"{FUNCTION}\" }}");
        let pool = Pool::over(options, &settings, users).await;
        Self { pool, answer, events }
    }

    fn will(&self, answer: impl Fn(&mut Value) -> Result<(), String> + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// The events since the last look.
    fn events(&self) -> Vec<Value> {
        std::mem::take(&mut *self.events.lock().unwrap())
    }

    /// That a sign-in, by each kind of client, is what it is where a reset is due, and that nothing of the user has changed by it.
    async fn assert_no(&self, case: &str) {
        let before = self.una().await;
        let legacy = self.pool.sign_in(LEGACY, "una", PASSWORD).await;
        assert_eq!(legacy, reset_required(), "{case}");
        let hidden = self.pool.sign_in(HIDING, "una", PASSWORD).await;
        assert_eq!(hidden, incorrect(), "{case}");
        assert_eq!(self.una().await, before, "{case}");
    }

    async fn una(&self) -> Value {
        self.pool.admin("AdminGetUser", "una", json!({})).await.1
    }
}

fn reset_required() -> Seen {
    refusal(
        "PasswordResetRequiredException",
        "Password reset required for the user",
    )
}

/// The old directory knows `una`, whose password is [`PASSWORD`].
fn una(event: &mut Value) -> Result<(), String> {
    let request = &event["request"];
    if !request["password"].is_null() && request["password"] != PASSWORD {
        return Err("no".to_owned());
    }
    let status = if request["password"].is_null() {
        Value::Null
    } else {
        json!("CONFIRMED")
    };
    event["response"]["userAttributes"] = json!({ "email": "una@example.com", "email_verified": "true" });
    event["response"]["finalUserStatus"] = status;
    event["response"]["messageAction"] = json!("SUPPRESS");
    Ok(())
}

#[tokio::test]
async fn it_gets_the_event_of_a_sign_in_and_its_yes_is_taken() {
    let asked = Asked::with_una("", "").await;
    asked.pool.signed_in(LEGACY, "una").await;
    let events = asked.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["triggerSource"], "UserMigration_Authentication");
    assert_eq!(
        (&events[0]["userName"], &events[0]["request"]["password"]),
        (&json!("una"), &json!(PASSWORD))
    );
    assert_eq!(asked.pool.user("una").await.0, "CONFIRMED");
}

#[tokio::test]
async fn a_no_of_any_kind_leaves_the_reset_due_and_the_next_yes_still_counts() {
    let answers: [(&str, Answer); 6] = [
        (
            "thrown",
            Box::new(|_| Err("Incorrect username or password".to_owned())),
        ),
        ("unchanged", Box::new(|_| Ok(()))),
        (
            "not in the schema",
            Box::new(|event| {
                una(event)?;
                event["response"]["userAttributes"]["custom:none"] = json!("x");
                Ok(())
            }),
        ),
        (
            "another user name",
            Box::new(|event| {
                una(event)?;
                event["response"]["userAttributes"]["username"] = json!("somebody");
                Ok(())
            }),
        ),
        (
            "somebody's alias",
            Box::new(|event| {
                una(event)?;
                event["response"]["userAttributes"]["email"] = json!("ann@example.com");
                Ok(())
            }),
        ),
        (
            "a second factor that cannot be",
            Box::new(|event| {
                una(event)?;
                event["response"]["enableSMSMFA"] = json!(true);
                Ok(())
            }),
        ),
    ];
    let asked = Asked::with_una("alias_attributes = [\"email\"]", &user("ann", ANNS)).await;
    for (case, answer) in answers {
        asked.will(answer);
        asked.assert_no(case).await;
        asked.pool.wait(pool::time::Span::hours(1));
    }
    asked.will(una);
    tokens(asked.pool.sign_in(HIDING, "una", PASSWORD).await);
}

#[tokio::test]
async fn an_answer_that_is_none_is_told_as_of_anybody() {
    let asked = Asked::with_una("", "").await;
    asked.will(|event| {
        *event = json!({ "not": "the event" });
        Ok(())
    });
    let before = asked.una().await;
    for client in [LEGACY, HIDING] {
        let of_una = asked.pool.sign_in(client, "una", PASSWORD).await;
        assert_eq!(
            of_una,
            refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")
        );
        assert_eq!(of_una, asked.pool.sign_in(client, "nobody", PASSWORD).await);
    }
    assert_eq!(asked.una().await, before);
    assert_eq!(
        asked.pool.forgot_password(LEGACY, "una").await.0,
        200,
        "a code still goes where the pool knows her"
    );
}

#[tokio::test]
async fn told_that_the_reset_is_due_it_takes_the_profile_and_no_password() {
    let asked = Asked::with_una("", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["userAttributes"]["nickname"] = json!("U");
        event["response"]["finalUserStatus"] = json!("RESET_REQUIRED");
        Ok(())
    });
    assert_eq!(
        asked.pool.sign_in(LEGACY, "una", PASSWORD).await,
        reset_required()
    );
    assert_eq!(asked.pool.sign_in(HIDING, "una", PASSWORD).await, incorrect());
    let (status, attributes) = asked.pool.user("una").await;
    assert_eq!(
        (status.as_str(), &attributes["nickname"]),
        ("RESET_REQUIRED", &json!("U"))
    );
    asked.will(una);
    tokens(asked.pool.sign_in(LEGACY, "una", PASSWORD).await);
    assert_eq!(
        asked.pool.user("una").await.1["nickname"],
        "U",
        "what is not named stays"
    );
}

#[tokio::test]
async fn a_contact_that_changed_is_verified_only_if_the_function_says_so() {
    let asked = Asked::with_una("", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["userAttributes"] = json!({ "email": "new@example.com" });
        Ok(())
    });
    asked.pool.signed_in(LEGACY, "una").await;
    let (_, attributes) = asked.pool.user("una").await;
    assert_eq!(attributes["email"], "new@example.com");
    assert_ne!(attributes.get("email_verified"), Some(&json!("true")));
}

#[tokio::test]
async fn another_code_goes_to_the_contact_that_the_old_directory_has_now() {
    let asked = Asked::with_una("", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["userAttributes"]["email"] = json!("new@example.com");
        Ok(())
    });
    let (status, sent) = asked.pool.forgot_password(HIDING, "una").await;
    assert_eq!(
        (status, &sent["CodeDeliveryDetails"]["Destination"]),
        (200, &json!("n***@e***"))
    );
    assert_eq!(asked.pool.code("new@example.com").await.len(), 6);
    assert_eq!(asked.events()[0]["triggerSource"], "UserMigration_ForgotPassword");
}

#[tokio::test]
async fn who_had_no_verified_contact_is_sent_a_code_once_there_is_one() {
    let asked = Asked::nobody_yet("", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["userAttributes"]["email_verified"] = json!("false");
        Ok(())
    });
    assert_eq!(
        asked.pool.forgot_password(LEGACY, "una").await,
        refusal(
            "InvalidParameterException",
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    );
    assert_eq!(
        asked.pool.user("una").await.0,
        "RESET_REQUIRED",
        "the profile stays"
    );
    assert_eq!(
        asked.pool.forgot_password(HIDING, "una").await.0,
        200,
        "a pretence"
    );
    assert_eq!(asked.pool.messages(), Vec::<Value>::new());
    asked.will(una);
    assert_eq!(asked.pool.forgot_password(LEGACY, "una").await.0, 200);
    assert_eq!(asked.pool.code("una@example.com").await.len(), 6);
}

#[tokio::test]
async fn a_user_whom_the_function_made_confirmed_without_a_password_gets_in_too() {
    let asked = Asked::nobody_yet("", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["finalUserStatus"] = json!("CONFIRMED");
        Ok(())
    });
    assert_eq!(asked.pool.forgot_password(LEGACY, "una").await.0, 200);
    assert_eq!(asked.pool.user("una").await.0, "CONFIRMED");
    assert_eq!(asked.pool.sign_in(LEGACY, "una", WRONG).await, incorrect());
    tokens(asked.pool.sign_in(LEGACY, "una", PASSWORD).await);
}

#[tokio::test]
async fn the_second_factor_of_the_answer_is_asked_for() {
    let asked = Asked::with_una("mfa_configuration = \"OPTIONAL\"", "").await;
    asked.will(|event| {
        una(event)?;
        event["response"]["userAttributes"]["phone_number"] = json!("+12065550105");
        event["response"]["enableSMSMFA"] = json!(true);
        Ok(())
    });
    challenge(asked.pool.sign_in(LEGACY, "una", PASSWORD).await, "SMS_MFA");
}

#[tokio::test]
async fn without_the_trigger_a_reset_that_is_due_is_due() {
    let asked = Asked::with_una("", "").await;
    let (status, _) = asked
        .pool
        .call(
            "UpdateUserPool",
            json!({ "UserPoolId": crate::behaviour::POOL, "LambdaConfig": {} }),
        )
        .await;
    assert_eq!(status, 200);
    asked.assert_no("no trigger").await;
    assert_eq!(asked.events().len(), 0);
}

#[tokio::test]
async fn a_secret_hash_that_is_wrong_reaches_no_function() {
    let asked = Asked::with_una("", "").await;
    let parameters = json!({ "USERNAME": "una", "PASSWORD": PASSWORD, "SECRET_HASH": "wrong" });
    let (_, seen) = asked
        .pool
        .initiate(crate::behaviour::SECRETIVE, "USER_PASSWORD_AUTH", parameters)
        .await;
    assert_eq!(seen["__type"], NOT_AUTHORIZED);
    assert_eq!(asked.events().len(), 0);
}
