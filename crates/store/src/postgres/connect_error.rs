//! Why there is no connection, or none that can be worked with.

use tokio_postgres::error::SqlState;

use super::error::Said;
use super::url::DatabaseUrl;
use crate::migration::Refusal;

/// Why a database of PostgreSQL cannot be used, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nobody answers there.
    #[error("{url} cannot be reached: is the server up, and are host, port and TLS right?")]
    Unreachable {
        /// Where, without the password.
        url: String,
        /// What was said.
        #[source]
        source: Said,
    },
    /// No answer within the time that a connection may take.
    #[error("{url} takes too long to let us in")]
    Slow {
        /// Where.
        url: String,
    },
    /// The server does not know the user or the password is wrong.
    #[error("{url} does not let {user} in: check the password, and the server's pg_hba.conf")]
    WrongPassword {
        /// Where.
        url: String,
        /// Who.
        user: String,
        /// What was said.
        #[source]
        source: Said,
    },
    /// There is no such database.
    #[error(
        "{url}: there is no such database: CREATE DATABASE {database} OWNER {user} ENCODING 'UTF8' TEMPLATE template0"
    )]
    NoDatabase {
        /// Where.
        url: String,
        /// Who.
        user: String,
        /// Which.
        database: String,
    },
    /// All connections of the server are taken.
    #[error(
        "{url} has no connection left: raise max_connections there, or have fewer nodes with fewer connections"
    )]
    Crowded {
        /// Where.
        url: String,
    },
    /// The server was the primary once, and does not know that another has taken over.
    #[error(
        "{url} has been taken over from: another server was promoted, so stop this one and make it a standby (if it was put \
         back on purpose, start rehome anew)"
    )]
    Outdated {
        /// Where.
        url: String,
    },
    /// The server starts or stops.
    #[error("{url} is starting or stopping: try again soon")]
    NotNow {
        /// Where.
        url: String,
    },
    /// The database does not store UTF-8.
    #[error(
        "{url} stores text as {encoding}, not UTF8: make one with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
    )]
    Encoding {
        /// Where.
        url: String,
        /// How it does.
        encoding: String,
    },
    /// The server is of an older release than is supported.
    #[error("{url} is PostgreSQL {version}: at least {} is needed", super::schema::OLDEST)]
    TooOld {
        /// Where.
        url: String,
        /// Its release.
        version: i64,
    },
    /// The user may not make or use the tables.
    #[error(
        "{url}: {user} may not make or use the tables: ALTER DATABASE … OWNER TO {user}, or GRANT CREATE, USAGE ON SCHEMA public TO {user}"
    )]
    NotAllowed {
        /// Where.
        url: String,
        /// Who.
        user: String,
        /// What was said.
        #[source]
        source: Said,
    },
    /// A newer release has changed the tables.
    #[error("{url} has been used by a newer release (its tables are at {migration}): run that release")]
    Newer {
        /// Where.
        url: String,
        /// The first step that this release does not know and cannot live with.
        migration: String,
    },
    /// `rehome db move` has not come to its end here.
    #[error("{url} is being filled by rehome db move: run that to its end")]
    Moving {
        /// Where.
        url: String,
    },
    /// The tables were made by other statements than this release's.
    #[error("{url} was made by a build whose {migration} differs: run that build, or name another database")]
    Altered {
        /// Where.
        url: String,
        /// The step that differs.
        migration: String,
    },
    /// The tables are those of an older release and may not be changed now.
    #[error("{url} lacks {migration}: run rehome db migrate, or start without --no-migrate")]
    Behind {
        /// Where.
        url: String,
        /// The first step that lacks.
        migration: String,
    },
    /// Something else went wrong.
    #[error("{url} cannot be used")]
    Failed {
        /// Where.
        url: String,
        /// What was said.
        #[source]
        source: Said,
    },
}

impl ConnectError {
    /// What an error at connecting, or at the first statements, means.
    pub(super) fn of(error: &tokio_postgres::Error, to: &DatabaseUrl) -> Self {
        let (url, source) = (to.to_string(), Said::of(error));
        let user = to.user().to_owned();
        let Some(code) = error.code() else {
            return Self::Unreachable { url, source };
        };
        match *code {
            SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
                Self::WrongPassword { url, user, source }
            }
            SqlState::INVALID_CATALOG_NAME => Self::NoDatabase {
                url,
                user,
                database: to.database().to_owned(),
            },
            SqlState::TOO_MANY_CONNECTIONS => Self::Crowded { url },
            SqlState::CANNOT_CONNECT_NOW | SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => {
                Self::NotNow { url }
            }
            SqlState::INSUFFICIENT_PRIVILEGE => Self::NotAllowed { url, user, source },
            _ => Self::Failed { url, source },
        }
    }

    /// Why the tables cannot be worked with.
    pub(super) fn refused(refusal: Refusal, at: &DatabaseUrl) -> Self {
        let url = at.to_string();
        match refusal {
            Refusal::Newer { migration } => Self::Newer { url, migration },
            Refusal::Moving => Self::Moving { url },
            Refusal::Altered { migration } => Self::Altered { url, migration },
        }
    }
}
