//! How to go on by hand once the story is told.

use std::io;

use super::cast::{GIL, HANA, NEW_CLIENT, NEW_POOL, OLD_POOL};
use crate::terminal::{Style, Terminal};

/// Prints the commands, ready to be copied.
pub(super) fn print(url: &str, terminal: &mut Terminal) -> io::Result<()> {
    let title = terminal.styled(Style::Bold, "Go on by hand");
    terminal.line(&format!("\n{title}\n"))?;
    terminal.line(&format!(
        "  Both pools are served on {url} until you press Ctrl-C. {} and {} have not moved yet.\n",
        GIL.name, HANA.name
    ))?;
    let chapters = [
        (
            "In another terminal, any credentials will do:",
            vec![
                "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1"
                    .to_owned(),
                format!(
                    "export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={url}   # or --endpoint-url each time, as here"
                ),
            ],
        ),
        (
            "A first sign-in, which moves Gil:",
            vec![
                format!("aws cognito-idp initiate-auth --endpoint-url {url} \\"),
                "  --auth-flow USER_PASSWORD_AUTH \\".to_owned(),
                format!("  --client-id {NEW_CLIENT} \\"),
                format!(
                    "  --auth-parameters USERNAME={},PASSWORD={}",
                    GIL.email, GIL.password
                ),
            ],
        ),
        (
            "Gil in the new pool, CONFIRMED with all attributes:",
            vec![
                format!("aws cognito-idp admin-get-user --endpoint-url {url} \\"),
                format!("  --user-pool-id {NEW_POOL} --username {}", GIL.email),
            ],
        ),
        (
            "Hana forgot her password; the code is in the outbox:",
            vec![
                format!("aws cognito-idp forgot-password --endpoint-url {url} \\"),
                format!("  --client-id {NEW_CLIENT} --username {}", HANA.email),
                format!("curl -s {url}/_rehome/outbox"),
                format!("aws cognito-idp confirm-forgot-password --endpoint-url {url} \\"),
                format!("  --client-id {NEW_CLIENT} --username {} \\", HANA.email),
                "  --confirmation-code <code> --password Hanas-Password-2".to_owned(),
            ],
        ),
        (
            "Who is where:",
            vec![
                format!("aws cognito-idp list-users --endpoint-url {url} --user-pool-id {OLD_POOL}"),
                format!("aws cognito-idp list-users --endpoint-url {url} --user-pool-id {NEW_POOL}"),
            ],
        ),
    ];
    for (title, lines) in chapters {
        let title = terminal.styled(Style::Dim, &format!("# {title}"));
        terminal.line(&format!("  {title}"))?;
        for line in lines {
            terminal.line(&format!("  {line}"))?;
        }
        terminal.line("")?;
    }
    Ok(())
}
