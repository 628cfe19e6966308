//! The function behind the new pool's other triggers: *pre token generation*, *post authentication*, *pre sign-up*.
//!
//! None of them can keep somebody out who has signed in: what could not be written is written at the next sign-in. Only a
//! sign-up is refused, under a name that lives in the old directory, or while that cannot be asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use directory::cognito::{Added, Credentials, NewPool};
use migration::companion::groups::CarriedGroups;
use migration::companion::post_authentication::{self, Writing};
use migration::companion::pre_sign_up::{self, Verdict};
use migration::companion::{Carrier, Companion, pre_token_generation};
use migration::{
    Attributes, Bucket, CouldNotAsk, Deadline, DigestKey, Directory, Guard, Inquiry, Levers, Terms,
};
use tokio::time::Instant;
use trigger::post_authentication::PostAuthentication;
use trigger::pre_sign_up::PreSignUp;
use trigger::pre_token_generation::PreTokenGeneration;
use trigger::pre_token_generation_v2::PreTokenGenerationV2;
use trigger::{Event, Header, NotAnEvent, Payload};

use crate::clock::wall_clock;
use crate::function::{FunctionError, Invocation};
use crate::record::{Record, Trigger};
use crate::settings::Settings;
use crate::told;

/// What writing groups may take of a sign-in: the person waits for it.
const LONGEST_WRITING: Duration = Duration::from_millis(1500);
/// Pools that invoke one function; more than these are forgotten and made anew.
const MOST_POOLS: usize = 16;

/// Which of the other triggers an event is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    PreTokenGeneration,
    PostAuthentication,
    PreSignUp,
}

impl Kind {
    /// `None` for the *migrate user* trigger, and for what is not known.
    pub(crate) fn of(payload: &Payload) -> Option<Self> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Head {
            trigger_source: String,
        }
        let head: Head = serde_json::from_slice(payload.as_bytes()).ok()?;
        match head.trigger_source.split('_').next()? {
            "TokenGeneration" => Some(Self::PreTokenGeneration),
            "PostAuthentication" => Some(Self::PostAuthentication),
            "PreSignUp" => Some(Self::PreSignUp),
            _ => None,
        }
    }

    /// The trigger's name, for logs.
    fn name(self) -> &'static str {
        match self {
            Self::PreTokenGeneration => "TokenGeneration",
            Self::PostAuthentication => "PostAuthentication",
            Self::PreSignUp => "PreSignUp",
        }
    }
}

/// What the companions need of one configuration.
pub(crate) struct Companions {
    settings: Companion,
    endpoint: Option<String>,
    credentials: Option<Credentials>,
    pools: Mutex<BTreeMap<String, Arc<NewPool>>>,
    writes: Mutex<Bucket>,
}

/// What an event is answered on.
pub(crate) struct Surroundings<'a> {
    pub(crate) directory: &'a dyn Directory,
    pub(crate) terms: &'a Terms,
    pub(crate) levers: &'a Levers,
    pub(crate) key: Option<&'a DigestKey>,
    pub(crate) guard: &'a Guard,
    pub(crate) invocation: &'a Invocation,
}

impl<'a> Surroundings<'a> {
    fn carrier(&self) -> Carrier<'a> {
        Carrier {
            mapping: &self.terms.mapping,
            key: self.key,
        }
    }
}

/// The answer, and what is told of it.
pub(crate) struct Told {
    pub(crate) answer: Result<Payload, FunctionError>,
    pub(crate) record: Record,
}

impl Companions {
    pub(crate) fn new(settings: &Settings) -> Self {
        let burst = settings.companion.groups_per_second;
        Self {
            endpoint: settings.new_pool_endpoint.clone(),
            credentials: settings.from.credentials.clone(),
            settings: settings.companion.clone(),
            pools: Mutex::default(),
            writes: Mutex::new(Bucket::full(Instant::now(), burst)),
        }
    }

