//! A store of one's own: entries in a file, by the crate `redb`, that outlive the process.
//!
//! A [`ByteStore`] is four methods over bytes. That they do what every store has to do, is shown by the suite that the stores of this crate
//! run under too.

#[path = "../tests/conformance/mod.rs"]
#[allow(dead_code, reason = "the suite is called as a whole")]
mod conformance;

use std::{env, fs, path::Path, process::Command, sync::LazyLock, time::Duration};

use memo_runtime::{BoxError, ByteStore, Region, memoize};
use redb::{Database, ReadableTable, TableDefinition};

/// A file. `redb` has no times to live, and needs none: an entry says itself until when it is good. What is over is overwritten, or cleared.
struct File(Database);

const ENTRIES: TableDefinition<&[u8], &[u8]> = TableDefinition::new("entries");

impl File {
    fn open(path: &Path) -> Result<Self, BoxError> {
        let file = Database::create(path)?;
        // A table is there when it was written to.
        let creation = file.begin_write()?;
        creation.open_table(ENTRIES)?;
        creation.commit()?;
        Ok(Self(file))
    }
}

impl ByteStore for File {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        let entries = self.0.begin_read()?.open_table(ENTRIES)?;
        Ok(entries.get(key)?.map(|value| value.value().to_vec()))
    }

    fn set(&self, key: &[u8], value: &[u8], _ttl: Option<Duration>) -> Result<(), BoxError> {
        let change = self.0.begin_write()?;
        change.open_table(ENTRIES)?.insert(key, value)?;
        Ok(change.commit()?)
    }

    fn remove(&self, key: &[u8]) -> Result<bool, BoxError> {
        let change = self.0.begin_write()?;
        let was_there = change.open_table(ENTRIES)?.remove(key)?.is_some();
        change.commit()?;
        Ok(was_there)
    }

    fn clear(&self, prefix: &[u8]) -> Result<(), BoxError> {
        let change = self.0.begin_write()?;
        {
            let mut entries = change.open_table(ENTRIES)?;
            let mut keys = Vec::new();
            for entry in entries.range(prefix..)? {
                let key = entry?.0.value().to_vec();
                if !key.starts_with(prefix) {
                    break;
                }
                keys.push(key);
            }
            for key in keys {
                entries.remove(&key[..])?;
            }
        }
        Ok(change.commit()?)
    }
}

static CENSUS: LazyLock<Region<File>> = LazyLock::new(|| {
    let path = env::var_os("CENSUS").expect("the parent says where the file is");
    Region::new("census", File::open(path.as_ref()).expect("a file"))
        .on_error(|error| eprintln!("{error}"))
});

/// How many primes there are below a number.
#[memoize(store = &CENSUS, unbounded, stats)]
fn primes(below: u32) -> u32 {
    println!("    computing");
    let is_prime = |n: &u32| (2..*n).take_while(|d| d * d <= *n).all(|d| n % d != 0);
    (2..below).filter(is_prime).count().try_into().unwrap_or(u32::MAX)
}

fn main() -> Result<(), BoxError> {
    if env::var_os("CENSUS").is_some() {
        println!("    primes below 100000: {}", primes(100_000));
        println!("    {}", primes_cache().info());
        return Ok(());
    }
    let folder = env::temp_dir().join(format!("memo-redb-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    conformance::conforms(&File::open(&folder.join("suite.redb"))?);
    println!("the store does what every store does");
    for process in ["one process", "another one, later"] {
        println!("{process}:");
        let file = folder.join("census.redb");
        let status = Command::new(env::current_exe()?).env("CENSUS", file).status()?;
        assert!(status.success(), "the child ended well");
    }
    fs::remove_dir_all(folder)?;
    Ok(())
}
