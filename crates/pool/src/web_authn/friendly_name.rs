//! What a passkey is called in lists.

/// The providers that most people have, by the kind (AAGUID) that their authenticators give. Source: the list that the
/// providers keep together, *passkey-authenticator-aaguids*.
const PROVIDERS: [(u128, &str); 5] = [
    (
        0xea9b_8d66_4d01_1d21_3ce4_b6b4_8cb5_75d4,
        "Google Password Manager",
    ),
    (0xfbfc_3007_154e_4ecc_8c0b_6e02_0557_d7bd, "iCloud Keychain"),
    (0x0898_7058_cadc_4b81_b6e1_30de_50dc_be96, "Windows Hello"),
    (0xbada_5566_a7aa_401f_bd96_4561_9a55_120d, "1Password"),
    (0xd548_826e_79b4_db40_a3d8_1111_6f7e_8349, "Bitwarden"),
];

/// The provider's name, or *Passkey* (chosen) where the authenticator does not say.
pub(super) fn of(aaguid: &[u8]) -> &'static str {
    let known = PROVIDERS.iter().find(|(id, _)| id.to_be_bytes() == aaguid);
    known.map_or("Passkey", |(_, name)| *name)
}
