//! The set-up of a scenario: resources that are created before its steps.
//!
//! What a target does not keep of them ends the case; it is never held against it.

use super::scenario::{Ended, Run, SCIM};
use super::{kept, obstacle};
use crate::exchange::Exchange;
use crate::payload::{Rendered, build};
use crate::session::{Auth, Call, Content, Via};
use crate::suite::Given;

impl Run<'_> {
    /// Creates a resource of the set-up.
    pub(super) async fn given(&mut self, given: &Given) -> Result<(), Ended> {
        let (kind, without) = (given.kind.resource_type(), &given.change.without);
        self.unless(obstacle::demanded(without, kind, &self.rig.capabilities))?;
        let built = build(
            given.fixture,
            &given.change,
            &mut self.scope,
            self.rig.adaptation(),
        );
        let body = built.map_err(|missing| self.unset(&missing))?;
        let endpoint = self.rig.endpoint(given.kind.resource_type());
        let bytes = Rendered::Json(body).into_bytes();
        let intent = self.intent(&http::Method::POST, &endpoint, Some(&bytes));
        let call = Call {
            case: self.case.id.clone(),
            step: format!("set-up of {}", given.name),
            method: http::Method::POST,
            path: endpoint,
            query: Vec::new(),
            headers: Vec::new(),
            body: Some(Content {
                media_type: SCIM.to_owned(),
                bytes: bytes.into(),
            }),
            auth: Auth::Main,
            via: Via::default(),
            intent,
        };
        self.wrote = true;
        let exchange = self.send(call).await;
        self.unless(obstacle::read_only(&exchange, kind))?;
        let captures = given.captures(&exchange);
        let has = |part: &str| captures.iter().any(|(name, _)| name.ends_with(part));
        let complete = has(".id") && has(".body");
        self.needs_success(&exchange, complete.then_some(()).ok_or("it has no id"))?;
        for (name, value) in captures {
            self.scope.set(name, value);
        }
        self.needs_kept(given, &exchange)
    }

    /// Ends the case where the target did not keep what the scenario asked for.
    fn needs_kept(&mut self, given: &Given, exchange: &Exchange) -> Result<(), Ended> {
        let wanted = given.change.with.as_ref();
        let sent = wanted.and_then(|draft| draft.render(&self.scope).ok());
        let Some(shown) = exchange.json() else {
            return Ok(());
        };
        let resource_type = given.kind.resource_type();
        let dropped = sent
            .as_ref()
            .and_then(|sent| kept::dropped(sent, shown, resource_type, &self.rig.capabilities));
        let why = match (dropped, kept::invented(&given.change.without, shown)) {
            (Some(attribute), _) => {
                format!("the target did not keep the {attribute} of a {resource_type} as sent")
            }
            (None, Some(attribute)) => {
                format!("the target gives a {resource_type} the attribute {attribute} by itself")
            }
            (None, None) => return Ok(()),
        };
        Err(self.over(&why))
    }
}
