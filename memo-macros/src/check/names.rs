//! Which names does an option's expression use that are not in scope where it is evaluated?

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::{
    ExprPath, Macro, PatIdent,
    visit::{self, Visit},
};

use crate::{model::Function, types};

/// The names that an expression or a pattern uses, and those that it binds.
#[derive(Default)]
pub(super) struct Names {
    used: Vec<(String, Span)>,
    bound: BTreeSet<String>,
    pub(super) this: Option<Span>,
}

impl Names {
    /// The first that is an argument of the function.
    pub(super) fn argument_of(&self, function: &Function) -> Option<(&str, Span)> {
        let mut arguments = Self::default();
        function.arguments.iter().for_each(|argument| arguments.visit_pat(&argument.pattern));
        self.used
            .iter()
            .find(|(name, _)| arguments.bound.contains(name) && !self.bound.contains(name))
            .map(|(name, span)| (name.as_str(), *span))
    }
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
