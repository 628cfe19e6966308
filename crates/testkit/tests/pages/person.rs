//! Somebody at a browser without scripts: cookies, links, forms.

use std::collections::BTreeMap;

use http::Method;
use http::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use pool::encoding::query_value;
use reqwest::{Client, RequestBuilder};

/// A browser: it keeps cookies, and follows nothing by itself.
pub(crate) struct Person {
    http: Client,
    server: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What a page answers.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) html: String,
}

impl Person {
    pub(crate) fn at(server: &str) -> Self {
        let http = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_backend_preconfigured(no_tls())
            .build()
            .unwrap();
        Self {
            http,
            server: server.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Page {
        let request = self.request(Method::GET, path);
        self.send(request).await
    }

    /// Sends a form as it stands.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", query_value(name), query_value(value)))
            .collect();
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(pairs.join("&"));
        self.send(request).await
    }

    /// A request with the browser's cookies.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self.http.request(method, format!("{}{path}", self.server));
        if cookies.is_empty() {
            request
        } else {
            request.header(COOKIE, cookies.join("; "))
        }
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Page {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for line in headers.get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let html = response.text().await.unwrap();
        Page {
            status,
            headers,
            html,
        }
    }

    /// Fills in the page's form of this name and sends it: what the page carries goes along.
    pub(crate) async fn fill(&mut self, page: &Page, form: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(form);
        let mut all: Vec<(&str, &str)> = form
            .hidden
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        all.retain(|(name, _)| !fields.iter().any(|(own, _)| own == name));
        all.extend(fields);
        self.post(&form.action, &all).await
    }
}

/// A form of a page.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
}

impl Page {
    pub(crate) fn form(&self, name: &str) -> Form {
        let head = format!("name=\"{name}\"");
        let start = self
            .html
            .find(&head)
            .unwrap_or_else(|| panic!("no form {name} in {}", self.html));
        let rest = &self.html[start..];
        let form = &rest[..rest.find("</form>").unwrap()];
        let inputs = form
            .split("<input ")
            .skip(1)
            .filter(|input| input.starts_with("type=\"hidden\""));
        Form {
            action: plain(between(form, "action=\"", "\"").unwrap()),
            hidden: inputs
                .map(|input| {
                    let value = between(input, "value=\"", "\"").unwrap_or_default();
                    (plain(between(input, "name=\"", "\"").unwrap()), plain(value))
                })
                .collect(),
        }
    }

    /// The text of what went wrong.
    pub(crate) fn problem(&self) -> Option<String> {
        between(&self.html, "id=\"problem\" role=\"alert\">", "</p>").map(plain)
    }

    /// The text of what went well.
    pub(crate) fn notice(&self) -> Option<String> {
        between(&self.html, "id=\"notice\" role=\"status\">", "</p>").map(plain)
    }

    pub(crate) fn heading(&self) -> String {
        plain(between(&self.html, "<h1>", "</h1>").unwrap_or_default())
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, 302, "{}", self.html);
        self.header(LOCATION.as_str())
    }
}

pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

fn plain(html: &str) -> String {
    let references = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ];
    references
        .iter()
        .fold(html.to_owned(), |text, (reference, letter)| {
            text.replace(reference, letter)
        })
}

/// A client of loopback needs no certificates.
fn no_tls() -> rustls::ClientConfig {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
