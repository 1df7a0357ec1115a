//! Which methods and functions may not be memoized? One function for each row of the specification's section 7.

mod key;
mod names;
mod outside;
mod ttl;

use quote::ToTokens;
use syn::{Expr, Lit, Safety, Signature, Type, UnOp, spanned::Spanned, visit::Visit};

use self::{
    key::{check_arguments, check_names, check_type_lifetimes},
    names::Names,
    outside::check_outside,
    ttl::check_ttl,
};
use crate::{
    args::Scope,
    diagnostics::Diagnostics,
    model::{BlockContext, Function, Receiver, ReceiverKind},
    syntax, types,
};

/// Checks a method of a block, or a free function where there is no `block`.
pub fn check_function(
    function: &Function,
    signature: &Signature,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    check_qualifiers(signature, diagnostics);
    check_generics(function, signature, block, diagnostics);
    check_scope(function, diagnostics);
    if let Some(receiver) = &function.receiver {
        check_receiver(receiver, diagnostics);
    }
    check_bound(function, diagnostics);
    check_names(function, diagnostics);
    check_arguments(function, block, diagnostics);
    check_output(function, signature, block, diagnostics);
    check_ttl(function, diagnostics);
    check_outside(function, diagnostics);
    check_conflicts(function, diagnostics);
}

fn check_qualifiers(signature: &Signature, diagnostics: &mut Diagnostics) {
    for attribute in syntax::arguments(signature).flat_map(|argument| &argument.attrs) {
        if syntax::is_conditional(attribute) {
            diagnostics.on(attribute, "an argument of a memoized function cannot depend on a `cfg`; the key is made of all arguments; put the `cfg` on two functions");
        }
    }
    if let Some(token) = signature.constness {
        diagnostics.on(
            &token,
            "a `const` function cannot be memoized; a cache is filled at run time; remove `const`",
        );
    }
    if let Safety::Unsafe(token) = signature.safety {
        diagnostics.on(&token, "an `unsafe` function cannot be memoized; a hit would skip what its callers promise; memoize a safe function that it calls");
    }
    if let Some(abi) = &signature.abi {
        diagnostics.on(
            abi,
            "an `extern` function cannot be memoized; memoize a Rust function that it calls",
        );
    }
    if let Some(variadic) = &signature.variadic {
        diagnostics.on(
            &variadic.dots,
            "a variadic function cannot be memoized; its arguments are not known; take a slice",
        );
    }
}

fn check_generics(
    function: &Function,
    signature: &Signature,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let what = if block.is_some() { "method" } else { "function" };
    let fix = if block.is_some() {
        "move the parameter to the `impl` block, or memoize"
    } else {
        "memoize"
    };
    for parameter in signature
        .generics
        .params
        .iter()
        .filter(|parameter| !matches!(parameter, syn::GenericParam::Lifetime(_)))
    {
        diagnostics.on(parameter, format_args!("a generic {what} cannot be memoized; each choice of its parameters would need a cache of its own; {fix} a {what} for each type"));
    }
    let Some(block) = block else { return };
    if function.scope == Scope::Instance && function.receiver.is_some() && !block.can_have_fields()
    {
        diagnostics.on(&block.self_ty, "an instance-scoped method needs a struct to keep its cache in; this `impl` is not for one; implement the trait for a struct, or write `scope = \"type\"`");
    }
    if function.scope == Scope::Instance && function.receiver.is_some() {
        for lifetime in block.undetermined_lifetimes() {
            check_undetermined_lifetime(function, lifetime, diagnostics);
        }
    }
    let undetermined = block.undetermined_parameter();
    if let Some(name) = undetermined.filter(|_| block.can_have_fields()) {
        if function.scope == Scope::Instance && function.receiver.is_some() {
            diagnostics.on(name, format_args!("an instance-scoped method cannot depend on `{name}`, which the type does not have; each choice of it would need a cache of its own; write a block for each, or `scope = \"type\"`"));
        }
    }
}

/// A lifetime that only the trait names, or nothing, is none of the instance's.
fn check_undetermined_lifetime(
    function: &Function,
    lifetime: &syn::Lifetime,
    diagnostics: &mut Diagnostics,
) {
    let mut refuse = |ty: &Type, what: &str| {
        diagnostics.on(ty, format_args!("the {what} of an instance-scoped method cannot name `{lifetime}`, which the type does not have; its cache lives as long as the instance; use owned data"));
    };
    for part in function.key() {
        let stored = part.marker(&proc_macro2::TokenStream::new());
        if syntax::mentions_lifetime(stored, lifetime) {
            refuse(part.ty(), "key");
        }
    }
    if let Some(output) = &function.output {
        let stored = types::ok_of(output).unwrap_or(output);
        if syntax::mentions_lifetime(stored.to_token_stream(), lifetime) {
            refuse(stored, "result");
        }
    }
}

