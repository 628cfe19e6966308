//! An event as a function gets it, and an answer as a pool gets it: read or refused, never a panic; an event that is read
//! goes back as it came.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trigger::{CallerContext, Event, Header, MigrateUser, Payload, migrate_user};

fuzz_target!(|bytes: &[u8]| {
    let payload = Payload::from_bytes(bytes.to_vec());
    if let Ok(event) = Event::<MigrateUser>::parse(&payload) {
        let sent: serde_json::Value = serde_json::from_slice(bytes).expect("an event is JSON");
        let back: serde_json::Value =
            serde_json::from_slice(event.unchanged().as_bytes()).expect("the answer is JSON");
        assert_eq!(sent, back);
    }
    let header = Header {
        region: "us-east-1".to_owned(),
        user_pool_id: "us-east-1_8LxAFhQ8D".to_owned(),
        user_name: "somebody".to_owned(),
        caller_context: CallerContext { aws_sdk_version: "x".to_owned(), client_id: None },
    };
    let asked = Event::<MigrateUser>::new(
        migrate_user::Source::ForgotPassword,
        header,
        migrate_user::Request::default(),
    );
    let _ = asked.read_answer(&payload);
});
