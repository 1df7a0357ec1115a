//! Every name that an expansion declares. Items and fields have no hygiene, so these are chosen not to collide with
//! a user's; locals are hygienic.

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::{Lifetime, LitStr, ext::IdentExt};

use crate::syntax::may_say;

/// The injected field, unless the struct says otherwise.
pub const FIELD: &str = "memo";

/// The struct that holds the stores of one block.
pub fn caches(type_name: &str) -> Ident {
    format_ident!("__{}Caches", unraw(type_name))
}

/// The struct that holds the state named by `reads`.
pub fn reads(type_name: &str) -> Ident {
    format_ident!("__{}Reads", unraw(type_name))
}

/// The function that asks the types of a struct's fields. One that begins with `_` may stay without a caller.
pub fn asking() -> Ident {
    Ident::new("__asking", Span::call_site())
}

/// A lifetime that nothing depends on.
pub fn any_lifetime() -> Lifetime {
    Lifetime::new("'__any", Span::call_site())
}

/// The field of [`caches`] that is the store of a method.
pub fn store(method: &Ident) -> Ident {
    Ident::new_raw_if_keyword(&method.unraw().to_string(), method.span())
}

/// The `static` of a type-scoped function: `CACHE`, unless the user's types, constants and expressions that stand beside it say that,
/// or may say it in a macro.
pub fn static_cache(beside: &TokenStream) -> Ident {
    let name = if may_say(beside.clone(), "CACHE") { "__CACHE" } else { "CACHE" };
    Ident::new(name, Span::call_site())
}

/// The struct that stands for a value of a const parameter.
pub fn constant(parameter: &Ident) -> Ident {
    format_ident!("__{}Constant", parameter.unraw())
}

/// The accessor, unless the method says otherwise.
pub fn accessor(method: &Ident) -> Ident {
    format_ident!("{}_cache", method.unraw(), span = method.span())
}

/// A local of the expansion, which the user's tokens cannot see.
pub fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

/// A local that holds a field's value.
pub fn state(field: &Ident) -> Ident {
    local(&format!("state_{}", field.unraw()))
}

/// An argument whose pattern is not a plain name.
pub fn argument(index: usize) -> Ident {
    Ident::new(&format!("argument{index}"), Span::mixed_site())
}

/// The hash that stands for a block's name in types: FNV-1a, 64 bit.
pub fn block_hash(name: &LitStr) -> u64 {
    name.value().bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// A method of the user's, by its name without `r#`.
pub fn method(name: &str) -> Ident {
    Ident::new_raw_if_keyword(name, Span::call_site())
}

/// The name of a field in sets of fields.
pub fn plain(field: &Ident) -> String {
    field.unraw().to_string()
}

fn unraw(name: &str) -> &str {
    name.strip_prefix("r#").unwrap_or(name)
}

trait RawIdent {
    fn new_raw_if_keyword(name: &str, span: Span) -> Ident;
}
impl RawIdent for Ident {
    fn new_raw_if_keyword(name: &str, span: Span) -> Ident {
        match syn::parse_str::<Ident>(name) {
            Ok(_) => Ident::new(name, span),
            Err(_) => Ident::new_raw(name, span),
        }
    }
}
