//! A service on tokio: memoized `async` methods, of an instance that tasks share and of a type.
//!
//! No lock is held across an await, and the futures are `Send`. Run it with `cargo run --example async_service`. It checks itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use memo_runtime::memoize;

static QUERIES: AtomicU32 = AtomicU32::new(0);

#[derive(Debug, Clone, PartialEq)]
struct Profile {
    name: String,
}

#[derive(Debug, PartialEq)]
struct NotFound(u64);

/// Stands for a database.
async fn query(user: u64) -> Result<Profile, NotFound> {
    QUERIES.fetch_add(1, Relaxed);
    tokio::time::sleep(Duration::from_millis(20)).await;
    if user < 100 { Ok(Profile { name: format!("user {user}") }) } else { Err(NotFound(user)) }
}

#[memoize]
struct Directory {
    greeting: String,
}

#[memoize]
impl Directory {
    fn new(greeting: &str) -> Self {
        Self { greeting: greeting.to_owned() }
    }

    /// Only `Ok` is cached: who is not found may be there later.
    #[memoize(capacity = 1_000, stats)]
    async fn greeting(&self, user: u64) -> Result<String, NotFound> {
        let profile = profile(user).await?;
        Ok(format!("{}, {}!", self.greeting, profile.name))
    }
}

/// One cache for the process.
#[memoize(capacity = 10_000)]
async fn profile(user: u64) -> Result<Profile, NotFound> {
    query(user).await
}

#[tokio::main]
async fn main() {
    let directory = Arc::new(Directory::new("hello"));

    println!("ten users, one after the other, twice:");
    for _ in 0..2 {
        for user in 0..10 {
            directory.greeting(user).await.expect("a user");
        }
    }
    println!("   {} queries; {}", QUERIES.load(Relaxed), directory.greeting_cache().info());
    assert_eq!(QUERIES.load(Relaxed), 10);

    println!("a hundred tasks that ask for users who are known:");
    let tasks: Vec<_> = (0..100)
        .map(|n| {
            let directory = Arc::clone(&directory);
            tokio::spawn(async move { directory.greeting(n % 10).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.expect("the task ends").expect("a user").starts_with("hello, user"));
    }
    println!("   {} queries", QUERIES.load(Relaxed));
    assert_eq!(QUERIES.load(Relaxed), 10);

    println!("errors are not cached:");
    for _ in 0..2 {
        assert_eq!(directory.greeting(500).await, Err(NotFound(500)));
    }
    println!("   {} queries", QUERIES.load(Relaxed));
    assert_eq!(QUERIES.load(Relaxed), 12);

    println!("a call that is cancelled leaves nothing behind:");
    let cancelled = tokio::time::timeout(Duration::from_millis(1), directory.greeting(50)).await;
    assert!(cancelled.is_err() && !directory.greeting_cache().contains((50,)));
    println!("   then: {:?}", directory.greeting(50).await);
}
