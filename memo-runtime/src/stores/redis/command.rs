//! What is asked of Redis, and what do its answers mean?

use std::time::Duration;

use redis::{Cmd, ErrorKind, RedisError, RedisResult, Value};

/// How many keys the server looks at in one step of a `clear`.
const KEYS_A_STEP: usize = 1_000;

/// Redis adds a time to live to the time of day, and refuses what overflows. No entry is wanted for longer than this.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

pub(super) fn get(key: &[u8]) -> Cmd {
    let mut command = redis::cmd("GET");
    command.arg(key);
    command
}

/// Rounded down to what `PX` can say, so that no entry is kept for longer than was asked for; zero would be refused.
pub(super) fn set(key: &[u8], value: &[u8], ttl: Option<Duration>) -> Cmd {
    let mut command = redis::cmd("SET");
    command.arg(key).arg(value);
    if let Some(ttl) = ttl {
        let millis = ttl.min(LONGEST).as_millis().max(1);
        command.arg("PX").arg(u64::try_from(millis).expect("a hundred years are few enough"));
    }
    command
}

pub(super) fn unlink(keys: &[impl AsRef<[u8]>]) -> Cmd {
    let mut command = redis::cmd("UNLINK");
    for key in keys {
        command.arg(key.as_ref());
    }
    command
}

pub(super) fn scan(cursor: &[u8], prefix: &[u8]) -> Cmd {
    let mut command = redis::cmd("SCAN");
    command.arg(cursor).arg("MATCH").arg(pattern(prefix)).arg("COUNT").arg(KEYS_A_STEP);
    command
}

/// A glob pattern of what begins with `prefix`, in which nothing but the last star has a meaning.
fn pattern(prefix: &[u8]) -> Vec<u8> {
    let mut pattern = Vec::with_capacity(prefix.len() + 1);
    for &byte in prefix {
        if matches!(byte, b'*' | b'?' | b'[' | b']' | b'\\') {
            pattern.push(b'\\');
        }
        pattern.push(byte);
    }
    pattern.push(b'*');
    pattern
}

/// The answer to [`get`].
pub(super) fn value(answer: Value) -> RedisResult<Option<Vec<u8>>> {
    match answer.extract_error()? {
        Value::Nil => Ok(None),
        Value::BulkString(bytes) => Ok(Some(bytes)),
        _ => Err(unexpected()),
    }
}

/// The answer to [`set`].
pub(super) fn done(answer: Value) -> RedisResult<()> {
    match answer.extract_error()? {
        Value::Okay => Ok(()),
        _ => Err(unexpected()),
    }
}

/// The answer to [`unlink`]: how many there were.
pub(super) fn count(answer: Value) -> RedisResult<i64> {
    match answer.extract_error()? {
        Value::Int(count) => Ok(count),
        _ => Err(unexpected()),
    }
}

/// The answer to [`scan`].
pub(super) struct Page {
    /// Where to go on; none at the end.
    pub(super) next: Option<Vec<u8>>,
    pub(super) keys: Vec<Vec<u8>>,
}

/// The server's matching is not trusted with what will be removed: the prefix is compared once more.
pub(super) fn page(answer: Value, prefix: &[u8]) -> RedisResult<Page> {
    let Value::Array(parts) = answer.extract_error()? else {
        return Err(unexpected());
    };
    let Ok([Value::BulkString(cursor), Value::Array(found)]) = <[Value; 2]>::try_from(parts) else {
        return Err(unexpected());
    };
    let mut keys = Vec::new();
    for key in found {
        match key {
            Value::BulkString(key) if key.starts_with(prefix) => keys.push(key),
            Value::BulkString(_) => {}
            _ => return Err(unexpected()),
        }
    }
    Ok(Page { next: (cursor != b"0").then_some(cursor), keys })
}

/// An answer that does not belong to the question. It is not quoted: it may be someone's value.
fn unexpected() -> RedisError {
    (ErrorKind::UnexpectedReturnType, "not an answer to this question").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(command: &Cmd) -> String {
        String::from_utf8(command.get_packed_command()).expect("these are text")
    }

    #[test]
    fn a_ttl_is_rounded_down_and_never_refused() {
        let millis = |ttl| {
            let text = packed(&set(b"k", b"v", Some(ttl)));
            text.lines().last().expect("it is not empty").to_owned()
        };
        assert_eq!(millis(Duration::from_micros(2_999)), "2");
        assert_eq!(millis(Duration::from_micros(1)), "1");
        assert_eq!(millis(Duration::ZERO), "1");
        assert_eq!(millis(Duration::MAX), LONGEST.as_millis().to_string());
        assert!(!packed(&set(b"k", b"v", None)).contains("PX"));
    }

    #[test]
    fn nothing_in_a_prefix_is_a_pattern() {
        assert_eq!(pattern(br"a*b?[c]\d^-"), br"a\*b\?\[c\]\\d^-*");
        assert_eq!(pattern(b""), b"*");
        assert_eq!(pattern(&[0, 255, b'*']), [0, 255, b'\\', b'*', b'*']);
    }

    #[test]
    fn keys_beside_the_prefix_are_left_out_whatever_the_server_matches() {
        let keys = [&b"ab"[..], b"a", b"b", b""].map(|key| Value::BulkString(key.to_vec()));
        let answer = vec![Value::BulkString(b"0".to_vec()), Value::Array(keys.to_vec())];
        let page = page(Value::Array(answer), b"a").expect("an answer to a scan");
        assert_eq!(page.keys, [&b"ab"[..], b"a"]);
        assert_eq!(page.next, None);
    }

    #[test]
    fn an_answer_to_another_question_is_an_error() {
        assert!(value(Value::Okay).is_err());
        assert!(value(Value::Int(1)).is_err());
        assert!(done(Value::Nil).is_err());
        assert!(count(Value::BulkString(b"1".to_vec())).is_err());
        assert!(page(Value::Array(Vec::new()), b"").is_err());
    }
}
