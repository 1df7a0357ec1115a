//! What may go on changing the instance after the method, under another name?
//!
//! A closure or `async` block that says `self` marks the instance whenever it runs. One that has the instance under another name
//! cannot. So there is a [`Suspicion`], and where nothing tells that what it is about ends with the method, the instance
//! stays marked.

use proc_macro2::TokenStream;
use syn::{
    Block, Expr, FnArg, GenericArgument, Item, Macro, Member, Pat, PathArguments, ReturnType,
    Signature, Type,
    visit::{self, Visit},
};

use super::body::is_assignment;
use crate::{
    model::ReceiverKind,
    syntax::{self, Arguments, Standard},
    types,
};

/// Whether `ty` holds neither a closure nor a borrow of the call, as far as it can be seen: another name may hide both.
/// `is_instance` tells the names of the block's type. Names of the standard library may be a user's own; where it matters, the
/// expansion asks.
pub fn is_plain(ty: &Type, is_instance: &impl Fn(&Type) -> bool) -> bool {
    match types::peel(ty) {
        Type::Never(_) => true,
        Type::Reference(reference) => is_plain(&reference.elem, is_instance),
        Type::Tuple(tuple) => tuple.elems.iter().all(|ty| is_plain(ty, is_instance)),
        Type::Array(array) => is_plain(&array.elem, is_instance),
        Type::Slice(slice) => is_plain(&slice.elem, is_instance),
        Type::Path(path) => {
            let is_short = path.qself.is_none() && path.path.segments.len() == 1;
            let Some(segment) = path.path.segments.last() else { return false };
            if !is_short && !is_instance(ty) {
                return false;
            }
            let name = segment.ident.to_string();
            let arguments: Option<Vec<&Type>> = match &segment.arguments {
                PathArguments::None => Some(Vec::new()),
                PathArguments::AngleBracketed(arguments) => arguments
                    .args
                    .iter()
                    .map(|argument| match argument {
                        GenericArgument::Type(ty) => Some(ty),
                        _ => None,
                    })
                    .collect(),
                PathArguments::Parenthesized(_) => None,
            };
            let Some(arguments) = arguments else { return false };
            let is_container = match name.as_str() {
                "Vec" | "Option" | "Box" | "VecDeque" | "HashSet" | "BTreeSet" => {
                    arguments.len() == 1
                }
                // With one argument it is an alias.
                "Result" | "HashMap" | "BTreeMap" => arguments.len() == 2,
                _ => false,
            };
            let is_value = arguments.is_empty() && (types::is_primitive(ty) || name == "String");
            is_instance(ty)
                || is_value
                || is_container && arguments.iter().all(|ty| is_plain(ty, is_instance))
        }
        _ => false,
    }
}

/// Whether something that a method makes may outlive it: its result or an argument could take it away, or the instance is
/// its own, to be put anywhere.
pub fn may_outlive(
    signature: &Signature,
    kind: ReceiverKind,
    is_instance: &impl Fn(&Type) -> bool,
) -> bool {
    let is_lent =
        matches!(kind, ReceiverKind::RefMut | ReceiverKind::RefMutBoxed | ReceiverKind::PinMut);
    let plain_result = match &signature.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => is_plain(ty, is_instance),
    };
    let plain_arguments = signature.inputs.iter().all(|input| match input {
        // With a lifetime of its own, the borrow may be `'static`.
        FnArg::Receiver(receiver) => match &receiver.kind {
            syn::ReceiverKind::Reference(_, lifetime, _) => lifetime.is_none(),
            syn::ReceiverKind::Typed(_, ty) => types::survey(ty).named.is_empty(),
            _ => true,
        },
        FnArg::Typed(typed) => is_plain(&typed.ty, is_instance) && !is_lent_for_longer(&typed.ty),
    });
    !is_lent || !plain_result || !plain_arguments
}

/// `&'a mut Self`: as with a receiver, the borrow may be `'static`.
fn is_lent_for_longer(ty: &Type) -> bool {
    match types::peel(ty) {
        Type::Reference(reference) => {
            reference.mutability.is_some()
                && reference.lifetime.is_some()
                && !is_plain(&reference.elem, &|_| false)
        }
        _ => false,
    }
}

/// Ways of writing to a field that do not start at `self`, as one under another name has to.
#[derive(Default)]
pub struct Suspicion<'a> {
    /// A name whose fields may be written to.
    own: Option<&'a str>,
    found: bool,
    /// Whether closures and `async` blocks are looked at by themselves.
    skips_closures: bool,
}

