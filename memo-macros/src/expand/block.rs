//! An annotated `impl` block: rewrites the methods marked inside, and everything that touches the instance.

mod marks;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, ImplItem, ImplItemFn, ItemImpl, Type, spanned::Spanned};

use self::marks::{Marked, mark, refuse_mark, split_conditional};
use super::{
    accessor,
    boxed::{self, Boxed},
    literals::{self, Literals},
    method,
    mutation::{self, Guards, Promise},
    runtime,
    store::StoreType,
};
use crate::{
    args::{Options, Scope},
    diagnostics::Diagnostics,
    effects::Methods,
    field_set::FieldSet,
    model::{BlockContext, Function, receiver_kind},
    names,
    substitute::{OutsideSelf, respan},
    syntax, types,
};

/// A store among the caches of the block.
struct CacheField {
    attrs: Vec<Attribute>,
    name: Ident,
    store: StoreType,
    reads: FieldSet,
}

/// ```text
/// Input:   #[memoize] impl Circle { #[memoize] fn area(&self) -> f64 { … } }
/// Output:  impl Circle { fn area(&self) -> f64 { … }  fn area_cache(&self) -> MethodCache<…> { … } }
///          const _: () = {
///              struct __CircleCaches { area: Once<f64> }
///              impl CacheSet for __CircleCaches { … }
///              impl MemoizedBlock<Unnamed> for Circle { type Caches = __CircleCaches; }
///          };
/// ```
pub fn expand(mut item: ItemImpl, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let runtime = runtime(options);
    let mut block = BlockContext::new(&item, options, runtime);
    let outside = OutsideSelf::new(&item);
    item.items = std::mem::take(&mut item.items).into_iter().flat_map(split_conditional).collect();
    let boxed: Vec<Option<Boxed>> = item.items.iter_mut().map(boxed::open).collect();
    let methods = Methods::new(&item, &block);
    let marked: Vec<Marked> = item
        .items
        .iter_mut()
        .map(|item| match item {
            ImplItem::Fn(method) => mark(method, &block, diagnostics),
            item => {
                refuse_mark(item, diagnostics);
                Marked::Plain(None)
            }
        })
        .collect();

    if block.features.verify {
        block.promises = promises(&item.items, &marked);
    }
    let block = block;
    let scopes: Vec<Scope> = marked.iter().filter_map(Marked::scope).collect();
    let has_instance = scopes.contains(&Scope::Instance) && block.can_have_fields();
    // A block whose memoized methods are all type-scoped works on any type.
    let any_type = !scopes.is_empty() && !has_instance;
    // A type that should have caches and has none is reported once, and not by each method that would forget.
    let is_checked = has_instance || names_a_type(&block);

    let literals = if any_type { Literals::None } else { Literals::OfType };
    let mut completed = false;
    let mut called = BTreeMap::new();
    let mut change = changes_parts(&item.items, &marked, &block);
    let (mut accessors, mut fields, mut items) = (Vec::new(), Vec::new(), Vec::new());
    let parts = std::mem::take(&mut item.items).into_iter().zip(marked).zip(boxed);
    for ((mut item, marked), boxed) in parts {
        completed |= literals::complete(&mut item, literals, &block);
        match (item, marked) {
            (ImplItem::Fn(mut method), Marked::Memoized(mut function)) => {
                let mut guards = Guards {
                    methods: &methods,
                    block: &block,
                    promise: None,
                    called: &mut called,
                    change: &mut change,
                };
                guards.insert(&mut method, diagnostics);
                function.take_patterns(&method.sig);
                if function.scope == Scope::Instance {
                    let reads = methods.read_by(&method);
                    function.depends_on = Some(reads.clone());
                    let field = CacheField::new(&method, &function, reads, &block, &outside);
                    fields.push(field);
                }
                if !any_type {
                    literals::complete_patterns(&mut function, &block);
                }
                let mut expanded = method::expand(method, &function, &block, &outside);
                boxed::close(&mut expanded.method, boxed);
                items.push(expanded.method.into_token_stream());
                match block.trait_path {
                    Some(_) => accessors.extend(expanded.accessor),
                    None => items.extend(expanded.accessor),
                }
            }
            (ImplItem::Fn(mut method), Marked::Plain(promise)) => {
                let mut guards = Guards {
                    methods: &methods,
                    block: &block,
                    promise: promise.as_ref(),
                    called: &mut called,
                    change: &mut change,
                };
                guards.insert(&mut method, diagnostics);
                boxed::close(&mut method, boxed);
                items.push(method.into_token_stream());
            }
            (mut item, _) => {
                if let ImplItem::Fn(method) = &mut item {
                    boxed::close(method, boxed);
                }
                items.push(item.into_token_stream());
            }
        }
    }
    item.items = items.into_iter().map(ImplItem::Verbatim).collect();

    let accessors = inherent_block(&accessors, &item);
    let caches = if has_instance && block.undetermined_parameter().is_none() {
        caches(&fields, &block, &outside)
    } else {
        let must_have = is_checked && !any_type && !completed;
        check_home(must_have, change, &block, &outside)
    };
    let own = own_methods(&called, &block, &outside);
    let runtime = &block.runtime;
    quote! {
        #item
        #accessors
        #[allow(unused_imports)]
        use #runtime::AnyFields as _;
        #caches
        #own
    }
}

