//! Which fields of an instance?

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

/// Some fields, by their names, or all of them.
///
/// The name of a field that is changed only if it is a `&mut` reference is written `&mut name`; only if it is or holds
/// one, `&mut name..`; only if a method of it takes `&mut`, `name.method()`. Whether it does, the struct's attribute knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSet {
    All,
    Named(BTreeSet<String>),
}

impl Default for FieldSet {
    fn default() -> Self {
        Self::Named(BTreeSet::new())
    }
}

impl FieldSet {
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Named(names.into_iter().map(str::to_owned).collect())
    }

    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Named(names) if names.is_empty())
    }

    pub fn insert(&mut self, name: String) {
        if let Self::Named(names) = self {
            names.insert(name);
        }
    }

    pub fn extend(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Named(names), Self::Named(others)) => names.extend(others.iter().cloned()),
            _ => *self = Self::All,
        }
    }

    /// The names of the fields alone.
    pub fn plain(&self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Named(names) => Self::of(names.iter().map(|name| plain(name))),
        }
    }

    /// Without what is said twice.
    pub fn simplified(mut self) -> Self {
        if let Self::Named(names) = &mut self {
            let all = names.clone();
            names.retain(|name| {
                plain(name) == name
                    || !all.contains(plain(name)) && !all.contains(&format!("{name}.."))
            });
        }
        self
    }

    /// The fields that a method changes, as an expression that is evaluated when the program is compiled.
    pub fn changed(&self, runtime: &TokenStream) -> TokenStream {
        match self {
            Self::All => quote!(#runtime::Fields::ALL),
            Self::Named(names) => {
                let names = names.iter();
                quote!(const { #runtime::FieldsOf::<Self>::LIST.changed(::core::module_path!(), &[#(#names),*]) })
            }
        }
    }

    /// The fields that a result of a method of `ty` depends on, as a constant expression.
    pub fn read(&self, runtime: &TokenStream, ty: &TokenStream) -> TokenStream {
        match self {
            Self::All => quote!(#runtime::Fields::ALL),
            Self::Named(names) => {
                let names = names.iter();
                quote!(#runtime::FieldsOf::<#ty>::LIST.read(::core::module_path!(), &[#(#names),*]))
            }
        }
    }
}

fn plain(name: &str) -> &str {
    let name = name.trim_start_matches("&mut ");
    name.split_once('.').map_or(name, |(name, _)| name)
}
