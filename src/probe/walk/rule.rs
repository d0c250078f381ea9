//! Whether what a characteristic forbids has no effect: read-only and immutable values, second owners of a unique
//! one, other letters where they count, resources without what is required.

use http::Method;
use serde_json::{Map, Value, json};

use super::blame;
use super::example::{Example, Route, Way};
use super::fair::{Mismatch, same};
use super::ground::{Ground, has};
use super::keep::{put, refused};
use super::kind::Field;
use super::law::Wrong;
use crate::check::place::{brief, brief_or_absent};
use crate::exchange::Exchange;
use crate::probe::property::Trial;
use crate::scim::list::ListView;
use crate::scim::schema::{DataType, Uniqueness};
use crate::scim::urn;
use crate::seed::Seed;

/// Tries one rule and cleans up.
pub(super) async fn judge(ground: &Ground<'_>, example: &Example) -> Trial<Wrong> {
    let Some((field, value)) = example.first() else {
        return Trial::Unjudged;
    };
    let trial = Attempt {
        ground,
        kind: example.kind,
        field,
        value,
    };
    match example.way {
        Way::Foreign(route) => trial.foreign(route).await,
        Way::Fixed(route) => trial.fixed(route).await,
        Way::Twin(route) => trial.twin(route).await,
        Way::Letters => trial.letters().await,
        _ => trial.missing().await,
    }
}

struct Attempt<'a> {
    ground: &'a Ground<'a>,
    kind: usize,
    field: &'a Field,
    value: &'a Value,
}

