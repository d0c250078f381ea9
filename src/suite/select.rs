//! Selection: profile, `--only`, `--skip`, `--tag`, over scenarios, invariants and probes alike.

use globset::{GlobBuilder, GlobMatcher};

use super::profile::Profile;

/// How many near ids are named where a pattern matches nothing.
const NEAR: usize = 3;

/// Something that can be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What kind of case it is.
    pub kind: CandidateKind,
    /// Case id.
    pub id: String,
    /// Pack.
    pub pack: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Requirements that it can find broken.
    pub requirements: Vec<String>,
}

/// Kinds of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateKind {
    /// A scenario, or a row of it.
    Scenario,
    /// A judgement on every exchange: follows its pack, whatever tags and cases a profile names.
    Invariant,
    /// A probe.
    Probe,
}

/// A compiled selection.
#[derive(Debug)]
pub struct Selector {
    profile: Profile,
    profile_only: Vec<Pattern>,
    profile_skip: Vec<Pattern>,
    only: Vec<Pattern>,
    skip: Vec<Pattern>,
    tags: Vec<String>,
}

impl Selector {
    /// Compiles a selection.
    ///
    /// # Errors
    /// Where a pattern is no glob.
    pub fn new(
        profile: Profile,
        only: &[String],
        skip: &[String],
        tags: &[String],
    ) -> Result<Self, SelectError> {
        let compile = |patterns: &[String], flag| {
            patterns
                .iter()
                .map(|pattern| Pattern::new(pattern, flag))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            profile_only: compile(&profile.only, "only")?,
            profile_skip: compile(&profile.skip, "skip")?,
            only: compile(only, "--only")?,
            skip: compile(skip, "--skip")?,
            tags: tags.to_vec(),
            profile,
        })
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Whether something is selected.
    pub fn admits(&self, candidate: &Candidate) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(candidate));
        let tagged = |tags: &[String]| {
            tags.is_empty() || tags.iter().any(|tag| candidate.tags.contains(tag))
        };
        let by_profile = self.in_packs(candidate)
            && (candidate.kind == CandidateKind::Invariant
                || (tagged(&self.profile.tags)
                    && (self.profile_only.is_empty() || any(&self.profile_only))
                    && !any(&self.profile_skip)));
        by_profile
            && tagged(&self.tags)
            && (self.only.is_empty() || any(&self.only))
            && !any(&self.skip)
    }

    /// Whether something is left out by name.
    pub fn skips(&self, candidate: &Candidate) -> bool {
        let mut patterns = self.profile_skip.iter().chain(&self.skip);
        patterns.any(|pattern| pattern.matches(candidate))
    }

    fn in_packs(&self, candidate: &Candidate) -> bool {
        self.profile.packs.is_empty() || self.profile.packs.contains(&candidate.pack)
    }

    /// Which of the candidates are selected, in their order.
    ///
    /// # Errors
    /// Where a pattern or a tag matches none of them at all, or nothing is left.
    pub fn select(&self, candidates: &[Candidate]) -> Result<Vec<bool>, SelectError> {
        for pattern in self.only.iter().chain(&self.skip) {
            if !candidates
                .iter()
                .any(|candidate| pattern.matches(candidate))
            {
                return Err(SelectError::NoMatch {
                    flag: pattern.flag,
                    pattern: pattern.text.clone(),
                    near: near(&pattern.text, candidates),
                });
            }
        }
        for tag in &self.tags {
            if !candidates
                .iter()
                .any(|candidate| candidate.tags.contains(tag))
            {
                let mut known: Vec<&String> = candidates.iter().flat_map(|one| &one.tags).collect();
                known.sort();
                known.dedup();
                let near = super::near(tag, known.into_iter().map(String::as_str));
                return Err(SelectError::NoMatch {
                    flag: "--tag",
                    pattern: tag.clone(),
                    near: near.map(str::to_owned).into_iter().collect(),
                });
            }
        }
        let selected: Vec<bool> = candidates.iter().map(|one| self.admits(one)).collect();
        if !selected.contains(&true) {
            return Err(SelectError::Nothing {
                profile: self.profile.name.clone(),
            });
        }
        Ok(selected)
    }
}

/// A glob over case and requirement ids.
#[derive(Debug)]
struct Pattern {
    flag: &'static str,
    text: String,
    glob: GlobMatcher,
}

impl Pattern {
    fn new(text: &str, flag: &'static str) -> Result<Self, SelectError> {
        // `users.disable[legacy]` names a row; it is no class of characters.
        let escaped = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            Some((case, row)) if !case.contains(['[', ']']) => format!("{case}\\[{row}\\]"),
            _ => text.to_owned(),
        };
        let glob = GlobBuilder::new(&escaped)
            .backslash_escape(true)
            .build()
            .map_err(|error| SelectError::BadGlob {
                flag,
                pattern: text.to_owned(),
                problem: error.kind().to_string(),
            })?;
        Ok(Self {
            flag,
            text: text.to_owned(),
            glob: glob.compile_matcher(),
        })
    }

    fn matches(&self, candidate: &Candidate) -> bool {
        let scenario = candidate.id.split('[').next().unwrap_or_default();
        self.glob.is_match(&candidate.id)
            || self.glob.is_match(scenario)
            || candidate
                .requirements
                .iter()
                .any(|id| self.glob.is_match(id))
    }
}

