//! Which attributes are shown: `attributes`, `excludedAttributes` and `returned` (RFC 7644 §3.9).
//!
//! Prunes what a view shows; reads nothing from the store itself.

use serde_json::{Map, Value};

use super::model::{Place, TypeModel, read_path};
use super::problem::Problem;
use super::view::View;
use crate::scim::filter::AttributePath;
use crate::scim::schema::{Attribute, Returned};

/// The projection that a request asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection {
    /// Names of `attributes`.
    pub include: Vec<AttributePath>,
    /// Names of `excludedAttributes`.
    pub exclude: Vec<AttributePath>,
}

impl Projection {
    /// Reads the two lists of names.
    ///
    /// # Errors
    /// 400 `invalidValue` where both are given.
    pub(super) fn read<'n>(
        include: impl IntoIterator<Item = &'n str>,
        exclude: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, Problem> {
        let projection = Self {
            include: include.into_iter().filter_map(read_path).collect(),
            exclude: exclude.into_iter().filter_map(read_path).collect(),
        };
        if !projection.include.is_empty() && !projection.exclude.is_empty() {
            return Err(Problem::value(
                "'attributes' and 'excludedAttributes' exclude each other",
            ));
        }
        Ok(projection)
    }

    /// Whether nothing special is asked for.
    pub fn is_usual(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty()
    }

    /// A resource as it is shown.
    pub(super) fn show(&self, view: View<'_>) -> Map<String, Value> {
        let chosen = Chosen {
            include: located(view.model, &self.include),
            exclude: located(view.model, &self.exclude),
            named: !self.include.is_empty(),
        };
        let mut shown = Map::new();
        for name in ["schemas", "id", "externalId"] {
            if let Some(attribute) = view.model.attribute(name) {
                chosen.add(view, None, attribute, &mut shown);
            }
        }
        for attribute in &view.model.core.attributes {
            chosen.add(view, None, attribute, &mut shown);
        }
        for schema in &view.model.extensions {
            if !view.resource.attributes.contains_key(&schema.id) {
                continue;
            }
            let mut inner = Map::new();
            for attribute in &schema.attributes {
                chosen.add(view, Some(&schema.id), attribute, &mut inner);
            }
            if !inner.is_empty() {
                shown.insert(schema.id.clone(), Value::Object(inner));
            }
        }
        if let Some(meta) = view.model.attribute("meta") {
            chosen.add(view, None, meta, &mut shown);
        }
        shown
    }
}

/// The projection in terms of one resource type.
struct Chosen<'m> {
    include: Vec<Place<'m>>,
    exclude: Vec<Place<'m>>,
    /// Whether `attributes` was given, even if it names nothing that this type has.
    named: bool,
}

/// How much of an attribute is shown.
#[derive(PartialEq)]
enum Extent {
    Nothing,
    Everything,
    /// These sub-attributes only.
    Subs(Vec<String>),
    /// All but these sub-attributes.
    AllBut(Vec<String>),
}

impl Chosen<'_> {
    fn add(
        &self,
        view: View<'_>,
        extension: Option<&str>,
        attribute: &Attribute,
        shown: &mut Map<String, Value>,
    ) {
        let extent = self.extent(extension, attribute);
        if extent == Extent::Nothing {
            return;
        }
        let Some(value) = view.value(extension, attribute) else {
            return;
        };
        let pruned = match value.into_owned() {
            Value::Array(values) => values
                .into_iter()
                .map(|value| prune(attribute, &extent, value))
                .filter(|value| !super::admit::is_unassigned(value))
                .collect(),
            value => prune(attribute, &extent, value),
        };
        if !super::admit::is_unassigned(&pruned) {
            shown.insert(attribute.name.clone(), pruned);
        }
    }

    fn extent(&self, extension: Option<&str>, attribute: &Attribute) -> Extent {
        match attribute.returned {
            Returned::Never => return Extent::Nothing,
            Returned::Always => return Extent::Everything,
            Returned::Default | Returned::Request => {}
        }
        let mut subs = Vec::new();
        let list = if self.named {
            &self.include
        } else {
            &self.exclude
        };
        let mut whole = false;
        for place in list {
            match place {
                Place::Core => {
                    whole |=
                        extension.is_none() && !matches!(&*attribute.name, "meta" | "externalId");
                }
                Place::Extension(schema) => whole |= extension == Some(schema.id.as_str()),
                Place::Attribute {
                    extension: urn,
                    attribute: named,
                    sub,
                } => {
                    if *urn == extension && named.name == attribute.name {
                        match sub {
                            None => whole = true,
                            Some(sub) => subs.push(sub.name.clone()),
                        }
                    }
                }
            }
        }
        if self.named {
            return match (whole, subs.is_empty()) {
                (true, _) => Extent::Everything,
                (false, false) => Extent::Subs(subs),
                (false, true) => Extent::Nothing,
            };
        }
        if whole || attribute.returned == Returned::Request {
            Extent::Nothing
        } else if subs.is_empty() {
            Extent::Everything
        } else {
            Extent::AllBut(subs)
        }
    }
}

/// Leaves out sub-attributes.
fn prune(attribute: &Attribute, extent: &Extent, value: Value) -> Value {
    let Value::Object(mut members) = value else {
        return value;
    };
    members.retain(|name, _| {
        let returned = attribute
            .sub_attributes
            .iter()
            .find(|sub| sub.name == *name)
            .map_or(Returned::Default, |sub| sub.returned);
        match returned {
            Returned::Never => false,
            Returned::Always => true,
            Returned::Request => matches!(extent, Extent::Subs(subs) if subs.contains(name)),
            Returned::Default => match extent {
                Extent::Nothing => false,
                Extent::Everything => true,
                Extent::Subs(subs) => subs.contains(name),
                Extent::AllBut(subs) => !subs.contains(name),
            },
        }
    });
    Value::Object(members)
}

fn located<'m>(model: &'m TypeModel, paths: &[AttributePath]) -> Vec<Place<'m>> {
    paths.iter().filter_map(|path| model.locate(path)).collect()
}
