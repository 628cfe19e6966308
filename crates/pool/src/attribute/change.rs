//! How attributes are set, changed and taken away: every text of a refusal is Cognito's where it is known.

use super::value::{Misfit, checked};
use super::{Attributes, Schema, SchemaAttribute, is_never_written, is_ours};
use crate::app_client::AppClient;
use crate::error::{Error, text};

/// Who changes attributes.
#[derive(Clone, Copy, Debug)]
pub enum Writer<'a> {
    /// An administrator: app clients' permissions do not matter, and contacts can be declared verified.
    Administrator,
    /// The user, through an app client.
    User(&'a AppClient),
}

impl Schema {
    /// The attributes of a new user. The last of several values of one name counts; empty values set nothing; what is
    /// immutable may be set, since this is the creation. Whether required ones are there is [`Schema::check_required`].
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] in the words of Cognito for unknown names, `sub` and its like, and values that do not
    /// fit.
    pub fn validate_new_user<N: AsRef<str>, V: AsRef<str>>(
        &self,
        given: &[(N, V)],
    ) -> Result<Attributes, Error> {
        let mut lines = Lines::default();
        let mut attributes = Attributes::default();
        for (name, value) in last_of_each(given) {
            if is_ours(name) {
                return Err(Error::InvalidParameter(text::non_mutable(name)));
            }
            if value.is_empty() {
                continue;
            }
            match self.get(name) {
                None => lines.add(name, text::NOT_IN_THE_SCHEMA),
                Some(attribute) => lines.set(&mut attributes, attribute, value)?,
            }
        }
        lines.into_result()?;
        Ok(attributes)
    }

    /// Whether `writer` may write these attributes, whatever their values.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for what nobody of this kind writes; [`Error::NotAuthorized`] when the app client may not.
    pub fn check_writers<N: AsRef<str>, V>(&self, given: &[(N, V)], writer: Writer<'_>) -> Result<(), Error> {
        given
            .iter()
            .try_for_each(|(name, _)| self.check_writer(name.as_ref(), writer))
    }

    /// Whether all required attributes are there.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] names those that are missing.
    pub fn check_required(&self, attributes: &Attributes) -> Result<(), Error> {
        let missing: Vec<String> = self
            .required()
            .filter(|attribute| attributes.get(&attribute.name).is_none())
            .map(|attribute| text::attribute_required(&attribute.name))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::InvalidParameter(text::does_not_conform(
            &missing.join("\n"),
        )))
    }

    /// `current` with changes: all of them or none. The last of several values of one name counts; an empty value
    /// deletes. A new e-mail address or phone number is unverified, unless an administrator says otherwise with it.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for unknown and immutable attributes, `sub` and its like, and values that do not fit;
    /// [`Error::NotAuthorized`] when the app client may not write one.
    pub fn update<N: AsRef<str>, V: AsRef<str>>(
        &self,
        current: &Attributes,
        given: &[(N, V)],
        writer: Writer<'_>,
    ) -> Result<Attributes, Error> {
        let given = last_of_each(given);
        let mut lines = Lines::default();
        let mut attributes = current.clone();
        for (name, value) in &given {
            self.check_writer(name, writer)?;
            match self.get(name) {
                _ if value.is_empty() => self.remove(&mut attributes, name)?,
                None => lines.add(name, text::NOT_IN_THE_SCHEMA),
                Some(attribute) if !attribute.mutable => lines.add(name, text::CANNOT_BE_UPDATED),
                Some(attribute) => lines.set(&mut attributes, attribute, value)?,
            }
        }
        lines.into_result()?;
        for (contact, flag) in [
            ("email", "email_verified"),
            ("phone_number", "phone_number_verified"),
        ] {
            let changed =
                attributes.get(contact).is_some() && attributes.get(contact) != current.get(contact);
            if changed && !given.iter().any(|(name, _)| *name == flag) {
                attributes.set(flag, "false");
            }
        }
        Ok(attributes)
    }

    /// `current` without these. Taking away what is not there is fine.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for unknown, required and immutable attributes; [`Error::NotAuthorized`] when the app
    /// client may not write one.
    pub fn delete<N: AsRef<str>>(
        &self,
        current: &Attributes,
        names: &[N],
        writer: Writer<'_>,
    ) -> Result<Attributes, Error> {
        let mut attributes = current.clone();
        for name in names {
            self.check_writer(name.as_ref(), writer)?;
            self.remove(&mut attributes, name.as_ref())?;
        }
        Ok(attributes)
    }

    fn check_writer(&self, name: &str, writer: Writer<'_>) -> Result<(), Error> {
        let Writer::User(client) = writer else {
            return if is_ours(name) {
                Err(Error::InvalidParameter(text::non_mutable(name)))
            } else {
                Ok(())
            };
        };
        if is_never_written(name) {
            return Err(Error::InvalidParameter(text::non_mutable(name)));
        }
        let developers = self.get(name).is_some_and(|attribute| attribute.developer_only);
        if developers || !client.may_write(name) {
            return Err(Error::not_authorized(text::UNAUTHORIZED_ATTRIBUTE));
        }
        Ok(())
    }

    /// Takes an attribute away, and with a contact the flag that it is verified.
    fn remove(&self, attributes: &mut Attributes, name: &str) -> Result<(), Error> {
        let Some(attribute) = self.get(name) else {
            return Err(Error::InvalidParameter(text::attribute_of_no_type(name)));
        };
        if attribute.required {
            return Err(Error::InvalidParameter(text::deletes_required(name)));
        }
        if !attribute.mutable {
            return Err(Error::InvalidParameter(text::deletes_immutable(name)));
        }
        attributes.remove(name);
        match name {
            "email" => attributes.remove("email_verified"),
            "phone_number" => attributes.remove("phone_number_verified"),
            _ => {}
        }
        Ok(())
    }
}

