//! Each construct, and what it is taken for.

use syn::{ImplItem, ImplItemFn, ItemImpl, parse_quote};

use super::{Effects, Methods, hidden};
use crate::{
    args::Options,
    field_set::FieldSet,
    model::{BlockContext, ReceiverKind, receiver_kind},
};

/// The block that the snippets stand in.
fn block(methods: &str) -> ItemImpl {
    let source = format!(
        "impl S {{
            #[memoize] fn area(&self) -> u64 {{ self.w * self.h }}
            fn look(&self) -> u64 {{ self.w + self.area() }}
            fn grow(&mut self) {{ self.w += 1; }}
            fn grow_and_see(&mut self) -> u64 {{ self.w += 1; self.area() }}
            fn width(&mut self) -> &mut u64 {{ &mut self.w }}
            fn me(&mut self) -> &mut Self {{ self }}
            #[cfg(x)] fn sometimes(&self) -> u64 {{ self.w }}
            #[cfg(x)] fn either(&self) -> u64 {{ self.w }}
            #[cfg(not(x))] fn either(&self) -> u64 {{ self.h }}
            #[memoize(scope = \"type\", unbounded, reads(h: u64))] fn shared(&self, n: u64) -> u64 {{ self.h * n }}
            {methods}
        }}"
    );
    syn::parse_str(&source).expect("a block")
}

fn methods_of(item: &ItemImpl) -> (Methods, BlockContext) {
    let runtime = quote::quote!(::memo_runtime::__private);
    let context = BlockContext::new(item, &Options::default(), runtime);
    (Methods::new(item, &context), context)
}

fn last(item: &ItemImpl) -> &ImplItemFn {
    match item.items.last() {
        Some(ImplItem::Fn(method)) => method,
        _ => panic!("the last item is a method"),
    }
}

fn effects_of(method: &str) -> (Effects, FieldSet, Option<FieldSet>) {
    let item = block(method);
    let (methods, context) = methods_of(&item);
    let method = last(&item);
    let receiver = method.sig.receiver().expect("a receiver");
    let kind = receiver_kind(receiver, Some(&context.self_ty));
    let effects = methods.effects(method, "self", kind);
    let change = methods.change(&effects);
    (effects, change.writes, change.uses)
}

fn show(fields: &FieldSet) -> String {
    match fields {
        FieldSet::All => "ALL".to_owned(),
        FieldSet::Named(names) => names.iter().cloned().collect::<Vec<_>>().join(", "),
    }
}

/// What a `&mut self` method with this body changes.
fn writes(body: &str) -> String {
    show(&effects_of(&format!("fn it(&mut self) {{ {body} }}")).1)
}

/// What memoized calls read meanwhile; `-` if there are none.
fn uses(body: &str) -> String {
    let (_, _, uses) = effects_of(&format!("fn it(&mut self) {{ {body} }}"));
    uses.map_or_else(|| "-".to_owned(), |uses| show(&uses))
}

/// What the result of a memoized `&self` method with this body depends on.
fn reads(body: &str) -> String {
    let item = block(&format!("#[memoize] fn it(&self) -> u64 {{ {body} }}"));
    let (methods, _) = methods_of(&item);
    show(&methods.read_by(last(&item)))
}

macro_rules! table {
    ($what:ident: $($body:literal => $expected:literal),* $(,)?) => {
        for (body, expected) in [$(($body, $expected)),*] {
            assert_eq!($what(body), expected, "{body}");
        }
    };
}

#[test]
fn assignments_and_mutable_borrows_write() {
    table! { writes:
        "self.w = 1;" => "w",
        "self.w += self.h;" => "w",
        "(self).w = 1; (*self).h = 2;" => "h, w",
        "self.w.x.y[self.i] = 1;" => "&mut i, w",
        "*self.w = 1;" => "w",
        "(self.w, [self.h, _], P { x: self.x, .. }) = f();" => "h, w, x",
        "let r = &mut self.w;" => "w",
        "let r = &raw mut self.w; let q = &raw const self.h;" => "h, w",
        "std::mem::swap(&mut self.w, &mut self.h);" => "h, w",
        "self.future.await;" => "future",
        "for x in &mut self.list {}" => "list",
        "self.0 = 1;" => "0",
    }
}

#[test]
fn methods_of_a_field_may_write_to_it() {
    table! { writes:
        "self.w.push(1);" => "w.push()",
        "self.w.push(1); self.w = v;" => "w",
        "self.w[0].x.push(1);" => "w",
        "(self.w)(1);" => "w",
        "write!(self.w, \"{}\", self.h);" => "w",
        "(&self.w).len();" => "",
        "(&mut self.w).len();" => "w",
    }
}

