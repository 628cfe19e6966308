//! One call in the course of a sign-in, and what the sign-in has come to so far.

use serde::{Deserialize, Serialize};
use trigger::Header;

use super::challenge::ChallengeName;
use super::custom::Custom;
use super::device::Standing;
use super::parameters::Parameters;
use crate::error::Error;
use crate::message::Addressee;
use crate::secret::SessionToken;
use crate::service::Service;
use crate::subject::{Caller, Face, Subject};
use crate::triggers;
use crate::user::User;
use crate::user_pool::UserPool;

/// One call: `InitiateAuth`, `RespondToAuthChallenge` or their administrators' forms.
#[derive(Clone, Copy)]
pub(super) struct Step<'s> {
    pub(super) service: &'s Service,
    /// Who calls.
    pub(super) face: &'s Face,
    /// For whom: app client and pool.
    pub(super) subject: &'s Subject,
    /// For the triggers before the first proof: `ClientMetadata` of a call that begins a sign-in reaches these alone, as
    /// `validationData`.
    pub(super) opening: &'s Caller,
    /// For all other triggers.
    pub(super) caller: &'s Caller,
    /// `AuthParameters` or `ChallengeResponses`.
    pub(super) parameters: &'s Parameters,
    /// The challenge that the call answers; `None` when it begins a sign-in.
    pub(super) answers: Option<&'s ChallengeName>,
    /// `Session`, where the call has one.
    pub(super) session: Option<&'s SessionToken>,
}

impl<'s> Step<'s> {
    /// The pool.
    pub(super) fn pool(&self) -> &'s UserPool {
        &self.subject.pool.pool
    }

    /// Whether it is taken on one of the pool's own pages: then the sign-in ends in the browser, not in tokens.
    pub(super) fn is_on_page(&self) -> bool {
        matches!(self.face, Face::Page)
    }

    /// Whether the app client hides who does not exist.
    pub(super) fn hides_unknown_users(&self) -> bool {
        self.subject.client.client.hides_unknown_users()
    }

    /// The header of an event about somebody of this name.
    pub(super) fn header(&self, user_name: &str) -> Header {
        let client_id = &self.subject.client.client.id;
        triggers::header(self.pool(), Some(client_id), user_name, self.caller)
    }

    /// `USERNAME`, the secret hash over it checked.
    pub(super) fn username(&self) -> Result<&'s str, Error> {
        self.parameters.username(&self.subject.client)
    }

    /// `user` as the one to whom a message goes.
    pub(super) fn addressee<'a>(&self, user: &'a User) -> Addressee<'a>
    where
        's: 'a,
    {
        Addressee {
            pool: self.pool(),
            client_id: Some(&self.subject.client.client.id),
            user,
            caller: self.caller,
        }
    }
}

/// What a sign-in has come to: which proofs were given. It travels, sealed, in every session, so that no answer
/// counts for what it has not proven.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Course {
    /// The first factor: a password, or what the pool takes in its place.
    pub(super) first_factor: Option<FirstFactor>,
    /// Whether the second factor was given, or nothing asks for one.
    pub(super) second_factor: bool,
    /// Whether a password was chosen in this sign-in.
    pub(super) chose_password: bool,
    /// Whether it is a sign-in on the pool's pages: the API gives no tokens for proofs that were given there, nor the reverse.
    #[serde(default)]
    pub(super) on_page: bool,
    /// The device that the client said it is.
    pub(super) device_key: Option<String>,
    /// What that device counts for, once the pool has looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) device: Option<Standing>,
    /// The `SRP_A` by which the password was proven, as a keyed digest; for clients that bring a device and no session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) srp_a: Option<String>,
    /// How far the challenges of the pool's own functions have come, in a sign-in that began with `CUSTOM_AUTH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) custom: Option<Custom>,
}

/// What opened a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum FirstFactor {
    /// The password, sent or proven by SRP.
    Password,
    /// A code by e-mail.
    EmailOtp,
    /// A code by SMS.
    SmsOtp,
    /// Challenges of the pool's own functions, and nothing else.
    Custom,
    /// A passkey.
    Passkey,
}

impl Course {
    /// A sign-in in which nothing has been proven.
    pub(super) fn opening(step: &Step<'_>) -> Self {
        Self {
            device_key: step.parameters.get("DEVICE_KEY").map(str::to_owned),
            on_page: step.is_on_page(),
            ..Self::default()
        }
    }

    /// A sign-in that the password has opened.
    pub(super) fn after_password(step: &Step<'_>) -> Self {
        Self {
            first_factor: Some(FirstFactor::Password),
            ..Self::opening(step)
        }
    }
}
