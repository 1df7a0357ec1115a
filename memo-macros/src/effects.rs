//! Which fields of its instance does a method read, which can it change, and what may go on changing them after it?
//!
//! Only what can be seen is believed. Every mention of the instance in a body has to be classified ([`body`] has the table); one
//! that is not counts as a use of all fields. No names are followed: another name for the instance *is* all fields.
//!
//! A method does not only change fields. It may also call memoized methods between two changes, and what they compute then must
//! not be kept. So a [`Change`] says both: what is changed, and what the memoized calls read that may run meanwhile.

pub mod body;
pub mod hidden;
mod macros;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Attribute, ImplItem, ImplItemFn, ItemImpl, ReturnType, Safety, Signature, ext::IdentExt,
};

use self::body::Finder;
use crate::{
    args::{is_memoize, says},
    field_set::FieldSet,
    model::{BlockContext, ReceiverKind, receiver_kind},
    syntax, types,
};

/// How a body uses an instance.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    pub reads: FieldSet,
    pub writes: FieldSet,
    /// The methods of the block that are called, and where first.
    pub calls: BTreeMap<String, Span>,
    /// Whether memoized methods may run that cannot be seen.
    pub calls_unseen: bool,
    /// Whether another name for the instance may have come about, through which it can be changed.
    pub whole: bool,
    /// Whether the instance, or a part of it, is what the body results in.
    pub returned: bool,
}

impl Effects {
    /// Every field may be read and written, and every memoized method called.
    fn add_fields(&mut self) {
        self.reads = FieldSet::All;
        self.writes = FieldSet::All;
        self.calls_unseen = true;
    }

    /// Nothing is known.
    pub fn add_everything(&mut self) {
        self.add_fields();
        self.whole = true;
    }
}

/// What a method that may change an instance does to it.
#[derive(Clone, Debug)]
pub struct Change {
    pub writes: FieldSet,
    /// What the memoized calls read that may run before the last change, if there are any.
    pub uses: Option<FieldSet>,
}

impl Change {
    /// Whether something that is computed meanwhile may have to be thrown away.
    pub fn needs_guard(&self) -> bool {
        !self.writes.is_empty() && self.uses.is_some()
    }

