//! `#[async_trait]` and `#[memoize]` on one block, in either order.
#![deny(warnings)]

use async_trait::async_trait;
use memo_runtime::memoize;
use std::sync::atomic::{AtomicUsize, Ordering};

macro_rules! in_order {
    ($name:ident, $first:ident, $second:ident) => {
        mod $name {
            use super::*;

            static RAN: AtomicUsize = AtomicUsize::new(0);

            fn ran() -> usize {
                RAN.swap(0, Ordering::Relaxed)
            }

            fn run() {
                RAN.fetch_add(1, Ordering::Relaxed);
            }

            #[async_trait]
            trait Service {
                async fn get(&self, key: &str, times: usize) -> usize;
                async fn checked(&self, (low, high): (u64, u64)) -> Result<u64, String>;
                async fn shared(&self, more: u64) -> u64;
                async fn set(&mut self, rate: u64) -> u64;
                async fn reset(&mut self);
                async fn into_rate(mut self, more: u64) -> u64;
                async fn fresh(rate: u64) -> Self;
                fn plain(&self) -> u64;
            }

            #[memoize]
            #[derive(Clone)]
            struct Remote {
                rate: u64,
                unit: u64,
            }

            #[$first]
            #[$second]
            impl Service for Remote {
                #[memoize]
                async fn get(&self, key: &str, times: usize) -> usize {
                    run();
                    if times == 0 {
                        return 0;
                    }
                    tokio::task::yield_now().await;
                    key.len() * times + usize::try_from(self.rate).unwrap()
                }
                #[memoize(capacity = 4)]
                async fn checked(&self, (low, high): (u64, u64)) -> Result<u64, String> {
                    run();
                    let width = high.checked_sub(low).ok_or(format!("{low} {}", self.rate))?;
                    Ok(width * self.plain())
                }
                #[memoize(scope = "type", unbounded, reads(rate: u64))]
                async fn shared(&self, more: u64) -> u64 {
                    run();
                    let add = |x: u64| x + self.rate;
                    vec![add(more)][0]
                }
                async fn set(&mut self, rate: u64) -> u64 {
                    self.rate = rate;
                    tokio::task::yield_now().await;
                    self.get("ab", 1).await as u64
                }
                async fn reset(&mut self) {
                    *self = Self { rate: 0, unit: 1 };
                }
                async fn into_rate(mut self, more: u64) -> u64 {
                    self.rate += more;
                    self.get("", 1).await as u64
                }
                async fn fresh(rate: u64) -> Self {
                    Self { rate, unit: 1 }
                }
                #[memoize]
                fn plain(&self) -> u64 {
                    self.rate * self.unit
                }
            }

            #[tokio::test]
            async fn results_are_kept_until_the_instance_changes() {
                let mut remote = Remote::fresh(10).await;
                assert_eq!((remote.get("abc", 2).await, remote.get("abc", 2).await), (16, 16));
                assert_eq!((remote.get("abc", 0).await, remote.get("abc", 0).await), (0, 0));
                assert_eq!(ran(), 2);
                assert!(remote.get_cache().contains(("abc", 2)));

                assert_eq!(remote.checked((1, 3)).await, Ok(20));
                assert_eq!(remote.checked((1, 3)).await, Ok(20));
                assert_eq!(remote.checked((3, 1)).await, Err("3 10".to_owned()));
                assert_eq!(remote.checked((3, 1)).await, Err("3 10".to_owned()));
                assert_eq!((ran(), remote.checked_cache().len()), (3, 1));

                assert_eq!((remote.shared(1).await, remote.clone().shared(1).await), (11, 11));
                assert_eq!(ran(), 1);

                assert_eq!(remote.set(20).await, 22);
                assert_eq!((remote.get("abc", 2).await, remote.plain()), (26, 20));
                assert_eq!(remote.shared(1).await, 21);
                ran();
                assert_eq!(remote.get("abc", 2).await, 26);
                assert_eq!((ran(), remote.get_cache().len()), (0, 1));
                remote.reset().await;
                assert_eq!((remote.get("abc", 2).await, remote.unit), (6, 1));
                assert_eq!(remote.into_rate(5).await, 5);
                ran();
            }

            #[test]
            fn futures_are_send() {
                fn is_send<T: Send>(_: &T) {}
                let remote = Remote { rate: 1, unit: 1, memo: Default::default() };
                is_send(&remote.get("a", 1));
                is_send(&remote.checked((1, 2)));
                is_send(&remote.shared(1));
            }
        }
    };
}
in_order!(async_trait_first, async_trait, memoize);
in_order!(memoize_first, memoize, async_trait);
