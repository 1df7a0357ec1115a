//! Which store does a method get, and how is its accessor written?

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Expr;

use crate::{model::Function, types};

/// The store of one method, as a type and as a value.
pub struct StoreType {
    /// `Lru<(ByValue<u64>,), f64, NoStats, 128>`
    pub ty: TokenStream,
    /// `Lru`
    pub path: TokenStream,
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
        let markers = parts.iter().map(|part| spell(types::key_marker(runtime, part.ty())));
        let key = quote!((#(#markers,)*));
        let stats = options.stats.is_some();
        let metrics = if stats { quote!(, #runtime::Stats) } else { TokenStream::new() };
        let family = match (parts.is_empty(), function.is_ref(), function.is_unsync()) {
            (true, false, false) => "Once",
            (true, false, true) => "LocalOnce",
            (true, true, false) => "KeptOnce",
            (true, true, true) => "LocalKeptOnce",
            (false, true, false) => "KeptMap",
            (false, true, true) => "LocalKeptMap",
            (false, false, local) => match (options.capacity.is_some(), local) {
                (false, false) => "Map",
                (false, true) => "LocalMap",
                (true, false) => "Lru",
                (true, true) => "LocalLru",
            },
        };
        let family = Ident::new(family, proc_macro2::Span::call_site());
        let path = quote!(#runtime::#family);
        let bound = options.capacity.as_ref().filter(|_| !parts.is_empty()).map(|capacity| {
            let capacity = const_argument(&capacity.value, &spell);
            let metrics = if stats { quote!(#runtime::Stats) } else { quote!(#runtime::NoStats) };
            quote!(, #metrics, #capacity)
        });
        let tail = bound.unwrap_or(metrics);
        let ty = if parts.is_empty() {
            quote!(#path<#value #tail>)
        } else {
            quote!(#path<#key, #value #tail>)
        };
        Self { ty, path }
    }
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
