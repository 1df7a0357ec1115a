//! What do we know of the annotated item?

use proc_macro2::{Ident, Span};
use quote::{ToTokens, quote};
use syn::{
    Generics, ItemImpl, LitStr, Pat, ReceiverKind as SynReceiver, ReturnType, Signature, Type,
    ext::IdentExt, spanned::Spanned,
};

use crate::{
    args::{Accessor, Features, KeyItem, Options, ReadField, Scope},
    field_set::FieldSet,
    names, syntax, types,
};

/// How a method takes its instance.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReceiverKind {
    /// `&self`, `self: &Self`
    Ref,
    /// `self: &Rc<Self>`, `self: &Arc<Self>`
    RefCounted,
    /// `self: Rc<Self>`, `self: Arc<Self>`
    Counted,
    /// `self: Pin<&Self>`
    PinRef,
    /// `&mut self`, `self: &mut Self`
    RefMut,
    /// `self: Pin<&mut Self>`
    PinMut,
    /// `self`, `mut self`
    Value,
    /// `self: Box<Self>`
    Boxed,
    /// `self: &mut Box<Self>`
    RefMutBoxed,
    /// `self: Pin<Box<Self>>`
    PinBoxed,
    /// Anything else.
    Other,
}

/// The receiver of a method.
pub struct Receiver {
    pub kind: ReceiverKind,
    pub span: Span,
    /// Whether `self` was passed into the `macro_rules!` that made the method.
    pub is_foreign: bool,
}

impl Receiver {
    /// `self` as the body means it, shown at `at` in errors.
    pub fn token(&self, at: Span) -> Ident {
        // All else has one context, so that errors at one place are recognised as one.
        let context = if self.is_foreign { self.span } else { Span::call_site() };
        Ident::new("self", context.located_at(at))
    }
}

/// Whether two tokens come from different expansions of `macro_rules!`, as far as their spans show it.
fn differ_in_context(left: Span, right: Span) -> bool {
    let context = |span: Span| format!("{span:?}").split(' ').next().map(str::to_owned);
    context(left) != context(right)
}

/// An argument other than the receiver.
pub struct Argument {
    /// As the user wrote it: what the body sees.
    pub pattern: Pat,
    pub ty: Type,
    /// What the signature calls it.
    pub local: Ident,
    /// The name by which options refer to it.
    pub name: Option<Ident>,
    pub skipped: bool,
}

