//! Which fields of a struct can change behind its back? Attributes and visibility are seen here; what a type holds is
//! asked of the compiler, in the expansion.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    Field, Generics, ItemStruct, Meta, ParenthesizedGenericArguments, Type, TypeFnPtr, TypePath,
    TypeTraitObject, Visibility, parse_quote,
    visit::{self, Visit},
    visit_mut::{self, VisitMut},
};

use super::accessor::cfg_attributes;
use crate::{
    args::{Position, take_conditional, take_memoize},
    diagnostics::Diagnostics,
    names,
    types::mentions,
};

/// Takes the attributes from a field, and reports what can be seen of it. Returns whether its type is to be asked.
pub fn check_field(field: &mut Field, injected: &Ident, diagnostics: &mut Diagnostics) -> bool {
    let conditional = take_conditional(&mut field.attrs);
    for attribute in &conditional {
        diagnostics.on(attribute, "`#[memoize]` on a field cannot depend on a `cfg_attr`; what it promises holds in every configuration; write it without `cfg_attr`");
    }
    let marked = take_memoize(&mut field.attrs, Position::Field, diagnostics);
    if let Some((attribute, options)) = &marked {
        let says_nothing = options.untracked.is_none() && options.unchecked.is_none();
        if says_nothing && matches!(attribute.meta, Meta::Path(_)) {
            diagnostics.on(
                attribute,
                "`#[memoize]` on a field says nothing; expected `#[memoize(untracked)]` or `#[memoize(unchecked)]`",
            );
        }
        if let (Some(_), Some(unchecked)) = (&options.untracked, &options.unchecked) {
            diagnostics.at(unchecked.span, "a field is `untracked` or `unchecked`; no memoized result depends on the one, and some do on the other; remove one");
        }
    }
    let Some(name) = &field.ident else { return false };
    if names::plain(name) == names::plain(injected) {
        diagnostics.on(name, format_args!("the field `{name}` has the name of the injected one; rename it, or write `#[memoize(field = other_name)]` on the struct"));
    }
    if marked.is_some() || !conditional.is_empty() {
        return false;
    }
    if !is_private(&field.vis) {
        diagnostics.on(&field.vis, format_args!("the field `{name}` is not private; code elsewhere could change it and leave stale results; make it private, or mark it `#[memoize(untracked)]` if no memoized result depends on it, or `#[memoize(unchecked)]` if whoever changes it calls `clear_instance`"));
        return false;
    }
    true
}

fn is_private(vis: &Visibility) -> bool {
    match vis {
        Visibility::Inherited => true,
        Visibility::Restricted(restricted) => restricted.path.is_ident("self"),
        Visibility::Public(_) => false,
    }
}

