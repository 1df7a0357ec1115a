//! Our attribute in a `cfg_attr`, which the compiler has not looked at when the item around it is expanded.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, ImplItemFn, parse::Parser, parse_quote};

use super::is_memoize;

/// What a `cfg_attr` says.
struct Conditional {
    predicate: TokenStream,
    attributes: Vec<Attribute>,
}

impl Conditional {
    /// One that brings our attribute.
    fn of(attribute: &Attribute) -> Option<Self> {
        if !attribute.path().is_ident("cfg_attr") {
            return None;
        }
        let list = attribute.meta.require_list().ok()?;
        let mut parts = split_at_commas(list.tokens.clone()).into_iter();
        let predicate = parts.next()?;
        let attributes = parts
            .filter_map(|part| Attribute::parse_outer.parse2(quote!(#[#part])).ok())
            .flatten()
            .collect();
        let conditional = Self { predicate, attributes };
        conditional.is_ours().then_some(conditional)
    }

    fn is_ours(&self) -> bool {
        self.attributes
            .iter()
            .any(|attribute| is_memoize(attribute) || Self::of(attribute).is_some())
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for tree in tokens {
        match (&tree, parts.last_mut()) {
            (TokenTree::Punct(punct), _) if punct.as_char() == ',' => {
                parts.push(TokenStream::new());
            }
            (_, Some(part)) => part.extend([tree]),
            (_, None) => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// ```text
/// Input:   #[cfg_attr(std, memoize)] fn area(&self) -> f64 { BODY }
/// Output:  #[cfg(std)] #[memoize] fn area(&self) -> f64 { BODY }
///          #[cfg(not(std))] fn area(&self) -> f64 { BODY }
/// ```
pub fn split_method(method: ImplItemFn) -> Vec<ImplItemFn> {
    let found = method.attrs.iter().enumerate().find_map(|(index, attribute)| {
        Conditional::of(attribute).map(|conditional| (index, conditional))
    });
    let Some((index, Conditional { predicate, attributes })) = found else { return vec![method] };
    let (mut with, mut without) = (method.clone(), method);
    let gate: Attribute = parse_quote!(#[cfg(#predicate)]);
    with.attrs.splice(index..=index, std::iter::once(gate).chain(attributes));
    without.attrs[index] = parse_quote!(#[cfg(not(#predicate))]);
    [with, without].into_iter().flat_map(split_method).collect()
}

/// Removes those that bring our attribute, and returns them.
pub fn take_conditional(attributes: &mut Vec<Attribute>) -> Vec<Attribute> {
    let (ours, others) = std::mem::take(attributes)
        .into_iter()
        .partition(|attribute| Conditional::of(attribute).is_some());
    *attributes = others;
    ours
}
