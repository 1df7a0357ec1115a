//! Which fields of a struct does a method read, or change?
//!
//! The attribute on a block sees names, that on the struct knows which fields there are. The two meet in a [`FieldList`] when
//! the program is compiled, and what is left of it at run time is a set of bits.

mod holding;

pub use self::holding::{Holding, Looks, Unknown};

/// A set of fields of a struct: a bit for each, one for all that come after, and one for the instance as such, on which every
/// result depends, and which only changes with all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields(pub(crate) u64);

impl Fields {
    /// No field.
    pub const NONE: Self = Self(0);
    /// All fields, and what else there may be.
    pub const ALL: Self = Self(u64::MAX);
    const INSTANCE: Self = Self(1 << 63);
    const LAST: usize = 62;

    /// Whether all of `other` is in this set.
    #[inline]
    pub(crate) const fn contain(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether a field is in both sets.
    #[inline]
    pub(crate) const fn overlap(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The fields of this set that are not in the other.
    pub(crate) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The fields of both sets.
    #[inline]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What a method does to an instance: the fields that it changes, and those that the memoized methods read which may run
/// meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub(crate) changed: Fields,
    pub(crate) used: Fields,
}

impl Change {
    /// Nothing is known.
    pub const ALL: Self = Self { changed: Fields::ALL, used: Fields::ALL };

    /// Whether something that is computed meanwhile may depend on what is changed.
    #[inline]
    pub(crate) const fn meets_itself(self) -> bool {
        self.changed.overlap(self.used)
    }
}

/// A field of an annotated struct.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own about a type")]
pub struct NamedField {
    name: &'static str,
    /// Whether it may be a `&mut` reference, which is handed on without saying `mut`.
    may_be_reference: bool,
    /// Whether it may be or hold one.
    may_hold_reference: bool,
    /// The methods, by their names, of which it is known that they do not change it.
    looks: &'static [&'static str],
    /// Whether `clone` is one of them.
    clones: bool,
    /// Whether a memoized result may depend on it.
    tracked: bool,
    /// Whether it may change unseen, as it is said.
    #[cfg(feature = "verify")]
    unchecked: bool,
}

impl NamedField {
    /// A field of one of the language's own types.
    pub const fn plain(name: &'static str) -> Self {
        Self {
            name,
            may_be_reference: false,
            may_hold_reference: false,
            looks: <u64 as Looks>::NAMES,
            clones: true,
            tracked: true,
            #[cfg(feature = "verify")]
            unchecked: false,
        }
    }

    /// A field of any type: see [`Holding`].
    pub const fn new(
        name: &'static str,
        may_be_reference: bool,
        may_hold_reference: bool,
        looks: &'static [&'static str],
        clones: bool,
    ) -> Self {
        Self {
            name,
            may_be_reference,
            may_hold_reference,
            looks,
            clones,
            tracked: true,
            #[cfg(feature = "verify")]
            unchecked: false,
        }
    }

    /// Whether it is known that a method does not change the field.
    const fn looks(&self, method: &[u8]) -> bool {
        let mut index = 0;
        while index < self.looks.len() {
            if is_same(self.looks[index].as_bytes(), method) {
                return true;
            }
            index += 1;
        }
        self.clones && is_same(b"clone", method)
    }

    /// The field, if it may change unseen.
    #[cfg(feature = "verify")]
    #[must_use]
    pub const fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    /// A field on which no memoized result depends.
    pub const fn untracked(name: &'static str) -> Self {
        Self { tracked: false, ..Self::plain(name) }
    }
}

/// The fields of an annotated struct.
#[derive(Debug)]
pub struct FieldList {
    /// Where the struct is: only there, and in modules inside, are its fields visible.
    module: &'static str,
    fields: &'static [NamedField],
}

impl FieldList {
    /// What is known of a type without caches.
    pub const UNKNOWN: Self = Self::new("", &[]);

    /// The fields of a struct in `module`.
    pub const fn new(module: &'static str, fields: &'static [NamedField]) -> Self {
        Self { module, fields }
    }

    /// What the results of a method in `module` depend on that reads `self.name`, for all `names`.
    pub const fn read(&self, module: &str, names: &[&str]) -> Fields {
        Fields::INSTANCE.and(self.changed(module, names))
    }

    /// What a method in `module` changes that writes to the fields `names`. A name `&mut name` is changed only if that field may be
    /// a `&mut` reference, `&mut name..` only if it may be or hold one, `name.method()` only if that method may take `&mut`.
    pub const fn changed(&self, module: &str, names: &[&str]) -> Fields {
        let mut fields = Fields::NONE;
        let mut index = 0;
        while index < names.len() {
            fields = fields.and(self.field(module, names[index].as_bytes()));
            index += 1;
        }
        fields
    }

    /// What a method in `module` does to an instance that changes the fields `changed`, as [`FieldList::changed`] has them, and
    /// during which memoized methods read the fields `used`.
    pub const fn change(&self, module: &str, changed: &[&str], used: &[&str]) -> Change {
        Change { changed: self.changed(module, changed), used: self.read(module, used) }
    }

