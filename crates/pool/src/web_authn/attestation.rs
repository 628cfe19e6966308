//! The attestation object of a new credential. Source: Web Authentication Level 3, sections 6.5.4, 8.2 and 8.7.
//!
//! Authenticators are asked for no attestation, and none is trusted: formats *none* and *packed* by the credential's own key
//! (self attestation) are accepted, and any other is not.

use ciborium::Value;

use super::Flaw;
use super::public_key::PublicKey;

/// An attestation object, read.
#[derive(Debug)]
pub(super) struct Attestation {
    /// Authenticator data, in its bytes.
    pub(super) authenticator_data: Vec<u8>,
    statement: Statement,
}

#[derive(Debug)]
enum Statement {
    /// There is none.
    None,
    /// A signature by the credential's own key.
    Own { algorithm: i64, signature: Vec<u8> },
}

impl Attestation {
    /// Reads an attestation object.
    ///
    /// # Errors
    /// [`Flaw::Malformed`] for what is none, [`Flaw::NotSupported`] for another format.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Flaw> {
        let mut rest = bytes;
        let object: Value = ciborium::from_reader(&mut rest).map_err(|_| Flaw::Malformed)?;
        if !rest.is_empty() {
            return Err(Flaw::Malformed);
        }
        let members = object.as_map().ok_or(Flaw::Malformed)?;
        let format = member(members, "fmt")?.as_text().ok_or(Flaw::Malformed)?;
        let statement = member(members, "attStmt")?.as_map().ok_or(Flaw::Malformed)?;
        let data = member(members, "authData")?.as_bytes().ok_or(Flaw::Malformed)?;
        Ok(Self {
            authenticator_data: data.clone(),
            statement: read_statement(format, statement)?,
        })
    }

    /// Whether the statement holds for this key, over authenticator data and the hash of the client data.
    ///
    /// # Errors
    /// [`Flaw::Signature`].
    pub(super) fn check(&self, key: &PublicKey, client_data_hash: &[u8]) -> Result<(), Flaw> {
        match &self.statement {
            Statement::None => Ok(()),
            Statement::Own { algorithm, signature } if *algorithm == key.algorithm() => {
                let message = [self.authenticator_data.as_slice(), client_data_hash].concat();
                key.verify(&message, signature)
            }
            Statement::Own { .. } => Err(Flaw::Signature),
        }
    }
}

fn read_statement(format: &str, statement: &[(Value, Value)]) -> Result<Statement, Flaw> {
    match format {
        "none" if statement.is_empty() => Ok(Statement::None),
        "none" => Err(Flaw::Malformed),
        "packed" if statement.len() == 2 => {
            let algorithm = member(statement, "alg")?.as_integer().ok_or(Flaw::Malformed)?;
            let signature = member(statement, "sig")?.as_bytes().ok_or(Flaw::Malformed)?;
            Ok(Statement::Own {
                algorithm: algorithm.try_into().map_err(|_| Flaw::Malformed)?,
                signature: signature.clone(),
            })
        }
        _ => Err(Flaw::NotSupported),
    }
}

/// The member of this name, which must be there once.
fn member<'v>(members: &'v [(Value, Value)], name: &str) -> Result<&'v Value, Flaw> {
    let mut found = members.iter().filter(|(key, _)| key.as_text() == Some(name));
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Ok(value),
        _ => Err(Flaw::Malformed),
    }
}
