//! What rests is sealed anew: each record that holds something sealed, whole.

use crate::app_client::AppClient;
use crate::device::Device;
use crate::seal::{MasterKeyId, Purpose, SealError, Sealed, Sealer, master_key_id};
use crate::service::Service;
use crate::user::User;
use crate::user_pool::UserPool;

/// Seals anew, under the key that seals, what was sealed under one of the former ones.
pub(super) struct Anew<'a> {
    pub(super) service: &'a Service,
    /// The keys that seal no more. What other keys have sealed stays: it may be a newer key's.
    pub(super) former: &'a [MasterKeyId],
}

/// What became of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    /// How many values in it were sealed anew.
    pub(super) anew: u64,
    /// How many values did not open: no key that is at hand has sealed them, or they are damaged. They stay as they are.
    pub(super) shut: u64,
}

impl std::ops::AddAssign for Touched {
    fn add_assign(&mut self, other: Self) {
        self.anew += other.anew;
        self.shut += other.shut;
    }
}

/// Takes what is sealed: what it is for, what it is bound to, and the value.
pub(super) type Each<'e> = dyn FnMut(Purpose, &[&str], &mut Vec<u8>) -> Result<(), SealError> + 'e;

/// A record with something sealed in it.
pub(super) trait Resting {
    /// Hands each sealed value over, with what it is for and what it is bound to.
    ///
    /// # Errors
    /// Those of `each`.
    fn each_sealed(&mut self, each: &mut Each<'_>) -> Result<(), SealError>;
}

impl Anew<'_> {
    /// Seals anew what `record` holds.
    ///
    /// # Errors
    /// [`SealError`]; the record is to be dropped then.
    pub(super) fn seal(&self, record: &mut impl Resting) -> Result<Touched, SealError> {
        let mut touched = Touched::default();
        record.each_sealed(&mut |purpose, bound_to, value| {
            touched += self.seal_value(purpose, bound_to, value)?;
            Ok(())
        })?;
        Ok(touched)
    }

    fn seal_value(
        &self,
        purpose: Purpose,
        bound_to: &[&str],
        value: &mut Vec<u8>,
    ) -> Result<Touched, SealError> {
        let sealer: &Sealer = &self.service.sealer;
        let id = master_key_id(value);
        if !id.is_some_and(|id| self.former.contains(&id)) {
            let shut = u64::from(!id.is_some_and(|id| sealer.holds(id)));
            return Ok(Touched { anew: 0, shut });
        }
        let Ok(content) = sealer.open(purpose, bound_to, &Sealed::from_bytes(value.clone())) else {
            return Ok(Touched { anew: 0, shut: 1 });
        };
        *value = sealer
            .seal(purpose, bound_to, &content, self.service.entropy())?
            .into_bytes();
        Ok(Touched { anew: 1, shut: 0 })
    }
}

impl Resting for UserPool {
    fn each_sealed(&mut self, each: &mut Each<'_>) -> Result<(), SealError> {
        let bound_to = [self.id.as_str()];
        for pair in self.signing_keys.pairs_mut() {
            each(Purpose::SigningKey, &bound_to, &mut pair.id_token.0)?;
            each(Purpose::SigningKey, &bound_to, &mut pair.access_token.0)?;
        }
        Ok(())
    }
}

impl Resting for AppClient {
    fn each_sealed(&mut self, each: &mut Each<'_>) -> Result<(), SealError> {
        match &mut self.sealed_secret {
            Some(secret) => each(Purpose::ClientSecret, &[self.id.as_str()], &mut secret.0),
            None => Ok(()),
        }
    }
}

impl Resting for User {
    fn each_sealed(&mut self, each: &mut Each<'_>) -> Result<(), SealError> {
        let pool = self.user_pool_id.as_str();
        if let Some(credential) = &mut self.credential {
            let bound_to = [pool, self.username.as_str()];
            each(Purpose::Verifier, &bound_to, &mut credential.sealed_verifier)?;
            for former in &mut credential.former {
                each(Purpose::Verifier, &bound_to, &mut former.0)?;
            }
        }
        let tokens = &mut self.software_tokens;
        for token in [&mut tokens.pending, &mut tokens.verified].into_iter().flatten() {
            each(
                Purpose::TotpSecret,
                &[pool, self.sub.as_str()],
                &mut token.sealed_secret,
            )?;
        }
        Ok(())
    }
}

impl Resting for Device {
    fn each_sealed(&mut self, each: &mut Each<'_>) -> Result<(), SealError> {
        let bound_to = [self.user_pool_id.as_str(), self.sub.as_str(), self.key.as_str()];
        match &mut self.sealed_verifier {
            Some(verifier) => each(Purpose::DeviceVerifier, &bound_to, &mut verifier.0),
            None => Ok(()),
        }
    }
}
