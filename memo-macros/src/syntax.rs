//! How does one walk tokens for a name, and read the arguments of a macro? The one place that knows.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Block, Expr, FnArg, Lifetime, Macro, Pat, PatType, Signature, Stmt, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
    punctuated::Punctuated,
};

/// The first answer of `look` about a token, its own in order; `look` is told how many dots stand right before it.
pub fn find<T>(
    tokens: TokenStream,
    look: &mut impl FnMut(usize, &TokenTree) -> Option<T>,
) -> Option<T> {
    let mut dots = 0;
    for tree in tokens {
        if let Some(found) = look(dots, &tree) {
            return Some(found);
        }
        dots = match &tree {
            TokenTree::Punct(punct) if punct.as_char() == '.' => dots + 1,
            _ => 0,
        };
        if let TokenTree::Group(group) = tree {
            if let Some(found) = find(group.stream(), look) {
                return Some(found);
            }
        }
    }
    None
}

/// Where `name` stands first.
pub fn mention(tokens: TokenStream, name: &str) -> Option<Span> {
    find(tokens, &mut |_, tree| match tree {
        TokenTree::Ident(ident) if ident == name => Some(ident.span()),
        _ => None,
    })
}

/// Whether `name` stands there, or something that may be a macro which says it.
pub fn may_say(tokens: TokenStream, name: &str) -> bool {
    find(tokens, &mut |_, tree| match tree {
        TokenTree::Ident(ident) if ident == name => Some(()),
        TokenTree::Punct(punct) if punct.as_char() == '!' => Some(()),
        _ => None,
    })
    .is_some()
}

/// The arguments of a function but its receiver.
pub fn arguments(signature: &Signature) -> impl Iterator<Item = &PatType> {
    signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    })
}

/// Whether an attribute makes what it stands on depend on the build.
pub fn is_conditional(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
}

/// Whether `lifetime` stands anywhere in `tokens`.
pub fn mentions_lifetime(tokens: TokenStream, lifetime: &Lifetime) -> bool {
    let mut is_quoted = false;
    find(tokens, &mut |_, tree| {
        let was_quoted = std::mem::replace(
            &mut is_quoted,
            matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '\''),
        );
        (was_quoted && matches!(tree, TokenTree::Ident(ident) if *ident == lifetime.ident))
            .then_some(())
    })
    .is_some()
}

/// What rust-analyzer puts at the end of the name that it completes, in a second copy of the program. It finds its way in the expansion by
/// where the name is, so what stands before that must be the same with it and without: names are read without it.
const COMPLETED: [&str; 2] = ["raCompletionMarker", "intellijRulezz"];
/// What rust-analyzer puts where a name is missing.
const MISSING: &str = "__ra_fixup";

/// A name as it is before it is completed, and not raw.
pub fn plain_name(name: &Ident) -> String {
    let name = name.unraw().to_string();
    match COMPLETED.iter().find_map(|marker| name.strip_suffix(marker)) {
        Some("") => MISSING.to_owned(),
        Some(name) => name.to_owned(),
        None => name,
    }
}

/// Where a name ends in what rust-analyzer puts there, which no program is to have: two names would be read as one.
pub fn completed(tokens: TokenStream) -> Option<Span> {
    find(tokens, &mut |_, tree| match tree {
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            COMPLETED.iter().any(|marker| name.ends_with(marker)).then(|| ident.span())
        }
        _ => None,
    })
}

/// A group with other tokens inside.
pub fn with_content(group: &Group, content: TokenStream) -> TokenTree {
    let mut rebuilt = Group::new(group.delimiter(), content);
    rebuilt.set_span(group.span());
    rebuilt.into()
}

/// How often `name` stands there, other than as the name of a member.
pub fn count(tokens: TokenStream, name: &str) -> usize {
    let mut found = 0;
    find(tokens, &mut |dots, tree| {
        found += usize::from(dots != 1 && matches!(tree, TokenTree::Ident(ident) if ident == name));
        None::<()>
    });
    found
}

/// Whether a string may capture `name`, as `"{self}"` does.
pub fn captures(tokens: TokenStream, name: &str) -> bool {
    let captures =
        |literal: &str| literal.contains(&format!("{{{name}")) || literal.contains("{\\");
    find(tokens, &mut |_, tree| match tree {
        TokenTree::Literal(literal) => captures(&literal.to_string()).then_some(()),
        _ => None,
    })
    .is_some()
}

