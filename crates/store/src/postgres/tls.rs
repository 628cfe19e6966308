//! TLS to the database server.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::url::UrlError;

/// What TLS has to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tls {
    /// None: everything goes in the clear.
    Off,
    /// Nobody can listen. Who answers is not checked.
    Unverified,
    /// And the server is the one that is named, says an authority of this PEM file, or one that browsers trust.
    Verified(Option<PathBuf>),
}

/// What makes TLS connections, where there is TLS.
pub(super) fn connector(tls: &Tls) -> Result<Option<MakeRustlsConnect>, UrlError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = |provider: &Arc<CryptoProvider>| {
        ClientConfig::builder_with_provider(Arc::clone(provider)).with_safe_default_protocol_versions()
    };
    let config = match tls {
        Tls::Off => return Ok(None),
        Tls::Unverified => builder(&provider)
            .map_err(UrlError::Tls)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AnyCertificate(
                provider.signature_verification_algorithms,
            )))
            .with_no_client_auth(),
        Tls::Verified(file) => builder(&provider)
            .map_err(UrlError::Tls)?
            .with_root_certificates(roots(file.as_ref())?)
            .with_no_client_auth(),
    };
    Ok(Some(MakeRustlsConnect::new(config)))
}

/// The authorities that are trusted.
fn roots(file: Option<&PathBuf>) -> Result<RootCertStore, UrlError> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        return Ok(roots);
    };
    let unreadable = |source: Box<dyn std::error::Error + Send + Sync>| UrlError::Roots {
        path: file.clone(),
        source,
    };
    for certificate in CertificateDer::pem_file_iter(file).map_err(|error| unreadable(Box::new(error)))? {
        let certificate = certificate.map_err(|error| unreadable(Box::new(error)))?;
        roots
            .add(certificate)
            .map_err(|error| unreadable(Box::new(error)))?;
    }
    if roots.is_empty() {
        return Err(unreadable("it holds no certificate".into()));
    }
    Ok(roots)
}

/// Takes every certificate, but only from who has its key.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
