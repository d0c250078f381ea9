//! Invariants: judgements on every exchange, one file each.
//!
//! An invariant says nothing (an empty list) of an exchange that does not exercise it, and nothing
//! of what a projection, a missing body or an exempt endpoint explains.

use std::collections::HashMap;

use super::{Context, Invariant, Judgement, subject};
use crate::exchange::Exchange;

/// Declares the modules of the invariants and lists them.
macro_rules! registry {
    ($($leaf:ident),+ $(,)?) => {
        $(mod $leaf;)+
        static ALL: &[&dyn Invariant] = &[$(&$leaf::Leaf),+];
    };
}

registry![
    attribute_types,
    challenge,
    definitions,
    discovery,
    error_shape,
    etag,
    id,
    json,
    json_schema,
    list_envelope,
    location,
    media_type,
    meta,
    primary,
    schemas,
    secrecy,
    transport,
    wire,
];

/// All invariants, by id.
pub fn all() -> &'static [&'static dyn Invariant] {
    ALL
}

/// The invariant of that id.
pub fn find(id: &str) -> Option<&'static dyn Invariant> {
    ALL.iter().copied().find(|invariant| invariant.id() == id)
}

/// Judgements by requirement: every deviation, or that it held. The work grows with the number of
/// judgements, however many deviate.
#[derive(Default)]
struct Judged {
    list: Vec<(&'static str, Judgement)>,
    /// Where in the list a requirement is said to have held; none once it deviated.
    held: HashMap<&'static str, Option<usize>>,
}

impl Judged {
    /// The requirement held here.
    fn held(&mut self, requirement: &'static str) {
        self.add(requirement, Judgement::Held);
    }

    /// Adds a judgement; every deviation is kept, a Held only where nothing else is said.
    fn add(&mut self, requirement: &'static str, judgement: Judgement) {
        let is_held = judgement == Judgement::Held;
        match self.held.get(requirement) {
            Some(_) if is_held => {}
            Some(Some(at)) => {
                if let Some(entry) = self.list.get_mut(*at) {
                    entry.1 = judgement;
                }
                self.held.insert(requirement, None);
            }
            Some(None) => self.list.push((requirement, judgement)),
            None => {
                let at = self.list.len();
                self.held.insert(requirement, is_held.then_some(at));
                self.list.push((requirement, judgement));
            }
        }
    }

    /// Held, or the deviation.
    fn judge(&mut self, requirement: &'static str, deviation: Option<Judgement>) {
        self.add(requirement, deviation.unwrap_or(Judgement::Held));
    }

