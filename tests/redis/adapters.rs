//! Both adapters, for rules that hold for both.

use std::time::Duration;

use memo_runtime::{AsyncRedis, ByteStore, Redis};

use crate::asynchronous::Waiting;

/// With one limit for everything that is waited for.
pub fn both(url: &str, limit: Duration) -> [(&'static str, Box<dyn ByteStore>); 2] {
    let redis = Redis::open(url).expect("a URL");
    let asynchronous = AsyncRedis::open(url).expect("a URL");
    let redis = redis.connect_timeout(limit).response_timeout(limit);
    let asynchronous = asynchronous.connect_timeout(limit).response_timeout(limit);
    [("Redis", Box::new(redis)), ("AsyncRedis", Box::new(Waiting::new(asynchronous)))]
}

/// No test waits for so long: for rules that are not about time.
pub const PATIENT: Duration = Duration::from_secs(30);

/// For what is meant to be waited for in vain; long enough for a server that answers, on a machine that is busy.
pub const SHORT: Duration = Duration::from_millis(500);
