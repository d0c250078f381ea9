//! Values that are legal for an attribute, and on which servers go wrong: drawn by its type.
//!
//! Each attribute has a number of variants, the plainest first; what is random in a variant never changes how many
//! there are.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng as _;
use serde_json::{Map, Value, json};

use super::kind::{Field, refers};
use crate::scim::schema::{Attribute, DataType};

/// Letters of one to four bytes, of which long texts are made.
const LONG: &str = "a\u{e9}\u{5317}\u{1F600}";

/// Makes values.
pub(in crate::probe) struct Drawer<'a> {
    /// What is random.
    pub(in crate::probe) rng: ChaCha8Rng,
    /// Ids of users of our own.
    pub(in crate::probe) peers: &'a [String],
}

impl Drawer<'_> {
    /// A number below another one; 0 where that is 0.
    pub(in crate::probe) fn below(&mut self, end: usize) -> usize {
        match end {
            0 => 0,
            end => self.rng.next_u32() as usize % end,
        }
    }

    /// The parts of a field that have variants of their own, each with how many.
    pub(in crate::probe) fn parts(&mut self, field: &Field) -> Vec<(usize, usize)> {
        let definition = &field.definition;
        if definition.data_type != DataType::Complex {
            return vec![(0, self.variants(definition, "").len())];
        }
        let subs = definition.sub_attributes.iter().enumerate();
        subs.map(|(at, sub)| (at, self.variants(sub, &definition.name).len()))
            .collect()
    }

    /// The plainest value of a field: two values where it holds several.
    pub(in crate::probe) fn plain(&mut self, field: &Field) -> Value {
        let definition = &field.definition;
        if !definition.multi_valued {
            return self.one(field, (0, 0), 0, true);
        }
        let several = if self.peers.len() < 2 && refers(definition) {
            1
        } else {
            2
        };
        let items = (0..several).map(|number| self.one(field, (0, 0), number, true));
        Value::Array(items.collect())
    }

    /// A value of a field in which one part has a variant: alone, or among several.
    pub(in crate::probe) fn value(&mut self, field: &Field, part: (usize, usize)) -> Value {
        if !field.definition.multi_valued {
            return self.one(field, part, 0, false);
        }
        let distinct = self.parts(field).into_iter().map(|(_, many)| many).max();
        let many = [1, 1, 2, 3, 4][self.below(5)].min(distinct.unwrap_or(1));
        let focus = self.below(many);
        let items = (0..many).map(|number| {
            // The one that matters stands anywhere among the others.
            let number = (number + many - focus) % many;
            self.one(field, part, number, false)
        });
        let mut items: Vec<Value> = items.collect();
        let key = |item: &Value| item.get("value").unwrap_or(item).to_string();
        let mut seen = Vec::new();
        items.retain(|item| {
            let key = key(item);
            let fresh = !seen.contains(&key);
            seen.push(key);
            fresh
        });
        Value::Array(items)
    }

    /// One value: the numbered one of several, which differ.
    fn one(
        &mut self,
        field: &Field,
        (part, variant): (usize, usize),
        number: usize,
        plain: bool,
    ) -> Value {
        let definition = &field.definition;
        if definition.data_type != DataType::Complex {
            return pick(self.variants(definition, ""), variant + number);
        }
        let mut members = Map::new();
        for (at, sub) in definition.sub_attributes.iter().enumerate() {
            let variants = self.variants(sub, &definition.name);
            let focus = at == part && number == 0 && !plain;
            let wanted = focus || sub.required || sub.is_named("value") || plain;
            let wanted = wanted || self.below(2) == 0;
            let value = match sub.name.as_str() {
                "primary" if focus => pick(variants, variant),
                // Only one may be.
                "primary" => json!(false),
                "type" if number >= variants.len() => continue,
                _ if focus => pick(variants, variant),
                _ if plain => pick(variants, number),
                _ if at == part => pick(variants, variant + number),
                _ => {
                    let near = self.below(3);
                    let known = sub.is_named("type") || sub.is_named("value");
                    pick(variants, if known { number } else { near + number })
                }
            };
            let said = !sub.is_named("primary") || focus || (plain && number == 0);
            if wanted && said {
                members.insert(sub.name.clone(), value);
            }
        }
        let says = |value: &Value| *value != json!(false);
        if let Some(first) = definition
            .sub_attributes
            .first()
            .filter(|_| !members.values().any(says))
        {
            let variants = self.variants(first, &definition.name);
            members.insert(first.name.clone(), pick(variants, number));
        }
        Value::Object(members)
    }

    /// All variants of a simple attribute; `of` is the attribute that it is a part of.
    pub(in crate::probe) fn variants(&mut self, definition: &Attribute, of: &str) -> Vec<Value> {
        if (of == "members" || of == "manager") && definition.is_named("value") {
            return self.peers.iter().map(|id| json!(id)).collect();
        }
        if let Some(texts) = known(definition, of) {
            return texts.iter().map(|text| json!(text)).collect();
        }
        match definition.data_type {
            DataType::Boolean => vec![json!(true), json!(false)],
            DataType::Integer => self.integers(),
            DataType::Decimal => self.decimals(),
            DataType::DateTime => TIMES.iter().map(|text| json!(text)).collect(),
            DataType::Binary => BINARIES.iter().map(|text| json!(text)).collect(),
            DataType::Reference => REFERENCES.iter().map(|text| json!(text)).collect(),
            DataType::String | DataType::Complex => self.texts(),
        }
    }

    fn integers(&mut self) -> Vec<Value> {
        let any = i64::from(self.rng.next_u32() % 100_000);
        let big = i64::from(self.rng.next_u32() >> 1);
        vec![
            json!(7),
            json!(0),
            json!(-1 - any),
            json!(1 + any),
            json!(big),
            json!(i32::MAX),
            json!(i32::MIN),
            json!(-1),
            // The largest that every reader of JSON keeps (RFC 8259 §6).
            json!((1_i64 << 53) - 1),
        ]
    }

    fn decimals(&mut self) -> Vec<Value> {
        let thousandths = f64::from(self.rng.next_u32() % 1_000_000);
        vec![
            json!(1.5),
            json!(0.25),
            json!(-2.75),
            json!((thousandths * 10.0 + 5.0) / 10_000.0),
            json!(1.005),
            json!(-0.125),
            json!(0.001),
            json!(123_456.5),
            json!(3),
        ]
    }

    fn texts(&mut self) -> Vec<Value> {
        let front = self.below(4);
        let letters = 110 + self.below(20);
        let long: String = "abcd"
            .chars()
            .take(front)
            .chain(LONG.chars().cycle().take(letters))
            .collect();
        let ascii = "Lorem ipsum ".repeat(22 + self.below(3));
        let word: String = (0..6)
            .map(|_| char::from(b'a' + (self.rng.next_u32() % 26) as u8))
            .collect();
        let digits = format!("{}", 10_000 + self.rng.next_u32() % 80_000);
        let literal = ["true", "null", "1e3", "NaN", "0x1F", "false"][self.below(6)];
        [
            "Tour".to_owned(),
            format!("B{word}"),
            "\u{dc}n\u{ef}c\u{f6}d\u{e9} \u{5317}\u{4eac}".to_owned(),
            "\u{1F600} \u{1F3F3}\u{FE0F}\u{200D}\u{1F308}".to_owned(),
            "e\u{301}le\u{300}ve".to_owned(),
            format!("{long}."),
            format!("{ascii}."),
            "say \"hi\" \\ back/slash".to_owned(),
            "<b>&amp;</b> %41+%2B".to_owned(),
            "007".to_owned(),
            literal.to_owned(),
            digits,
            "a  b".to_owned(),
            "line\nbreak\tand tab".to_owned(),
            "O'Malley; -- ${x} {0} %s".to_owned(),
            "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{130}\u{131}\u{df}".to_owned(),
            format!("mIxEd{}", word.to_ascii_uppercase()),
        ]
        .into_iter()
        .map(Value::from)
        .collect()
    }
}