/// The last value of each name, in the order of the names' first appearance.
fn last_of_each<N: AsRef<str>, V: AsRef<str>>(given: &[(N, V)]) -> Vec<(&str, &str)> {
    let mut last: Vec<(&str, &str)> = Vec::with_capacity(given.len());
    for (name, value) in given {
        let (name, value) = (name.as_ref(), value.as_ref());
        match last.iter_mut().find(|(other, _)| *other == name) {
            Some(slot) => slot.1 = value,
            None => last.push((name, value)),
        }
    }
    last
}

/// Complaints, a line each, as Cognito lists them: every line ends with a newline, the last one too.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, name: &str, complaint: &str) {
        self.0.push_str(&text::attribute_line(name, complaint));
    }

    /// Sets the value, or notes why it does not fit.
    fn set(
        &mut self,
        attributes: &mut Attributes,
        attribute: &SchemaAttribute,
        value: &str,
    ) -> Result<(), Error> {
        match checked(attribute, value) {
            Ok(value) => attributes.set(&attribute.name, value),
            Err(Misfit::Line(complaint)) => self.add(&attribute.name, &complaint),
            Err(Misfit::Whole(error)) => return Err(error),
        }
        Ok(())
    }

    fn into_result(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid_parameter(self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SchemaRequest;
    use super::*;
    use crate::app_client::AppClientSettings;
    use crate::id::{AppClientId, UserPoolId};
    use crate::time::Time;

    fn schema() -> Schema {
        let tenant = SchemaRequest {
            mutable: Some(false),
            ..SchemaRequest::named("tenant")
        };
        let family_name = SchemaRequest {
            required: Some(true),
            ..SchemaRequest::named("family_name")
        };
        Schema::standard()
            .with(vec![tenant, family_name, SchemaRequest::named("tier")])
            .unwrap()
    }

    fn client(writes: Option<&[&str]>) -> AppClient {
        AppClient {
            id: AppClientId::parse("client").unwrap(),
            user_pool_id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
            name: "client".to_owned(),
            sealed_secret: None,
            settings: AppClientSettings {
                write_attributes: writes.map(|names| names.iter().map(|&name| name.to_owned()).collect()),
                ..AppClientSettings::default()
            },
            created_at: Time(0),
            modified_at: Time(0),
            version: 1,
        }
    }

    fn some() -> Attributes {
        [
            ("email", "a@b.c"),
            ("email_verified", "true"),
            ("family_name", "F"),
            ("custom:tenant", "t"),
        ]
        .into_iter()
        .collect()
    }

    fn message<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
        result.unwrap_err().to_string()
    }

    fn administrator(given: &[(&str, &str)]) -> Result<Attributes, Error> {
        schema().update(&some(), given, Writer::Administrator)
    }

    fn user(given: &[(&str, &str)]) -> Result<Attributes, Error> {
        schema().update(&some(), given, Writer::User(&client(None)))
    }

    #[test]
    fn a_new_user_may_have_immutable_attributes() {
        let made = schema()
            .validate_new_user(&[("custom:tenant", "t"), ("email", "a@b.c")])
            .unwrap();
        assert_eq!(made.get("custom:tenant"), Some("t"));
        assert_eq!(made.get("email_verified"), None);
    }

    #[test]
    fn a_new_user_has_no_attributes_of_the_pools_own() {
        for name in ["sub", "identities", "cognito:user_status"] {
            let expected = format!("Cannot modify the non-mutable attribute {name}");
            assert_eq!(message(schema().validate_new_user(&[(name, "x")])), expected);
        }
    }

    #[test]
    fn an_unknown_attribute_is_named_by_its_path() {
        let expected = "user.custom:unknown: Attribute does not exist in the schema.\n";
        assert_eq!(
            message(schema().validate_new_user(&[("custom:unknown", "x")])),
            expected
        );
        assert_eq!(message(administrator(&[("custom:unknown", "x")])), expected);
    }

    #[test]
    fn too_long_a_value_says_how_long_it_may_be() {
        let given = [("birthdate", "2000-01-01T00:00:00")];
        let expected = "user.birthdate: String must be no longer than 10 characters\n";
        assert_eq!(message(schema().validate_new_user(&given)), expected);
    }

    #[test]
    fn what_is_required_is_named_when_missing() {
        let expected = "Attributes did not conform to the schema: name.familyName: \
                        The attribute name.familyName is required";
        assert_eq!(message(schema().check_required(&Attributes::default())), expected);
        assert!(schema().check_required(&some()).is_ok());
    }

    #[test]
    fn the_last_of_several_values_counts_and_is_the_one_that_is_checked() {
        let changed = administrator(&[("email", "nonsense"), ("email", "d@e.f")]).unwrap();
        assert_eq!(changed.get("email"), Some("d@e.f"));
        assert!(administrator(&[("email", "d@e.f"), ("email", "nonsense")]).is_err());
    }

    #[test]
    fn a_new_address_is_unverified_unless_an_administrator_says_otherwise() {
        assert_eq!(
            administrator(&[("email", "d@e.f")])
                .unwrap()
                .get("email_verified"),
            Some("false")
        );
        assert_eq!(
            administrator(&[("email", "a@b.c")])
                .unwrap()
                .get("email_verified"),
            Some("true")
        );
        let both = administrator(&[("email_verified", "true"), ("email", "d@e.f")]).unwrap();
        assert_eq!(both.get("email_verified"), Some("true"));
    }

    #[test]
    fn an_empty_value_deletes_and_the_flag_goes_with_the_address() {
        let changed = administrator(&[("email", "")]).unwrap();
        assert_eq!(
            (changed.get("email"), changed.get("email_verified")),
            (None, None)
        );
        let deleted = schema()
            .delete(&some(), &["email", "phone_number"], Writer::Administrator)
            .unwrap();
        assert_eq!(
            (deleted.get("email"), deleted.get("email_verified")),
            (None, None)
        );
    }

    #[test]
    fn what_is_immutable_cannot_be_updated() {
        let expected = "user.custom:tenant: Attribute cannot be updated.\n";
        assert_eq!(message(administrator(&[("custom:tenant", "u")])), expected);
    }

    #[test]
    fn an_update_happens_whole_or_not_at_all() {
        let before = some();
        assert!(
            schema()
                .update(
                    &before,
                    &[("name", "N"), ("custom:tenant", "u")],
                    Writer::Administrator
                )
                .is_err()
        );
        assert_eq!(before, some());
    }

    #[test]
    fn deleting_says_why_it_cannot_be() {
        let delete = |name: &str| message(schema().delete(&some(), &[name], Writer::Administrator));
        assert_eq!(
            delete("family_name"),
            "Invalid user attributes: name.familyName: The attribute name.familyName is required"
        );
        assert_eq!(
            delete("custom:tenant"),
            "Invalid user attributes: Custom.User.tenant: This attribute does not satisfy the mutability validation \
             defined in the schema."
        );
        assert_eq!(
            delete("custom:unknown"),
            "Invalid user attributes: Type for attribute {custom:unknown} could not be determined"
        );
    }

    #[test]
    fn a_user_cannot_declare_a_contact_verified() {
        let expected = "Cannot modify the non-mutable attribute email_verified";
        assert_eq!(message(user(&[("email_verified", "true")])), expected);
        assert!(administrator(&[("email_verified", "true")]).is_ok());
    }

    #[test]
    fn an_app_client_writes_what_it_may() {
        assert!(user(&[("custom:tier", "gold")]).is_ok());
        let limited = client(Some(&["name"]));
        let write = |name: &str| schema().update(&some(), &[(name, "x")], Writer::User(&limited));
        assert!(write("name").is_ok());
        let refused = write("custom:tier");
        assert!(matches!(refused, Err(Error::NotAuthorized(_))));
        assert_eq!(
            message(refused),
            "A client attempted to write unauthorized attribute"
        );
    }

    #[test]
    fn users_do_not_write_developers_attributes() {
        let level = SchemaRequest {
            developer_only: true,
            ..SchemaRequest::named("level")
        };
        let schema = Schema::standard().with(vec![level]).unwrap();
        let given = [("dev:custom:level", "1")];
        let by = |writer: Writer<'_>| schema.update(&Attributes::default(), &given, writer);
        assert!(by(Writer::Administrator).is_ok());
        assert!(matches!(
            by(Writer::User(&client(None))),
            Err(Error::NotAuthorized(_))
        ));
    }
}