impl Attempt<'_> {
    /// A read-only value is passed over or refused.
    async fn foreign(&self, route: Route) -> Trial<Wrong> {
        let given = self.members(self.value.clone());
        let begun = match route {
            Route::Post => given.clone(),
            _ => Map::new(),
        };
        let body = self.ground.body(self.kind, &begun);
        let created = self.ground.create(self.kind, &body).await;
        let Some(path) = self.ground.path(self.kind, &created) else {
            return refused(&created);
        };
        let written = self.write(route, &path, &body, self.value).await;
        let trial = self
            .unmoved(&created, written.as_ref(), blame::READ_ONLY, |shown| {
                same(self.value, shown, &self.field.definition, "").is_err()
            })
            .await;
        self.ground.delete(self.kind, &created).await;
        trial
    }

    /// An immutable value stays what it was.
    async fn fixed(&self, route: Route) -> Trial<Wrong> {
        let first = self.ground.drawer(Seed(0)).plain(self.field);
        if same(&first, Some(self.value), &self.field.definition, "").is_ok() {
            return Trial::Unjudged;
        }
        let body = self.ground.body(self.kind, &self.members(first.clone()));
        let created = self.ground.create(self.kind, &body).await;
        let Some(path) = self.ground.path(self.kind, &created) else {
            return refused(&created);
        };
        let written = self.write(route, &path, &body, self.value).await;
        let trial = self
            .unmoved(&created, written.as_ref(), blame::IMMUTABLE, |shown| {
                !self.field.is_shown() || same(&first, shown, &self.field.definition, "").is_ok()
            })
            .await;
        self.ground.delete(self.kind, &created).await;
        trial
    }

    /// Reads whether a value is as it has to be after a write that may have been refused.
    async fn unmoved(
        &self,
        created: &Exchange,
        written: Option<&Exchange>,
        requirement: &'static str,
        fine: impl Fn(Option<&Value>) -> bool,
    ) -> Trial<Wrong> {
        if let Some(exchange) = written
            && let trial @ (Trial::Failed(_) | Trial::Broken(_)) = refused(exchange)
        {
            return trial;
        }
        self.ground.settle().await;
        let shown = self.ground.read(self.kind, created).await;
        let Some(resource) = shown.json().filter(|_| shown.status() == Some(200)) else {
            return refused(&shown);
        };
        let found = self.field.of_resource(resource);
        if fine(found) {
            return Trial::Held;
        }
        let exchange = written.unwrap_or(created);
        self.wrong(
            requirement,
            format!("not {}", brief(self.value)),
            brief_or_absent(found),
            exchange,
        )
    }

    /// A unique value has one owner.
    async fn twin(&self, route: Route) -> Trial<Wrong> {
        let body = if self.field.marked {
            self.ground.body(self.kind, &Map::new())
        } else {
            self.ground
                .body(self.kind, &self.members(self.value.clone()))
        };
        let Some(taken) = self.field.of_resource(&body).cloned() else {
            return Trial::Unjudged;
        };
        let first = self.ground.create(self.kind, &body).await;
        if self.ground.path(self.kind, &first).is_none() {
            return refused(&first);
        }
        let mut second_body = self.ground.body(self.kind, &Map::new());
        let second = match route {
            Route::Post => {
                let mut members = second_body.as_object().cloned().unwrap_or_default();
                self.field.put(&mut members, self.other_letters(&taken));
                self.list_extension(&mut members);
                second_body = Value::Object(members);
                self.ground.create(self.kind, &second_body).await
            }
            _ => self.ground.create(self.kind, &second_body).await,
        };
        let trial = self.judge_twin(route, &taken, &second_body, &second).await;
        self.ground.delete(self.kind, &second).await;
        self.ground.delete(self.kind, &first).await;
        trial
    }

    async fn judge_twin(
        &self,
        route: Route,
        taken: &Value,
        body: &Value,
        second: &Exchange,
    ) -> Trial<Wrong> {
        let definition = &self.field.definition;
        let global = definition.uniqueness == Uniqueness::Global;
        let user_name = self.field.urn.is_empty() && definition.is_named("userName");
        let requirement = blame::twin(route, global, user_name);
        let Some(path) = self.ground.path(self.kind, second) else {
            return match (route, second.status()) {
                (Route::Post, Some(409)) => Trial::Held,
                (Route::Post, Some(400..=499)) => {
                    let expected = "409 to a value that another resource has".to_owned();
                    self.wrong(blame::CONFLICT, expected, second.said(), second)
                }
                _ => refused(second),
            };
        };
        let value = self.other_letters(taken);
        let written = self.write(route, &path, body, &value).await;
        if let Some(exchange) = &written
            && !matches!(exchange.status(), Some(200..=299))
        {
            return match refused(exchange) {
                Trial::Unjudged => Trial::Held,
                trial => trial,
            };
        }
        self.ground.settle().await;
        let shown = self.ground.read(self.kind, second).await;
        let found = shown.json().and_then(|body| self.field.of_resource(body));
        if same(taken, found, definition, "").is_err() {
            return Trial::Unjudged;
        }
        let expected = format!("{} given to one resource", brief(taken));
        let exchange = written.as_ref().unwrap_or(second);
        self.wrong(requirement, expected, exchange.said(), exchange)
    }

    /// The value in other letters where they do not count.
    fn other_letters(&self, value: &Value) -> Value {
        let definition = &self.field.definition;
        match value.as_str() {
            Some(text)
                if !definition.compares_case() && definition.data_type == DataType::String =>
            {
                json!(flipped(text))
            }
            _ => value.clone(),
        }
    }

    /// A filter finds a text in other letters if, and only if, letter case does not count.
    async fn letters(&self) -> Trial<Wrong> {
        let text = match self.value {
            Value::Array(items) => items.first(),
            one => Some(one),
        };
        let Some(text) = text.and_then(Value::as_str) else {
            return Trial::Unjudged;
        };
        let body = self
            .ground
            .body(self.kind, &self.members(self.value.clone()));
        let created = self.ground.create(self.kind, &body).await;
        let Some(path) = self.ground.path(self.kind, &created) else {
            return refused(&created);
        };
        self.ground.settle().await;
        let (plain, _) = self.sought(text, &path).await;
        let (other, exchange) = self.sought(&flipped(text), &path).await;
        self.ground.delete(self.kind, &created).await;
        let folds = !self.field.definition.compares_case();
        match (plain, other) {
            (Some(true), Some(found)) if found != folds => {
                let expected = if folds { "found" } else { "not found" };
                let expected = format!("{} {expected} by `{}`", text, flipped(text));
                self.wrong(blame::FILTERS, expected, exchange.said(), &exchange)
            }
            (Some(true), Some(_)) => Trial::Held,
            _ => Trial::Unjudged,
        }
    }

    /// Whether a resource is among those that have a text; absent where the target does not say.
    async fn sought(&self, text: &str, path: &str) -> (Option<bool>, Exchange) {
        let arena = self.ground.arena;
        let filter = format!("{} eq {}", self.field.path(), Value::from(text));
        let endpoint = &self.ground.kinds[self.kind].endpoint;
        let answer = arena.get("filter", endpoint, &[("filter", &filter)]).await;
        let list = answer.json().filter(|_| answer.status() == Some(200));
        let list = list.and_then(ListView::read);
        let found = list.map(|list| {
            list.ids()
                .any(|id| path.ends_with(&crate::session::segment(id)))
        });
        (found, answer)
    }

    /// A resource without what is required is refused.
    async fn missing(&self) -> Trial<Wrong> {
        let marked = Map::from_iter([("externalId".to_owned(), json!("{{name}}"))]);
        let mut body = self.ground.body(self.kind, &marked);
        let holder = match self.field.urn.as_str() {
            "" => Some(&mut body),
            urn => body.get_mut(urn),
        };
        let name = &self.field.definition.name;
        let taken = holder
            .and_then(Value::as_object_mut)
            .and_then(|members| members.shift_remove(name));
        if taken.is_none() {
            return Trial::Unjudged;
        }
        let created = self.ground.create(self.kind, &body).await;
        if self.ground.path(self.kind, &created).is_none() {
            return match refused(&created) {
                Trial::Unjudged => Trial::Held,
                trial => trial,
            };
        }
        let shown = self.ground.read(self.kind, &created).await;
        self.ground.delete(self.kind, &created).await;
        let Some(resource) = shown.json().filter(|_| shown.status() == Some(200)) else {
            return refused(&shown);
        };
        let found = self.field.of_resource(resource);
        if !self.field.is_shown() {
            return Trial::Unjudged;
        }
        let expected = "400, as a value is required".to_owned();
        let trial = self.wrong(blame::REQUIRED, expected, created.said(), &created);
        match trial {
            // The provider has a value of its own for whoever brings none.
            Trial::Failed(wrong) if has(found) && found != Some(&json!("")) => {
                Trial::Failed(Wrong {
                    tolerance: Some("A29"),
                    ..wrong
                })
            }
            other => other,
        }
    }

    fn members(&self, value: Value) -> Map<String, Value> {
        let mut members = Map::new();
        self.field.put(&mut members, value);
        members
    }

    /// Lists the extension in `schemas` where the attribute belongs to one.
    fn list_extension(&self, members: &mut Map<String, Value>) {
        let listed = members.get_mut("schemas").and_then(Value::as_array_mut);
        if let Some(listed) = listed.filter(|_| !self.field.urn.is_empty()) {
            listed.push(json!(self.field.urn));
        }
    }

    /// The second write, where the route has one.
    async fn write(
        &self,
        route: Route,
        path: &str,
        body: &Value,
        value: &Value,
    ) -> Option<Exchange> {
        match route {
            Route::Post => None,
            Route::Put => {
                let mut members = self.members(value.clone());
                let mut body = body.clone();
                if let Some(body) = body.as_object_mut()
                    && !body.contains_key(&self.field.urn)
                {
                    self.list_extension(body);
                }
                members.shift_remove("schemas");
                Some(put(self.ground, path, &body, &members).await)
            }
            Route::Patch => {
                let operation = json!({"op": "replace", "path": self.field.path(), "value": value});
                let message = json!({"schemas": [urn::PATCH_OP], "Operations": [operation]});
                let arena = self.ground.arena;
                Some(arena.send("patch", Method::PATCH, path, &message).await)
            }
        }
    }

    fn wrong(
        &self,
        requirement: &'static str,
        expected: String,
        actual: String,
        exchange: &Exchange,
    ) -> Trial<Wrong> {
        let mismatch = Mismatch {
            requirement: Some(requirement),
            at: self.field.pointer(),
            expected,
            actual,
        };
        Trial::Failed(Wrong::of(mismatch, requirement, exchange))
    }
}

/// The text with each letter in the other case.
fn flipped(text: &str) -> String {
    let flip = |c: char| {
        if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    text.chars().map(flip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_flip_and_flip_back() {
        assert_eq!(flipped("aB-1"), "Ab-1");
        assert_eq!(flipped(&flipped("Walk")), "Walk");
    }
}
