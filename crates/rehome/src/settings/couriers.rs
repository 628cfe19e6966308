//! The couriers file: by what way e-mails and text messages go out.
//!
//! ```toml
//! [email]
//! server = "smtps://smtp.example.com"        # or smtp+starttls://…, or smtp://127.0.0.1:1025
//! username = "mailer"
//! password_file = "smtp.password"
//! from = "Example <no-reply@example.com>"
//! reply_to = "help@example.com"              # optional
//!
//! [sms]
//! url = "https://api.twilio.com/2010-04-01/Accounts/ACxxx/Messages.json"
//! username = "ACxxx"
//! password_file = "twilio.token"             # or bearer_file = "…"
//! form = { To = "{to}", From = "+15550100", Body = "{body}" }     # or json = { … }
//! headers = { X-Tenant = "example" }         # optional
//! ```

use std::path::{Path, PathBuf};

use reqwest::Url;
use secrecy::SecretString;
use server::courier::{
    Authorization, GatewayBody, NoSuchCarrier, SmsGatewaySettings, SmtpSecurity, SmtpSettings,
};
use zeroize::Zeroizing;

use super::master_key::warn_if_open;
use crate::problem::Problem;
use crate::section::{self, Section};

/// The couriers file, checked.
#[derive(Debug, Default)]
pub struct CouriersFile {
    /// How e-mails go out.
    pub email: Option<SmtpSettings>,
    /// How text messages go out.
    pub sms: Option<SmsGatewaySettings>,
}

/// Reads the file and the secrets that it names. `None` when something is wrong, which `problems` then say.
pub(super) fn read(file: &Path, problems: &mut Vec<Problem>) -> Option<CouriersFile> {
    let text = super::read(file, "--couriers", problems)?;
    let before = problems.len();
    let table = section::parse(&file.display().to_string(), &text, problems)?;
    let mut root = Section::new(format!("{}: ", file.display()), table, problems);
    let folder = file.parent().unwrap_or(Path::new("")).to_owned();
    let email = root
        .table("email")
        .and_then(|table| read_email(root.inner("email", table), &folder));
    let sms = root
        .table("sms")
        .and_then(|table| read_sms(root.inner("sms", table), &folder));
    root.refuse_the_rest();
    if problems.len() == before && email.is_none() && sms.is_none() {
        let mend = "names no way; write a table [email] or [sms]";
        problems.push(Problem::new(file.display().to_string(), mend));
    }
    (problems.len() == before).then_some(CouriersFile { email, sms })
}

fn read_email(mut section: Section<'_>, folder: &Path) -> Option<SmtpSettings> {
    let server = section.required_text("server");
    let server = server.and_then(|text| {
        let read = smtp_url(&text);
        read.or_else(|| {
            section.refuse(
                "server",
                "write smtps://host, smtp+starttls://host or smtp://host:port",
            )
        })
    });
    let username = section.text("username");
    let password = secret(&mut section, "password_file", folder);
    let login = match (username, password) {
        (Some(name), Some(password)) => Some((name, password)),
        (None, None) => None,
        (Some(_), None) => section.refuse(
            "username",
            "stands without a password; name its file with password_file",
        ),
        (None, Some(_)) => section.refuse("password_file", "stands without a username"),
    };
    let from = section.required_text("from");
    let reply_to = section.text("reply_to");
    let certificate_authority = section.text("certificate_authority").and_then(|name| {
        let read = std::fs::read(folder.join(&name));
        read.map_err(|error| {
            section.wrong("certificate_authority", format!("{name} cannot be read: {error}"));
        })
        .ok()
    });
    let (security, host, port) = server?;
    if security == SmtpSecurity::Plain && login.is_some() && !is_loopback(&host) {
        tracing::warn!(
            "the password of the mail server goes over the network in clear; use smtps:// or smtp+starttls://"
        );
    }
    let settings = SmtpSettings {
        host,
        port,
        security,
        login,
        from: from?,
        reply_to,
        certificate_authority,
    };
    if let Err(unfit) = settings.check() {
        let NoSuchCarrier::Address(key) = unfit else {
            return None;
        };
        return section.refuse(key, "is no e-mail address; write Example <no-reply@example.com>");
    }
    section.refuse_the_rest();
    Some(settings)
}

