//! What every [`AsyncByteStore`] does: what every `ByteStore` does, and it does it for many tasks of one runtime. A test or
//! example has this file as a module, by its path, beside `conformance`.

use std::{sync::Arc, time::Duration};

use memo_runtime::{AsyncByteStore, BoxError, ByteStore};
use tokio::{runtime::Runtime, task::JoinSet};

use super::conformance;

/// All rules, on a store that may hold other keys. Panics at the first one that is broken.
pub fn conforms(store: impl AsyncByteStore) {
    let store = Waiting::new(store);
    conformance::conforms(&store);
    store.runtime.block_on(tasks_do_not_mix_up_answers(&store.store));
}

/// A store whose callers wait, so that the rules need not be written twice.
pub struct Waiting<S> {
    store: Arc<S>,
    runtime: Runtime,
}

impl<S> Waiting<S> {
    pub fn new(store: S) -> Self {
        Self { store: Arc::new(store), runtime: Runtime::new().expect("a runtime") }
    }
}

impl<S: AsyncByteStore> ByteStore for Waiting<S> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        self.runtime.block_on(self.store.get(key))
    }

    fn set(&self, key: &[u8], value: &[u8], ttl: Option<Duration>) -> Result<(), BoxError> {
        self.runtime.block_on(self.store.set(key, value, ttl))
    }

    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        self.runtime.block_on(self.store.remove(key))
    }

    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        self.runtime.block_on(self.store.clear(prefix))
    }
}

/// A hundred tasks, each with a key of its own; every other one gives up some calls halfway.
pub async fn tasks_do_not_mix_up_answers<S: AsyncByteStore>(store: &Arc<S>) {
    let mut tasks = JoinSet::new();
    for number in 0..100_u32 {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let key = format!("task:{number}").into_bytes();
            for round in 0..20_u32 {
                let value = format!("{number} in {round}").into_bytes();
                store.set(&key, &value, None).await.expect("the store can be written");
                if number % 2 == 0 {
                    let given_up = tokio::time::timeout(Duration::ZERO, store.get(&key)).await;
                    assert!(!matches!(given_up, Ok(Err(_))), "{given_up:?}");
                }
                let stored = store.get(&key).await.expect("the store can be read");
                assert_eq!(stored, Some(value));
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("no task panics");
    }
}
