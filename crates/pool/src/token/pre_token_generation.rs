//! The *pre token generation* trigger: what a function changes in the tokens to be.
//!
//! Source: *Pre token generation Lambda trigger*. Of what may not be changed the original stays, without an error. What is
//! both added and suppressed is suppressed.

use serde_json::{Map, Value};
use trigger::pre_token_generation::{
    ClaimsOverrideDetails, GroupConfiguration, PreTokenGeneration, Request, Source,
};
use trigger::pre_token_generation_v2::{self as v2, PreTokenGenerationV2, PreTokenGenerationV3};
use trigger::{Attributes, Event, Trigger};

use super::claims::attribute_claim;
use super::{API_SCOPE, Grant, Membership};
use crate::app_client::AppClient;
use crate::error::Error;
use crate::oauth::{Scopes, is_scope};
use crate::ports::FunctionArn;
use crate::service::Service;
use crate::subject::Caller;
use crate::triggers;
use crate::user_pool::{TokenEventVersion, UserPool};

/// Claims of both tokens that no function changes.
const FIXED: [&str; 14] = [
    "acr",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
];
/// Further ones of the ID token.
const FIXED_IN_ID: [&str; 3] = ["identities", "aud", "cognito:username"];
/// Further ones of the access token; its scopes have a way of their own.
const FIXED_IN_ACCESS: [&str; 6] = [
    "username",
    "client_id",
    "scope",
    "device_key",
    "event_id",
    "version",
];
/// What only the service itself may put into a token: claims of developers' credentials.
const FIXED_PREFIX: &str = "dev:";
/// Scopes of the service's own, which no function gives.
const OWN_SCOPES: &str = "aws.cognito";
/// Claims of the ID token that have a type of their own and take no other.
const TYPED: [&str; 4] = ["phone_number_verified", "email_verified", "updated_at", "address"];

/// `userName` where there is no user. Chosen: the app client's id is in the caller context.
const MACHINE: &str = "ClientCredentials";

/// What a function wants to be different. Nothing, where the pool has no such function.
#[derive(Default)]
pub(super) struct Customised {
    membership: Option<Membership>,
    id: Changes,
    access: Changes,
}

/// Changes to one token.
type Changes = v2::TokenGeneration;

/// Asks the pool's function, if it has one.
///
/// # Errors
/// Those of [`triggers::Failure`]: above all [`Error::UserLambdaValidation`] when the function throws.
pub(super) async fn customise(
    grant: &Grant<'_>,
    scopes: Option<&Scopes>,
    membership: &Membership,
) -> Result<Customised, Error> {
    let Some((function, version)) = grant.pool.pool.settings.lambda_config.pre_token_generation() else {
        return Ok(Customised::default());
    };
    let request = Request {
        user_attributes: Some(triggers::user_attributes(grant.user)),
        group_configuration: Some(configuration(membership)),
        client_metadata: triggers::metadata(grant.caller),
    };
    let granted = match scopes {
        Some(scopes) => scopes.iter().map(str::to_owned).collect(),
        None => vec![API_SCOPE.to_owned()],
    };
    match version {
        TokenEventVersion::V1 => {
            let response = ask::<PreTokenGeneration>(grant, &function, request).await?;
            Ok(response
                .claims_override_details
                .map(Customised::of_the_id_token)
                .unwrap_or_default())
        }
        TokenEventVersion::V2 => {
            let request = with_scopes(request, granted);
            let response = ask::<PreTokenGenerationV2>(grant, &function, request).await?;
            Ok(Customised::of_both_tokens(response))
        }
        TokenEventVersion::V3 => {
            let request = with_scopes(request, granted);
            let response = ask::<PreTokenGenerationV3>(grant, &function, request).await?;
            Ok(Customised::of_both_tokens(response))
        }
    }
}

/// Asks the pool's function about a token for an app client itself. Only event version 3 knows of these.
///
/// # Errors
/// As [`customise`].
pub(super) async fn customise_for_app_client(
    service: &Service,
    pool: &UserPool,
    client: &AppClient,
    scopes: &Scopes,
    caller: &Caller,
) -> Result<Customised, Error> {
    let configured = pool.settings.lambda_config.pre_token_generation();
    let Some((function, TokenEventVersion::V3)) = configured else {
        return Ok(Customised::default());
    };
    let request = v2::Request {
        user_attributes: Some(Attributes::default()),
        group_configuration: None,
        scopes: Some(scopes.iter().map(str::to_owned).collect()),
        client_metadata: triggers::metadata(caller),
    };
    let header = triggers::header(pool, Some(&client.id), MACHINE, caller);
    let event = Event::<PreTokenGenerationV3>::new(Source::ClientCredentials, header, request);
    let response = triggers::call(service, &function, &event)
        .await
        .map_err(triggers::Failure::into_error::<PreTokenGenerationV3>)?;
    Ok(Customised::of_both_tokens(response))
}