/// Whether a macro is given anything but literals without captures.
pub fn names_anything(tokens: TokenStream) -> bool {
    find(tokens, &mut |_, tree| match tree {
        TokenTree::Ident(_) => Some(()),
        TokenTree::Literal(literal) => literal.to_string().contains('{').then_some(()),
        _ => None,
    })
    .is_some()
}

/// Whether a pattern binds by `ref mut`, or cannot be read.
pub fn binds_mutably(pattern: &Pat) -> bool {
    let mut after_ref = false;
    find(pattern.to_token_stream(), &mut |_, tree| {
        let found = match tree {
            TokenTree::Ident(ident) => after_ref && ident == "mut",
            TokenTree::Punct(punct) => punct.as_char() == '!',
            _ => false,
        };
        after_ref = matches!(tree, TokenTree::Ident(ident) if ident == "ref");
        found.then_some(())
    })
    .is_some()
}

/// Makes the places among the arguments of a macro of the standard library that name `name` such that no other macro of that
/// name could write to them.
pub fn seal(mac: &mut Macro, name: &str) {
    let Some((kind, mut arguments)) =
        standard(mac).and_then(|kind| Some((kind, Arguments::of(mac)?)))
    else {
        return;
    };
    let written = match (&arguments, kind) {
        (Arguments::Matches(matches), _) => binds_mutably(&matches.pattern),
        (_, Standard::WritesTo) => true,
        _ => false,
    };
    let mut sealed = false;
    for (index, argument) in arguments.exprs_mut().into_iter().enumerate() {
        let argument = match argument {
            // `format!("{x}", x = self.x)`
            Expr::Assign(named) if index > 0 => &mut *named.right,
            argument => argument,
        };
        let is_place = is_projection(argument) && count(argument.to_token_stream(), name) > 0;
        if !is_place || written && index == 0 {
            continue;
        }
        *argument = match kind {
            Standard::Takes => syn::parse_quote!({ #argument }),
            _ => syn::parse_quote!(*&#argument),
        };
        sealed = true;
    }
    if sealed {
        mac.tokens = arguments.into_token_stream();
    }
}

/// `x.f`, `x[i]` or `*x`.
fn is_projection(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(paren) => is_projection(&paren.expr),
        Expr::Group(group) => is_projection(&group.expr),
        Expr::Field(_) | Expr::Index(_) => true,
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)),
        _ => false,
    }
}

/// What a macro of the standard library does with its arguments.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standard {
    /// Borrows them: `format!`, `assert_eq!`.
    Borrows,
    /// Calls a method of the first and borrows the others: `write!`.
    WritesTo,
    /// Takes the value of the first, which is plain, and borrows the others: `assert!`.
    Tests,
    /// Takes their values: `vec!`, `dbg!`.
    Takes,
    /// Matches the first: `matches!`.
    Matches,
    /// Evaluates none of them: `stringify!`.
    Quotes,
}

/// Which macro of the standard library is called, as far as its name says so.
pub fn standard(mac: &Macro) -> Option<Standard> {
    let segments = &mac.path.segments;
    let from_std = segments.len() == 1
        || ["std", "core", "alloc"].iter().any(|root| segments[0].ident == root);
    let name = segments.last().filter(|_| from_std)?.ident.to_string();
    Some(match name.as_str() {
        "format" | "format_args" | "print" | "println" | "eprint" | "eprintln" | "panic"
        | "todo" | "unimplemented" | "unreachable" | "assert_eq" | "assert_ne"
        | "debug_assert_eq" | "debug_assert_ne" => Standard::Borrows,
        "write" | "writeln" => Standard::WritesTo,
        "assert" | "debug_assert" => Standard::Tests,
        "vec" | "dbg" => Standard::Takes,
        "matches" | "assert_matches" | "debug_assert_matches" => Standard::Matches,
        "stringify" | "concat" | "env" | "option_env" | "line" | "column" | "file"
        | "module_path" | "cfg" | "include_str" | "include_bytes" | "compile_error" => {
            Standard::Quotes
        }
        _ => return None,
    })
}

/// The arguments of a macro that read like Rust.
pub enum Arguments {
    List(Punctuated<Expr, Token![,]>),
    Matches(Box<Matches>),
    Repeat(Box<Repeat>),
}

