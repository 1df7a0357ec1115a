//! The arguments of macros whose literals and patterns are completed.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Expr, Pat, Token,
    parse::{Parse, ParseStream},
};

/// The arguments of `matches!`.
pub(super) struct Matches {
    pub(super) value: Expr,
    comma: Token![,],
    pub(super) pattern: Pat,
    pub(super) guard: Option<(Token![if], Expr)>,
    rest: TokenStream,
}

impl Parse for Matches {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self {
            value: input.parse()?,
            comma: input.parse()?,
            pattern: Pat::parse_multi_with_leading_vert(input)?,
            guard: if input.peek(Token![if]) {
                Some((input.parse()?, input.parse()?))
            } else {
                None
            },
            rest: input.parse()?,
        })
    }
}

impl ToTokens for Matches {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { value, comma, pattern, guard, rest } = self;
        let guard = guard.as_ref().map(|(token, guard)| quote!(#token #guard));
        tokens.extend(quote!(#value #comma #pattern #guard #rest));
    }
}

/// The arguments of `vec![element; count]`.
pub(super) struct Repeat {
    pub(super) element: Expr,
    semi: Token![;],
    pub(super) count: Expr,
}

impl Parse for Repeat {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let repeat = Self { element: input.parse()?, semi: input.parse()?, count: input.parse()? };
        if input.is_empty() { Ok(repeat) } else { Err(input.error("")) }
    }
}

impl ToTokens for Repeat {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.element.to_tokens(tokens);
        self.semi.to_tokens(tokens);
        self.count.to_tokens(tokens);
    }
}
