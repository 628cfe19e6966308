//! Rust's names for the model's.

/// `UserPoolId` → `user_pool_id`, `CallbackURLs` → `callback_urls`, `SMSMfaSettings` → `sms_mfa_settings`.
pub(super) fn snake(name: &str) -> String {
    // The one plural of an abbreviation in the model would split after `URL`.
    let letters: Vec<char> = name.replace("URLs", "Urls").chars().collect();
    let mut text = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        if letter.is_ascii_uppercase() && index > 0 {
            let after_lower = !letters[index - 1].is_ascii_uppercase();
            let before_lower = letters.get(index + 1).is_some_and(char::is_ascii_lowercase);
            if after_lower || before_lower {
                text.push('_');
            }
        }
        text.push(letter.to_ascii_lowercase());
    }
    match text.as_str() {
        "type" => "r#type".to_owned(),
        _ => text,
    }
}

/// `user_pool_id` → `UserPoolId`: what serde makes of a field's name under `rename_all = "PascalCase"`.
pub(super) fn pascal(field: &str) -> String {
    field.trim_start_matches("r#").split('_').map(capital).collect()
}

/// `AdminCreateUserRequest` → `ADMIN_CREATE_USER_REQUEST`.
pub(super) fn constant(name: &str) -> String {
    snake(name).trim_start_matches("r#").to_ascii_uppercase()
}

/// `USER_SRP_AUTH` → `UserSrpAuth`, `V1_0` → `V1_0` (a digit on both sides keeps its underscore), `email` → `Email`.
pub(super) fn variant(wire: &str) -> String {
    if !wire.contains('_') && wire.chars().any(|letter| letter.is_ascii_lowercase()) {
        return capital(wire);
    }
    let mut text = String::new();
    for part in wire.split('_') {
        let digits = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        if digits(text.chars().last()) && digits(part.chars().next()) {
            text.push('_');
        }
        text.push_str(&capital(&part.to_ascii_lowercase()));
    }
    text
}

/// `ClientId` → `clientId`: a member in the path of a validation message.
pub(super) fn path(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_lowercase().to_string() + letters.as_str()
    })
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_rust() {
        assert_eq!(snake("UserPoolId"), "user_pool_id");
        assert_eq!(snake("CallbackURLs"), "callback_urls");
        assert_eq!(snake("SMSMfaSettings"), "sms_mfa_settings");
        assert_eq!(variant("USER_SRP_AUTH"), "UserSrpAuth");
        assert_eq!(variant("V1_0"), "V1_0");
        assert_eq!(variant("phone_number"), "PhoneNumber");
        assert_eq!(path("CallbackURLs"), "callbackURLs");
    }
}
