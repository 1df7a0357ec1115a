//! An `async fn` as `#[async_trait]` leaves it, where that attribute stands above ours: a function that returns a boxed
//! `async` block. While a block is expanded it is an `async fn` again.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    AngleBracketedGenericArguments, Block, Expr, ExprAsync, ExprCall, FnArg, GenericArgument,
    ImplItem, ImplItemFn, Local, Pat, PathArguments, ReturnType, Stmt, Token, Type, TypeParamBound,
    parse_quote,
};

use crate::{syntax, types};

/// What is put around the body again.
pub struct Boxed {
    /// `Pin<Box<dyn Future<Output = T> + Send + 'async_trait>>`
    output: ReturnType,
    /// `Box::pin(async move { … })`
    call: ExprCall,
}

/// ```text
/// Input:   fn area<'life0, 'async_trait>(&'life0 self) -> Pin<Box<dyn Future<Output = f64> + 'async_trait>> {
///              Box::pin(async move { let __self = self; BODY })
///          }
/// Output:  async fn area<'life0, 'async_trait>(&'life0 self) -> f64 { BODY }
/// ```
pub fn open(item: &mut ImplItem) -> Option<Boxed> {
    let ImplItem::Fn(method) = item else { return None };
    let is_async_trait = |lifetime: &syn::LifetimeParam| lifetime.lifetime.ident == "async_trait";
    if method.sig.asyncness.is_some() || !method.sig.generics.lifetimes().any(is_async_trait) {
        return None;
    }
    let output = method.sig.output.clone();
    let ReturnType::Type(_, ty) = &mut method.sig.output else { return None };
    let result = result_of(ty)?.clone();
    let [Stmt::Expr(Expr::Call(call), None)] = method.block.stmts.as_slice() else { return None };
    let body = body_of(call)?.clone();
    let mut boxed = call.clone();
    body_of_mut(&mut boxed)?.stmts.clear();
    let opened = with_self(method, body)?;
    method.sig.output = match types::peel(&result) {
        Type::Tuple(tuple) if tuple.elems.is_empty() => ReturnType::Default,
        _ => ReturnType::Type(Token![->](Span::call_site()), Box::new(result)),
    };
    method.sig.asyncness = Some(Token![async](Span::call_site()));
    method.block = opened;
    Some(Boxed { output, call: boxed })
}

/// Boxes the body of a method that was opened.
pub fn close(method: &mut ImplItemFn, boxed: Option<Boxed>) {
    let Some(Boxed { mut output, mut call }) = boxed else { return };
    if let (ReturnType::Type(_, boxed), ReturnType::Type(_, ty)) = (&mut output, &method.sig.output)
    {
        if let Some(result) = result_of(boxed) {
            *result = (**ty).clone();
        }
    }
    method.sig.output = output;
    method.sig.asyncness = None;
    if let Some(body) = body_of_mut(&mut call) {
        std::mem::swap(body, &mut method.block);
    }
    method.block.stmts = vec![Stmt::Expr(Expr::Call(call), None)];
}

/// `T` of `Pin<Box<dyn Future<Output = T>>>`.
fn result_of(ty: &mut Type) -> Option<&mut Type> {
    let Type::TraitObject(object) = argument(argument(ty, "Pin")?, "Box")? else { return None };
    object.bounds.iter_mut().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let last = bound.path.segments.last_mut().filter(|last| last.ident == "Future")?;
        arguments(&mut last.arguments)?.args.iter_mut().find_map(|argument| match argument {
            GenericArgument::AssocType(output) if output.ident == "Output" => Some(&mut output.ty),
            _ => None,
        })
    })
}

fn argument<'a>(ty: &'a mut Type, name: &str) -> Option<&'a mut Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last_mut().filter(|last| last.ident == name)?;
    match arguments(&mut last.arguments)?.args.first_mut()? {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn arguments(arguments: &mut PathArguments) -> Option<&mut AngleBracketedGenericArguments> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

fn body_of(call: &ExprCall) -> Option<&Block> {
    match call.args.first()? {
        Expr::Async(ExprAsync { block, .. }) if call.args.len() == 1 => Some(block),
        _ => None,
    }
}

fn body_of_mut(call: &mut ExprCall) -> Option<&mut Block> {
    match call.args.first_mut()? {
        Expr::Async(ExprAsync { block, .. }) => Some(block),
        _ => None,
    }
}

/// The body with `self` for `__self`; `let mut __self = self;` makes the receiver `mut`.
fn with_self(method: &mut ImplItemFn, mut body: Block) -> Option<Block> {
    let Some(FnArg::Receiver(receiver)) = method.sig.inputs.first_mut() else {
        return Some(body);
    };
    let own_name = |statement: &Stmt| match statement {
        Stmt::Local(Local { pat: Pat::Ident(pattern), .. }) if pattern.ident == "__self" => {
            Some(pattern.mutability)
        }
        _ => None,
    };
    let index = body.stmts.iter().position(|statement| own_name(statement).is_some())?;
    let mutability = own_name(&body.stmts.remove(index)).flatten();
    receiver.mutability = receiver.mutability.or(mutability);
    let name = Ident::new("self", receiver.self_token.span);
    let body = rename(body.to_token_stream(), &name);
    Some(parse_quote!(#body))
}

fn rename(tokens: TokenStream, name: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|tree| match tree {
            TokenTree::Ident(ident) if ident == "__self" => {
                let mut name = name.clone();
                name.set_span(name.span().located_at(ident.span()));
                name.into()
            }
            TokenTree::Group(group) => syntax::with_content(&group, rename(group.stream(), name)),
            tree => tree,
        })
        .collect()
}
