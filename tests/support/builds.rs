//! Two builds of one program, each in a process of its own, with one folder of entries.

use std::{
    env, fs,
    hash::{BuildHasher, RandomState},
    io::ErrorKind::NotFound,
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
    time::Duration,
};

use memo_runtime::{BoxError, ByteStore};
use proptest::{
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// How many values each build stores.
pub const CASES: usize = 64;

/// Tells a process that it is the old build: the folder of the entries, and the seed of the values.
pub const OLD_BUILD: [&str; 2] = ["MEMO_TEST_LAYOUTS_FOLDER", "MEMO_TEST_LAYOUTS_SEED"];

/// The seed of the values, which is the same in both processes. One that has failed is tried again by the variable.
pub static SEED: LazyLock<u64> = LazyLock::new(|| match env::var(OLD_BUILD[1]) {
    Ok(seed) => seed.parse().expect("a number"),
    Err(_) => RandomState::new().hash_one(0),
});

/// A file for each entry.
pub struct Folder(pub PathBuf);

impl Folder {
    /// The same for both builds of a test.
    pub fn of(test: &str) -> Self {
        let path = env::var_os(OLD_BUILD[0]).map_or_else(
            || env::temp_dir().join(format!("memo-layouts-{test}-{}", std::process::id())),
            PathBuf::from,
        );
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self, key: &[u8]) -> Result<PathBuf, BoxError> {
        Ok(self.0.join(std::str::from_utf8(key)?))
    }
}

impl ByteStore for Folder {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        match fs::read(self.file(key)?) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.kind() == NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
    fn set(&self, key: &[u8], value: &[u8], _ttl: Option<Duration>) -> Result<(), BoxError> {
        Ok(fs::write(self.file(key)?, value)?)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        Ok(fs::remove_file(self.file(key)?).is_ok())
    }
    fn clear(&self, _prefix: &[u8]) -> Result<(), BoxError> {
        Err("no test clears".into())
    }
}

/// What becomes of the entries of the other build.
#[derive(Clone, Copy)]
pub enum Entries {
    /// All are read.
    Read,
    /// None is; each is an error that is counted, and is overwritten.
    Missed,
    /// By the value, as not all of a type is in each.
    ReadOrMissed,
}

impl Entries {
    pub fn check(self, build: &str, bodies: usize, errors: u64) {
        let seed = *SEED;
        match self {
            Self::Read => assert_eq!(bodies, 0, "{build}, seed {seed}"),
            Self::Missed => assert_eq!(bodies, CASES, "{build}, seed {seed}"),
            Self::ReadOrMissed => assert!((1..CASES).contains(&bodies), "{build}, seed {seed}"),
        }
        assert_eq!(errors, bodies as u64, "it was asked for and declined: {build}, seed {seed}");
    }
}

/// The values of the old build.
pub fn values<V>(strategy: impl Strategy<Value = V>) -> Vec<V> {
    let seed = SEED.to_le_bytes().repeat(4);
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let value = |_| strategy.new_tree(&mut runner).expect("nothing is filtered").current();
    (0..CASES).map(value).collect()
}

/// Runs the old build, and returns how many bodies and errors it met.
pub fn run_old_build(test: &str, folder: &Path) -> (usize, u64) {
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", &format!("{test}::deploy"), "--nocapture"])
        .env(OLD_BUILD[0], folder)
        .env(OLD_BUILD[1], SEED.to_string())
        .output()
        .expect("it runs once more");
    let told = String::from_utf8_lossy(&output.stdout);
    let line = told.lines().find_map(|line| line.split_once("bodies and errors: "));
    let figures = line.and_then(|(_, figures)| figures.split_once(' '));
    assert!(output.status.success(), "{output:?}");
    let (bodies, errors) = figures.unwrap_or_else(|| panic!("the old build ran: {told:?}"));
    (bodies.parse().expect("a number"), errors.parse().expect("a number"))
}