    /// Answers an event of such a trigger.
    pub(crate) async fn answer(&self, kind: Kind, payload: &Payload, around: &Surroundings<'_>) -> Told {
        let told = match kind {
            Kind::PreTokenGeneration => self.pre_token_generation(payload, around),
            Kind::PostAuthentication => self.post_authentication(payload, around).await,
            Kind::PreSignUp => self.pre_sign_up(payload, around).await,
        };
        told.unwrap_or_else(|error| Told {
            answer: Err(error.into()),
            record: Record {
                of: Trigger::Other,
                ..told::not_an_event(error)
            },
        })
    }

    fn pre_token_generation(&self, payload: &Payload, around: &Surroundings<'_>) -> Result<Told, NotAnEvent> {
        let (carrier, event) = (around.carrier(), Event::<PreTokenGeneration>::parse(payload)?);
        let is_first_version = event.version().is_none_or(|version| version.as_str() == "1");
        let (answer, said) = if is_first_version {
            let response = pre_token_generation::version_1(event.request(), carrier, &self.settings);
            let said = response.claims_override_details.is_some();
            (event.respond(&response), said)
        } else {
            let event = Event::<PreTokenGenerationV2>::parse(payload)?;
            let response = pre_token_generation::version_2(event.request(), carrier, &self.settings);
            let said = response.claims_and_scope_override_details.is_some();
            (event.respond(&response), said)
        };
        let outcome = if said { "token_completed" } else { "unchanged" };
        Ok(Told {
            answer: Ok(answer),
            record: record(Kind::PreTokenGeneration, event.header(), outcome),
        })
    }

    async fn post_authentication(
        &self,
        payload: &Payload,
        around: &Surroundings<'_>,
    ) -> Result<Told, NotAnEvent> {
        let event = Event::<PostAuthentication>::parse(payload)?;
        let mut record = record(Kind::PostAuthentication, event.header(), "unchanged");
        let request = event.request();
        if let Some(writing) = post_authentication::writing(request, around.carrier())
            && let Some(attributes) = &request.user_attributes
        {
            let written = self.write(&writing, attributes, event.header(), around).await;
            record.outcome = written.outcome();
            record.cause = written.error.as_ref().map(|error| error.cause.name());
            record.error = written.error.as_ref().map(told::chain);
        }
        Ok(Told {
            answer: Ok(event.unchanged()),
            record,
        })
    }

    /// Puts somebody into the groups that are to be written, as far as time and quota go, and notes what is left.
    async fn write(
        &self,
        writing: &Writing,
        attributes: &Attributes,
        header: &Header,
        around: &Surroundings<'_>,
    ) -> Written {
        let mut written = Written::default();
        let pool = match self.pool(header) {
            Ok(pool) => pool,
            Err(error) => {
                written.error = Some(error);
                return written;
            }
        };
        let deadline = Deadline::after(LONGEST_WRITING.min(around.invocation.left));
        let mut left = Vec::new();
        for group in writing.groups.iter() {
            let is_over = written.error.is_some() || written.is_put_off;
            if is_over || !self.may_write() {
                written.is_put_off |= written.error.is_none();
                left.push(group);
                continue;
            }
            match self.add(&pool, &header.user_name, group, deadline).await {
                Ok(Added::Done) => written.groups += 1,
                Ok(Added::NoSuchGroup) => {
                    written.is_missing = true;
                    left.push(group);
                }
                // Deleted since: there is nothing to write.
                Ok(Added::NoSuchUser) => return written,
                Err(error) => {
                    written.error = Some(error);
                    left.push(group);
                }
            }
        }
        if written.groups == 0 {
            return written;
        }
        let left = CarriedGroups::read(&left.join(" "));
        // What was opened with the key is sealed with it again.
        let left = around.carrier().written(&left, attributes).unwrap_or_default();
        let noted = pool.set_attribute(&header.user_name, &writing.attribute, &left, deadline);
        if let Err(error) = noted.await {
            // They are written once more at the next sign-in, which changes nothing.
            written.error.get_or_insert(error);
        }
        written
    }

    async fn add(
        &self,
        pool: &NewPool,
        username: &str,
        group: &str,
        deadline: Deadline,
    ) -> Result<Added, CouldNotAsk> {
        let added = pool.add_to_group(username, group, deadline).await?;
        if added != Added::NoSuchGroup || !self.settings.create_groups {
            return Ok(added);
        }
        pool.create_group(group, deadline).await?;
        pool.add_to_group(username, group, deadline).await
    }

