//! What stands in tokens, what is still to be written, whose sign-up is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on says so"
)]

use migration::companion::groups::CarriedGroups;
use migration::companion::pre_sign_up::{self, Verdict};
use migration::companion::{Carrier, Companion, post_authentication, pre_token_generation};
use migration::{Attributes, Cause, CouldNotAsk, DigestKey, Mapping, Profile, Standing};
use trigger::pre_token_generation::GroupConfiguration;
use trigger::{
    post_authentication as signed_in, pre_sign_up as sign_up, pre_token_generation as v1,
    pre_token_generation_v2 as v2,
};

fn mapping() -> Mapping {
    Mapping {
        keep_sub_as: Some("custom:old_sub".to_owned()),
        keep_groups_as: Some("custom:old_groups".to_owned()),
        ..Mapping::default()
    }
}

fn companion() -> Companion {
    Companion {
        old_id_claim: Some("old_sub".to_owned()),
        ..Companion::default()
    }
}

fn key() -> DigestKey {
    DigestKey::new(&[7; 32]).unwrap()
}

/// Under that key, whoever wrote the attributes.
fn carrier<'a>(mapping: &'a Mapping, key: &'a DigestKey) -> Carrier<'a> {
    Carrier {
        mapping,
        key: Some(key),
    }
}

/// Of ann, who moved with two groups.
fn attributes() -> Attributes {
    let pairs = [("custom:old_sub", "5f0e"), ("email", "ann@example.com")];
    let mut attributes: Attributes = pairs.into_iter().collect();
    let groups = CarriedGroups::of(["admins", "staff"]).unwrap();
    let value = carrier(&mapping(), &key()).written(&groups, &attributes);
    attributes.insert("custom:old_groups", value.unwrap());
    attributes
}

#[test]
fn groups_count_only_under_the_seal() {
    let (mapping, key) = (mapping(), key());
    let carrier = carrier(&mapping, &key);
    let opened = |attributes: &Attributes| carrier.groups(Some(attributes)).written();
    let anns = attributes();
    assert_eq!(opened(&anns), "admins staff");
    let sealed = anns.get("custom:old_groups").unwrap().to_owned();
    for forged in [
        "admins",
        "admins staff",
        &format!("{sealed} owners"),
        &sealed.replace("admins ", ""),
        &sealed.replacen(|digit: char| digit.is_ascii_hexdigit(), "x", 1),
        "",
    ] {
        let mut attributes = attributes();
        attributes.insert("custom:old_groups", forged);
        assert_eq!(opened(&attributes), "", "{forged}");
    }
    let mut bobs = attributes();
    bobs.insert("custom:old_sub", "another");
    assert_eq!(
        opened(&bobs),
        "",
        "the groups are of somebody with another old id"
    );
    let other = DigestKey::new(&[8; 32]).unwrap();
    for key in [Some(&other), None] {
        let carrier = Carrier {
            mapping: &mapping,
            key,
        };
        assert!(carrier.groups(Some(&anns)).is_empty());
    }
}

#[test]
fn what_an_old_user_wrote_into_the_attribute_is_not_carried() {
    let profile = Profile {
        attributes: [("custom:old_groups", "admins"), ("email", "a@example.com")]
            .into_iter()
            .collect(),
        ..Profile::default()
    };
    let new = mapping().apply(&profile, &migration::Login::new("a@example.com"));
    assert_eq!(new.get("custom:old_groups"), None);
}

#[test]
fn nobody_brings_the_attributes_of_an_old_account_to_a_sign_up() {
    let request = |name: &str| sign_up::Request {
        user_attributes: Some([(name, "x")].into_iter().collect()),
        ..sign_up::Request::default()
    };
    let source = |name: &str| trigger::Source::parse(name);
    for name in ["custom:old_sub", "custom:old_groups"] {
        assert!(pre_sign_up::borrows(
            &source("PreSignUp_SignUp"),
            &request(name),
            &mapping()
        ));
        assert!(!pre_sign_up::borrows(
            &source("PreSignUp_AdminCreateUser"),
            &request(name),
            &mapping()
        ));
    }
    assert!(!pre_sign_up::borrows(
        &source("PreSignUp_SignUp"),
        &request("custom:plan"),
        &mapping()
    ));
}

fn groups(names: &[&str]) -> GroupConfiguration {
    GroupConfiguration {
        groups_to_override: Some(names.iter().map(|&name| name.to_owned()).collect()),
        iam_roles_to_override: Some(vec!["arn:aws:iam::1:role/a".to_owned()]),
        preferred_role: Some("arn:aws:iam::1:role/a".to_owned()),
    }
}

#[test]
fn the_first_token_has_the_old_id_and_the_old_groups_beside_the_new_ones() {
    let request = v1::Request {
        user_attributes: Some(attributes()),
        group_configuration: Some(groups(&["new", "staff"])),
        client_metadata: None,
    };
    let response = pre_token_generation::version_1(&request, carrier(&mapping(), &key()), &companion());
    let details = response.claims_override_details.unwrap();
    assert_eq!(
        details.claims_to_add_or_override.unwrap().get("old_sub"),
        Some("5f0e")
    );
    assert_eq!(
        details.group_override_details,
        Some(groups(&["new", "staff", "admins"]))
    );
}

