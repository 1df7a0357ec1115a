//! Which store does a method get, and how is its accessor written?

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Token, spanned::Spanned};

use super::method::at_output;
use crate::{
    args::{Policy, Ttl},
    model::Function,
    names, types,
};

/// The store of one method, as a type and as a value.
pub struct StoreType {
    /// `Lru<(ByValue<u64>,), f64, NoStats, Threads, 128>`
    pub ty: TokenStream,
    /// `Lru::new()`
    pub new: TokenStream,
    /// What `store` says; `new` is nothing then.
    region: Option<TokenStream>,
    /// `(ByValue<u64>,)`
    key: TokenStream,
    /// `f64`
    value: TokenStream,
}

impl StoreType {
    /// `spell` writes a type where `Self` is not in scope.
    pub fn new(
        function: &Function,
        runtime: &TokenStream,
        spell: impl Fn(TokenStream) -> TokenStream,
    ) -> Self {
        let options = &function.options;
        let parts = function.key();
        let output = function.output.as_ref();
        let value = output.map(|output| types::ok_of(output).unwrap_or(output).to_token_stream());
        let value = spell(value.unwrap_or_else(|| quote!(())));
        let markers = parts.iter().map(|part| spell(part.marker(runtime)));
        let key = quote!((#(#markers,)*));
        if let Some(store) = &options.store {
            let family = if function.is_async { "InAsyncStore" } else { "InStore" };
            let path = Ident::new(family, Span::call_site());
            let key = if parts.is_empty() { quote!(()) } else { key };
            let ty = quote!(#runtime::#path<#key, #value>);
            let region = store.value.to_token_stream();
            return Self { ty, new: TokenStream::new(), region: Some(region), key, value };
        }
        let in_engine = options.engine.is_some();
        let family = match (parts.is_empty(), function.is_ref(), &options.capacity) {
            _ if in_engine => "InEngine",
            (true, false, _) => "Once",
            (true, true, _) => "KeptOnce",
            (false, true, _) => "KeptMap",
            (false, false, None) => "Map",
            (false, false, Some(_)) => match options.policy.as_ref().map(|policy| policy.value) {
                None | Some(Policy::Lru) => "Lru",
                Some(Policy::Sieve) => "Sieve",
            },
        };
        let timed = if options.ttl.is_some() { "Timed" } else { "" };
        let family = Ident::new(&format!("{timed}{family}"), Span::call_site());
        let path = quote!(#runtime::#family);
        let capacity = options.capacity.as_ref().filter(|_| !parts.is_empty());
        let capacity = capacity.map(|capacity| const_argument(&capacity.value, &spell));
        // What is usual is not said, except before something that is not.
        let is_local = function.is_unsync();
        let mode = match (is_local, &capacity) {
            (true, _) => Some(quote!(, #runtime::Local)),
            (false, Some(_)) => Some(quote!(, #runtime::Threads)),
            (false, None) => None,
        };
        let metrics = match (options.stats.is_some(), &mode) {
            (true, _) => Some(quote!(, #runtime::Stats)),
            (false, Some(_)) => Some(quote!(, #runtime::NoStats)),
            (false, None) => None,
        };
        let capacity = capacity.map(|capacity| quote!(, #capacity));
        let tail = quote!(#metrics #mode #capacity);
        let ty = if parts.is_empty() && !in_engine {
            quote!(#path<#value #tail>)
        } else {
            quote!(#path<#key, #value #tail>)
        };
        let (ty, new) = match (&options.engine, options.single_flight.is_some()) {
            (None, false) => (ty, quote!(#path::new())),
            (None, true) => (quote!(#runtime::Flights<#ty>), quote!(#runtime::Flights::new())),
            (Some(engine), is_single) => {
                let engine = &engine.value;
                // What is no engine is told about the expression.
                let span = Span::call_site().located_at(engine.span());
                let new = quote_spanned!(span=> #path::new(#engine));
                if is_single {
                    (quote!(#runtime::Flights<#ty>), quote!(#runtime::Flights::around(#new)))
                } else {
                    (ty, new)
                }
            }
        };
        let key = if parts.is_empty() { quote!(()) } else { key };
        Self { ty, new, region: None, key, value }
    }
}

impl StoreType {
    /// `Identity::of(|| (), …).version(…).store("rate", &BILLING)`, or what makes another store. `of` tells the concrete types of a generic block apart.
    pub fn make(
        &self,
        function: &Function,
        runtime: &TokenStream,
        of: Option<&TokenStream>,
    ) -> TokenStream {
        let Some(region) = &self.region else { return self.new.clone() };
        let name = function.full_name();
        let identity = identity(function, runtime, of);
        // What cannot be stored is told about the result, what is no region about the expression.
        let store = if function.is_async { "async_store" } else { "store" };
        let store = Ident::new(store, at_output(function));
        let stats = function.options.stats.as_ref().map(|_| quote!(.stats()));
        quote!(#identity.#store(#name, #region)#stats)
    }

    /// `MethodCache<'_, impl CacheOf<(ByValue<u64>,), f64>>`: what the accessor of the method returns. It names neither the store
    /// nor an option.
    pub fn accessor(
        &self,
        function: &Function,
        runtime: &TokenStream,
        lifetime: &TokenStream,
    ) -> TokenStream {
        let Self { key, value, .. } = self;
        if function.options.store.is_some() {
            let cache = accessor_of_store(function);
            return quote!(#runtime::#cache<#key, #value>);
        }
        // With the rules of this package's edition, by which it captures all lifetimes that there are.
        let opaque = Token![impl](Span::mixed_site());
        if function.is_ref() {
            let cache = quote!(#opaque #runtime::LastingCacheOf<#lifetime, #key, #value>);
            quote!(#runtime::MethodCache<#lifetime, #cache, #runtime::HandsOutReferences>)
        } else {
            quote!(#runtime::MethodCache<#lifetime, #opaque #runtime::CacheOf<#key, #value>>)
        }
    }
}

/// `StoreCache`, or `AsyncStoreCache`.
pub fn accessor_of_store(function: &Function) -> Ident {
    let name = if function.is_async { "AsyncStoreCache" } else { "StoreCache" };
    Ident::new(name, Span::call_site())
}

/// `Identity::of(|| (), Some("rate")).version("…")`: what tells its entries from those of others.
fn identity(function: &Function, runtime: &TokenStream, of: Option<&TokenStream>) -> TokenStream {
    let options = &function.options;
    let name = function.name();
    let identity = match (options.name.as_ref().map(|name| &name.value), of) {
        (Some(name), None) => quote!(named(#name)),
        (Some(name), Some(of)) => quote!(named_for::<#of>(#name)),
        // Beside a method of a trait, an accessor tells more than the method's name.
        (None, _) if function.in_trait => quote!(of(|| (), ::core::option::Option::None)),
        (None, _) => quote!(of(|| (), ::core::option::Option::Some(#name))),
    };
    let version = match &options.version {
        Some(version) => version.value.to_token_stream(),
        None => format!("{:016x}", function.version).into_token_stream(),
    };
    quote!(#runtime::Identity::#identity.version(#version))
}

/// `.ttl(|_| ::core::time::Duration::from_secs(30))`, after the place of a store.
pub fn ttl(function: &Function, runtime: &TokenStream) -> Option<TokenStream> {
    Some(match &function.options.ttl.as_ref()?.value {
        Ttl::Literal(time) => {
            let time = time.duration();
            quote!(.ttl(|_| #time))
        }
        Ttl::Closure(closure) => quote!(.ttl(#closure)),
        // Its type decides what it is, and is asked for where it stands.
        Ttl::Expression(expr) => {
            let value = names::local("value");
            let span = Span::call_site().located_at(expr.span());
            let lifespan = quote_spanned!(span=> #runtime::lifespan);
            quote!(.ttl(|#value| #lifespan(#value, #expr)))
        }
    })
}

fn const_argument(expr: &Expr, spell: impl Fn(TokenStream) -> TokenStream) -> TokenStream {
    match expr {
        Expr::Lit(literal) => literal.to_token_stream(),
        Expr::Path(path) if path.path.get_ident().is_some() => path.to_token_stream(),
        Expr::Group(group) => const_argument(&group.expr, spell),
        Expr::Block(block) => spell(block.to_token_stream()),
        expr => {
            let expr = spell(expr.to_token_stream());
            quote!({ #expr })
        }
    }
}
