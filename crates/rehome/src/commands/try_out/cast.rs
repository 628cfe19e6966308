//! Who plays: the two pools and the people in the old one.
//!
//! The passwords are no secrets: they stand in the source, are printed, and open nothing but this story.

/// The old pool.
pub(super) const OLD_POOL: &str = "us-east-1_OldPool01";
/// The app client of the old pool that the migration function uses.
pub(super) const OLD_CLIENT: &str = "1oldpool2migration3client4";
/// The new pool.
pub(super) const NEW_POOL: &str = "us-east-1_NewPool01";
/// The app client of the new pool that the people's app uses.
pub(super) const NEW_CLIENT: &str = "5newpool6web7application89";
/// The function behind the new pool's trigger; the name is the one in the usual policies and guides.
pub(super) const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:CognitoUserMigration";

/// Somebody in the old pool.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) email: &'static str,
    pub(super) password: &'static str,
}

pub(super) const ANN: Person = Person {
    name: "Ann",
    email: "ann@example.com",
    password: "Anns-Password-1",
};
pub(super) const BEN: Person = Person {
    name: "Ben",
    email: "ben@example.com",
    password: "Bens-Password-1",
};
pub(super) const CLEO: Person = Person {
    name: "Cleo",
    email: "cleo@example.com",
    password: "Cleos-Password-1",
};
pub(super) const DAN: Person = Person {
    name: "Dan",
    email: "dan@example.com",
    password: "Dans-Password-1",
};
pub(super) const EVE: Person = Person {
    name: "Eve",
    email: "eve@example.com",
    password: "Eves-Password-1",
};
pub(super) const FAY: Person = Person {
    name: "Fay",
    email: "fay@example.com",
    password: "Fays-Password-1",
};
pub(super) const GIL: Person = Person {
    name: "Gil",
    email: "gil@example.com",
    password: "Gils-Password-1",
};
pub(super) const HANA: Person = Person {
    name: "Hana",
    email: "hana@example.com",
    password: "Hanas-Password-1",
};

/// Where Eve's codes go.
pub(super) const EVES_PHONE: &str = "+12065550105";

/// The pools file of the story.
pub(super) fn pools_file() -> String {
    format!(
        r#"
[[user_pools]]
id = "{OLD_POOL}"
name = "old"
username_attributes = ["email"]
case_sensitive = false
mfa_configuration = "OPTIONAL"
custom_attributes = ["plan", {{ name = "visits", type = "Number" }}]
app_clients = [{{ id = "{OLD_CLIENT}", name = "migration function", explicit_auth_flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH"] }}]
users = [
  {{ username = "{ann}", password = "{ann_password}", attributes = {{ email_verified = true, given_name = "Ann", "custom:plan" = "gold", "custom:visits" = 12 }} }},
  {{ username = "{ben}", password = "{ben_password}", attributes = {{ email_verified = false, given_name = "Ben" }} }},
  {{ username = "{cleo}", password = "{cleo_password}", enabled = false, attributes = {{ email_verified = true }} }},
  {{ username = "{dan}", password = "{dan_password}", status = "RESET_REQUIRED", attributes = {{ email_verified = true }} }},
  {{ username = "{eve}", password = "{eve_password}", sms_mfa = true, attributes = {{ email_verified = true, phone_number = "{EVES_PHONE}", phone_number_verified = true }} }},
  {{ username = "{fay}", password = "{fay_password}", attributes = {{ email_verified = true, "custom:plan" = "silver" }} }},
  {{ username = "{gil}", password = "{gil_password}", attributes = {{ email_verified = true, given_name = "Gil", "custom:plan" = "gold" }} }},
  {{ username = "{hana}", password = "{hana_password}", attributes = {{ email_verified = true, given_name = "Hana" }} }},
]

[[user_pools]]
id = "{NEW_POOL}"
name = "new"
username_attributes = ["email"]
case_sensitive = false
mfa_configuration = "OPTIONAL"
custom_attributes = ["plan", {{ name = "visits", type = "Number" }}]
lambda_config = {{ UserMigration = "{FUNCTION}" }}
app_clients = [{{ id = "{NEW_CLIENT}", name = "web", prevent_user_existence_errors = "ENABLED", explicit_auth_flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] }}]
"#,
        ann = ANN.email,
        ann_password = ANN.password,
        ben = BEN.email,
        ben_password = BEN.password,
        cleo = CLEO.email,
        cleo_password = CLEO.password,
        dan = DAN.email,
        dan_password = DAN.password,
        eve = EVE.email,
        eve_password = EVE.password,
        fay = FAY.email,
        fay_password = FAY.password,
        gil = GIL.email,
        gil_password = GIL.password,
        hana = HANA.email,
        hana_password = HANA.password,
    )
}

/// The functions file of the story, for a server at `url`.
pub(super) fn functions_file(url: &str) -> String {
    format!(
        r#"
[functions."{FUNCTION}"]
builtin = "migration"
from = {{ kind = "cognito", endpoint = "{url}", region = "us-east-1", user_pool_id = "{OLD_POOL}", client_id = "{OLD_CLIENT}" }}
"#
    )
}
