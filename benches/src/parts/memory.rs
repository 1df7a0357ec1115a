use crate::{harness::Effort, report::Report};
pub fn report(_: &Effort, _: &mut Report) {}
