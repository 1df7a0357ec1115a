//! What do the options say? `#[memoize(…)]` becomes [`Options`]: typed, each with the span of its name.

mod attribute;
mod conditional;
mod elsewhere;
mod ttl;
mod values;

use std::collections::BTreeSet;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, Ident, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use self::values::{
    accessor, attributes, flag, list, names, policy, returns, scope, unverified, value, value_with,
};
pub use self::{
    attribute::{is_memoize, refuse_further, says, take_memoize},
    conditional::{split_method, take_conditional},
    ttl::Ttl,
};
use crate::diagnostics::{Diagnostics, nearest, one_of};

/// A value and where its option's name stands.
pub struct Given<T> {
    pub value: T,
    pub span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    Instance,
    Type,
}

/// What is evicted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    Lru,
    Sieve,
}

/// `field: Type` in `reads(…)`.
pub struct ReadField {
    pub name: Ident,
    pub ty: Type,
}

/// `name: Type = expression` in `key(…)`.
pub struct KeyItem {
    pub name: Ident,
    pub ty: Type,
    pub expr: Expr,
}

pub enum Accessor {
    Name(Ident),
    None,
}

/// Where an attribute stands, which decides what it may say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    Struct,
    Block,
    Method,
    Function,
    Field,
}

/// All options, as far as given.
#[derive(Default)]
pub struct Options {
    pub scope: Option<Given<Scope>>,
    pub capacity: Option<Given<Expr>>,
    pub unbounded: Option<Given<()>>,
    pub policy: Option<Given<Policy>>,
    pub ttl: Option<Given<Ttl>>,
    pub reads: Option<Given<Vec<ReadField>>>,
    pub skip: Option<Given<Vec<Ident>>>,
    pub key: Option<Given<Vec<KeyItem>>>,
    pub returns_ref: Option<Given<()>>,
    pub cache_if: Option<Given<Expr>>,
    pub single_flight: Option<Given<()>>,
    pub unsync: Option<Given<()>>,
    pub stats: Option<Given<()>>,
    pub engine: Option<Given<Expr>>,
    pub store: Option<Given<Expr>>,
    pub name: Option<Given<LitStr>>,
    pub version: Option<Given<Expr>>,
    /// `verify = false`: hits are not verified.
    pub unverified: Option<Given<()>>,
    pub accessor: Option<Given<Accessor>>,
    pub runtime: Option<Given<Path>>,
    pub changes: Option<Given<Vec<Ident>>>,
    pub untracked: Option<Given<()>>,
    pub unchecked: Option<Given<()>>,
    pub blocks: Option<Given<Vec<LitStr>>>,
    pub block: Option<Given<LitStr>>,
    pub field: Option<Given<Ident>>,
    pub field_attrs: Option<Given<Vec<Attribute>>>,
    /// The names of all of them.
    named: BTreeSet<String>,
    /// Whether an option was refused and left out, so that none should be missed.
    pub incomplete: bool,
    /// Whether a promise was meant, so that the method is not to be memoized.
    pub promises: bool,
    /// What the runtime can do.
    pub features: Features,
}

/// The features of the runtime that an expansion depends on.
#[derive(Clone, Copy, Default, Debug)]
pub struct Features {
    /// `stores`: there is `store = …`.
    pub stores: bool,
    /// `verify`: hits are verified.
    pub verify: bool,
}

const METHOD: &[&str] = &[
    "scope",
    "capacity",
    "unbounded",
    "policy",
    "ttl",
    "reads",
    "skip",
    "key",
    "returns",
    "cache_if",
    "single_flight",
    "unsync",
    "stats",
    "engine",
    "store",
    "name",
    "version",
    "verify",
    "accessor",
    "crate",
    "changes",
];
const FUNCTION: &[&str] = &[
    "scope",
    "capacity",
    "unbounded",
    "policy",
    "ttl",
    "skip",
    "key",
    "returns",
    "cache_if",
    "single_flight",
    "unsync",
    "stats",
    "engine",
    "store",
    "name",
    "version",
    "verify",
    "accessor",
    "crate",
];
const STRUCT: &[&str] = &["blocks", "field", "field_attrs", "crate"];
const BLOCK: &[&str] = &["block", "field", "crate"];
const FIELD: &[&str] = &["untracked", "unchecked"];

impl Position {
    fn accepted(self) -> &'static [&'static str] {
        match self {
            Self::Struct => STRUCT,
            Self::Block => BLOCK,
            Self::Method => METHOD,
            Self::Function => FUNCTION,
            Self::Field => FIELD,
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::Struct => "a struct",
            Self::Block => "an `impl` block",
            Self::Method => "a method",
            Self::Function => "a free function",
            Self::Field => "a field",
        }
    }
}

