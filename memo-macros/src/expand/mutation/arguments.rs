//! Which arguments are instances, and through which receivers and arguments could one change unseen?

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    FnArg, GenericArgument, Generics, ImplItemFn, Pat, PatType, PathArguments, Receiver,
    ReturnType, Stmt, Type, TypeParamBound, WherePredicate, parse_quote,
    spanned::Spanned,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
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
        let generics = [method.sig.generics.clone(), self.block.generics.clone()];
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
            if self.promises_nothing() || !writes {
                continue;
            }
            let counted = types::instances(&typed.ty, self.block.type_name()).counted;
            let is_mutable = syntax::mention(typed.pat.to_token_stream(), "mut").is_some();
            let way = self.leads_to_instance(&typed.ty)
                || self.traits_lead_to_instance(&typed.ty)
                || bounds(&generics, &typed.ty)
                    .into_iter()
                    .any(|bound| self.bound_leads_to_instance(bound));
            let owns = self.mentions_instance(&typed.ty) && !is_shared(&typed.ty);
            if way || owns && is_mutable || counted && opens {
                diagnostics.on(&typed.ty, "an instance could change unseen through this argument; what is cached in it would go stale; take `&mut Self` or `Self`, or mark the method `#[memoize(changes())]` if it changes no field");
                continue;
            }
            let found = types::survey(&typed.ty);
            let says_it = self.mentions_instance(&typed.ty)
                || is_shared(&typed.ty)
                || is_parameter(&generics, &typed.ty)
                || found.impl_trait.is_some()
                || found.trait_object.is_some()
                || found.pointer.is_some()
                || hidden::is_plain(&typed.ty, &|_| false);
            if says_it || self.block.type_name().is_none() {
                continue;
            }
            // The name of the argument is left alone: it may say that it is not used.
            let ty = &typed.ty;
            let span = Span::call_site().located_at(ty.span());
            let runtime = respan(self.block.runtime.clone(), span);
            let any = names::local("any");
            let check = quote_spanned! {span=>
                let _ = |#any: &#ty| #runtime::plain(&#runtime::Argument::<Self, _>::of(#any).answer());
            };
            prologue.insert(0, parse_quote!(#check));
        }
    }

    /// Whether a type says that an instance is behind it, to be changed, other than one that the argument owns.
    fn leads_to_instance(&self, ty: &Type) -> bool {
        const OWNING: &[&str] = &[
            "Option",
            "Result",
            "Vec",
            "VecDeque",
            "Box",
            "HashMap",
            "BTreeMap",
            "HashSet",
            "BTreeSet",
            "LinkedList",
            "PhantomData",
            "Weak",
            "Rc",
            "Arc",
        ];
        if !self.mentions_instance(ty) {
            return false;
        }
        match types::peel(ty) {
            ty if self.is_instance(ty) => false,
            // Behind a shared reference nothing changes but what is in a cell.
            Type::Reference(reference) => {
                reference.mutability.is_some() || self.leads_to_instance(&reference.elem)
            }
            Type::Slice(slice) => self.leads_to_instance(&slice.elem),
            Type::Tuple(tuple) => tuple.elems.iter().any(|ty| self.leads_to_instance(ty)),
            Type::Array(array) => self.leads_to_instance(&array.elem),
            // Its bounds are looked at by themselves.
            Type::ImplTrait(_) => false,
            ty => match types::last_segment(ty) {
                Some(segment) if OWNING.iter().any(|owning| segment.ident == owning) => {
                    types::type_arguments(segment).into_iter().any(|ty| self.leads_to_instance(ty))
                }
                _ => true,
            },
        }
    }

    /// Whether what implements such a trait may lend an instance: `AsMut<Self>`, `Iterator<Item = &mut Self>`.
    fn bound_leads_to_instance(&self, bound: &TypeParamBound) -> bool {
        let TypeParamBound::Trait(bound) = bound else { return false };
        let arguments = match bound.path.segments.last().map(|last| &last.arguments) {
            Some(PathArguments::AngleBracketed(arguments)) => arguments,
            // `FnMut() -> &mut Self`
            Some(PathArguments::Parenthesized(function)) => {
                return matches!(&function.output, ReturnType::Type(_, ty) if self.leads_to_instance(ty));
            }
            _ => return false,
        };
        arguments.args.iter().any(|argument| match argument {
            GenericArgument::Type(ty) => self.mentions_instance(ty),
            // `DerefMut<Target = Self>` lends what it holds, `Iterator<Item = Self>` hands it over.
            GenericArgument::AssocType(of) if of.ident == "Target" => {
                self.mentions_instance(&of.ty)
            }
            GenericArgument::AssocType(of) => self.leads_to_instance(&of.ty),
            _ => false,
        })
    }

    /// Whether a trait in the type may lend an instance: `&mut dyn FnMut() -> &mut Self`.
    fn traits_lead_to_instance(&self, ty: &Type) -> bool {
        struct Bounds<'a>(&'a Guards<'a>, bool);
        impl<'ast> Visit<'ast> for Bounds<'_> {
            fn visit_type_trait_object(&mut self, object: &'ast syn::TypeTraitObject) {
                self.1 |= object.bounds.iter().any(|bound| self.0.bound_leads_to_instance(bound));
                visit::visit_type_trait_object(self, object);
            }
            fn visit_type_impl_trait(&mut self, object: &'ast syn::TypeImplTrait) {
                self.1 |= object.bounds.iter().any(|bound| self.0.bound_leads_to_instance(bound));
                visit::visit_type_impl_trait(self, object);
            }
        }
        let mut bounds = Bounds(self, false);
        bounds.visit_type(ty);
        bounds.1
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

    /// Whether a method may get at what is behind its counted receiver.
    fn opens_receiver(&self, receiver: &Receiver, method: &ImplItemFn) -> bool {
        let effects = self.methods.effects(method, "self", ReceiverKind::Counted);
        receiver.mutability.is_some()
            || (effects.whole || effects.calls_unseen)
                && hidden::writes(&method.block, Some("self"))
                && opens_handles(&method.block.to_token_stream())
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
            ReceiverKind::Counted => self.opens_receiver(receiver, method),
            ReceiverKind::Other => match &receiver.kind {
                syn::ReceiverKind::Typed(_, ty) if is_shared(ty) => false,
                // `Pin<Rc<Self>>`
                syn::ReceiverKind::Typed(_, ty)
                    if types::instances(ty, self.block.type_name()).counted
                        && types::survey(ty).mutable_reference.is_none() =>
                {
                    self.opens_receiver(receiver, method)
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

/// `&T`, through which nothing changes that may be in a struct with caches.
fn is_shared(ty: &Type) -> bool {
    matches!(types::peel(ty), Type::Reference(reference) if reference.mutability.is_none())
}

fn is_parameter(generics: &[Generics], ty: &Type) -> bool {
    types::single_ident(ty).is_some_and(|name| {
        generics.iter().flat_map(Generics::type_params).any(|parameter| parameter.ident == *name)
    })
}

/// What the signature or the block asks of the type parameters in a type through which something can change, and of those in what is asked.
fn bounds<'a>(generics: &'a [Generics], ty: &Type) -> Vec<&'a TypeParamBound> {
    let declared = generics.iter().flat_map(Generics::type_params).map(|parameter| {
        let name = &parameter.ident;
        (parse_quote!(#name), &parameter.bounds)
    });
    let clauses = generics.iter().filter_map(|generics| generics.where_clause.as_ref());
    let asked =
        clauses.flat_map(|clause| &clause.predicates).filter_map(|predicate| match predicate {
            WherePredicate::Type(predicate) => {
                Some((predicate.bounded_ty.clone(), &predicate.bounds))
            }
            _ => None,
        });
    let mut left: Vec<(Type, _)> = declared.chain(asked).collect();
    let mut names = Parameters { generics, found: BTreeSet::new() };
    names.visit_type(ty);
    let mut found = Vec::new();
    loop {
        let is_meant = |(of, _): &(Type, _)| {
            let mut mentioned = Parameters { generics, found: BTreeSet::new() };
            mentioned.visit_type(of);
            !mentioned.found.is_disjoint(&names.found)
        };
        let (meant, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(is_meant);
        if meant.is_empty() {
            return found;
        }
        left = rest;
        for bound in meant.into_iter().flat_map(|(_, bounds)| bounds) {
            names.visit_type_param_bound(bound);
            found.push(bound);
        }
    }
}

/// The type parameters that are mentioned, other than behind `&`, where nothing changes.
struct Parameters<'a> {
    generics: &'a [Generics],
    found: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Parameters<'_> {
    fn visit_type_reference(&mut self, reference: &'ast syn::TypeReference) {
        if reference.mutability.is_some() {
            visit::visit_type_reference(self, reference);
        }
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut parameters = self.generics.iter().flat_map(Generics::type_params);
        if let Some(first) = path
            .segments
            .first()
            .filter(|first| parameters.any(|parameter| parameter.ident == first.ident))
        {
            self.found.insert(first.ident.to_string());
        }
        visit::visit_path(self, path);
    }
}

/// The name of an argument; one that is taken apart in the signature gets one, and is taken apart in the body. `None` for `_`.
fn named(typed: &mut PatType, index: usize, prologue: &mut Vec<Stmt>) -> Option<Ident> {
    match &mut *typed.pat {
        Pat::Wild(_) => None,
        Pat::Ident(pattern) if is_name(pattern) => Some(pattern.ident.clone()),
        pattern => {
            let name = names::argument(index);
            let mutability = syntax::binds_mutably(pattern).then(|| quote!(mut));
            let original = std::mem::replace(pattern, parse_quote!(#mutability #name));
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

/// Replaces the names of the instance.
pub(super) struct WithoutInstances<'a>(pub(super) &'a Guards<'a>);

impl VisitMut for WithoutInstances<'_> {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if self.0.is_instance(ty) || matches!(ty, Type::Never(_)) {
            *ty = parse_quote!(());
        }
        visit_mut::visit_type_mut(self, ty);
    }
    fn visit_lifetime_mut(&mut self, lifetime: &mut syn::Lifetime) {
        *lifetime = syn::Lifetime::new("'_", lifetime.span());
    }
}