/// Whether a method of a block for a tuple or an array may change what is in it: by its signature.
fn changes_parts(items: &[ImplItem], marked: &[Marked], block: &BlockContext) -> bool {
    let may_change = |(item, marked): (&ImplItem, &Marked)| {
        let ImplItem::Fn(method) = item else { return false };
        let receiver = method.sig.receiver().map(|receiver| receiver_kind(receiver, None));
        let says_so = || syntax::mention(method.sig.to_token_stream(), "mut").is_some();
        matches!(marked, Marked::Plain(None))
            && (receiver.is_some_and(mutation::can_change) || says_so())
    };
    !types::parts(&block.self_ty).is_empty() && items.iter().zip(marked).any(may_change)
}

/// The promises of the block, as they are written.
fn promises(items: &[ImplItem], marked: &[Marked]) -> Vec<String> {
    let promise = |(item, marked): (&ImplItem, &Marked)| match (item, marked) {
        (ImplItem::Fn(method), Marked::Plain(Some(Promise { fields }))) => {
            let fields: Vec<String> = fields.iter().map(ToString::to_string).collect();
            Some(format!("`changes({})` on `{}`", fields.join(", "), method.sig.ident))
        }
        _ => None,
    };
    items.iter().zip(marked).filter_map(promise).collect()
}

impl CacheField {
    fn new(
        method: &ImplItemFn,
        function: &Function,
        reads: FieldSet,
        block: &BlockContext,
        outside: &OutsideSelf,
    ) -> Self {
        Self {
            reads,
            attrs: accessor::cfg_attributes(&method.attrs),
            name: names::store(&function.ident),
            store: StoreType::new(function, &block.runtime, |tokens| outside.spell_out(tokens)),
        }
    }
}

/// The accessors of a trait's block cannot stand in it.
fn inherent_block(accessors: &[TokenStream], item: &ItemImpl) -> TokenStream {
    if accessors.is_empty() {
        return TokenStream::new();
    }
    let attrs = accessor::cfg_attributes(&item.attrs);
    let (impl_generics, _, where_clause) = item.generics.split_for_impl();
    let self_ty = &item.self_ty;
    quote! {
        #(#attrs)*
        impl #impl_generics #self_ty #where_clause { #(#accessors)* }
    }
}