/// One part of the key.
pub enum KeyPart<'a> {
    State(&'a ReadField),
    Argument(&'a Argument),
    Given(&'a KeyItem),
}

impl<'a> KeyPart<'a> {
    /// Its type, as the user wrote it.
    pub fn ty(&self) -> &'a Type {
        match self {
            Self::State(field) => &field.ty,
            Self::Argument(argument) => &argument.ty,
            Self::Given(item) => &item.ty,
        }
    }

    /// How it is looked up and stored. What is given whole is stored as it is, also a `&'static` reference.
    pub fn marker(&self, runtime: &proc_macro2::TokenStream) -> proc_macro2::TokenStream {
        let ty = self.ty();
        match self {
            Self::State(_) | Self::Given(_) if types::has_reference(ty) => {
                quote!(#runtime::ByValue<#ty>)
            }
            _ => types::key_marker(runtime, ty),
        }
    }
}

/// A method or function to be memoized.
pub struct Function {
    pub options: Options,
    /// Where the attribute says `memoize`.
    pub attribute: Span,
    pub scope: Scope,
    pub receiver: Option<Receiver>,
    pub arguments: Vec<Argument>,
    pub output: Option<Type>,
    pub is_async: bool,
    pub ident: Ident,
    /// The name of the block's type, if it has one.
    pub owner: Option<String>,
    /// The fields that the results of an instance-scoped method depend on.
    pub depends_on: Option<FieldSet>,
    /// What the runtime can do.
    pub features: Features,
    /// A hash of what decides its results, as far as it is written with it.
    pub version: u64,
    /// Whether it stands in an `impl` of a trait.
    pub in_trait: bool,
}

impl Function {
    pub fn new(
        signature: &Signature,
        options: Options,
        attribute: Span,
        self_ty: Option<&Type>,
    ) -> Self {
        let receiver = signature.receiver().map(|receiver| Receiver {
            kind: receiver_kind(receiver, self_ty),
            span: receiver.self_token.span(),
            is_foreign: differ_in_context(receiver.self_token.span, signature.fn_token.span),
        });
        let scope = options.scope.as_ref().map_or_else(
            || if receiver.is_some() { Scope::Instance } else { Scope::Type },
            |scope| scope.value,
        );
        let arguments = syntax::arguments(signature)
            .enumerate()
            .map(|(index, typed)| {
                let name = match &*typed.pat {
                    Pat::Ident(pattern) if pattern.subpat.is_none() && pattern.by_ref.is_none() => {
                        Some(pattern.ident.clone())
                    }
                    _ => None,
                };
                let skipped = matches!(&*typed.pat, Pat::Wild(_))
                    || name.as_ref().is_some_and(|name| {
                        options.skip.as_ref().is_some_and(|skip| skip.value.contains(name))
                    });
                let local = match &name {
                    Some(name) if !name.to_string().starts_with('_') => name.clone(),
                    _ => names::argument(index),
                };
                Argument {
                    pattern: (*typed.pat).clone(),
                    ty: (*typed.ty).clone(),
                    local,
                    name,
                    skipped,
                }
            })
            .collect();
        let output = match &signature.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some((**ty).clone()),
        };
        let is_async = signature.asyncness.is_some();
        let ident = signature.ident.clone();
        let owner = self_ty.map(|ty| match types::last_segment(ty) {
            Some(segment) => segment.ident.unraw().to_string(),
            None => ty.to_token_stream().to_string(),
        });
        Self {
            features: options.features,
            version: 0,
            in_trait: false,
            options,
            attribute,
            scope,
            receiver,
            arguments,
            output,
            is_async,
            ident,
            owner,
            depends_on: None,
        }
    }

    /// Takes over the patterns of arguments that were changed since.
    pub fn take_patterns(&mut self, signature: &Signature) {
        for (argument, typed) in self.arguments.iter_mut().zip(syntax::arguments(signature)) {
            argument.pattern = (*typed.pat).clone();
        }
    }

    /// The parts of the key, in order.
    pub fn key(&self) -> Vec<KeyPart<'_>> {
        let state = self.options.reads.iter().flat_map(|reads| &reads.value).map(KeyPart::State);
        let rest: Vec<KeyPart<'_>> = match &self.options.key {
            Some(key) => key.value.iter().map(KeyPart::Given).collect(),
            None => self
                .arguments
                .iter()
                .filter(|argument| !argument.skipped)
                .map(KeyPart::Argument)
                .collect(),
        };
        state.chain(rest).collect()
    }

    pub fn is_ref(&self) -> bool {
        self.options.returns_ref.is_some()
    }

    /// Whether its entries live in an engine or a store.
    pub fn is_outside(&self) -> bool {
        self.options.engine.is_some() || self.options.store.is_some()
    }

    pub fn is_unsync(&self) -> bool {
        self.options.unsync.is_some()
    }

    /// `area`, for messages and lists.
    pub fn name(&self) -> String {
        self.ident.unraw().to_string()
    }

    /// `Circle::area`, or the name of a free function.
    pub fn full_name(&self) -> String {
        match &self.owner {
            Some(owner) => format!("{owner}::{}", self.name()),
            None => self.name(),
        }
    }

    /// The accessor's name, if it has one.
    pub fn accessor(&self, in_trait: bool) -> Option<Ident> {
        match self.options.accessor.as_ref().map(|accessor| &accessor.value) {
            Some(Accessor::Name(name)) => Some(name.clone()),
            Some(Accessor::None) => None,
            None if in_trait && self.scope == Scope::Type => None,
            None => Some(names::accessor(&self.ident)),
        }
    }
}

