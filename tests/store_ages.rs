//! An entry is never served older than the `ttl` of the function that is deployed now, whatever that was when it was stored.

#[path = "support/folder.rs"]
mod folder;

use std::{sync::atomic::Ordering::SeqCst, time::Duration};

use folder::{AFTER, STORE, deploy};
use memo_runtime::{clock::advance, memoize};

const MINUTE: Duration = Duration::from_secs(60);

/// What the first process stored is 1, what the second computes is 101: the one with an option, and the other with another, some time after.
macro_rules! redeployed {
    ($($test:ident: [$($before:tt)*], [$($after:tt)*], $($at:expr => $result:expr),+;)+) => { $(
        deploy!(
            $test,
            {
                #[memoize(store = &STORE, $($before)*, name = "f")]
                fn load(key: u64) -> u64 {
                    key + AFTER.load(SeqCst)
                }
                load(1);
            },
            {
                #[memoize(store = &STORE, $($after)*, name = "f")]
                fn load(key: u64) -> u64 {
                    key + AFTER.load(SeqCst)
                }
                $(
                    advance($at);
                    assert_eq!(load(1), $result);
                )+
                assert_eq!(load_cache().info().errors, Some(0));
            }
        );
    )+ };
}
redeployed! {
    an_entry_without_an_end_gets_a_ttl: [unbounded], [ttl = "5m"], MINUTE * 4 => 1, MINUTE => 101;
    a_ttl_gets_shorter: [ttl = "1d"], [ttl = "5m"], MINUTE * 4 => 1, MINUTE => 101;
    a_ttl_that_got_shorter_is_over_before_the_end: [ttl = "1h"], [ttl = "5m"], MINUTE * 58 => 101;
    a_ttl_gets_longer: [ttl = "5m"], [ttl = "1d"], MINUTE * 4 => 1, MINUTE => 101;
    a_ttl_is_given_up: [ttl = "1h"], [unbounded], MINUTE * 58 => 1, MINUTE * 2 => 101;
    a_ttl_is_of_the_value: [unbounded], [ttl = |value| MINUTE * u32::try_from(*value).unwrap()], MINUTE => 101, MINUTE * 99 => 101;
    a_ttl_keeps_nothing_now: [ttl = "1h"], [ttl = Duration::ZERO], Duration::ZERO => 101;
}

deploy!(
    a_clock_was_ahead,
    {
        #[memoize(store = &STORE, ttl = "5m", name = "f")]
        fn load(key: u64) -> u64 {
            key + AFTER.load(SeqCst)
        }
        advance(MINUTE * 60 * 24 * 365);
        load(1);
    },
    {
        #[memoize(store = &STORE, ttl = "5m", name = "f")]
        fn load(key: u64) -> u64 {
            key + AFTER.load(SeqCst)
        }
        advance(MINUTE * 60 * 24 * 30);
        assert_eq!(load(1), 101, "how old it is, is not known");
        AFTER.store(200, SeqCst);
        assert_eq!(load(1), 101, "it was overwritten");
    }
);