/// ```text
/// Input:   struct Circle<T> { radius: T, #[memoize(untracked)] calls: Cell<u32> }
/// Output:  impl<T> Steady for Circle<T> where T: RefUnwindSafe {}
///          const _: () = {
///              fn __asking<T>(circle: &Circle<T>)
///              where T: RefUnwindSafe, T: Steady, for<'__any> Circle<T>: RefUnwindSafe
///              {
///                  use ::memo_runtime::__private::{Field, steady};
///                  steady(Field::of(&circle.radius).kind());
///              }
///          };
/// ```
///
/// The value stands for its type, which is then named once: what is wrong with it is said once. Nobody calls the function,
/// which is why the lint for fields that are never read does not take it for a reader.
pub fn ask_types(item: &ItemStruct, asked: &[Field], runtime: &TokenStream) -> TokenStream {
    let ident = &item.ident;
    let (impl_generics, ty_generics, _) = item.generics.split_for_impl();
    let mut answered = item.generics.clone();
    assume_parameters(&mut answered, asked);
    let mut assumed = answered.clone();
    let predicates = &mut assumed.make_where_clause().predicates;
    for parameter in item.generics.type_params() {
        let parameter = &parameter.ident;
        predicates.push(parse_quote!(#parameter: #runtime::Steady));
    }
    // A type that contains itself would ask about itself. The lifetime keeps the compiler from judging the bound at once.
    let any = names::any_lifetime();
    predicates.push(parse_quote!(for<#any> Self: ::core::panic::RefUnwindSafe));
    SpellSelf(parse_quote!(#ident #ty_generics)).visit_generics_mut(&mut assumed);
    let (_, _, answered_where) = answered.split_for_impl();
    let (asking_generics, _, assumed_where) = assumed.split_for_impl();
    let function = names::asking();
    let instance = names::local("instance");
    let questions = asked.iter().map(|field| question(field, &instance));
    let asking = (!asked.is_empty()).then(|| {
        quote! {
            const _: () = {
                // A type may be deprecated; no field may be left by `cfg`; the struct may have bounds of both forms.
                #[allow(deprecated, unused_imports, clippy::multiple_bound_locations)]
                fn #function #asking_generics (#instance: &#ident #ty_generics) #assumed_where {
                    use #runtime::{Field, steady};
                    #(#questions)*
                }
            };
        }
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics #runtime::Steady for #ident #ty_generics #answered_where {}
        #asking
    }
}

/// Writes the struct's type where there is no `Self`.
struct SpellSelf(Type);

impl VisitMut for SpellSelf {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.path.is_ident("Self")) {
            *ty = self.0.clone();
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// What is refused is underlined from the first to the last token of the field's type.
fn question(field: &Field, instance: &Ident) -> TokenStream {
    let attrs = cfg_attributes(&field.attrs);
    let name = &field.ident;
    let mut spans = field.ty.to_token_stream().into_iter().map(|tree| tree.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    let last = spans.last().unwrap_or(first);
    let [first, last] = [first, last].map(|span| Span::call_site().located_at(span));
    let arguments = quote_spanned!(last=> ());
    let kind = quote_spanned!(first=> Field::of(&#instance.#name).kind #arguments);
    quote! {
        #(#attrs)*
        steady(#kind);
    }
}

/// A cell inside a type parameter is not seen; one beside it is.
fn assume_parameters(generics: &mut Generics, asked: &[Field]) {
    let parameters: BTreeSet<Ident> =
        generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    if parameters.is_empty() {
        return;
    }
    let mut projections = Projections { parameters: &parameters, found: BTreeMap::new() };
    for field in asked {
        projections.visit_type(&field.ty);
    }
    let found = projections.found;
    let bound: BTreeSet<Ident> = bound_types(generics);
    let predicates = &mut generics.make_where_clause().predicates;
    for parameter in &parameters {
        predicates.push(parse_quote!(#parameter: ::core::panic::RefUnwindSafe));
    }
    // One that the struct's own bounds say (`T: Iterator<Item = u8>`) is known, and so can be asked.
    let is_open = |path: &TypePath| {
        path.path.segments.last().is_some_and(|last| !bound.contains(&last.ident))
    };
    for path in found.into_values().filter(is_open) {
        predicates.push(parse_quote!(#path: ::core::panic::RefUnwindSafe));
    }
}

/// The associated types of type parameters in a type: `T::Item`, `<T as Iterator>::Item`. Not those in signatures and trait
/// objects, which may name lifetimes of their own, and hold nothing.
struct Projections<'a> {
    parameters: &'a BTreeSet<Ident>,
    /// By their tokens, each once.
    found: BTreeMap<String, TypePath>,
}

impl<'ast> Visit<'ast> for Projections<'_> {
    fn visit_type_path(&mut self, path: &'ast TypePath) {
        let segments = &path.path.segments;
        let is_of_parameter = match &path.qself {
            Some(of) => self
                .parameters
                .iter()
                .any(|parameter| mentions(&of.ty, &parameter.to_string()).is_some()),
            None => segments.len() > 1 && self.parameters.contains(&segments[0].ident),
        };
        if is_of_parameter {
            self.found.insert(path.to_token_stream().to_string(), path.clone());
        }
        visit::visit_type_path(self, path);
    }
    fn visit_type_fn_ptr(&mut self, _: &'ast TypeFnPtr) {}
    fn visit_type_trait_object(&mut self, _: &'ast TypeTraitObject) {}
    fn visit_parenthesized_generic_arguments(&mut self, _: &'ast ParenthesizedGenericArguments) {}
}

/// The names of associated types that bounds give a type.
fn bound_types(generics: &Generics) -> BTreeSet<Ident> {
    #[derive(Default)]
    struct Bound(BTreeSet<Ident>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_assoc_type(&mut self, bound: &'ast syn::AssocType) {
            self.0.insert(bound.ident.clone());
            visit::visit_assoc_type(self, bound);
        }
    }
    let mut bound = Bound::default();
    bound.visit_generics(generics);
    bound.0
}