/// The kind of a receiver, where `Self` may be written by its name.
pub fn receiver_kind(receiver: &syn::Receiver, self_ty: Option<&Type>) -> ReceiverKind {
    let is_self = |ty: &Type| {
        let name = |ty| types::last_segment(ty).map(|segment| segment.ident.to_string());
        types::single_ident(ty).is_some_and(|ident| ident == "Self")
            || self_ty.is_some_and(|self_ty| name(ty).is_some() && name(ty) == name(self_ty))
    };
    let boxed = |ty: &Type| types::argument_of(ty, &["Box"]).is_some_and(is_self);
    let counted = |ty: &Type| types::argument_of(ty, &["Rc", "Arc"]).is_some_and(is_self);
    match &receiver.kind {
        SynReceiver::Value => ReceiverKind::Value,
        SynReceiver::Reference(_, _, None) => ReceiverKind::Ref,
        SynReceiver::Reference(_, _, Some(_)) => ReceiverKind::RefMut,
        SynReceiver::Typed(_, ty) => match types::peel(ty) {
            Type::Reference(reference) if is_self(&reference.elem) => match reference.mutability {
                None => ReceiverKind::Ref,
                Some(_) => ReceiverKind::RefMut,
            },
            Type::Reference(reference)
                if reference.mutability.is_some() && boxed(&reference.elem) =>
            {
                ReceiverKind::RefMutBoxed
            }
            Type::Reference(reference)
                if reference.mutability.is_none() && counted(&reference.elem) =>
            {
                ReceiverKind::RefCounted
            }
            ty if is_self(ty) => ReceiverKind::Value,
            ty if counted(ty) => ReceiverKind::Counted,
            ty if boxed(ty) => ReceiverKind::Boxed,
            ty if types::argument_of(ty, &["Pin"]).is_some_and(boxed) => ReceiverKind::PinBoxed,
            ty => match types::argument_of(ty, &["Pin"]).map(types::peel) {
                Some(Type::Reference(reference)) if is_self(&reference.elem) => {
                    match reference.mutability {
                        None => ReceiverKind::PinRef,
                        Some(_) => ReceiverKind::PinMut,
                    }
                }
                _ => ReceiverKind::Other,
            },
        },
        _ => ReceiverKind::Other,
    }
}

/// What all methods of a block share.
pub struct BlockContext {
    pub self_ty: Type,
    /// The last segment of the type's path.
    pub type_name: Ident,
    pub generics: Generics,
    pub trait_path: Option<syn::Path>,
    pub name: Option<LitStr>,
    pub field: Ident,
    pub runtime: proc_macro2::TokenStream,
    /// What the runtime can do.
    pub features: Features,
    /// The promises of its methods, as they are written: the method, and `changes(…)`.
    pub promises: Vec<String>,
}

impl BlockContext {
    pub fn new(item: &ItemImpl, options: &Options, runtime: proc_macro2::TokenStream) -> Self {
        let type_name = types::last_segment(&item.self_ty).map_or_else(
            || Ident::new("Type", item.self_ty.span()),
            |segment| segment.ident.clone(),
        );
        Self {
            self_ty: (*item.self_ty).clone(),
            type_name,
            generics: item.generics.clone(),
            trait_path: item.trait_.as_ref().map(|(path, _)| path.clone()),
            name: options.block.as_ref().map(|block| block.value.clone()),
            field: options.field.as_ref().map_or_else(
                || Ident::new(names::FIELD, Span::call_site()),
                |field| field.value.clone(),
            ),
            runtime,
            features: options.features,
            promises: Vec::new(),
        }
    }

    /// The type's name, unless it is one of the language's own, which have no instances with caches.
    pub fn type_name(&self) -> Option<&Ident> {
        (!types::is_primitive(&self.self_ty)).then_some(&self.type_name)
    }

    /// Whether the type may be a struct: neither a type parameter nor a reference, a tuple, a slice, ….
    pub fn can_have_fields(&self) -> bool {
        matches!(types::peel(&self.self_ty), Type::Path(_))
            && !types::is_primitive(&self.self_ty)
            && !types::single_ident(&self.self_ty).is_some_and(|name| {
                self.generics.type_params().any(|parameter| parameter.ident == *name)
            })
    }

    /// Whether the type may be a struct, or a reference to one.
    pub fn can_lead_to_fields(&self) -> bool {
        self.can_have_fields() || matches!(types::peel(&self.self_ty), Type::Reference(_))
    }

    /// A parameter that only the trait names.
    pub fn undetermined_parameter(&self) -> Option<&Ident> {
        let types = self.generics.type_params().map(|parameter| &parameter.ident);
        let consts = self.generics.const_params().map(|parameter| &parameter.ident);
        types.chain(consts).find(|name| types::mentions(&self.self_ty, &name.to_string()).is_none())
    }

    /// The lifetimes that the type does not have.
    pub fn undetermined_lifetimes(&self) -> impl Iterator<Item = &syn::Lifetime> {
        let lifetimes = self.generics.lifetimes().map(|declared| &declared.lifetime);
        lifetimes
            .filter(|lifetime| !syntax::mentions_lifetime(self.self_ty.to_token_stream(), lifetime))
    }

    pub fn is_generic(&self) -> bool {
        self.generics.type_params().next().is_some()
            || self.generics.const_params().next().is_some()
    }
}