    /// The names of these fields, as far as they are told apart.
    #[cfg(feature = "verify")]
    pub(crate) fn names(&self, fields: Fields) -> Vec<&'static str> {
        let bit = |index: usize| Fields(1 << index.min(Fields::LAST));
        let named = self
            .fields
            .iter()
            .enumerate()
            .filter(|(index, field)| field.tracked && bit(*index).overlap(fields));
        named.map(|(_, field)| field.name).collect()
    }

    /// The names of the fields that are marked: `untracked`, and `unchecked`.
    #[cfg(feature = "verify")]
    pub(crate) fn marked(&self) -> [Vec<&'static str>; 2] {
        let names = |is_marked: fn(&NamedField) -> bool| {
            self.fields.iter().filter(|field| is_marked(field)).map(|field| field.name).collect()
        };
        [names(|field| !field.tracked), names(|field| field.unchecked)]
    }

    /// A name that is none of the struct's fields may be any part of the instance: `*`, or one behind `Deref`.
    const fn field(&self, module: &str, name: &[u8]) -> Fields {
        if !is_inside(module.as_bytes(), self.module.as_bytes()) {
            return Fields::ALL;
        }
        let (name, if_reference) = match name {
            [b'&', b'm', b'u', b't', b' ', name @ ..] => (name, true),
            name => (name, false),
        };
        let (name, behind) = split_at_dot(name);
        let mut index = 0;
        while index < self.fields.len() {
            let field = &self.fields[index];
            if is_same(field.name.as_bytes(), name) {
                let may_change = match (if_reference, behind) {
                    (false, []) => true,
                    (false, [method @ .., b'(', b')']) => !field.looks(method),
                    (true, []) => field.may_be_reference,
                    _ => field.may_be_reference || field.may_hold_reference,
                };
                return if field.tracked && may_change {
                    Fields(1 << if index < Fields::LAST { index } else { Fields::LAST })
                } else {
                    Fields::NONE
                };
            }
            index += 1;
        }
        Fields::ALL
    }
}

/// `items` and `len()` of `items.len()`; of `items..`, `items` and `.`.
const fn split_at_dot(name: &[u8]) -> (&[u8], &[u8]) {
    let mut index = 0;
    while index < name.len() {
        if name[index] == b'.' {
            let (name, rest) = name.split_at(index);
            return (name, rest.split_at(1).1);
        }
        index += 1;
    }
    (name, &[])
}

/// Whether `module` is `outer`, or inside of it.
const fn is_inside(module: &[u8], outer: &[u8]) -> bool {
    starts_with(module, outer) && (module.len() == outer.len() || module[outer.len()] == b':')
}

const fn is_same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && starts_with(left, right)
}

const fn starts_with(text: &[u8], start: &[u8]) -> bool {
    if text.len() < start.len() {
        return false;
    }
    let mut index = 0;
    while index < start.len() {
        if text[index] != start[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: FieldList = FieldList::new(
        "here::inner",
        &[
            NamedField::plain("a"),
            NamedField::untracked("b"),
            NamedField::new("c", true, true, &[], false),
            NamedField::new("d", false, true, <Vec<u8> as Looks>::NAMES, true),
        ],
    );

    #[test]
    fn names_become_bits() {
        assert_eq!(LIST.changed("here::inner", &["a"]), Fields(1));
        assert_eq!(LIST.changed("here::inner::more", &["a", "d"]), Fields(0b1001));
        assert_eq!(LIST.read("here::inner", &["a"]), Fields(1 | 1 << 63));
        assert_eq!(LIST.changed("here::inner", &["b"]), Fields::NONE);
    }

    #[test]
    fn only_what_may_be_or_hold_a_reference_changes_by_being_handed_on() {
        assert_eq!(LIST.changed("here::inner", &["&mut a", "&mut a.."]), Fields::NONE);
        assert_eq!(LIST.changed("here::inner", &["&mut c"]), Fields(0b100));
        assert_eq!(LIST.changed("here::inner", &["&mut d"]), Fields::NONE);
        assert_eq!(LIST.changed("here::inner", &["&mut d.."]), Fields(0b1000));
    }

    #[test]
    fn methods_that_are_known_to_look_change_nothing() {
        assert_eq!(
            LIST.changed("here::inner", &["a.sqrt()", "d.len()", "d.clone()"]),
            Fields::NONE
        );
        assert_eq!(LIST.changed("here::inner", &["d.push()"]), Fields(0b1000));
        assert_eq!(LIST.changed("here::inner", &["c.clone()"]), Fields(0b100));
        assert_eq!(LIST.changed("here::inner", &["x.len()"]), Fields::ALL);
    }

    #[test]
    fn what_is_no_field_or_cannot_be_seen_is_all_of_them() {
        assert_eq!(LIST.changed("here::inner", &["x"]), Fields::ALL);
        assert_eq!(LIST.changed("here::inner", &["*"]), Fields::ALL);
        assert_eq!(LIST.changed("here::inner", &["&mut x"]), Fields::ALL);
        assert_eq!(LIST.changed("here", &["a"]), Fields::ALL);
        assert_eq!(LIST.changed("here::inner2", &["a"]), Fields::ALL);
        assert_eq!(FieldList::UNKNOWN.changed("here", &["a"]), Fields::ALL);
    }
}
