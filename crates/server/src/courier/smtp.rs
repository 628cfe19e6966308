//! E-mail through a mail server (RFC 5321), with TLS (RFC 8314, RFC 3207) and a password (RFC 4954).

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use pool::ports::Message;
use secrecy::{ExposeSecret as _, SecretString};

use super::carrier::{Carrier, CarrierFailed};

/// How long the mail server may take to be reached; the whole of a try is bounded by the queue.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where e-mails go.
#[derive(Debug)]
pub struct SmtpSettings {
    /// The mail server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept private.
    pub security: SmtpSecurity,
    /// User name and password, where the server asks for them.
    pub login: Option<(String, SecretString)>,
    /// The sender, like `Example <no-reply@example.com>`.
    pub from: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// A certificate authority to trust beside the usual ones, in PEM.
    pub certificate_authority: Option<Vec<u8>>,
}

impl SmtpSettings {
    /// Whether sender and the address for answers are addresses.
    ///
    /// # Errors
    /// [`NoSuchCarrier::Address`] names the one that is none.
    pub fn check(&self) -> Result<(), NoSuchCarrier> {
        mailbox(&self.from, "from")?;
        let reply_to = self.reply_to.as_deref();
        reply_to.map_or(Ok(()), |text| mailbox(text, "reply_to").map(drop))
    }
}

/// How the way to a mail server is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// TLS from the first byte: `smtps://`, usually port 465.
    Tls,
    /// TLS by STARTTLS, or nothing is sent: `smtp+starttls://`, usually port 587.
    StartTls,
    /// None: `smtp://`, for a server on this machine.
    Plain,
}

/// Settings of which no carrier can be made.
#[derive(Debug, thiserror::Error)]
pub enum NoSuchCarrier {
    /// Not an address.
    #[error("{0} is no e-mail address")]
    Address(&'static str),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// Hands e-mails to a mail server, each over a connection of its own: a try that was given up in the middle leaves one behind
/// whose next answer would be about another mail.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    reply_to: Option<Mailbox>,
}

impl Smtp {
    /// Makes the carrier; connects to nothing yet.
    ///
    /// # Errors
    /// [`NoSuchCarrier`] when an address is none or the certificate cannot be read.
    pub fn new(settings: &SmtpSettings) -> Result<Self, NoSuchCarrier> {
        let tls = || -> Result<TlsParameters, NoSuchCarrier> {
            let mut parameters = TlsParameters::builder(settings.host.clone());
            if let Some(pem) = &settings.certificate_authority {
                let certificate =
                    Certificate::from_pem(pem).map_err(|error| NoSuchCarrier::Tls(error.to_string()))?;
                parameters = parameters.add_root_certificate(certificate);
            }
            parameters
                .build()
                .map_err(|error| NoSuchCarrier::Tls(error.to_string()))
        };
        let tls = match settings.security {
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
            SmtpSecurity::StartTls => Tls::Required(tls()?),
            SmtpSecurity::Plain => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .pool_config(PoolConfig::new().max_size(0))
            .timeout(Some(TIMEOUT));
        if let Some((name, password)) = &settings.login {
            transport = transport.credentials(Credentials::new(
                name.clone(),
                password.expose_secret().to_owned(),
            ));
        }
        Ok(Self {
            transport: transport.build(),
            from: mailbox(&settings.from, "from")?,
            reply_to: settings
                .reply_to
                .as_deref()
                .map(|text| mailbox(text, "reply_to"))
                .transpose()?,
        })
    }

    fn compose(&self, message: &Message) -> Result<lettre::Message, CarrierFailed> {
        let unfit = |what: &str| CarrierFailed::ForGood(what.to_owned());
        let to: lettre::Address = message
            .destination
            .parse()
            .map_err(|_| unfit("the destination is no e-mail address"))?;
        let mut mail = lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone().unwrap_or_default());
        if let Some(reply_to) = &self.reply_to {
            mail = mail.reply_to(reply_to.clone());
        }
        // Cognito's templates are HTML; a plain text is shown as it is by every mail program.
        let body = message.body.expose();
        let mail = if body.contains('<') && body.contains('>') {
            mail.multipart(
                MultiPart::alternative()
                    .singlepart(SinglePart::plain(without_tags(body)))
                    .singlepart(SinglePart::html(body.to_owned())),
            )
        } else {
            mail.header(ContentType::TEXT_PLAIN).body(body.to_owned())
        };
        mail.map_err(|_| unfit("the message cannot be written as an e-mail"))
    }
}

#[async_trait]
impl Carrier for Smtp {
    async fn carry(&self, message: &Message) -> Result<(), CarrierFailed> {
        let mail = self.compose(message)?;
        self.transport.send(mail).await.map(drop).map_err(|error| {
            // A server's own words may quote the address: its status code is all that is told.
            let told = match error.status() {
                Some(code) => format!("the mail server answers {code}"),
                None if error.is_timeout() => "the mail server does not answer in time".to_owned(),
                None if error.is_tls() => "TLS to the mail server fails".to_owned(),
                None => "the mail server cannot be reached".to_owned(),
            };
            // A wrong password may be set right; a refused mail will not be.
            let about_us = error
                .status()
                .is_some_and(|code| matches!(u16::from(code), 503 | 530 | 534 | 535 | 538));
            if error.is_permanent() && !about_us {
                CarrierFailed::ForGood(told)
            } else {
                CarrierFailed::ForNow(told)
            }
        })
    }
}

fn mailbox(text: &str, what: &'static str) -> Result<Mailbox, NoSuchCarrier> {
    text.parse().map_err(|_| NoSuchCarrier::Address(what))
}

/// The text of an HTML message for programs that show none: what stands between the tags.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use pool::id::{UserPoolId, Username};
    use pool::ports::{Medium, MessageBody};

