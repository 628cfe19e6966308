//! What becomes of `LambdaConfig`.

use serde_json::{Map, Value, json};

use super::Trigger;
use crate::problem::{Problem, Problems};

/// The change that was asked for.
pub(super) enum Change {
    /// Put a function there.
    Attach { function: String, replace: bool },
    /// Take it away.
    Detach { only: Option<String> },
}

impl Change {
    /// `LambdaConfig` as it is to be: the members of these triggers changed, all others as they were.
    ///
    /// # Errors
    /// [`Problems`] where another function stands than the caller thinks.
    pub(super) fn applied(
        &self,
        config: &Map<String, Value>,
        triggers: &[Trigger],
    ) -> Result<Map<String, Value>, Problems> {
        let mut changed = config.clone();
        let mut problems = Vec::new();
        for trigger in triggers {
            let there = config.get(trigger.member()).and_then(Value::as_str);
            match self {
                Self::Attach { function, replace } => match there {
                    Some(other) if other != function && !replace => problems.push(Problem::new(
                        format!("LambdaConfig.{}", trigger.member()),
                        format!("{other} is there already; --replace puts yours in its place"),
                    )),
                    _ => trigger.attach(function, &mut changed),
                },
                Self::Detach { only } => match (there, only) {
                    (Some(other), Some(only)) if other != only => problems.push(Problem::new(
                        format!("LambdaConfig.{}", trigger.member()),
                        format!("{other} is there, which is not the function you named; it stays"),
                    )),
                    _ => trigger.detach(&mut changed),
                },
            }
        }
        Problems::none_in(problems, Some(changed))
    }
}

/// The version of the event, beside the function.
const TOKEN_CONFIG: &str = "PreTokenGenerationConfig";

impl Trigger {
    /// Its member of `LambdaConfig`.
    fn member(self) -> &'static str {
        match self {
            Self::UserMigration => "UserMigration",
            Self::PreSignUp => "PreSignUp",
            Self::PostAuthentication => "PostAuthentication",
            Self::PreTokenGeneration | Self::PreTokenGenerationV2 => "PreTokenGeneration",
        }
    }

    /// The version of the event, where the trigger has versions.
    fn event_version(self) -> Option<&'static str> {
        match self {
            Self::UserMigration | Self::PreSignUp | Self::PostAuthentication => None,
            Self::PreTokenGeneration => Some("V1_0"),
            Self::PreTokenGenerationV2 => Some("V2_0"),
        }
    }

    /// Both members of a trigger with versions have to name the same function.
    fn attach(self, function: &str, config: &mut Map<String, Value>) {
        config.insert(self.member().to_owned(), function.into());
        if let Some(version) = self.event_version() {
            let versioned = json!({ "LambdaVersion": version, "LambdaArn": function });
            config.insert(TOKEN_CONFIG.to_owned(), versioned);
        }
    }

    fn detach(self, config: &mut Map<String, Value>) {
        config.shift_remove(self.member());
        if self.event_version().is_some() {
            config.shift_remove(TOKEN_CONFIG);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "arn:aws:lambda:eu-west-1:111122223333:function:CognitoUserMigration";

    fn attach(replace: bool) -> Change {
        Change::Attach {
            function: OURS.to_owned(),
            replace,
        }
    }

    fn config(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn other_triggers_stay() {
        let before = config(&json!({ "PreSignUp": "other", "KMSKeyID": "key" }));
        let after = attach(false).applied(&before, &[Trigger::UserMigration]).unwrap();
        assert_eq!(
            Value::Object(after.clone()),
            json!({ "PreSignUp": "other", "KMSKeyID": "key", "UserMigration": OURS })
        );
        let detach = Change::Detach { only: None };
        assert_eq!(detach.applied(&after, &[Trigger::UserMigration]).unwrap(), before);
    }

    #[test]
    fn another_function_is_replaced_only_when_that_is_wanted() {
        let before = config(&json!({ "UserMigration": "other" }));
        let refused = attach(false)
            .applied(&before, &[Trigger::UserMigration])
            .unwrap_err();
        assert!(
            refused.to_string().contains("other is there already"),
            "{refused}"
        );
        let after = attach(true).applied(&before, &[Trigger::UserMigration]).unwrap();
        assert_eq!(after["UserMigration"], OURS);
        let detach = Change::Detach {
            only: Some(OURS.to_owned()),
        };
        assert!(detach.applied(&before, &[Trigger::UserMigration]).is_err());
        assert!(
            detach
                .applied(&after, &[Trigger::UserMigration])
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_trigger_with_versions_has_two_members_that_agree() {
        let after = attach(false)
            .applied(&Map::new(), &[Trigger::PreTokenGenerationV2])
            .unwrap();
        assert_eq!(after["PreTokenGeneration"], OURS);
        assert_eq!(
            after["PreTokenGenerationConfig"],
            json!({ "LambdaVersion": "V2_0", "LambdaArn": OURS })
        );
        let detach = Change::Detach { only: None };
        let gone = detach.applied(&after, &[Trigger::PreTokenGeneration]).unwrap();
        assert!(gone.is_empty());
    }
}
