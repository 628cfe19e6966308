//! `cargo xtask bench load|size|nodes|soak`: how fast an endpoint of Cognito's API serves, ours or another.
//!
//! [`flow`] is what a client does, [`load`] many clients doing it for a while, [`process`] what the server spends meanwhile.
//! [`target`] is an endpoint with its users, [`ours`] a server of ours that is started for the occasion and [`fill`] how it
//! comes to millions of users; [`growth`] judges whether one needs more and more. [`report`] and [`plot`] are what is left: a table, the figures as JSON, pictures.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its figures"
)]
#![allow(clippy::disallowed_methods, reason = "a bench measures real time")]
#![allow(
    clippy::cast_precision_loss,
    reason = "figures are rounded when they are shown"
)]

mod fill;
mod flow;
mod growth;
mod load;
mod nodes;
mod ours;
mod plot;
mod process;
mod remote;
mod report;
mod size;
mod soak;
mod target;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    about = "How fast an endpoint of Cognito's API serves"
)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Load an endpoint of Cognito's API with clients; beside it another, in the same run
    #[command(after_help = remote::EXAMPLES)]
    Load(remote::LoadArguments),
    /// Start servers of ours with few and with many users, and compare what a sign-in takes
    #[command(after_help = size::EXAMPLES)]
    Size(size::SizeArguments),
    /// Start one node and then two on one PostgreSQL, a core each
    Nodes(nodes::NodesArguments),
    /// Keep a server of ours at four fifths of what it can do, and see whether anything grows
    #[command(after_help = soak::EXAMPLES)]
    Soak(soak::SoakArguments),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Arguments::parse().what {
        What::Load(arguments) => remote::run(arguments).await,
        What::Size(arguments) => size::run(arguments).await,
        What::Nodes(arguments) => nodes::run(arguments).await,
        What::Soak(arguments) => soak::run(arguments).await,
    }
}
