//! A memoized free function: a type-scoped function that belongs to no type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ItemFn;

use super::{
    accessor::{AccessorBody, accessor_item, cfg_attributes, static_cache},
    closure::closure,
    method::{call, caller, rewrite_signature},
    runtime,
    said::questions,
    store::StoreType,
    version,
};
use crate::{
    args::Options, check::check_function, diagnostics::Diagnostics, model::Function, syntax, types,
};

/// ```text
/// Input:   #[memoize(unbounded)] fn fib(n: u64) -> u64 { BODY }
/// Output:  fn fib(n: u64) -> u64 { memoize(fib_cache()).call((n,), |(n,)| -> u64 { BODY }) }
///          fn fib_cache() -> MethodCache<…> { static CACHE: … = …; MethodCache::of(&CACHE) }
/// ```
pub fn expand(mut item: ItemFn, options: Options, diagnostics: &mut Diagnostics) -> TokenStream {
    let runtime = runtime(&options);
    let attribute = proc_macro2::Span::call_site();
    let mut function = Function::new(&item.sig, options, attribute, None);
    function.version = version::of(&function, &item.sig, &item.block);
    let errors = diagnostics.count();
    check_function(&function, &item.sig, None, diagnostics);
    if let Some(span) = types::names_self(&item) {
        diagnostics.at(span, "a memoized associated function needs `#[memoize]` on its `impl` block too; annotate the block");
    }
    if diagnostics.count() > errors {
        item.sig.variadic = None;
        return item.into_token_stream();
    }
    let store = StoreType::new(&function, &runtime, |tokens| tokens);
    let (cache_item, cache) = static_cache(&function, &runtime, &store);
    let caller = caller(&function, &runtime);
    let closure = closure(&function, &item.sig, &item.block);
    let vis = &item.vis;
    let (cached, accessor) = match function.accessor(false) {
        None => (quote!({ #cache_item #caller(#cache) }), None),
        Some(name) => {
            let body = AccessorBody {
                ty: store.accessor(&function, &runtime, &quote!('static)),
                body: quote!(#cache_item #cache),
            };
            let attrs = cfg_attributes(&item.attrs);
            let accessor =
                accessor_item(&function, &name, &attrs, &vis.to_token_stream(), &body, None);
            // Where this is no free function after all, the compiler misses the accessor at the attribute. An argument of
            // its name is not meant.
            let mut accessor_name = name;
            accessor_name.set_span(proc_macro2::Span::mixed_site().located_at(attribute));
            (quote!(#caller(#accessor_name())), Some(accessor))
        }
    };
    let call = call(&function, &runtime, None, &cached, &closure);
    let questions = questions(&function, &runtime);
    rewrite_signature(&mut item.sig, &function);
    syntax::set_body(&mut item.block, quote!(#questions #call));
    quote!(#item #accessor)
}
