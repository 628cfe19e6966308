//! What a child writes to its standard output and error goes to our log, line by line: the function's own words, under
//! the target `function`. A function that prints its events prints passwords; the log can be told to leave it out.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncRead, BufReader};

/// A longer line is cut into several: a child must not fill our memory with one.
const MAX_LINE_BYTES: usize = 16 * 1024;

/// Logs every line of `stream` until it ends.
pub(super) fn log_lines(function: &str, stream: Option<impl AsyncRead + Unpin + Send + 'static>) {
    let Some(stream) = stream else { return };
    let function = function.to_owned();
    tokio::spawn(async move {
        let mut stream = BufReader::with_capacity(MAX_LINE_BYTES, stream);
        while let Some(line) = next_line(&mut stream).await {
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end();
            if !line.is_empty() {
                tracing::info!(target: "function", { function.name = function }, "{line}");
            }
        }
    });
}

/// The next line without its end; `None` when the stream has ended.
async fn next_line(stream: &mut (impl AsyncBufRead + Unpin)) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let buffer = stream.fill_buf().await.ok()?;
        if buffer.is_empty() {
            return (!line.is_empty()).then_some(line);
        }
        let room = MAX_LINE_BYTES - line.len();
        let end = buffer.iter().take(room).position(|byte| *byte == b'\n');
        let taken = end.map_or(buffer.len().min(room), |end| end + 1);
        line.extend_from_slice(&buffer[..end.unwrap_or(taken)]);
        stream.consume(taken);
        if end.is_some() || line.len() == MAX_LINE_BYTES {
            return Some(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(mut text: &[u8]) -> Vec<usize> {
        let mut lengths = Vec::new();
        while let Some(line) = next_line(&mut text).await {
            lengths.push(line.len());
        }
        lengths
    }

    #[tokio::test]
    async fn lines_are_parted_and_the_last_needs_no_end() {
        assert_eq!(lines(b"ab\n\ncde").await, [2, 0, 3]);
        assert_eq!(lines(b"").await, [0; 0]);
    }

    #[tokio::test]
    async fn an_endless_line_is_cut() {
        let text = vec![b'x'; MAX_LINE_BYTES + 1];
        assert_eq!(lines(&text).await, [MAX_LINE_BYTES, 1]);
    }
}
