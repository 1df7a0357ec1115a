//! What may be said beside `engine` and `store`, by which the entries of a type-scoped cache live elsewhere?

use proc_macro2::Span;
use syn::{Expr, visit::Visit};

use super::names::Names;
use crate::{args::Scope, diagnostics::Diagnostics, model::Function};

pub(super) fn check_outside(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    check_names(function, diagnostics);
    let engine = options.engine.as_ref().map(|engine| ("engine", engine.span));
    let store = options.store.as_ref().map(|store| ("store", store.span));
    if let (Some(_), Some((_, span))) = (engine, store) {
        diagnostics.at(span, "`store` contradicts `engine`; entries live in one place; remove one");
        return;
    }
    let Some((name, span)) = engine.or(store) else { return };
    if store.is_some() && !function.features.stores {
        diagnostics.at(
            span,
            "`store` needs the feature `stores` of `memo-runtime`; add `features = [\"stores\"]`",
        );
    }
    if function.scope == Scope::Instance {
        check_scope(function, name, span, diagnostics);
        return;
    }
    check_conflicts(function, name, diagnostics);
    for (name, expr) in
        [("engine", &options.engine), ("store", &options.store), ("version", &options.version)]
    {
        if let Some(expr) = expr {
            check_expression(function, name, &expr.value, diagnostics);
        }
    }
    if store.is_some()
        && options.ttl.is_none()
        && options.unbounded.is_none()
        && !options.incomplete
    {
        diagnostics.at(span, "entries in a store outlive the process; say for how long they are good: `ttl = …`, or `unbounded`");
    }
}

fn check_scope(function: &Function, name: &str, span: Span, diagnostics: &mut Diagnostics) {
    // Without a receiver, the scope itself is refused; with `reads`, that is.
    if function.receiver.is_some() && function.options.reads.is_none() {
        diagnostics.at(span, format_args!("`{name}` is for type scope; an instance's cache is a part of the instance, and gone with it; write `scope = \"type\"`, and name the state that the body reads: `reads(field: Type)`"));
    }
}

/// It is evaluated once, on first use, which may be one of the accessor.
fn check_expression(function: &Function, option: &str, expr: &Expr, diagnostics: &mut Diagnostics) {
    let mut seen = Names::default();
    seen.visit_expr(expr);
    if let Some((name, span)) = seen.argument_of(function) {
        diagnostics.at(span, format_args!("the argument `{name}` is not in scope in `{option}`, which is evaluated once, for all calls; remove it"));
    } else if let Some(span) = seen.this {
        diagnostics.at(span, format_args!("`self` is not in scope in `{option}`, which is evaluated once, for all instances; remove it"));
    }
}

fn check_conflicts(function: &Function, name: &str, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    let place = if name == "engine" { "the engine" } else { "the store" };
    for (option, span, why) in [
        (
            "capacity",
            options.capacity.as_ref().map(|option| option.span),
            format!("how much is kept is said to {place}"),
        ),
        (
            "policy",
            options.policy.as_ref().map(|option| option.span),
            format!("what is evicted is said to {place}"),
        ),
        (
            "returns = \"ref\"",
            options.returns_ref.as_ref().map(|option| option.span),
            format!("{place} hands out values, not references"),
        ),
        (
            "unsync",
            options.unsync.as_ref().map(|option| option.span),
            format!("all threads share {place}"),
        ),
    ] {
        if let Some(span) = span {
            diagnostics
                .at(span, format_args!("`{option}` contradicts `{name}`; {why}; remove one"));
        }
    }
}

fn check_names(function: &Function, diagnostics: &mut Diagnostics) {
    let options = &function.options;
    if let Some(name) = &options.name {
        if options.store.is_none() {
            if !options.incomplete {
                diagnostics.at(name.span, "`name` says what entries are called in a `store`, and there is none; remove it, or name the accessor: `accessor = name`");
            }
        } else if name.value.value().is_empty() {
            diagnostics.on(
                &name.value,
                "`name = \"\"` names nothing; write a name that no other cache of the region has",
            );
        }
    }
    if let (Some(version), None) = (&options.version, &options.store) {
        if !options.incomplete {
            diagnostics.at(version.span, "`version` is of entries in a `store`, which may outlive the code; there is none; remove it");
        }
    }
}
