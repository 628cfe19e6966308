//! Attributes that a form asks for.

use pool::attribute::Schema;

use super::words::Words;

/// The field of an attribute.
pub(super) struct AttributeField<'f> {
    pub(super) name: &'f str,
    pub(super) label: &'f str,
    /// The input's type.
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) value: &'f str,
}

impl<'f> AttributeField<'f> {
    /// The field of the attribute `name` that holds `value` by now. A custom attribute is called by its own name.
    pub(super) fn new(words: &'f Words, name: &'f str, value: &'f str) -> Self {
        let (label, kind, autocomplete) = known(words, name)
            .unwrap_or_else(|| (name.strip_prefix("custom:").unwrap_or(name), "text", "off"));
        Self {
            name,
            label,
            kind,
            autocomplete,
            value,
        }
    }

    /// The input's id.
    pub(super) fn id(&self) -> String {
        format!("attribute-{}", self.name)
    }

    /// The input's name, as on Cognito's classic pages.
    pub(super) fn input_name(&self) -> String {
        format!("requiredAttributes[{}]", self.name)
    }

    /// Whether capitals and spelling are not the keyboard's business.
    pub(super) fn is_plain(&self) -> bool {
        self.kind != "text"
    }
}

fn known<'w>(words: &'w Words, name: &str) -> Option<(&'w str, &'static str, &'static str)> {
    Some(match name {
        "address" => (&words.attribute_address, "text", "street-address"),
        "birthdate" => (&words.attribute_birthdate, "date", "bday"),
        "email" => (&words.attribute_email, "email", "email"),
        "family_name" => (&words.attribute_family_name, "text", "family-name"),
        "gender" => (&words.attribute_gender, "text", "sex"),
        "given_name" => (&words.attribute_given_name, "text", "given-name"),
        "locale" => (&words.attribute_locale, "text", "language"),
        "middle_name" => (&words.attribute_middle_name, "text", "additional-name"),
        "name" => (&words.attribute_name, "text", "name"),
        "nickname" => (&words.attribute_nickname, "text", "nickname"),
        "phone_number" => (&words.attribute_phone_number, "tel", "tel"),
        "picture" => (&words.attribute_picture, "url", "photo"),
        "preferred_username" => (&words.attribute_preferred_username, "text", "nickname"),
        "profile" => (&words.attribute_profile, "url", "url"),
        "updated_at" => (&words.attribute_updated_at, "text", "off"),
        "website" => (&words.attribute_website, "url", "url"),
        "zoneinfo" => (&words.attribute_zoneinfo, "text", "off"),
        _ => return None,
    })
}

/// Which attributes nobody gets around: those that the pool requires.
pub(super) fn required(schema: &Schema) -> impl Iterator<Item = &str> {
    let wanted = schema
        .0
        .iter()
        .filter(|attribute| attribute.required && attribute.name != "sub");
    wanted.map(|attribute| attribute.name.as_str())
}
