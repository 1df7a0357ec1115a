//! Where do the tables go? To the terminal, and with `--write` between the markers of `docs/performance.md`.

use std::{fmt::Write as _, fs, io, path::PathBuf};

/// The tables of this run.
pub struct Report {
    tables: Vec<(&'static str, String)>,
}

impl Report {
    pub const fn new() -> Self {
        Self { tables: Vec::new() }
    }

    /// Prints a table, and keeps it for the marker `name`.
    pub fn add(&mut self, name: &'static str, title: &str, table: &Table) {
        let text = table.text();
        println!("\n{title}\n\n{text}");
        self.tables.push((name, text));
    }

    /// Writes the tables of this run; those of other parts stay.
    pub fn write(&self) -> io::Result<()> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/performance.md");
        let mut page = fs::read_to_string(&path)?;
        for (name, table) in &self.tables {
            let (begin, end) =
                (format!("<!-- {name}: generated -->\n"), format!("<!-- {name}: end -->"));
            let found = page.find(&begin).zip(page.find(&end));
            let Some((start, stop)) = found.map(|(start, stop)| (start + begin.len(), stop)) else {
                return Err(io::Error::other(format!(
                    "no markers for `{name}` in docs/performance.md"
                )));
            };
            page.replace_range(start..stop, &format!("\n{table}\n"));
        }
        fs::write(&path, page)
    }
}

/// A table in Markdown.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.map(str::to_owned).to_vec()] }
    }

    pub fn of(head: Vec<String>) -> Self {
        Self { rows: vec![head] }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn text(&self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| {
            self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(3)
        };
        // The last column may hold a list.
        let widths: Vec<usize> = (0..columns)
            .map(|column| if column + 1 == columns { 3 } else { width(column) })
            .collect();
        let mut text = String::new();
        for (number, row) in self.rows.iter().enumerate() {
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(text, "| {cell:width$} ");
            }
            text.push_str("|\n");
            if number == 0 {
                for width in &widths {
                    let _ = write!(text, "|{}", "-".repeat(width + 2));
                }
                text.push_str("|\n");
            }
        }
        text
    }
}

/// Nanoseconds with as many digits as they deserve.
pub fn nanos(nanos: f64) -> String {
    if nanos < 100.0 { format!("{nanos:.1}") } else { format!("{nanos:.0}") }
}

/// A multiple.
pub fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}×") } else { format!("{ratio:.0}×") }
}

/// A count with separators.
pub fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}
