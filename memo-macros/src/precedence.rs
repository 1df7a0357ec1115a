//! Which invisible groups does an expansion have to make visible?
//!
//! `macro_rules!` puts what it inserts for `$e` into a group without a delimiter, so that `$e * x` with `$e = 1 + 2` is
//! three times `x`. The compiler forgets such a group as soon as a macro like ours hands it back: what is left is
//! `1 + 2 * x`. So a group that its neighbours would take apart gets parentheses, before anything looks at the tokens.

use proc_macro2::{Delimiter, Group, Spacing, Span, TokenStream, TokenTree};
use syn::Expr;

/// `tokens`, with parentheses where an invisible group decides what is meant.
pub fn keep(tokens: TokenStream) -> TokenStream {
    changed(&tokens).unwrap_or(tokens)
}

/// The same, or nothing if there is nothing to change: a group that is built anew forgets where its delimiters stood.
fn changed(tokens: &TokenStream) -> Option<TokenStream> {
    let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut has_changed = false;
    for index in 0..trees.len() {
        let TokenTree::Group(group) = &trees[index] else { continue };
        let inner = changed(&group.stream());
        let around = Around { before: &trees[..index], after: &trees[index + 1..] };
        let is_lost = group.delimiter() == Delimiter::None && around.takes_apart(&group.stream());
        if inner.is_none() && !is_lost {
            continue;
        }
        let stream = inner.unwrap_or_else(|| group.stream());
        // The lint on needless parentheses leaves those alone that a macro wrote.
        let (delimiter, context) = if is_lost {
            (Delimiter::Parenthesis, Span::mixed_site())
        } else {
            (group.delimiter(), group.span())
        };
        let mut rebuilt = Group::new(delimiter, stream);
        rebuilt.set_span(context.located_at(group.span()));
        trees[index] = rebuilt.into();
        has_changed = true;
    }
    has_changed.then(|| trees.into_iter().collect())
}

/// What stands around a group.
struct Around<'a> {
    before: &'a [TokenTree],
    after: &'a [TokenTree],
}

/// What can stand between two operands, but for `=`.
const OPERATORS: &str = ".?+-*/%^&|<>!";

impl Around<'_> {
    /// Whether `content` would mean something else without its group.
    fn takes_apart(&self, content: &TokenStream) -> bool {
        let trees: Vec<TokenTree> = content.clone().into_iter().collect();
        if self.follows("as") && self.is_before("<") {
            return true;
        }
        if trees.len() < 2 {
            return false;
        }
        let has = |char| trees.iter().any(|tree| is_punct(tree, char));
        match &trees[0] {
            // `&$t` with `$t = dyn A + B`
            TokenTree::Ident(first) if has('+') && (first == "dyn" || first == "impl") => {
                return self.is_behind("&") || self.is_behind_lifetime() || self.follows("mut");
            }
            // `name @ $p` with `$p = A | B`
            _ if has('|') && self.is_behind("@") => return true,
            _ => {}
        }
        syn::parse2(content.clone()).is_ok_and(|expr| self.takes_expression_apart(&expr))
    }

    fn takes_expression_apart(&self, expr: &Expr) -> bool {
        let is_called = self.is_before("?")
            || self.is_before(".") && !self.is_before_two('.', '.')
            || matches!(self.after.first(), Some(TokenTree::Group(group)) if matches!(group.delimiter(), Delimiter::Parenthesis | Delimiter::Bracket));
        let is_operand = self.is_right_operand() || self.is_left_operand();
        match expr {
            // These bind tighter than whatever has two operands.
            Expr::Unary(_) | Expr::Reference(_) | Expr::RawAddr(_) => is_called,
            // `if $e {`, where no literal of a struct can stand
            Expr::Struct(_) => {
                is_called
                    || is_operand
                    || ["if", "while", "match", "in"].iter().any(|keyword| self.follows(keyword))
                    || matches!(self.after.first(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
            }
            Expr::Assign(_)
            | Expr::Async(_)
            | Expr::Binary(_)
            | Expr::Block(_)
            | Expr::Break(_)
            | Expr::Cast(_)
            | Expr::Closure(_)
            | Expr::Const(_)
            | Expr::ForLoop(_)
            | Expr::If(_)
            | Expr::Loop(_)
            | Expr::Match(_)
            | Expr::Range(_)
            | Expr::Return(_)
            | Expr::Unsafe(_)
            | Expr::While(_) => is_called || is_operand,
            _ => false,
        }
    }

    fn is_right_operand(&self) -> bool {
        match self.before {
            [.., first, second]
                if is_joint(first) && (is_punct(second, '=') || is_punct(second, '>')) =>
            {
                !self.is_behind_two('-', '>') && !self.is_behind_two('=', '>')
            }
            _ => self.is_behind(OPERATORS),
        }
    }

    fn is_left_operand(&self) -> bool {
        self.is_before(OPERATORS)
            || self.is_before_two('=', '=')
            || matches!(self.after.first(), Some(TokenTree::Ident(keyword)) if keyword == "as")
    }

    fn follows(&self, keyword: &str) -> bool {
        matches!(self.before.last(), Some(TokenTree::Ident(ident)) if ident == keyword)
    }

    fn is_behind(&self, puncts: &str) -> bool {
        self.before.last().is_some_and(|tree| puncts.chars().any(|char| is_punct(tree, char)))
    }

    fn is_before(&self, puncts: &str) -> bool {
        self.after.first().is_some_and(|tree| puncts.chars().any(|char| is_punct(tree, char)))
    }

    fn is_behind_two(&self, first: char, second: char) -> bool {
        matches!(self.before, [.., a, b] if is_punct(a, first) && is_joint(a) && is_punct(b, second))
    }

    fn is_before_two(&self, first: char, second: char) -> bool {
        matches!(self.after, [a, b, ..] if is_punct(a, first) && is_joint(a) && is_punct(b, second))
    }

    fn is_behind_lifetime(&self) -> bool {
        matches!(self.before, [.., quote, TokenTree::Ident(_)] if is_punct(quote, '\''))
    }
}

fn is_punct(tree: &TokenTree, char: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn is_joint(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.spacing() == Spacing::Joint)
}
