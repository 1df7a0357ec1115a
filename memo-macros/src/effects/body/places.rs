//! Which expressions are the instance, or a place in it?

use syn::{Expr, Member};

use super::{Finder, How};
use crate::{model::ReceiverKind, syntax};

impl Finder<'_> {
    pub(super) fn is_instance(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Path(path) => path.qself.is_none() && path.path.is_ident(self.name),
            Expr::Paren(paren) => self.is_instance(&paren.expr),
            Expr::Group(group) => self.is_instance(&group.expr),
            _ => false,
        }
    }

    /// `self` or `*self`, with as many `*` as lead to the instance. One more is a `Deref` of its own.
    pub(in crate::effects) fn is_place_of_instance(&self, expr: &Expr) -> bool {
        let most = match self.kind {
            ReceiverKind::Value => 0,
            ReceiverKind::RefCounted | ReceiverKind::RefMutBoxed => 2,
            _ => 1,
        };
        self.is_behind(expr, most)
    }

    fn is_behind(&self, expr: &Expr, most: usize) -> bool {
        match expr {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
                most > 0 && self.is_behind(&unary.expr, most - 1)
            }
            Expr::Paren(paren) => self.is_behind(&paren.expr, most),
            Expr::Group(group) => self.is_behind(&group.expr, most),
            expr => self.is_instance(expr),
        }
    }

    /// `self`, `&self`, `&mut *self`, …: what is handed to a method by its path.
    pub(super) fn is_borrowed_instance(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Reference(reference) => self.is_borrowed_instance(&reference.expr),
            expr => self.is_place_of_instance(expr),
        }
    }

    /// Visits a place such as `self.f.g[i]`; whether it is one in the instance. `steps` lead on from it.
    pub(super) fn place(&mut self, expr: &Expr, how: How, steps: usize) -> bool {
        match expr {
            Expr::Paren(paren) => self.place(&paren.expr, how, steps),
            Expr::Group(group) => self.place(&group.expr, how, steps),
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => {
                self.place(&unary.expr, how, steps + 1)
            }
            Expr::Index(index) => {
                let found = self.place(&index.expr, how, steps + 1);
                if found {
                    self.value(&index.index, How::Moved);
                }
                found
            }
            Expr::Field(field) => {
                if !self.is_place_of_instance(&field.base) {
                    return self.place(&field.base, how, steps + 1);
                }
                self.seen += 1;
                let name = match &field.member {
                    Member::Named(name) => syntax::plain_name(name),
                    Member::Unnamed(index) => index.index.to_string(),
                };
                match (how, steps) {
                    (How::Written, _) => self.effects.writes.insert(name),
                    (How::Read, _) => self.effects.reads.insert(name),
                    (How::Moved, 0) => self.effects.writes.insert(format!("&mut {name}")),
                    (How::Moved, _) => self.effects.writes.insert(format!("&mut {name}..")),
                }
                true
            }
            _ => false,
        }
    }
}
