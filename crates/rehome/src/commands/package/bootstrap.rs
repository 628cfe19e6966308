//! The program: is it one that Lambda can start?

use std::path::Path;

use super::Architecture;
use crate::problem::Problem;

/// The C library of Amazon Linux 2023, which `provided.al2023` is: 2.34. A program that was linked against a newer one ends
/// at its start with *version `GLIBC_…' not found*.
const GLIBC_OF_LAMBDA: u32 = 34;

/// A bootstrap that Lambda can start.
pub(super) struct Bootstrap {
    pub(super) bytes: Vec<u8>,
}

impl Bootstrap {
    /// Reads it and looks at it.
    pub(super) fn read(file: &Path, architecture: Architecture) -> Result<Self, Problem> {
        let bytes = std::fs::read(file).map_err(|error| {
            let mend = format!("{} cannot be read: {error}", file.display());
            Problem::new("--bootstrap", mend)
        })?;
        match fault(&bytes, architecture) {
            None => Ok(Self { bytes }),
            Some(fault) => {
                let mend = format!("{}: {fault}", file.display());
                Err(Problem::new("--bootstrap", mend))
            }
        }
    }
}

/// Why Lambda could not start it, and what helps.
fn fault(bytes: &[u8], architecture: Architecture) -> Option<String> {
    let Some(machine) = machine(bytes) else {
        return Some(
            "is no 64-bit Linux program; build it on Linux, or with `cargo lambda build` anywhere".to_owned(),
        );
    };
    if machine != machine_of(architecture) {
        let other = match architecture {
            Architecture::X86_64 => Architecture::Arm64,
            Architecture::Arm64 => Architecture::X86_64,
        };
        let told = if machine == machine_of(other) {
            format!("is for {}; say --architecture {}", other.name(), other.name())
        } else {
            "is for a processor that Lambda does not have".to_owned()
        };
        return Some(told);
    }
    let needed = newest_glibc(bytes)?;
    (needed > GLIBC_OF_LAMBDA).then(|| {
        format!(
            "needs glibc 2.{needed}, and provided.al2023 has 2.{GLIBC_OF_LAMBDA}; build it with `cargo lambda build`, \
             which links against the right one, or on an older system"
        )
    })
}

/// `e_machine` of a little-endian 64-bit ELF file (System V ABI, *ELF Header*).
fn machine(bytes: &[u8]) -> Option<u16> {
    let header = bytes.get(..20)?;
    (header.starts_with(b"\x7fELF\x02\x01")).then(|| u16::from_le_bytes([header[18], header[19]]))
}

fn machine_of(architecture: Architecture) -> u16 {
    match architecture {
        Architecture::X86_64 => 62,
        Architecture::Arm64 => 183,
    }
}

/// The newest `GLIBC_2.<n>` that the program names; `None` for one that is linked statically.
fn newest_glibc(bytes: &[u8]) -> Option<u32> {
    const NAME: &[u8] = b"\0GLIBC_2.";
    bytes
        .windows(NAME.len())
        .enumerate()
        .filter(|(_, window)| *window == NAME)
        .filter_map(|(at, _)| {
            let digits = bytes.get(at + NAME.len()..)?;
            let end = digits.iter().position(|byte| !byte.is_ascii_digit())?;
            std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf(machine: u8, names: &[u8]) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01".to_vec();
        bytes.resize(18, 0);
        bytes.extend([machine, 0]);
        bytes.extend(names);
        bytes
    }

    #[test]
    fn a_program_for_this_processor_and_an_old_enough_glibc_is_taken() {
        let old = elf(62, b"\0GLIBC_2.2.5\0GLIBC_2.34\0");
        assert_eq!(fault(&old, Architecture::X86_64), None);
        let linked_statically = elf(183, b"");
        assert_eq!(fault(&linked_statically, Architecture::Arm64), None);
    }

    #[test]
    fn what_lambda_could_not_start_is_told_before_it_is_deployed() {
        let told = |bytes: &[u8]| fault(bytes, Architecture::Arm64).unwrap();
        assert!(told(b"#!/bin/sh").contains("no 64-bit Linux program"));
        assert!(told(&elf(62, b"")).contains("--architecture x86-64"));
        assert!(told(&elf(8, b"")).contains("processor"));
        let new = elf(183, b"\0GLIBC_2.17\0GLIBC_2.39\0GLIBC_2.4\0");
        assert!(told(&new).contains("needs glibc 2.39"));
    }
}
