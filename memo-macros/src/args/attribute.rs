//! Which attributes are ours?

use proc_macro2::TokenTree;
use syn::{Attribute, spanned::Spanned};

use super::{Options, Position};
use crate::diagnostics::Diagnostics;

/// Whether an attribute is ours: `#[memoize]` under any path.
pub fn is_memoize(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|segment| segment.ident == "memoize")
}

/// Whether an attribute of ours names an option.
pub fn says(attribute: &Attribute, option: &str) -> bool {
    match &attribute.meta {
        syn::Meta::List(list) => list
            .tokens
            .clone()
            .into_iter()
            .any(|tree| matches!(tree, TokenTree::Ident(ident) if ident == option)),
        _ => false,
    }
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
