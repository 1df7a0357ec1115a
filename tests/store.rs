use memo_runtime::{MemoryStore, Region, memoize};
use std::sync::LazyLock;

static REGION: LazyLock<Region<MemoryStore>> =
    LazyLock::new(|| Region::new("test", MemoryStore::new()));

#[memoize(store = &REGION, ttl = "5m", single_flight, stats)]
fn rate(from: &str, to: f64) -> Result<f64, String> {
    Ok(from.len() as f64 + to)
}

#[memoize(store = &REGION, unbounded)]
async fn profile(user: u64, rest: &[Option<f64>], pair: ([u8; 4], String)) -> Vec<String> {
    tokio::task::yield_now().await;
    vec![format!("{user} {rest:?} {pair:?}")]
}

struct G<T>(T);
#[memoize]
impl<T: 'static> G<T> {
    #[memoize(store = &REGION, unbounded)]
    fn size(n: usize) -> usize {
        size_of::<T>() * n
    }
    #[memoize(store = &REGION, unbounded, name = "named", version = 7)]
    fn named() -> usize {
        size_of::<T>()
    }
}

#[test]
fn a() {
    assert_eq!(rate("EUR", 1.0), Ok(4.0));
    assert_eq!(rate("EUR", 1.0), Ok(4.0));
    println!("{}", rate_cache().info());
    assert_eq!(rate_cache().get(("EUR", 1.0)).unwrap(), Some(4.0));
    let rt = tokio::runtime::Builder::new_current_thread().build().unwrap();
    rt.block_on(async {
        fn is_send<F: Send>(f: F) -> F {
            f
        }
        is_send(profile(1, &[None, Some(1.0)], ([7; 4], "a".into()))).await;
        println!("{:?}", profile_cache().get((1, &[None, Some(1.0)], ([7; 4], "a".into()))).await);
    });
    assert_eq!(G::<u8>::size(2), 2);
    assert_eq!(G::<u16>::size(2), 4);
    assert_eq!(G::<u16>::named(), 2);
    assert_eq!(G::<u8>::named(), 1);
    println!("{:?}", REGION.store());
    let mut x = 0;
    println!("{x:?}");
    x += 1;
    let _ = x;
}
