//! How is a type written where `Self` and `'_` mean something else, or nothing?

use proc_macro2::{Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    GenericParam, Generics, ImplItem, ItemImpl, Lifetime, LifetimeParam,
    ParenthesizedGenericArguments, PathArguments, Type, TypeFnPtr,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

use crate::{syntax, types};

/// The type of a block, as items outside of the block's `impl` spell it.
pub struct OutsideSelf {
    /// The block's generics, with a name for each `'_` of the type.
    pub generics: Generics,
    /// The block's type, without `'_`.
    pub ty: Type,
    /// As a path that is right in types, expressions and patterns: `Parser::<'a>`.
    path: TokenStream,
    /// The same in front of `::`, where other types than paths are in angle brackets.
    prefix: TokenStream,
    trait_path: Option<TokenStream>,
    /// `type Output = f64;` of the block.
    associated: Vec<(Ident, Type)>,
}

impl OutsideSelf {
    pub fn new(item: &ItemImpl) -> Self {
        let mut generics = item.generics.clone();
        let mut ty = (*item.self_ty).clone();
        let mut naming = NameElided { added: Vec::new() };
        naming.visit_type_mut(&mut ty);
        for (index, lifetime) in naming.added.into_iter().enumerate() {
            generics.params.insert(index, GenericParam::Lifetime(LifetimeParam::new(lifetime)));
        }
        let associated = item
            .items
            .iter()
            .filter_map(|item| match item {
                ImplItem::Type(item) if item.generics.params.is_empty() => {
                    Some((item.ident.clone(), item.ty.clone()))
                }
                _ => None,
            })
            .collect();
        let trait_path = item.trait_.as_ref().map(|(path, _)| path.to_token_stream());
        let (path, prefix) = paths(&ty);
        Self { generics, ty, path, prefix, trait_path, associated }
    }

    /// `tokens` with `Self` spelled out.
    pub fn spell_out(&self, tokens: impl ToTokens) -> TokenStream {
        self.replace(tokens.to_token_stream())
    }

    fn replace(&self, tokens: TokenStream) -> TokenStream {
        let mut trees = tokens.into_iter().peekable();
        let mut output = TokenStream::new();
        // No type can stand behind `dyn`: what is wrong there is left for the compiler to say.
        let mut wants_trait = false;
        while let Some(tree) = trees.next() {
            let is_trait = std::mem::replace(
                &mut wants_trait,
                matches!(&tree, TokenTree::Ident(ident) if ident == "dyn" || ident == "impl"),
            );
            match tree {
                TokenTree::Ident(ident) if ident == "Self" => {
                    let rest: TokenStream = trees.clone().take(3).collect();
                    match self.associated(rest).filter(|_| !is_trait) {
                        Some(ty) => {
                            trees.by_ref().take(3).for_each(drop);
                            let ty = self.replace(ty);
                            // `Self::Output::new()`, which is not `Vec<u8>::new()`
                            output.extend(if is_prefix(trees.peek()) { quote!(<#ty>) } else { ty });
                        }
                        None => {
                            let path =
                                if is_prefix(trees.peek()) { &self.prefix } else { &self.path };
                            output.extend(respan(path.clone(), ident.span()));
                        }
                    }
                }
                TokenTree::Group(group) => {
                    let inner = self.replace(group.stream());
                    output.extend([syntax::with_content(&group, inner)]);
                }
                tree => output.extend([tree]),
            }
        }
        output
    }

    /// What `Self` followed by `:: Name` stands for, if it is an associated type of the trait that is implemented.
    fn associated(&self, rest: TokenStream) -> Option<TokenStream> {
        let mut rest = rest.into_iter();
        for _ in 0..2 {
            match rest.next() {
                Some(TokenTree::Punct(punct)) if punct.as_char() == ':' => {}
                _ => return None,
            }
        }
        let Some(TokenTree::Ident(name)) = rest.next() else { return None };
        if let Some((_, ty)) = self.associated.iter().find(|(associated, _)| *associated == name) {
            let group = Group::new(proc_macro2::Delimiter::None, ty.to_token_stream());
            return Some(TokenTree::Group(group).into());
        }
        let is_type = name.to_string().starts_with(char::is_uppercase)
            && name.to_string().contains(char::is_lowercase);
        let trait_path = self.trait_path.as_ref().filter(|_| is_type)?;
        let ty = &self.ty;
        Some(quote!(<#ty as #trait_path>::#name))
    }

    /// The parameters that a type of its own takes over, where no field of it can name a lifetime that the block's type
    /// does not have.
    pub fn determined(&self) -> Generics {
        let mut generics = self.generics.clone();
        let undetermined: Vec<Lifetime> = self.undetermined_lifetimes().cloned().collect();
        let is_free = |syntax: &dyn ToTokens| {
            let tokens = syntax.to_token_stream();
            !undetermined.iter().any(|lifetime| syntax::mentions_lifetime(tokens.clone(), lifetime))
        };
        generics.params = generics
            .params
            .into_iter()
            .filter(|parameter| !matches!(parameter, GenericParam::Lifetime(declared) if undetermined.contains(&declared.lifetime)))
            .map(|mut parameter| {
                match &mut parameter {
                    GenericParam::Lifetime(declared) => retain(&mut declared.bounds, |bound| {
                        !undetermined.contains(bound)
                    }),
                    GenericParam::Type(declared) => retain(&mut declared.bounds, |bound| is_free(bound)),
                    GenericParam::Const(_) => {}
                }
                parameter
            })
            .collect();
        if let Some(clause) = &mut generics.where_clause {
            retain(&mut clause.predicates, |predicate| is_free(predicate));
        }
        generics
    }

    /// The lifetimes that the block's type does not have.
    fn undetermined_lifetimes(&self) -> impl Iterator<Item = &Lifetime> {
        let ty = self.ty.to_token_stream();
        let lifetimes = self.generics.lifetimes().map(|declared| &declared.lifetime);
        lifetimes.filter(move |lifetime| !syntax::mentions_lifetime(ty.clone(), lifetime))
    }

    /// A type that names all parameters, for a struct that may have no field that does.
    pub fn owner(&self) -> TokenStream {
        let ty = &self.ty;
        let lifetimes: Vec<&Lifetime> = self.undetermined_lifetimes().collect();
        let types: Vec<&Ident> = self
            .generics
            .type_params()
            .map(|parameter| &parameter.ident)
            .filter(|name| types::mentions(ty, &name.to_string()).is_none())
            .collect();
        if lifetimes.is_empty() && types.is_empty() {
            return ty.to_token_stream();
        }
        quote!((#(&#lifetimes (),)* #(::core::marker::PhantomData<#types>,)* #ty,))
    }

    /// The type with `'static` for every lifetime.
    pub fn static_type(&self) -> Type {
        let mut ty = self.ty.clone();
        MakeStatic { generics: &self.generics }.visit_type_mut(&mut ty);
        ty
    }
}

fn retain<T, P: Default>(list: &mut Punctuated<T, P>, keep: impl Fn(&T) -> bool) {
    *list = std::mem::take(list).into_iter().filter(keep).collect();
}

/// Whether `::` follows.
fn is_prefix(next: Option<&TokenTree>) -> bool {
    matches!(next, Some(TokenTree::Punct(punct)) if punct.as_char() == ':' && punct.spacing() == Spacing::Joint)
}

/// The type as a path, by itself and in front of `::`.
fn paths(ty: &Type) -> (TokenStream, TokenStream) {
    match types::peel(ty) {
        Type::Path(path) if path.qself.is_none() => {
            let mut path = path.path.clone();
            for segment in &mut path.segments {
                if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    arguments.colon2_token = Some(syn::Token![::](Span::call_site()));
                }
            }
            (path.to_token_stream(), path.to_token_stream())
        }
        ty => (ty.to_token_stream(), quote!(<#ty>)),
    }
}

/// The same tokens, shown at another place.
pub fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut tree| {
            tree.set_span(tree.span().located_at(span));
            tree
        })
        .collect()
}

struct NameElided {
    added: Vec<Lifetime>,
}

impl VisitMut for NameElided {
    // What is elided in there is bound there: `fn(&u8)`, `Fn(&u8)`.
    fn visit_type_fn_ptr_mut(&mut self, _: &mut TypeFnPtr) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut ParenthesizedGenericArguments) {
    }
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            let name = format!("'memo{}", self.added.len());
            *lifetime = Lifetime::new(&name, lifetime.span());
            self.added.push(lifetime.clone());
        }
    }
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        if reference.lifetime.is_none() {
            let name = format!("'memo{}", self.added.len());
            let lifetime = Lifetime::new(&name, reference.and_token.span);
            self.added.push(lifetime.clone());
            reference.lifetime = Some(lifetime);
        }
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Leaves what `for<'a>` binds.
struct MakeStatic<'a> {
    generics: &'a Generics,
}

impl VisitMut for MakeStatic<'_> {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if self.generics.lifetimes().any(|declared| declared.lifetime == *lifetime) {
            *lifetime = Lifetime::new("'static", lifetime.span());
        }
    }
}
