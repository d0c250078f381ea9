//! Requests as lines for a shell, ids as variables.
//!
//! Says what was sent and how it was answered, and judges nothing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http::Method;
use serde_json::Value;

use super::tape::Tape;
use crate::suite::write::Source;

/// Shortest id that is exchanged for a variable: a shorter one may stand in other text.
const SHORTEST: usize = 6;

/// Lines so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    lines: Vec<String>,
    ids: BTreeMap<String, String>,
    /// The same for a scenario.
    pub(super) tape: Tape,
}

impl Script {
    /// Notes a request, what it created and how it was answered.
    pub(super) fn add(
        &mut self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        created: Option<(&str, &str)>,
        status: Option<u16>,
    ) {
        self.tape.add(method, path, body, status);
        let mut captured = None;
        let mut line = String::from("curl -sS");
        if *method != Method::GET {
            line.push_str(" -X ");
            line.push_str(method.as_str());
        }
        let _ = write!(line, " \"$BASE{}\"", self.named(path, false));
        line.push_str(" -H \"Authorization: Bearer $SCIM_TOKEN\"");
        if let Some(body) = body {
            let body = body.to_string().replace('\'', r"'\''");
            let body = self.named(&body, true);
            let _ = write!(
                line,
                " -H 'Content-Type: application/scim+json' -d '{body}'"
            );
        }
        if let Some((word, id)) = created {
            let name = self.name(word, id);
            line = format!("{name}=$({line} | jq -r .id)");
            captured = Some((name, id));
        }
        if let Some((name, id)) = captured {
            self.tape
                .created(&name, id, Source::Whole("/id".to_owned()));
        }
        let status = status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
        self.lines.push(format!("{line}  # {status}"));
    }

    /// Notes the id of what an operation of the bulk request created that was noted last.
    pub(super) fn created(&mut self, word: &str, id: &str, operation: usize) {
        let name = self.name(word, id);
        let at = Source::Tail(format!("/Operations/{operation}/location"));
        self.tape.created(&name, id, at);
    }

    /// Notes the id of what goes by a word (`U1`), or by that word and a number where it is taken; gives the name.
    fn name(&mut self, word: &str, id: &str) -> String {
        let taken = self
            .ids
            .values()
            .filter(|name| name.starts_with(word))
            .count();
        let name = match taken {
            0 => word.to_owned(),
            several => format!("{word}_{}", several + 1),
        };
        if id.len() >= SHORTEST {
            self.ids.insert(id.to_owned(), name.clone());
        }
        name
    }

    fn named(&self, text: &str, quoted: bool) -> String {
        let mut text = text.to_owned();
        for (id, name) in &self.ids {
            let variable = if quoted {
                format!("'\"${name}\"'")
            } else {
                format!("${name}")
            };
            text = text.replace(id.as_str(), &variable);
        }
        text
    }

    /// All lines.
    pub(super) fn text(&self) -> String {
        self.lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_are_variables_of_the_shell() {
        let mut script = Script::default();
        let body = json!({"displayName": "it's"});
        let user = Some(("U1", "2819c223"));
        script.add(&Method::POST, "/Users", Some(&body), user, Some(201));
        let body = json!({"value": "2819c223"});
        script.add(
            &Method::PUT,
            "/Users/2819c223",
            Some(&body),
            None,
            Some(200),
        );
        let head = "curl -sS -X";
        let token = "-H \"Authorization: Bearer $SCIM_TOKEN\"";
        let kind = "-H 'Content-Type: application/scim+json'";
        assert_eq!(
            script.text(),
            format!(
                "U1=$({head} POST \"$BASE/Users\" {token} {kind} -d '{{\"displayName\":\"it'\\''s\"}}' | jq -r .id)  # 201\n\
                 {head} PUT \"$BASE/Users/$U1\" {token} {kind} -d '{{\"value\":\"'\"$U1\"'\"}}'  # 200"
            )
        );
    }
}
