//! How does a body use an instance?
//!
//! | in the body | what it is |
//! |---|---|
//! | `self.f = …`, `self.f += …`, `&mut self.f`, `&raw … self.f`, `(self.f)(…)`, `self.f.await`, `match self.f { ref mut … }`, the first argument of `write!` | `f` is written |
//! | `self.f.method(…)` | `f` is written, unless its type is known to have a `method` that does not |
//! | `&self.f`, an operand of an operator, an argument that a macro of the standard library borrows | `f` is read |
//! | `self.f` in any other place: passed, returned, stored, matched | read, and written if it may be a `&mut` reference; what stands behind it (`self.f.g`, `self.f[i]`), if it may hold one |
//! | `self.method(…)`, `Self::method(self, …)`, a `&self` method of the block | what that method reads is read |
//! | the same, a `&mut self` method of the block that hands out no way to the instance | nothing more: it sees to its own changes |
//! | `&self`, `"{self}"` | all fields are read |
//! | `self` as the result | nothing more: whoever has it then changes it by methods of their own |
//! | any other mention of `self`; `unsafe` | all fields are written |
//!
//! What is behind `self.f`, as in `self.f.g[i]`, counts as `f`.

mod places;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Block, Expr, Item, Macro, Member, Path, Stmt,
    visit::{self, Visit},
};

use super::{Call, Effects, Methods};
use crate::{field_set::FieldSet, model::ReceiverKind, syntax};

/// Finds the uses of the instance `name` in a body.
pub struct Finder<'a> {
    methods: &'a Methods,
    pub(super) name: &'a str,
    kind: ReceiverKind,
    pub(super) effects: Effects,
    /// How many mentions of the instance were understood.
    pub(super) seen: usize,
    /// How many closures and `async` blocks are around.
    depth: usize,
    /// Whether the body has a `use` of its own, which may bring other methods and types.
    has_items: bool,
    /// All of the body, where macros may be declared.
    pub(super) scope: TokenStream,
}

/// What happens to a place such as `self.f.g`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Written,
    /// Its value is looked at, and no reference to it is kept.
    Read,
    /// Its value goes somewhere.
    Moved,
}

impl<'a> Finder<'a> {
    pub fn new(methods: &'a Methods, name: &'a str, kind: ReceiverKind) -> Self {
        Self {
            methods,
            name,
            kind,
            effects: Effects::default(),
            seen: 0,
            depth: 0,
            has_items: false,
            scope: TokenStream::new(),
        }
    }

    /// Looks at the body of a method.
    pub fn body(&mut self, body: &Block) {
        self.scope = body.to_token_stream();
        self.has_items = has_items(body);
        self.tail_block(body);
    }

    /// Looks at the body of a closure.
    pub fn expr(&mut self, expr: &Expr, scope: TokenStream) {
        self.scope = scope;
        self.depth = 1;
        self.visit_expr(expr);
    }

    /// Looks at an `async` block.
    pub fn block(&mut self, block: &Block, scope: TokenStream) {
        self.scope = scope;
        self.depth = 1;
        self.visit_block(block);
    }

    /// What was found, if all of `tokens` was understood.
    pub fn finish(mut self, tokens: TokenStream) -> Effects {
        if syntax::mention(tokens.clone(), "unsafe").is_some() {
            self.effects.add_fields();
        }
        // On a `&self` nothing comes before the block's own `&self` methods. On a `&mut self` a trait's `&mut self` method does.
        let may_be_others = self.has_items && self.kind != ReceiverKind::Ref;
        if syntax::count(tokens, self.name) != self.seen
            || may_be_others && !self.effects.calls.is_empty()
        {
            self.effects.add_everything();
        }
        self.effects
    }

    pub(super) fn value(&mut self, expr: &Expr, how: How) {
        if !self.place(expr, how, 0) {
            match expr {
                Expr::Paren(paren) => self.value(&paren.expr, how),
                Expr::Group(group) => self.value(&group.expr, how),
                expr => self.other(expr),
            }
        }
    }

    /// The instance is looked at as a whole.
    pub(super) fn shown(&mut self) {
        self.effects.reads = FieldSet::All;
        self.effects.calls_unseen = true;
    }

