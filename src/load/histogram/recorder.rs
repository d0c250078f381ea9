//! Where a user writes what became of its requests.

use std::sync::{Arc, Mutex, PoisonError};

use super::Sample;

type Buffer = Mutex<Vec<Sample>>;

/// Belongs to one user. Writing costs a few nanoseconds: nobody else holds the buffer but once a second.
#[derive(Debug)]
pub struct Recorder(Arc<Buffer>);

impl Recorder {
    /// Takes a request that came to its end.
    pub fn record(&mut self, sample: Sample) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(sample);
    }
}

/// Hands out recorders.
#[derive(Clone, Debug, Default)]
pub struct Recorders(Arc<Mutex<Vec<Arc<Buffer>>>>);

impl Recorders {
    /// A recorder for one user. What it took is kept when it is dropped.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        let buffer = Arc::new(Buffer::default());
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&buffer));
        Recorder(buffer)
    }

    /// Gives all samples to the taker, and leaves empty buffers. `spare` is swapped through them.
    pub(super) fn drain(&self, spare: &mut Vec<Sample>, mut take: impl FnMut(&Sample)) {
        let mut buffers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        buffers.retain(|buffer| {
            let abandoned = Arc::strong_count(buffer) == 1;
            std::mem::swap(
                spare,
                &mut *buffer.lock().unwrap_or_else(PoisonError::into_inner),
            );
            spare.iter().for_each(&mut take);
            spare.clear();
            !abandoned
        });
    }
}
