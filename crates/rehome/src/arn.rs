//! Amazon Resource Names and Regions, as far as commands write and read them.

use std::fmt;

/// `arn:<partition>:<service>:<region>:<account>:<resource>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: String,
    /// Like `cognito-idp`.
    pub service: String,
    /// Empty for services without Regions.
    pub region: String,
    /// Twelve digits.
    pub account: String,
    /// The rest, colons and all.
    pub resource: String,
}

impl Arn {
    /// Reads one; `None` when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts[..] else {
            return None;
        };
        let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_whole = partition.starts_with("aws") && !service.is_empty() && !resource.is_empty();
        let no_space = !text.contains(char::is_whitespace);
        (is_account && is_whole && no_space).then(|| Self {
            partition: partition.to_owned(),
            service: service.to_owned(),
            region: region.to_owned(),
            account: account.to_owned(),
            resource: resource.to_owned(),
        })
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            service,
            region,
            account,
            resource,
        } = self;
        write!(f, "arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// A Region by its name, like `eu-west-1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// Letters, digits and hyphens, with at least two hyphens: the API takes no other Region in a pool's id.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        (plain && text.matches('-').count() >= 2 && !text.starts_with('-') && !text.ends_with('-'))
            .then(|| Self(text.to_owned()))
    }

    /// The Region of a pool, from its id.
    #[must_use]
    pub fn of_user_pool(id: &str) -> Option<Self> {
        Self::parse(id.split_once('_')?.0)
    }

    /// The partition of its ARNs.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        match () {
            () if self.0.starts_with("cn-") => "aws-cn",
            () if self.0.starts_with("us-gov-") => "aws-us-gov",
            () => "aws",
        }
    }

    /// Where AWS answers the user pools API in it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let suffix = if self.partition() == "aws-cn" { ".cn" } else { "" };
        format!("https://cognito-idp.{}.amazonaws.com{suffix}", self.0)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_reads_back_as_it_was_written() {
        for text in [
            "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEf123",
            "arn:aws-cn:iam::111122223333:role/path/rehome",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rehome-a1b2c3",
        ] {
            assert_eq!(Arn::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "arn:aws:s3:::bucket",
            "eu-west-1_AbCdEf123",
            "arn:aws:iam::1:role/x",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_region_knows_its_partition_and_endpoint() {
        let region = |text| Region::parse(text).unwrap();
        assert_eq!(region("us-gov-west-1").partition(), "aws-us-gov");
        assert_eq!(
            region("cn-north-1").endpoint(),
            "https://cognito-idp.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(
            Region::of_user_pool("eu-west-1_AbCdEf123"),
            Region::parse("eu-west-1")
        );
        assert_eq!(Region::parse("https://x"), None);
    }
}
