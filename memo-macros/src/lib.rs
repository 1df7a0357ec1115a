//! The `#[memoize]` attribute of [memo-runtime](https://docs.rs/memo-runtime). Depend on that crate, not on this one.

mod args;
mod check;
mod diagnostics;
mod expand;
mod model;
mod names;
mod substitute;
#[cfg(test)]
mod tests;
mod types;

/// Memoizes methods and functions. See the documentation of `memo_runtime` for what it does and every option.
#[proc_macro_attribute]
pub fn memoize(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    expand::memoize(options.into(), item.into()).into()
}
