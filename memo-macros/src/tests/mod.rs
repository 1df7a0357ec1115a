//! Tests of the expansion in-process: what it looks like, and that it never panics.

mod completion;
mod robustness;
mod snapshots;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Item;

use crate::args::Features;

/// Expands every annotated item of `file`, like the compiler would.
fn expand_file(file: syn::File, features: Features) -> TokenStream {
    file.items.into_iter().map(|item| expand_item(item, features)).collect()
}

fn expand_item(mut item: Item, features: Features) -> TokenStream {
    let Some(attribute) = attributes(&mut item).and_then(|attrs| {
        let index = attrs.iter().position(crate::args::is_memoize)?;
        Some(attrs.remove(index))
    }) else {
        return item.into_token_stream();
    };
    let options = match &attribute.meta {
        syn::Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    crate::expand::memoize(options, item.into_token_stream(), features)
}

fn attributes(item: &mut Item) -> Option<&mut Vec<syn::Attribute>> {
    match item {
        Item::Struct(item) => Some(&mut item.attrs),
        Item::Enum(item) => Some(&mut item.attrs),
        Item::Union(item) => Some(&mut item.attrs),
        Item::Impl(item) => Some(&mut item.attrs),
        Item::Fn(item) => Some(&mut item.attrs),
        Item::Trait(item) => Some(&mut item.attrs),
        _ => None,
    }
}
