//! The values of options.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::{
    Attribute, Expr, Lit, Token,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

use super::{Accessor, Policy, Scope, at_end};

pub(super) fn flag(input: ParseStream, name: &Ident) -> syn::Result<()> {
    if at_end(input) {
        return Ok(());
    }
    Err(input.error(format_args!("`{name}` takes no value; write `{name}` alone")))
}

pub(super) fn value<T: Parse>(input: ParseStream, name: &Ident, what: &str) -> syn::Result<T> {
    value_with(input, name, what, T::parse)
}

pub(super) fn value_with<T>(
    input: ParseStream,
    name: &Ident,
    what: &str,
    parse: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    // Where there is one value, it is the way out.
    let one = what.strip_prefix('`').and_then(|what| what.strip_suffix('`'));
    let example = one.filter(|one| !one.contains('`')).unwrap_or("…");
    let expected = |span| {
        syn::Error::new(span, format_args!("`{name}` expects {what}; write `{name} = {example}`"))
    };
    let span = value_span(input, name);
    input.parse::<Token![=]>().map_err(|_| expected(span))?;
    let span = value_span(input, name);
    parse(input).map_err(|_| expected(span))
}

/// Where a value is wrong, or its option's name where it is missing.
fn value_span(input: ParseStream, name: &Ident) -> Span {
    if at_end(input) { name.span() } else { input.span() }
}

pub(super) fn list<T: Parse>(input: ParseStream, name: &Ident, form: &str) -> syn::Result<Vec<T>> {
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

/// `(field, …)`, or `()`.
pub(super) fn names(input: ParseStream, name: &Ident) -> syn::Result<Vec<Ident>> {
    let expected = |span| {
        syn::Error::new(
            span,
            format_args!(
                "`{name}` expects a list of fields; write `{name}(field, …)`, or `{name}()` for none"
            ),
        )
    };
    let span = value_span(input, name);
    let content = parenthesized(input).ok_or_else(|| expected(span))?;
    let parser = Punctuated::<Ident, Token![,]>::parse_terminated;
    parser.parse2(content).map(|names| names.into_iter().collect()).map_err(|_| expected(span))
}

pub(super) fn attributes(input: ParseStream, name: &Ident) -> syn::Result<Vec<Attribute>> {
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

pub(super) fn scope(input: ParseStream, name: &Ident) -> syn::Result<Scope> {
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

pub(super) fn policy(input: ParseStream, name: &Ident) -> syn::Result<Policy> {
    let policy: Expr = value(input, name, "`\"lru\"` or `\"sieve\"`")?;
    match string(&policy).as_deref() {
        Some("lru") => Ok(Policy::Lru),
        Some("sieve") => Ok(Policy::Sieve),
        Some(other) => Err(syn::Error::new_spanned(
            &policy,
            format_args!("unknown policy `\"{other}\"`; expected `\"lru\"` or `\"sieve\"`"),
        )),
        None => Err(syn::Error::new_spanned(
            &policy,
            "`policy` expects a string; expected `\"lru\"` or `\"sieve\"`",
        )),
    }
}

pub(super) fn returns(input: ParseStream, name: &Ident) -> syn::Result<()> {
    let returns: Expr = value(input, name, "`\"ref\"`")?;
    if string(&returns).as_deref() == Some("ref") {
        return Ok(());
    }
    Err(syn::Error::new_spanned(&returns, "unknown value of `returns`; expected `\"ref\"`"))
}

pub(super) fn accessor(input: ParseStream, name: &Ident) -> syn::Result<Accessor> {
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

/// `verify = false`.
pub(super) fn unverified(input: ParseStream, name: &Ident) -> syn::Result<()> {
    let literal: syn::LitBool = value(input, name, "`false`")?;
    if literal.value {
        return Err(syn::Error::new(
            literal.span,
            "every method is verified if the feature `verify` is on; only `false` says something; remove `verify = true`",
        ));
    }
    Ok(())
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
