//! How long does a run last in which a hit is verified?

use std::{
    future::{Future, poll_fn},
    pin::pin,
    thread,
};

use super::site::Site;
use crate::{place::Place, running};

/// Says that this thread runs a body, or other code of the user, to verify a hit, for as long as it lives.
pub(super) struct Run {
    is_outermost: bool,
    was_panicking: bool,
    site: &'static Site,
}

impl Run {
    pub(super) fn begin(site: &'static Site) -> Self {
        Self { is_outermost: running::begin(), was_panicking: thread::panicking(), site }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Of runs within one another, the outermost says it.
        if self.is_outermost {
            if thread::panicking() && !self.was_panicking {
                eprintln!("{}", self.site.note_of_panic());
            }
            running::end();
        }
    }
}

/// Polls a body within a run, in which what is computed beside is there all the time.
pub(super) async fn running<P: Place, F: Future>(
    site: &'static Site,
    place: &P,
    future: F,
) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|context| {
        let _run = Run::begin(site);
        place.aside(|_, _| future.as_mut().poll(context))
    })
    .await
}
