//! What may `ttl` say? Its expression is evaluated by the accessor's `insert` too, where neither the arguments nor, in type scope, the
//! instance are in scope.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::{
    ExprPath, Macro, PatIdent,
    visit::{self, Visit},
};

use crate::{
    args::{Scope, Ttl},
    diagnostics::Diagnostics,
    model::{Function, ReceiverKind},
    types,
};

pub(super) fn check_ttl(function: &Function, diagnostics: &mut Diagnostics) {
    let Some(ttl) = &function.options.ttl else { return };
    let mut seen = Names::default();
    match &ttl.value {
        Ttl::Literal(_) => return,
        Ttl::Closure(closure) => seen.visit_expr_closure(closure),
        Ttl::Expression(expr) => seen.visit_expr(expr),
    }
    let mut arguments = Names::default();
    function.arguments.iter().for_each(|argument| arguments.visit_pat(&argument.pattern));
    for (name, span) in &seen.used {
        if arguments.bound.contains(name) && !seen.bound.contains(name) {
            diagnostics.at(*span, format_args!("the argument `{name}` is not in scope in `ttl`; the accessor's `insert` says it too, and has no arguments; let it follow from the value: `ttl = |value| …`"));
            return;
        }
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

/// The names that an expression or a pattern uses, and those that it binds.
#[derive(Default)]
struct Names {
    used: Vec<(String, Span)>,
    bound: BTreeSet<String>,
    this: Option<Span>,
}

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(name) = path.path.get_ident() {
            if name == "self" {
                self.this.get_or_insert(name.span());
            } else {
                self.used.push((name.to_string(), name.span()));
            }
        }
        visit::visit_expr_path(self, path);
    }

    fn visit_pat_ident(&mut self, pattern: &'ast PatIdent) {
        self.bound.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let this = types::mentions(&mac.tokens, "self");
        self.this = self.this.or(this);
    }
}
