//! The feature `verify`: what a memoized call is told, so that it can verify its hits.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Type, ext::IdentExt};

use crate::{
    model::{BlockContext, Function, KeyPart},
    names, types,
};

/// Whether hits of a method are verified where the feature is on: not if a result is meant to differ from that of now.
pub fn is_verified(function: &Function) -> bool {
    function.options.unverified.is_none() && function.options.ttl.is_none()
}

/// ```text
/// Output:  .verified(Checks {
///              site: &Site { name: "Circle::area", file: file!(), line: line!(), … },
///              differ: Compared::<f64, f64>::NEW.differ(),
///              cached: Shown::<f64>::NEW.text(),
///              now: Shown::<f64>::NEW.text(),
///              key: |key: &Stored<(Bits<f64>,)>| vec![Shown::<Stored<Bits<f64>>>::NEW.text()(&key.0)],
///          })
/// ```
pub fn verified(
    function: &Function,
    runtime: &TokenStream,
    block: Option<&BlockContext>,
) -> TokenStream {
    // What is in a store is left out.
    if !function.features.verify || function.options.store.is_some() {
        return TokenStream::new();
    }
    if !is_verified(function) {
        return quote!(.unverified());
    }
    let site = site(function, runtime, block);
    let result = function.output.as_ref().map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let value = function.output.as_ref().map(|output| types::ok_of(output).unwrap_or(output));
    let value = value.map_or_else(|| quote!(()), ToTokens::to_token_stream);
    let parts = function.key();
    let markers: Vec<TokenStream> = parts.iter().map(|part| part.marker(runtime)).collect();
    let key = names::local("key");
    let texts = markers.iter().enumerate().map(|(index, marker)| {
        let index = Literal::usize_unsuffixed(index);
        quote!(#runtime::Shown::<#runtime::Stored<#marker>>::NEW.text()(&#key.#index))
    });
    let parameter = if parts.is_empty() { quote!(_) } else { key.to_token_stream() };
    quote! {
        .verified(#runtime::Checks {
            site: #site,
            differ: #runtime::Compared::<#value, #result>::NEW.differ(),
            cached: #runtime::Shown::<#value>::NEW.text(),
            now: #runtime::Shown::<#result>::NEW.text(),
            key: |#parameter: &#runtime::Stored<(#(#markers,)*)>| ::std::vec![#(#texts),*],
        })
    }
}

fn site(function: &Function, runtime: &TokenStream, block: Option<&BlockContext>) -> TokenStream {
    let name = function.full_name();
    let text = |name: &Ident| name.unraw().to_string();
    let options = &function.options;
    let parts = function.key();
    let is_plain = parts.iter().all(|part| is_plain(part.ty()));
    let parts = parts.iter().map(|part| match part {
        KeyPart::State(field) => format!("self.{}", text(&field.name)),
        KeyPart::Argument(argument) => argument
            .name
            .as_ref()
            .map_or_else(|| argument.pattern.to_token_stream().to_string(), text),
        KeyPart::Given(item) => text(&item.name),
    });
    let skipped = options.skip.iter().flat_map(|skip| &skip.value).map(text);
    let reads = options.reads.iter().flat_map(|reads| &reads.value).map(|field| text(&field.name));
    let is_keyed = options.key.is_some();
    let is_result = function.output.as_ref().and_then(types::ok_of).is_some();
    let is_generic = block.is_some_and(BlockContext::is_generic);
    let promises = block.map(|block| &block.promises[..]).unwrap_or_default();
    // Where the user wrote the method, whatever macro it is in.
    let place =
        quote_spanned!(function.ident.span()=> file: ::core::file!(), line: ::core::line!(),);
    quote! {
        &#runtime::Site {
            name: #name,
            #place
            parts: &[#(#parts),*],
            is_plain: #is_plain,
            skipped: &[#(#skipped),*],
            is_keyed: #is_keyed,
            is_result: #is_result,
            is_generic: #is_generic,
            reads: &[#(#reads),*],
            promises: &[#(#promises),*],
        }
    }
}

/// Whether a type is known to be a number or a text, by its name.
fn is_plain(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Reference(reference) => is_plain(&reference.elem),
        ty => {
            types::is_primitive(ty) || types::single_ident(ty).is_some_and(|name| name == "String")
        }
    }
}
