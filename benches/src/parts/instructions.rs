//! How many instructions does a hit execute? Counted by `valgrind --tool=callgrind`, so noise plays no part.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::goals::rows;
use crate::{
    harness::{Contender, Effort, Kind},
    report::{Report, Table},
};

/// The argument of the process that `valgrind` runs.
pub const CHILD: &str = "--counted";
const CALLS: u64 = 1000;

pub fn report(_: &Effort, report: &mut Report) {
    match count() {
        Ok(rows) => {
            let mut table = Table::new(["hit", "instructions", "others: instructions"]);
            for (title, counts) in rows {
                let others: Vec<_> =
                    counts.iter().skip(1).map(|(name, count)| format!("{name} {count}")).collect();
                let ours = counts.first().map_or(0, |(_, count)| *count);
                table.row(vec![title, ours.to_string(), others.join(", ")]);
            }
            report.add("instructions", "Instructions in a hit", &table);
        }
        Err(error) => eprintln!("no instructions are counted: {error}"),
    }
}

/// A row's title, and the instructions of its contenders.
type Counts = (String, Vec<(String, u64)>);

fn count() -> io::Result<Vec<Counts>> {
    let folder = env::temp_dir().join(format!("memo-benches-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let counts = count_in(&folder);
    fs::remove_dir_all(&folder)?;
    counts
}

fn count_in(folder: &Path) -> io::Result<Vec<Counts>> {
    let mut out = std::ffi::OsString::from("--callgrind-out-file=");
    out.push(folder.join("out"));
    eprintln!("counting instructions");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--main-stacksize=67108864"])
        .args(["--toggle-collect=*counted_region", "--dump-before=*counted_region"])
        .arg(out)
        .arg(env::current_exe()?)
        .arg(CHILD)
        .stderr(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other("`valgrind` failed"));
    }
    // The process says what it counts, two calls for each contender. The first dump is that before the first one.
    let mut rows: Vec<Counts> = Vec::new();
    let mut dump = 0;
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some(title) = line.strip_prefix("row ") {
            rows.push((title.to_owned(), Vec::new()));
        } else if let (Some(name), Some(row)) = (line.strip_prefix("of "), rows.last_mut()) {
            let few = total(folder.join(format!("out.{}", dump + 2)))?;
            let more = total(folder.join(format!("out.{}", dump + 3)))?;
            dump += 2;
            row.1.push((name.to_owned(), (more - few + CALLS / 2) / CALLS));
        }
    }
    Ok(rows)
}

fn total(dump: PathBuf) -> io::Result<u64> {
    let text = fs::read_to_string(dump)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
    total.ok_or_else(|| io::Error::other("a dump of callgrind has no total"))
}

/// What `valgrind` runs.
pub fn child() {
    for make in rows::SINGLE {
        let row = make(&Effort::QUICK);
        println!("row {}", row.title);
        for mut contender in row.contenders {
            if contender.kind == Kind::Peer && contender.name.contains("moka") {
                continue;
            }
            println!("of {}", contender.name);
            contender.run(CALLS);
            counted_region(&mut contender, CALLS);
            counted_region(&mut contender, CALLS * 2);
        }
    }
    // For the dump of the last one.
    counted_region(&mut Contender::calls("nothing", Kind::Reference, |number| number), CALLS);
}

/// What is counted: so many calls, and twice as many, so that the difference is that of the calls alone.
#[inline(never)]
fn counted_region(contender: &mut Contender, calls: u64) {
    std::hint::black_box(contender.run(calls));
}