async fn ask<T: Trigger<Source = Source>>(
    grant: &Grant<'_>,
    function: &FunctionArn,
    request: T::Request,
) -> Result<T::Response, Error> {
    let pool = &grant.pool.pool;
    let header = triggers::header(
        pool,
        Some(&grant.client.id),
        grant.user.username.as_str(),
        grant.caller,
    );
    let event = Event::<T>::new(grant.source.clone(), header, request);
    triggers::call(grant.service, function, &event)
        .await
        .map_err(triggers::Failure::into_error::<T>)
}

fn with_scopes(request: Request, scopes: Vec<String>) -> v2::Request {
    v2::Request {
        user_attributes: request.user_attributes,
        group_configuration: request.group_configuration,
        scopes: Some(scopes),
        client_metadata: request.client_metadata,
    }
}

fn configuration(membership: &Membership) -> GroupConfiguration {
    GroupConfiguration {
        groups_to_override: Some(membership.groups.clone()),
        iam_roles_to_override: Some(membership.roles.clone()),
        preferred_role: membership.preferred_role.clone(),
    }
}

/// The override replaces all of it: what it does not name is gone.
fn replaced(details: Option<GroupConfiguration>) -> Option<Membership> {
    details.map(|configuration| Membership {
        groups: configuration.groups_to_override.unwrap_or_default(),
        roles: configuration.iam_roles_to_override.unwrap_or_default(),
        preferred_role: configuration.preferred_role,
    })
}

impl Customised {
    fn of_the_id_token(details: ClaimsOverrideDetails) -> Self {
        let texts = details.claims_to_add_or_override.map(|claims| {
            let typed = |(name, text): (String, String)| (name, Value::from(text));
            claims.into_iter().map(typed).collect()
        });
        Self {
            membership: replaced(details.group_override_details),
            id: Changes {
                claims_to_add_or_override: texts,
                claims_to_suppress: details.claims_to_suppress,
                ..Changes::default()
            },
            access: Changes::default(),
        }
    }

    fn of_both_tokens(response: v2::Response) -> Self {
        let details = response.claims_and_scope_override_details.unwrap_or_default();
        Self {
            membership: replaced(details.group_override_details),
            id: details.id_token_generation.unwrap_or_default(),
            access: details.access_token_generation.unwrap_or_default(),
        }
    }

    /// The groups of both tokens: those of the user, unless the function has said others.
    pub(super) fn membership<'m>(&'m self, users: &'m Membership) -> &'m Membership {
        self.membership.as_ref().unwrap_or(users)
    }

    /// Changes the claims of both tokens.
    pub(super) fn apply(
        self,
        client: &AppClient,
        id: &mut Map<String, Value>,
        access: &mut Map<String, Value>,
    ) {
        let granted = access.get("scope").and_then(Value::as_str).unwrap_or_default();
        let scopes = scopes(granted, &self.access);
        change(self.id, id, |name, value| {
            let fixed = FIXED_IN_ID.contains(&name);
            let mistyped = TYPED.contains(&name) && (value.is_array() || value.is_object());
            !fixed && !mistyped
        });
        for name in TYPED {
            if let Some(Value::String(text)) = id.get(name) {
                let typed = attribute_claim(name, text);
                id.insert(name.to_owned(), typed);
            }
        }
        change(self.access, access, |name, value| match name {
            "aud" => value == client.id.as_str(),
            _ => !FIXED_IN_ACCESS.contains(&name),
        });
        if let Some(scopes) = scopes {
            access.insert("scope".to_owned(), scopes.into());
        }
    }
}

/// Adds and suppresses claims that `may` be changed.
fn change(changes: Changes, claims: &mut Map<String, Value>, may: impl Fn(&str, &Value) -> bool) {
    let open = |name: &str, value: &Value| {
        !FIXED.contains(&name) && !name.starts_with(FIXED_PREFIX) && may(name, value)
    };
    for (name, value) in changes.claims_to_add_or_override.unwrap_or_default() {
        if !value.is_null() && open(&name, &value) {
            claims.insert(name, value);
        }
    }
    for name in changes.claims_to_suppress.unwrap_or_default() {
        if open(&name, &Value::Null) {
            claims.remove(&name);
        }
    }
}

/// The scopes of the access token after the changes; `None` when there are none.
fn scopes(granted: &str, changes: &Changes) -> Option<String> {
    let (added, suppressed) = (
        changes.scopes_to_add.as_deref().unwrap_or_default(),
        changes.scopes_to_suppress.as_deref().unwrap_or_default(),
    );
    if added.is_empty() && suppressed.is_empty() {
        return None;
    }
    let mut scopes: Vec<&str> = granted.split(' ').filter(|scope| !scope.is_empty()).collect();
    for scope in added {
        if is_scope(scope) && !scope.starts_with(OWN_SCOPES) && !scopes.contains(&scope.as_str()) {
            scopes.push(scope);
        }
    }
    scopes.retain(|scope| !suppressed.iter().any(|suppressed| suppressed == scope));
    Some(scopes.join(" "))
}
