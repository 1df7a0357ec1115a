//! What can be told from a type by looking at it?

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{
    GenericArgument, Ident, Lifetime, ParenthesizedGenericArguments, PathArguments, PathSegment,
    Type, TypeFnPtr, TypeImplTrait, TypePtr, TypeReference, TypeTraitObject,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::syntax;

/// The type without the invisible groups of `macro_rules!` and without parentheses.
pub fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        _ => ty,
    }
}

/// The last segment of a path type such as `std::rc::Rc<T>`.
pub fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// The only segment of a path type such as `u32` or `Self`.
pub fn single_ident(ty: &Type) -> Option<&Ident> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

/// The type arguments of a segment: `[T, E]` of `Result<T, E>`.
pub fn type_arguments(segment: &PathSegment) -> Vec<&Type> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// `T` of `name<T>`, for any of `names`.
pub fn argument_of<'a>(ty: &'a Type, names: &[&str]) -> Option<&'a Type> {
    let segment = last_segment(ty)?;
    if !names.iter().any(|name| segment.ident == name) {
        return None;
    }
    match type_arguments(segment).as_slice() {
        [argument] => Some(argument),
        _ => None,
    }
}

/// `T` of a result written `Result<T, E>`.
pub fn ok_of(ty: &Type) -> Option<&Type> {
    let segment = last_segment(ty)?;
    match type_arguments(segment).as_slice() {
        [ok] | [ok, _] if segment.ident == "Result" => Some(ok),
        _ => None,
    }
}

