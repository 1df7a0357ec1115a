//! Blocks of types with parameters that are not the plain ones: function pointers, `for<'a>`, constants whose type is an
//! alias, lifetimes that the type does not have, one lifetime of many.

use memo_runtime::memoize;

#[memoize]
struct Applied<F> {
    function: F,
}

#[memoize]
impl Applied<fn(&u8) -> u8> {
    #[memoize]
    fn apply(&self, x: u8) -> u8 {
        (self.function)(&x)
    }
    #[memoize(scope = "type", unbounded)]
    fn twice(x: u8) -> u8 {
        2 * x
    }
    fn set(&mut self, function: fn(&u8) -> u8) {
        self.function = function;
    }
    fn new(function: fn(&u8) -> u8) -> Self {
        Self { function }
    }
}

#[test]
fn what_a_function_pointer_elides_is_its_own() {
    let mut applied = Applied::<fn(&u8) -> u8>::new(|x| x + 1);
    assert_eq!((applied.apply(1), applied.apply_cache().len()), (2, 1));
    applied.set(|x| x + 2);
    assert_eq!(applied.apply(1), 3);
    assert_eq!(Applied::<fn(&u8) -> u8>::twice(4), 8);
}

type Choose<T> = Box<dyn for<'a> Fn(&'a T, &u8) -> &'a T>;

#[memoize]
struct Chosen<F, T> {
    #[memoize(untracked)]
    function: F,
    from: T,
}

#[memoize]
impl<T: Clone + 'static> Chosen<Box<dyn for<'a> Fn(&'a T, &u8) -> &'a T>, T> {
    #[memoize]
    fn choose(&self, x: u8) -> T {
        (self.function)(&self.from, &x).clone()
    }
    #[memoize(scope = "type", unbounded)]
    fn size(times: usize) -> usize {
        times * size_of::<T>()
    }
    #[memoize(scope = "type", unbounded, unsync)]
    fn size_here(times: usize) -> usize {
        times * size_of::<T>()
    }
}

#[memoize]
struct Bound<'a, F> {
    function: F,
    text: &'a str,
}
#[memoize]
impl<'a> Bound<'a, for<'b> fn(&'b str, &'a str) -> &'b str> {
    #[memoize]
    fn call(&self) -> String {
        (self.function)("x", self.text).to_owned()
    }
    #[memoize(scope = "type", unbounded)]
    fn length(text: &str) -> usize {
        text.len()
    }
    fn new(text: &'a str) -> Self {
        Self { function: |left, _| left, text }
    }
}

#[test]
fn what_a_for_binds_is_left_alone() {
    let function: Choose<u16> = Box::new(|from, _| from);
    let chosen = Chosen { function, from: 7, memo: Default::default() };
    assert_eq!((chosen.choose(1), chosen.choose_cache().len()), (7, 1));
    assert_eq!((Chosen::<Choose<u16>, u16>::size(2), Chosen::<Choose<u32>, u32>::size(2)), (4, 8));
    assert_eq!(Chosen::<Choose<u32>, u32>::size_here(2), 8);
    let text = String::from("y");
    assert_eq!(Bound::new(&text).call(), "x");
    assert_eq!(Bound::<for<'b> fn(&'b str, &'static str) -> &'b str>::length("abc"), 3);
}

type Size = usize;
type Flag = bool;

#[memoize]
struct Grid<const N: Size> {
    cells: [u8; N],
}
#[memoize]
impl<const N: Size> Grid<N> {
    #[memoize]
    fn sum(&self, times: u32) -> u32 {
        times * self.cells.iter().map(|cell| u32::from(*cell)).sum::<u32>()
    }
    #[memoize(scope = "type", unbounded)]
    fn size(times: usize) -> usize {
        times * N
    }
    #[memoize(scope = "type", unbounded, unsync)]
    fn size_here(times: usize) -> usize {
        times * N
    }
    #[memoize(scope = "type", unbounded, reads(cells: [u8; N]))]
    fn shared(&self, times: usize) -> usize {
        times + usize::from(self.cells[0]) + N
    }
}

trait Sized<const N: Size, const DOUBLED: Flag> {
    fn size(times: usize) -> usize;
    fn size_here(times: usize) -> usize;
}
struct Anything;
#[memoize]
impl<const N: Size, const DOUBLED: Flag> Sized<N, DOUBLED> for Anything {
    #[memoize(unbounded)]
    fn size(times: usize) -> usize {
        if DOUBLED { 2 * times * N } else { times * N }
    }
    #[memoize(unbounded, unsync)]
    fn size_here(times: usize) -> usize {
        if DOUBLED { 2 * times * N } else { times * N }
    }
}