    /// The change, as an expression that is evaluated when the program is compiled.
    pub fn expr(&self, runtime: &TokenStream) -> TokenStream {
        match (&self.writes, &self.uses) {
            (FieldSet::All, _) => quote!(#runtime::Change::ALL),
            (FieldSet::Named(changed), uses) => {
                let changed = changed.iter();
                let read = match uses {
                    Some(FieldSet::All) => vec!["*"],
                    Some(FieldSet::Named(names)) => names.iter().map(String::as_str).collect(),
                    None => Vec::new(),
                };
                quote!(const { #runtime::FieldsOf::<Self>::LIST.change(::core::module_path!(), &[#(#changed),*], &[#(#read),*]) })
            }
        }
    }
}

/// A method of the block that takes an instance.
struct Method {
    name: String,
    kind: ReceiverKind,
    memoized: bool,
    /// Whether it is there only under a condition.
    conditional: bool,
    /// Whether what it results in may be the instance itself, to be changed through.
    hands_out: bool,
    effects: Effects,
}

/// The methods of a block.
pub struct Methods {
    /// In a trait's block no call is understood: an inherent method of the same name comes first.
    inherent: bool,
    /// By what name the block calls its type, besides `Self`.
    type_name: Option<String>,
    known: Vec<Method>,
}

impl Methods {
    pub fn new(item: &ItemImpl, block: &BlockContext) -> Self {
        let mut methods = Self {
            inherent: block.trait_path.is_none() && block.can_have_fields(),
            type_name: types::single_ident(&block.self_ty).map(ToString::to_string),
            known: Vec::new(),
        };
        let items: Vec<(&ImplItemFn, ReceiverKind)> = item
            .items
            .iter()
            .filter_map(|item| match item {
                ImplItem::Fn(method) => {
                    let receiver = method.sig.receiver()?;
                    Some((method, receiver_kind(receiver, Some(&block.self_ty))))
                }
                _ => None,
            })
            .collect();
        methods.known = items
            .iter()
            .map(|(method, kind)| Method {
                name: method.sig.ident.unraw().to_string(),
                kind: *kind,
                memoized: is_memoized(&method.attrs),
                conditional: method.attrs.iter().any(syntax::is_conditional),
                hands_out: hands_out(&method.sig),
                effects: Effects::default(),
            })
            .collect();
        let effects: Vec<Effects> =
            items.iter().map(|(method, kind)| methods.effects(method, "self", *kind)).collect();
        for (method, effects) in methods.known.iter_mut().zip(effects) {
            method.effects = effects;
        }
        methods
    }

    /// How the body of a method uses the instance that it knows as `name`.
    pub fn effects(&self, method: &ImplItemFn, name: &str, kind: ReceiverKind) -> Effects {
        let mut finder = Finder::new(self, name, kind);
        finder.body(&method.block);
        let mut effects = finder.finish(method.block.to_token_stream());
        // Expressions in our options: `cache_if` may name `self`.
        let options = method.attrs.iter().filter(|attribute| is_memoize(attribute));
        let options: TokenStream =
            options.map(|attribute| attribute.meta.to_token_stream()).collect();
        if matches!(method.sig.safety, Safety::Unsafe(_)) || syntax::count(options, name) > 0 {
            effects.add_everything();
        }
        effects
    }

    /// What the results of a memoized method of the block depend on.
    pub fn read_by(&self, method: &ImplItemFn) -> FieldSet {
        let mut fields = FieldSet::default();
        let name = method.sig.ident.unraw().to_string();
        self.add_reads(&name, &mut fields, &mut BTreeSet::new());
        fields
    }

    fn add_reads(&self, name: &str, fields: &mut FieldSet, seen: &mut BTreeSet<String>) {
        if !seen.insert(name.to_owned()) {
            return;
        }
        // There may be several, under different `cfg`s.
        for method in self.known.iter().filter(|method| method.name == name) {
            fields.extend(&method.effects.reads);
            fields.extend(&method.effects.writes.plain());
            for called in method.effects.calls.keys() {
                self.add_reads(called, fields, seen);
            }
        }
    }

    /// What such a use of an instance does to it.
    pub fn change(&self, effects: &Effects) -> Change {
        let mut uses = None;
        self.add_uses(effects, &mut uses, &mut BTreeSet::new());
        Change { writes: effects.writes.clone().simplified(), uses }
    }

    /// What the memoized methods read that may run.
    fn add_uses(
        &self,
        effects: &Effects,
        uses: &mut Option<FieldSet>,
        seen: &mut BTreeSet<String>,
    ) {
        if effects.calls_unseen {
            *uses = Some(FieldSet::All);
        }
        for name in effects.calls.keys() {
            if !seen.insert(name.clone()) {
                continue;
            }
            for method in self.known.iter().filter(|method| method.name == *name) {
                if method.memoized {
                    self.add_reads(name, uses.get_or_insert_default(), &mut BTreeSet::new());
                }
                self.add_uses(&method.effects, uses, seen);
            }
        }
    }

    /// What a call of a method on the instance is.
    fn call(&self, name: &str, on: ReceiverKind) -> Call {
        // On another receiver, a method of the smart pointer, or of a trait that takes `self` by value, could come first.
        if !self.inherent || !matches!(on, ReceiverKind::Ref | ReceiverKind::RefMut) {
            return Call::Unknown;
        }
        let same: Vec<&Method> = self.known.iter().filter(|method| method.name == name).collect();
        let Some(first) = same.first() else { return Call::Unknown };
        let is_sure = same.len() > 1 || !first.conditional;
        if !is_sure || same.iter().any(|method| method.kind != first.kind) {
            return Call::Unknown;
        }
        match (first.kind, on) {
            (ReceiverKind::Ref, _) => Call::Shared,
            (ReceiverKind::RefMut, ReceiverKind::RefMut)
                if !same.iter().any(|method| method.hands_out) =>
            {
                Call::Exclusive
            }
            _ => Call::Unknown,
        }
    }

    /// Whether a method of this name that takes `&self` is known.
    pub fn has_shared(&self, name: &str) -> bool {
        self.known.iter().any(|method| method.name == name && method.kind == ReceiverKind::Ref)
    }
}

enum Call {
    /// A `&self` method of the block: it reads what its body reads.
    Shared,
    /// A `&mut self` method of the block: it forgets for itself, and what it hands out is no way to the whole instance.
    Exclusive,
    Unknown,
}

/// Whether a method is memoized, rather than marked with a promise.
fn is_memoized(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attribute| is_memoize(attribute) && !says(attribute, "changes"))
}

/// Whether a result may be a way to change the whole instance.
fn hands_out(signature: &Signature) -> bool {
    match &signature.output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => !hidden::is_plain(ty, &|_| false),
    }
}
