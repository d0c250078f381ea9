//! Where a call goes: to the target, to the gateway in front of it, or to the token endpoint.
//!
//! Each is a client of its own, bound to its origin; the token endpoint never sees a bearer.

use std::sync::Arc;
use std::time::Instant;

use super::bearer::Bearer;
use super::record;
use super::sender::{Client, Trouble};
use super::settings::{Gateway, Settings, Tls};
use super::stack::ClientError;
use super::target::Target;
use crate::exchange::{Exchange, FailureKind};
use crate::redact::Vault;
use crate::session::{BoxFuture, Call, Session, To};

impl Client {
    /// A client for the target in the settings. Secrets in the settings stand as labels of this vault.
    pub fn new(settings: Settings, vault: Arc<Vault>) -> Result<Self, ClientError> {
        let endpoint = match &settings.oauth {
            Some(oauth) => {
                let settings = aside(&settings, &oauth.endpoint);
                Some(Arc::new(Self::alone(settings, Arc::clone(&vault), None)?))
            }
            None => None,
        };
        let bearer = settings.oauth.as_ref().zip(endpoint.as_ref());
        let bearer = bearer.filter(|(oauth, _)| oauth.signs_in);
        let bearer = bearer.map(|(oauth, endpoint)| {
            let clock = settings.clock.clone();
            Arc::new(Bearer::new(Arc::clone(endpoint), oauth.clone(), clock))
        });
        let mut client = Self::alone(settings, vault, bearer)?;
        if let Some(settings) = behind(&client.settings) {
            let vault = Arc::clone(&client.vault);
            let gateway = Self::alone(settings, vault, client.bearer.clone())?;
            client.gateway = Some(Arc::new(gateway));
        }
        client.endpoint = endpoint;
        Ok(client)
    }

    /// Gets the token that the run begins with, where it has to be got.
    ///
    /// # Errors
    /// Where the token endpoint gives none: why.
    pub async fn sign_in(&self) -> Result<(), String> {
        match &self.bearer {
            Some(bearer) => bearer.label().await.map(|_| ()),
            None => Ok(()),
        }
    }

    /// The label of the token that the token endpoint has given; none where none comes from there.
    pub async fn token(&self) -> Option<String> {
        self.bearer.as_ref()?.label().await.ok()
    }

    /// The client for a call that goes elsewhere, and the call as that one takes it.
    fn elsewhere(&self, call: &mut Call) -> Result<Option<&Arc<Self>>, String> {
        match call.via.to {
            To::Base => Ok(None),
            To::Gateway => match (&self.gateway, &self.settings.gateway) {
                (Some(gateway), _) => Ok(Some(gateway)),
                (None, Some(_)) => Ok(None),
                (None, None) => Err("no gateway is configured".to_owned()),
            },
            To::TokenEndpoint => {
                let configured = self.endpoint.as_ref().zip(self.settings.oauth.as_ref());
                let (endpoint, oauth) =
                    configured.ok_or_else(|| "no token endpoint is configured".to_owned())?;
                oauth.tail.clone_into(&mut call.path);
                Ok(Some(endpoint))
            }
        }
    }

    /// Sends a call to this client's own target, with the key that it wants.
    pub(super) fn carry(&self, mut call: Call) -> BoxFuture<'_, Exchange> {
        let gateway = self.settings.gateway.as_ref();
        if let Some(gateway) = gateway.filter(|gateway| gateway.target.is_none()) {
            let key = call.via.key;
            gateway
                .keys
                .present(key, &mut call.query, &mut call.headers);
        }
        Box::pin(self.exchange(call))
    }

    /// The exchange of a call that can't be sent.
    fn unsent(&self, call: Call, why: String) -> Exchange {
        let limit = self.settings.limits.evidence;
        let request = record::request(&self.vault, &call, &call.path, &[], None, limit);
        let trouble = Trouble(FailureKind::Other, why, None);
        self.finish(call, request, Err(trouble), Instant::now())
    }
}

impl Session for Client {
    fn send(&self, mut call: Call) -> BoxFuture<'_, Exchange> {
        match self.elsewhere(&mut call) {
            Ok(None) => self.carry(call),
            Ok(Some(other)) => other.carry(call),
            Err(why) => Box::pin(std::future::ready(self.unsent(call, why))),
        }
    }

    fn base_url(&self) -> &str {
        self.settings.target.base()
    }

    fn gather(&self, calls: u32) -> BoxFuture<'_, ()> {
        Box::pin(self.ready(calls))
    }
}

/// Settings of the client for a token endpoint: nothing that belongs to the target goes there.
fn aside(settings: &Settings, endpoint: &Target) -> Settings {
    let tls = if endpoint.origin() == settings.target.origin() {
        settings.tls.clone()
    } else {
        Tls {
            cert: None,
            key: None,
            ..settings.tls.clone()
        }
    };
    Settings {
        target: endpoint.clone(),
        token: None,
        second: None,
        gateway: None,
        oauth: None,
        headers: Vec::new(),
        tls,
        ..settings.clone()
    }
}

/// Settings of the client for a gateway that has a URL of its own.
fn behind(settings: &Settings) -> Option<Settings> {
    let gateway = settings.gateway.as_ref()?;
    Some(Settings {
        target: gateway.target.clone()?,
        gateway: Some(Gateway {
            target: None,
            keys: gateway.keys.clone(),
        }),
        oauth: None,
        ..settings.clone()
    })
}
