//! Contract point 13: no lint fires on what is generated. `cargo test` proves it for the compiler's lints, `cargo clippy`
//! for Clippy's.
#![forbid(unsafe_code)]
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    let_underscore_drop,
    non_local_definitions,
    private_bounds,
    private_interfaces,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]

/// Every form, documented as a careful user would.
pub mod forms {
    use memo_runtime::{MemoryStore, Region, memoize};
    use std::{
        borrow::Cow,
        fmt,
        rc::Rc,
        sync::{Arc, LazyLock},
        time::Duration,
    };

    static REGION: LazyLock<Region<MemoryStore>> =
        LazyLock::new(|| Region::new("lints", MemoryStore::new()));

    /// In an engine.
    #[must_use]
    #[memoize(engine = moka::sync::Cache::builder().max_capacity(10).build(), stats)]
    pub fn in_engine(text: &str, size: f64) -> Arc<str> {
        format!("{text} {size}").into()
    }

    /// In a store.
    ///
    /// # Errors
    ///
    /// If there is nothing.
    #[memoize(store = &REGION, ttl = |length| Duration::from_secs(60 + *length), single_flight, stats)]
    pub fn in_store(text: &str, (left, right): (u8, u8)) -> Result<u64, String> {
        let length = u64::try_from(text.len()).map_err(|error| error.to_string())?;
        Ok(length + u64::from(left) + u64::from(right))
    }

    /// In a store, later.
    #[memoize(store = &REGION, unbounded, name = "later", version = 2)]
    pub async fn stored(number: u64) -> Vec<u64> {
        std::future::ready(vec![number]).await
    }

    /// Of a generic type.
    #[derive(Debug)]
    pub struct Row<T>(T);

    #[memoize]
    impl<T: Clone + std::hash::Hash + Eq + Send + Sync + 'static> Row<T> {
        /// In an engine.
        #[must_use]
        #[memoize(engine = moka::sync::Cache::new(10))]
        pub fn first(cells: Vec<T>) -> Option<T> {
            cells.first().cloned()
        }
        /// In a store.
        #[must_use]
        #[memoize(store = &REGION, unbounded)]
        pub fn size(count: usize) -> usize {
            size_of::<T>() * count
        }
        /// The cell.
        pub const fn cell(&self) -> &T {
            &self.0
        }
    }

    /// A shape.
    #[memoize(blocks("named"))]
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
    pub struct Shape {
        width: u32,
        name: String,
    }

    #[derive(Debug, Clone, PartialEq, Eq, Hash)]
    struct Private(u32);

    #[memoize]
    impl Shape {
        /// Makes a shape.
        #[must_use]
        pub fn new(width: u32, name: &str) -> Self {
            Self { width, name: name.to_owned() }
        }

        /// The area.
        #[memoize]
        #[must_use]
        pub fn area(&self) -> u32 {
            self.width * self.width
        }

        /// The area times a factor.
        #[memoize(capacity = 8, stats)]
        #[must_use]
        pub fn scaled(&self, factor: u32, _unused: u8) -> u32 {
            self.area() * factor
        }

        /// The name, repeated.
        #[memoize(returns = "ref")]
        #[must_use]
        pub fn repeated(&self, times: usize) -> String {
            self.name.repeat(times)
        }

        /// A word of one's own.
        #[memoize]
        #[must_use]
        pub fn borrowed(&self, word: &str, flags: (bool, Option<&str>)) -> Cow<'static, str> {
            Cow::Owned(format!("{word}{}{flags:?}", self.name))
        }

        /// Parsed.
        ///
        /// # Errors
        ///
        /// If the text is not a number.
        #[memoize]
        pub fn parsed(&self, text: &str) -> Result<u32, std::num::ParseIntError> {
            let number: u32 = text.parse()?;
            if number == 0 {
                return Ok(self.width);
            }
            Ok(number)
        }

        #[memoize]
        fn private(&self, key: &Private, mut more: u32) -> Private {
            more += self.width;
            Private(key.0 + more)
        }

        /// Uses what is private.
        #[must_use]
        pub fn uses_private(&self) -> u32 {
            self.private(&Private(1), 2).0
        }

        /// Shared by all.
        #[memoize(scope = "type", unbounded)]
        #[must_use]
        pub fn shared(n: u64) -> u64 {
            n + 1
        }

        /// Shared by shapes of one width.
        #[memoize(scope = "type", capacity = 16, reads(width: u32))]
        #[must_use]
        pub fn by_width(&self, n: u32) -> u32 {
            self.width + n
        }

        /// By a thread.
        #[memoize(scope = "type", unbounded, unsync)]
        #[must_use]
        pub fn local(n: u32) -> Rc<u32> {
            Rc::new(n)
        }

        /// Without what is skipped.
        #[memoize(skip(log))]
        #[must_use]
        pub fn logged(&self, n: u32, log: &dyn fmt::Debug) -> String {
            format!("{n}{}{log:?}", self.width)
        }

        /// By a counted pointer.
        #[memoize]
        #[must_use]
        pub fn counted(self: Arc<Self>, n: u32) -> u32 {
            self.width + n
        }

        /// Later.
        #[memoize]
        pub async fn later(&self, n: u32) -> u32 {
            std::future::ready(self.width + n).await
        }

        /// Changes the width.
        #[allow(clippy::missing_const_for_fn, reason = "emptying the caches is not")]
        pub fn width_mut(&mut self) -> &mut u32 {
            &mut self.width
        }
    }

    #[memoize(block = "named")]
    impl fmt::Display for Shape {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(&self.shown())
        }
    }

    #[memoize(block = "named")]
    impl Shape {
        #[memoize]
        fn shown(&self) -> String {
            format!("{} {}", self.name, self.width)
        }

        /// Changes the width.
        pub fn set_width(&mut self, width: u32) {
            self.width = width;
        }

        /// Changes the width, and looks.
        pub fn grow(&mut self) -> u32 {
            let before = self.area();
            self.width += 1;
            self.area() - before
        }
    }

    /// A pair.
    #[memoize]
    #[derive(Debug)]
    pub struct Pair<'a, T> {
        left: &'a T,
        right: T,
    }

    #[memoize]
    impl<'a, T: Clone + Into<u64> + 'static> Pair<'a, T> {
        /// Makes a pair.
        pub const fn new(left: &'a T, right: T) -> Self {
            Self { left, right }
        }

        /// The sum.
        #[memoize]
        #[must_use]
        pub fn sum(&self, scale: u64) -> u64 {
            scale * (self.left.clone().into() + self.right.clone().into())
        }

        /// Of one concrete type.
        #[memoize(scope = "type")]
        #[must_use]
        pub fn size() -> usize {
            size_of::<T>()
        }

        /// Changes the right one.
        pub fn set_right(&mut self, right: T) {
            self.right = right;
        }

        /// Changes the right one, and looks.
        pub fn replace(&mut self, right: T) -> u64 {
            let before = self.sum(1);
            self.set_right(right);
            before
        }
    }

    /// Of another time.
    #[deprecated = "use `u32`"]
    #[derive(Debug)]
    pub struct Old(u32);

    /// What is said of its fields holds for what asks their types.
    #[memoize]
    #[derive(Debug)]
    pub struct Asked<T: Clone + Into<u64>> {
        #[allow(deprecated)]
        old: Option<Old>,
        #[expect(dead_code, reason = "asking is not reading")]
        unread: u8,
        value: T,
    }

    #[memoize]
    impl<T: Clone + Into<u64>> Asked<T> {
        /// Without what is old.
        pub const fn new(value: T) -> Self {
            Self { old: None, unread: 0, value }
        }

        /// The value.
        #[memoize]
        #[must_use]
        pub fn value(&self) -> u64 {
            #[allow(deprecated)]
            let old = self.old.as_ref().map_or(0, |old| old.0);
            self.value.clone().into() + u64::from(old)
        }
    }

    /// Nothing is left to ask.
    #[memoize]
    #[derive(Debug)]
    pub struct Gone {
        #[cfg(any())]
        gone: u8,
    }

    #[memoize]
    impl Gone {
        /// None.
        #[memoize]
        #[must_use]
        pub fn none(&self) -> u8 {
            0
        }
    }

    /// A number of the row.
    #[memoize(unbounded)]
    #[must_use]
    pub fn fib(n: u64) -> u64 {
        if n < 2 { n } else { fib(n - 1) + fib(n - 2) }
    }
}

