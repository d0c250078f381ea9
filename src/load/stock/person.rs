//! People and teams that might exist: what their resources say follows from seed and number alone.

use std::fmt::Write as _;

use rand_chacha::rand_core::Rng as _;

use super::name::{DEPARTMENTS, FAMILY, GIVEN, SITES, TITLES};
use crate::seed::Seed;

/// What varies from resource to resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// Part of a userName or displayName that no other number has.
    Slug,
    Given,
    Family,
    Title,
    Department,
    City,
    Country,
    Locale,
    Zone,
    Phone,
    Employee,
    CostCentre,
    /// Members of a group, a JSON array.
    Members,
}

impl Detail {
    pub(super) const ALL: [Self; 13] = [
        Self::Slug,
        Self::Given,
        Self::Family,
        Self::Title,
        Self::Department,
        Self::City,
        Self::Country,
        Self::Locale,
        Self::Zone,
        Self::Phone,
        Self::Employee,
        Self::CostCentre,
        Self::Members,
    ];
}

/// One person, or a team by its department and site.
#[derive(Clone, Debug)]
pub(super) struct Person {
    number: u64,
    team: bool,
    given: &'static str,
    family: &'static str,
    title: &'static str,
    department: &'static str,
    site: &'static [&'static str; 5],
    digits: u32,
}

impl Person {
    /// The person, or the team, with this number.
    pub(super) fn nth(seed: Seed, number: u64, team: bool) -> Self {
        let part = if team { "seed team" } else { "seed person" };
        let mut random = seed.derive(part).nth(number).rng();
        let mut below = |most: usize| random.next_u32() as usize % most.max(1);
        Self {
            given: pick(GIVEN, below(GIVEN.len())),
            family: pick(FAMILY, below(FAMILY.len())),
            title: pick(TITLES, below(TITLES.len())),
            department: pick(DEPARTMENTS, below(DEPARTMENTS.len())),
            site: SITES.get(below(SITES.len())).unwrap_or(&[""; 5]),
            digits: u32::try_from(below(10_000)).unwrap_or(0),
            number,
            team,
        }
    }

    /// Writes a detail. None of them holds what JSON has to escape.
    pub(super) fn write(&self, detail: Detail, out: &mut String) {
        let [city, country, locale, zone, phone] = *self.site;
        match detail {
            Detail::Slug if self.team => {
                fold(self.department, out);
                out.push('-');
                fold(city, out);
                let _ = write!(out, "-{}", self.number + 1);
            }
            Detail::Slug => {
                fold(self.given, out);
                out.push('.');
                fold(self.family, out);
                let _ = write!(out, ".{}", self.number + 1);
            }
            Detail::Given => out.push_str(self.given),
            Detail::Family => out.push_str(self.family),
            Detail::Title => out.push_str(self.title),
            Detail::Department => out.push_str(self.department),
            Detail::City => out.push_str(city),
            Detail::Country => out.push_str(country),
            Detail::Locale => out.push_str(locale),
            Detail::Zone => out.push_str(zone),
            Detail::Phone => {
                let _ = write!(out, "tel:{phone}-555-{:04}", self.digits);
            }
            Detail::Employee => {
                let _ = write!(out, "{:06}", self.number + 1);
            }
            Detail::CostCentre => {
                let _ = write!(out, "{}", 1000 + self.digits % 40 * 10);
            }
            Detail::Members => out.push_str("[]"),
        }
    }
}

fn pick(all: &[&'static str], at: usize) -> &'static str {
    all.get(at).copied().unwrap_or_default()
}

/// Writes a name in lower-case ASCII letters, as login names are made of it.
fn fold(name: &str, out: &mut String) {
    for letter in name.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'a'..='z' => {
                out.push(letter);
                continue;
            }
            'à'..='ã' | 'ą' => "a",
            'ä' => "ae",
            'å' => "aa",
            'ç' | 'č' => "c",
            'è'..='ë' | 'ę' => "e",
            'ì'..='ï' | 'ı' => "i",
            'ł' => "l",
            'ñ' | 'ń' => "n",
            'ò'..='õ' => "o",
            'ö' | 'ø' => "oe",
            'ř' => "r",
            'š' => "s",
            'ù'..='û' => "u",
            'ü' => "ue",
            'ý' => "y",
            'ž' => "z",
            // Blanks, apostrophes.
            _ => "",
        };
        out.push_str(plain);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn told(seed: u64, number: u64, team: bool, detail: Detail) -> String {
        let mut out = String::new();
        Person::nth(Seed(seed), number, team).write(detail, &mut out);
        out
    }

    #[test]
    fn people_follow_from_seed_and_number_and_no_two_share_a_name() {
        for team in [false, true] {
            let slugs: BTreeSet<String> = (0..2000)
                .map(|number| told(1, number, team, Detail::Slug))
                .collect();
            assert_eq!(slugs.len(), 2000);
            let login = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
            assert!(slugs.iter().all(|slug| slug.chars().all(login)));
        }
        for detail in Detail::ALL {
            let text = told(1, 7, false, detail);
            assert_eq!(text, told(1, 7, false, detail));
            assert!(!text.contains(['"', '\\']) && !text.is_empty());
        }
        let given = |seed| (0..20).map(move |number| told(seed, number, false, Detail::Given));
        assert!(given(1).ne(given(2)));
    }

    #[test]
    fn every_name_of_the_lists_folds_to_letters() {
        for name in GIVEN.iter().chain(FAMILY).chain(DEPARTMENTS) {
            let mut out = String::new();
            fold(name, &mut out);
            let letters = name.chars().filter(|c| c.is_alphabetic()).count();
            assert!(out.len() >= letters, "{name}: {out}");
            assert!(!name.contains(['"', '\\']));
        }
    }
}
