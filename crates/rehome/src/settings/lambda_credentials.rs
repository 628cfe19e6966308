//! The AWS credentials that sign calls of Lambda, from the environment under the names that every AWS SDK reads.

use server::functions::Credentials;
use server::functions::settings::{FunctionsFile, WaySettings};

use super::Environment;
use crate::problem::Problem;

/// The credentials, if there are any. A function at AWS needs them, so their absence is a problem then.
pub(super) fn find(
    functions: &FunctionsFile,
    environment: Environment<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Credentials> {
    let id = environment("AWS_ACCESS_KEY_ID");
    let secret = environment("AWS_SECRET_ACCESS_KEY");
    if let (Some(id), Some(secret)) = (id, secret) {
        let token = environment("AWS_SESSION_TOKEN");
        return Some(Credentials::new(id, secret, token, None, "environment"));
    }
    for (arn, way) in &functions.functions {
        let signed = matches!(way, WaySettings::Endpoint(endpoint) if endpoint.needs_credentials());
        if signed {
            let mend = "is at AWS, which takes signed calls alone; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY \
                        (and AWS_SESSION_TOKEN for those of a role)";
            problems.push(Problem::new(format!("functions.\"{arn}\".endpoint"), mend));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
        [functions."arn:aws:lambda:eu-west-1:000000000000:function:at-aws"]
        endpoint = "aws"
        [functions."arn:aws:lambda:eu-west-1:000000000000:function:also"]
        endpoint = "https://lambda.eu-west-1.amazonaws.com"
        [functions."arn:aws:lambda:eu-west-1:000000000000:function:near"]
        endpoint = "http://127.0.0.1:9001"
    "#;

    fn find_in(environment: &[(&str, &str)]) -> (bool, Vec<Problem>) {
        let functions = FunctionsFile::parse(FILE, &[]).unwrap();
        let variable = |name: &str| {
            let found = environment.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut problems = Vec::new();
        let found = find(&functions, &variable, &mut problems);
        (found.is_some(), problems)
    }

    #[test]
    fn a_function_at_aws_needs_credentials() {
        let (found, problems) = find_in(&[("AWS_ACCESS_KEY_ID", "AKIA")]);
        assert_eq!((found, problems.len()), (false, 2));
        assert!(problems.iter().all(|problem| !problem.key.contains("near")));
    }

    #[test]
    fn the_usual_variables_hold_them() {
        let (found, problems) = find_in(&[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")]);
        assert!(found && problems.is_empty());
    }
}
