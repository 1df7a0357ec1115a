//! What happens inside of a body: closures and `async` blocks that may outlive the method, and macros.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{
    Expr, Item, Macro, Stmt, parse_quote,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

use super::{Access, Guards, without_braces};
use crate::{
    names,
    syntax::{self, Arguments},
};

/// Sees to it that macros are what their names say: one of the user's own could take `self.field` apart, and write to it.
pub(super) struct Seal<'a>(pub(super) &'a str);

impl VisitMut for Seal<'_> {
    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        syntax::seal(mac, self.0);
    }
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Looks for a closure or `async` block.
pub(super) struct FindClosure<'a> {
    pub(super) found: bool,
    pub(super) is_meant: &'a dyn Fn(&Expr) -> bool,
}

impl<'ast> Visit<'ast> for FindClosure<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        if matches!(expr, Expr::Closure(_) | Expr::Async(_)) {
            self.found |= (self.is_meant)(expr);
        }
        visit::visit_expr(self, expr);
    }
    fn visit_macro(&mut self, mac: &'ast Macro) {
        if let Some(mut arguments) = syntax::standard(mac).and_then(|_| Arguments::of(mac)) {
            for expr in arguments.exprs_mut() {
                let mut inner = FindClosure { found: false, is_meant: self.is_meant };
                inner.visit_expr(expr);
                self.found |= inner.found;
            }
        }
    }
    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Sets up a guard at the start of each closure or `async` block that needs one.
pub(super) struct MarkClosures<'a> {
    pub(super) guards: &'a Guards<'a>,
    pub(super) access: &'a Access,
    pub(super) scope: TokenStream,
}

impl MarkClosures<'_> {
    fn statement(&self, expr: &Expr) -> Option<Stmt> {
        let (change, _) = self.guards.closure_change(expr, "self", self.access.kind, &self.scope);
        let says_self = syntax::mention(expr.to_token_stream(), "self").is_some();
        if !says_self || !change.needs_guard() {
            return None;
        }
        let runtime = &self.guards.block.runtime;
        let guard = names::local("_mutation");
        let shared = &self.access.shared;
        let change = change.expr(runtime);
        Some(parse_quote!(let #guard = #runtime::Observed::new(#shared).mutate(#change);))
    }
}

impl VisitMut for MarkClosures<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let statement = match expr {
            Expr::Closure(_) | Expr::Async(_) => self.statement(expr),
            _ => None,
        };
        visit_mut::visit_expr_mut(self, expr);
        let Some(statement) = statement else { return };
        match expr {
            Expr::Closure(closure) => {
                let body = match &*closure.body {
                    Expr::Block(block) if block.label.is_none() && block.attrs.is_empty() => {
                        without_braces(&block.block)
                    }
                    body => body.to_token_stream(),
                };
                *closure.body = parse_quote!({ #statement #body });
            }
            Expr::Async(block) => {
                let body = without_braces(&block.block);
                block.block = parse_quote!({ #statement #body });
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if syntax::count(mac.tokens.clone(), "self") == 0 || syntax::standard(mac).is_none() {
            return;
        }
        if let Some(mut arguments) = Arguments::of(mac) {
            arguments.exprs_mut().into_iter().for_each(|expr| self.visit_expr_mut(expr));
            mac.tokens = arguments.into_token_stream();
        }
    }

    // `self` means something else in there.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
