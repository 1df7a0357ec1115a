//! Which methods and functions may not be memoized? One function for each row of the specification's section 7.

use proc_macro2::Span;
use syn::{Expr, Generics, Lit, Safety, Signature, Type, UnOp, spanned::Spanned};

use crate::{
    args::Scope,
    diagnostics::Diagnostics,
    model::{BlockContext, Function, KeyPart, Receiver, ReceiverKind},
    types,
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
    check_conflicts(function, diagnostics);
}

fn check_qualifiers(signature: &Signature, diagnostics: &mut Diagnostics) {
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
    let undetermined = block.undetermined_parameter();
    if let Some(name) = undetermined.filter(|_| block.can_have_fields()) {
        if function.scope == Scope::Instance && function.receiver.is_some() {
            diagnostics.on(name, format_args!("an instance-scoped method cannot depend on `{name}`, which the type does not have; each choice of it would need a cache of its own; write a block for each, or `scope = \"type\"`"));
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
    if !has_key {
        for (name, span) in [
            ("capacity", options.capacity.as_ref().map(|option| option.span)),
            ("unbounded", options.unbounded.as_ref().map(|option| option.span)),
        ] {
            if let Some(span) = span {
                diagnostics.at(span, format_args!("`{name}` is for a cache with a key; without arguments there is one result; remove `{name}`"));
            }
        }
    } else if function.scope == Scope::Type
        && options.capacity.is_none()
        && options.unbounded.is_none()
        && !options.incomplete
    {
        diagnostics.at(function.attribute, "a type-scoped cache lives until the process ends; say how large it may grow: `capacity = …` or `unbounded`");
    }
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

fn check_names(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    if let Some(skip) = &options.skip {
        for (index, name) in skip.value.iter().enumerate() {
            if skip.value[..index].contains(name) {
                diagnostics
                    .on(name, format_args!("duplicate argument `{name}` in `skip`; remove one"));
            } else if !function
                .arguments
                .iter()
                .any(|argument| argument.name.as_ref() == Some(name))
            {
                let names: Vec<String> = function
                    .arguments
                    .iter()
                    .filter_map(|argument| argument.name.as_ref().map(ToString::to_string))
                    .collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let expected = if names.is_empty() {
                    "; no argument has a name; remove `skip`".to_owned()
                } else {
                    format!("; expected {}", crate::diagnostics::one_of(&names))
                };
                diagnostics.on(name, format_args!("unknown argument `{name}` in `skip`{expected}"));
            }
        }
        if let Some(key) = &options.key {
            diagnostics.at(
                key.span,
                "`key` contradicts `skip`; `key` names all that decides the result; remove `skip`",
            );
        }
    }
    for item in options.key.iter().flat_map(|key| &key.value) {
        if let Some(span) = types::mentions(&item.expr, "self") {
            diagnostics.at(span, "`self` is not in scope in `key`; state of the instance is part of the key through `reads`; remove `self`");
        }
    }
}

fn check_arguments(
    function: &Function,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let covered = function.options.key.is_some();
    for argument in &function.arguments {
        let found = types::survey(&argument.ty);
        if let Some(span) = found.mutable_reference {
            diagnostics.at(span, "a memoized method cannot take `&mut`; a hit would skip the change; take a shared reference or a value, and return what changes");
            continue;
        }
        if let Some(span) = found.impl_trait {
            diagnostics.at(span, "an argument of type `impl Trait` makes the method generic; each type would need a cache of its own; write a concrete type");
            continue;
        }
        if argument.skipped || covered {
            continue;
        }
        check_key_type(&argument.ty, &found, block, diagnostics);
        check_instance_in_key(function, &argument.ty, block, diagnostics);
    }
    if let Some(part) = function.key().get(MOST_PARTS) {
        let ty = match part {
            KeyPart::State(field) => &field.ty,
            KeyPart::Argument(argument) => &argument.ty,
            KeyPart::Given(item) => &item.ty,
        };
        diagnostics.on(ty, format_args!("a key has at most {MOST_PARTS} parts; take some of the arguments together, as a struct or a tuple, or leave them out with `skip`"));
    }
    for part in function.key() {
        match part {
            KeyPart::State(field) => {
                let found = types::survey(&field.ty);
                match found.reference.or(found.elided).filter(|_| found.named.is_empty()) {
                    Some(span) => diagnostics.at(span, "a field in `reads` is owned; it becomes part of the key, which outlives the instance; hold owned data, such as `String` for `&str`"),
                    None => check_key_type(&field.ty, &found, block, diagnostics),
                }
            }
            KeyPart::Given(item) => {
                let found = types::survey(&item.ty);
                if let Some(span) = found.reference {
                    diagnostics.at(span, "a part of `key` is owned; write the owned type, such as `String` for `&str`, and an expression that makes it");
                } else {
                    check_key_type(&item.ty, &found, block, diagnostics);
                    check_instance_in_key(function, &item.ty, block, diagnostics);
                }
            }
            KeyPart::Argument(_) => {}
        }
    }
    if function.scope == Scope::Type {
        check_key_lifetimes(function, block, diagnostics);
    }
}

fn check_key_lifetimes(
    function: &Function,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let Some(block) = block else { return };
    for part in function.key() {
        let ty = match &part {
            KeyPart::State(field) => &field.ty,
            KeyPart::Argument(argument) => &argument.ty,
            KeyPart::Given(item) => &item.ty,
        };
        let ty = if matches!(part, KeyPart::State(_)) { ty } else { strip_reference(ty) };
        check_type_lifetimes(ty, &block.generics, "key", diagnostics);
    }
}

/// The type behind the references that a key does not keep.
fn strip_reference(ty: &Type) -> &Type {
    match types::peel(ty) {
        Type::Reference(reference) => strip_reference(&reference.elem),
        ty => ty,
    }
}

fn check_type_lifetimes(ty: &Type, generics: &Generics, what: &str, diagnostics: &mut Diagnostics) {
    let named = types::survey(ty).named;
    if let Some(lifetime) = named
        .iter()
        .find(|lifetime| generics.lifetimes().any(|declared| declared.lifetime == **lifetime))
    {
        diagnostics.on(lifetime, format_args!("the {what} of a type-scoped method cannot name the lifetime `{lifetime}`; its cache lives until the process ends; use owned data, or `scope = \"instance\"`"));
    }
}

/// The runtime's key tuples end here.
const MOST_PARTS: usize = 12;

fn check_key_type(
    ty: &Type,
    found: &types::Found,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let is_foreign = |lifetime: &syn::Lifetime| {
        !block.is_some_and(|block| {
            block.generics.lifetimes().any(|declared| declared.lifetime == *lifetime)
        })
    };
    if let Some(span) = found.pointer {
        diagnostics.at(span, "a pointer cannot be part of a key; it does not tell what it points to; take the value, or leave it out with `skip` or `key`");
    } else if let Some(span) = found.trait_object {
        diagnostics.at(span, "a trait object cannot be part of a key; it has neither `Hash` nor `Eq`; take a concrete type, or leave it out with `skip` or `key`");
    } else if let Some(span) = hidden_lifetime(ty, &is_foreign) {
        diagnostics.at(span, "a borrowed type cannot be part of a key; the cache would outlive what it borrows; take a plain reference or owned data, or leave it out with `skip` or `key`");
    }
}

/// A lifetime of the call that is not that of a plain reference, nor of one in a tuple, an array or an `Option`.
fn hidden_lifetime(ty: &Type, is_foreign: &impl Fn(&syn::Lifetime) -> bool) -> Option<Span> {
    let inside = |ty: &Type| {
        let found = types::survey(ty);
        let named = found.named.iter().find(|lifetime| is_foreign(lifetime)).map(Spanned::span);
        found.elided.or(named)
    };
    match types::peel(ty) {
        Type::Reference(reference) => inside(&reference.elem),
        Type::Tuple(tuple) => tuple.elems.iter().find_map(|ty| hidden_lifetime(ty, is_foreign)),
        Type::Array(array) => hidden_lifetime(&array.elem, is_foreign),
        ty => match types::argument_of(ty, &["Option"]) {
            Some(inner) => hidden_lifetime(inner, is_foreign),
            None => inside(ty),
        },
    }
}

fn check_instance_in_key(
    function: &Function,
    ty: &Type,
    block: Option<&BlockContext>,
    diagnostics: &mut Diagnostics,
) {
    let Some(block) = block else { return };
    let instances = types::instances(ty, block.type_name());
    match function.scope {
        Scope::Type if instances.any => {
            diagnostics.on(ty, "a type-scoped cache cannot have an instance in its key; it would keep the instance alive; name what decides the result with `key`, or leave it out with `skip`");
        }
        Scope::Instance if instances.counted => {
            diagnostics.on(ty, "a shared instance cannot be part of an instance's key; the instance could hold itself and never be dropped; name what decides the result with `key`, or leave it out with `skip`");
        }
        _ => {}
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
    let stored = types::ok_of(output).unwrap_or(output);
    let returns_self = types::instances(stored, block.and_then(BlockContext::type_name)).counted;
    if function.scope == Scope::Instance && counted_receiver && returns_self {
        diagnostics.on(output, "a cached result cannot hold its own instance; it would never be dropped; return a `Weak<Self>`, or take `&self`");
    }
}

fn check_conflicts(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    if let Some(returns) = &options.returns_ref {
        for (name, given) in
            [("capacity", options.capacity.is_some()), ("cache_if", options.cache_if.is_some())]
        {
            if given {
                let why = if name == "capacity" {
                    "an evicted value could still be borrowed"
                } else {
                    "a result that is not cached cannot be borrowed"
                };
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
    if let Some(shards) = &options.shards {
        if function.scope == Scope::Instance {
            diagnostics.at(
                shards.span,
                "`shards` is for type scope; remove it, or write `scope = \"type\"`",
            );
        } else if options.capacity.is_none() {
            diagnostics.at(shards.span, "`shards` needs `capacity`; an unbounded cache has no lock to split; add `capacity = …`, or remove `shards`");
        } else if options.unsync.is_some() {
            diagnostics.at(shards.span, "`shards` contradicts `unsync`; a cache of one thread has no lock to split; remove one");
        }
    }
}
