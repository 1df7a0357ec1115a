//! Makes the methods that may change an instance empty its caches.
//!
//! A method that uses its instance only through fields cannot call a memoized method of it, so emptying the caches when
//! it begins is enough. Any other method also marks the instance as mutating while it runs. A closure or `async` block
//! that holds the instance may run after the method has returned, and marks it again.

mod holders;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprAsync, ExprClosure, FnArg, ImplItemFn, Item, Macro, Pat, ReturnType, Stmt, Token,
    Type,
    parse::Parser,
    parse_quote, parse_quote_spanned,
    punctuated::Punctuated,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use self::holders::{Holder, escapes, has_closure, holders, runs_in_place, uses_whole};
use crate::{
    diagnostics::Diagnostics,
    model::{BlockContext, ReceiverKind, receiver_kind},
    names, types,
};

/// What is known of the block's type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// It has caches, but perhaps not for the type parameters at hand.
    PerhapsCallable,
    /// It may have caches, or it should have and is reported elsewhere if it has not.
    Perhaps,
}

/// An instance that a method may change.
struct Access {
    /// What the body calls it.
    name: Ident,
    /// An expression of type `&mut Self`, or `Pin<&mut Self>`.
    exclusive: TokenStream,
    /// An expression of type `&Self`.
    shared: TokenStream,
    pinned: bool,
}

