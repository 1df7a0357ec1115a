//! Asks the compiler what the types of a memoized method are that do not say it.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use crate::{
    args::Scope,
    effects::hidden,
    model::{Function, ReceiverKind},
    names,
    substitute::respan,
    types,
};

/// ```text
/// Input:   fn root(self: Rc<Self>) -> Handle
/// Output:  let _ = |any: &Handle| apart(&Kept::<Self, _>::of(any).answer());
/// Input:   #[memoize(skip(out))] fn print(&self, out: Out<'_>) -> usize
/// Output:  let _ = |any: &Out<'_>| unchanged(&Passed::of(any).answer());
/// ```
pub fn questions(function: &Function, runtime: &TokenStream) -> TokenStream {
    let covered = function.options.key.is_some();
    let passed = function
        .arguments
        .iter()
        .filter(|argument| (argument.skipped || covered) && says_nothing(&argument.ty))
        .map(|argument| (&argument.ty, quote!(unchanged), quote!(Passed)));
    let kept = result(function).map(|ty| (ty, quote!(apart), quote!(Kept::<Self, _>)));
    let ask = |(ty, refuse, question): (&Type, TokenStream, TokenStream)| {
        let span = Span::call_site().located_at(ty.span());
        let [runtime, refuse, question] =
            [runtime.clone(), refuse, question].map(|tokens| respan(tokens, span));
        let any = names::local("any");
        quote_spanned! {span=>
            let _ = |#any: &#ty| #runtime::#refuse(&#runtime::#question::of(#any).answer());
        }
    };
    passed.chain(kept).map(ask).collect()
}

/// What is kept in an instance that the body has a counted handle to.
fn result(function: &Function) -> Option<&Type> {
    let receiver = function.receiver.as_ref()?;
    let is_counted = matches!(receiver.kind, ReceiverKind::Counted | ReceiverKind::RefCounted);
    let output = function.output.as_ref()?;
    let kept = types::ok_of(output).unwrap_or(output);
    (is_counted && function.scope == Scope::Instance && says_nothing(kept)).then_some(kept)
}

/// Whether a type has a name of somebody's own, behind which there may be another.
fn says_nothing(ty: &Type) -> bool {
    let is_name = matches!(types::peel(ty), Type::Path(_) | Type::Macro(_));
    is_name && !hidden::is_plain(ty, &|_| false)
}
