//! While rust-analyzer completes a name, what stands before that name is the same with its marker and without: that is how it finds its
//! way in the expansion.

use crate::args::Features;

fn before(typed: &str, name: &str) -> String {
    let block = format!(
        "impl Grid {{ #[memoize] fn sum(&self) -> u64 {{ self.helped() }} fn set(&mut self) {{ {} }} fn helped(&self) -> u64 {{ self.{name} }} }}",
        typed.replace('§', name)
    );
    let parse = |text: &str| text.parse().expect("tokens");
    let expanded = crate::expand::memoize(parse(""), parse(&block), Features::default());
    let expanded = expanded.to_string();
    let set = expanded.find("fn set").expect("the method is there");
    let at = expanded[set..].find(&format!("self . {name}")).expect("the name is there");
    expanded[..set + at].to_owned()
}

#[test]
fn what_stands_before_a_name_does_not_depend_on_the_marker() {
    for typed in [
        "self.§",
        "self.§ = 1;",
        "let x = self.§;",
        "self.§.push(1);",
        "drop(&mut self.§)",
        "for x in self.§ {}",
    ] {
        for marker in ["raCompletionMarker", "intellijRulezz"] {
            assert_eq!(before(typed, &format!("cells{marker}")), before(typed, "cells"), "{typed}");
            // What it puts in the place of a missing name.
            assert_eq!(before(typed, marker), before(typed, "__ra_fixup"), "{typed}");
        }
    }
}
