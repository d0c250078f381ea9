//! Notes when a request waits for a new connection, so that its limits begin when it is sent.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use tower::{Layer, Service};

tokio::task_local! {
    /// The progress of the request that this task is sending.
    pub(super) static PROGRESS: Arc<Progress>;
}

/// How far the connection of a request has come.
#[derive(Debug, Default)]
pub(super) struct Progress(Mutex<Phase>);

/// Phases of the connection of a request.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Phase {
    /// It took one from the pool.
    #[default]
    Reused,
    /// It waits for one.
    Connecting,
    /// It got a new one.
    Connected(Instant),
}

impl Progress {
    pub(super) fn phase(&self) -> Phase {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, phase: Phase) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = phase;
    }
}

/// Puts the notes around a connector.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noting;

impl<S> Layer<S> for Noting {
    type Service = Noted<S>;

    fn layer(&self, inner: S) -> Noted<S> {
        Noted(inner)
    }
}

/// A connector that notes when it begins and ends.
#[derive(Clone, Debug)]
pub(super) struct Noted<S>(S);

impl<S, R> Service<R> for Noted<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let progress = PROGRESS.try_with(Arc::clone).ok();
        let connecting = self.0.call(request);
        Box::pin(async move {
            if let Some(progress) = &progress {
                progress.set(Phase::Connecting);
            }
            let connection = connecting.await;
            if let Some(progress) = &progress {
                progress.set(Phase::Connected(Instant::now()));
            }
            connection
        })
    }
}
