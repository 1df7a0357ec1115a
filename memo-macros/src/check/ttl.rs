//! What may `ttl` say? Its expression is evaluated by the accessor's `insert` too, where neither the arguments nor, in type scope, the
//! instance are in scope.

use syn::visit::Visit;

use super::names::Names;
use crate::{
    args::{Scope, Ttl},
    diagnostics::Diagnostics,
    model::{Function, ReceiverKind},
};

pub(super) fn check_ttl(function: &Function, diagnostics: &mut Diagnostics) {
    let Some(ttl) = &function.options.ttl else { return };
    let mut seen = Names::default();
    match &ttl.value {
        Ttl::Literal(_) => return,
        Ttl::Closure(closure) => seen.visit_expr_closure(closure),
        Ttl::Expression(expr) => seen.visit_expr(expr),
    }
    if let Some((name, span)) = seen.argument_of(function) {
        diagnostics.at(span, format_args!("the argument `{name}` is not in scope in `ttl`; the accessor's `insert` says it too, and has no arguments; let it follow from the value: `ttl = |value| …`"));
        return;
    }
    let Some(span) = seen.this else { return };
    let is_counted =
        function.receiver.as_ref().is_some_and(|receiver| receiver.kind == ReceiverKind::Counted);
    if function.scope == Scope::Type {
        diagnostics.at(span, "`self` is not in scope in the `ttl` of a type-scoped cache; it is shared by all instances; let it follow from the value: `ttl = |value| …`");
    } else if is_counted {
        diagnostics.at(span, "`self` is not in scope in `ttl` where the body takes it by value; the results outlive the call; take `&self`");
    }
}