/// `()`
pub fn is_unit(ty: &Type) -> bool {
    matches!(peel(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// Whether a path type is one of the language's own.
pub fn is_primitive(ty: &Type) -> bool {
    const PRIMITIVES: &[&str] = &[
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64",
    ];
    single_ident(ty).is_some_and(|name| PRIMITIVES.iter().any(|known| name == known))
}

/// Whether a path type may be an alias of `Result`: it is none of the types that certainly are not.
pub fn may_be_result_alias(ty: &Type) -> bool {
    const OTHERS: &[&str] = &[
        "Self", "String", "Option", "Vec", "Box", "Rc", "Arc", "Duration", "PathBuf", "HashMap",
        "HashSet", "BTreeMap", "BTreeSet",
    ];
    last_segment(ty).is_some_and(|segment| !OTHERS.iter().any(|other| segment.ident == other))
        && !is_primitive(ty)
        || matches!(peel(ty), Type::Path(path) if path.qself.is_some())
        || matches!(peel(ty), Type::Macro(_))
}

/// The marker that tells the runtime how this argument is looked up and stored.
pub fn key_marker(runtime: &TokenStream, ty: &Type) -> TokenStream {
    let ty = peel(ty);
    match ty {
        Type::Reference(reference) => {
            let referent = peel(&reference.elem);
            // A reference behind a reference has a lifetime that may be kept.
            let stored = |ty: &Type| {
                if has_reference(ty) {
                    quote!(#runtime::ByValue<#ty>)
                } else {
                    key_marker(runtime, ty)
                }
            };
            match referent {
                Type::Slice(slice) => {
                    let element = stored(&slice.elem);
                    quote!(#runtime::Slice<#element>)
                }
                _ if is_unsized(referent) => quote!(#runtime::Borrowed<#referent>),
                _ => {
                    let inner = stored(referent);
                    quote!(#runtime::Cloned<#inner>)
                }
            }
        }
        _ if !needs_parts(ty) => quote!(#runtime::ByValue<#ty>),
        Type::Tuple(tuple) => {
            let parts = tuple.elems.iter().map(|part| key_marker(runtime, part));
            quote!((#(#parts,)*))
        }
        Type::Array(array) => {
            let part = key_marker(runtime, &array.elem);
            let len = &array.len;
            quote!([#part; #len])
        }
        _ => {
            if let Some(part) = argument_of(ty, &["Option"]) {
                let part = key_marker(runtime, part);
                return quote!(::core::option::Option<#part>);
            }
            if let Some(part) = argument_of(ty, &["Vec"]) {
                let part = key_marker(runtime, part);
                return quote!(#runtime::VecOf<#part>);
            }
            quote!(#runtime::Bits<#ty>)
        }
    }
}

/// Whether a by-value type holds, in a place that we see through, a float or a reference.
fn needs_parts(ty: &Type) -> bool {
    let ty = peel(ty);
    match ty {
        Type::Reference(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(needs_parts),
        Type::Array(array) => needs_parts(&array.elem),
        _ => {
            single_ident(ty).is_some_and(|name| name == "f32" || name == "f64")
                || argument_of(ty, &["Option"]).is_some_and(needs_parts)
                || argument_of(ty, &["Vec"])
                    .is_some_and(|element| needs_parts(element) && !has_reference(element))
        }
    }
}

/// Whether a reference stands anywhere in `ty`.
pub fn has_reference(ty: &Type) -> bool {
    find(ty, |found| &mut found.reference).is_some()
}

fn is_unsized(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|segment| {
        ["str", "Path", "OsStr", "CStr"].iter().any(|name| segment.ident == name)
            && segment.arguments.is_none()
    })
}

/// What a walk over a type came across first.
#[derive(Default)]
pub struct Found {
    pub reference: Option<Span>,
    pub mutable_reference: Option<Span>,
    pub pointer: Option<Span>,
    pub impl_trait: Option<Span>,
    pub trait_object: Option<Span>,
    /// A trait object that may borrow: `dyn FnMut() + '_`, `&dyn Any`, but not the `'static` one in `Box<dyn Error>`.
    pub borrowing_object: Option<Span>,
    /// A reference without a lifetime, or `'_`.
    pub elided: Option<Span>,
    /// A lifetime with a name other than `'static`.
    pub named: Vec<Lifetime>,
}

/// The first place in `ty` of one kind.
pub fn find(ty: &Type, kind: impl Fn(&mut Found) -> &mut Option<Span>) -> Option<Span> {
    *kind(&mut survey(ty))
}

/// Walks over a type, but not into the signatures of function pointers and `Fn(…)`, whose lifetimes are their own.
pub fn survey(ty: &Type) -> Found {
    let mut found = Found::default();
    found.visit_type(ty);
    found
}

impl<'ast> Visit<'ast> for Found {
    fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
        let span = reference.and_token.span();
        self.reference.get_or_insert(span);
        if let Some(mutability) = reference.mutability {
            self.mutable_reference.get_or_insert(mutability.span());
        }
        if reference.lifetime.is_none() {
            self.elided.get_or_insert(span);
        }
        if matches!(peel(&reference.elem), Type::TraitObject(_)) {
            self.borrowing_object.get_or_insert(span);
        }
        visit::visit_type_reference(self, reference);
    }
    fn visit_type_ptr(&mut self, pointer: &'ast TypePtr) {
        self.pointer.get_or_insert(pointer.span());
    }
    fn visit_type_fn_ptr(&mut self, pointer: &'ast TypeFnPtr) {
        self.pointer.get_or_insert(pointer.span());
    }
    fn visit_type_impl_trait(&mut self, impl_trait: &'ast TypeImplTrait) {
        self.impl_trait.get_or_insert(impl_trait.span());
        visit::visit_type_impl_trait(self, impl_trait);
    }
    fn visit_type_trait_object(&mut self, object: &'ast TypeTraitObject) {
        self.trait_object.get_or_insert(object.span());
        let borrows = |bound: &syn::TypeParamBound| matches!(bound, syn::TypeParamBound::Lifetime(lifetime) if lifetime.ident != "static");
        if object.bounds.iter().any(borrows) {
            self.borrowing_object.get_or_insert(object.span());
        }
        visit::visit_type_trait_object(self, object);
    }
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
    fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
        match lifetime.ident.to_string().as_str() {
            "_" => {
                self.elided.get_or_insert(lifetime.span());
            }
            "static" => {}
            _ => self.named.push(lifetime.clone()),
        }
    }
}

/// How a type holds instances of the block's type.
#[derive(Default)]
pub struct Instances {
    /// In any way.
    pub any: bool,
    /// In an `Rc` or `Arc`.
    pub counted: bool,
    /// Perhaps: in a trait object.
    pub object: bool,
}

/// Looks for `Self`, and for the block's type by its name.
pub fn instances(ty: &Type, name: Option<&Ident>) -> Instances {
    let mut finder = FindInstances { name, in_counted: false, found: Instances::default() };
    finder.visit_type(ty);
    finder.found
}

struct FindInstances<'a> {
    name: Option<&'a Ident>,
    in_counted: bool,
    found: Instances,
}

impl<'ast> Visit<'ast> for FindInstances<'_> {
    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        let is_self = path.qself.is_none()
            && (path.path.is_ident("Self")
                || path.path.segments.last().map(|segment| &segment.ident) == self.name);
        self.found.any |= is_self;
        self.found.counted |= is_self && self.in_counted;
        let outer = self.in_counted;
        let last = path.path.segments.last();
        match last.map(|segment| segment.ident.to_string()).as_deref() {
            Some("Rc" | "Arc") => self.in_counted = true,
            Some("Weak" | "PhantomData") => return,
            _ => {}
        }
        visit::visit_type_path(self, path);
        self.in_counted = outer;
    }
    fn visit_type_trait_object(&mut self, object: &'ast TypeTraitObject) {
        self.found.object = true;
        visit::visit_type_trait_object(self, object);
    }
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
}

/// The types of the parts of a tuple, an array or a slice, also behind a reference; none of another type.
pub fn parts(ty: &Type) -> Vec<&Type> {
    let within = |ty| {
        let parts = parts(ty);
        if parts.is_empty() { vec![ty] } else { parts }
    };
    match peel(ty) {
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(within).collect(),
        Type::Array(array) => within(&array.elem),
        Type::Slice(slice) => within(&slice.elem),
        Type::Reference(reference) => parts(&reference.elem),
        _ => Vec::new(),
    }
}

/// Where a function says `Self`, other than in items of its own.
pub fn names_self(function: &syn::ItemFn) -> Option<Span> {
    #[derive(Default)]
    struct Names(Option<Span>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            if path.segments.first().is_some_and(|first| first.ident == "Self") {
                self.0.get_or_insert(path.span());
            }
            visit::visit_path(self, path);
        }
        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            if let Some(span) = syntax::mention(mac.tokens.clone(), "Self") {
                self.0.get_or_insert(span);
            }
        }
        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }
    let mut names = Names::default();
    names.visit_item_fn(function);
    names.0
}

/// Whether each value of the const parameter `name` makes another type of `ty`: it is not only in a `<T as Trait<N>>::Type`.
pub fn determines(ty: &Type, name: &Ident) -> bool {
    struct Finder<'a> {
        name: &'a Ident,
        found: bool,
    }
    impl<'ast> Visit<'ast> for Finder<'_> {
        fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
            if path.qself.is_none() {
                visit::visit_type_path(self, path);
            }
        }
        fn visit_ident(&mut self, ident: &'ast Ident) {
            self.found |= ident == self.name;
        }
    }
    let mut finder = Finder { name, found: false };
    finder.visit_type(ty);
    finder.found
}

/// Whether `ty` names `ident` anywhere.
pub fn mentions(ty: &impl quote::ToTokens, ident: &str) -> Option<Span> {
    syntax::mention(ty.to_token_stream(), ident)
}