impl Access {
    /// `name` is the receiver, with the hygiene of the user's `self`.
    fn of(kind: ReceiverKind, name: &Ident) -> Option<Self> {
        let (exclusive, shared) = match kind {
            ReceiverKind::RefMut => (quote!(#name), quote!(&*#name)),
            ReceiverKind::RefMutBoxed => (quote!(&mut **#name), quote!(&**#name)),
            ReceiverKind::Value => (quote!(&mut #name), quote!(&#name)),
            ReceiverKind::Boxed => (quote!(&mut *#name), quote!(&*#name)),
            ReceiverKind::PinMut | ReceiverKind::PinBoxed => {
                (quote!(::core::pin::Pin::as_mut(&mut #name)), quote!(&*#name))
            }
            _ => return None,
        };
        let pinned = matches!(kind, ReceiverKind::PinMut | ReceiverKind::PinBoxed);
        Some(Self { name: name.clone(), exclusive, shared, pinned })
    }

    /// The statement that a method begins with.
    fn statement(&self, whole: bool, block: &BlockContext, home: Home) -> Stmt {
        let runtime = &block.runtime;
        let exclusive = &self.exclusive;
        let guard = names::local("_mutation");
        let instance = if self.pinned {
            quote!(#runtime::Instance::pinned(#exclusive))
        } else {
            quote!(#runtime::Instance::new(#exclusive))
        };
        match (whole, self.pinned, home) {
            (true, ..) => parse_quote!(let #guard = #instance.mutate();),
            (false, false, Home::PerhapsCallable) => parse_quote!(#runtime::forget(#exclusive);),
            (false, ..) => parse_quote!(#instance.forget();),
        }
    }
}

/// Whether a method with such a receiver empties the caches.
pub fn empties(kind: ReceiverKind) -> bool {
    Access::of(kind, &Ident::new("self", Span::call_site())).is_some()
}

/// ```text
/// Input:   fn set(&mut self, x: u32) { self.x = x; }
/// Output:  fn set(&mut self, x: u32) { Instance::new(self).forget(); self.x = x; }
/// Input:   fn step(&mut self) { self.x += self.next(); }
/// Output:  fn step(&mut self) { let _mutation = Instance::new(self).mutate(); self.x += self.next(); }
/// ```
pub fn guard(
    method: &mut ImplItemFn,
    block: &BlockContext,
    home: Home,
    diagnostics: &mut Diagnostics,
) {
    let mut instances = Vec::new();
    for input in &mut method.sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let kind = receiver_kind(receiver, Some(&block.self_ty));
                check_receiver(receiver, kind, diagnostics);
                let name = Ident::new("self", receiver.self_token.span);
                let Some(access) = Access::of(kind, &name) else { continue };
                if !matches!(kind, ReceiverKind::RefMut | ReceiverKind::RefMutBoxed) {
                    receiver.mutability.get_or_insert_with(|| Token![mut](Span::call_site()));
                }
                instances.push(access);
            }
            FnArg::Typed(typed) => instances.extend(other_instance(typed, block)),
        }
    }
    if let (Some(token), false) = (method.sig.constness, instances.is_empty()) {
        diagnostics.on(&token, "a `const` method that takes `&mut self` or `self` cannot empty the caches; that is done at run time; remove `const`, or mark it `#[memoize(keep)]` if it changes nothing that a memoized method reads");
        return;
    }
    let body = method.block.to_token_stream();
    let returns_closure = returns_closure(&method.sig.output);
    let mut statements = Vec::new();
    for access in &instances {
        let whole = uses_whole(body.clone(), &access.name.to_string());
        statements.push(access.statement(whole, block, home));
        if !whole {
            continue;
        }
        let holders = holders(access, &method.block);
        let escapes = holders.iter().any(|holder| escapes(body.clone(), &holder.name));
        let mut closures = MarkClosures { holders, block, hidden: false };
        closures.visit_block_mut(&mut method.block);
        if (closures.hidden || escapes) && returns_closure {
            // It cannot be seen when the closure ends: the instance stays mutating. Slow, not wrong.
            let runtime = &block.runtime;
            let shared = &access.shared;
            statements.push(
                parse_quote!(::core::mem::forget(#runtime::Observed::new(#shared).mutate_again());),
            );
        }
    }
    statements.append(&mut method.block.stmts);
    method.block.stmts = statements;
}

/// A receiver behind a count may be changed through `Rc::make_mut`, which cannot be seen.
fn check_receiver(receiver: &syn::Receiver, kind: ReceiverKind, diagnostics: &mut Diagnostics) {
    let changes = match kind {
        ReceiverKind::Counted => receiver.mutability.is_some(),
        ReceiverKind::Other => match &receiver.kind {
            syn::ReceiverKind::Typed(_, ty) => {
                receiver.mutability.is_some()
                    || types::find(ty, |found| &mut found.mutable_reference).is_some()
            }
            _ => false,
        },
        _ => false,
    };
    if changes {
        diagnostics.at(receiver.self_token.span, "this receiver could change the instance unseen; its caches cannot be emptied through it; take `&mut self`, or mark the method `#[memoize(keep)]` if it changes nothing that a memoized method reads");
    }
}

/// Whether a method's result can hold a closure of its body.
fn returns_closure(output: &ReturnType) -> bool {
    match output {
        ReturnType::Type(_, ty) => {
            let found = types::survey(ty);
            found.impl_trait.is_some() || found.borrowing_object.is_some()
        }
        ReturnType::Default => false,
    }
}

/// `other: &mut Self`, `other: Self` and `other: Box<Self>`, which becomes `mut`.
fn other_instance(typed: &mut syn::PatType, block: &BlockContext) -> Option<Access> {
    let Pat::Ident(pattern) = &mut *typed.pat else { return None };
    let name = pattern.ident.clone();
    // `ref other: Self` is a shared reference, `ref mut other: Self` an exclusive one.
    let by_ref = pattern.by_ref.map(|_| pattern.mutability.is_some());
    let is_self = |ty: &Type| {
        types::last_segment(ty)
            .is_some_and(|last| last.ident == "Self" || last.ident == block.type_name)
    };
    let (exclusive, shared) = match types::peel(&typed.ty) {
        _ if by_ref == Some(false) => return None,
        ty if by_ref.is_some() && is_self(ty) => (quote!(&mut *#name), quote!(&*#name)),
        Type::Reference(reference)
            if reference.mutability.is_some() && is_self(&reference.elem) =>
        {
            (quote!(&mut *#name), quote!(&*#name))
        }
        ty if is_self(ty) => {
            pattern.mutability.get_or_insert_with(|| Token![mut](Span::call_site()));
            (quote!(&mut #name), quote!(&#name))
        }
        ty if types::argument_of(ty, &["Box"]).is_some_and(is_self) => {
            pattern.mutability.get_or_insert_with(|| Token![mut](Span::call_site()));
            (quote!(&mut *#name), quote!(&*#name))
        }
        _ => return None,
    };
    Some(Access { name, exclusive, shared, pinned: false })
}

/// Marks the instance again at the start of each closure or `async` block that uses it whole.
struct MarkClosures<'a> {
    holders: Vec<Holder>,
    block: &'a BlockContext,
    /// Whether there may be such a closure in a macro that cannot be read.
    hidden: bool,
}

impl MarkClosures<'_> {
    fn statements(&self, tokens: &TokenStream) -> Vec<Stmt> {
        let runtime = &self.block.runtime;
        let guard = names::local("_mutation");
        let used = self.holders.iter().filter(|holder| uses_whole(tokens.clone(), &holder.name));
        used.map(|holder| {
            let shared = &holder.shared;
            parse_quote!(let #guard = #runtime::Observed::new(#shared).mutate_again();)
        })
        .collect()
    }
}

impl VisitMut for MarkClosures<'_> {
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        let statements = self.statements(&closure.body.to_token_stream());
        visit_mut::visit_expr_closure_mut(self, closure);
        if !statements.is_empty() {
            let body = &closure.body;
            let span = body.span();
            *closure.body = parse_quote_spanned!(span=> { #(#statements)* #body });
        }
    }

    fn visit_expr_async_mut(&mut self, block: &mut ExprAsync) {
        let statements = self.statements(&block.block.to_token_stream());
        visit_mut::visit_expr_async_mut(self, block);
        block.block.stmts.splice(0..0, statements);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if self.statements(&mac.tokens).is_empty() {
            return;
        }
        let in_place =
            mac.path.segments.last().is_some_and(|segment| runs_in_place(&segment.ident));
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone());
        match arguments {
            Ok(mut arguments) => {
                arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                mac.tokens = arguments.into_token_stream();
            }
            Err(_) => self.hidden |= has_closure(mac.tokens.clone()),
        }
        self.hidden |= !in_place;
    }

    // `self` means something else in there.
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
