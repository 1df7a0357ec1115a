//! How is an item read of which a part is broken, as it is while somebody types?
//!
//! All of the item is refused then, but with one error for what is broken. Were the rest handed on unread, the compiler would miss the
//! struct's field, the accessors and the block, and say so wherever they are used.

use std::cell::RefCell;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{
    Attribute, ImplItem, ImplItemFn, Item, ItemFn, ItemImpl, ItemStruct, Stmt,
    parse::{Parse, ParseStream, Parser, discouraged::Speculative},
    parse_quote,
};

use crate::{
    args::is_memoize,
    syntax::{find, mention, with_content},
};

/// A block or function as far as it can be read, and what stands for the rest.
pub fn read(tokens: &TokenStream) -> Option<(Item, Unread)> {
    let unread = Unread::default();
    let parse = |parse: fn(&Unread, ParseStream) -> syn::Result<Item>| {
        (|input: ParseStream| parse(&unread, input)).parse2(tokens.clone()).ok()
    };
    let item = parse(block).or_else(|| parse(function))?;
    Some((item, unread))
}

/// What could not be read. A name stands for it meanwhile.
#[derive(Default)]
pub struct Unread(RefCell<Vec<Group>>);

impl Unread {
    fn name(&self, body: &Group) -> Ident {
        let mut unread = self.0.borrow_mut();
        unread.push(body.clone());
        format_ident!("{PREFIX}{}", unread.len() - 1)
    }

    /// Puts it back where its names stand.
    pub fn restore(&self, tokens: TokenStream) -> TokenStream {
        let restored = tokens.into_iter().map(|tree| match &tree {
            TokenTree::Group(group) if self.is_in(group) => {
                with_content(group, self.restore(group.stream()))
            }
            TokenTree::Ident(ident) => self.named(ident).map_or(tree, TokenTree::Group),
            _ => tree,
        });
        restored.collect()
    }

    /// A group that is written anew loses where its ends are.
    fn is_in(&self, group: &Group) -> bool {
        let found = |tree: &TokenTree| match tree {
            TokenTree::Ident(ident) => self.named(ident),
            _ => None,
        };
        find(group.stream(), &mut |_, tree| found(tree)).is_some()
    }

    fn named(&self, name: &Ident) -> Option<Group> {
        let index = name.to_string().strip_prefix(PREFIX)?.parse::<usize>().ok()?;
        self.0.borrow().get(index).cloned()
    }
}

const PREFIX: &str = "__memo_unread_";

fn function(unread: &Unread, input: ParseStream) -> syn::Result<Item> {
    let (mut function, body) = headed::<ItemFn>(unread, input)?;
    function.block.stmts = vec![body];
    Ok(Item::Fn(function))
}

fn method(unread: &Unread, input: ParseStream) -> syn::Result<ImplItem> {
    let (mut method, body) = headed::<ImplItemFn>(unread, input)?;
    method.block.stmts = vec![body];
    Ok(ImplItem::Fn(method))
}

/// What stands before a body, with an empty one; and the body, which is not read.
fn headed<T: Parse>(unread: &Unread, input: ParseStream) -> syn::Result<(T, Stmt)> {
    let mut head = Vec::new();
    loop {
        match input.parse()? {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                head.push(with_content(&group, TokenStream::new()));
                let name = unread.name(&group);
                let body = Stmt::Expr(parse_quote!(#name), None);
                return Ok((syn::parse2(head.into_iter().collect())?, body));
            }
            tree => head.push(tree),
        }
    }
}

fn block(unread: &Unread, input: ParseStream) -> syn::Result<Item> {
    let (mut block, body) = emptied::<ItemImpl>(input.parse()?)?;
    block.items = (|input: ParseStream| items(unread, input)).parse2(body.stream())?;
    Ok(Item::Impl(block))
}

/// An item with nothing in its braces, and those with what is in them.
fn emptied<T: Parse>(item: TokenStream) -> syn::Result<(T, Group)> {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return Err(syn::Error::new(Span::call_site(), "expected curly braces"));
    };
    tokens.push(with_content(&body, TokenStream::new()));
    Ok((syn::parse2(tokens.into_iter().collect())?, body))
}

/// A struct without its fields, and the fields as they are, without our attributes.
pub fn structure(tokens: &TokenStream) -> Option<(ItemStruct, Group)> {
    let (head, body) = emptied(tokens.clone()).ok()?;
    let mut trees = body.stream().into_iter().peekable();
    let mut fields = Vec::new();
    while let Some(tree) = trees.next() {
        let is_mark = matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == '#');
        if is_mark && trees.peek().is_some_and(is_ours) {
            trees.next();
        } else {
            fields.push(tree);
        }
    }
    let mut rest = Group::new(Delimiter::Brace, fields.into_iter().collect());
    // Where the compiler may have missed something: so it says that once.
    rest.set_span(body.span_close());
    Some((head, rest))
}

/// `[memoize(…)]`
fn is_ours(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket && mention(group.stream(), "memoize").is_some())
}

fn items(unread: &Unread, input: ParseStream) -> syn::Result<Vec<ImplItem>> {
    let mut items = Vec::new();
    while !input.is_empty() {
        items.push(
            attempt(input, ImplItem::parse)
                .or_else(|_| attempt(input, |input| method(unread, input)))
                .or_else(|_| skipped(input))?,
        );
    }
    Ok(items)
}

/// Whatever it is: up to its semicolon or its braces.
fn skipped(input: ParseStream) -> syn::Result<ImplItem> {
    let attrs = attempt(input, Attribute::parse_outer).unwrap_or_default();
    let mut item: TokenStream = attrs
        .iter()
        .filter(|attribute| !is_memoize(attribute))
        .map(ToTokens::to_token_stream)
        .collect();
    while !input.is_empty() {
        let tree: TokenTree = input.parse()?;
        let is_last = match &tree {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        item.extend([tree]);
        if is_last {
            break;
        }
    }
    Ok(ImplItem::Verbatim(item))
}

/// Parses, or leaves the input where it is.
fn attempt<T>(
    input: ParseStream,
    parse: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    let ahead = input.fork();
    let parsed = parse(&ahead)?;
    input.advance_to(&ahead);
    Ok(parsed)
}
