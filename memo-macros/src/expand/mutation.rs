//! Makes the methods that may change an instance empty its caches.
//!
//! A method that uses its instance only through fields cannot call a memoized method of it, so emptying the caches when
//! it begins is enough. Any other method also marks the instance as mutating while it runs. A closure or `async` block
//! that holds the instance may run after the method has returned, and marks it again.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Expr, ExprAsync, ExprClosure, FnArg, ImplItemFn, Item, Macro, Pat, ReturnType, Stmt, Token,
    Type,
    parse::Parser,
    parse_quote,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use crate::{
    diagnostics::Diagnostics,
    model::{BlockContext, ReceiverKind, receiver_kind, same_tokens},
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

/// How a method gets at an instance that it may change.
struct Access {
    /// An expression of type `&mut Self`, or `Pin<&mut Self>`.
    exclusive: TokenStream,
    /// An expression of type `&Self`.
    shared: TokenStream,
    pinned: bool,
}

impl Access {
    fn of(kind: ReceiverKind) -> Option<Self> {
        let (exclusive, shared) = match kind {
            ReceiverKind::RefMut => (quote!(self), quote!(&*self)),
            ReceiverKind::Value => (quote!(&mut self), quote!(&self)),
            ReceiverKind::Boxed => (quote!(&mut *self), quote!(&*self)),
            ReceiverKind::PinMut => (quote!(::core::pin::Pin::as_mut(&mut self)), quote!(&*self)),
            _ => return None,
        };
        Some(Self { exclusive, shared, pinned: kind == ReceiverKind::PinMut })
    }

    /// The statement that a method begins with.
    fn statement(&self, whole: bool, block: &BlockContext, home: Home) -> Stmt {
        let runtime = &block.runtime;
        let exclusive = &self.exclusive;
        let guard = names::local("_mutation");
        match (whole, self.pinned, home) {
            (false, true, _) => parse_quote!(#runtime::forget_pinned(#exclusive);),
            (true, true, _) => parse_quote!(let #guard = #runtime::mutate_pinned(#exclusive);),
            (false, false, Home::Perhaps) => {
                parse_quote!(#runtime::Instance::new(#exclusive).forget();)
            }
            (false, false, _) => parse_quote!(#runtime::forget(#exclusive);),
            (true, false, _) => {
                parse_quote!(let #guard = #runtime::Instance::new(#exclusive).mutate();)
            }
        }
    }
}

/// Whether a method with such a receiver empties the caches.
pub fn empties(kind: ReceiverKind) -> bool {
    Access::of(kind).is_some()
}

/// ```text
/// Input:   fn set(&mut self, x: u32) { self.x = x; }
/// Output:  fn set(&mut self, x: u32) { forget(self); self.x = x; }
/// Input:   fn step(&mut self) { self.x += self.next(); }
/// Output:  fn step(&mut self) { let _mutation = mutate(self); self.x += self.next(); }
/// ```
pub fn guard(
    method: &mut ImplItemFn,
    block: &BlockContext,
    home: Home,
    diagnostics: &mut Diagnostics,
) {
    let body = method.block.to_token_stream();
    let mut statements = Vec::new();
    let returns_closure = returns_closure(&method.sig.output);
    for input in &mut method.sig.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let kind = receiver_kind(receiver, Some(&block.self_ty));
                let Some(access) = Access::of(kind) else { continue };
                if kind != ReceiverKind::RefMut {
                    receiver.mutability.get_or_insert_with(|| Token![mut](Span::call_site()));
                }
                let whole = uses_whole(body.clone(), "self");
                statements.push(access.statement(whole, block, home));
                if whole {
                    let mut closures = MarkClosures { access: &access, block, hidden: false };
                    closures.visit_block_mut(&mut method.block);
                    if closures.hidden && returns_closure {
                        // It cannot be seen when the closure ends: the instance stays mutating. Slow, not wrong.
                        let runtime = &block.runtime;
                        let shared = &access.shared;
                        statements.push(parse_quote!(::core::mem::forget(#runtime::Observed::new(#shared).mutate_again());));
                    }
                }
            }
            FnArg::Typed(typed) => {
                if let Some((name, exclusive)) = other_instance(typed, block) {
                    let access = Access { exclusive, shared: TokenStream::new(), pinned: false };
                    let whole = uses_whole(body.clone(), &name.to_string());
                    statements.push(access.statement(whole, block, home));
                }
            }
        }
    }
    if let (Some(token), false) = (method.sig.constness, statements.is_empty()) {
        diagnostics.on(&token, "a `const` method that takes `&mut self` or `self` cannot empty the caches; that is done at run time; remove `const`, or mark it `#[memoize(keep)]` if it changes nothing that a memoized method reads");
        return;
    }
    statements.append(&mut method.block.stmts);
    method.block.stmts = statements;
}

/// Whether a method's result can hold a closure of its body.
fn returns_closure(output: &ReturnType) -> bool {
    match output {
        ReturnType::Type(_, ty) => {
            let found = types::survey(ty);
            found.impl_trait.is_some() || found.trait_object.is_some()
        }
        ReturnType::Default => false,
    }
}

/// `other: &mut Self` and `mut other: Self`: the name, and an expression of type `&mut Self`.
fn other_instance(typed: &syn::PatType, block: &BlockContext) -> Option<(Ident, TokenStream)> {
    let Pat::Ident(pattern) = &*typed.pat else { return None };
    let name = pattern.ident.clone();
    let is_self = |ty: &Type| {
        types::single_ident(ty).is_some_and(|ident| ident == "Self")
            || same_tokens(ty, &block.self_ty)
    };
    match types::peel(&typed.ty) {
        Type::Reference(reference)
            if reference.mutability.is_some() && is_self(&reference.elem) =>
        {
            Some((name.clone(), quote!(&mut *#name)))
        }
        ty if is_self(ty) && pattern.mutability.is_some() => {
            Some((name.clone(), quote!(&mut #name)))
        }
        _ => None,
    }
}

/// Whether `name` stands in `tokens` other than in front of `.field`: whether its methods may be called.
fn uses_whole(tokens: TokenStream, name: &str) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    trees.iter().enumerate().any(|(index, tree)| match tree {
        TokenTree::Ident(ident) if ident == name => {
            let is_punct = |at: usize, char: char| {
                matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == char)
            };
            let is_field_name = index > 0 && is_punct(index - 1, '.') && !is_punct(index.wrapping_sub(2), '.');
            let field = is_punct(index + 1, '.')
                && matches!(trees.get(index + 2), Some(TokenTree::Ident(_) | TokenTree::Literal(_)))
                && !is_punct(index + 2, '.')
                && !is_call(&trees[index + 3..]);
            !field && !is_field_name
        }
        TokenTree::Group(group) => uses_whole(group.stream(), name),
        // A format string may capture it: `"{self}"`.
        TokenTree::Literal(literal) => literal.to_string().contains(&format!("{{{name}")),
        _ => false,
    })
}

/// Whether `name` was that of a method: `(…)` or `::<…>` follows. `.await` on the instance itself cannot be.
fn is_call(rest: &[TokenTree]) -> bool {
    match rest.first() {
        Some(TokenTree::Group(group)) => group.delimiter() == proc_macro2::Delimiter::Parenthesis,
        Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {
            matches!(rest.get(1), Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
        }
        _ => false,
    }
}

/// Marks the instance again at the start of each closure or `async` block that uses it whole.
struct MarkClosures<'a> {
    access: &'a Access,
    block: &'a BlockContext,
    /// Whether there may be such a closure in a macro that cannot be read.
    hidden: bool,
}

impl MarkClosures<'_> {
    fn statement(&self) -> Stmt {
        let runtime = &self.block.runtime;
        let shared = &self.access.shared;
        let guard = names::local("_mutation");
        parse_quote!(let #guard = #runtime::Observed::new(#shared).mutate_again();)
    }
}

impl VisitMut for MarkClosures<'_> {
    fn visit_expr_closure_mut(&mut self, closure: &mut ExprClosure) {
        if uses_whole(closure.to_token_stream(), "self") {
            let statement = self.statement();
            let body = &closure.body;
            *closure.body = parse_quote!({ #statement #body });
        }
    }

    fn visit_expr_async_mut(&mut self, block: &mut ExprAsync) {
        if uses_whole(block.block.to_token_stream(), "self") {
            block.block.stmts.insert(0, self.statement());
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if !uses_whole(mac.tokens.clone(), "self") {
            return;
        }
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(mac.tokens.clone());
        match arguments {
            Ok(mut arguments) => {
                arguments.iter_mut().for_each(|argument| self.visit_expr_mut(argument));
                mac.tokens = arguments.into_token_stream();
            }
            Err(_) => self.hidden |= has_closure(mac.tokens.clone()),
        }
    }

    // `self` means something else in there.
    fn visit_item_mut(&mut self, _: &mut Item) {}

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
    }
}

fn has_closure(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '|',
        TokenTree::Ident(ident) => ident == "async",
        TokenTree::Group(group) => has_closure(group.stream()),
        TokenTree::Literal(_) => false,
    })
}
