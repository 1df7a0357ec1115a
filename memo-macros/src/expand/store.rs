//! Which store does a method get, and how is its accessor written?

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Token, spanned::Spanned};

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
        Self { ty, new, key, value }
    }
}

impl StoreType {
    /// `MethodCache<'_, impl CacheOf<(ByValue<u64>,), f64>>`: what the accessor of the method returns. It names neither the store
    /// nor an option.
    pub fn accessor(
        &self,
        function: &Function,
        runtime: &TokenStream,
        lifetime: &TokenStream,
    ) -> TokenStream {
        let Self { key, value, .. } = self;
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
