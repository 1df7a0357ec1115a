//! The accessor of a memoized method, and the `static` of a type-scoped one.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, ConstParam};

use super::{
    method::{at_output, in_instance},
    store::{StoreType, accessor_of_store, ttl},
};
use crate::{
    args::Scope,
    diagnostics::one_of,
    field_set::FieldSet,
    model::{BlockContext, Function},
    names,
    substitute::{OutsideSelf, respan},
    types,
};

/// The attributes that decide whether an item is there.
pub fn cfg_attributes(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).cloned().collect()
}

/// `MethodCache<'_, Store>` and the expression that makes it.
pub struct AccessorBody {
    pub ty: TokenStream,
    pub body: TokenStream,
}

pub fn instance_accessor(
    function: &Function,
    block: &BlockContext,
    store: &StoreType,
) -> AccessorBody {
    let runtime = &block.runtime;
    let instance = in_instance(function, None, block);
    let ty = store.accessor(function, runtime, &quote!('_));
    let body = if function.is_ref() {
        quote!(#instance.lasting_cache())
    } else {
        let ttl = ttl(function, runtime);
        quote!(#instance.cache()#ttl)
    };
    AccessorBody { ty, body }
}

/// The accessor's item, for an inherent `impl` or beside a free function.
pub fn accessor_item(
    function: &Function,
    name: &Ident,
    attrs: &[Attribute],
    vis: &TokenStream,
    accessor: &AccessorBody,
    where_clause: Option<&TokenStream>,
) -> TokenStream {
    let AccessorBody { ty, body } = accessor;
    let doc = format!(
        " The cache of `{}`: its size and counts, and ways to look up, insert and forget entries.{}",
        function.ident,
        function.depends_on.as_ref().map(depends_on).unwrap_or_default(),
    );
    let receiver = (function.scope == Scope::Instance).then(|| quote!(&self));
    quote! {
        #[doc = #doc]
        #(#attrs)*
        #[allow(dead_code)]
        #[must_use]
        #[inline]
        #vis fn #name(#receiver) -> #ty #where_clause {
            #body
        }
    }
}

/// What a change makes an instance forget the entries.
fn depends_on(fields: &FieldSet) -> String {
    let fields = match fields {
        FieldSet::All => "any field".to_owned(),
        FieldSet::Named(names) => match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => return " Its results depend on no field.".to_owned(),
            ref names => one_of(names).replace(" or ", " and "),
        },
    };
    format!(" Its results depend on {fields}: what changes that forgets them.")
}

pub struct InType<'a> {
    pub block: &'a BlockContext,
    pub outside: &'a OutsideSelf,
    pub store: &'a StoreType,
}

impl InType<'_> {
    pub fn accessor(&self, function: &Function) -> AccessorBody {
        let (item, body) = self.cache(function);
        let ty = self.store.accessor(function, &self.block.runtime, &quote!('static));
        AccessorBody { ty, body: quote!(#item #body) }
    }

    /// The const parameters that the type does not tell: those that only the trait names, or a projection. A block with one
    /// of the former has no accessor.
    fn constants(&self) -> impl Iterator<Item = &ConstParam> {
        let generics = &self.block.generics;
        generics
            .const_params()
            .filter(|constant| !types::determines(&self.block.self_ty, &constant.ident))
    }

    /// A `static`, and the expression that makes a `MethodCache` from it.
    pub fn cache(&self, function: &Function) -> (TokenStream, TokenStream) {
        if !self.block.is_generic() {
            return static_cache(function, &self.block.runtime, self.store);
        }
        // A type for each value. The constant's own type is spelled as the user does: it may be an alias.
        let constants = self.constants().map(|constant| {
            let (name, ty) = (names::constant(&constant.ident), &constant.ty);
            quote!(#[allow(dead_code)] struct #name<const VALUE: #ty>;)
        });
        let constants = quote!(#(#constants)*);
        let runtime = &self.block.runtime;
        let key = self.type_key();
        let store = &self.store.ty;
        let ttl = ttl(function, runtime);
        let new = self.store.make(function, runtime, Some(&key));
        let caches = names::static_cache(&quote!(#key #store #new #ttl));
        if function.is_unsync() {
            return (
                quote! {
                    #constants
                    ::std::thread_local! {
                        static #caches: #runtime::LocalRegistry = #runtime::LocalRegistry::default();
                    }
                },
                quote!(#runtime::MethodCache::at(#runtime::PerThreadAndType::<#key, #store>::new(&#caches))#ttl),
            );
        }
        let cache = constructor(function, runtime);
        let name = function.name();
        let registry = quote!(#caches.get_or_init(|| #runtime::Registry::new(#name)));
        let store = if function.is_outside() {
            quote!(#registry.get_or_make::<#key, #store>(|| #new))
        } else {
            respan(quote!(#registry.get::<#key, #store>()), at_output(function))
        };
        (
            {
                let caches = once_static(&caches, &quote!(#runtime::Registry));
                quote!(#constants #caches)
            },
            quote!(#cache(#store)#ttl),
        )
    }

    /// A `'static` type that tells the concrete types apart.
    fn type_key(&self) -> TokenStream {
        let ty = self.outside.static_type();
        let given = types::last_segment(&ty).map(types::type_arguments).unwrap_or_default();
        // A parameter that the type only mentions, as in `T::Item`, is not determined by it.
        let is_missing =
            |name: &&Ident| !given.iter().any(|ty| types::single_ident(ty) == Some(name));
        let generics = &self.block.generics;
        let mut rest: Vec<TokenStream> = generics
            .type_params()
            .map(|parameter| &parameter.ident)
            .filter(is_missing)
            .map(ToTokens::to_token_stream)
            .collect();
        rest.extend(self.constants().map(|constant| {
            let name = names::constant(&constant.ident);
            let value = &constant.ident;
            quote!(#name<#value>)
        }));
        if rest.is_empty() {
            return ty.to_token_stream();
        }
        quote!((::core::marker::PhantomData<#ty>, #(::core::marker::PhantomData<#rest>,)*))
    }
}

/// The cache of a type-scoped function that no type parameter concerns.
pub fn static_cache(
    function: &Function,
    runtime: &TokenStream,
    store: &StoreType,
) -> (TokenStream, TokenStream) {
    let ty = &store.ty;
    let empty = store.make(function, runtime, None);
    let ttl = ttl(function, runtime);
    let cache = names::static_cache(&quote!(#ty #empty #ttl));
    if function.is_unsync() {
        return (
            quote!(::std::thread_local! { static #cache: #ty = const { #empty }; }),
            quote!(#runtime::MethodCache::at(#runtime::PerThread(&#cache))#ttl),
        );
    }
    let made = constructor(function, runtime);
    let name = function.full_name();
    // The user's expression keeps its own spans.
    let store = if function.is_outside() {
        let path = respan(quote!(#runtime::TypeCache::made), at_output(function));
        quote!(#path(&#cache, #name, || #empty))
    } else {
        let new = respan(quote!(#runtime::TypeCache::new), at_output(function));
        let init = quote!(#cache.get_or_init(|| #new(#name, &#cache, #empty)));
        respan(quote!(#init.get()), at_output(function))
    };
    (once_static(&cache, &quote!(#runtime::TypeCache<#ty>)), quote!(#made(#store)#ttl))
}

/// How an accessor is made of the store of a type. Hits that are verified need to know that it lives as long as the process.
fn constructor(function: &Function, runtime: &TokenStream) -> TokenStream {
    if function.options.store.is_some() {
        let cache = accessor_of_store(function);
        return quote!(#runtime::#cache::of);
    }
    let name = match (function.is_ref(), function.features.verify) {
        (true, _) => quote!(lasting),
        (false, false) => quote!(of),
        (false, true) => quote!(of_type),
    };
    quote!(#runtime::MethodCache::#name)
}

/// `static CACHE: ::std::sync::OnceLock<…> = ::std::sync::OnceLock::new();`
fn once_static(name: &Ident, ty: &TokenStream) -> TokenStream {
    quote!(static #name: ::std::sync::OnceLock<#ty> = ::std::sync::OnceLock::new();)
}
