//! Completes the literals and patterns of the block's type with the injected field.
//!
//! A literal with a base of a type that is not known to be the block's own is left as it is, but what it made forgets the
//! results that it took over from the base: it may be the block's type under another name.

mod scope;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Block, Expr, ExprAssign, ExprStruct, ImplItem, ItemFn, ItemImpl, ItemMod, ItemTrait, Macro,
    PatStruct, Path, Token, parse_quote,
    spanned::Spanned,
    visit_mut::{self, VisitMut},
};

use self::scope::TypeNames;
use crate::{
    model::{BlockContext, Function},
    names,
    syntax::{self, Arguments},
    types,
};

/// Which literals and patterns get the field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Literals {
    /// Those of the block's type.
    OfType,
    /// None: the type may have no caches. If it has some, no base hands them on.
    None,
}

/// Completes what stands in `item`; says whether it completed a literal.
pub fn complete(item: &mut ImplItem, literals: Literals, block: &BlockContext) -> bool {
    let in_const = match item {
        ImplItem::Const(_) => true,
        ImplItem::Fn(method) => method.sig.constness.is_some(),
        _ => false,
    };
    let mut complete = Complete::new(block, literals, in_const);
    complete.visit_impl_item_mut(item);
    complete.completed
}

/// Completes the patterns of a memoized method's arguments.
pub fn complete_patterns(function: &mut Function, block: &BlockContext) {
    let mut complete = Complete::new(block, Literals::OfType, false);
    for argument in &mut function.arguments {
        complete.visit_pat_mut(&mut argument.pattern);
    }
}

struct Complete<'a> {
    block: &'a BlockContext,
    names: TypeNames,
    literals: Literals,
    /// Whether the literal has to be a constant expression.
    in_const: bool,
    completed: bool,
}

impl<'a> Complete<'a> {
    fn new(block: &'a BlockContext, literals: Literals, in_const: bool) -> Self {
        // `impl Neg for &Vector` makes vectors, too.
        let mut ty = types::peel(&block.self_ty);
        while let syn::Type::Reference(reference) = ty {
            ty = types::peel(&reference.elem);
        }
        let (names, literals) = match ty {
            syn::Type::Path(path) if path.qself.is_none() => (TypeNames::new(&path.path), literals),
            _ => (TypeNames::default(), Literals::None),
        };
        Self { block, names, literals, in_const, completed: false }
    }
}

impl Complete<'_> {
    /// The value of the injected field.
    fn value(&self) -> TokenStream {
        let runtime = &self.block.runtime;
        if self.in_const {
            quote!(#runtime::InstanceCaches::new())
        } else {
            quote!(::core::default::Default::default())
        }
    }

    fn is_type(&self, path: &Path) -> bool {
        self.literals == Literals::OfType && self.names.is_type(path)
    }

    fn is_name(&self, tree: &TokenTree) -> bool {
        matches!(tree, TokenTree::Ident(name) if self.names.is_name(&name.to_string()))
    }

    /// Runs `visit` where only constant expressions may stand.
    fn in_const(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_const, true);
        visit(self);
        self.in_const = outer;
    }

    /// Completes literals with a base where nothing can be read: without the field they would take over the caches.
    fn complete_bases(&mut self, tokens: TokenStream) -> TokenStream {
        let mut previous_is_type = false;
        let mut output = TokenStream::new();
        for tree in tokens {
            let is_type = self.is_name(&tree);
            let tree = match tree {
                TokenTree::Group(group) => {
                    let mut stream = self.complete_bases(group.stream());
                    if previous_is_type
                        && group.delimiter() == Delimiter::Brace
                        && has_base(&stream)
                    {
                        let field = &self.block.field;
                        let value = self.value();
                        stream = quote!(#field: #value, #stream);
                    }
                    syntax::with_content(&group, stream)
                }
                tree => tree,
            };
            previous_is_type = is_type;
            output.extend([tree]);
        }
        output
    }

    fn has_field<'a>(&self, members: impl Iterator<Item = &'a syn::Member>) -> bool {
        let mut members = members;
        members
            .any(|member| matches!(member, syn::Member::Named(name) if *name == self.block.field))
    }

    /// Rewrites the arguments of a macro, if they read like expressions (or like those of `matches!`).
    fn complete_macro(&mut self, mac: &Macro) -> Option<TokenStream> {
        let mut arguments = Arguments::of(mac)?;
        arguments.exprs_mut().into_iter().for_each(|argument| self.visit_expr_mut(argument));
        if let Arguments::Matches(matches) = &mut arguments {
            self.visit_pat_mut(&mut matches.pattern);
        }
        Some(arguments.into_token_stream())
    }

    /// Whether a literal or pattern of the type may stand somewhere in `tokens`, or one with a base.
    fn concerns(&self, tokens: &TokenStream) -> bool {
        has_base(tokens)
            || syntax::find(tokens.clone(), &mut |_, tree| match tree {
                TokenTree::Group(group) => has_base(&group.stream()).then_some(()),
                tree => self.is_name(tree).then_some(()),
            })
            .is_some()
    }

    /// What a literal with a base is wrapped in, if its type is not known.
    fn renew(&self, literal: &ExprStruct) -> Expr {
        let runtime = &self.block.runtime;
        let made = names::local("made");
        // Not a block: temporaries of the literal live as long as they did.
        parse_quote! {
            match (#literal) {
                mut #made => {
                    #runtime::Made::new(&mut #made).renew();
                    #made
                }
            }
        }
    }
}