/// The caches of the block, and what leads to them from the struct's field.
fn caches(fields: &[CacheField], block: &BlockContext, outside: &OutsideSelf) -> TokenStream {
    let runtime = &block.runtime;
    let caches = names::caches(&block.type_name.to_string());
    let (impl_generics, _, where_clause) = outside.generics.split_for_impl();
    let generics = outside.determined();
    let (_, ty_generics, caches_where_clause) = generics.split_for_impl();
    let ty = &outside.ty;
    let marker = method::block_marker(block);

    let attrs: Vec<_> = fields.iter().map(|field| &field.attrs).collect();
    let names: Vec<&Ident> = fields.iter().map(|field| &field.name).collect();
    let types = fields.iter().map(|field| &field.store.ty);
    let stores = fields.iter().map(|field| &field.store.new);
    let indices: Vec<_> = (0..fields.len()).map(Literal::usize_unsuffixed).collect();
    let reads = fields.iter().map(|field| field.reads.read(runtime, &ty.to_token_stream()));
    let (changed, gone) = (names::local("changed"), names::local("gone"));
    let owner = (!generics.params.is_empty())
        .then(|| quote!(__owner: ::core::marker::PhantomData<fn() -> #ty>,));
    let owner_value = owner.as_ref().map(|_| quote!(__owner: ::core::marker::PhantomData,));
    let other = names::local("other");
    let at_type = Span::call_site().located_at(block.self_ty.span());
    let link = quote_spanned! {at_type=>
        #[automatically_derived]
        impl #impl_generics #runtime::MemoizedBlock<#marker> for #ty #where_clause {
            type Caches = #caches #ty_generics;
        }
    };
    quote! {
        const _: () = {
            #[allow(dead_code)]
            pub struct #caches #generics #caches_where_clause {
                #(#(#attrs)* #names: #runtime::Reading<#types, #indices>,)*
                #owner
            }
            #[automatically_derived]
            impl #impl_generics #runtime::CacheSet for #caches #ty_generics #where_clause {
                const READS: &'static [#runtime::Fields] = &[#(#reads),*];
                fn new() -> Self {
                    Self { #(#(#attrs)* #names: #runtime::Reading::new(#stores),)* #owner_value }
                }
                fn take(&mut self, #changed: #runtime::Fields, #gone: &mut Self) {
                    #(#(#attrs)* self.#names.take::<Self>(#changed, &mut #gone.#names);)*
                }
                fn absorb(&self, #other: &Self) {
                    #(#(#attrs)* self.#names.absorb(&#other.#names);)*
                }
            }
            #link
        };
    }
}

/// Whether the block's type can be written outside of the block.
fn names_a_type(block: &BlockContext) -> bool {
    let ty = &block.self_ty;
    matches!(types::peel(ty), Type::Path(_))
        && block.generics.params.is_empty()
        && types::find(ty, |found| &mut found.elided).is_none()
}

/// A block without memoized methods is there for its literals and its `&mut self` methods, and so for a type with
/// caches. A completed literal of another type is an error already.
fn check_home(
    must_have: bool,
    change: bool,
    block: &BlockContext,
    outside: &OutsideSelf,
) -> TokenStream {
    if !must_have && !change {
        return TokenStream::new();
    }
    let span = Span::call_site().located_at(block.self_ty.span());
    let runtime = respan(block.runtime.clone(), span);
    let ty = &outside.ty;
    let (impl_generics, _, where_clause) = outside.generics.split_for_impl();
    // An instance in a tuple or an array is none of the block's.
    let asked = match types::parts(&block.self_ty).as_slice() {
        [] => vec![ty.to_token_stream()],
        parts => parts.iter().map(|part| outside.spell_out(quote!((#part,)))).collect(),
    };
    let visible = change.then(|| {
        quote_spanned!(span=> #(#runtime::visible(&#runtime::BlockFor::<#asked>::NEW.answer());)*)
    });
    let annotated = must_have.then(
        || quote_spanned!(span=> #runtime::annotated(&#runtime::BlockFor::<#ty>::NEW.answer());),
    );
    quote_spanned! {span=>
        const _: () = {
            #[allow(dead_code, single_use_lifetimes)]
            fn asking #impl_generics () #where_clause {
                #visible
                #annotated
            }
        };
    }
}

/// `self.area()` in a `&mut self` method would be a trait's `area(&mut self)`, were there one: then this does not compile either.
fn own_methods(
    called: &BTreeMap<String, Span>,
    block: &BlockContext,
    outside: &OutsideSelf,
) -> TokenStream {
    if called.is_empty() {
        return TokenStream::new();
    }
    let ty = &outside.ty;
    let (impl_generics, _, where_clause) = outside.generics.split_for_impl();
    let instance = names::local("instance");
    let names: Vec<Ident> = called.keys().map(|name| names::method(name)).collect();
    // Where the user calls it.
    let calls = called.iter().zip(&names).map(|((_, span), name)| {
        let mut name = name.clone();
        name.set_span(name.span().located_at(*span));
        quote!(#instance.#name();)
    });
    let span = Span::call_site().located_at(block.self_ty.span());
    quote_spanned! {span=>
        const _: () = {
            trait OwnMethods {
                #(fn #names(&mut self) {})*
            }
            #[automatically_derived]
            impl #impl_generics OwnMethods for #ty #where_clause {}
            #[allow(dead_code, single_use_lifetimes)]
            fn calls #impl_generics (#instance: &mut #ty) #where_clause {
                #(#calls)*
            }
        };
    }
}
