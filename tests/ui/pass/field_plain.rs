use memo_runtime::memoize;
use std::{
    borrow::Cow,
    cell::Cell,
    collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque},
    error::Error,
    fs::File,
    marker::PhantomData,
    net::IpAddr,
    num::NonZeroU8,
    panic::RefUnwindSafe,
    path::PathBuf,
    pin::Pin,
    ptr::NonNull,
    rc::Rc,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

struct Own<T>(T);
enum Color {
    Red,
    Mixed(Box<Color>, Box<Color>),
}
type Rows<T> = Vec<Result<(T, Color), Box<[Own<T>]>>>;

#[memoize]
struct Shape {
    words: (bool, char, f64, String, Option<&'static str>, Cow<'static, [u8]>),
    lists: (Vec<u8>, VecDeque<u8>, LinkedList<u8>, BinaryHeap<u8>, [u8; 3], Box<[u8]>),
    maps: (HashMap<u8, Color>, BTreeMap<u8, Rc<Color>>, HashSet<u8>, BTreeSet<u8>),
    counted: (Rc<[String]>, Arc<str>, Arc<Own<Vec<u8>>>, Pin<Box<Own<u8>>>),
    pointers: (*const u8, NonNull<u8>, fn(Cell<u8>) -> Cell<u8>, fn(&Mutex<u8>)),
    phantom: (PhantomData<Mutex<u8>>, PhantomData<Cell<u8>>),
    times: (Duration, Instant, NonZeroU8, IpAddr, PathBuf),
    file: Option<File>,
    rows: Rows<u64>,
    promises: Box<dyn Error + RefUnwindSafe>,
    locked: Option<MutexGuard<'static, String>>,
    unit: (),
}

#[memoize]
impl Shape {
    #[memoize]
    fn area(&self) -> u64 {
        4
    }
}

fn main() {}
