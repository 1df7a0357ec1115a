//! Which items of a block are marked, and as what?

use syn::{FnArg, ImplItem, ImplItemFn, spanned::Spanned};

use super::super::{
    mutation::{self, Promise},
    version,
};
use crate::{
    args::{Position, Scope, split_method, take_memoize},
    check::check_function,
    diagnostics::Diagnostics,
    model::{BlockContext, Function, ReceiverKind, receiver_kind},
};

/// What was found out about one item of the block.
pub(super) enum Marked {
    /// Not memoized, perhaps with a promise of what it changes.
    Plain(Option<Promise>),
    /// Memoized, and right.
    Memoized(Box<Function>),
    /// Memoized, and refused.
    Refused(Scope),
}

impl Marked {
    pub(super) fn scope(&self) -> Option<Scope> {
        match self {
            Self::Plain(_) => None,
            Self::Memoized(function) => Some(function.scope),
            Self::Refused(scope) => Some(*scope),
        }
    }
}

/// A method whose mark depends on a `cfg_attr` is two methods.
pub(super) fn split_conditional(item: ImplItem) -> Vec<ImplItem> {
    match item {
        ImplItem::Fn(method) => split_method(method).into_iter().map(ImplItem::Fn).collect(),
        item => vec![item],
    }
}

/// Takes our attribute off a method, and checks what it asks for.
pub(super) fn mark(
    method: &mut ImplItemFn,
    block: &BlockContext,
    diagnostics: &mut Diagnostics,
) -> Marked {
    let errors = diagnostics.count();
    let Some((attribute, options)) = take_memoize(&mut method.attrs, Position::Method, diagnostics)
    else {
        return Marked::Plain(None);
    };
    if options.promises && options.changes.is_none() {
        return Marked::Plain(None);
    }
    let receiver =
        method.sig.receiver().map(|receiver| receiver_kind(receiver, Some(&block.self_ty)));
    if let Some(changes) = &options.changes {
        let may_change =
            receiver.is_some_and(|kind| {
                mutation::can_change(kind)
                    || matches!(kind, ReceiverKind::Counted | ReceiverKind::Other)
            }) || method.sig.inputs.iter().any(|input| matches!(input, FnArg::Typed(_)));
        if !may_change {
            diagnostics.at(
                changes.span,
                "`changes` marks a method that can change the instance; `&self` cannot; remove it",
            );
        } else if !options.is_only_changes() {
            diagnostics.at(changes.span, "`changes` goes alone; a method that is not memoized has no other options; write `#[memoize(changes(…))]`");
        }
        let fields = changes.value.clone();
        for (index, name) in fields.iter().enumerate() {
            if fields[..index].contains(name) {
                diagnostics
                    .on(name, format_args!("duplicate field `{name}` in `changes`; remove one"));
            }
        }
        return Marked::Plain(Some(Promise { fields }));
    }
    let mut function =
        Function::new(&method.sig, options, attribute.path().span(), Some(&block.self_ty));
    function.features = block.features;
    function.version = version::of(&function, &method.sig, &method.block);
    function.in_trait = block.trait_path.is_some();
    check_function(&function, &method.sig, Some(block), diagnostics);
    if diagnostics.count() > errors {
        method.sig.variadic = None;
        // What takes `self` and does not say what it reads is taken for an instance-scoped method: its struct would have no
        // block otherwise, and say so in a second error.
        let is_instance = function.receiver.is_some() && function.options.reads.is_none();
        Marked::Refused(if is_instance { Scope::Instance } else { function.scope })
    } else {
        Marked::Memoized(Box::new(function))
    }
}

/// Our attribute on a constant or a type of the block.
pub(super) fn refuse_mark(item: &mut ImplItem, diagnostics: &mut Diagnostics) {
    let attrs = match item {
        ImplItem::Const(item) => &mut item.attrs,
        ImplItem::Type(item) => &mut item.attrs,
        ImplItem::Macro(item) => {
            diagnostics.on(&item.mac.path, "a macro in an annotated block hides its methods; those with `&mut self` would not empty the caches; write them out, or have the macro make the whole block");
            &mut item.attrs
        }
        _ => return,
    };
    attrs.retain(|attribute| {
        let ours = crate::args::is_memoize(attribute);
        if ours {
            diagnostics.at(attribute.path().span(), "`#[memoize]` goes on a method; remove it");
        }
        !ours
    });
}