/// Whether `body` writes anywhere to a field of something that is not called `own`.
pub fn writes(body: &Block, own: Option<&str>) -> bool {
    let mut suspicion = Suspicion { own, found: false, skips_closures: false };
    suspicion.visit_block(body);
    suspicion.found
}

/// Whether a closure, `async` block or item in `body` may write to a field of an instance that it does not call `self`. `marked` tells
/// which closures are seen to otherwise.
pub fn writes_in_closures(body: &Block, marked: &impl Fn(&Expr) -> bool) -> bool {
    struct Closures<'a, F> {
        marked: &'a F,
        found: bool,
    }
    impl<'ast, F: Fn(&Expr) -> bool> Visit<'ast> for Closures<'_, F> {
        fn visit_expr(&mut self, expr: &'ast Expr) {
            if matches!(expr, Expr::Closure(_) | Expr::Async(_)) && !(self.marked)(expr) {
                let mut suspicion =
                    Suspicion { own: Some("self"), found: false, skips_closures: true };
                visit::visit_expr(&mut suspicion, expr);
                self.found |= suspicion.found;
            }
            visit::visit_expr(self, expr);
        }
        fn visit_macro(&mut self, mac: &'ast Macro) {
            match syntax::standard(mac) {
                Some(Standard::Quotes) => {}
                Some(_) => match Arguments::of(mac) {
                    Some(mut arguments) => {
                        for expr in arguments.exprs_mut() {
                            let mut inner = Closures { marked: self.marked, found: false };
                            inner.visit_expr(expr);
                            self.found |= inner.found;
                        }
                    }
                    None => self.found |= syntax::names_anything(mac.tokens.clone()),
                },
                None => self.found |= syntax::names_anything(mac.tokens.clone()),
            }
        }
        fn visit_item(&mut self, item: &'ast Item) {
            let mut suspicion = Suspicion { own: None, found: false, skips_closures: false };
            visit::visit_item(&mut suspicion, item);
            self.found |= suspicion.found || matches!(item, Item::Macro(_) | Item::Verbatim(_));
        }
    }
    let mut closures = Closures { marked, found: false };
    closures.visit_block(body);
    closures.found
}

impl Suspicion<'_> {
    /// Whether a place is a field of `own`, or a plain local.
    fn is_own(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Paren(paren) => self.is_own(&paren.expr),
            Expr::Group(group) => self.is_own(&group.expr),
            Expr::Field(field) => self.is_own(&field.base),
            Expr::Index(index) => self.is_own(&index.expr),
            Expr::Unary(unary) => self.is_own(&unary.expr),
            Expr::Path(path) => {
                self.own.is_some_and(|own| path.qself.is_none() && path.path.is_ident(own))
            }
            _ => false,
        }
    }

    /// A place that is written to, or whose value goes somewhere.
    fn place(&mut self, expr: &Expr) {
        self.found |= !is_local(expr) && !self.is_own(expr);
    }

    fn assigned(&mut self, expr: &Expr) {
        match expr {
            Expr::Paren(paren) => self.assigned(&paren.expr),
            Expr::Group(group) => self.assigned(&group.expr),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|expr| self.assigned(expr)),
            Expr::Array(array) => array.elems.iter().for_each(|expr| self.assigned(expr)),
            expr => self.place(expr),
        }
    }

    /// A value that goes somewhere: a `&mut` reference in a field goes with it.
    fn moved(&mut self, expr: &Expr) {
        if let Expr::Field(field) = expr {
            // A number for a name is no field of a struct with caches.
            self.found |= matches!(field.member, Member::Named(_)) && !self.is_own(expr);
        }
    }

    /// A place that is looked at where it is.
    fn looked_at(&mut self, expr: &Expr) {
        match strip(expr) {
            Expr::Field(field) => self.looked_at(&field.base),
            expr => self.visit_expr(expr),
        }
    }
}

/// `x`, or `*x`: whoever writes to all of an instance at once replaces it, with its caches.
fn is_local(expr: &Expr) -> bool {
    match strip(expr) {
        Expr::Unary(unary) => is_local(&unary.expr),
        expr => matches!(expr, Expr::Path(_) | Expr::Infer(_)),
    }
}

fn strip(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => strip(&paren.expr),
        Expr::Group(group) => strip(&group.expr),
        expr => expr,
    }
}

