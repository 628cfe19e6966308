//! TLS to PostgreSQL: what each `sslmode` takes and what it turns down.

use std::path::Path;
use std::process::{Command, Stdio};

use store::postgres::ConnectError;

use crate::on_postgres::open;
use crate::postgres::{Cluster, USER};
use crate::scratch::Scratch;

/// Runs `openssl`, which Debian's PostgreSQL brings along.
fn openssl(directory: &Path, arguments: &str) {
    let status = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(directory)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "openssl {arguments}");
}

/// An authority, and a server's certificate of it for a name.
fn make_certificates(directory: &Path, name: &str) {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30";
    openssl(
        directory,
        &format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=authority"),
    );
    openssl(
        directory,
        &format!("req -new {key} -keyout server.key -out server.csr -subj /CN={name}"),
    );
    std::fs::write(directory.join("names"), format!("subjectAltName=DNS:{name}\n")).unwrap();
    openssl(
        directory,
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile names -out server.pem",
    );
}

/// A server that takes connections by TCP with TLS alone, without a password.
fn with_tls(directory: &Path) -> Cluster {
    let cluster = Cluster::start().unwrap();
    for (setting, file) in [("ssl_cert_file", "server.pem"), ("ssl_key_file", "server.key")] {
        let place = cluster.take_in(&directory.join(file)).unwrap();
        let set = format!("ALTER SYSTEM SET {setting} = '{}'", place.display());
        cluster.sql("postgres", &set).unwrap();
    }
    cluster.sql("postgres", "ALTER SYSTEM SET ssl = on").unwrap();
    let access = cluster.directory().join("data").join("pg_hba.conf");
    std::fs::write(
        access,
        "local all all trust\nhostssl all all 127.0.0.1/32 trust\n",
    )
    .unwrap();
    cluster.stop().unwrap();
    cluster.restart().unwrap();
    cluster
}

#[tokio::test]
async fn tls_is_as_strict_as_the_url_says() {
    let scratch = Scratch::new();
    make_certificates(scratch.directory(), "localhost");
    let cluster = with_tls(scratch.directory());
    let database = cluster.database().unwrap();
    let url = |host: &str, parameters: &str| {
        format!(
            "postgres://{USER}@{host}:{}/{}?{parameters}",
            cluster.port(),
            database.name()
        )
    };
    let roots = scratch.directory().join("ca.pem").display().to_string();
    let verified = format!("sslmode=verify-full&sslrootcert={roots}");

    open(&url("localhost", &verified)).await.unwrap();
    let encrypted = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_port > 0";
    let store = open(&url("127.0.0.1", "sslmode=require")).await.unwrap();
    assert!(database.sql(encrypted).unwrap().lines().all(|line| line == "t"));
    drop(store);

    // Another name, no authority that is known, and no TLS.
    for refused in [
        url("127.0.0.1", &verified),
        url("localhost", "sslmode=verify-full"),
        url("localhost", "sslmode=disable"),
    ] {
        let refusal = open(&refused).await.map(drop).unwrap_err();
        assert!(
            matches!(
                refusal,
                ConnectError::Unreachable { .. } | ConnectError::WrongPassword { .. }
            ),
            "{refused}: {refusal:?}"
        );
    }
}