/// The ids that look most like a pattern.
fn near(pattern: &str, candidates: &[Candidate]) -> Vec<String> {
    let plain: String = pattern.chars().filter(|c| !"*?{}\\".contains(*c)).collect();
    let mut ids: Vec<(f64, &str)> = candidates
        .iter()
        .flat_map(|one| std::iter::once(&one.id).chain(&one.requirements))
        .map(|id| (strsim::jaro_winkler(&plain, id), id.as_str()))
        .filter(|(likeness, _)| *likeness > 0.7)
        .collect();
    ids.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    ids.dedup_by(|a, b| a.1 == b.1);
    ids.into_iter()
        .take(NEAR)
        .map(|(_, id)| id.to_owned())
        .collect()
}

/// A selection that can't be used. [`SelectError::BadGlob`] is a usage error, the others mean that nothing is selected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// A pattern that is no glob.
    #[error("`{flag} {pattern}` is no glob: {problem}")]
    BadGlob {
        /// The flag.
        flag: &'static str,
        /// As written.
        pattern: String,
        /// What is wrong.
        problem: String,
    },
    /// A pattern or tag that matches nothing.
    #[error("`{flag} {pattern}` matches nothing{}", suggestion(near))]
    NoMatch {
        /// The flag.
        flag: &'static str,
        /// As written.
        pattern: String,
        /// Ids that look like it.
        near: Vec<String>,
    },
    /// Everything is left out by the selection as a whole.
    #[error("the profile `{profile}` and the selection leave nothing to run")]
    Nothing {
        /// Name of the profile.
        profile: String,
    },
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => String::new(),
        near => format!("; near it: {}", near.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates() -> Vec<Candidate> {
        let one = |kind, id: &str, pack: &str, tags: &[&str], requirement: &str| Candidate {
            kind,
            id: id.to_owned(),
            pack: pack.to_owned(),
            tags: tags.iter().map(ToString::to_string).collect(),
            requirements: vec![requirement.to_owned()],
        };
        vec![
            one(
                CandidateKind::Scenario,
                "users.delete",
                "rfc",
                &["smoke"],
                "rfc7644-3.6-a",
            ),
            one(
                CandidateKind::Scenario,
                "users.disable[legacy]",
                "rfc",
                &["users"],
                "rfc7644-3.5-b",
            ),
            one(
                CandidateKind::Scenario,
                "users.disable[modern]",
                "rfc",
                &["users"],
                "rfc7644-3.5-b",
            ),
            one(
                CandidateKind::Scenario,
                "push.create",
                "okta",
                &[],
                "okta-1",
            ),
            one(
                CandidateKind::Invariant,
                "media-type",
                "rfc",
                &[],
                "rfc7644-3.1-c",
            ),
        ]
    }

    fn select(
        profile: Profile,
        only: &[&str],
        skip: &[&str],
        tags: &[&str],
    ) -> Result<Vec<String>, SelectError> {
        let own = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let candidates = candidates();
        let selector = Selector::new(profile, &own(only), &own(skip), &own(tags))?;
        let selected = selector.select(&candidates)?;
        Ok(candidates
            .into_iter()
            .zip(selected)
            .filter(|(_, selected)| *selected)
            .map(|(candidate, _)| candidate.id)
            .collect())
    }

    #[test]
    fn patterns_tags_and_profiles_narrow_together() {
        let check =
            |profile: Profile, only: &[&str], skip: &[&str], tags: &[&str], expected: &[&str]| {
                assert_eq!(
                    select(profile, only, skip, tags).unwrap(),
                    expected,
                    "{only:?} {skip:?} {tags:?}"
                );
            };
        let all = Profile::default;
        let (legacy, modern) = ("users.disable[legacy]", "users.disable[modern]");
        check(all(), &[legacy], &[], &[], &[legacy]);
        check(all(), &["users.disable"], &[], &[], &[legacy, modern]);
        check(all(), &["users.disable[m*]"], &[], &[], &[modern]);
        check(
            all(),
            &["users.*"],
            &["*[legacy]"],
            &[],
            &["users.delete", modern],
        );
        check(all(), &["rfc7644-3.6-*"], &[], &[], &["users.delete"]);
        check(
            all(),
            &["push.*", "media-type"],
            &[],
            &[],
            &["push.create", "media-type"],
        );
        check(all(), &[], &[], &["users"], &[legacy, modern]);
        let smoke = Profile {
            packs: vec!["rfc".into()],
            tags: vec!["smoke".into()],
            ..all()
        };
        check(smoke, &[], &[], &[], &["users.delete", "media-type"]);
        check(Profile::of_pack("okta"), &[], &[], &[], &["push.create"]);
    }

    #[test]
    fn what_matches_nothing_is_an_error_with_near_ids() {
        let check = |only: &[&str], skip: &[&str], tags: &[&str], expected: &str| {
            let error = select(Profile::default(), only, skip, tags).unwrap_err();
            assert_eq!(error.to_string(), expected);
        };
        check(
            &["users.delet"],
            &[],
            &[],
            "`--only users.delet` matches nothing; near it: users.delete, users.disable[legacy], users.disable[modern]",
        );
        check(&["zzz"], &[], &[], "`--only zzz` matches nothing");
        check(
            &["users.*", "zzz"],
            &[],
            &[],
            "`--only zzz` matches nothing",
        );
        check(&[], &["zzz"], &[], "`--skip zzz` matches nothing");
        check(
            &[],
            &[],
            &["smok"],
            "`--tag smok` matches nothing; near it: smoke",
        );
        check(
            &["push.create"],
            &["push.*"],
            &[],
            "the profile `` and the selection leave nothing to run",
        );
        check(
            &["a{"],
            &[],
            &[],
            "`--only a{` is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
        );
    }
}