    use super::*;

    fn smtp(from: &str) -> Result<Smtp, NoSuchCarrier> {
        Smtp::new(&SmtpSettings {
            host: "localhost".to_owned(),
            port: 25,
            security: SmtpSecurity::Plain,
            login: None,
            from: from.to_owned(),
            reply_to: Some("help@example.com".to_owned()),
            certificate_authority: None,
        })
    }

    fn message(destination: &str, subject: &str, body: &str) -> Message {
        Message {
            user_pool_id: UserPoolId::parse("us-east-1_AbCdEf123").unwrap(),
            username: Username::parse("ann").unwrap(),
            medium: Medium::Email,
            destination: destination.to_owned(),
            subject: Some(subject.to_owned()),
            body: MessageBody::new(body.to_owned()),
            code: None,
        }
    }

    fn composed(message: &Message) -> String {
        let smtp = smtp("Example <no-reply@example.com>").unwrap();
        String::from_utf8(smtp.compose(message).unwrap().formatted()).unwrap()
    }

    #[tokio::test]
    async fn a_sender_has_to_be_an_address() {
        assert!(matches!(smtp("nobody"), Err(NoSuchCarrier::Address("from"))));
    }

    #[tokio::test]
    async fn html_comes_with_a_plain_text_of_the_same() {
        let mail = composed(&message(
            "ann@example.com",
            "Hello",
            "<p>Your code is <b>123456</b></p>",
        ));
        assert!(mail.contains("Your code is 123456"), "{mail}");
        assert!(
            mail.contains("text/html") && mail.contains("text/plain"),
            "{mail}"
        );
    }

    #[tokio::test]
    async fn neither_subject_nor_address_can_add_a_header() {
        let mail = composed(&message("ann@example.com", "Hi\r\nBcc: eve@example.com", "x"));
        assert!(!mail.lines().any(|line| line.starts_with("Bcc")), "{mail}");
        let smtp = smtp("no-reply@example.com").unwrap();
        let injected = message("ann@example.com\r\nBcc: eve@example.com", "Hi", "x");
        assert!(matches!(smtp.compose(&injected), Err(CarrierFailed::ForGood(_))));
    }
}
