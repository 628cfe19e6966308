//! A proxy between the function and the old pool that lets the network have a bad day.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What happens on the way back.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Nothing.
    None,
    /// No byte comes for so long.
    Late(Duration),
    /// One byte at a time, with so long a pause before each.
    Dripping(Duration),
    /// The connection ends after so many bytes.
    CutAfter(usize),
    /// It is reset after so many bytes.
    ResetAfter(usize),
    /// Whatever was asked, this is the answer, and the old pool never hears of it.
    Instead(String),
}

/// Listens on loopback until it is dropped.
pub(crate) struct Proxy {
    pub(crate) url: String,
    fault: Arc<Mutex<Fault>>,
    sign_ins: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Proxy {
    /// In front of the server at this URL.
    pub(crate) async fn before(server: &str, fault: Fault) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = server.strip_prefix("http://").unwrap().to_owned();
        let fault = Arc::new(Mutex::new(fault));
        let sign_ins = Arc::new(AtomicUsize::new(0));
        let connections = (Arc::clone(&fault), Arc::clone(&sign_ins));
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (fault, sign_ins) = connections.clone();
                let server = TcpStream::connect(&upstream).await.unwrap();
                // A connection ends as its fault says; what the other side makes of it is the test's matter.
                tokio::spawn(pass(client, server, fault, sign_ins));
            }
        });
        Self {
            url,
            fault,
            sign_ins,
            listening,
        }
    }

    /// From the next answer on.
    pub(crate) fn set(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }

    /// How often a password was asked about: each of them may count as a wrong one.
    pub(crate) fn sign_ins(&self) -> usize {
        self.sign_ins.load(Ordering::SeqCst)
    }
}

/// One connection, until either side has ended it.
async fn pass(
    client: TcpStream,
    server: TcpStream,
    fault: Arc<Mutex<Fault>>,
    sign_ins: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let (from_client, mut to_client) = client.into_split();
    let (mut from_server, to_server) = server.into_split();
    let now = || fault.lock().unwrap().clone();
    if let Fault::Instead(answer) = now() {
        read_request(from_client, None, &sign_ins).await?;
        to_client.write_all(answer.as_bytes()).await?;
        return to_client.shutdown().await;
    }
    let asking = tokio::spawn(async move { read_request(from_client, Some(to_server), &sign_ins).await });
    let mut bytes = vec![0; 16 * 1024];
    let mut passed = 0;
    loop {
        let read = from_server.read(&mut bytes).await?;
        if read == 0 {
            break;
        }
        match now() {
            Fault::None => to_client.write_all(&bytes[..read]).await?,
            Fault::Late(pause) => {
                tokio::time::sleep(pause).await;
                to_client.write_all(&bytes[..read]).await?;
            }
            Fault::Dripping(pause) => {
                for byte in &bytes[..read] {
                    tokio::time::sleep(pause).await;
                    to_client.write_all(std::slice::from_ref(byte)).await?;
                }
            }
            Fault::CutAfter(most) => {
                let rest = read.min(most.saturating_sub(passed));
                to_client.write_all(&bytes[..rest]).await?;
                to_client.shutdown().await?;
                break;
            }
            Fault::ResetAfter(most) => {
                let rest = read.min(most.saturating_sub(passed));
                to_client.write_all(&bytes[..rest]).await?;
                // Dropped without reading on, with no time to linger: the system sends a reset.
                to_client.as_ref().set_zero_linger()?;
                break;
            }
            Fault::Instead(_) => break,
        }
        passed += read;
    }
    asking.abort();
    Ok(())
}

/// Passes on what the client says. With nowhere to go it is read to the end of one request.
async fn read_request(
    mut client: OwnedReadHalf,
    mut server: Option<OwnedWriteHalf>,
    sign_ins: &AtomicUsize,
) -> std::io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = client.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&bytes[..read]);
        if text.contains("AWSCognitoIdentityProviderService.AdminInitiateAuth") {
            sign_ins.fetch_add(1, Ordering::SeqCst);
        }
        match &mut server {
            Some(server) => server.write_all(&bytes[..read]).await?,
            // Requests of the function are small: the body comes with the head or right after it.
            None if text.trim_end().ends_with('}') => return Ok(()),
            None => {}
        }
    }
}
