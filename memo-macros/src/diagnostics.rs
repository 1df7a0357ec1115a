//! How are mistakes reported? All of an item's in one go, each once, in the form ``what; why; fix``.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;

/// The mistakes found so far.
#[derive(Default)]
pub struct Diagnostics {
    errors: Vec<syn::Error>,
}

impl Diagnostics {
    /// Reports a mistake at one token, or at a span that the caller chose.
    pub fn at(&mut self, span: Span, message: impl Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// Reports a mistake at a piece of syntax, from its first token to its last.
    pub fn on(&mut self, syntax: &(impl ToTokens + Spanned), message: impl Display) {
        if syntax.to_token_stream().is_empty() {
            self.at(syntax.span(), message);
        } else {
            self.errors.push(syn::Error::new_spanned(syntax, message));
        }
    }

    /// Takes over an error of the parser.
    pub fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// How many mistakes were found.
    pub fn count(&self) -> usize {
        self.errors.len()
    }

    /// The `compile_error!`s, one per mistake.
    pub fn into_tokens(self) -> TokenStream {
        self.errors.into_iter().flatten().map(|error| compile_error(&error)).collect()
    }
}

fn compile_error(error: &syn::Error) -> TokenStream {
    error.to_compile_error()
}

/// ``expected `a`, `b` or `c` ``
pub fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [name] => name.clone(),
        [names @ .., last] => format!("{} or {last}", names.join(", ")),
    }
}

/// The name in `names` that `typed` was probably meant to be.
pub fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .map(|name| (distance(typed, name), *name))
        .filter(|(distance, name)| *distance <= name.len().min(typed.len()).div_ceil(3))
        .min()
        .map(|(_, name)| name)
}

/// The edit distance of Levenshtein.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, r) in right.iter().enumerate() {
            let cost = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name_is_suggested_only_when_near() {
        let names = ["capacity", "scope", "stats"];
        assert_eq!(nearest("capacty", &names), Some("capacity"));
        assert_eq!(nearest("stat", &names), Some("stats"));
        assert_eq!(nearest("size", &names), None);
    }
}