    fn may_write(&self) -> bool {
        let rate = self.settings.groups_per_second;
        let mut writes = self.writes.lock().unwrap_or_else(PoisonError::into_inner);
        writes.take(Instant::now(), rate, rate)
    }

    /// The pool that invoked.
    fn pool(&self, header: &Header) -> Result<Arc<NewPool>, CouldNotAsk> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&header.user_pool_id) {
            return Ok(Arc::clone(pool));
        }
        let endpoint = self.endpoint.clone();
        let pool = NewPool::new(
            &header.region,
            &header.user_pool_id,
            endpoint,
            self.credentials.clone(),
        )
        .map_err(|error| CouldNotAsk::new(migration::Cause::NotAllowed, "new pool").with_source(error))?;
        if pools.len() >= MOST_POOLS {
            pools.clear();
        }
        let pool = Arc::new(pool);
        pools.insert(header.user_pool_id.clone(), Arc::clone(&pool));
        Ok(pool)
    }

    async fn pre_sign_up(&self, payload: &Payload, around: &Surroundings<'_>) -> Result<Told, NotAnEvent> {
        let event = Event::<PreSignUp>::parse(payload)?;
        let mut record = record(Kind::PreSignUp, event.header(), "unchanged");
        let names = pre_sign_up::names(event.source(), &event.header().user_name, event.request());
        let is_over = around.levers.is_over(wall_clock());
        let mut verdict = Verdict::Free;
        if pre_sign_up::borrows(event.source(), event.request(), &around.terms.mapping) {
            verdict = Verdict::Borrowed;
        } else if self.settings.guard_sign_up && !is_over && !names.is_empty() {
            if around.levers.stop {
                verdict = Verdict::NotKnown;
                record.lever = Some(migration::Lever::Stop.name());
            } else {
                verdict = look_for(&names, around, &mut record).await;
            }
        }
        let answer = match verdict.text() {
            None => Ok(event.unchanged()),
            Some(text) => {
                record.outcome = "refused";
                record.refusal = Some(verdict.name());
                Err(FunctionError {
                    error_type: verdict.name().to_owned(),
                    error_message: text.to_owned(),
                })
            }
        };
        Ok(Told { answer, record })
    }
}

/// Whether any of the names lives in the old directory, all of them within one budget.
async fn look_for(names: &[migration::Login], around: &Surroundings<'_>, record: &mut Record) -> Verdict {
    let terms = around.terms;
    let budget = terms.budget.min(around.invocation.left);
    let inquiry = Inquiry::new(budget, terms.shares, around.invocation.trace.clone());
    let mut verdict = Verdict::Free;
    for name in names {
        let guard = around.guard;
        let answer = guard
            .find_for_sign_up(name, around.directory, terms.shield, &inquiry)
            .await;
        verdict = pre_sign_up::verdict(&answer);
        match &answer {
            Ok(standing) => record.standing = Some(standing.name()),
            Err(error) => {
                record.cause = Some(error.cause.name());
                record.error = Some(told::chain(error));
            }
        }
        if verdict != Verdict::Free {
            break;
        }
    }
    record.milliseconds_find = inquiry.took().find.map(told::milliseconds);
    verdict
}

/// How far the writing came.
#[derive(Default)]
struct Written {
    groups: usize,
    /// The new pool lacks a group.
    is_missing: bool,
    /// The rate was reached.
    is_put_off: bool,
    error: Option<CouldNotAsk>,
}

impl Written {
    fn outcome(&self) -> &'static str {
        if self.error.is_some() || self.is_put_off {
            "groups_put_off"
        } else if self.is_missing {
            "groups_missing"
        } else {
            "groups_written"
        }
    }
}

fn record(kind: Kind, header: &Header, outcome: &'static str) -> Record {
    Record {
        trigger_source: Some(kind.name()),
        user_pool_id: Some(header.user_pool_id.clone()),
        app_client_id: header.caller_context.client_id.clone(),
        outcome,
        of: Trigger::Other,
        ..Record::default()
    }
}