trait Sizes<const N: usize> {
    type Size;
}
impl<const N: usize> Sizes<N> for u8 {
    type Size = u64;
}
struct Projected<T>(T);
trait Counts<const N: usize> {
    fn count(times: usize) -> usize;
}
#[memoize]
impl<const N: usize> Counts<N> for Projected<<u8 as Sizes<N>>::Size>
where
    u8: Sizes<N, Size: 'static>,
{
    #[memoize(unbounded)]
    fn count(times: usize) -> usize {
        times * N
    }
}

#[test]
fn a_constant_may_be_of_a_type_with_another_name() {
    assert_eq!(Grid { cells: [1, 2], memo: Default::default() }.sum(2), 6);
    assert_eq!(Grid { cells: [1, 2], memo: Default::default() }.shared(2), 5);
    assert_eq!((Grid::<2>::size(2), Grid::<3>::size(2)), (4, 6));
    assert_eq!((Grid::<2>::size_here(2), Grid::<3>::size_here(2)), (4, 6));
}

#[test]
fn constants_of_the_trait_alone_tell_the_caches_apart() {
    assert_eq!(<Anything as Sized<2, false>>::size(2), 4);
    assert_eq!(<Anything as Sized<2, true>>::size(2), 8);
    assert_eq!(<Anything as Sized<3, false>>::size(2), 6);
    assert_eq!(<Anything as Sized<3, true>>::size_here(2), 12);
    assert_eq!(<Anything as Sized<3, false>>::size_here(2), 6);
    assert_eq!(<Projected<u64> as Counts<2>>::count(2), 4);
    assert_eq!(<Projected<u64> as Counts<3>>::count(2), 6);
    assert_eq!(Projected(1).0, 1);
}

trait Measure<'a> {
    fn measure(&self, text: &'a str) -> usize;
    fn shared(&self, text: &'a str) -> usize;
    fn plain(text: &'a str) -> usize;
}

#[memoize]
struct Ruler {
    unit: usize,
}
#[memoize]
impl<'a> Measure<'a> for Ruler {
    #[memoize]
    fn measure(&self, text: &'a str) -> usize {
        self.unit * text.len()
    }
    #[memoize(scope = "type", unbounded, reads(unit: usize))]
    fn shared(&self, text: &'a str) -> usize {
        self.unit + text.len()
    }
    #[memoize(unbounded)]
    fn plain(text: &'a str) -> usize {
        text.len()
    }
}

trait Get<'a> {
    fn get(&self) -> &'a str;
}
impl<'a> Get<'a> for &'a str {
    fn get(&self) -> &'a str {
        self
    }
}
#[memoize]
struct Holder<T> {
    inner: T,
}
#[memoize]
#[allow(clippy::extra_unused_lifetimes)]
impl<'a: 'b, 'b, T: Get<'a>> Holder<T>
where
    'a: 'b,
{
    #[memoize]
    fn length(&self, more: &'b str, several: (u8, Option<&'b str>)) -> usize {
        self.inner.get().len() + more.len() + several.1.map_or(0, str::len)
    }
    fn set(&mut self, inner: T) {
        self.inner = inner;
    }
}

trait Pick<'a, T> {
    fn pick(&self, text: &'a str) -> usize;
}
#[memoize]
impl<'a, T: 'static> Pick<'a, T> for Ruler {
    #[memoize(scope = "type", unbounded, reads(unit: usize))]
    fn pick(&self, text: &'a str) -> usize {
        self.unit + text.len() + size_of::<T>()
    }
}

#[test]
fn a_lifetime_that_the_type_does_not_have() {
    let ruler = Ruler { unit: 2, memo: Default::default() };
    let text = String::from("abc");
    assert_eq!((ruler.measure(&text), ruler.shared(&text), Ruler::plain(&text)), (6, 5, 3));
    assert!(ruler.measure_cache().contains(("abc",)));
    assert_eq!((Pick::<u8>::pick(&ruler, &text), Pick::<u32>::pick(&ruler, &text)), (6, 9));
    let mut holder = Holder { inner: "a", memo: Default::default() };
    assert_eq!(holder.length(&text, (1, Some(&text))), 7);
    holder.set("bc");
    assert_eq!(holder.length(&text, (1, Some(&text))), 8);
}

#[memoize]
#[derive(Clone)]
struct Named<'a> {
    name: &'a str,
}
#[memoize]
impl Named<'static> {
    fn new(name: &'static str) -> Self {
        Self { name }
    }
    #[memoize]
    fn name(&self, more: &str) -> (&'static str, usize) {
        (self.name, more.len())
    }
    #[memoize(scope = "type", unbounded)]
    fn kept(name: &'static str) -> &'static str {
        name
    }
    fn rename(&mut self, name: &'static str) {
        self.name = name;
    }
}

#[test]
fn a_block_for_one_lifetime_of_many() {
    let mut named = Named::new("a");
    assert_eq!(named.name("xyz"), ("a", 3));
    named.rename("b");
    assert_eq!(named.clone().name("xyz"), ("b", 3));
    assert_eq!(Named::kept("c"), "c");
}
