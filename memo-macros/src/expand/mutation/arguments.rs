//! Which arguments are instances, and through which receivers and arguments could one change unseen?

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{
    FnArg, GenericParam, ImplItemFn, Pat, PatType, Stmt, Type, parse_quote, spanned::Spanned,
    visit::Visit,
};

use super::{Access, Guards};
use crate::{
    diagnostics::Diagnostics, effects::hidden, model::ReceiverKind, names, substitute::respan,
    syntax, types,
};

impl Guards<'_> {
    /// Finds the arguments that are instances, and refuses those through which one could change unseen.
    pub(super) fn arguments(
        &self,
        method: &mut ImplItemFn,
        instances: &mut Vec<Access>,
        prologue: &mut Vec<Stmt>,
        diagnostics: &mut Diagnostics,
    ) {
        let takes_apart = method.sig.inputs.iter().any(|input| {
            matches!(input, FnArg::Typed(typed) if syntax::mention(typed.pat.to_token_stream(), "self").is_none() && has_struct(&typed.pat))
        });
        let writes = takes_apart || hidden::writes(&method.block, Some("self"));
        let opens = opens_handles(&method.block.to_token_stream());
        let parameters: Vec<Ident> = method
            .sig
            .generics
            .params
            .iter()
            .chain(&self.block.generics.params)
            .filter_map(|parameter| match parameter {
                GenericParam::Type(parameter) => Some(parameter.ident.clone()),
                _ => None,
            })
            .collect();
        for (index, input) in method.sig.inputs.iter_mut().enumerate() {
            let FnArg::Typed(typed) = input else { continue };
            if let Some(kind) = self.argument_kind(&typed.ty) {
                if shares(&typed.pat) {
                    continue;
                }
                let renamed = !matches!(&*typed.pat, Pat::Ident(pattern) if is_name(pattern));
                let name = named(typed, index, prologue);
                let access = name.and_then(|name| Access::of(kind, &name));
                instances.extend(access.map(|access| Access { renamed, ..access }));
                continue;
            }
            let found = types::survey(&typed.ty);
            let counted = types::instances(&typed.ty, self.block.type_name()).counted;
            let is_shared = matches!(types::peel(&typed.ty), Type::Reference(reference) if reference.mutability.is_none());
            if self.promises_nothing() || !writes || is_shared {
                continue;
            }
            if self.mentions_instance(&typed.ty) {
                let is_mutable = found.mutable_reference.is_some();
                if is_mutable
                    || counted
                        && (opens || syntax::mention(typed.pat.to_token_stream(), "mut").is_some())
                {
                    diagnostics.on(&typed.ty, "an instance could change unseen through this argument; what is cached in it would go stale; take `&mut Self` or `Self`, or mark the method `#[memoize(changes())]` if it changes no field");
                }
                continue;
            }
            let is_parameter =
                types::single_ident(&typed.ty).is_some_and(|name| parameters.contains(name));
            if is_parameter
                || found.impl_trait.is_some()
                || found.trait_object.is_some()
                || found.pointer.is_some()
                || hidden::is_plain(&typed.ty, &|_| false)
                || self.block.type_name().is_none()
            {
                continue;
            }
            if let Some(name) = named(typed, index, prologue) {
                let runtime = &self.block.runtime;
                let span = Span::call_site().located_at(typed.ty.span());
                let runtime = respan(runtime.clone(), span);
                let mut argument = name;
                argument.set_span(argument.span().located_at(span));
                let check = quote_spanned! {span=>
                    #runtime::plain(&#runtime::Argument::<Self, _>::of(&#argument).answer());
                };
                prologue.insert(0, parse_quote!(#check));
            }
        }
    }

    /// How an argument that is an instance is to be understood.
    fn argument_kind(&self, ty: &Type) -> Option<ReceiverKind> {
        let ty = types::peel(ty);
        let boxed =
            |ty: &Type| types::argument_of(ty, &["Box"]).is_some_and(|ty| self.is_instance(ty));
        match ty {
            Type::Reference(reference) if reference.mutability.is_some() => {
                if self.is_instance(&reference.elem) {
                    return Some(ReceiverKind::RefMut);
                }
                boxed(&reference.elem).then_some(ReceiverKind::RefMutBoxed)
            }
            ty if self.is_instance(ty) => Some(ReceiverKind::Value),
            ty if boxed(ty) => Some(ReceiverKind::Boxed),
            ty => match types::argument_of(ty, &["Pin"]).map(types::peel) {
                Some(Type::Reference(reference))
                    if reference.mutability.is_some() && self.is_instance(&reference.elem) =>
                {
                    Some(ReceiverKind::PinMut)
                }
                Some(ty) if boxed(ty) => Some(ReceiverKind::PinBoxed),
                _ => None,
            },
        }
    }

    /// A receiver that is not understood could be a way to change the instance.
    pub(super) fn check_receiver(
        &self,
        kind: ReceiverKind,
        name: &Ident,
        method: &ImplItemFn,
        diagnostics: &mut Diagnostics,
    ) {
        if self.promises_nothing() {
            return;
        }
        let Some(receiver) = method.sig.receiver() else { return };
        let changes = match kind {
            ReceiverKind::Counted => {
                let effects = self.methods.effects(method, "self", kind);
                receiver.mutability.is_some()
                    || (effects.whole || effects.calls_unseen)
                        && hidden::writes(&method.block, Some("self"))
                        && opens_handles(&method.block.to_token_stream())
            }
            ReceiverKind::Other => match &receiver.kind {
                syn::ReceiverKind::Typed(_, ty) => {
                    let is_shared = matches!(types::peel(ty), Type::Reference(reference) if reference.mutability.is_none());
                    !is_shared
                }
                _ => true,
            },
            _ => false,
        };
        if changes {
            diagnostics.at(name.span(), "the instance could change unseen through this receiver; what is cached would go stale; take `&mut self`, or mark the method `#[memoize(changes())]` if it changes no field");
        }
    }
}

/// The name of an argument; one that is taken apart in the signature gets one, and is taken apart in the body. `None` for `_`.
fn named(typed: &mut PatType, index: usize, prologue: &mut Vec<Stmt>) -> Option<Ident> {
    match &mut *typed.pat {
        Pat::Wild(_) => None,
        Pat::Ident(pattern) if is_name(pattern) => Some(pattern.ident.clone()),
        pattern => {
            let name = names::argument(index);
            let original = std::mem::replace(pattern, parse_quote!(#name));
            prologue.push(parse_quote!(let #original = #name;));
            Some(name)
        }
    }
}

/// Whether a pattern gives a name to the argument itself.
fn is_name(pattern: &syn::PatIdent) -> bool {
    pattern.by_ref.is_none() && pattern.subpat.is_none()
}

/// `ref other: Self`
fn shares(pattern: &Pat) -> bool {
    matches!(pattern, Pat::Ident(pattern) if pattern.by_ref.is_some() && pattern.mutability.is_none() && pattern.subpat.is_none())
}

fn has_struct(pattern: &Pat) -> bool {
    struct Structs(bool);
    impl<'ast> Visit<'ast> for Structs {
        fn visit_pat_struct(&mut self, _: &'ast syn::PatStruct) {
            self.0 = true;
        }
    }
    let mut structs = Structs(false);
    structs.visit_pat(pattern);
    structs.0
}

/// Whether a body may get at what is behind a counted handle: by a function of the standard library, or by one that it lends
/// the handle.
fn opens_handles(body: &TokenStream) -> bool {
    hidden::opens_handle(body) || syntax::lends_mutably(body.clone())
}
