//! A store of files, for two processes, one after the other: what was deployed before, and what is deployed after.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    io,
    path::PathBuf,
    sync::{LazyLock, atomic::AtomicU64},
    time::Duration,
};

use memo_runtime::{BoxError, ByteStore, Region};

pub struct Folder(PathBuf);

impl Folder {
    /// Keys are longer than names of files may be.
    fn file(&self, key: &[u8]) -> PathBuf {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.0.join(hasher.finish().to_string())
    }
}

impl ByteStore for Folder {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        match fs::read(self.file(key)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
    fn set(&self, key: &[u8], value: &[u8], _: Option<Duration>) -> Result<(), BoxError> {
        Ok(fs::write(self.file(key), value)?)
    }
    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        Ok(fs::remove_file(self.file(key)).is_ok())
    }
    fn clear(&self, _: &[u8]) -> Result<(), BoxError> {
        Err("nothing here is cleared".into())
    }
}

/// The region of both processes.
pub static STORE: LazyLock<Region<Folder>> = LazyLock::new(|| {
    let folder = env::var_os("MEMO_FOLDER").expect("one of the two processes");
    Region::new("deploys", Folder(folder.into()))
});

/// 0 in the first process, 100 in the second: for a body that gives another result there.
#[allow(dead_code, reason = "each test uses a part")]
pub static AFTER: AtomicU64 = AtomicU64::new(0);

/// A test of that name that runs one block in one process, and then the other in the next.
macro_rules! deploy {
    ($test:ident, $before:block, $after:block) => {
        #[test]
        fn $test() {
            let name = format!("{}::{}", module_path!(), stringify!($test));
            let name = name.split_once("::").expect("a crate").1;
            match std::env::var("MEMO_DEPLOY").as_deref() {
                Ok("before") => $before,
                Ok(_) => {
                    crate::folder::AFTER.store(100, std::sync::atomic::Ordering::SeqCst);
                    $after
                }
                Err(_) => crate::folder::run_both(name),
            }
        }
    };
}
pub(crate) use deploy;

/// Runs a test in two processes.
pub fn run_both(test: &str) {
    let name = format!("memo-{}-{}", std::process::id(), test.replace("::", "-"));
    let folder = env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("a folder of the test's own");
    let children = ["before", "after"].map(|deploy| {
        std::process::Command::new(env::current_exe().expect("this process"))
            .args(["--exact", test])
            .env("MEMO_DEPLOY", deploy)
            .env("MEMO_FOLDER", &folder)
            .output()
    });
    fs::remove_dir_all(&folder).expect("the test's own");
    for child in children {
        let child = child.expect("this process can be run again");
        let told = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && told.contains("1 passed"), "{told}");
    }
}
