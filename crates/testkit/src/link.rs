//! The way from a node to its PostgreSQL, which the test cuts, slows down and blocks.

use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;

/// What the network does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Every connection ends, and new ones are refused service.
    Cut,
    /// Every connection that there is falls silent for good, and so does every new one, as behind a router that has forgotten
    /// them.
    Silent,
    /// All that comes back is late.
    Late(Duration),
    /// A COMMIT reaches the server, but the connection ends before the answer comes back.
    LostCommits,
}

/// Listens on loopback and passes on to a server until it is dropped.
#[derive(Debug)]
pub struct Link {
    address: SocketAddr,
    fault: watch::Sender<Fault>,
    listening: JoinHandle<()>,
}

impl Link {
    /// A sound link to a port of loopback.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn to(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (fault, faults) = watch::channel(Fault::None);
        let listening = tokio::spawn(async move {
            // They end with the link.
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(carry(client, port, faults.clone()));
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self {
            address,
            fault,
            listening,
        })
    }

    /// Its end, `host:port`.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// From now on.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One connection, until either side or a fault ends it.
async fn carry(client: TcpStream, port: u16, faults: watch::Receiver<Fault>) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port)).await?;
    for side in [&client, &server] {
        side.set_nodelay(true)?;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (committing, committed) = watch::channel(false);
    let there = ask(from_client, to_server, faults.clone(), committing);
    let back = answer(from_server, to_client, faults.clone(), committed);
    tokio::select! {
        ended = there => ended,
        ended = back => ended,
        () = fallen(faults.clone(), Fault::Cut) => Ok(()),
        () = fallen(faults, Fault::Silent) => pending().await,
    }
}

/// Comes back when a fault falls, if it ever does.
async fn fallen(mut faults: watch::Receiver<Fault>, fault: Fault) {
    if faults.wait_for(|now| *now == fault).await.is_err() {
        pending::<()>().await;
    }
}

/// Passes on what the client says.
async fn ask(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    faults: watch::Receiver<Fault>,
    committing: watch::Sender<bool>,
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = client.read(&mut bytes).await?;
        if read == 0 {
            return Ok(());
        }
        let now = *faults.borrow();
        if now == Fault::LostCommits && bytes[..read].windows(6).any(|word| word == b"COMMIT") {
            committing.send_replace(true);
        }
        server.write_all(&bytes[..read]).await?;
    }
}

/// Passes on what the server says; what it says to a COMMIT that is to be lost ends the connection.
async fn answer(
    mut server: OwnedReadHalf,
    mut client: OwnedWriteHalf,
    faults: watch::Receiver<Fault>,
    committed: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut bytes = vec![0; 16 * 1024];
    loop {
        let read = server.read(&mut bytes).await?;
        if read == 0 || *committed.borrow() {
            return Ok(());
        }
        let now = *faults.borrow();
        if let Fault::Late(by) = now {
            sleep(by).await;
        }
        client.write_all(&bytes[..read]).await?;
    }
}