    fn into_vec(self) -> Vec<(&'static str, Judgement)> {
        self.list
    }
}

/// Whether the answer is one of the service provider's own SCIM answers rather than that of
/// something else: a token endpoint on another origin, or the HTTP server under it, which answers
/// OPTIONS by itself.
fn is_scim(exchange: &Exchange, context: &Context<'_>) -> bool {
    exchange.request.url.starts_with(context.base_url) && exchange.request.method != "OPTIONS"
}

/// Whether the answer is a success that carries resources of a resource endpoint.
fn shows_resources(exchange: &Exchange, context: &Context<'_>) -> bool {
    subject::is_resource_endpoint(exchange, context) && !subject::is_discovery(exchange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::sample::{self, Sample};
    use crate::exchange::FailureKind;
    use crate::requirement::Catalogue;

    /// Judges a sample by an invariant: requirement with `held`, the tolerance, or the place broken.
    pub(super) fn judge(id: &str, sample: Sample) -> Vec<(&'static str, String)> {
        let capabilities = sample::capabilities();
        let invariant = find(id).unwrap();
        invariant
            .judge(&sample.build(), &sample::context(&capabilities))
            .into_iter()
            .map(|(requirement, judgement)| {
                assert!(invariant.covers().contains(&requirement), "{requirement}");
                let said = match judgement {
                    Judgement::Held => "held".to_owned(),
                    Judgement::Tolerated(tolerance, _) => tolerance,
                    Judgement::Broken(deviation) => deviation.at,
                    other => panic!("{other:?}"),
                };
                (requirement, said)
            })
            .collect()
    }

    /// The answer keeps all that the invariant asks for, and there is something to ask.
    #[track_caller]
    pub(super) fn held(id: &str, sample: Sample) {
        let judged = judge(id, sample);
        assert!(!judged.is_empty(), "{id} is not exercised");
        assert!(judged.iter().all(|(_, said)| said == "held"), "{judged:?}");
    }

    /// The answer breaks exactly these requirements, each at a place or by a tolerance.
    #[track_caller]
    pub(super) fn broken(id: &str, sample: Sample, expected: &[(&str, &str)]) {
        let judged: Vec<(&str, String)> = judge(id, sample)
            .into_iter()
            .filter(|(_, said)| said != "held")
            .collect();
        let expected: Vec<(&str, String)> = expected
            .iter()
            .map(|(requirement, said)| (*requirement, (*said).to_owned()))
            .collect();
        assert_eq!(judged, expected);
    }

    /// The answer does not exercise the invariant.
    #[track_caller]
    pub(super) fn silent(id: &str, sample: Sample) {
        assert_eq!(judge(id, sample), []);
    }

    #[test]
    fn every_file_is_registered_under_its_name() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check/invariant");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .filter_map(|path| Some(path.file_stem()?.to_string_lossy().replace('_', "-")))
            .filter(|stem| stem != "mod")
            .collect();
        files.sort();
        let mut ids: Vec<&str> = all().iter().map(|invariant| invariant.id()).collect();
        ids.sort_unstable();
        assert_eq!(ids, files);
    }

    #[test]
    fn every_invariant_covers_known_requirements() {
        let catalogue = Catalogue::embedded().unwrap_or_else(|error| panic!("{error}"));
        for invariant in all() {
            assert!(!invariant.covers().is_empty());
            assert!(!invariant.title().is_empty());
            for id in invariant.covers() {
                let requirement = catalogue.get(id);
                assert!(requirement.is_some(), "{} covers {id}", invariant.id());
            }
        }
    }

    #[test]
    fn a_perfect_user_breaks_nothing_and_a_failed_exchange_blames_nobody() {
        for invariant in all() {
            let perfect = Sample::get("/Users/2819")
                .header("ETag", "W/\"1\"")
                .body(&sample::user());
            for (requirement, said) in judge(invariant.id(), perfect) {
                assert_eq!(said, "held", "{}: {requirement}", invariant.id());
            }
            for kind in [
                FailureKind::Reset,
                FailureKind::TotalTimeout,
                FailureKind::Guarded,
            ] {
                silent(invariant.id(), Sample::get("/Users/2819").failed(kind));
            }
        }
    }

    #[test]
    fn answers_without_a_body_and_discovery_are_not_blamed() {
        let flag = serde_json::json!({"supported": true, "maxOperations": 1, "maxPayloadSize": 1, "maxResults": 1});
        let config = serde_json::json!({
            "schemas": [crate::scim::urn::SERVICE_PROVIDER_CONFIG], "patch": flag, "bulk": flag, "filter": flag,
            "changePassword": flag, "sort": flag, "etag": flag, "authenticationSchemes": [],
        });
        for invariant in all() {
            let id = invariant.id();
            for sample in [
                Sample::new("DELETE", "/Users/2819").status(204),
                Sample::new("HEAD", "/Users/2819").header("Content-Type", "application/scim+json"),
                Sample::get("/Users/2819")
                    .status(304)
                    .header("ETag", "W/\"1\""),
                Sample::get("/ServiceProviderConfig").body(&config),
                Sample::get("/Users/2819")
                    .query("attributes", "active")
                    .header("ETag", "W/\"1\"")
                    .body(&serde_json::json!({"id": "2819", "active": true})),
            ] {
                for (requirement, said) in judge(id, sample) {
                    assert!(
                        said == "held" || said == "A01",
                        "{id}: {requirement} {said}"
                    );
                }
            }
        }
    }
}