fn read_sms(mut section: Section<'_>, folder: &Path) -> Option<SmsGatewaySettings> {
    let url = section.required_text("url").and_then(|text| {
        let url = Url::parse(&text)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        url.or_else(|| section.refuse("url", "is no http or https URL"))
    });
    let username = section.text("username");
    let password = secret(&mut section, "password_file", folder);
    let bearer = secret(&mut section, "bearer_file", folder);
    let authorization = match (username, password, bearer) {
        (Some(name), Some(password), None) => Some(Authorization::Basic(name, password)),
        (None, None, Some(token)) => Some(Authorization::Bearer(token)),
        (None, None, None) => Some(Authorization::None),
        _ => section.refuse(
            "username",
            "write username and password_file, or bearer_file alone",
        ),
    };
    let form = section.table("form");
    let json = section.table("json");
    let body = match (form, json) {
        (Some(form), None) => texts(&mut section, "form", form).map(GatewayBody::Form),
        (None, Some(json)) => serde_json::to_value(json).ok().map(GatewayBody::Json),
        _ => section.refuse(
            "form",
            "write either form = { … } or json = { … }, with {to} and {body} in it",
        ),
    };
    let headers = section.table("headers").unwrap_or_default();
    let headers = texts(&mut section, "headers", headers);
    section.refuse_the_rest();
    Some(SmsGatewaySettings {
        url: url?,
        body: body?,
        authorization: authorization?,
        headers: headers?,
    })
}

/// A table of texts.
fn texts(section: &mut Section<'_>, key: &str, table: toml::Table) -> Option<Vec<(String, String)>> {
    let texts: Option<Vec<_>> = table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(text) => Some((name, text)),
            _ => None,
        })
        .collect();
    texts.or_else(|| section.refuse(key, "holds something that is no text; put quotes around each"))
}

/// A secret from the file that `key` names, beside the couriers file unless it says otherwise.
fn secret(section: &mut Section<'_>, key: &'static str, folder: &Path) -> Option<SecretString> {
    let file: PathBuf = folder.join(section.text(key)?);
    match std::fs::read_to_string(&file).map(Zeroizing::new) {
        Ok(text) => {
            warn_if_open(&file, "a courier's secret");
            Some(SecretString::from(text.trim_end_matches(['\r', '\n']).to_owned()))
        }
        Err(error) => section.refuse(key, format!("{} cannot be read: {error}", file.display())),
    }
}

fn smtp_url(text: &str) -> Option<(SmtpSecurity, String, u16)> {
    let (scheme, rest) = text.split_once("://")?;
    let (security, usual_port) = match scheme {
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp+starttls" => (SmtpSecurity::StartTls, 587),
        "smtp" => (SmtpSecurity::Plain, 25),
        _ => return None,
    };
    // Read as http, whose host and port have the same form; only the port that is left out differs.
    let url = Url::parse(&format!("http://{}", rest.trim_end_matches('/'))).ok()?;
    let plain =
        url.path() == "/" && url.username().is_empty() && url.password().is_none() && url.query().is_none();
    let written_80 = rest.trim_end_matches('/').ends_with(":80");
    let port = url.port().unwrap_or(if written_80 { 80 } else { usual_port });
    plain.then(|| url.host_str().map(|host| (security, host.to_owned(), port)))?
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Option<CouriersFile>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "canary-secret\n").unwrap();
        let file = folder.path().join("couriers.toml");
        std::fs::write(&file, text).unwrap();
        let mut problems = Vec::new();
        let couriers = read(&file, &mut problems);
        (couriers, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_whole_file_is_read() {
        let (couriers, problems) = read_text(
            r#"
            [email]
            server = "smtp+starttls://mail.example.com"
            username = "mailer"
            password_file = "secret"
            from = "Example <no-reply@example.com>"
            [sms]
            url = "https://sms.example.com/send"
            bearer_file = "secret"
            json = { to = "{to}", text = "{body}" }
            "#,
        );
        assert_eq!(problems, [""; 0]);
        let couriers = couriers.unwrap();
        let email = couriers.email.unwrap();
        assert_eq!(
            (email.host.as_str(), email.port, email.security),
            ("mail.example.com", 587, SmtpSecurity::StartTls)
        );
        assert!(!format!("{email:?} {:?}", couriers.sms).contains("canary"));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let (couriers, problems) = read_text(
            r#"
            [email]
            server = "mail.example.com"
            username = "mailer"
            [sms]
            url = "ftp://x"
            form = { To = 1 }
            bearer_file = "nowhere"
            "#,
        );
        assert!(couriers.is_none());
        for key in [
            "email.server",
            "email.username",
            "email.from",
            "sms.url",
            "sms.form",
            "sms.bearer_file",
        ] {
            assert!(
                problems.iter().any(|problem| problem.contains(key)),
                "{key}: {problems:#?}"
            );
        }
    }

    #[test]
    fn the_port_of_a_mail_server_follows_its_scheme_or_is_given() {
        let port = |url| smtp_url(url).map(|(_, _, port)| port);
        assert_eq!(port("smtps://h"), Some(465));
        assert_eq!(port("smtp://127.0.0.1:1025"), Some(1025));
        assert_eq!(port("smtp://[::1]:80/"), Some(80));
        assert_eq!(port("smtps://user:pw@h"), None);
        assert_eq!(port("http://h"), None);
    }
}