#[test]
fn forms_work() {
    use forms::{Asked, Pair, Shape, fib};
    let mut shape = Shape::new(2, "square");
    assert_eq!((shape.area(), shape.scaled(2, 1), shape.uses_private()), (4, 8, 5));
    assert_eq!(shape.repeated(2), "squaresquare");
    assert_eq!(shape.borrowed("a ", (true, None)), "a square(true, None)");
    assert_eq!(shape.parsed("0"), Ok(2));
    assert_eq!((Shape::shared(1), shape.by_width(1), *Shape::local(3)), (2, 3, 3));
    assert_eq!(shape.logged(1, &"x"), "12\"x\"");
    assert_eq!(std::sync::Arc::new(shape.clone()).counted(1), 3);
    assert_eq!(shape.to_string(), "square 2");
    assert_eq!(shape.grow(), 5);
    shape.set_width(5);
    *shape.width_mut() += 1;
    assert_eq!((shape.area(), fib(10)), (36, 55));
    assert_eq!(Asked::new(3_u32).value(), 3);
    let mut pair = Pair::new(&1_u32, 2);
    assert_eq!((pair.sum(2), Pair::<u32>::size(), pair.replace(5), pair.sum(1)), (6, 4, 3, 6));
}

/// What is said of an argument holds where the body takes it.
mod arguments {
    #![deny(unused_variables)]

    use memo_runtime::memoize;

    #[memoize(unbounded)]
    fn allowed(n: u64, #[allow(unused_variables)] of: u64) -> u64 {
        n
    }
    #[memoize(unbounded)]
    async fn expected(n: u64, #[expect(unused_variables)] of: u64) -> u64 {
        n
    }

    #[test]
    fn may_be_unused() {
        assert_eq!(allowed(1, 2), 1);
        drop(expected(1, 2));
    }
}

/// What is asked of the type of an argument does not use the argument.
mod unused {
    use memo_runtime::memoize;

    struct Log(u64);
    struct Silent;

    #[memoize]
    struct Shape {
        side: u64,
    }

    #[memoize]
    impl Shape {
        #[memoize(skip(_unused))]
        fn area(&self, _unused: &Silent) -> u64 {
            self.side * self.side
        }

        #[memoize(skip(_unused))]
        fn girth(&self, _unused: Silent) -> u64 {
            4 * self.side
        }

        fn new(side: u64) -> Self {
            Self { side }
        }

        fn count(log: &mut Log, _unused: Log) {
            log.0 += 1;
        }
    }

    #[test]
    fn stays_unused() {
        let shape = Shape::new(2);
        assert_eq!(shape.area(&Silent), shape.girth(Silent) / 2);
        let mut log = Log(0);
        Shape::count(&mut log, Log(1));
        assert_eq!(log.0, 1);
    }
}
