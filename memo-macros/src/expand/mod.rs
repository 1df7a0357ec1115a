//! The spine: parse → model → check → expand, or fall back.

mod accessor;
mod block;
mod boxed;
mod closure;
mod fallback;
mod fields;
mod function;
mod literals;
mod method;
mod mutation;
mod reads;
mod said;
mod store;
mod structs;
mod verify;
mod version;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, TraitItemFn};

use crate::{
    args::{Features, Options, Position, refuse_further},
    broken::{self, Unread},
    diagnostics::Diagnostics,
    precedence, syntax,
};

/// Expands `#[memoize(options)] item`, for a runtime with such features.
pub fn memoize(options: TokenStream, item: TokenStream, features: Features) -> TokenStream {
    let (options, item) = (precedence::keep(options), precedence::keep(item));
    let mut diagnostics = Diagnostics::default();
    let parse = |options, position, diagnostics: &mut Diagnostics| {
        let mut options = Options::parse(options, position, diagnostics);
        options.features = features;
        options
    };
    let completed = syntax::completed(item.clone());
    let mut unread = Unread::default();
    let read = syn::parse2(item.clone()).or_else(|error| {
        if let Ok(method) = syn::parse2::<TraitItemFn>(item.clone()) {
            return Err(fallback::expand_method_outside(&method.sig, &item, &mut diagnostics));
        }
        diagnostics.push(error);
        if let Some((head, fields)) = broken::structure(&item) {
            let options = parse(options.clone(), Position::Struct, &mut diagnostics);
            return Err(structs::expand_broken(&head, &fields, &options));
        }
        let (read, rest) = broken::read(&item).ok_or(item)?;
        unread = rest;
        Ok(read)
    });
    let expanded = match read {
        Ok(Item::Struct(mut item)) => {
            refuse_further(&mut item.attrs, &mut diagnostics);
            let options = parse(options, Position::Struct, &mut diagnostics);
            structs::expand(item, &options, &mut diagnostics)
        }
        Ok(Item::Impl(mut item)) => {
            refuse_further(&mut item.attrs, &mut diagnostics);
            let options = parse(options, Position::Block, &mut diagnostics);
            block::expand(item, &options, &mut diagnostics)
        }
        Ok(Item::Fn(item)) if item.sig.receiver().is_some() => {
            fallback::expand_method_outside(&item.sig, &quote!(#item), &mut diagnostics)
        }
        Ok(Item::Fn(mut item)) => {
            refuse_further(&mut item.attrs, &mut diagnostics);
            let options = parse(options, Position::Function, &mut diagnostics);
            function::expand(item, options, &mut diagnostics)
        }
        Ok(Item::Enum(item)) => fallback::expand_enum(item, &mut diagnostics),
        Ok(Item::Union(item)) => fallback::expand_union(item, &mut diagnostics),
        Ok(item) => fallback::expand_other(&item, &mut diagnostics),
        Err(refused) => refused,
    };
    if let Some(span) = completed {
        diagnostics.at(span, "this name ends as only names do that rust-analyzer is completing; two names would be read as one; rename it");
    }
    let errors = diagnostics.into_tokens();
    let expanded = unread.restore(expanded);
    quote!(#expanded #errors)
}

/// Where the runtime is: `::memo_runtime::__private`, unless an option says otherwise.
fn runtime(options: &Options) -> TokenStream {
    match &options.runtime {
        Some(path) => {
            let path = &path.value;
            quote!(#path::__private)
        }
        None => quote!(::memo_runtime::__private),
    }
}
