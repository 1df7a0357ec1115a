//! Makes the methods that may change an instance forget what they change.
//!
//! When such a method begins, it forgets the entries that depend on the fields that it can change. If memoized methods may run
//! meanwhile that read one of those fields, a guard marks the fields as changing while the method runs, so that nothing
//! computed in between is kept. A closure or `async` block that says `self` and may outlive the method sets up a guard of
//! its own whenever it runs. Where something under another name may go on changing the instance, the fields stay marked for good.

mod arguments;
mod closures;

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Block, Expr, FnArg, ImplItemFn, Pat, ReturnType, Signature, Stmt, Token, Type, parse_quote,
    spanned::Spanned, visit::Visit, visit_mut::VisitMut,
};

use self::{
    arguments::WithoutInstances,
    closures::{FindClosure, MarkClosures, Seal},
};
use crate::{
    diagnostics::Diagnostics,
    effects::{Change, Effects, Methods, body::Finder, hidden},
    field_set::FieldSet,
    model::{BlockContext, ReceiverKind, receiver_kind},
    names,
    substitute::respan,
    syntax, types,
};

/// `#[memoize(changes(field, …))]`.
pub struct Promise {
    pub fields: Vec<Ident>,
}

impl Promise {
    /// Names that are none of the struct's fields do not compile.
    fn check(&self) -> Option<Stmt> {
        let fields = &self.fields;
        let instance = names::local("instance");
        (!fields.is_empty())
            .then(|| parse_quote!(let _ = |#instance: &Self| { #(let _ = &#instance.#fields;)* };))
    }

    fn writes(&self) -> FieldSet {
        let names: Vec<String> = self.fields.iter().map(names::plain).collect();
        FieldSet::of(names.iter().map(String::as_str))
    }
}

/// An instance that a method may change.
struct Access {
    /// What the body calls it.
    name: Ident,
    kind: ReceiverKind,
    /// An expression of type `&mut Self`, or `Pin<&mut Self>`.
    exclusive: TokenStream,
    /// An expression of type `&Self`.
    shared: TokenStream,
    /// Whether the body knows it, or parts of it, by other names.
    renamed: bool,
}

impl Access {
    /// `name` is the receiver, with the hygiene of the user's `self`, or an argument.
    fn of(kind: ReceiverKind, name: &Ident) -> Option<Self> {
        let is_receiver = name == "self";
        let (exclusive, shared) = match kind {
            ReceiverKind::RefMut if is_receiver => (quote!(#name), quote!(&*#name)),
            ReceiverKind::RefMut | ReceiverKind::Boxed => (quote!(&mut *#name), quote!(&*#name)),
            ReceiverKind::RefMutBoxed => (quote!(&mut **#name), quote!(&**#name)),
            ReceiverKind::Value => (quote!(&mut #name), quote!(&#name)),
            ReceiverKind::PinMut | ReceiverKind::PinBoxed => {
                (quote!(::core::pin::Pin::as_mut(&mut #name)), quote!(&*#name))
            }
            _ => return None,
        };
        Some(Self { name: name.clone(), kind, exclusive, shared, renamed: false })
    }

    /// Whether the name has to be `mut` for [`Access::exclusive`].
    fn needs_mut(&self) -> bool {
        !matches!(self.kind, ReceiverKind::RefMut | ReceiverKind::RefMutBoxed)
    }

    fn is_owned(&self) -> bool {
        matches!(self.kind, ReceiverKind::Value | ReceiverKind::Boxed | ReceiverKind::PinBoxed)
    }

    /// The call of a method of `Instance`.
    fn instance(&self, runtime: &TokenStream) -> TokenStream {
        let exclusive = &self.exclusive;
        match self.kind {
            ReceiverKind::PinMut | ReceiverKind::PinBoxed => {
                quote!(#runtime::Instance::pinned(#exclusive))
            }
            _ => quote!(#runtime::Instance::new(#exclusive)),
        }
    }
}

/// Whether a method with such a receiver can change its instance.
pub fn can_change(kind: ReceiverKind) -> bool {
    Access::of(kind, &Ident::new("self", Span::call_site())).is_some()
}

/// ```text
/// Input:   fn set(&mut self, x: u32) { self.x = x; }
/// Output:  fn set(&mut self, x: u32) {
///              Instance::new(self).forget(const { FieldsOf::<Self>::LIST.changed(module_path!(), &["x"]) });
///              self.x = x;
///          }
/// Input:   fn step(&mut self) { self.x += self.next(); }
/// Output:  fn step(&mut self) {
///              let _mutation =
///                  Instance::new(self).mutate(const { FieldsOf::<Self>::LIST.change(module_path!(), &["x"], &["x"]) });
///              { self.x += self.next(); }
///          }
/// ```
pub struct Guards<'a> {
    pub methods: &'a Methods,
    pub block: &'a BlockContext,
    pub promise: Option<&'a Promise>,
    /// The `&self` methods of the block that are called on a `&mut` instance.
    pub called: &'a mut BTreeMap<String, Span>,
    /// Whether a method can change an instance.
    pub change: &'a mut bool,
}

impl Guards<'_> {
    /// Rewrites a method of the block.
    pub fn insert(&mut self, method: &mut ImplItemFn, diagnostics: &mut Diagnostics) {
        if !self.block.can_lead_to_fields() {
            return;
        }
        let errors = diagnostics.count();
        let mut instances = Vec::new();
        let mut prologue: Vec<Stmt> = Vec::new();
        if let Some(receiver) = method.sig.receiver() {
            let kind = receiver_kind(receiver, Some(&self.block.self_ty));
            let name = Ident::new("self", receiver.self_token.span);
            match Access::of(kind, &name) {
                Some(access) => instances.push(access),
                None => self.check_receiver(kind, &name, method, diagnostics),
            }
        }
        self.arguments(method, &mut instances, &mut prologue, diagnostics);
        if diagnostics.count() > errors {
            return;
        }
        let (mut guarded, mut plain) = (false, false);
        let mut statements = Vec::new();
        for access in &instances {
            let Some(statement) = self.guard(access, method, &mut guarded, &mut plain) else {
                continue;
            };
            if let Some(token) = method.sig.constness {
                diagnostics.on(&token, "a `const` method that takes `&mut self` or `self` cannot forget what it changes; that is done at run time; remove `const`, or mark it `#[memoize(changes())]` if it changes no field");
                return;
            }
            make_mutable(method, access);
            *self.change = true;
            statements.push(statement);
        }
        statements.extend(self.promise.and_then(Promise::check));
        if plain {
            statements.extend(self.plain_types(&method.sig));
        }
        statements.append(&mut prologue);
        if guarded {
            let body = without_braces(&method.block);
            method.block = parse_quote!({ #(#statements)* #body });
        } else {
            method.block.stmts.splice(0..0, statements);
        }
    }

    /// The statement that a method begins with, if any; marks the closures that may outlive it.
    fn guard(
        &mut self,
        access: &Access,
        method: &mut ImplItemFn,
        guarded: &mut bool,
        plain: &mut bool,
    ) -> Option<Stmt> {
        let runtime = &self.block.runtime;
        let name = access.name.to_string();
        let mut effects = self.methods.effects(method, &name, access.kind);
        if access.renamed {
            effects.add_everything();
        }
        let change = self.promised_change(&effects);
        if access.kind == ReceiverKind::RefMut {
            for (name, span) in &effects.calls {
                if self.methods.has_shared(name) {
                    self.called.entry(name.clone()).or_insert(*span);
                }
            }
        }
        Seal(&name).visit_block_mut(&mut method.block);
        let is_over =
            access.is_owned() && !effects.whole && !effects.returned && change.uses.is_none();
        if change.writes.is_empty() || is_over {
            return None;
        }
        let is_instance = |ty: &Type| self.is_instance(ty);
        let may_outlive = hidden::may_outlive(&method.sig, access.kind, &is_instance);
        let instance = access.instance(runtime);
        let changed = change.writes.changed(runtime);
        let may_stay = self.may_stay(access, &effects, method);
        let stays = may_outlive && may_stay;
        if !may_outlive && (may_stay || self.needs_marks(access, method)) {
            *plain = true;
        }
        if may_outlive && name == "self" {
            MarkClosures { guards: self, access, scope: method.block.to_token_stream() }
                .visit_block_mut(&mut method.block);
        }
        if stays {
            return Some(parse_quote!(#instance.stop_caching(#changed);));
        }
        if !change.needs_guard() {
            return Some(parse_quote!(#instance.forget(#changed);));
        }
        *guarded = true;
        let guard = names::local("_mutation");
        let change = change.expr(runtime);
        Some(parse_quote!(let #guard = #instance.mutate(#change);))
    }

    /// Whether a closure or `async` block would need a guard of its own, if it outlived the method.
    fn needs_marks(&self, access: &Access, method: &ImplItemFn) -> bool {
        let name = access.name.to_string();
        let scope = method.block.to_token_stream();
        let is_meant = |expr: &Expr| {
            syntax::mention(expr.to_token_stream(), &name).is_some()
                && self.closure_change(expr, &name, access.kind, &scope).0.needs_guard()
        };
        let mut closures = FindClosure { found: false, is_meant: &is_meant };
        closures.visit_block(&method.block);
        closures.found
    }

    /// Asks whether the types of a signature are those that their names say: nothing that the method makes is hidden in one.
    fn plain_types(&self, signature: &Signature) -> Vec<Stmt> {
        let runtime = &self.block.runtime;
        let arguments = syntax::arguments(signature).map(|argument| &*argument.ty);
        let output = match &signature.output {
            ReturnType::Type(_, ty) => Some(&**ty),
            ReturnType::Default => None,
        };
        let ask = |ty: &Type| {
            let span = Span::call_site().located_at(ty.span());
            let runtime = respan(runtime.clone(), span);
            let mut ty = ty.clone();
            WithoutInstances(self).visit_type_mut(&mut ty);
            let question = quote_spanned!(span=> let _ = #runtime::plainly_owned::<#ty>;);
            parse_quote!(#question)
        };
        arguments.chain(output).filter(|ty| !types::is_unit(ty)).map(ask).collect()
    }

    /// Whether something in the body may go on changing the instance, after the method and under another name.
    fn may_stay(&self, access: &Access, effects: &Effects, method: &ImplItemFn) -> bool {
        let name = access.name.to_string();
        let scope = method.block.to_token_stream();
        let of_closure = |expr: &Expr| self.closure_change(expr, &name, access.kind, &scope);
        if name == "self" {
            let marked = |expr: &Expr| {
                syntax::mention(expr.to_token_stream(), "self").is_some()
                    && of_closure(expr).1.whole
            };
            return effects.whole && hidden::writes_in_closures(&method.block, &marked);
        }
        // Another name could be shadowed in a closure, so that none can be marked.
        self.needs_marks(access, method)
            || effects.whole && hidden::writes_in_closures(&method.block, &|_| false)
    }

    /// What a closure or `async` block does to an instance.
    fn closure_change(
        &self,
        expr: &Expr,
        name: &str,
        kind: ReceiverKind,
        scope: &TokenStream,
    ) -> (Change, Effects) {
        let tokens = match expr {
            Expr::Closure(closure) => closure.body.to_token_stream(),
            Expr::Async(block) => block.block.to_token_stream(),
            expr => expr.to_token_stream(),
        };
        let mut finder = Finder::new(self.methods, name, kind);
        match expr {
            Expr::Closure(closure) => finder.expr(&closure.body, scope.clone()),
            Expr::Async(block) => finder.block(&block.block, scope.clone()),
            expr => finder.expr(expr, scope.clone()),
        }
        let effects = finder.finish(tokens);
        (self.promised_change(&effects), effects)
    }

    /// What such a use of an instance does to it, as far as the promise allows.
    fn promised_change(&self, effects: &Effects) -> Change {
        let mut change = self.methods.change(effects);
        if let Some(promise) = self.promise {
            change.writes = promise.writes();
        }
        change
    }

    /// Whether no field is changed. A promise of some does not help where what depends on them cannot be forgotten.
    fn promises_nothing(&self) -> bool {
        self.promise.is_some_and(|promise| promise.fields.is_empty())
    }

    fn is_instance(&self, ty: &Type) -> bool {
        types::last_segment(ty)
            .is_some_and(|last| last.ident == "Self" || Some(&last.ident) == self.block.type_name())
    }

    fn mentions_instance(&self, ty: &Type) -> bool {
        types::instances(ty, self.block.type_name()).any
    }
}

/// A body, to stand at the end of a block of ours: that drops the temporaries of its last expression before its guard, in any
/// edition.
fn without_braces(body: &Block) -> TokenStream {
    match body.stmts.as_slice() {
        [Stmt::Expr(expr, None)] => expr.to_token_stream(),
        _ => body.to_token_stream(),
    }
}

/// Makes the name of an instance `mut`, if that is needed to forget through it.
fn make_mutable(method: &mut ImplItemFn, access: &Access) {
    if !access.needs_mut() {
        return;
    }
    for input in &mut method.sig.inputs {
        let mutability = match input {
            FnArg::Receiver(receiver) if access.name == "self" => &mut receiver.mutability,
            FnArg::Typed(typed) => match &mut *typed.pat {
                Pat::Ident(pattern) if pattern.ident == access.name => &mut pattern.mutability,
                _ => continue,
            },
            FnArg::Receiver(_) => continue,
        };
        mutability.get_or_insert_with(|| Token![mut](Span::call_site()));
    }
}
