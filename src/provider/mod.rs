//! The embedded service provider: SCIM 2.0 over a store in memory, exemplary where nothing is broken
//! on purpose.
//!
//! A request passes eight stages: authenticate → decode → plan → select → apply → commit →
//! represent → respond; a token endpoint and a gateway may stand before them. Each ends by offering its typed result to the active faults
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
mod entry;
mod extension;
pub mod fault;
pub mod filter;
pub mod gateway;
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
pub mod token;
mod view;

use std::sync::Arc;

use jiff::Timestamp;

use cursor::Cursors;
use fault::Faults;
use model::Model;
use store::Store;
use token::Issued;

use crate::redact::Vault;

pub use extension::{BadExtension, read_extension};
pub use gateway::Gateway;
pub use model::trial_extension;
pub use serve::{ServeError, Tls, TlsError, serve};
pub use session::InProcess;
pub use settings::{Data, Feature, Limits, Paging, PagingMethod, Settings, Token, UnknownFeature};
pub use token::OAuth;

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
    issued: Issued,
    begun: Timestamp,
}

impl Provider {
    /// A provider with these settings, its data in place.
    pub fn new(settings: Settings) -> Self {
        let faults = Faults::from(settings.faults.clone());
        let model = Model::new(&settings);
        let store = Store::new(
            settings.clock.clone(),
            settings.members_exist,
            model.unique_in_extensions(),
        );
        data::fill(&store, &settings.data);
        if let Some(name) = settings.me.as_deref().filter(|_| settings.me_exists) {
            data::person(&store, name);
        }
        Self {
            inner: Arc::new(Inner {
                model,
                store,
                cursors: Cursors::default(),
                issued: Issued::default(),
                begun: settings.clock.now(),
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
        entry::router(self.clone())
    }

    /// A session that reaches it without a socket, at `https://provider.invalid` and its base path, with
    /// secrets of its own.
    pub fn session(&self) -> InProcess {
        InProcess::new(self.clone(), Arc::default())
    }

    /// The same, with a vault that others know labels of.
    pub fn session_with(&self, vault: Arc<Vault>) -> InProcess {
        InProcess::new(self.clone(), vault)
    }

    fn model(&self) -> &Model {
        &self.inner.model
    }

    fn store(&self) -> &Store {
        &self.inner.store
    }

    fn issued(&self) -> &Issued {
        &self.inner.issued
    }

    /// Whether the time is over in which the token before the main one is still taken.
    fn overlap_is_over(&self) -> bool {
        let settings = self.settings();
        settings
            .overlap
            .is_some_and(|overlap| settings.clock.now() >= self.inner.begun + overlap)
    }

    fn cursors(&self) -> &Cursors {
        &self.inner.cursors
    }

    fn faults(&self) -> &[Arc<dyn fault::Fault>] {
        &self.inner.faults
    }
}
