//! Elsewhere: the standard library's clock, counted from when it is first asked.

use std::{sync::OnceLock, time::Instant};

static START: OnceLock<Instant> = OnceLock::new();

pub(super) fn now() -> u64 {
    let start = START.get_or_init(Instant::now);
    u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// No system's is coarser.
pub(super) fn resolution() -> u64 {
    1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_forward() {
        let before = now();
        let start = Instant::now();
        while start.elapsed().as_nanos() < u128::from(resolution()) {}
        assert!(now() > before);
    }
}
