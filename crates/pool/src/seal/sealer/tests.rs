use proptest::prelude::*;

use super::*;
use crate::ports::SystemEntropy;

const POOL: &[&str] = &["us-east-1_8LxAFhQ8D", "client"];

fn sealer(byte: u8) -> Sealer {
    Sealer::new(&MasterKey::new([byte; 32])).unwrap()
}

#[test]
fn the_same_value_sealed_twice_looks_different() {
    let sealer = sealer(1);
    let [a, b] = [0; 2].map(|_| {
        sealer
            .seal(Purpose::Session, POOL, b"same", &SystemEntropy)
            .unwrap()
    });
    assert_ne!(a, b);
    assert_eq!(a.as_bytes().len(), 4 + OVERHEAD);
}

#[test]
fn every_single_bit_counts() {
    let sealer = sealer(1);
    let value = sealer
        .seal(Purpose::Session, POOL, b"content", &SystemEntropy)
        .unwrap();
    for bit in 0..value.as_bytes().len() * 8 {
        let mut bytes = value.as_bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            sealer.open(Purpose::Session, POOL, &Sealed::from_bytes(bytes)),
            Err(Unopenable),
            "bit {bit}"
        );
    }
    for length in 0..value.as_bytes().len() {
        let short = Sealed::from_bytes(value.as_bytes()[..length].to_vec());
        assert_eq!(sealer.open(Purpose::Session, POOL, &short), Err(Unopenable));
    }
}

#[test]
fn a_value_opens_for_its_own_purpose_alone() {
    let sealer = sealer(1);
    for purpose in Purpose::ALL {
        let value = sealer.seal(purpose, POOL, b"content", &SystemEntropy).unwrap();
        for other in Purpose::ALL {
            assert_eq!(sealer.open(other, POOL, &value).is_ok(), purpose == other);
        }
    }
}

#[test]
fn parts_cannot_be_shifted_among_each_other() {
    let sealer = sealer(1);
    let value = sealer
        .seal(Purpose::Code, &["ab", "c"], b"content", &SystemEntropy)
        .unwrap();
    for bound_to in [
        &["a", "bc"] as &[&str],
        &["abc"],
        &["ab", "c", ""],
        &["c", "ab"],
        &[],
    ] {
        assert_eq!(sealer.open(Purpose::Code, bound_to, &value), Err(Unopenable));
    }
}

/// Holds the keys of these bytes.
fn sealer_of(bytes: &[u8]) -> Sealer {
    let lines: Vec<String> = bytes
        .iter()
        .map(|byte| format!("{byte:02x}").repeat(32))
        .collect();
    Sealer::of(&MasterKeys::parse(&lines.join("\n")).unwrap()).unwrap()
}

#[test]
fn each_master_key_opens_and_one_seals() {
    let both = sealer_of(&[1, 2]);
    for byte in [1, 2] {
        let alone = sealer(byte);
        let other = sealer(3 - byte);
        assert!(both.seal_under(alone.sealing()));
        assert_eq!(both.sealing(), alone.sealing());
        let value = both
            .seal(Purpose::Verifier, POOL, b"content", &SystemEntropy)
            .unwrap();
        assert_eq!(value.master_key_id(), Some(alone.sealing()));
        for opens in [&both, &alone] {
            assert_eq!(
                opens.open(Purpose::Verifier, POOL, &value).unwrap().as_slice(),
                b"content"
            );
        }
        assert_eq!(other.open(Purpose::Verifier, POOL, &value), Err(Unopenable));
    }
}

#[test]
fn a_key_that_is_not_held_seals_nothing() {
    let (one, strange) = (sealer(1), sealer(2).sealing());
    assert!(!one.seal_under(strange) && !one.holds(strange));
    assert_eq!(one.sealing(), sealer(1).sealing());
    let key = one.digest_key_of(one.sealing()).unwrap();
    let refused = one.seal_digest_key(strange, &key, &SystemEntropy).unwrap_err();
    assert!(matches!(refused, SealError::Lacking(id) if id == strange));
    assert_eq!(Sealed::from_bytes(b"\x02abcdefg".to_vec()).master_key_id(), None);
    assert_eq!(Sealed::from_bytes(b"\x01abc".to_vec()).master_key_id(), None);
}

#[test]
fn digests_stay_under_another_master_key() {
    let before = sealer(1);
    let mut after = sealer_of(&[2, 1]);
    let digest = |sealer: &Sealer| sealer.digest(Purpose::Code, &["ann", "123456"]);
    assert_ne!(digest(&after), digest(&before));
    let key = before.digest_key_of(before.sealing()).unwrap();
    let sealed = after
        .seal_digest_key(sealer(2).sealing(), &key, &SystemEntropy)
        .unwrap();
    assert_eq!(before.open_digest_key(&sealed).unwrap_err(), Unopenable);
    let opened = after.open_digest_key(&sealed).unwrap();
    after.digest_with(&opened);
    assert_eq!(digest(&after), digest(&before));
    assert_eq!(format!("{after:?} {opened:?}"), "Sealer(…) DigestKey(…)");
}

/// What a release has derived once, every later one has to derive.
#[test]
fn the_keys_of_a_master_key_stay_what_they_are() {
    let sealer = sealer(7);
    assert_eq!(sealer.sealing().to_string(), "a464bbf6");
    let digest = sealer.digest(Purpose::Verifier, &["pool", "pretended sub", "ann"]);
    let known = "e7f914e3dc599f0586b4bedfcd862595de9990dcadcad235ed4232cf3da27355";
    assert_eq!(crate::srp::hex::decode(known).unwrap(), digest);
}

#[test]
fn json_of_another_shape_does_not_open() {
    let sealer = sealer(1);
    let value = sealer
        .seal_json(Purpose::Session, POOL, &vec![1, 2], &SystemEntropy)
        .unwrap();
    assert_eq!(
        sealer.open_json::<Vec<i32>>(Purpose::Session, POOL, &value),
        Ok(vec![1, 2])
    );
    assert_eq!(
        sealer.open_json::<String>(Purpose::Session, POOL, &value),
        Err(Unopenable)
    );
}

proptest! {
    #[test]
    fn what_is_sealed_opens_in_either_text_form(content: Vec<u8>, place: String) {
        let sealer = sealer(3);
        let value = sealer.seal(Purpose::RefreshToken, &[&place], &content, &SystemEntropy).unwrap();
        let url = Sealed::from_url_text(&value.to_url_text()).unwrap();
        let base64 = Sealed::from_base64(&value.to_base64()).unwrap();
        for read in [url, base64] {
            let opened = sealer.open(Purpose::RefreshToken, &[&place], &read).unwrap();
            prop_assert_eq!(opened.as_slice(), content.as_slice());
        }
    }

    #[test]
    fn arbitrary_input_is_refused(bytes: Vec<u8>, text: String) {
        prop_assert_eq!(sealer(3).open(Purpose::Session, POOL, &Sealed::from_bytes(bytes)), Err(Unopenable));
        if let Ok(value) = Sealed::from_url_text(&text) {
            prop_assert_eq!(sealer(3).open(Purpose::Session, POOL, &value), Err(Unopenable));
        }
    }
}
