//! Which second factors a pool offers.

use serde::{Deserialize, Serialize};

use crate::user::MfaMethod;

/// What `SetUserPoolMfaConfig` turns on; counts in a pool whose `MfaConfiguration` is not `OFF`. A pool that was made with
/// `MfaConfiguration` alone offers codes by SMS, the one factor that `CreateUserPool` can configure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MfaFactors {
    /// Codes by SMS.
    pub sms: bool,
    /// Codes of an authenticator app.
    pub software_token: bool,
    /// Codes by e-mail.
    pub email: bool,
}

impl Default for MfaFactors {
    fn default() -> Self {
        Self {
            sms: true,
            software_token: false,
            email: false,
        }
    }
}

impl MfaFactors {
    /// Whether this factor is offered.
    #[must_use]
    pub fn offers(self, method: MfaMethod) -> bool {
        match method {
            MfaMethod::SmsMfa => self.sms,
            MfaMethod::SoftwareTokenMfa => self.software_token,
            MfaMethod::EmailOtp => self.email,
        }
    }
}
