//! What do the options say? `#[memoize(…)]` becomes [`Options`]: typed, each with the span of its name.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, Ident, Lit, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
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

/// `field: Type` in `reads(…)`.
pub struct ReadField {
    pub name: Ident,
    pub ty: Type,
}

/// `name: Type = expression` in `key(…)`.
pub struct KeyItem {
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
    pub reads: Option<Given<Vec<ReadField>>>,
    pub skip: Option<Given<Vec<Ident>>>,
    pub key: Option<Given<Vec<KeyItem>>>,
    pub returns_ref: Option<Given<()>>,
    pub cache_if: Option<Given<Expr>>,
    pub unsync: Option<Given<()>>,
    pub stats: Option<Given<()>>,
    pub shards: Option<Given<usize>>,
    pub accessor: Option<Given<Accessor>>,
    pub runtime: Option<Given<Path>>,
    pub keep: Option<Given<()>>,
    pub untracked: Option<Given<()>>,
    pub blocks: Option<Given<Vec<LitStr>>>,
    pub block: Option<Given<LitStr>>,
    pub field: Option<Given<Ident>>,
    pub field_attrs: Option<Given<Vec<Attribute>>>,
    /// Whether an option was refused and left out, so that none should be missed.
    pub incomplete: bool,
}

const METHOD: &[&str] = &[
    "scope",
    "capacity",
    "unbounded",
    "reads",
    "skip",
    "key",
    "returns",
    "cache_if",
    "unsync",
    "stats",
    "shards",
    "accessor",
    "crate",
    "keep",
];
const FUNCTION: &[&str] = &[
    "scope",
    "capacity",
    "unbounded",
    "skip",
    "key",
    "returns",
    "cache_if",
    "unsync",
    "stats",
    "shards",
    "accessor",
    "crate",
];
const STRUCT: &[&str] = &["blocks", "field", "field_attrs", "crate"];
const BLOCK: &[&str] = &["block", "field", "crate"];
const FIELD: &[&str] = &["untracked"];

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

    /// Reads the options of an attribute such as `#[memoize]` or `#[memoize(keep)]`.
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

    /// Whether `keep` is all that is said, as it has to be.
    pub fn is_only_keep(&self) -> bool {
        self.scope.is_none()
            && self.capacity.is_none()
            && self.unbounded.is_none()
            && self.reads.is_none()
            && self.skip.is_none()
            && self.key.is_none()
            && self.returns_ref.is_none()
            && self.cache_if.is_none()
            && self.unsync.is_none()
            && self.stats.is_none()
            && self.shards.is_none()
            && self.accessor.is_none()
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
        if !position.accepted().contains(&text.as_str()) {
            return Err(syn::Error::new(span, misplaced(&text, position)));
        }
        let duplicate = match text.as_str() {
            "scope" => set(&mut self.scope, span, scope(input, &name)?),
            "capacity" => {
                set(&mut self.capacity, span, value(input, &name, "a number of entries")?)
            }
            "unbounded" => set(&mut self.unbounded, span, flag(input, &name)?),
            "reads" => set(&mut self.reads, span, list(input, &name, "field: Type")?),
            "skip" => set(&mut self.skip, span, list(input, &name, "argument")?),
            "key" => set(&mut self.key, span, list(input, &name, "name: Type = expression")?),
            "returns" => set(&mut self.returns_ref, span, returns(input, &name)?),
            "cache_if" => {
                set(&mut self.cache_if, span, value(input, &name, "a closure or a path")?)
            }
            "unsync" => set(&mut self.unsync, span, flag(input, &name)?),
            "stats" => set(&mut self.stats, span, flag(input, &name)?),
            "shards" => set(&mut self.shards, span, shards(input, &name)?),
            "accessor" => set(&mut self.accessor, span, accessor(input, &name)?),
            "crate" => {
                let path = value_with(input, &name, "a path", Path::parse_mod_style)?;
                set(&mut self.runtime, span, path)
            }
            "keep" => set(&mut self.keep, span, flag(input, &name)?),
            "untracked" => set(&mut self.untracked, span, flag(input, &name)?),
            "blocks" => set(&mut self.blocks, span, list(input, &name, "\"name\"")?),
            "block" => set(&mut self.block, span, value(input, &name, "a string")?),
            "field" => set(&mut self.field, span, value(input, &name, "an identifier")?),
            "field_attrs" => set(&mut self.field_attrs, span, attributes(input, &name)?),
            _ => false,
        };
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
        "keep" => "`keep` marks a `&mut self` method in a `#[memoize]` block; remove it".into(),
        "untracked" => "`untracked` marks a field of a `#[memoize]` struct; remove it".into(),
        "reads" if position == Position::Function => {
            "`reads` names state of an instance, and a free function has none; remove it".into()
        }
        _ => {
            let owner = [Position::Method, Position::Struct, Position::Block]
                .into_iter()
                .find(|owner| owner.accepted().contains(&name));
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

fn flag(input: ParseStream, name: &Ident) -> syn::Result<()> {
    if at_end(input) {
        return Ok(());
    }
    Err(input.error(format_args!("`{name}` takes no value; write `{name}` alone")))
}

fn value<T: Parse>(input: ParseStream, name: &Ident, what: &str) -> syn::Result<T> {
    value_with(input, name, what, T::parse)
}

fn value_with<T>(
    input: ParseStream,
    name: &Ident,
    what: &str,
    parse: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    let expected =
        |span| syn::Error::new(span, format_args!("`{name}` expects {what}; write `{name} = …`"));
    let span = value_span(input, name);
    input.parse::<Token![=]>().map_err(|_| expected(span))?;
    let span = value_span(input, name);
    parse(input).map_err(|_| expected(span))
}

/// Where a value is wrong, or its option's name where it is missing.
fn value_span(input: ParseStream, name: &Ident) -> Span {
    if at_end(input) { name.span() } else { input.span() }
}

fn list<T: Parse>(input: ParseStream, name: &Ident, form: &str) -> syn::Result<Vec<T>> {
    let expected = |span| {
        syn::Error::new(span, format_args!("`{name}` expects a list; write `{name}({form}, …)`"))
    };
    let span = value_span(input, name);
    let content = parenthesized(input).ok_or_else(|| expected(span))?;
    let parser = Punctuated::<T, Token![,]>::parse_terminated;
    let items = parser.parse2(content).map_err(|_| expected(span))?;
    if items.is_empty() {
        return Err(expected(span));
    }
    Ok(items.into_iter().collect())
}

fn attributes(input: ParseStream, name: &Ident) -> syn::Result<Vec<Attribute>> {
    let expected = |span| {
        syn::Error::new(span, format_args!("`{name}` expects attributes; write `{name}(#[…] …)`"))
    };
    let span = value_span(input, name);
    let content = parenthesized(input).ok_or_else(|| expected(span))?;
    Attribute::parse_outer.parse2(content).map_err(|_| expected(span))
}

fn parenthesized(input: ParseStream) -> Option<TokenStream> {
    match input.parse().ok()? {
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Parenthesis => {
            Some(group.stream())
        }
        _ => None,
    }
}

fn scope(input: ParseStream, name: &Ident) -> syn::Result<Scope> {
    let scope: Expr = value(input, name, "`\"instance\"` or `\"type\"`")?;
    match string(&scope).as_deref() {
        Some("instance") => Ok(Scope::Instance),
        Some("type") => Ok(Scope::Type),
        Some(other) => Err(syn::Error::new_spanned(
            &scope,
            format_args!("unknown scope `\"{other}\"`; expected `\"instance\"` or `\"type\"`"),
        )),
        None => Err(syn::Error::new_spanned(
            &scope,
            "`scope` expects a string; expected `\"instance\"` or `\"type\"`",
        )),
    }
}

fn returns(input: ParseStream, name: &Ident) -> syn::Result<()> {
    let returns: Expr = value(input, name, "`\"ref\"`")?;
    if string(&returns).as_deref() == Some("ref") {
        return Ok(());
    }
    Err(syn::Error::new_spanned(&returns, "unknown value of `returns`; expected `\"ref\"`"))
}

fn shards(input: ParseStream, name: &Ident) -> syn::Result<usize> {
    let shards: Expr = value(input, name, "a power of two")?;
    let number = match &shards {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    };
    number.filter(|number: &usize| number.is_power_of_two()).ok_or_else(|| {
        syn::Error::new_spanned(
            &shards,
            "`shards` is not a power of two; shards are chosen by bits of the hash; write `2`, `4`, `8`, …",
        )
    })
}

fn accessor(input: ParseStream, name: &Ident) -> syn::Result<Accessor> {
    let start = input.fork();
    let expected = "an identifier or `false`";
    value_with(input, name, expected, |input| {
        if input.peek(syn::LitBool) {
            let literal: syn::LitBool = input.parse()?;
            return if literal.value { Err(start.error("")) } else { Ok(Accessor::None) };
        }
        input.parse().map(Accessor::Name)
    })
}

fn string(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(string) => Some(string.value()),
            _ => None,
        },
        Expr::Group(group) => string(&group.expr),
        _ => None,
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
        input.parse::<Ident>()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self { ty, expr: input.parse()? })
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

/// Whether an attribute is ours: `#[memoize]` under any path.
pub fn is_memoize(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "memoize")
}

/// Removes our attributes from `attributes`, and returns the first with its options.
pub fn take_memoize(
    attributes: &mut Vec<Attribute>,
    position: Position,
    diagnostics: &mut Diagnostics,
) -> Option<(Attribute, Options)> {
    let mut taken = None;
    attributes.retain(|attribute| {
        if !is_memoize(attribute) {
            return true;
        }
        if taken.is_none() {
            let options = Options::of(attribute, position, diagnostics);
            taken = Some((attribute.clone(), options));
        } else {
            diagnostics.at(attribute.span(), "duplicate `#[memoize]`; remove one");
        }
        false
    });
    taken
}
