//! What does a macro do with the instance that a body gives it?

use syn::{Expr, Macro, visit::Visit};

use super::body::{Finder, How};
use crate::syntax::{self, Arguments, Standard};

impl Finder<'_> {
    /// A macro that is called.
    pub(super) fn invocation(&mut self, mac: &Macro) {
        let tokens = mac.tokens.clone();
        let mentions = syntax::count(tokens.clone(), self.name);
        if mentions == 0 && !syntax::captures(tokens, self.name) {
            return;
        }
        let before = self.seen;
        let kind = syntax::standard(mac).filter(|_| {
            mac.path
                .segments
                .last()
                .is_some_and(|last| !syntax::declares(self.scope.clone(), &last.ident))
        });
        let understood = kind.is_some_and(|kind| self.standard_macro(mac, kind))
            && self.seen == before + mentions;
        if !understood {
            self.seen = before + mentions;
            self.effects.add_everything();
        }
    }

    /// What a macro of the standard library does with its arguments; whether they can be read.
    fn standard_macro(&mut self, mac: &Macro, kind: Standard) -> bool {
        // One that evaluates nothing has no use for the instance: it is probably another of that name.
        let arguments = Arguments::of(mac).filter(|_| kind != Standard::Quotes);
        let Some(arguments) = arguments else { return false };
        if syntax::captures(mac.tokens.clone(), self.name) {
            self.shown();
        }
        match &arguments {
            Arguments::Matches(matches) => {
                let (value, pattern) = (&matches.value, &matches.pattern);
                self.matched(value, syntax::binds_mutably(pattern));
                self.visit_pat(pattern);
                if let Some((_, guard)) = &matches.guard {
                    self.visit_expr(guard);
                }
            }
            Arguments::Repeat(repeat) => {
                self.visit_expr(&repeat.element);
                self.visit_expr(&repeat.count);
            }
            Arguments::List(list) => {
                for (index, argument) in list.iter().enumerate() {
                    match argument {
                        // `format!("{x}", x = self.x)`
                        Expr::Assign(named) if index > 0 => self.borrowed(&named.right),
                        argument if kind == Standard::Takes => self.visit_expr(argument),
                        argument if index == 0 && kind == Standard::WritesTo => {
                            self.value(argument, How::Written);
                        }
                        argument => self.borrowed(argument),
                    }
                }
            }
        }
        true
    }

    /// An argument that a macro borrows.
    fn borrowed(&mut self, expr: &Expr) {
        if self.is_place_of_instance(expr) {
            self.seen += 1;
            self.shown();
        } else {
            self.value(expr, How::Read);
        }
    }
}