impl Options {
    /// Reads the options in `tokens`; what is wrong is reported and left out.
    pub fn parse(tokens: TokenStream, position: Position, diagnostics: &mut Diagnostics) -> Self {
        let mut options = Self::default();
        let parser = |input: ParseStream| {
            while !input.is_empty() {
                if let Err(error) = options.parse_one(input, position, diagnostics) {
                    diagnostics.push(error);
                    options.incomplete = true;
                    skip_option(input);
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            diagnostics.push(error);
        }
        options
    }

    /// Reads the options of an attribute such as `#[memoize]` or `#[memoize(changes(field))]`.
    pub fn of(attribute: &Attribute, position: Position, diagnostics: &mut Diagnostics) -> Self {
        match &attribute.meta {
            syn::Meta::Path(_) => Self::default(),
            syn::Meta::List(list) => Self::parse(list.tokens.clone(), position, diagnostics),
            syn::Meta::NameValue(pair) => {
                diagnostics
                    .on(pair, "`memoize` takes its options in parentheses; write `#[memoize(…)]`");
                Self::default()
            }
        }
    }

    /// Whether `changes` is all that is said, as it has to be.
    pub fn is_only_changes(&self) -> bool {
        self.named.iter().all(|name| name == "changes" || name == "crate")
    }

    fn parse_one(
        &mut self,
        input: ParseStream,
        position: Position,
        diagnostics: &mut Diagnostics,
    ) -> syn::Result<()> {
        let name = input.call(Ident::parse_any).map_err(|error| {
            let accepted = one_of(position.accepted());
            syn::Error::new(error.span(), format_args!("an option is a name; expected {accepted}"))
        })?;
        let text = name.to_string();
        let span = name.span();
        self.promises |= text == "keep" || text == "changes";
        if !position.accepted().contains(&text.as_str()) {
            return Err(syn::Error::new(span, misplaced(&text, position)));
        }
        let duplicate = match text.as_str() {
            "scope" => set(&mut self.scope, span, scope(input, &name)?),
            "capacity" => {
                set(&mut self.capacity, span, value(input, &name, "a number of entries")?)
            }
            "unbounded" => set(&mut self.unbounded, span, flag(input, &name)?),
            "policy" => set(&mut self.policy, span, policy(input, &name)?),
            "ttl" => set(&mut self.ttl, span, ttl::ttl(input, &name)?),
            "reads" => set(&mut self.reads, span, list(input, &name, "field: Type")?),
            "skip" => set(&mut self.skip, span, list(input, &name, "argument")?),
            "key" => set(&mut self.key, span, list(input, &name, "name: Type = expression")?),
            "returns" => set(&mut self.returns_ref, span, returns(input, &name)?),
            "cache_if" => {
                set(&mut self.cache_if, span, value(input, &name, "a closure or a path")?)
            }
            "single_flight" => set(&mut self.single_flight, span, flag(input, &name)?),
            "unsync" => set(&mut self.unsync, span, flag(input, &name)?),
            "stats" => set(&mut self.stats, span, flag(input, &name)?),
            "engine" => set(&mut self.engine, span, value(input, &name, "an expression")?),
            "store" => set(&mut self.store, span, value(input, &name, "an expression")?),
            "name" => set(&mut self.name, span, value(input, &name, "a string")?),
            "version" => set(&mut self.version, span, value(input, &name, "an expression")?),
            "verify" => set(&mut self.unverified, span, unverified(input, &name)?),
            "accessor" => set(&mut self.accessor, span, accessor(input, &name)?),
            "crate" => {
                let path = value_with(input, &name, "a path", Path::parse_mod_style)?;
                set(&mut self.runtime, span, path)
            }
            "changes" => set(&mut self.changes, span, names(input, &name)?),
            "untracked" => set(&mut self.untracked, span, flag(input, &name)?),
            "unchecked" => set(&mut self.unchecked, span, flag(input, &name)?),
            "blocks" => set(&mut self.blocks, span, list(input, &name, "\"name\"")?),
            "block" => set(&mut self.block, span, value(input, &name, "a string")?),
            "field" => set(&mut self.field, span, value(input, &name, "an identifier")?),
            "field_attrs" => set(&mut self.field_attrs, span, attributes(input, &name)?),
            _ => false,
        };
        self.named.insert(text.clone());
        if duplicate {
            diagnostics.at(span, format_args!("duplicate option `{text}`; remove one"));
        }
        if !at_end(input) {
            return Err(input.error(format_args!(
                "unexpected token after the option `{text}`; separate options by commas"
            )));
        }
        Ok(())
    }
}

fn set<T>(option: &mut Option<Given<T>>, span: Span, value: T) -> bool {
    let duplicate = option.is_some();
    if !duplicate {
        *option = Some(Given { value, span });
    }
    duplicate
}

fn misplaced(name: &str, position: Position) -> String {
    let accepted = position.accepted();
    match name {
        "keep" => "unknown option `keep`; a method that changes nothing which a memoized method reads is marked `#[memoize(changes())]`".into(),
        "changes" => "`changes` marks a method in a `#[memoize]` block that can change the instance; remove it".into(),
        "untracked" | "unchecked" => {
            format!("`{name}` marks a field of a `#[memoize]` struct; remove it")
        }
        "shards" if matches!(position, Position::Method | Position::Function) => {
            "`shards` is gone; `policy = \"sieve\"` beside `capacity` has hits that take no lock; write that, or `capacity` alone".into()
        }
        "reads" if position == Position::Function => {
            "`reads` names state of an instance, and a free function has none; remove it".into()
        }
        _ => {
            let owner = [Position::Method, Position::Struct, Position::Block]
                .into_iter()
                .find(|owner| owner.accepted().contains(&name));
            let known = elsewhere::answer(name)
                .filter(|_| matches!(position, Position::Method | Position::Function));
            if let Some(answer) = known {
                return format!("unknown option `{name}`; {answer}");
            }
            match (owner, nearest(name, accepted)) {
                (Some(owner), _) => format!(
                    "`{name}` is an option of {}, not of {}; expected {}",
                    owner.article(),
                    position.article(),
                    one_of(accepted)
                ),
                (None, Some(near)) => {
                    format!(
                        "unknown option `{name}`; did you mean `{near}`? expected {}",
                        one_of(accepted)
                    )
                }
                (None, None) => format!("unknown option `{name}`; expected {}", one_of(accepted)),
            }
        }
    }
}

impl Parse for ReadField {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self { name, ty: input.parse()? })
    }
}

impl Parse for KeyItem {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { name, ty, expr: input.parse()? })
    }
}

/// Passes over the rest of an option that is wrong, or unknown.
fn skip_option(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}

fn at_end(input: ParseStream) -> bool {
    input.is_empty() || input.peek(Token![,])
}
