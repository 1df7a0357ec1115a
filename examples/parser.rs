//! A packrat parser: a struct with a lifetime whose memoized results borrow the source.
//!
//! Each rule is memoized by the position where it was tried, so that going back is free. Run it with `cargo run --example parser`. It
//! checks itself.

use memo_runtime::memoize;

/// What a rule found: its value, and where the rest begins.
type Parsed<T> = Option<(T, usize)>;

/// ```text
/// sum     = product ("+" sum | "-" sum)?
/// product = power ("*" product)?
/// power   = atom ("^" power)?
/// atom    = number | name | "(" sum ")"
/// ```
#[memoize]
struct Parser<'s> {
    source: &'s str,
}

#[memoize]
impl<'s> Parser<'s> {
    fn new(source: &'s str) -> Self {
        Self { source }
    }

    fn rest(&self, at: usize) -> &'s str {
        self.source[at..].trim_start()
    }

    /// Where the rest begins after `symbol`.
    fn symbol(&self, at: usize, symbol: char) -> Option<usize> {
        let rest = self.rest(at).strip_prefix(symbol)?;
        Some(self.source.len() - rest.len())
    }

    /// A name or number: a part of the source itself.
    #[memoize(stats)]
    fn word(&self, at: usize) -> Parsed<&'s str> {
        let rest = self.rest(at);
        let len = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        (len > 0).then(|| (&rest[..len], self.source.len() - rest.len() + len))
    }

    /// Each rule tries its longer form first, and goes back for the shorter one.
    #[memoize(stats)]
    fn sum(&self, at: usize) -> Parsed<i64> {
        let longer = |symbol| {
            let (left, at) = self.product(at)?;
            let (right, at) = self.sum(self.symbol(at, symbol)?)?;
            Some((if symbol == '+' { left + right } else { left - right }, at))
        };
        longer('+').or_else(|| longer('-')).or_else(|| self.product(at))
    }

    #[memoize(stats)]
    fn product(&self, at: usize) -> Parsed<i64> {
        let longer = || {
            let (left, at) = self.power(at)?;
            let (right, at) = self.product(self.symbol(at, '*')?)?;
            Some((left * right, at))
        };
        longer().or_else(|| self.power(at))
    }

    #[memoize(stats)]
    fn power(&self, at: usize) -> Parsed<i64> {
        let longer = || {
            let (base, at) = self.atom(at)?;
            let (exponent, at) = self.power(self.symbol(at, '^')?)?;
            Some((base.pow(u32::try_from(exponent).ok()?), at))
        };
        longer().or_else(|| self.atom(at))
    }

    #[memoize(stats)]
    fn atom(&self, at: usize) -> Parsed<i64> {
        let nested = || {
            let (value, at) = self.sum(self.symbol(at, '(')?)?;
            Some((value, self.symbol(at, ')')?))
        };
        let number = || {
            let (word, at) = self.word(at)?;
            Some((word.parse().ok()?, at))
        };
        nested().or_else(number)
    }

    fn value(&self) -> Option<i64> {
        let (value, at) = self.sum(0)?;
        self.rest(at).is_empty().then_some(value)
    }
}

fn main() {
    for source in ["1 + 2 * 3", "2 ^ 3 ^ 2 - 500", "((((((1))))))", "1 +", "2 * (3 + x)"] {
        println!("{source:>20} = {:?}", Parser::new(source).value());
    }
    assert_eq!(Parser::new("1 + 2 * 3").value(), Some(7));
    assert_eq!(Parser::new("2 ^ 3 ^ 2 - 500").value(), Some(12));
    assert_eq!(Parser::new("1 +").value(), None);

    // Without memoization each pair of parentheses would multiply the work by sixteen: 16³⁰.
    let source = format!("{}42{}", "(".repeat(30), ")".repeat(30));
    let parser = Parser::new(&source);
    println!("30 parentheses: {:?}", parser.value());
    println!("   sum:  {}", parser.sum_cache().info());
    println!("   atom: {}", parser.atom_cache().info());
    assert_eq!(parser.value(), Some(42));
    assert_eq!(parser.atom_cache().info().misses, Some(31));

    // What was parsed borrows the source, not the parser.
    let (word, _) = Parser::new("borrowed words").word(0).expect("a word");
    println!("a word that outlives its parser: {word:?}");
}
