//! What an ARN of a function says: `arn:aws:lambda:<region>:<account>:function:<name>[:<alias or version>]`.

use pool::ports::FunctionArn;

/// The parts of a function's ARN. Source: "Lambda resource types" in Lambda's guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArnParts<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: &'a str,
    /// Like `us-east-1`.
    pub region: &'a str,
    /// Twelve digits.
    pub account: &'a str,
    /// The function's name.
    pub name: &'a str,
    /// An alias or a version, when the ARN names one.
    pub qualifier: Option<&'a str>,
}

impl<'a> ArnParts<'a> {
    /// Reads `arn`; `None` when it is not a function's.
    #[must_use]
    pub fn of(arn: &'a FunctionArn) -> Option<Self> {
        let mut words = arn.0.split(':');
        let mut word = || words.next().filter(|word| !word.is_empty());
        let (prefix, partition, service) = (word()?, word()?, word()?);
        let (region, account, kind, name) = (word()?, word()?, word()?, word()?);
        let qualifier = words.next();
        let ok = prefix == "arn"
            && service == "lambda"
            && kind == "function"
            && account.len() == 12
            && account.bytes().all(|b| b.is_ascii_digit())
            && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && is_name(name)
            && qualifier.is_none_or(|word| word == "$LATEST" || is_name(word))
            && words.next().is_none();
        ok.then_some(Self {
            partition,
            region,
            account,
            name,
            qualifier,
        })
    }

    /// The ARN without alias and version.
    #[must_use]
    pub fn unqualified(&self) -> FunctionArn {
        let Self {
            partition,
            region,
            account,
            name,
            ..
        } = self;
        FunctionArn(format!(
            "arn:{partition}:lambda:{region}:{account}:function:{name}"
        ))
    }
}

/// Names, aliases and versions have one alphabet.
fn is_name(word: &str) -> bool {
    (1..=140).contains(&word.len())
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn(text: &str) -> FunctionArn {
        FunctionArn(text.to_owned())
    }

    #[test]
    fn an_alias_is_parted_from_the_name() {
        let qualified = arn("arn:aws:lambda:us-east-1:000000000000:function:Migrate:live");
        let parts = ArnParts::of(&qualified).unwrap();
        assert_eq!(
            (parts.region, parts.name, parts.qualifier),
            ("us-east-1", "Migrate", Some("live"))
        );
        assert_eq!(
            parts.unqualified(),
            arn("arn:aws:lambda:us-east-1:000000000000:function:Migrate")
        );
    }

    #[test]
    fn what_is_no_function_is_not_read() {
        for text in [
            "",
            "Migrate",
            "arn:aws:lambda:us-east-1:000000000000:layer:Migrate",
            "arn:aws:cognito-idp:us-east-1:000000000000:function:Migrate",
            "arn:aws:lambda:us-east-1:0000:function:Migrate",
            "arn:aws:lambda:us-east-1:000000000000:function:",
            "arn:aws:lambda:us-east-1:000000000000:function:Migrate:",
            "arn:aws:lambda:us-east-1:000000000000:function:Migrate:a:b",
            "arn:aws:lambda:us-east-1:000000000000:function:../Migrate",
            "arn:aws:lambda:evil.example/:000000000000:function:Migrate",
        ] {
            assert_eq!(ArnParts::of(&arn(text)), None, "{text}");
        }
    }
}
