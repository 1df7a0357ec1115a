//! What the attribute knows of a memoized method, and what is said of a cached result that is wrong.

use std::fmt::Write as _;

use crate::instance::notes::{Noted, Since};

/// How wide a message is.
const WIDTH: usize = 96;

/// A memoized method, as it is written.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about a method")]
pub struct Site {
    /// `Polygon::area`
    pub name: &'static str,
    /// The file where it is declared.
    pub file: &'static str,
    /// The line there.
    pub line: u32,
    /// The names of the key's parts.
    pub parts: &'static [&'static str],
    /// Whether these are numbers and texts, whose `Eq` is right.
    pub is_plain: bool,
    /// The arguments that are not part of the key.
    pub skipped: &'static [&'static str],
    /// Whether `key` says what the key is.
    pub is_keyed: bool,
    /// Whether the result is written `Result`, of which `Ok` is stored.
    pub is_result: bool,
    /// Whether a type parameter may hide a cell.
    pub is_generic: bool,
    /// The fields that `reads` names.
    pub reads: &'static [&'static str],
    /// The promises in the block: ``"`scale` promises `changes(name)`"``.
    pub promises: &'static [&'static str],
}

/// A cached result, and that of now.
pub(super) struct Difference<'a> {
    pub(super) site: &'static Site,
    pub(super) parts: Vec<String>,
    pub(super) cached: String,
    pub(super) now: String,
    pub(super) noted: Option<Noted<'a>>,
    pub(super) hash: u64,
}

impl Site {
    /// What is said beside a panic in a body that is run to verify.
    pub(super) fn note_of_panic(&self) -> String {
        let Self { name, file, line, .. } = self;
        wrap(
            "",
            &format!(
                "memo: this panic came while a cached result of `{name}`, at {file}:{line}, was verified (feature `verify`): from its body, which was run again and had returned before, or from comparing its results"
            ),
        )
    }
}

impl Difference<'_> {
    /// The whole message, without a line break at its end.
    pub(super) fn message(&self) -> String {
        let Site { name, file, line, .. } = self.site;
        let mut rows = vec![("declared", format!("{file}:{line}"))];
        if !self.parts.is_empty() {
            let parts = self.site.parts.iter().zip(&self.parts);
            let parts: Vec<String> =
                parts.map(|(name, value)| format!("{name} = {value}")).collect();
            rows.push(("arguments", parts.join(", ")));
        }
        let cached = &self.cached;
        rows.push((
            "cached",
            if self.site.is_result { format!("Ok({cached})") } else { cached.clone() },
        ));
        rows.push(("now", self.now.clone()));
        if let Some(noted) = &self.noted {
            rows.push(("instance", self.since(noted)));
        }
        let mut message = format!("memo: the cached result of `{name}` is wrong\n\n");
        for (title, text) in rows {
            message += &wrap(&format!("  {title:<11}"), &text);
            message.push('\n');
        }
        message += "\nwhat to look for, most likely first:\n";
        for (number, cause) in (1..).zip(self.causes()) {
            message += &wrap(&format!("  {number}. "), &cause);
            message.push('\n');
        }
        message += "\n";
        message += &wrap(
            "",
            "Every hit is verified because the feature `verify` of `memo-runtime` is on. A method that is meant to differ is left out by `#[memoize(verify = false)]`.",
        );
        message
    }

    fn since(&self, noted: &Noted<'_>) -> String {
        let method = self.method();
        match noted.since(self.hash) {
            Since::Unknown => "memo does not know whether it was changed".to_owned(),
            Since::Changes(0, _) => {
                "memo has seen no change of it since the result was computed".to_owned()
            }
            Since::Changes(times, fields) => {
                let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
                let names = list(&noted.fields.names(fields));
                format!(
                    "changed {times} since the result was computed, in {names}, on which `{method}` does not depend as far as memo can see"
                )
            }
        }
    }

    fn method(&self) -> &'static str {
        self.site.name.rsplit("::").next().unwrap_or(self.site.name)
    }

    /// What may be the cause: what was promised first, then what cannot be seen.
    fn causes(&self) -> Vec<String> {
        let site = self.site;
        let method = self.method();
        let mut causes = Vec::new();
        if !site.skipped.is_empty() {
            causes.push(format!(
                "an argument that was skipped and matters: `skip` leaves {} out of the key",
                list(site.skipped)
            ));
        }
        if site.is_keyed {
            causes.push(
                "something of the arguments that matters and that `key` leaves out".to_owned(),
            );
        }
        if let Some(noted) = &self.noted {
            let [untracked, unchecked] = noted.fields.marked();
            if !unchecked.is_empty() {
                causes.push(format!(
                    "a change behind {}, marked `unchecked`: whoever changes such a field calls `clear_instance`",
                    list(&unchecked)
                ));
            }
            if !untracked.is_empty() {
                causes.push(format!(
                    "{}, marked `untracked`: that promises that `{method}` does not depend on it",
                    list(&untracked)
                ));
            }
            if !site.promises.is_empty() {
                causes.push(format!("a promise that does not hold: {}", site.promises.join(", ")));
            }
            causes.push("a field that was changed outside of the blocks annotated with `#[memoize]`: in the same module, or in another `impl`; annotate that block, or call `clear_instance` after the change".to_owned());
            causes.push(format!(
                "a cell, a lock or an atomic that `{method}` reads inside of {}",
                hiding_places(site.is_generic)
            ));
        } else if !site.reads.is_empty() {
            causes.push(format!(
                "a cell, a lock or an atomic behind {}, which `reads` names, that does not count when keys are compared",
                list(site.reads)
            ));
        }
        if !site.is_plain {
            causes.push("an argument whose `Eq` calls two values equal for which the results differ, or that holds a cell".to_owned());
        }
        causes.push(format!(
            "what `{method}` asks the world: a `static`, a thread-local, the time, a file, chance"
        ));
        causes.push("the cached result itself: stored by `insert` of the accessor, or changed since through a cell in it".to_owned());
        causes
    }
}

fn hiding_places(is_generic: bool) -> &'static str {
    if is_generic {
        "a type parameter, or of a struct that is not the standard library's"
    } else {
        "a struct that is not the standard library's"
    }
}

/// `` `a`, `b` and `c` ``
fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        let before = match index {
            0 => "",
            _ if index + 1 == names.len() => " and ",
            _ => ", ",
        };
        _ = write!(text, "{before}`{name}`");
    }
    if text.is_empty() { "some field".to_owned() } else { text }
}

/// Breaks a text between words, and indents what follows the first line by the width of `start`. A word stays whole.
fn wrap(start: &str, text: &str) -> String {
    let indent = start.chars().count();
    let mut wrapped = start.to_owned();
    let mut width = indent;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 {
            if width + 1 + length > WIDTH {
                wrapped.push('\n');
                wrapped.extend(std::iter::repeat_n(' ', indent));
                width = indent;
            } else {
                wrapped.push(' ');
                width += 1;
            }
        }
        wrapped += word;
        width += length;
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        let word = "a".repeat(50);
        assert_eq!(wrap("  x ", &format!("{word} {word}")), format!("  x {word}\n    {word}"));
        assert_eq!(wrap("", "a b"), "a b");
        assert_eq!(wrap("", &"a".repeat(200)), "a".repeat(200));
    }

    #[test]
    fn names_are_listed() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
