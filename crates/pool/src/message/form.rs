//! What a message has to hold, and how it gets there: placeholders in a text give way to code, link and user name.
//!
//! Source: *Customizing SMS and email verification messages and user invitation messages*.

use trigger::custom_message::{CODE_PARAMETER, USERNAME_PARAMETER};

use super::{Addressee, Letter, Occasion};
use crate::encoding::query_value;
use crate::ports::Medium;
use crate::secret::ConfirmationCode;
use crate::user::known_as;
use crate::user_pool::DefaultEmailOption;

const LINK_START: &str = "{##";
const LINK_END: &str = "##}";

/// What a message is for, with what goes into it.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// A code that the person types in.
    Code(ConfirmationCode),
    /// A link that carries the code.
    Link {
        /// The code, for texts that show it, too.
        code: ConfirmationCode,
        /// Where the link leads, but for the code at its end.
        url: String,
    },
    /// A temporary password.
    Invitation {
        /// The name to sign in with.
        username: String,
        /// The password.
        password: ConfirmationCode,
    },
    /// Nothing secret: the name to sign in with.
    Welcome {
        /// The name.
        username: String,
    },
}

impl Form {
    /// A link takes the code's place in e-mails that confirm a sign-up, if the pool says so; attributes are verified by codes
    /// (observed). A call without an app client has none to lead to. `public_url` is where links lead.
    pub(super) fn of(public_url: &str, to: &Addressee<'_>, letter: &Letter<'_>) -> Self {
        let username = || known_as(to.pool, to.user).to_owned();
        let Some(code) = letter.code.clone() else {
            return Self::Welcome { username: username() };
        };
        let by_link = letter.route.medium == Medium::Email
            && to.pool.settings.messages.verification.default_email_option
                == DefaultEmailOption::ConfirmWithLink;
        match (letter.occasion, to.client_id) {
            (Occasion::AdminCreateUser, _) => Self::Invitation {
                username: username(),
                password: code,
            },
            (Occasion::SignUp | Occasion::ResendCode, Some(client_id)) if by_link => {
                let url = format!(
                    "{}/confirmUser?client_id={}&user_name={}&confirmation_code=",
                    public_url.trim_end_matches('/'),
                    query_value(client_id.as_str()),
                    query_value(to.user.username.as_str()),
                );
                Self::Link { code, url }
            }
            _ => Self::Code(code),
        }
    }

    /// Whether a text has the placeholders without which it is of no use. A welcome has no code to put in the place of one.
    pub(super) fn fits(&self, text: &str) -> bool {
        let has_code = text.contains(CODE_PARAMETER);
        match self {
            Self::Code(_) => has_code,
            Self::Link { .. } => text
                .match_indices(LINK_START)
                .any(|(at, _)| link(&text[at..]).is_some()),
            Self::Invitation { .. } => has_code && text.contains(USERNAME_PARAMETER),
            Self::Welcome { .. } => !has_code,
        }
    }

    /// The text with everything in its place. What was put in is not looked at again: a brace in a password stands.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 64);
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some((length, value)) = self.placeholder(rest) {
                filled.push_str(&value);
                rest = &rest[length..];
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled.push_str(rest);
        filled
    }

    /// The placeholder that `text` begins with, if it does: its length and what takes its place.
    fn placeholder(&self, text: &str) -> Option<(usize, String)> {
        if text.starts_with(CODE_PARAMETER) {
            let code = match self {
                Self::Code(code) | Self::Link { code, .. } => code,
                Self::Invitation { password, .. } => password,
                Self::Welcome { .. } => return None,
            };
            return Some((CODE_PARAMETER.len(), code.expose().to_owned()));
        }
        match self {
            Self::Link { url, code } => {
                let (length, words) = link(text)?;
                let code = query_value(code.expose());
                Some((length, format!("<a href=\"{url}{code}\">{words}</a>")))
            }
            Self::Invitation { username, .. } | Self::Welcome { username } => text
                .starts_with(USERNAME_PARAMETER)
                .then(|| (USERNAME_PARAMETER.len(), username.clone())),
            Self::Code(_) => None,
        }
    }
}