const TIMES: [&str; 6] = [
    "2011-05-13T04:42:34Z",
    "2011-05-13T04:42:34+05:00",
    "2024-02-29T23:30:00-08:00",
    "1969-12-31T23:59:59Z",
    "2038-01-19T03:14:08Z",
    "2020-06-30T12:00:00.250Z",
];

const BINARIES: [&str; 5] = [
    "c2NpbWl0YXI=",
    "AA==",
    "+/8+/w==",
    "AAECAwQFBgcICQoLDA0ODw==",
    "////",
];

const REFERENCES: [&str; 5] = [
    "https://x.example/1",
    "https://x.example/Path/To?b=c&d=%20e#Part",
    "https://x.example:8443/~a/%C3%BC",
    "http://x.example/2",
    "https://x.example/a+b,c;d=e",
];

/// Values of attributes that have a form of their own; none for those that have not.
fn known(definition: &Attribute, of: &str) -> Option<Vec<String>> {
    let name = definition.name.as_str();
    let texts: &[&str] = match (of, name) {
        ("emails", "value") => &[
            "a@x.example",
            "Barbara.Jensen+tag@x.example",
            "o'malley@x.example",
            "d_e-f@sub.x.example",
        ],
        ("phoneNumbers", "value") => &[
            "tel:+1-201-555-0101",
            "tel:+1-201-555-0102",
            "tel:+41-44-668-1800",
        ],
        ("photos", "value") => &["https://x.example/1", "https://x.example/2?size=10"],
        (_, "profileUrl") => &["https://x.example/1", "https://x.example/Zoe?a=b&c=d"],
        (_, "locale") => &["en-US", "de-CH", "zh-Hant-TW"],
        (_, "preferredLanguage") => &["en", "de-CH", "da, en-gb;q=0.8, en;q=0.7"],
        (_, "timezone") => &["Europe/Zurich", "America/New_York", "Asia/Kolkata"],
        (_, "country") => &["CH", "US", "DE"],
        (_, "postalCode") => &["8005", "007", "SW1A 1AA"],
        ("", "password") => &["{{password.2}}"],
        _ if !definition.canonical_values.is_empty() => {
            return Some(definition.canonical_values.clone());
        }
        (_, "type") if !of.is_empty() => &["work", "home", "other"],
        _ => return None,
    };
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn pick(mut variants: Vec<Value>, number: usize) -> Value {
    let many = variants.len().max(1);
    match number % many {
        at if at < variants.len() => variants.swap_remove(at),
        _ => Value::Null,
    }
}

/// Simpler values of an attribute that are still legal; each shorter when it is written, or plainer.
pub(in crate::probe) fn simpler(value: &Value, definition: &Attribute, of: &str) -> Vec<Value> {
    match value {
        Value::Array(items) => {
            let fewer = (0..items.len()).filter(|_| items.len() > 1).map(|out| {
                let kept = items.iter().enumerate().filter(|(at, _)| *at != out);
                kept.map(|(_, item)| item.clone()).collect()
            });
            let plainer = items.iter().enumerate().flat_map(|(at, item)| {
                simpler(item, definition, of)
                    .into_iter()
                    .map(move |plainer| {
                        let mut changed = items.clone();
                        changed[at] = plainer;
                        Value::Array(changed)
                    })
            });
            fewer.chain(plainer).collect()
        }
        Value::Object(members) => parts(members, definition),
        Value::String(text) if known(definition, of).is_none() => shorter(text, definition),
        Value::Number(number) => numbers(number, definition),
        _ => Vec::new(),
    }
}

fn parts(members: &Map<String, Value>, definition: &Attribute) -> Vec<Value> {
    let optional = |name: &String| definition.sub(name).is_none_or(|sub| !sub.required);
    let fewer = members
        .keys()
        .filter(|name| members.len() > 1 && optional(name))
        .map(|name| {
            let mut fewer = members.clone();
            fewer.shift_remove(name);
            Value::Object(fewer)
        });
    let plainer = members.iter().flat_map(|(name, value)| {
        let sub = definition.sub(name);
        let values = sub.map(|sub| simpler(value, sub, &definition.name));
        values.into_iter().flatten().map(|value| {
            let mut changed = members.clone();
            changed.insert(name.clone(), value);
            Value::Object(changed)
        })
    });
    fewer.chain(plainer).collect()
}

fn shorter(text: &str, definition: &Attribute) -> Vec<Value> {
    let candidates = match definition.data_type {
        DataType::String => {
            let many = text.chars().count();
            let ascii: String = text
                .chars()
                .map(|c| if c.is_ascii_graphic() { c } else { 'a' })
                .collect();
            vec![
                "a".to_owned(),
                text.chars().take(many / 2).collect(),
                text.chars().skip(many / 2).collect(),
                text.chars().skip(1).collect(),
                text.chars().take(many.saturating_sub(1)).collect(),
                ascii,
            ]
        }
        DataType::DateTime => vec![TIMES[0].to_owned()],
        DataType::Binary => vec![BINARIES[1].to_owned()],
        DataType::Reference => vec![REFERENCES[0].to_owned()],
        _ => Vec::new(),
    };
    candidates
        .into_iter()
        .filter(|it| it.len() < text.len() && !it.trim().is_empty())
        .map(Value::from)
        .collect()
}

fn numbers(number: &serde_json::Number, definition: &Attribute) -> Vec<Value> {
    if let Some(value) = number.as_i64() {
        let candidates = [1, value.signum(), value / 10];
        let smaller = candidates.into_iter().filter(|it| it.abs() < value.abs());
        return smaller.map(|it| json!(it)).collect();
    }
    if definition.data_type != DataType::Decimal {
        return Vec::new();
    }
    let text = number.to_string();
    [json!(0.5), json!(0.25), json!(0.125)]
        .into_iter()
        .filter(|it| it.to_string().len() < text.len())
        .collect()
}
