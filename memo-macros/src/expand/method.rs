//! A memoized method: the user's body in a closure, inside one call into the runtime.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    FnArg, ImplItemFn, ReturnType, Signature, Type, parse_quote, parse_quote_spanned,
    spanned::Spanned,
};

use super::{
    accessor::{InType, accessor_item, cfg_attributes, instance_accessor},
    closure::{closure, is_lint},
    reads,
    said::questions,
    store::{StoreType, ttl},
    verify::verified,
};
use crate::{
    args::Scope,
    model::{Argument, BlockContext, Function, KeyPart, Receiver, ReceiverKind},
    names,
    substitute::{OutsideSelf, respan},
    syntax, types,
};

/// What a method of a block becomes.
pub struct Expanded {
    /// The method, in its place.
    pub method: ImplItemFn,
    /// Its accessor, for an inherent `impl` of the type.
    pub accessor: Option<TokenStream>,
}

/// ```text
/// Input:   #[memoize] fn area(&self, scale: f64) -> f64 { BODY }
/// Output:  fn area(&self, scale: f64) -> f64 {
///              instance(self, |caches| &caches.area).call((scale,), |(scale,)| -> f64 { BODY })
///          }
/// ```
pub fn expand(
    mut method: ImplItemFn,
    function: &Function,
    block: &BlockContext,
    outside: &OutsideSelf,
) -> Expanded {
    let runtime = &block.runtime;
    let store = StoreType::new(function, runtime, |tokens| outside.spell_out(tokens));
    let accessor_name =
        function.accessor(block.trait_path.is_some()).filter(|_| accessor_is_possible(block));
    let in_type = InType { block, outside, store: &store };
    let cached = match function.scope {
        Scope::Instance => {
            let instance = in_instance(function, function.receiver.as_ref(), block);
            let ttl = ttl(function, runtime);
            quote!(#instance #ttl)
        }
        Scope::Type => {
            let checked = without_instances(function, block);
            let caller = caller(function, runtime);
            match &accessor_name {
                Some(name) => quote!(#caller(Self::#name())#checked),
                None => {
                    let (item, cache) = in_type.cache(function);
                    quote!({ #item #caller(#cache)#checked })
                }
            }
        }
    };
    let accessor = accessor_name.map(|name| {
        let attrs = cfg_attributes(&method.attrs);
        let vis = &method.vis;
        let vis = if block.trait_path.is_some() { quote!(pub(crate)) } else { quote!(#vis) };
        let body = match function.scope {
            Scope::Instance => instance_accessor(function, block, &store),
            Scope::Type => in_type.accessor(function),
        };
        // Bounds of the method alone, which the store needs too.
        let generics = &method.sig.generics;
        let bounds = generics.where_clause.as_ref().filter(|_| generics.params.is_empty());
        let bounds = bounds.map(|bounds| outside.spell_out(bounds));
        accessor_item(function, &name, &attrs, &vis, &body, bounds.as_ref())
    });
    let (items, closure) = match &function.options.reads {
        Some(_) => reads::expand(&method, function, block, outside),
        None => (TokenStream::new(), closure(function, &method.sig, &method.block)),
    };
    rewrite_signature(&mut method.sig, function);
    let call = call(function, runtime, Some(block), &cached, &closure);
    let home = home(function);
    let questions = questions(function, runtime);
    syntax::set_body(&mut method.block, quote!(#items #questions #home #call));
    Expanded { method, accessor }
}

/// A type parameter that only the trait names cannot stand on an inherent `impl`.
pub fn accessor_is_possible(block: &BlockContext) -> bool {
    block.trait_path.is_none() || block.undetermined_parameter().is_none()
}

/// Which block's caches: `Unnamed` or `Named<HASH>`.
pub fn block_marker(block: &BlockContext) -> TokenStream {
    let runtime = &block.runtime;
    match &block.name {
        Some(name) => {
            let hash = names::block_hash(name);
            quote!(#runtime::Named<#hash>)
        }
        None => quote!(#runtime::Unnamed),
    }
}

pub fn in_instance(
    function: &Function,
    receiver: Option<&Receiver>,
    block: &BlockContext,
) -> TokenStream {
    let store = names::store(&function.ident);
    // One span for all that needs the struct's attribute, so that a missing one is one error, at the block's type.
    let span = Span::call_site().located_at(block.self_ty.span());
    let runtime = respan(block.runtime.clone(), span);
    let mut caches = names::local("caches");
    caches.set_span(caches.span().located_at(span));
    let this = receiver.map_or_else(|| Ident::new("self", span), |receiver| receiver.token(span));
    let instance = match receiver.map(|receiver| receiver.kind) {
        Some(ReceiverKind::RefCounted) => quote_spanned!(span=> &**#this),
        Some(ReceiverKind::PinRef) => quote_spanned!(span=> ::core::pin::Pin::get_ref(#this)),
        Some(ReceiverKind::Counted) => {
            let home = names::local("home");
            quote_spanned!(span=> &*#home)
        }
        _ => quote_spanned!(span=> #this),
    };
    let instance = quote_spanned!(span=> (#instance, |#caches| &#caches.#store));
    match &block.name {
        Some(name) => {
            let hash = names::block_hash(name);
            quote_spanned!(span=> #runtime::instance_in::<#hash, _, _, _, _> #instance)
        }
        None => quote_spanned!(span=> #runtime::instance #instance),
    }
}

/// Refuses a type-scoped key that holds a value of the block's type, if that type has caches. Only the compiler knows.
fn without_instances(function: &Function, block: &BlockContext) -> Option<TokenStream> {
    let key = function.key();
    let part = key.iter().find(|part| {
        !matches!(part, KeyPart::State(_)) && types::instances(part.ty(), block.type_name()).any
    })?;
    let span = Span::call_site().located_at(part.ty().span());
    let runtime = respan(block.runtime.clone(), span);
    Some(quote_spanned!(span=> .keyed_by(#runtime::ValueOf::<Self>::NEW.kind())))
}

/// What makes a call of the accessor of a type-scoped function.
pub fn caller(function: &Function, runtime: &TokenStream) -> TokenStream {
    if function.options.store.is_some() {
        quote!(#runtime::stored)
    } else {
        quote!(#runtime::memoize)
    }
}

/// A receiver taken by value is the body's; the caches need a hold of the instance too.
fn home(function: &Function) -> TokenStream {
    match &function.receiver {
        Some(receiver)
            if receiver.kind == ReceiverKind::Counted && function.scope == Scope::Instance =>
        {
            let home = names::local("home");
            let this = receiver.token(receiver.span);
            quote!(let #home = ::core::clone::Clone::clone(&#this);)
        }
        _ => TokenStream::new(),
    }
}

/// `.only_ok_of::<Result<T, E>>().call((args,), closure)`, which compiler errors about bounds point to by its spans.
pub fn call(
    function: &Function,
    runtime: &TokenStream,
    block: Option<&BlockContext>,
    cached: &TokenStream,
    closure: &TokenStream,
) -> TokenStream {
    let options = &function.options;
    let output = function.output.as_ref();
    let is_result = output.and_then(types::ok_of).is_some();
    let at_result = output.map_or_else(Span::call_site, Spanned::span);
    let only_ok = Ident::new("only_ok_of", Span::call_site().located_at(at_result));
    let may_be_alias = output.is_some_and(types::may_be_result_alias);
    let only_kept = || {
        let result = names::local("result");
        quote!(.only_if(|#result: &#output| #runtime::Probe::new(#result).is_kept()))
    };
    let filter = match (&options.cache_if, is_result) {
        (Some(predicate), false) if may_be_alias => {
            let only_kept = only_kept();
            let predicate = &predicate.value;
            quote!(#only_kept.and_if::<#output, _>(#predicate))
        }
        (Some(predicate), false) => {
            let predicate = &predicate.value;
            quote!(.only_if::<#output, _>(#predicate))
        }
        (Some(predicate), true) => {
            let predicate = &predicate.value;
            quote!(.#only_ok::<#output>().and_only_if::<#output, _>(#predicate))
        }
        (None, true) => quote!(.#only_ok::<#output>()),
        (None, false) if may_be_alias && function.is_ref() => {
            let result = names::local("result");
            let check = Ident::new("not_an_alias", at_output(function));
            quote!(.#check(|#result: &#output| #runtime::Probe::new(#result).kind()))
        }
        (None, false) if may_be_alias => only_kept(),
        (None, false) => TokenStream::new(),
    };
    let flight = options.single_flight.as_ref().map(|_| {
        let name = function.full_name();
        quote!(.single_flight(#name))
    });
    let is_stored = options.store.is_some();
    let name = match (is_stored, function.is_ref(), function.is_async) {
        (true, _, false) => "call_stored",
        (true, _, true) => "call_stored_async",
        (false, false, false) => "call",
        (false, true, false) => "call_ref",
        (false, false, true) => "call_async",
        (false, true, true) => "call_ref_async",
    };
    let arguments = key_arguments(function, runtime);
    let verified = verified(function, runtime, block);
    if function.is_async {
        // A bound is asked for where the future is made, where its type is formed and where it is awaited; and of a type that is
        // inferred. With one place for all of that, a missing one is one error.
        let span = Span::call_site().located_at(function.ident.span());
        let name = Ident::new(name, span);
        let mut call = names::local("call");
        call.set_span(call.span().located_at(span));
        let awaited =
            quote_spanned!(span=> #call.#name::<_, _, _, _, _>(#arguments, #closure).await);
        quote!(let #call = #cached #filter #flight #verified; #awaited)
    } else {
        let name = Ident::new(name, at_output(function));
        quote!(#cached #filter #flight #verified.#name(#arguments, #closure))
    }
}

/// Where what concerns the result is shown: the return type, or what of it is stored.
pub fn at_output(function: &Function) -> Span {
    function.output.as_ref().map_or_else(Span::call_site, |output| {
        Span::call_site().located_at(types::ok_of(output).unwrap_or(output).span())
    })
}

/// The tuple that is looked up.
fn key_arguments(function: &Function, runtime: &TokenStream) -> TokenStream {
    let parts = function.key();
    // The compiler shows a missing bound at the part that lacks it if that has the context of the tuple, which is the user's.
    let at = |span: Span| -> TokenStream {
        let tokens = runtime.clone().into_iter();
        tokens
            .map(|mut token| {
                token.set_span(span);
                token
            })
            .collect()
    };
    let part = |part: &KeyPart| match part {
        KeyPart::State(field) => {
            let span = field.ty.span();
            let name = &field.name;
            let ty = &field.ty;
            let this = function.receiver.as_ref().map(|receiver| receiver.token(span));
            let runtime = at(span);
            quote_spanned!(span=> #runtime::State::<#ty>(&#this.#name))
        }
        KeyPart::Argument(argument) => {
            let mut local = argument.local.clone();
            local.set_span(local.span().located_at(argument.ty.span()));
            local.to_token_stream()
        }
        KeyPart::Given(item) => {
            let expr = &item.expr;
            let ty = &item.ty;
            let span = ty.span();
            let runtime = at(span);
            quote_spanned!(span=> #runtime::Moved::<#ty>(#expr))
        }
    };
    let span = parts.first().map_or_else(Span::call_site, |part| part.ty().span());
    let parts = parts.iter().map(part);
    quote_spanned!(span=> (#(#parts,)*))
}

/// Names every argument that goes into the key, and borrows the result with `returns = "ref"`.
pub fn rewrite_signature(signature: &mut Signature, function: &Function) {
    let inputs = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    });
    for (input, argument) in inputs.zip(&function.arguments) {
        if keeps_pattern(function, argument) {
            continue;
        }
        let local = &argument.local;
        *input.pat = parse_quote!(#local);
        input.attrs.retain(|attribute| !is_lint(attribute));
    }
    if !function.is_ref() {
        return;
    }
    if let ReturnType::Type(_, ty) = &mut signature.output {
        let lifetime = (function.scope == Scope::Type).then(|| quote!('static));
        let span = ty.span();
        match ok_of_mut(ty) {
            Some(ok) => *ok = parse_quote_spanned!(span=> &#lifetime #ok),
            None => **ty = parse_quote_spanned!(span=> &#lifetime #ty),
        }
    }
}

/// Whether the body takes this argument straight from the signature.
fn keeps_pattern(function: &Function, argument: &Argument) -> bool {
    function.options.reads.is_none() && (argument.skipped || function.options.key.is_some())
}

fn ok_of_mut(ty: &mut Type) -> Option<&mut Type> {
    types::ok_of(ty)?;
    let mut ty = ty;
    while let Type::Group(_) | Type::Paren(_) = ty {
        ty = match ty {
            Type::Group(group) => &mut group.elem,
            Type::Paren(paren) => &mut paren.elem,
            _ => return None,
        };
    }
    let Type::Path(path) = ty else { return None };
    let syn::PathArguments::AngleBracketed(arguments) =
        &mut path.path.segments.last_mut()?.arguments
    else {
        return None;
    };
    arguments.args.iter_mut().find_map(|argument| match argument {
        syn::GenericArgument::Type(ok) => Some(ok),
        _ => None,
    })
}
