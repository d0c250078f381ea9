//! Invented values in the place of personal ones: of the same length, case and kind of characters,
//! and the same for the same value.
//!
//! They follow from a seed that is drawn anew for each recording, so that nobody can tell a name
//! by trying it.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rand_chacha::rand_core::Rng as _;
use regex::Regex;

use crate::seed::Seed;

const VOWELS: &[u8] = b"aeiou";
const CONSONANTS: &[u8] = b"bcdfghjklmnprstvwz";
const CASED: [char; 8] = ['é', 'à', 'ü', 'ø', 'ñ', 'ç', 'ö', 'å'];
const UNCASED: [char; 10] = ['天', '地', '山', '川', '木', '火', '土', '金', '水', '月'];

/// Stands for the picture in an inline photo: one transparent dot.
const DOT: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/// How often another value is drawn where one is taken.
const TRIES: u64 = 64;

/// Makes values up, and remembers which stands for which.
pub(super) struct Inventor {
    seed: Seed,
    known: HashMap<String, String>,
    taken: HashSet<String>,
    day: Option<Regex>,
}

impl Inventor {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            seed,
            known: HashMap::new(),
            taken: HashSet::new(),
            day: Regex::new(r"^(\d{4})-\d{2}-\d{2}($|T.*$)").ok(),
        }
    }

    /// A text of the same shape: each word and each number becomes another, all else stays. A date
    /// stays one, a UUID too.
    pub(super) fn text(&mut self, text: &str) -> String {
        if let Some(date) = self.date(text) {
            return date;
        }
        if is_uuid(text) {
            let drawn = self.one(text, |rng, index, c| match index {
                // Version and variant.
                14 | 19 => c,
                _ if c.is_ascii_hexdigit() => char::from_digit(draw(rng, 16), 16).unwrap_or(c),
                _ => c,
            });
            let is_upper = text.contains(char::is_uppercase);
            return if is_upper {
                drawn.to_uppercase()
            } else {
                drawn.to_lowercase()
            };
        }
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars() {
            let same_kind = word
                .chars()
                .last()
                .is_none_or(|last| last.is_numeric() == c.is_numeric());
            if !c.is_alphanumeric() || !same_kind {
                out.push_str(&self.word(&std::mem::take(&mut word)));
            }
            if c.is_alphanumeric() {
                word.push(c);
            } else {
                out.push(c);
            }
        }
        out + &self.word(&word)
    }

    /// Words of a text that were replaced elsewhere become what they became there.
    pub(super) fn again(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut word = String::new();
        let end = std::iter::once(None);
        for c in text.chars().map(Some).chain(end) {
            match c {
                Some(c) if c.is_alphabetic() => word.push(c),
                other => {
                    let known = self
                        .known
                        .get(&lower(&word))
                        .filter(|_| word.chars().count() > 2);
                    match known {
                        Some(known) => out.push_str(&cased(&word, known)),
                        None => out.push_str(&word),
                    }
                    word.clear();
                    out.extend(other);
                }
            }
        }
        out
    }

    /// A telephone number of the range that is kept for examples, as long as its digits allow.
    pub(super) fn phone(&mut self, text: &str) -> String {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let count = digits.len();
        if count < 7 {
            return self.text(text);
        }
        let drawn = self.one(&format!("tel{digits}"), |rng, _, c| match c {
            '0'..='9' => char::from_digit(draw(rng, 10), 10).unwrap_or(c),
            c => c,
        });
        let tail = drawn.get(drawn.len() - 2..).unwrap_or("00");
        let full = format!("{}120255501{tail}", "0".repeat(count.saturating_sub(11)));
        let mut digits = full.get(full.len() - count..).unwrap_or_default().chars();
        text.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    digits.next().unwrap_or(c)
                } else {
                    c
                }
            })
            .collect()
    }

    /// Other bytes, as many.
    pub(super) fn binary(&mut self, text: &str) -> String {
        let Ok(mut bytes) = STANDARD.decode(text) else {
            return self.text(text);
        };
        self.seed.derive(text).rng().fill_bytes(&mut bytes);
        STANDARD.encode(bytes)
    }

    /// An address at example.com, with another path of the same shape.
    pub(super) fn url(&mut self, text: &str) -> String {
        if let Some((head, _)) = text
            .split_once(";base64,")
            .filter(|(head, _)| head.starts_with("data:"))
        {
            return format!("{head};base64,{DOT}");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            return self.text(text);
        };
        let path = rest
            .find('/')
            .and_then(|at| rest.get(at..))
            .unwrap_or_default();
        let ending = path.rfind('.').filter(|at| path.len() - at <= 5);
        let (stem, ending) = path.split_at(ending.unwrap_or(path.len()));
        format!("{scheme}://example.com{}{ending}", self.text(stem))
    }

    fn word(&mut self, word: &str) -> String {
        if word.is_empty() {
            return String::new();
        }
        self.one(word, |rng, index, c| {
            let from = |ascii: &[u8]| ascii.iter().copied().map(char::from).collect::<Vec<char>>();
            match c {
                '1'..='9' if index == 0 => pick(rng, &from(b"123456789")),
                '0'..='9' => pick(rng, &from(b"0123456789")),
                'a' | 'e' | 'i' | 'o' | 'u' => pick(rng, &from(VOWELS)),
                'a'..='z' => pick(rng, &from(CONSONANTS)),
                c if c.is_lowercase() => pick(rng, &CASED),
                c if c.is_alphabetic() => pick(rng, &UNCASED),
                c => c,
            }
        })
    }

    /// A date in another month of a year near by, the time of day as it was.
    fn date(&mut self, text: &str) -> Option<String> {
        let found = self.day.as_ref()?.captures(text)?;
        let year: u32 = found.get(1)?.as_str().parse().ok()?;
        let rest = found.get(2)?.as_str();
        let mut rng = self.seed.derive(text).rng();
        let year = (year + draw(&mut rng, 5)).saturating_sub(2);
        let (month, day) = (1 + draw(&mut rng, 12), 1 + draw(&mut rng, 28));
        Some(format!("{year:04}-{month:02}-{day:02}{rest}"))
    }

    /// What stands for a value: drawn character by character, unlike it and unlike all others.
    fn one(
        &mut self,
        value: &str,
        mut change: impl FnMut(&mut rand_chacha::ChaCha8Rng, usize, char) -> char,
    ) -> String {
        let key = lower(value);
        if let Some(known) = self.known.get(&key) {
            return cased(value, known);
        }
        let mut drawn = String::new();
        for number in 0..TRIES {
            let mut rng = self.seed.derive(&key).nth(number).rng();
            drawn = key
                .chars()
                .enumerate()
                .map(|(index, c)| change(&mut rng, index, c))
                .collect();
            if drawn != key && !self.taken.contains(&drawn) && !self.known.contains_key(&drawn) {
                break;
            }
        }
        self.taken.insert(drawn.clone());
        self.known.insert(key, drawn.clone());
        cased(value, &drawn)
    }
}

