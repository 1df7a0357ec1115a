//! What is left of an item that was refused: the user's item without our attributes, and what keeps one mistake from
//! being reported as many.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Fields, Generics, Item, ItemEnum, ItemStruct, ItemUnion, Signature};

use super::structs::{Home, with_field};
use crate::{
    args::{Options, is_memoize},
    diagnostics::Diagnostics,
    names,
    syntax::with_content,
};

/// A struct: its blocks find a home that cannot be reached, and their literals a field of no size.
pub fn expand_struct(item: &ItemStruct, field: &Ident, home: &Home) -> TokenStream {
    let runtime = home.runtime;
    let taken = match &item.fields {
        Fields::Named(fields) => fields
            .named
            .iter()
            .flat_map(|own| &own.ident)
            .any(|own| names::plain(own) == names::plain(field)),
        _ => true,
    };
    let item = if taken {
        item.to_token_stream()
    } else {
        with_field(item, &quote!(#[allow(dead_code)] #field: #runtime::Refused))
    };
    let impls = home.refused_impls();
    quote!(#item #impls)
}

/// A struct of which the fields cannot be read.
pub fn expand_broken_struct(
    head: &ItemStruct,
    fields: &Group,
    field: &Ident,
    home: &Home,
) -> TokenStream {
    let runtime = home.runtime;
    let ItemStruct { attrs, vis, struct_token, ident, generics, .. } = head;
    let where_clause = &generics.where_clause;
    let impls = home.refused_impls();
    let rest = fields.stream();
    let refused = quote!(#[allow(dead_code)] #field: #runtime::Refused, #rest);
    let fields = with_content(fields, refused);
    quote!(#(#attrs)* #vis #struct_token #ident #generics #where_clause #fields #impls)
}

fn refused_home(ident: &Ident, generics: &Generics) -> TokenStream {
    let runtime = quote!(::memo_runtime::__private);
    Home { runtime: &runtime, ident, generics, options: &Options::default() }.refused_impls()
}

/// An enum.
pub fn expand_enum(mut item: ItemEnum, diagnostics: &mut Diagnostics) -> TokenStream {
    diagnostics.at(item.enum_token.span, "an enum cannot be memoized; it has no field for the caches; memoize a struct that holds it, or use `scope = \"type\"`, which needs no attribute here");
    for field in item.variants.iter_mut().flat_map(|variant| variant.fields.iter_mut()) {
        field.attrs.retain(|attribute| !is_memoize(attribute));
    }
    let home = refused_home(&item.ident, &item.generics);
    quote!(#item #home)
}

/// A union.
pub fn expand_union(mut item: ItemUnion, diagnostics: &mut Diagnostics) -> TokenStream {
    diagnostics.at(
        item.union_token.span,
        "a union cannot be memoized; its fields share one place; memoize a struct that holds it",
    );
    for field in &mut item.fields.named {
        field.attrs.retain(|attribute| !is_memoize(attribute));
    }
    let home = refused_home(&item.ident, &item.generics);
    quote!(#item #home)
}

/// A method whose block is not annotated, or a trait's.
pub fn expand_method_outside(
    signature: &Signature,
    item: &TokenStream,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let message = if signature.receiver().is_some() {
        "a memoized method needs `#[memoize]` on its `impl` block too; a trait's default method cannot be memoized, for a trait has no fields; annotate the block, or memoize the method in an annotated `impl … for …`"
    } else {
        "a function without a body cannot be memoized; memoize it where its body is"
    };
    diagnostics.at(Span::call_site(), message);
    item.clone()
}

/// Anything else.
pub fn expand_other(item: &Item, diagnostics: &mut Diagnostics) -> TokenStream {
    let message = match item {
        Item::Trait(_) => {
            "`#[memoize]` does not go on a trait; a trait has no fields; annotate the `impl` blocks of the trait"
        }
        _ => {
            "`#[memoize]` goes on a struct, an `impl` block, a method in such a block, or a function"
        }
    };
    diagnostics.at(Span::call_site(), message);
    item.to_token_stream()
}
