//! No input makes the expansion panic, and what it refuses comes with an error and the user's item.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use proptest::prelude::*;

use crate::args::Features;

/// Valid uses of the attribute: options, and the item.
const SEEDS: &[(&str, &str)] = &[
    (
        "",
        "#[derive(Debug, Clone)] pub struct S<'a, T: Copy> where T: Eq { a: &'a T, #[memoize(untracked)] pub b: Cell<u8> }",
    ),
    (
        "blocks(\"a\", \"b\"), field = caches, field_attrs(#[serde(skip)]), crate = crate::memo",
        "struct S { a: u8 }",
    ),
    (
        "",
        "impl<'a, T: Copy> S<'a, T> { fn new(a: &'a T) -> Self { Self { a, ..Self::base() } } #[memoize(scope = \"instance\", capacity = 128, stats)] pub fn f(&self, (a, b): (u8, &str), mut c: f64, _: u8) -> Result<u8, E> { c += 1.0; vec![Self { a }]; g(a)? } fn set(&mut self, x: u8) { self.a = x; let c = || self.f(x); matches!(self, Self { a }) } }",
    ),
    (
        "block = \"a\"",
        "impl Trait<u8> for S { type Out = u8; const N: usize = 1; #[memoize(scope = \"type\", unbounded, reads(a: u8, b: Vec<f64>), skip(log), returns = \"ref\", accessor = g)] fn f(&self, n: Option<&[f64]>, log: &dyn Log) -> Self::Out { Self::N; self.a + n } #[memoize(changes())] fn k(&mut self) {} }",
    ),
    (
        "",
        "impl S { #[memoize(key(id: u64 = user.id), cache_if = |r: &u8| *r > 1, unsync)] async fn f(self: std::sync::Arc<Self>, user: &User) -> u8 { user.id } #[memoize(unbounded)] fn g(x: [f32; 3]) -> &'static str { \"\" } }",
    ),
    (
        "capacity = 16, policy = \"sieve\", stats",
        "pub(crate) fn fib(n: u64) -> u64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }",
    ),
    (
        "scope = \"type\", unbounded",
        "fn f(text: &str, rest: &[(u8, f64)]) -> Option<String> { None }",
    ),
    (
        "store = &REGION, ttl = \"5m\", name = \"rate\", version = 2, single_flight",
        "async fn rate(from: &str) -> Result<f64, E> { ask(from).await }",
    ),
    ("engine = Cache::new(10), cache_if = |n| *n > 1", "fn f(n: u64) -> u64 { n }"),
    ("", "enum E { A { #[memoize(untracked)] x: u8 } }"),
    ("", "trait T { fn f(&self) -> u8 { 1 } fn g(); }"),
    ("", "fn method(&self) -> u8 { 1 }"),
];

/// One change to a token stream. Positions are taken modulo what is there.
#[derive(Clone, Debug)]
enum Edit {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Replace(usize, usize),
    Insert(usize, usize),
}

const SPARE: &[&str] = &[
    "memoize",
    "self",
    "Self",
    "mut",
    "&",
    "'a",
    "'_",
    "const",
    "async",
    "unsafe",
    "impl",
    "dyn",
    "fn",
    "=",
    ",",
    "::",
    "<",
    ">",
    "|",
    "..",
    "0",
    "\"type\"",
    "\"instance\"",
    "capacity",
    "unbounded",
    "reads",
    "skip",
    "key",
    "returns",
    "keep",
    "untracked",
    "unchecked",
    "#",
    "!",
    "->",
    "_",
    "(a, b)",
    "[u8; 2]",
    "{}",
    "()",
    "#[memoize]",
    "#[memoize(scope)]",
    "#[memoize = 1]",
];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = || 0..500_usize;
    let edit = prop_oneof![
        place().prop_map(Edit::Delete),
        place().prop_map(Edit::Double),
        (place(), place()).prop_map(|(a, b)| Edit::Swap(a, b)),
        (place(), 0..SPARE.len()).prop_map(|(a, b)| Edit::Replace(a, b)),
        (place(), 0..SPARE.len()).prop_map(|(a, b)| Edit::Insert(a, b)),
    ];
    prop::collection::vec(edit, 1..5)
}

/// The tokens with their nesting flattened, so that edits reach everywhere but keep delimiters paired.
fn apply(tokens: TokenStream, edits: &[Edit]) -> TokenStream {
    edits.iter().fold(tokens, |tokens, edit| {
        let all = count(&tokens);
        if all == 0 {
            return tokens;
        }
        let spare = |index: usize| SPARE[index].parse::<TokenStream>().expect("spare tokens");
        match *edit {
            Edit::Delete(at) => change(tokens, at % all, &mut |_| TokenStream::new()),
            Edit::Double(at) => {
                change(tokens, at % all, &mut |tree| [tree.clone(), tree].into_iter().collect())
            }
            Edit::Swap(a, b) => {
                let (first, second) = (nth(&tokens, a % all), nth(&tokens, b % all));
                let tokens = change(tokens, a % all, &mut |_| second.clone().into_iter().collect());
                if b % all < count(&tokens) {
                    change(tokens, b % all, &mut |_| first.clone().into_iter().collect())
                } else {
                    tokens
                }
            }
            Edit::Replace(at, index) => change(tokens, at % all, &mut |_| spare(index)),
            Edit::Insert(at, index) => change(tokens, at % all, &mut |tree| {
                spare(index).into_iter().chain([tree]).collect()
            }),
        }
    })
}

