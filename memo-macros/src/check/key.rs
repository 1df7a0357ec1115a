//! What may be part of a key?

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Generics, Type, spanned::Spanned};

use crate::{
    args::Scope,
    diagnostics::Diagnostics,
    model::{BlockContext, Function, KeyPart},
    syntax, types,
};

pub(super) fn check_names(function: &Function, diagnostics: &mut Diagnostics) {
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
        let captured =
            || syntax::captures(item.expr.to_token_stream(), "self").then(|| item.expr.span());
        if let Some(span) = types::mentions(&item.expr, "self").or_else(captured) {
            diagnostics.at(span, "`self` is not in scope in `key`; state of the instance is part of the key through `reads`; remove `self`");
        }
    }
}

pub(super) fn check_arguments(
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
        diagnostics.on(part.ty(), format_args!("a key has at most {MOST_PARTS} parts; take some of the arguments together, as a struct or a tuple, or leave them out with `skip`"));
    }
    for part in function.key() {
        match part {
            KeyPart::State(field) => {
                let found = types::survey(&field.ty);
                match found.elided {
                    Some(span) => diagnostics.at(span, "a field in `reads` is owned; it becomes part of the key, which outlives the instance; hold owned data, such as `String` for `&str`"),
                    None => check_key_type(&field.ty, &found, block, diagnostics),
                }
            }
            KeyPart::Given(item) => {
                let found = types::survey(&item.ty);
                let borrowed = found.reference.filter(|_| !found.named.is_empty());
                if let Some(span) = found.elided.or(borrowed) {
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
        let ty = part.ty();
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

pub(super) fn check_type_lifetimes(
    ty: &Type,
    generics: &Generics,
    what: &str,
    diagnostics: &mut Diagnostics,
) {
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
        // Whether the type has caches at all is found out by the compiler, where the key holds a plain value of it.
        Scope::Type if instances.counted => {
            diagnostics.on(ty, "a type-scoped cache cannot have an instance in its key; it would keep the instance alive; name what decides the result with `key`, or leave it out with `skip`");
        }
        Scope::Instance if instances.counted => {
            diagnostics.on(ty, "a shared instance cannot be part of an instance's key; the instance could hold itself and never be dropped; name what decides the result with `key`, or leave it out with `skip`");
        }
        _ => {}
    }
}
