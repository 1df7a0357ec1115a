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
            report_duplicate(attribute, diagnostics);
        }
        false
    });
    taken
}

/// Removes our attributes from an item that one of them expands already.
pub fn refuse_further(attributes: &mut Vec<Attribute>, diagnostics: &mut Diagnostics) {
    attributes.retain(|attribute| {
        let is_further = is_memoize(attribute);
        if is_further {
            report_duplicate(attribute, diagnostics);
        }
        !is_further
    });
}

fn report_duplicate(attribute: &Attribute, diagnostics: &mut Diagnostics) {
    // The brackets may be of ours, if the attribute stands in a `cfg_attr`.
    diagnostics.at(attribute.path().span(), "duplicate `#[memoize]`; remove one");
}