/// Whether the fields of a literal end with `..base`.
fn has_base(fields: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = fields.clone().into_iter().collect();
    trees.windows(3).any(|window| {
        let is_dot =
            |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '.');
        is_dot(&window[0]) && is_dot(&window[1]) && !is_dot(&window[2])
    })
}

impl VisitMut for Complete<'_> {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        if function.sig.constness.is_some() {
            self.in_const(|complete| visit_mut::visit_item_fn_mut(complete, function));
        } else {
            visit_mut::visit_item_fn_mut(self, function);
        }
    }
    fn visit_item_static_mut(&mut self, item: &mut syn::ItemStatic) {
        self.in_const(|complete| visit_mut::visit_item_static_mut(complete, item));
    }
    fn visit_item_const_mut(&mut self, item: &mut syn::ItemConst) {
        self.in_const(|complete| visit_mut::visit_item_const_mut(complete, item));
    }
    fn visit_expr_const_mut(&mut self, block: &mut syn::ExprConst) {
        self.in_const(|complete| visit_mut::visit_expr_const_mut(complete, block));
    }
    fn visit_block_mut(&mut self, block: &mut Block) {
        let outer = self.names.enter(block);
        visit_mut::visit_block_mut(self, block);
        self.names.leave(outer);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Struct(literal) = expr else { return };
        let is_type = literal.qself.is_none() && self.is_type(&literal.path);
        let has_field = self.has_field(literal.fields.iter().map(|field| &field.member));
        if literal.rest.is_some() && !is_type && !has_field && !self.in_const {
            *expr = self.renew(literal);
        }
    }

    fn visit_expr_struct_mut(&mut self, literal: &mut ExprStruct) {
        visit_mut::visit_expr_struct_mut(self, literal);
        // `..` without a base is the left side of an assignment, and complete.
        let complete = literal.dot2_token.is_some() && literal.rest.is_none();
        if literal.qself.is_none()
            && self.is_type(&literal.path)
            && !complete
            && !self.has_field(literal.fields.iter().map(|field| &field.member))
        {
            self.completed = true;
            let mut field = self.block.field.clone();
            field.set_span(field.span().located_at(literal.path.span()));
            let value = self.value();
            literal.fields.push(parse_quote!(#field: #value));
            if literal.dot2_token.is_some() {
                literal.fields.push_punct(Token![,](proc_macro2::Span::call_site()));
            }
        }
    }

    fn visit_pat_struct_mut(&mut self, pattern: &mut PatStruct) {
        visit_mut::visit_pat_struct_mut(self, pattern);
        if pattern.qself.is_none()
            && self.is_type(&pattern.path)
            && pattern.rest.is_none()
            && !self.has_field(pattern.fields.iter().map(|field| &field.member))
        {
            let field = &self.block.field;
            pattern.fields.push(syn::FieldPat {
                attrs: Vec::new(),
                member: syn::Member::Named(field.clone()),
                colon_token: Some(Token![:](proc_macro2::Span::call_site())),
                pat: Box::new(parse_quote!(_)),
            });
        }
    }

    fn visit_expr_assign_mut(&mut self, assign: &mut ExprAssign) {
        visit_mut::visit_expr_mut(self, &mut assign.right);
        if let Expr::Struct(target) = &mut *assign.left {
            if self.is_type(&target.path) && target.dot2_token.is_none() {
                target.dot2_token = Some(Token![..](proc_macro2::Span::call_site()));
                if !target.fields.empty_or_trailing() {
                    target.fields.push_punct(Token![,](proc_macro2::Span::call_site()));
                }
            }
        }
        visit_mut::visit_expr_mut(self, &mut assign.left);
    }

    fn visit_macro_mut(&mut self, mac: &mut Macro) {
        if self.concerns(&mac.tokens) {
            mac.tokens = match self.complete_macro(mac) {
                Some(tokens) => tokens,
                None if self.literals == Literals::OfType => {
                    self.complete_bases(mac.tokens.clone())
                }
                None => return,
            };
        }
    }

    // `Self`, or every name, means something else in there.
    fn visit_item_mod_mut(&mut self, _: &mut ItemMod) {}
    fn visit_item_impl_mut(&mut self, _: &mut ItemImpl) {}
    fn visit_item_trait_mut(&mut self, _: &mut ItemTrait) {}
}
