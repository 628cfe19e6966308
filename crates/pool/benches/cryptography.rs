//! What a sign-in's cryptography costs: the best of many runs, µs on one core. `cargo bench -p pool`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a bench prints times"
)]

use std::hint::black_box;
use std::time::Instant;

use pool::jwt::{SigningKey, VerifyingKeys};
use pool::ports::{Entropy, SystemEntropy};
use pool::seal::{MasterKey, Purpose, Sealer};
use pool::srp::client::{Client, PasswordVerifier};
use pool::srp::{Exchange, Identity, Proof, SrpA, Verifier};

const IDENTITY: Identity<'static> = Identity {
    pool_name: "8LxAFhQ8D",
    user_id: "owned-user",
};

fn main() {
    once("SRP: making the tables of g, first use", || {
        Verifier::new(&IDENTITY, "Passw0rd!", [7; 16])
    });
    let verifier = Verifier::new(&IDENTITY, "Passw0rd!", [7; 16]);
    time("SRP: a password against its verifier (g^x)", || {
        verifier.matches_password(&IDENTITY, "Passw0rd!")
    });
    srp(&verifier);
    jwt();
    seal();
}

fn srp(verifier: &Verifier) {
    let client = Client::begin(&SystemEntropy);
    let a = SrpA::parse(&client.srp_a()).unwrap();
    time("SRP: server's challenge (k·v + g^b)", || {
        Exchange::begin(verifier, a.clone(), &SystemEntropy).srp_b()
    });
    let exchange = Exchange::begin(verifier, a, &SystemEntropy);
    let (salt, srp_b) = (verifier.salt_hex(), exchange.srp_b());
    let challenge = PasswordVerifier {
        salt: &salt,
        srp_b: &srp_b,
        secret_block: "YmxvY2s=",
    };
    let sign = || client.sign(&IDENTITY, "Passw0rd!", &challenge, "now").unwrap();
    let signature = sign();
    let proof = Proof {
        identity: IDENTITY,
        secret_block: b"block",
        timestamp: "now",
        signature: &signature,
    };
    assert!(exchange.is_proven(verifier, &proof));
    time("SRP: server checks the proof ((A·v^u)^b)", || {
        exchange.is_proven(verifier, &proof)
    });
    time("SRP: client, A and signature", || {
        (Client::begin(&SystemEntropy), sign())
    });
}

fn jwt() {
    once("RS256: making a key", SigningKey::generate);
    let key = SigningKey::generate().unwrap();
    let pkcs8 = key.to_pkcs8().unwrap();
    time("RS256: reading a key", || SigningKey::from_pkcs8(&pkcs8));
    let claims =
        serde_json::json!({"sub": SystemEntropy.sub(), "iss": "x".repeat(60), "jti": "y".repeat(400)});
    time("RS256: signing a token", || key.sign(&claims));
    let keys = VerifyingKeys::new([&key]).unwrap();
    let token = key.sign(&claims).unwrap();
    time("RS256: verifying a token", || keys.verify(&token));
}

fn seal() {
    let master_key = MasterKey::generate(&SystemEntropy);
    time("seal: deriving the keys", || Sealer::new(&master_key));
    let sealer = Sealer::new(&master_key).unwrap();
    let seal = || {
        sealer
            .seal(Purpose::Session, &["pool", "client"], &[7; 500], &SystemEntropy)
            .unwrap()
    };
    time("seal: 500 bytes", seal);
    let value = seal();
    time("seal: opening them", || {
        sealer.open(Purpose::Session, &["pool", "client"], &value)
    });
}

fn once<T>(name: &str, work: impl FnOnce() -> T) {
    let start = Instant::now();
    black_box(work());
    print(name, start.elapsed().as_secs_f64());
}

/// The best of many runs in half a second: what others do on the machine only ever adds.
fn time<T>(name: &str, mut work: impl FnMut() -> T) {
    let (begin, mut best) = (Instant::now(), f64::MAX);
    while begin.elapsed().as_millis() < 500 {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed().as_secs_f64());
    }
    print(name, best);
}

fn print(name: &str, seconds: f64) {
    println!("{name:45} {:10.1} µs", seconds * 1e6);
}