impl<'ast> Visit<'ast> for Suspicion<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        match expr {
            // Whoever only looks at a field comes by [`Suspicion::looked_at`].
            Expr::Field(field) => {
                self.moved(expr);
                return self.looked_at(&field.base);
            }
            Expr::Index(index) => {
                self.looked_at(&index.expr);
                return self.looked_at(&index.index);
            }
            Expr::Unary(unary) => return self.looked_at(&unary.expr),
            Expr::Binary(binary) => {
                if is_assignment(binary.op) {
                    self.place(&binary.left);
                }
                self.looked_at(&binary.left);
                return self.looked_at(&binary.right);
            }
            Expr::Cast(cast) if types::is_primitive(&cast.ty) => {
                return self.looked_at(&cast.expr);
            }
            Expr::Range(range) => {
                let ends = range.start.iter().chain(&range.end);
                return ends.for_each(|end| self.looked_at(end));
            }
            Expr::Reference(reference) => {
                if reference.mutability.is_some() {
                    self.place(&reference.expr);
                }
                return self.looked_at(&reference.expr);
            }
            Expr::RawAddr(address) => self.place(&address.expr),
            Expr::If(condition) => {
                self.looked_at(&condition.cond);
                self.visit_block(&condition.then_branch);
                return condition.else_branch.iter().for_each(|(_, other)| self.visit_expr(other));
            }
            Expr::While(condition) => {
                self.looked_at(&condition.cond);
                return self.visit_block(&condition.body);
            }
            Expr::MethodCall(call) => {
                // A method of what a call returned, or of a local, is that of some block.
                if matches!(strip(&call.receiver), Expr::Field(_) | Expr::Index(_) | Expr::Unary(_))
                {
                    self.place(&call.receiver);
                }
                self.looked_at(&call.receiver);
                return call.args.iter().for_each(|argument| self.visit_expr(argument));
            }
            Expr::Assign(assign) => self.assigned(&assign.left),
            Expr::Unsafe(_) | Expr::Verbatim(_) => self.found = true,
            // Looked at by itself.
            Expr::Closure(_) | Expr::Async(_) if self.skips_closures => return,
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        // The instance may be taken apart.
        self.found |= match pattern {
            Pat::Struct(_) | Pat::Macro(_) | Pat::Verbatim(_) => true,
            Pat::Ident(ident) => ident.by_ref.is_some() && ident.mutability.is_some(),
            _ => false,
        };
        visit::visit_pat(self, pattern);
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let arguments = syntax::standard(mac).and_then(|kind| Some((kind, Arguments::of(mac)?)));
        match arguments {
            Some((Standard::Quotes, _)) => {}
            Some((kind, mut arguments)) => {
                if let Arguments::Matches(matches) = &arguments {
                    let mut inner = Suspicion { found: false, ..*self };
                    inner.visit_pat(&matches.pattern);
                    inner.visit_expr(&matches.value);
                    self.found |= inner.found;
                }
                for (index, expr) in arguments.exprs_mut().into_iter().enumerate() {
                    let mut inner = Suspicion { found: false, ..*self };
                    match kind {
                        Standard::WritesTo if index == 0 => inner.place(expr),
                        Standard::Takes => inner.visit_expr(expr),
                        _ => {}
                    }
                    match expr {
                        // `format!("{x}", x = other.x)`
                        Expr::Assign(named) if kind != Standard::Matches => {
                            inner.looked_at(&named.right);
                        }
                        expr => inner.looked_at(expr),
                    }
                    self.found |= inner.found;
                }
            }
            None => self.found |= syntax::names_anything(mac.tokens.clone()),
        }
    }

    fn visit_item(&mut self, item: &'ast Item) {
        if matches!(item, Item::Macro(_) | Item::Verbatim(_)) {
            self.found = true;
        }
        let mut inner = Suspicion { own: None, found: false, skips_closures: false };
        visit::visit_item(&mut inner, item);
        self.found |= inner.found;
    }
}

/// Whether `tokens` call what takes a value out of a counted handle.
pub fn opens_handle(tokens: &TokenStream) -> bool {
    const OPENING: &[&str] = &[
        "make_mut",
        "get_mut",
        "get_mut_unchecked",
        "try_unwrap",
        "into_inner",
        "unwrap_or_clone",
        "into_raw",
        "as_ptr",
        "from_raw",
    ];
    OPENING.iter().any(|name| syntax::mention(tokens.clone(), name).is_some())
}
