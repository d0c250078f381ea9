//! The embedded service provider: SCIM 2.0 over a store in memory, exemplary where nothing is broken
//! on purpose.
//!
//! A request passes eight stages: authenticate → decode → plan → select → apply → commit →
//! represent → respond. Each ends by offering its typed result to the active faults
//! ([`fault::Fault`]). Imports nothing of `oracle`, `check` or `payload`: it evaluates filters and
//! applies PATCH on its own.

mod admit;
pub mod apply;
pub mod authenticate;
pub mod bulk;
pub mod commit;
pub mod cursor;
mod data;
pub mod decode;
mod discovery;
pub mod fault;
pub mod filter;
mod gateway;
mod identity;
mod json;
mod model;
pub mod patch;
mod pipeline;
pub mod plan;
mod precondition;
pub mod problem;
pub mod project;
mod query;
mod represent;
pub mod respond;
pub mod select;
mod serve;
mod session;
mod settings;
pub mod store;
#[cfg(test)]
mod tests;
mod text;
mod view;

use std::sync::Arc;

use cursor::Cursors;
use fault::Faults;
use model::Model;
use store::Store;

pub use model::trial_extension;
pub use serve::{ServeError, Tls, TlsError, serve};
pub use session::InProcess;
pub use settings::{Data, Feature, Limits, Paging, PagingMethod, Settings, Token, UnknownFeature};

/// A service provider. Clones share its state.
#[derive(Clone)]
pub struct Provider {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    faults: Faults,
    model: Model,
    store: Store,
    cursors: Cursors,
}

impl Provider {
    /// A provider with these settings, its data in place.
    pub fn new(settings: Settings) -> Self {
        let faults = Faults::from(settings.faults.clone());
        let store = Store::new(settings.clock.clone(), settings.members_exist);
        data::fill(&store, &settings.data);
        if let Some(name) = settings.me.as_deref().filter(|_| settings.me_exists) {
            data::person(&store, name);
        }
        Self {
            inner: Arc::new(Inner {
                model: Model::new(&settings),
                store,
                cursors: Cursors::default(),
                faults,
                settings,
            }),
        }
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// An axum router that serves it below its base path.
    pub fn router(&self) -> axum::Router {
        gateway::router(self.clone())
    }

    /// A session that reaches it without a socket, at `https://provider.invalid` and its base path.
    pub fn session(&self) -> InProcess {
        InProcess::new(self.clone())
    }

    fn model(&self) -> &Model {
        &self.inner.model
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn cursors(&self) -> &Cursors {
        &self.inner.cursors
    }

    fn faults(&self) -> &[Arc<dyn fault::Fault>] {
        &self.inner.faults
    }
}
