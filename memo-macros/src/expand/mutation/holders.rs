//! By which names, and how, does a body use an instance?

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Block, Local, Pat,
    visit::{self, Visit},
};

use super::Access;

/// A name by which a closure may hold the instance.
pub(super) struct Holder {
    pub(super) name: String,
    /// An expression of type `&Self`.
    pub(super) shared: TokenStream,
}

/// The instance's own name, and those that `let this = self;` gives it.
pub(super) fn holders(access: &Access, body: &Block) -> Vec<Holder> {
    struct Aliases<'a> {
        access: &'a Access,
        found: Vec<Holder>,
    }
    impl<'ast> Visit<'ast> for Aliases<'_> {
        fn visit_local(&mut self, local: &'ast Local) {
            visit::visit_local(self, local);
            let pattern = match &local.pat {
                Pat::Type(typed) => &typed.pat,
                pattern => pattern,
            };
            let (Pat::Ident(pattern), Some(init)) = (pattern, &local.init) else { return };
            let name = &pattern.ident;
            let known = self.access.name.to_string();
            let shared = match init.expr.to_token_stream().to_string().replace(' ', "") {
                text if text == known => {
                    let own = self.access.exclusive.to_string().replace(' ', "");
                    if own == format!("&mut{known}") { quote!(&#name) } else { quote!(&*#name) }
                }
                text if text == format!("&mut*{known}") || text == format!("&mut{known}") => {
                    quote!(&*#name)
                }
                _ => return,
            };
            self.found.push(Holder { name: name.to_string(), shared });
        }
    }
    let own = Holder { name: access.name.to_string(), shared: access.shared.clone() };
    let mut aliases = Aliases { access, found: vec![own] };
    aliases.visit_block(body);
    aliases.found
}

/// Whether the instance itself is handed on: to a function, into a struct, as a result. `let this = self;` is followed.
pub(super) fn escapes(tokens: TokenStream, name: &str) -> bool {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is_punct = |at: usize, char: char| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == char);
    trees.iter().enumerate().any(|(index, tree)| match tree {
        TokenTree::Ident(ident) if ident == name => {
            let is_member = index > 0 && is_punct(index - 1, '.');
            let is_bound = is_punct(index + 1, ';')
                && trees[..index]
                    .iter()
                    .rev()
                    .find(|tree| {
                        !matches!(tree, TokenTree::Punct(punct) if "&*".contains(punct.as_char()))
                            && !matches!(tree, TokenTree::Ident(ident) if ident == "mut")
                    })
                    .is_some_and(
                        |tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '='),
                    );
            !is_member && !is_punct(index + 1, '.') && !is_bound && !is_declared(&trees, index)
        }
        TokenTree::Group(group) => {
            let in_place = index >= 2
                && is_punct(index - 1, '!')
                && matches!(&trees[index - 2], TokenTree::Ident(name) if runs_in_place(name));
            !in_place && escapes(group.stream(), name)
        }
        _ => false,
    })
}

/// Whether the name at `index` is the one that a `let` declares.
fn is_declared(trees: &[TokenTree], index: usize) -> bool {
    trees[..index]
        .iter()
        .rev()
        .find(|tree| !matches!(tree, TokenTree::Ident(ident) if ident == "mut"))
        .is_some_and(|tree| matches!(tree, TokenTree::Ident(ident) if ident == "let"))
}

/// Whether a macro of the standard library uses its arguments where it stands.
pub(super) fn runs_in_place(name: &Ident) -> bool {
    const MACROS: &[&str] = &[
        "format",
        "format_args",
        "print",
        "println",
        "eprint",
        "eprintln",
        "write",
        "writeln",
        "panic",
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "matches",
        "vec",
        "todo",
        "unimplemented",
        "unreachable",
        "dbg",
    ];
    MACROS.iter().any(|known| name == known)
}

/// Whether `name` stands in `tokens` other than in front of `.field`: whether its methods may be called.
pub(super) fn uses_whole(tokens: TokenStream, name: &str) -> bool {
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
        TokenTree::Literal(literal) => {
            let text = literal.to_string();
            text.contains(&format!("{{{name}")) || text.contains("{\\")
        }
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

pub(super) fn has_closure(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Punct(punct) => punct.as_char() == '|',
        TokenTree::Ident(ident) => ident == "async",
        TokenTree::Group(group) => has_closure(group.stream()),
        TokenTree::Literal(_) => false,
    })
}