impl Arguments {
    /// Reads the arguments of `mac` as expressions, as `matches!` does, or as in `vec![element; count]`.
    pub fn of(mac: &Macro) -> Option<Self> {
        let tokens = mac.tokens.clone();
        let is_matches = mac
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident.to_string().ends_with("matches"));
        if is_matches {
            return Matches::parse
                .parse2(tokens)
                .ok()
                .map(|matches| Self::Matches(Box::new(matches)));
        }
        match Punctuated::parse_terminated.parse2(tokens.clone()) {
            Ok(list) => Some(Self::List(list)),
            Err(_) => {
                Repeat::parse.parse2(tokens).ok().map(|repeat| Self::Repeat(Box::new(repeat)))
            }
        }
    }

    /// The expressions among them.
    pub fn exprs_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Self::List(list) => list.iter_mut().collect(),
            Self::Matches(matches) => std::iter::once(&mut matches.value)
                .chain(matches.guard.as_mut().map(|(_, guard)| guard))
                .collect(),
            Self::Repeat(repeat) => vec![&mut repeat.element, &mut repeat.count],
        }
    }
}

impl ToTokens for Arguments {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::List(list) => list.to_tokens(tokens),
            Self::Matches(matches) => matches.to_tokens(tokens),
            Self::Repeat(repeat) => repeat.to_tokens(tokens),
        }
    }
}

/// The arguments of `matches!`.
pub struct Matches {
    pub value: Expr,
    comma: Token![,],
    pub pattern: Pat,
    pub guard: Option<(Token![if], Expr)>,
    /// What may follow in `assert_matches!`, or a comma.
    pub rest: TokenStream,
}

impl Parse for Matches {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self {
            value: input.parse()?,
            comma: input.parse()?,
            pattern: Pat::parse_multi_with_leading_vert(input)?,
            guard: if input.peek(Token![if]) {
                Some((input.parse()?, input.parse()?))
            } else {
                None
            },
            rest: input.parse()?,
        })
    }
}

impl ToTokens for Matches {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { value, comma, pattern, guard, rest } = self;
        let guard = guard.as_ref().map(|(token, guard)| quote!(#token #guard));
        tokens.extend(quote!(#value #comma #pattern #guard #rest));
    }
}

/// The arguments of `vec![element; count]`.
pub struct Repeat {
    pub element: Expr,
    semi: Token![;],
    pub count: Expr,
}

impl Parse for Repeat {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let repeat = Self { element: input.parse()?, semi: input.parse()?, count: input.parse()? };
        if input.is_empty() { Ok(repeat) } else { Err(input.error("")) }
    }
}

impl ToTokens for Repeat {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.element.to_tokens(tokens);
        self.semi.to_tokens(tokens);
        self.count.to_tokens(tokens);
    }
}

/// Whether a macro of the standard library is declared anew, by the name of `mac`, in `items`.
pub fn declares(tokens: TokenStream, name: &Ident) -> bool {
    let mut after_macro_rules = false;
    find(tokens, &mut |_, tree| {
        let is_name = matches!(tree, TokenTree::Ident(ident) if ident == name);
        let found = after_macro_rules && is_name;
        after_macro_rules = match tree {
            TokenTree::Ident(ident) => ident == "macro_rules",
            TokenTree::Punct(punct) => after_macro_rules && punct.as_char() == '!',
            _ => false,
        };
        found.then_some(())
    })
    .is_some()
}

/// Whether a local is lent by `&mut name`.
pub fn lends_mutably(tokens: TokenStream) -> bool {
    let mut state = 0;
    let mut lends = false;
    find(tokens, &mut |_, tree| {
        let dot = matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '.');
        if state == 3 && !dot {
            lends = true;
        }
        state = match tree {
            TokenTree::Punct(punct) if punct.as_char() == '&' => 1,
            TokenTree::Ident(ident) if state == 1 && ident == "mut" => 2,
            TokenTree::Ident(_) if state == 2 => 3,
            _ => 0,
        };
        lends.then_some(())
    })
    .is_some()
        || state == 3
}

/// Puts these tokens into the braces of a body. They are not parsed: what is wrong in them, with a type of the user's say, is for the
/// compiler to tell.
pub fn set_body(body: &mut Block, tokens: TokenStream) {
    body.stmts = vec![Stmt::Expr(Expr::Verbatim(tokens), None)];
}