#[test]
fn operators_and_borrows_only_read() {
    table! { writes:
        "let n = self.w + self.h.x * -self.i as u64;" => "",
        "if self.w < self.h && !self.done {}" => "",
        "let r = &self.w; for x in &self.list {}" => "",
        "let r = &self.w[self.i + 1];" => "",
    }
}

#[test]
fn what_is_handed_on_is_written_if_it_may_be_or_hold_a_reference() {
    table! { writes:
        "f(self.w);" => "&mut w",
        "f(self.w.x);" => "&mut w..",
        "let n = self.list[0];" => "&mut list..",
        "f(self.w); f(self.w.x);" => "&mut w..",
        "f(self.w); self.w = 1;" => "w",
        "match self.w { Some(x) => {} None => {} }" => "&mut w",
        "if let Some(x) = self.w {}" => "&mut w",
        "for x in self.list {}" => "&mut list",
        "let p = P { x: self.w, ..self.p };" => "&mut p, &mut w",
    }
}

#[test]
fn patterns_that_bind_mutably_write() {
    table! { writes:
        "let ref mut r = self.w;" => "w",
        "match self.w { P { ref mut x } => {} }" => "w",
        "if let Some(ref mut x) = self.w.y {}" => "w",
        "let m!(x) = self.w;" => "w",
        "matches!(self.w, (ref mut x, _) if *x > 0);" => "w",
        "matches!(self.w, 1 | 2);" => "&mut w",
    }
}

#[test]
fn another_name_for_the_instance_is_all_of_it() {
    table! { writes:
        "let this = self;" => "ALL",
        "let this = &mut *self;" => "ALL",
        "let ref mut this = *self;" => "ALL",
        "let this; this = self;" => "ALL",
        "let Self { w, .. } = self;" => "ALL",
        "match self { Self { w, .. } => {} }" => "ALL",
        "*self = Self::new();" => "ALL",
        "let old = std::mem::take(self);" => "ALL",
        "helper(self);" => "ALL",
        "let s = S { w: 1, ..*self };" => "ALL",
        "let c = || self;" => "ALL",
        "return helper(self);" => "ALL",
        "self.elsewhere();" => "ALL",
        "<Self as T>::f(self);" => "ALL",
        "self.sometimes();" => "ALL",
        "self.me().w = 1;" => "ALL",
    }
}

#[test]
fn macros() {
    table! { writes:
        "println!(\"{} {x}\", self.w, x = self.h);" => "",
        "assert!(self.w > 0); assert_eq!(self.w, self.h, \"{}\", self.i);" => "",
        "assert_eq!({ self.w += 1; 1 }, 1);" => "w",
        "let v = vec![self.w; self.n];" => "&mut n, &mut w",
        "println!(\"{self}\");" => "",
        "stringify!(self.w);" => "ALL",
        "bump!(self.w);" => "ALL",
        "bump!(self);" => "ALL",
        "bump!(\"{self}\");" => "ALL",
        "bump!(1);" => "",
        "other::println!(\"{}\", self.w);" => "ALL",
        "macro_rules! bump { () => { self.w += 1 } } bump!();" => "ALL",
        "macro_rules! println { ($s:ident . $f:ident) => { $s.h += 1 } } println!(self.w);" => "ALL",
    }
}

#[test]
fn what_is_not_understood_is_all_of_it() {
    table! { writes:
        "unsafe { f(&raw mut self.w) }" => "ALL",
        "fn g() { let x = self; }" => "ALL",
        "#[attr(self)] let x = 1;" => "ALL",
        "impl T for X { fn f(&self) {} }" => "ALL",
        "use other::Look; self.look();" => "ALL",
        "let x = self::module::f();" => "",
    }
}

#[test]
fn the_instance_may_be_shown_or_returned() {
    table! { writes:
        "look(&self); look(&*self);" => "",
        "self.w = 1; return self;" => "w",
        "self.w = 1; if x { self } else { match y { _ => self } }" => "w",
        "let c = || { return self; };" => "ALL",
    }
    table! { uses:
        "look(&self);" => "ALL",
        "println!(\"{self}\");" => "ALL",
        "self.w = 1; self" => "-",
    }
}

#[test]
fn methods_of_the_block_are_followed() {
    table! { writes:
        "self.look(); self.area(); S::look(self); Self::look(&self);" => "",
        "self.grow(); Self::grow(self); *self.width() += 1;" => "",
        "self.either();" => "",
    }
    table! { uses:
        "self.w = 1;" => "-",
        "self.grow();" => "-",
        "self.area();" => "h, w",
        "self.look();" => "h, w",
        "self.grow_and_see();" => "h, w",
        "self.either();" => "-",
        "self.elsewhere();" => "ALL",
        "let c = || self.area();" => "h, w",
    }
}