fn check_scope(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    match (function.scope, &function.receiver) {
        (Scope::Instance, None) => {
            let span = options.scope.as_ref().map_or(function.attribute, |scope| scope.span);
            diagnostics.at(span, "`scope = \"instance\"` needs an instance; the function has no receiver; take `&self`, or write `scope = \"type\"`");
        }
        (Scope::Type, Some(receiver))
            if options.reads.is_none() && !options.incomplete && is_supported(receiver.kind) =>
        {
            diagnostics.at(receiver.span, "a type-scoped method cannot see `self`; its cache is shared by all instances; name the state it reads: `reads(field: Type)`");
        }
        _ => {}
    }
    if let Some(reads) = &options.reads {
        for (index, field) in reads.value.iter().enumerate() {
            if reads.value[..index].iter().any(|earlier| earlier.name == field.name) {
                let name = &field.name;
                diagnostics
                    .on(name, format_args!("duplicate field `{name}` in `reads`; remove one"));
            }
        }
        if function.receiver.is_none() {
            diagnostics.at(reads.span, "`reads` needs an instance; the function has no receiver; take `&self`, or remove `reads`");
        } else if function.scope == Scope::Instance {
            diagnostics.at(reads.span, "`reads` is for type scope; an instance's own cache needs no key for its state; remove `reads`, or write `scope = \"type\"`");
        }
    }
}

fn is_supported(kind: ReceiverKind) -> bool {
    use ReceiverKind::{Counted, PinRef, Ref, RefCounted};
    matches!(kind, Ref | RefCounted | Counted | PinRef)
}

fn check_receiver(receiver: &Receiver, diagnostics: &mut Diagnostics) {
    let message = match receiver.kind {
        ReceiverKind::RefMut | ReceiverKind::PinMut | ReceiverKind::RefMutBoxed => {
            "a `&mut self` method cannot be memoized; a hit would skip its changes; take `&self`"
        }
        ReceiverKind::Value | ReceiverKind::Boxed | ReceiverKind::PinBoxed => {
            "a method that takes `self` by value cannot be memoized; its instance and caches are gone after the call; take `&self`"
        }
        ReceiverKind::Other => {
            "unsupported receiver; expected `&self`, `self: &Rc<Self>`, `self: Rc<Self>`, `self: &Arc<Self>`, `self: Arc<Self>` or `self: Pin<&Self>`"
        }
        _ => return,
    };
    diagnostics.at(receiver.span, message);
}

fn check_bound(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    let has_key = !function.key().is_empty();
    if let (Some(_), Some(unbounded)) = (&options.capacity, &options.unbounded) {
        diagnostics.at(unbounded.span, "`unbounded` contradicts `capacity`; remove one");
    }
    if let Some(capacity) = &options.capacity {
        if is_zero(&capacity.value) {
            diagnostics.on(
                &capacity.value,
                "`capacity = 0` keeps nothing; write a number of entries, or remove `#[memoize]`",
            );
        } else if is_no_usize(&capacity.value) {
            diagnostics.on(
                &capacity.value,
                "`capacity` is a number of entries; write a `usize` greater than 0",
            );
        }
    }
    if let Some(capacity) = &options.capacity {
        check_capacity_names(function, &capacity.value, diagnostics);
    }
    if let (Some(policy), None) = (&options.policy, &options.capacity) {
        if !options.incomplete && !function.is_outside() {
            diagnostics.at(policy.span, "`policy` says what is evicted, and nothing is without `capacity`; add `capacity = …`, or remove `policy`");
        }
    }
    if !has_key {
        let unbounded = options.unbounded.as_ref().filter(|_| !function.is_outside());
        for (name, span) in [
            ("capacity", options.capacity.as_ref().map(|option| option.span)),
            ("unbounded", unbounded.map(|option| option.span)),
        ] {
            if let Some(span) = span {
                diagnostics.at(span, format_args!("`{name}` is for a cache with a key; without arguments there is one result; remove `{name}`"));
            }
        }
    } else if function.scope == Scope::Type
        && options.capacity.is_none()
        && options.unbounded.is_none()
        && !function.is_outside()
        && !options.incomplete
    {
        diagnostics.at(function.attribute, "a type-scoped cache lives until the process ends; say how large it may grow: `capacity = …` or `unbounded`");
    }
}

/// It is a constant of the cache's type.
fn check_capacity_names(function: &Function, expr: &Expr, diagnostics: &mut Diagnostics) {
    let mut seen = Names::default();
    seen.visit_expr(expr);
    let (name, span) = match (seen.argument_of(function), seen.this) {
        (Some((name, span)), _) => (format!("the argument `{name}`"), span),
        (None, Some(span)) => ("`self`".to_owned(), span),
        (None, None) => return,
    };
    diagnostics.at(
        span,
        format_args!(
            "{name} is not in scope in `capacity`, which is a constant; write a number of entries"
        ),
    );
}

