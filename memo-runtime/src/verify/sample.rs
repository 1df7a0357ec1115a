//! Which hits are verified? `MEMO_VERIFY` says it, once for the process.

use std::{
    cell::Cell,
    env,
    ffi::OsStr,
    hash::{BuildHasher, RandomState},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

/// A share of all hits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    part: u32,
    of: u32,
}

impl Share {
    const ALL: Self = Self { part: 1, of: 1 };

    /// `0`, `1` or `part/of`; anything else is no share.
    fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| text.parse::<u32>().ok()).flatten()
        };
        let (part, of) = match text.split_once('/') {
            Some((part, of)) => (number(part)?, number(of)?),
            None => (number(text)?, 1),
        };
        (of > 0 && part <= of).then_some(Self { part, of })
    }

    /// What the variable says. What cannot be understood verifies everything, and says so.
    fn read(variable: Option<&OsStr>) -> (Self, Option<String>) {
        let Some(variable) = variable else { return (Self::ALL, None) };
        match variable.to_str().and_then(Self::parse) {
            Some(share) => (share, None),
            None => (
                Self::ALL,
                Some(format!(
                    "memo: `MEMO_VERIFY={}` is not understood; every hit is verified; write `1/100` for one hit of a hundred, `0` for none, or `1` for all",
                    variable.to_string_lossy()
                )),
            ),
        }
    }
}

fn share() -> Share {
    static SHARE: OnceLock<Share> = OnceLock::new();
    *SHARE.get_or_init(|| {
        let (share, warning) = Share::read(env::var_os("MEMO_VERIFY").as_deref());
        if let Some(warning) = warning {
            eprintln!("{warning}");
        }
        IS_OFF.store(share.part == 0, Relaxed);
        share
    })
}

static IS_OFF: AtomicBool = AtomicBool::new(false);

/// Whether no hit is verified. Known only after the first hit.
#[inline]
pub(super) fn is_off() -> bool {
    IS_OFF.load(Relaxed)
}

/// Whether this hit is.
pub(super) fn is_due() -> bool {
    let Share { part, of } = share();
    part == of || (part > 0 && random() % of < part)
}

/// By chance, so that no regular order of calls leaves a method out. A thread's own, so that threads do not meet here.
fn random() -> u32 {
    thread_local! {
        static STATE: Cell<u64> = Cell::new(RandomState::new().hash_one(0) | 1);
    }
    let next = STATE.try_with(|state| {
        let mut next = state.get();
        next ^= next << 13;
        next ^= next >> 7;
        next ^= next << 17;
        state.set(next);
        (next >> 32) as u32
    });
    next.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_fraction_of_one() {
        assert_eq!(Share::parse("0"), Some(Share { part: 0, of: 1 }));
        assert_eq!(Share::parse("1"), Some(Share::ALL));
        assert_eq!(Share::parse("1/100"), Some(Share { part: 1, of: 100 }));
        for text in ["", "2", "3/2", "1/0", "1/", "/2", "+1/2", "0.1", "1%", "1/2/3", " 1", "off"] {
            assert_eq!(Share::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_understood_verifies_all_and_says_so() {
        assert_eq!(Share::read(None), (Share::ALL, None));
        assert_eq!(Share::read(Some(OsStr::new("1/2"))), (Share { part: 1, of: 2 }, None));
        let (share, warning) = Share::read(Some(OsStr::new("1%")));
        assert_eq!(share, Share::ALL);
        assert!(warning.is_some_and(|text| text.starts_with("memo: `MEMO_VERIFY=1%` is not")));
    }

    #[test]
    fn chance_is_fair() {
        let due = (0..100_000).filter(|_| random() % 100 < 1).count();
        assert!((500..2_000).contains(&due), "{due} of 100000");
    }
}
