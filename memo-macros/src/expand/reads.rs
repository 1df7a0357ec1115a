//! `reads(field: Type)`: the body moves into a method of a struct that has only the listed fields.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{FnArg, GenericParam, ImplItemFn, parse_quote};

use crate::{
    model::{BlockContext, Function},
    names,
    substitute::OutsideSelf,
};

/// ```text
/// Input:   #[memoize(scope = "type", reads(rate: u32))] fn tax(&self, n: u64) -> u64 { self.rate as u64 * n }
/// Output:  fn tax(&self, n: u64) -> u64 {
///              struct ShopReads { rate: u32 }
///              impl ShopReads { fn tax(&self, n: u64) -> u64 { self.rate as u64 * n } }
///              memoize(Self::tax_cache())
///                  .call((State(&self.rate), n), |(rate, n)| -> u64 { ShopReads { rate }.tax(n) })
///          }
/// ```
///
/// Returns the items and the closure.
pub fn expand(
    method: &ImplItemFn,
    function: &Function,
    block: &BlockContext,
    outside: &OutsideSelf,
) -> (TokenStream, TokenStream) {
    let name = names::reads(&block.type_name.to_string());
    let fields: Vec<_> = function.options.reads.iter().flat_map(|reads| &reads.value).collect();
    let state: Vec<Ident> = fields.iter().map(|field| names::state(&field.name)).collect();
    let field_names: Vec<&Ident> = fields.iter().map(|field| &field.name).collect();
    let field_types = fields.iter().map(|field| outside.spell_out(&field.ty));

    let (impl_generics, ty_generics, where_clause) = outside.generics.split_for_impl();
    let owner_type = outside.owner();
    let owner = (!outside.generics.params.is_empty())
        .then(|| quote!(__owner: ::core::marker::PhantomData<fn() -> #owner_type>,));
    let owner_value = owner.as_ref().map(|_| quote!(__owner: ::core::marker::PhantomData,));
    let struct_generics = &outside.generics;

    let mut signature = method.sig.clone();
    let this = function.receiver.as_ref().map(|receiver| receiver.token(receiver.span));
    signature.inputs = std::iter::once(parse_quote!(&#this))
        .chain(signature.inputs.into_iter().filter(|input| matches!(input, FnArg::Typed(_))))
        .collect();
    let signature = outside.spell_out(&signature);
    let body = outside.spell_out(&method.block);
    let items = quote! {
        struct #name #struct_generics #where_clause { #(#field_names: #field_types,)* #owner }
        #[allow(clippy::missing_const_for_fn)]
        impl #impl_generics #name #ty_generics #where_clause {
            #signature #body
        }
    };

    let arguments: Vec<Ident> =
        function.arguments.iter().map(|argument| argument.local.clone()).collect();
    let keyed = function
        .arguments
        .iter()
        .filter(|argument| !argument.skipped)
        .map(|argument| &argument.local);
    let parameters = match &function.options.key {
        Some(key) => {
            let given = key.value.iter().map(|_| format_ident!("_"));
            quote!((#(#state,)* #(#given,)*))
        }
        None => quote!((#(#state,)* #(#keyed,)*)),
    };
    let turbofish = turbofish(outside);
    let method_name = &function.ident;
    let output = &function.output;
    let value = quote!(#name #turbofish { #(#field_names: #state,)* #owner_value });
    let closure = if method.sig.asyncness.is_some() {
        let reads = names::local("reads");
        quote! {
            move |#parameters| async move {
                let #reads = #value;
                #reads.#method_name(#(#arguments),*).await
            }
        }
    } else {
        quote!(|#parameters| -> #output { #value.#method_name(#(#arguments),*) })
    };
    (items, closure)
}

/// The type and const arguments; lifetimes are inferred.
fn turbofish(outside: &OutsideSelf) -> Option<TokenStream> {
    let arguments: Vec<&Ident> = outside
        .generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    (!arguments.is_empty()).then(|| quote!(::<#(#arguments),*>))
}
