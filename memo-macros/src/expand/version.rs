//! What tells the entries of a changed function from those of the old one?
//!
//! A hash of its tokens: signature, body, `key`, `skip`, `reads` and `cache_if`. Comments and spaces are no tokens. It is the same for every
//! compiler, because it is made of the tokens themselves and not of how somebody prints them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Signature};

use crate::model::Function;

/// The version of a function that says none. What it calls is not in it.
pub fn of(function: &Function, signature: &Signature, body: &Block) -> u64 {
    let options = &function.options;
    let mut hash = Hash::default();
    hash.tokens(signature.to_token_stream());
    hash.tokens(body.to_token_stream());
    for item in options.key.iter().flat_map(|key| &key.value) {
        hash.mark(b'k');
        hash.tokens(item.name.to_token_stream());
        hash.tokens(item.ty.to_token_stream());
        hash.tokens(item.expr.to_token_stream());
    }
    for argument in function.arguments.iter().filter(|argument| argument.skipped) {
        hash.mark(b's');
        hash.tokens(argument.local.to_token_stream());
    }
    for field in options.reads.iter().flat_map(|reads| &reads.value) {
        hash.mark(b'r');
        hash.tokens(field.name.to_token_stream());
        hash.tokens(field.ty.to_token_stream());
    }
    if let Some(predicate) = &options.cache_if {
        hash.mark(b'c');
        hash.tokens(predicate.value.to_token_stream());
    }
    hash.0
}

/// FNV-1a, of 64 bits.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    fn mark(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn text(&mut self, kind: u8, text: &str) {
        self.mark(kind);
        text.bytes().for_each(|byte| self.mark(byte));
        self.mark(0);
    }

    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.text(b'i', &ident.to_string()),
                TokenTree::Literal(literal) => self.text(b'l', &literal.to_string()),
                TokenTree::Punct(punct) => {
                    self.text(b'p', punct.as_char().encode_utf8(&mut [0; 4]));
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => (b'(', b')'),
                        Delimiter::Brace => (b'{', b'}'),
                        Delimiter::Bracket => (b'[', b']'),
                        Delimiter::None => (b'<', b'>'),
                    };
                    self.mark(open);
                    self.tokens(group.stream());
                    self.mark(close);
                }
            }
        }
        self.mark(b';');
    }
}