#[test]
fn both_tokens_have_them_where_the_event_lets_both_be_changed() {
    let request = v2::Request {
        user_attributes: Some(attributes()),
        group_configuration: None,
        scopes: None,
        client_metadata: None,
    };
    let response = pre_token_generation::version_2(&request, carrier(&mapping(), &key()), &companion());
    let details = response.claims_and_scope_override_details.unwrap();
    for generation in [details.id_token_generation, details.access_token_generation] {
        assert_eq!(
            generation.unwrap().claims_to_add_or_override.unwrap()["old_sub"],
            "5f0e"
        );
    }
    let names = details.group_override_details.unwrap().groups_to_override;
    assert_eq!(names, Some(vec!["admins".to_owned(), "staff".to_owned()]));
}

#[test]
fn whoever_has_nothing_old_gets_the_tokens_as_they_are() {
    let request = v1::Request {
        user_attributes: Some([("email", "new@example.com")].into_iter().collect()),
        group_configuration: Some(groups(&["new"])),
        client_metadata: None,
    };
    let response = pre_token_generation::version_1(&request, carrier(&mapping(), &key()), &companion());
    assert_eq!(response, v1::Response::default());
    let of_a_client = v2::Request::default();
    let response = pre_token_generation::version_2(&of_a_client, carrier(&mapping(), &key()), &companion());
    assert_eq!(response, v2::Response::default());
}

#[test]
fn groups_that_are_in_the_pool_already_change_nothing() {
    let request = v1::Request {
        user_attributes: Some(attributes()),
        group_configuration: Some(groups(&["staff", "admins"])),
        client_metadata: None,
    };
    let without_claim = Companion::default();
    let response = pre_token_generation::version_1(&request, carrier(&mapping(), &key()), &without_claim);
    assert_eq!(response, v1::Response::default());
}

#[test]
fn what_is_to_be_written_stands_in_the_attribute_until_it_is_taken_away() {
    let request = signed_in::Request {
        user_attributes: Some(attributes()),
        ..signed_in::Request::default()
    };
    let writing = post_authentication::writing(&request, carrier(&mapping(), &key())).unwrap();
    assert_eq!(writing.groups.iter().collect::<Vec<_>>(), ["admins", "staff"]);
    assert_eq!(writing.attribute, "custom:old_groups");
    assert_eq!(
        post_authentication::writing(&request, carrier(&Mapping::default(), &key())),
        None
    );
    assert_eq!(
        post_authentication::writing(&signed_in::Request::default(), carrier(&mapping(), &key())),
        None
    );
}

#[test]
fn a_sign_up_is_held_against_every_name_that_it_would_take() {
    let request = sign_up::Request {
        user_attributes: Some(
            [("email", "ann@example.com"), ("phone_number", "+1206")]
                .into_iter()
                .collect(),
        ),
        ..sign_up::Request::default()
    };
    let names = |source: &str, user_name: &str| -> Vec<String> {
        let source = trigger::Source::parse(source);
        let names = pre_sign_up::names(&source, user_name, &request);
        names.iter().map(|name| name.as_str().to_owned()).collect()
    };
    assert_eq!(
        names("PreSignUp_SignUp", "ann"),
        ["ann", "ann@example.com", "+1206"]
    );
    assert_eq!(
        names("PreSignUp_SignUp", "ann@example.com"),
        ["ann@example.com", "+1206"]
    );
    assert!(
        names("PreSignUp_AdminCreateUser", "ann").is_empty(),
        "a migration comes by this way"
    );
    assert!(names("PreSignUp_ExternalProvider", "ann").is_empty());
}

#[test]
fn only_who_proved_the_name_there_keeps_it_from_others() {
    let said = |standing| pre_sign_up::verdict(&Ok(standing));
    let profile = Profile::default;
    assert_eq!(said(Standing::Unknown), Verdict::Free);
    assert_eq!(said(Standing::Unconfirmed(profile())), Verdict::Free);
    for standing in [
        Standing::Active(profile()),
        Standing::Disabled,
        Standing::LockedForNow(None),
        Standing::PasswordMustChange(profile()),
        Standing::ResetDue(profile()),
        Standing::NoPassword,
    ] {
        assert_eq!(said(standing), Verdict::Taken);
    }
    let could_not = Err(CouldNotAsk::new(Cause::TooSlow, "find"));
    assert_eq!(pre_sign_up::verdict(&could_not), Verdict::NotKnown);
    assert_eq!(Verdict::NotKnown.text(), Some("Try again later"));
}

#[test]
fn mistakes_in_the_settings_are_told_with_their_mend() {
    let companion = Companion {
        old_id_claim: Some("sub".to_owned()),
        groups_per_second: 0,
        ..Companion::default()
    };
    let problems = companion.problems(&Mapping::default());
    let keys: Vec<_> = problems.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, ["old_id_claim", "old_id_claim", "groups_per_second"]);
    assert!(companion_is_fine());
}

fn companion_is_fine() -> bool {
    companion().problems(&mapping()).is_empty()
}