/// The link's placeholder that `text` begins with, if it does: its length, and the words between the signs.
fn link(text: &str) -> Option<(usize, &str)> {
    if text.starts_with(CODE_PARAMETER) {
        return None;
    }
    let words = text.strip_prefix(LINK_START)?;
    let end = words.find(LINK_END)?;
    Some((LINK_START.len() + end + LINK_END.len(), &words[..end]))
}

#[cfg(test)]
mod tests {
    use super::super::Route;
    use super::*;
    use crate::id::AppClientId;
    use crate::subject::Caller;
    use crate::user::fixture;
    use crate::user_pool::SignInNames;

    fn code() -> ConfirmationCode {
        ConfirmationCode::new("123456".to_owned())
    }

    fn by_link() -> Form {
        Form::Link {
            code: code(),
            url: "http://x/confirmUser?confirmation_code=".to_owned(),
        }
    }

    /// The form of a message to `jörg` in a pool that confirms by link.
    fn form(occasion: Occasion, medium: Medium, client_id: Option<&str>) -> Form {
        let mut pool = fixture::pool(SignInNames::Username);
        pool.settings.messages.verification.default_email_option = DefaultEmailOption::ConfirmWithLink;
        let user = fixture::user(&pool, "jörg", &[]);
        let client_id = client_id.and_then(AppClientId::parse);
        let to = Addressee {
            pool: &pool,
            client_id: client_id.as_ref(),
            user: &user,
            caller: &Caller::default(),
        };
        let letter = Letter {
            occasion,
            route: Route {
                medium,
                destination: "x",
            },
            code: Some(code()),
        };
        Form::of("http://127.0.0.1:9229/", &to, &letter)
    }

    #[test]
    fn a_link_takes_the_codes_place_in_e_mails_that_confirm_a_sign_up_and_nowhere_else() {
        for occasion in [Occasion::SignUp, Occasion::ResendCode] {
            let by_link = form(occasion, Medium::Email, Some("abc"));
            assert_eq!(
                by_link.fill("{##here##}"),
                "<a href=\"http://127.0.0.1:9229/confirmUser?client_id=abc&user_name=j%C3%B6rg&confirmation_code=123456\">here</a>"
            );
            for (medium, client_id) in [(Medium::Sms, Some("abc")), (Medium::Email, None)] {
                assert!(matches!(form(occasion, medium, client_id), Form::Code(_)));
            }
        }
        for occasion in [
            Occasion::ForgotPassword,
            Occasion::UpdateUserAttribute,
            Occasion::VerifyUserAttribute,
            Occasion::Authentication,
        ] {
            assert!(matches!(
                form(occasion, Medium::Email, Some("abc")),
                Form::Code(_)
            ));
        }
        let invitation = form(Occasion::AdminCreateUser, Medium::Email, None);
        assert!(matches!(invitation, Form::Invitation { .. }));
    }

    #[test]
    fn a_code_takes_its_place_wherever_it_stands() {
        let form = Form::Code(code());
        assert_eq!(
            form.fill("{####}, I say {####}! {#} {username}"),
            "123456, I say 123456! {#} {username}"
        );
        assert!(form.fits("Code: {####}") && !form.fits("Code: {###}"));
        assert_eq!(form.fill("ä{####"), "ä{####");
    }

    #[test]
    fn a_link_has_the_words_of_its_placeholder() {
        let form = by_link();
        assert_eq!(
            form.fill("{##Verify Email##} or type {####}."),
            "<a href=\"http://x/confirmUser?confirmation_code=123456\">Verify Email</a> or type 123456."
        );
        assert!(form.fits("{##Click Here##}") && form.fits("{####}{##x##}"));
        assert!(!form.fits("{####}") && !form.fits("{##x"));
    }

    #[test]
    fn an_invitation_needs_both_and_leaves_braces_in_them_alone() {
        let form = Form::Invitation {
            username: "{####}".to_owned(),
            password: ConfirmationCode::new("{username}1!".to_owned()),
        };
        assert_eq!(form.fill("{username}: {####}"), "{####}: {username}1!");
        assert!(form.fits("{username}{####}") && !form.fits("{####}") && !form.fits("{username}"));
    }

    #[test]
    fn a_welcome_has_no_code_to_show() {
        let form = Form::Welcome {
            username: "ann".to_owned(),
        };
        assert_eq!(form.fill("Hello {username} {##x##}"), "Hello ann {##x##}");
        assert!(form.fits("Hello") && !form.fits("{####}"));
    }
}
