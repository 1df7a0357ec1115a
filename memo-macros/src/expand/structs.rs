//! An annotated struct: injects the field that holds the caches of an instance.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Attribute, Fields, Generics, ItemStruct, LitStr, Meta, Path, Token, parse_quote,
    punctuated::Punctuated, spanned::Spanned,
};

use super::{
    accessor::cfg_attributes,
    fallback,
    fields::{ask_types, check_field},
    runtime,
};
use crate::{
    args::{Options, Position, is_memoize, says, take_memoize},
    diagnostics::Diagnostics,
    names, types,
};

/// ```text
/// Input:   #[memoize] struct Circle { radius: f64 }
/// Output:  struct Circle { radius: f64, memo: InstanceCaches<Self> }
///          impl CacheField for Circle { … }
///          impl CacheHome for Circle { type AllCaches = (<Circle as MemoizedBlock<Unnamed>>::Caches,); }
///          impl BlockHome<Unnamed> for Circle { … }
///          and what asks the types of the fields
/// ```
pub fn expand(
    mut item: ItemStruct,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let runtime = runtime(options);
    let field = field_name(options);
    let list = field_list(&item, &runtime, options.features.verify);
    let errors = diagnostics.count();
    check_blocks(options, diagnostics);
    check_attributes(&item.attrs, diagnostics);
    let may_be_packed = diagnostics.count() > errors;
    let mut asked = check_fields(&mut item, &field, diagnostics);
    if may_be_packed {
        // Such a field cannot be borrowed.
        asked.clear();
    }
    let steady = ask_types(&item, &asked, &runtime);
    let home = Home { runtime: &runtime, ident: &item.ident, generics: &item.generics, options };
    if diagnostics.count() > errors {
        let refused = fallback::expand_struct(&item, &field, &home);
        return quote!(#refused #steady);
    }
    let field_item = home.field(&item, &field);
    let field_impl = home.field_impl(&list, &quote!(&self.#field), &quote!(&mut self.#field));
    let block_impls = home.block_impls();
    if let Fields::Named(fields) = &mut item.fields {
        fields.named.push(field_item);
    }
    quote!(#item #field_impl #block_impls #steady)
}

/// A struct of which the fields cannot be read, which has been said.
pub fn expand_broken(head: &ItemStruct, fields: &Group, options: &Options) -> TokenStream {
    let runtime = runtime(options);
    let home = Home { runtime: &runtime, ident: &head.ident, generics: &head.generics, options };
    fallback::expand_broken_struct(head, fields, &field_name(options), &home)
}

/// The name of the injected field.
fn field_name(options: &Options) -> Ident {
    let given = options.field.as_ref().map(|field| field.value.clone());
    given.unwrap_or_else(|| Ident::new(names::FIELD, Span::call_site()))
}

/// What the impls of a struct's home are made of.
pub struct Home<'a> {
    pub runtime: &'a TokenStream,
    pub ident: &'a Ident,
    pub generics: &'a Generics,
    pub options: &'a Options,
}

impl Home<'_> {
    fn field(&self, item: &ItemStruct, field: &Ident) -> syn::Field {
        let runtime = self.runtime;
        let says_serde = self
            .options
            .field_attrs
            .iter()
            .flat_map(|attrs| &attrs.value)
            .any(|attribute| attribute.path().is_ident("serde"));
        let derives_serde = derives(&item.attrs, &["Serialize", "Deserialize"]).is_some();
        let serde = (derives_serde && !says_serde).then(|| quote!(#[serde(skip)]));
        let attrs = self.options.field_attrs.iter().flat_map(|attrs| &attrs.value);
        parse_quote! {
            #[doc(hidden)]
            #serde
            #(#attrs)*
            #field: #runtime::InstanceCaches<Self>
        }
    }

    /// The markers of all blocks: the one without a name, and those that are listed.
    fn blocks(&self, span: Span) -> Vec<TokenStream> {
        let runtime = self.runtime;
        let named = self.options.blocks.iter().flat_map(|blocks| &blocks.value).map(|name| {
            let hash = names::block_hash(name);
            quote_spanned!(span=> #runtime::Named<#hash>)
        });
        std::iter::once(quote_spanned!(span=> #runtime::Unnamed)).chain(named).collect()
    }

    /// `shared` and `exclusive` are the field, borrowed.
    fn field_impl(
        &self,
        list: &TokenStream,
        shared: &TokenStream,
        exclusive: &TokenStream,
    ) -> TokenStream {
        let Self { runtime, ident, generics, .. } = self;
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #runtime::CacheField for #ident #ty_generics #where_clause {
                #[allow(deprecated, unused_imports)]
                const FIELDS: #runtime::FieldList = #list;
                #[inline]
                fn caches(&self) -> &#runtime::InstanceCaches<Self> {
                    #shared
                }
                #[inline]
                fn caches_mut(&mut self) -> &mut #runtime::InstanceCaches<Self> {
                    #exclusive
                }
            }
        }
    }

    /// The impls that lead from the field to the caches of each block.
    fn block_impls(&self) -> TokenStream {
        let Self { runtime, ident, generics, .. } = self;
        // One span for all that needs a block, so that a missing one is one error, at the struct's name.
        let span = Span::call_site().located_at(ident.span());
        let blocks = self.blocks(span);
        let bounded = self.bounded(&blocks);
        let (impl_generics, ty_generics, _) = generics.split_for_impl();
        let (_, _, bounded_where) = bounded.split_for_impl();
        let caches: Vec<TokenStream> = blocks
            .iter()
            .map(|block| quote_spanned!(span=> <Self as #runtime::MemoizedBlock<#block>>::Caches))
            .collect();
        let check = self.check_blocks(&blocks, span);
        let indices = (0..).take(blocks.len()).map(|index| syn::Index { index, span });
        quote_spanned! {span=>
            #[automatically_derived]
            impl #impl_generics #runtime::CacheHome for #ident #ty_generics #bounded_where {
                type AllCaches = (#(#caches,)*);
            }
            #(
                #[automatically_derived]
                impl #impl_generics #runtime::BlockHome<#blocks> for #ident #ty_generics #bounded_where {
                    type Caches = #caches;
                    #[inline]
                    fn block(caches: &Self::AllCaches) -> &Self::Caches {
                        &caches.#indices
                    }
                }
            )*
            #check
        }
    }

    /// The impls of a struct that was refused: any block is at home there, and none can be reached.
    pub fn refused_impls(&self) -> TokenStream {
        let unreachable = quote!(::core::unreachable!());
        let Self { runtime, ident, generics, .. } = self;
        let list = quote!(#runtime::FieldList::UNKNOWN);
        let field = self.field_impl(&list, &unreachable, &unreachable);
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let mut any_block = (*generics).clone();
        any_block.params.push(parse_quote!(__Block));
        any_block
            .make_where_clause()
            .predicates
            .push(parse_quote!(#ident #ty_generics: #runtime::MemoizedBlock<__Block>));
        let (any_generics, _, any_where) = any_block.split_for_impl();
        quote! {
            #field
            #[automatically_derived]
            impl #impl_generics #runtime::CacheHome for #ident #ty_generics #where_clause {
                type AllCaches = ();
            }
            #[automatically_derived]
            impl #any_generics #runtime::BlockHome<__Block> for #ident #ty_generics #any_where {
                type Caches = <Self as #runtime::MemoizedBlock<__Block>>::Caches;
                fn block(_: &Self::AllCaches) -> &Self::Caches {
                    #unreachable
                }
            }
        }
    }

    /// What a block asks more of the parameters than the struct does must not hide that there is none.
    fn check_blocks(&self, blocks: &[TokenStream], span: Span) -> TokenStream {
        let Self { runtime, ident, generics, .. } = self;
        let depends =
            generics.type_params().next().is_some() || generics.const_params().next().is_some();
        if depends || generics.params.is_empty() {
            return TokenStream::new();
        }
        let lifetimes = generics.lifetimes().map(|_| quote_spanned!(span=> 'static));
        let ty = quote_spanned!(span=> #ident<#(#lifetimes),*>);
        quote_spanned!(span=> #(const _: () = #runtime::has_block::<#ty, #blocks>();)*)
    }

    /// A block may ask more of the parameters than the struct does.
    fn bounded(&self, blocks: &[TokenStream]) -> Generics {
        let runtime = self.runtime;
        let mut generics = self.generics.clone();
        if !generics.params.is_empty() {
            let (_, ty_generics, _) = self.generics.split_for_impl();
            let ident = self.ident;
            let where_clause = generics.make_where_clause();
            for block in blocks {
                where_clause
                    .predicates
                    .push(parse_quote!(#ident #ty_generics: #runtime::MemoizedBlock<#block>));
            }
        }
        generics
    }
}

/// The fields of the struct, as memoized methods and those that change something name them.
fn field_list(item: &ItemStruct, runtime: &TokenStream, verifies: bool) -> TokenStream {
    let fields = item.fields.iter().filter_map(|field| {
        let name = names::plain(field.ident.as_ref()?);
        let attrs = cfg_attributes(&field.attrs);
        let ty = &field.ty;
        let is_marked = |mark| {
            field.attrs.iter().any(|attribute| is_memoize(attribute) && says(attribute, mark))
        };
        let is_unchecked = (verifies && is_marked("unchecked")).then(|| quote!(.unchecked()));
        let field = if is_marked("untracked") {
            quote!(#runtime::NamedField::untracked(#name))
        } else if types::is_primitive(ty) {
            quote!(#runtime::NamedField::plain(#name))
        } else {
            quote! {
                #runtime::NamedField::new(
                    #name,
                    #runtime::Holding::<#ty>::MAY_BE_REFERENCE,
                    #runtime::Holding::<#ty>::MAY_HOLD_REFERENCE,
                    #runtime::Holding::<#ty>::LOOKS,
                    #runtime::Holding::<#ty>::CLONES,
                )
            }
        };
        Some(quote!(#(#attrs)* #field #is_unchecked))
    });
    let fields = quote!(::core::module_path!(), &[#(#fields),*]);
    quote!({
        use #runtime::Unknown as _;
        #runtime::FieldList::new(#fields)
    })
}

fn check_blocks(options: &Options, diagnostics: &mut Diagnostics) {
    let names: &[LitStr] = options.blocks.as_ref().map_or(&[], |blocks| &blocks.value);
    for (index, name) in names.iter().enumerate() {
        if names[..index].iter().any(|earlier| earlier.value() == name.value()) {
            diagnostics
                .on(name, format_args!("duplicate block name `{}`; remove one", name.value()));
        }
    }
    if let Some(name) = names.get(7) {
        diagnostics.on(
            name,
            "a struct can list at most 7 named blocks; move the methods of this block to another",
        );
    }
}

/// The derive among `names`, if the struct has one.
fn derives(attrs: &[Attribute], names: &[&str]) -> Option<Span> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("derive")).find_map(|attribute| {
        let paths =
            attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated).ok()?;
        paths
            .iter()
            .find(|path| {
                path.segments.last().is_some_and(|last| names.iter().any(|name| last.ident == name))
            })
            .map(Spanned::span)
    })
}

pub fn check_attributes(attrs: &[Attribute], diagnostics: &mut Diagnostics) {
    if let Some(span) = derives(attrs, &["Copy"]) {
        diagnostics.at(span, "a memoized struct cannot be `Copy`; its caches own heap memory; remove `Copy` and derive `Clone`");
    }
    for attribute in attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        let metas = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        for meta in metas.into_iter().flatten() {
            for name in ["C", "transparent", "packed"] {
                if meta.path().is_ident(name) {
                    diagnostics.on(&meta, format_args!("a memoized struct cannot be `repr({name})`; the injected field changes its layout; remove the `repr`, or memoize a wrapper of the struct"));
                }
            }
        }
    }
}

/// Returns the fields whose types are to be asked.
fn check_fields(
    item: &mut ItemStruct,
    injected: &Ident,
    diagnostics: &mut Diagnostics,
) -> Vec<syn::Field> {
    let (what, span) = match &mut item.fields {
        Fields::Named(fields) => {
            return fields
                .named
                .iter_mut()
                .filter_map(|field| {
                    check_field(field, injected, diagnostics).then(|| field.clone())
                })
                .collect();
        }
        Fields::Unnamed(fields) => ("a tuple struct", fields.span()),
        Fields::Unit => ("a unit struct", item.ident.span()),
    };
    diagnostics.at(span, format_args!("{what} cannot be memoized; the caches are a field with a name; write `struct {} {{ … }}`", item.ident));
    if let Fields::Unnamed(fields) = &mut item.fields {
        for field in &mut fields.unnamed {
            take_memoize(&mut field.attrs, Position::Field, diagnostics);
        }
    }
    Vec::new()
}

/// The struct's item, with the field that stands in for the injected one where the struct was refused.
pub fn with_field(item: &ItemStruct, field: &TokenStream) -> TokenStream {
    let mut item = item.clone();
    if let Fields::Named(fields) = &mut item.fields {
        if let Ok(field) = syn::parse::Parser::parse2(syn::Field::parse_named, field.clone()) {
            fields.named.push(field);
        }
    }
    item.into_token_stream()
}