fn count(tokens: &TokenStream) -> usize {
    tokens
        .clone()
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Group(group) => 1 + count(&group.stream()),
            _ => 1,
        })
        .sum()
}

fn nth(tokens: &TokenStream, at: usize) -> Option<TokenTree> {
    let mut found = None;
    change(tokens.clone(), at, &mut |tree| {
        found = Some(tree.clone());
        tree.into()
    });
    found
}

fn change(
    tokens: TokenStream,
    at: usize,
    edit: &mut dyn FnMut(TokenTree) -> TokenStream,
) -> TokenStream {
    let mut position = 0;
    change_from(tokens, at, &mut position, edit)
}

fn change_from(
    tokens: TokenStream,
    at: usize,
    position: &mut usize,
    edit: &mut dyn FnMut(TokenTree) -> TokenStream,
) -> TokenStream {
    let mut output = TokenStream::new();
    for tree in tokens {
        let here = *position;
        *position += 1;
        if here == at {
            if let TokenTree::Group(group) = &tree {
                *position += count(&group.stream());
            }
            output.extend(edit(tree));
            continue;
        }
        match tree {
            TokenTree::Group(group) => {
                let inner = change_from(group.stream(), at, position, edit);
                let mut changed = Group::new(group.delimiter(), inner);
                changed.set_span(group.span());
                output.extend([TokenTree::Group(changed)]);
            }
            tree => output.extend([tree]),
        }
    }
    output
}

/// Whether `output` reports an error.
fn has_error(output: &TokenStream) -> bool {
    output.to_string().contains("compile_error")
}

/// Every identifier of the user's item, our attributes aside, is still there.
fn keeps_item(item: &TokenStream, output: &TokenStream) -> bool {
    let output = identifiers(output);
    identifiers(&without_attributes(item.clone())).iter().all(|name| output.contains(name))
}

fn without_attributes(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut output = TokenStream::new();
    while let Some(tree) = trees.next() {
        let is_pound = matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == '#');
        match (&tree, trees.peek()) {
            (_, Some(TokenTree::Group(group)))
                if is_pound && group.delimiter() == Delimiter::Bracket =>
            {
                trees.next();
            }
            (TokenTree::Group(group), _) => {
                let inner = without_attributes(group.stream());
                output.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
            }
            _ => output.extend([tree]),
        }
    }
    output
}

fn identifiers(tokens: &TokenStream) -> std::collections::HashSet<String> {
    tokens
        .clone()
        .into_iter()
        .flat_map(|tree| match tree {
            TokenTree::Ident(ident) => std::collections::HashSet::from([ident.to_string()]),
            TokenTree::Group(group) => identifiers(&group.stream()),
            _ => std::collections::HashSet::new(),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_items_never_panic(seed in 0..SEEDS.len(), options in edits(), item in edits(), both in 0..3_u8, stores in any::<bool>(), verify in any::<bool>()) {
        let (seed_options, seed_item) = SEEDS[seed];
        let mut option_tokens: TokenStream = seed_options.parse().expect("seed options");
        let mut item_tokens: TokenStream = seed_item.parse().expect("seed item");
        if both != 0 {
            option_tokens = apply(option_tokens, &options);
        }
        if both != 1 {
            item_tokens = apply(item_tokens, &item);
        }
        let output = crate::expand::memoize(option_tokens, item_tokens.clone(), Features { stores, verify });
        if has_error(&output) && !seed_item.contains("compile_error") {
            prop_assert!(keeps_item(&item_tokens, &output), "lost from {item_tokens}:\n{output}");
        }
    }
}

#[test]
fn seeds_are_valid_or_refused_on_purpose() {
    for (index, (options, item)) in SEEDS.iter().enumerate() {
        let output = crate::expand::memoize(
            options.parse().expect("seed options"),
            item.parse().expect("seed item"),
            Features { stores: true, verify: index % 2 == 0 },
        );
        assert_eq!(has_error(&output), index >= 9, "{output}");
    }
}

#[test]
fn types_that_stand_for_traits_never_panic() {
    let results =
        ["dyn Self::Out", "Box<dyn Self::Out>", "impl Self::Out", "Box<dyn Send + Self::Out>"];
    for result in results {
        let item = format!(
            "impl Trait for S {{ #[memoize(scope = \"type\", unbounded, reads(a: u8))] fn f(&self) -> {result} {{ self.a }} }}"
        );
        let item = item.parse().expect("tokens");
        crate::expand::memoize(TokenStream::new(), item, Features { stores: true, verify: false });
    }
}