fn pick(rng: &mut rand_chacha::ChaCha8Rng, from: &[char]) -> char {
    let below = u32::try_from(from.len()).unwrap_or(1);
    let at = usize::try_from(draw(rng, below)).unwrap_or_default();
    from.get(at).copied().unwrap_or('x')
}

fn draw(rng: &mut rand_chacha::ChaCha8Rng, below: u32) -> u32 {
    rng.next_u32() % below
}

/// Lower case, character by character, so that the length stays.
fn lower(text: &str) -> String {
    text.chars()
        .map(|c| c.to_lowercase().next().unwrap_or(c))
        .collect()
}

/// The letters of `drawn` in the case of those of `like`.
fn cased(like: &str, drawn: &str) -> String {
    like.chars()
        .zip(drawn.chars())
        .map(|(like, c)| {
            if like.is_uppercase() {
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(index, c)| match index {
            8 | 13 | 18 | 23 => c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_value_keeps_its_shape_and_is_the_same_everywhere() {
        let mut inventor = Inventor::new(Seed(7));
        let whole = inventor.text("Ms. Barbara JENSEN-Smith 3rd");
        let parts = [
            inventor.text("Barbara"),
            inventor.text("Jensen"),
            inventor.text("smith"),
        ];
        assert!(whole.starts_with(|c: char| c.is_uppercase()) && !whole.contains("Barbara"));
        assert!(whole.contains(&parts[0]), "{whole} {parts:?}");
        assert!(
            whole.contains(&parts[1].to_uppercase()),
            "{whole} {parts:?}"
        );
        assert!(
            whole.to_lowercase().contains(&parts[2]),
            "{whole} {parts:?}"
        );
        assert_eq!(
            inventor.again("about barbara and others"),
            format!("about {} and others", parts[0].to_lowercase())
        );
    }

    #[test]
    fn numbers_dates_and_addresses_stay_what_they_are() {
        let mut inventor = Inventor::new(Seed(7));
        let check = |got: String, pattern: &str| {
            assert!(Regex::new(pattern).unwrap().is_match(&got), "{got}");
        };
        check(
            inventor.phone("+49 (30) 901820-12"),
            r"^\+\d\d \(\d\d\) \d55501-\d\d$",
        );
        check(
            inventor.phone("tel:+1-415-555-2671"),
            r"^tel:\+1-202-555-01\d\d$",
        );
        check(inventor.phone("4711"), r"^\d{4}$");
        check(
            inventor.binary("AAECAwQFBgcICQ=="),
            r"^[A-Za-z0-9+/]{13}[AQgw]==$",
        );
        check(
            inventor.text("1984-07-23"),
            r"^198[2-6]-(0[1-9]|1[0-2])-[0-2]\d$",
        );
        check(
            inventor.text("1984-07-23T10:00:00Z"),
            r"^198[2-6]-\d\d-\d\dT10:00:00Z$",
        );
        check(
            inventor.url("https://photos.corp.test/b/jensen.png"),
            r"^https://example\.com/[^/]/[a-z]{6}\.png$",
        );
        check(
            inventor.url("data:image/png;base64,AAAA"),
            r"^data:image/png;base64,iVBOR",
        );
        check(
            inventor.text("2819C223-7F76-453A-919D-413861904646"),
            r"^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-9[0-9A-F]{3}-[0-9A-F]{12}$",
        );
    }

    proptest! {
        #[test]
        fn no_word_of_three_letters_or_more_stays(text in "[a-zA-Zäß]{3,12}( [a-zA-Z]{3,9}){0,3}", seed: u64) {
            let mut inventor = Inventor::new(Seed(seed));
            let drawn = inventor.text(&text);
            prop_assert_eq!(drawn.chars().count(), text.chars().count());
            for (word, other) in text.split(' ').zip(drawn.split(' ')) {
                prop_assert!(word.to_lowercase() != other.to_lowercase());
            }
            prop_assert_eq!(inventor.text(&text), drawn);
        }
    }
}
