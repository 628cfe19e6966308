//! The arguments of `rehome policy`, checked all at once.

use super::PolicyArguments;
use super::documents::{OldRole, Parts, user_pool_arn};
use crate::arn::Arn;
use crate::problem::{Problem, Problems};

const ACCOUNT: &str = "write the twelve digits of the account, like 111122223333";

/// Makes of the arguments what the documents are about.
pub(super) fn check(arguments: PolicyArguments) -> Result<Parts, Problems> {
    let mut problems = Vec::new();
    let account = account(arguments.account, &mut problems);
    let mut pool = |which: &str, arn: Option<String>, id: Option<String>| match (arn, id) {
        (Some(arn), _) => pool_by_arn(which, &arn, &mut problems),
        (None, Some(id)) => pool_by_id(which, &id, account.as_deref(), &mut problems),
        (None, None) => None,
    };
    let old = pool("old", arguments.old_user_pool_arn, arguments.old_user_pool_id);
    let new = pool("new", arguments.new_user_pool_arn, arguments.new_user_pool_id);
    if !is_function_name(&arguments.function_name) {
        problems.push(Problem::new(
            "--function-name",
            "write 1 to 64 letters, digits, - and _",
        ));
    }
    let read = arguments
        .read
        .iter()
        .filter_map(|arn| readable(arn, &mut problems))
        .collect();
    let old_role = arguments
        .old_role_arn
        .zip(arguments.external_id)
        .and_then(|(arn, external_id)| {
            let new = new.as_ref()?;
            role_arn("--old-role-arn", &arn, &mut problems)?;
            let default = || {
                format!(
                    "arn:{}:iam::{}:role/{}",
                    new.partition, new.account, arguments.function_name
                )
            };
            let execution_role_arn = arguments.execution_role_arn.unwrap_or_else(default);
            role_arn("--execution-role-arn", &execution_role_arn, &mut problems)?;
            Some(OldRole {
                arn,
                external_id,
                execution_role_arn,
            })
        });
    if let (Some(old), Some(new), None) = (&old, &new, &old_role)
        && old.account != new.account
    {
        problems.push(Problem::new(
            "--old-role-arn",
            "is missing: the old pool is in another account, whose role the function has to take on",
        ));
    }
    let parts = old.zip(new).map(|(old_user_pool, new_user_pool)| Parts {
        old_user_pool,
        new_user_pool,
        function_name: arguments.function_name,
        old_role,
        read,
        carries_groups: arguments.groups,
    });
    Problems::none_in(problems, parts)
}

fn account(written: Option<String>, problems: &mut Vec<Problem>) -> Option<String> {
    let account = written?;
    if account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(account);
    }
    problems.push(Problem::new("--account", ACCOUNT));
    None
}

fn pool_by_arn(which: &str, arn: &str, problems: &mut Vec<Problem>) -> Option<Arn> {
    let parsed = Arn::parse(arn).filter(|arn| {
        arn.service == "cognito-idp"
            && arn
                .resource
                .strip_prefix("userpool/")
                .and_then(|id| user_pool_arn(id, &arn.account))
                .is_some_and(|of_id| of_id.region == arn.region)
    });
    if parsed.is_none() {
        let mend = "write a pool's ARN, like arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_AbCdEf123";
        problems.push(Problem::new(format!("--{which}-user-pool-arn"), mend));
    }
    parsed
}

fn pool_by_id(which: &str, id: &str, account: Option<&str>, problems: &mut Vec<Problem>) -> Option<Arn> {
    let parsed = user_pool_arn(id, account.unwrap_or_default());
    if parsed.is_none() {
        let mend = "write a pool's id, like eu-west-1_AbCdEf123";
        problems.push(Problem::new(format!("--{which}-user-pool-id"), mend));
    } else if account.is_none() && problems.iter().all(|problem| problem.key != "--account") {
        problems.push(Problem::new("--account", format!("is missing; {ACCOUNT}")));
    }
    parsed
}

fn readable(arn: &str, problems: &mut Vec<Problem>) -> Option<Arn> {
    let parsed = Arn::parse(arn).filter(|arn| match arn.service.as_str() {
        "ssm" => arn.resource.starts_with("parameter/"),
        "secretsmanager" => arn.resource.starts_with("secret:"),
        _ => false,
    });
    if parsed.is_none() {
        let mend = format!(
            "{arn} is the ARN of no parameter and no secret; write one like \
             arn:aws:ssm:eu-west-1:111122223333:parameter/rehome or \
             arn:aws:secretsmanager:eu-west-1:111122223333:secret:rehome-a1b2c3"
        );
        problems.push(Problem::new("--read", mend));
    }
    parsed
}

fn role_arn(flag: &str, arn: &str, problems: &mut Vec<Problem>) -> Option<()> {
    let is_role =
        Arn::parse(arn).is_some_and(|arn| arn.service == "iam" && arn.resource.starts_with("role/"));
    if !is_role {
        let mend = "write a role's ARN, like arn:aws:iam::111122223333:role/rehome";
        problems.push(Problem::new(flag, mend));
    }
    is_role.then_some(())
}

fn is_function_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}