fn is_zero(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(literal) => matches!(&literal.lit, Lit::Int(int) if int.base10_digits() == "0"),
        Expr::Group(group) => is_zero(&group.expr),
        Expr::Paren(paren) => is_zero(&paren.expr),
        _ => false,
    }
}

fn is_no_usize(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(unary) => matches!(unary.op, UnOp::Neg(_)),
        Expr::Lit(literal) => {
            !matches!(&literal.lit, Lit::Int(int) if ["", "usize"].contains(&int.suffix()))
        }
        _ => false,
    }
}

fn check_output(
    function: &Function,
    signature: &Signature,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let nothing = "there is nothing to cache; the function returns no value; return the result, or remove `#[memoize]`";
    let Some(output) = &function.output else {
        diagnostics.at(signature.ident.span(), nothing);
        return;
    };
    match types::peel(output) {
        Type::Never(never) => {
            return diagnostics.on(
                never,
                "there is nothing to cache; the function never returns; remove `#[memoize]`",
            );
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => return diagnostics.on(tuple, nothing),
        _ => {}
    }
    let stored = types::ok_of(output).unwrap_or(output);
    let found = types::survey(output);
    if let Some(span) = found.impl_trait {
        diagnostics.at(span, "a result of type `impl Trait` cannot be cached; its type has no name; write a concrete type, such as `Vec<T>`");
        return;
    }
    let of_block = |lifetime: &&syn::Lifetime| {
        block.is_some_and(|block| {
            block.generics.lifetimes().any(|declared| declared.lifetime == **lifetime)
        })
    };
    let borrowed = found
        .elided
        .or_else(|| found.named.iter().find(|lifetime| !of_block(lifetime)).map(Spanned::span));
    if let Some(span) = borrowed {
        if function.is_ref() && matches!(types::peel(stored), Type::Reference(_)) {
            diagnostics.on(stored, "`returns = \"ref\"` makes the reference itself, to the value that the cache keeps; write the type of that value, without `&`");
            return;
        }
        diagnostics.at(span, "a memoized result cannot borrow from `self` or an argument; the cache keeps it longer than the call; return owned data, or cache it and borrow it with `returns = \"ref\"`");
        return;
    }
    if let (Scope::Type, Some(block)) = (function.scope, block) {
        check_type_lifetimes(output, &block.generics, "result", diagnostics);
    }
    check_cycle(function, output, block, diagnostics);
}

fn check_cycle(
    function: &Function,
    output: &Type,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let counted_receiver = function.receiver.as_ref().is_some_and(|receiver| {
        matches!(receiver.kind, ReceiverKind::Counted | ReceiverKind::RefCounted)
    });
    let name = block.and_then(BlockContext::type_name);
    // One in the key is refused already.
    let covered = function.options.key.is_some();
    let counted_argument = function.arguments.iter().any(|argument| {
        (argument.skipped || covered) && types::instances(&argument.ty, name).counted
    });
    if function.scope != Scope::Instance || !counted_receiver && !counted_argument {
        return;
    }
    let stored = types::ok_of(output).unwrap_or(output);
    let found = types::instances(stored, name);
    if found.counted && !counted_receiver {
        diagnostics.on(output, "a cached result could hold its own instance, which would never be dropped; it may be the argument; return a `Weak<Self>`, or take the argument as `&Self`");
    } else if found.counted {
        diagnostics.on(output, "a cached result cannot hold its own instance; it would never be dropped; return a `Weak<Self>`, or take `&self`");
    } else if found.object && counted_receiver {
        diagnostics.on(output, "a cached trait object made from a counted receiver may hold its own instance, which would never be dropped; return a concrete type, or take `&self`");
    }
}

fn check_conflicts(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    if let (Some(flight), Some(_)) = (&options.single_flight, &options.unsync) {
        diagnostics.at(
            flight.span,
            "`single_flight` contradicts `unsync`; one thread has nobody to wait for; remove one",
        );
    }
    if let Some(returns) = &options.returns_ref {
        for (name, given, why) in [
            ("capacity", options.capacity.is_some(), "an evicted value could still be borrowed"),
            (
                "cache_if",
                options.cache_if.is_some(),
                "a result that is not cached cannot be borrowed",
            ),
            ("ttl", options.ttl.is_some(), "a value that is over could still be borrowed"),
        ] {
            if given {
                diagnostics.at(
                    returns.span,
                    format_args!("`returns = \"ref\"` contradicts `{name}`; {why}; remove one"),
                );
            }
        }
        if function.scope == Scope::Type && options.unsync.is_some() {
            diagnostics.at(returns.span, "`returns = \"ref\"` contradicts `unsync` in type scope; the cache ends with its thread, a `&'static` reference does not; remove one");
        }
        if function.receiver.as_ref().is_some_and(|receiver| receiver.kind == ReceiverKind::Counted)
            && function.scope == Scope::Instance
        {
            diagnostics.at(returns.span, "`returns = \"ref\"` needs a borrowed receiver; the result is borrowed from the instance; take `&self`");
        }
    }
}
