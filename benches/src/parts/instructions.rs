use crate::{harness::Effort, report::Report};
pub fn report(_: &Effort, _: &mut Report) {}
pub const CHILD: &str = "--x";
pub fn child() {}
