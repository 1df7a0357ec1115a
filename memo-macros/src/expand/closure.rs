//! How is the user's body handed to the runtime?

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, Block, Signature, spanned::Spanned};

use crate::{model::Function, names, syntax};

/// The user's body as a closure that takes the parts of the key back.
pub fn closure(function: &Function, signature: &Signature, body: &Block) -> TokenStream {
    let parameters = if function.options.key.is_some() {
        quote!(_)
    } else {
        let arguments = syntax::arguments(signature).zip(&function.arguments);
        let taken: Vec<_> = arguments.filter(|(_, argument)| !argument.skipped).collect();
        let lints = taken.iter().flat_map(|(typed, _)| &typed.attrs).filter(|attr| is_lint(attr));
        let patterns = taken.iter().map(|(_, argument)| &argument.pattern);
        quote!(#(#lints)* (#(#patterns,)*))
    };
    let output = function.output.as_ref();
    if signature.asyncness.is_none() {
        // What the compiler says of the closure is about the method.
        let span = Span::call_site().located_at(function.ident.span());
        return quote_spanned!(span=> |#parameters| -> #output #body);
    }
    // Not an `async` closure: where it takes a reference, its future would not be `Send`. An `async` block cannot say what it
    // results in: a local says it for the end of the body, and a first `return`, which never runs, for all others.
    let result = names::local("result");
    let early = syntax::may_say(body.to_token_stream(), "return").then(|| {
        let mut result = result.clone();
        let at_result = output.map_or_else(Span::call_site, Spanned::span);
        result.set_span(result.span().located_at(at_result));
        quote! {
            if let ::core::option::Option::Some(#result) = ::core::option::Option::None::<#output> {
                return #result;
            }
        }
    });
    quote!(move |#parameters| async move {
        #early
        #[allow(clippy::diverging_sub_expression)]
        let #result: #output = #body;
        #[allow(unreachable_code)]
        #result
    })
}

/// `#[allow(…)]`, and the like: what is said of an argument is said where the body takes it.
pub fn is_lint(attribute: &Attribute) -> bool {
    const LEVELS: [&str; 5] = ["allow", "warn", "deny", "forbid", "expect"];
    LEVELS.iter().any(|level| attribute.path().is_ident(level))
}