    /// The left side of an assignment.
    fn assigned(&mut self, expr: &Expr) {
        match expr {
            Expr::Paren(paren) => self.assigned(&paren.expr),
            Expr::Group(group) => self.assigned(&group.expr),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|expr| self.assigned(expr)),
            Expr::Array(array) => array.elems.iter().for_each(|expr| self.assigned(expr)),
            Expr::Call(call) => call.args.iter().for_each(|expr| self.assigned(expr)),
            Expr::Struct(literal) => {
                literal.fields.iter().for_each(|field| self.assigned(&field.expr));
            }
            expr => self.value(expr, How::Written),
        }
    }

    /// What is matched with a pattern.
    pub(super) fn matched(&mut self, expr: &Expr, mutably: bool) {
        self.value(expr, if mutably { How::Written } else { How::Moved });
    }

    /// A method is called on the instance; whether it is known.
    fn call(&mut self, method: &Ident) -> bool {
        let name = syntax::plain_name(method);
        match self.methods.call(&name, self.kind) {
            Call::Shared | Call::Exclusive => {
                self.effects.calls.entry(name).or_insert(method.span());
                self.seen += 1;
                true
            }
            Call::Unknown => false,
        }
    }

    /// `self.items.len()`, which only reads if the type of `items` says so; whether it is such a call.
    fn looks(&mut self, call: &syn::ExprMethodCall) -> bool {
        let Expr::Field(field) = &*call.receiver else { return false };
        let Member::Named(name) = &field.member else { return false };
        let is_own = self.kind == ReceiverKind::RefMut && self.is_place_of_instance(&field.base);
        if is_own {
            self.seen += 1;
            let [name, method] = [name, &call.method].map(syntax::plain_name);
            self.effects.writes.insert(format!("{name}.{method}()"));
        }
        is_own
    }

    /// `name` in `Self::name`, or in `Type::name`.
    fn own_method<'b>(&self, expr: &'b Expr) -> Option<&'b Ident> {
        let Expr::Path(path) = expr else { return None };
        let mut segments = path.path.segments.iter();
        let (owner, method) = (segments.next()?, segments.next()?);
        // A `use` in the body may give the name to another type.
        let is_named = |name: &String| owner.ident == name && !self.has_items;
        let is_own = owner.ident == "Self" || self.methods.type_name.as_ref().is_some_and(is_named);
        (path.qself.is_none() && is_own && segments.next().is_none()).then_some(&method.ident)
    }

    fn tail_block(&mut self, block: &Block) {
        let Some((last, rest)) = block.stmts.split_last() else { return };
        for statement in rest {
            self.visit_stmt(statement);
        }
        match last {
            Stmt::Expr(expr, None) => self.tail(expr),
            statement => self.visit_stmt(statement),
        }
    }

    /// An expression that the method results in.
    fn tail(&mut self, expr: &Expr) {
        match expr {
            Expr::Block(block) if block.label.is_none() => self.tail_block(&block.block),
            Expr::If(branch) => {
                self.visit_expr(&branch.cond);
                self.tail_block(&branch.then_branch);
                if let Some((_, otherwise)) = &branch.else_branch {
                    self.tail(otherwise);
                }
            }
            Expr::Match(matched) => {
                let mutably = matched.arms.iter().any(|arm| syntax::binds_mutably(&arm.pat));
                self.matched(&matched.expr, mutably);
                for arm in &matched.arms {
                    self.visit_pat(&arm.pat);
                    self.tail(&arm.body);
                }
            }
            expr if self.is_instance(expr) => self.returned(),
            expr => self.visit_expr(expr),
        }
    }

    fn returned(&mut self) {
        self.seen += 1;
        self.effects.reads = FieldSet::All;
        self.effects.returned = true;
    }

    fn other(&mut self, expr: &Expr) {
        match expr {
            Expr::Assign(assign) => {
                self.value(&assign.right, How::Moved);
                self.assigned(&assign.left);
            }
            Expr::Binary(binary) => {
                self.value(&binary.right, How::Read);
                let how = if is_assignment(binary.op) { How::Written } else { How::Read };
                self.value(&binary.left, how);
            }
            Expr::Unary(unary) => self.value(&unary.expr, How::Read),
            Expr::Cast(cast) => {
                self.value(&cast.expr, How::Read);
                self.visit_type(&cast.ty);
            }
            Expr::Reference(reference) if reference.mutability.is_some() => {
                self.value(&reference.expr, How::Written);
            }
            Expr::Reference(reference) if self.is_place_of_instance(&reference.expr) => {
                self.seen += 1;
                self.shown();
            }
            Expr::Reference(reference) => self.value(&reference.expr, How::Read),
            Expr::RawAddr(address) => self.value(&address.expr, How::Written),
            Expr::Await(awaited) => self.value(&awaited.base, How::Written),
            Expr::Index(index) => {
                self.value(&index.expr, How::Moved);
                self.value(&index.index, How::Moved);
            }
            Expr::Call(call) => {
                let own = self.own_method(&call.func);
                let mut arguments = call.args.iter();
                if let (Some(name), Some(first)) = (own, call.args.first()) {
                    if self.is_borrowed_instance(first) && self.call(name) {
                        arguments.next();
                    }
                }
                self.value(&call.func, How::Written);
                arguments.for_each(|argument| self.visit_expr(argument));
            }
            Expr::MethodCall(call) => {
                let known = self.is_instance(&call.receiver) && self.call(&call.method);
                if !known && !self.looks(call) {
                    self.value(&call.receiver, How::Written);
                }
                call.args.iter().for_each(|argument| self.visit_expr(argument));
                if let Some(turbofish) = &call.turbofish {
                    self.visit_angle_bracketed_generic_arguments(turbofish);
                }
            }
            Expr::Match(matched) => {
                let mutably = matched.arms.iter().any(|arm| syntax::binds_mutably(&arm.pat));
                self.matched(&matched.expr, mutably);
                matched.arms.iter().for_each(|arm| self.visit_arm(arm));
            }
            Expr::Let(matched) => {
                self.visit_pat(&matched.pat);
                self.matched(&matched.expr, syntax::binds_mutably(&matched.pat));
            }
            Expr::Closure(_) | Expr::Async(_) => {
                self.depth += 1;
                visit::visit_expr(self, expr);
                self.depth -= 1;
            }
            Expr::Return(result) if self.depth == 0 => match &result.expr {
                Some(result) if self.is_instance(result) => self.returned(),
                Some(result) => self.visit_expr(result),
                None => {}
            },
            expr if self.is_instance(expr) => {
                self.seen += 1;
                self.effects.add_everything();
            }
            expr => visit::visit_expr(self, expr),
        }
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_expr(&mut self, expr: &'ast Expr) {
        self.value(expr, How::Moved);
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.visit_pat(&local.pat);
        if let Some(init) = &local.init {
            self.matched(&init.expr, syntax::binds_mutably(&local.pat));
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.invocation(mac);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        // `self::module::function`
        let leads_to_module = path.segments.len() > 1
            && path.leading_colon.is_none()
            && path.segments.first().is_some_and(|first| first.ident == self.name);
        self.seen += usize::from(leads_to_module);
        visit::visit_path(self, path);
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        let is_named = field.colon_token.is_some()
            && matches!(&field.member, Member::Named(name) if name == self.name);
        self.seen += usize::from(is_named);
        self.visit_expr(&field.expr);
    }

    fn visit_field_pat(&mut self, field: &'ast syn::FieldPat) {
        let is_named = field.colon_token.is_some()
            && matches!(&field.member, Member::Named(name) if name == self.name);
        self.seen += usize::from(is_named);
        self.visit_pat(&field.pat);
    }

    // `self` means something else in there. What mentions it is not understood.
    fn visit_item(&mut self, _: &'ast Item) {}
}

/// Whether a body may declare or import something, other than plain data: also by a macro that stands as a statement.
fn has_items(body: &Block) -> bool {
    struct Items(bool);
    impl<'ast> Visit<'ast> for Items {
        fn visit_item(&mut self, item: &'ast Item) {
            let harmless = matches!(
                item,
                Item::Const(_)
                    | Item::Static(_)
                    | Item::Fn(_)
                    | Item::Enum(_)
                    | Item::Struct(_)
                    | Item::Type(_)
            );
            self.0 |= !harmless;
        }
        fn visit_stmt_macro(&mut self, statement: &'ast syn::StmtMacro) {
            self.0 |= syntax::standard(&statement.mac).is_none();
        }
    }
    let mut items = Items(false);
    items.visit_block(body);
    items.0
}

pub fn is_assignment(op: syn::BinOp) -> bool {
    use syn::BinOp::{
        AddAssign, BitAndAssign, BitOrAssign, BitXorAssign, DivAssign, MulAssign, RemAssign,
        ShlAssign, ShrAssign, SubAssign,
    };
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}