#[test]
fn results_depend_on_what_is_read() {
    table! { reads:
        "self.w + self.h" => "h, w",
        "self.list.iter().sum::<u64>() + self.a.b[self.i]" => "a, i, list",
        "self.look()" => "h, w",
        "self.either()" => "h, w",
        "self.shared(self.n)" => "h, n",
        "use Kind::{A, B}; self.look()" => "h, w",
        "use other::S; S::look(self)" => "ALL",
        "self.elsewhere()" => "ALL",
        "self.clone().w" => "ALL",
        "helper(self)" => "ALL",
        "format!(\"{self:?}\").len() as u64" => "ALL",
        "1" => "",
    }
}

#[test]
fn options_may_name_the_instance() {
    let item = block("#[memoize(cache_if = |_| self.w > 1)] fn it(&self) -> u64 { 1 }");
    let (methods, _) = methods_of(&item);
    assert_eq!(show(&methods.read_by(last(&item))), "ALL");
}

#[test]
fn in_a_trait_block_no_call_is_understood() {
    let item: ItemImpl =
        parse_quote!(impl T for S { fn a(&self) {} fn it(&mut self) { self.a(); } });
    let (methods, _) = methods_of(&item);
    let effects = methods.effects(last(&item), "self", ReceiverKind::RefMut);
    assert_eq!(show(&effects.writes), "ALL");
}

#[test]
fn arguments_have_effects_of_their_own() {
    let item =
        block("fn it(&self, other: &mut Self) { other.w = self.h; let p = P { other: 1 }; }");
    let (methods, _) = methods_of(&item);
    let effects = methods.effects(last(&item), "other", ReceiverKind::RefMut);
    assert_eq!(show(&effects.writes), "w");
    let item = block("fn it(&self, other: &mut Self) { let f = |other: u32| other; }");
    let (methods, _) = methods_of(&item);
    let effects = methods.effects(last(&item), "other", ReceiverKind::RefMut);
    assert_eq!(show(&effects.writes), "ALL", "a name may be that of something else");
}

#[test]
fn plain_types_hide_nothing() {
    for plain in [
        "u32",
        "()",
        "String",
        "&str",
        "&mut u64",
        "Option<Vec<(u8, f64)>>",
        "Result<u8, String>",
        "[u8; 4]",
    ] {
        assert!(hidden::is_plain(&syn::parse_str(plain).expect("a type"), &|_| false), "{plain}");
    }
    for other in [
        "Foo",
        "Iter<'_>",
        "Box<dyn Fn()>",
        "impl Fn()",
        "&dyn Fn()",
        "fn()",
        "Vec<Foo>",
        "Result<u8>",
        "T::Item",
    ] {
        assert!(!hidden::is_plain(&syn::parse_str(other).expect("a type"), &|_| false), "{other}");
    }
}

#[test]
fn writing_under_another_name_is_suspicious() {
    let suspicious = |body: &str| {
        hidden::writes_in_closures(
            &syn::parse_str(&format!("{{ {body} }}")).expect("a body"),
            &|_| false,
        )
    };
    for body in [
        "|x| this.w = 1",
        "|x| { let r = &mut this.w; }",
        "|x| this.list.push(1)",
        "|x| this[0].push(1)",
        "|x| me(this).w = 1",
        "|x| f(this.w)",
        "|x| { let S { w, .. } = this; }",
        "|S { w, .. }: &mut S| { w.f(); }",
        "|x| { for y in this.list {} }",
        "|x| bump!(this)",
        "|x| unsafe { f() }",
        "async { this.w = 1 }",
        "|x| { let w: &mut W = { this.w }; w.f(); }",
        "|x| { let (w, _): (&mut W, u8) = (this.w, 1); w.f(); }",
        "|x| { let w = if x { this.w } else { f() }; w.f(); }",
        "|x| { let w = loop { break this.w }; w.f(); }",
        "|x| (this.w as &mut W).f()",
        "|x| f([this.w])",
        "vec![Box::new(move || this.w += 1)]",
        "hide!(this)",
        "fn g(this: &mut S) { this.w = 1 }",
    ] {
        assert!(suspicious(body), "{body}");
    }
    for body in [
        "this.w = 1",
        "|x| { self.w = 1; self.list.push(self.h); &mut self.w }",
        "|x| { this.grow(); this.area() + x.w }",
        "|x| { count += 1; last = x; }",
        "|x| *x += 1",
        "|x| println!(\"{}\", this.w)",
        "|x| assert!(this.w as u64 + x > -this.h && list[this.w] == &this.h)",
        "|x| if this.found { for y in 0..this.w {} }",
        "|(a, b)| a + b",
        "log!(\"started\")",
    ] {
        assert!(!suspicious(body), "{body}");
    }
}
