//! What may fairly become of a write, and whether what a server did is among it.

use serde_json::Value;

use crate::scim::error::ScimType;
use crate::scim::resource::Difference;
use crate::scim::schema::SchemaSet;

mod state;

use state::Comparison;

/// How well an outcome agrees with the RFC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// As it says, or as it leaves open.
    Fair,
    /// Against a SHOULD, or on a credible competing reading.
    Warned,
}

/// A success and the state it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// The resource afterwards; `meta` is as before.
    pub resource: Value,
    /// How well that agrees with the RFC.
    pub grade: Grade,
}

/// A refusal; the state stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Fair statuses.
    pub statuses: Vec<u16>,
    /// Fair keywords.
    pub keywords: Vec<ScimType>,
    /// Keywords that deserve a warning.
    pub tolerated: Vec<ScimType>,
    /// How well the refusal agrees with the RFC.
    pub grade: Grade,
}

impl Refused {
    /// A refusal with 400 and any of some keywords.
    pub(super) fn with(keywords: &[ScimType]) -> Self {
        Self {
            statuses: vec![400],
            keywords: keywords.to_vec(),
            tolerated: Vec::new(),
            grade: Grade::Fair,
        }
    }

    pub(super) fn statuses(mut self, statuses: &[u16]) -> Self {
        self.statuses = statuses.to_vec();
        self
    }

    pub(super) fn tolerating(mut self, keywords: &[ScimType]) -> Self {
        self.tolerated = keywords.to_vec();
        self
    }
}

/// Everything that may fairly become of one write.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcomes {
    /// Successes, fair ones first.
    pub done: Vec<Done>,
    /// Refusals, fair ones first.
    pub refused: Vec<Refused>,
    /// Whether all were found: a request may raise too many questions.
    pub complete: bool,
    before: Value,
    request: Value,
}

/// Why what a server did is not among the outcomes.
#[derive(Clone, Debug, PartialEq)]
pub enum Miss {
    /// It succeeded where it had to refuse.
    MustRefuse,
    /// It refused where it had to succeed.
    MustSucceed,
    /// It refused with a status that does not fit: which would.
    Status(Vec<u16>),
    /// It succeeded and left another state.
    State(Box<Difference>),
}

impl Outcomes {
    pub(super) fn new(
        results: Vec<(Result<Value, Refused>, Grade)>,
        complete: bool,
        before: &Value,
        request: &Value,
    ) -> Self {
        let mut outcomes = Self {
            done: Vec::new(),
            refused: Vec::new(),
            complete,
            before: before.clone(),
            request: request.clone(),
        };
        for (result, grade) in results {
            match result {
                Ok(resource) => outcomes.add_done(Done { resource, grade }),
                Err(refused) => outcomes.add_refused(Refused { grade, ..refused }),
            }
        }
        outcomes.done.sort_by_key(|it| it.grade);
        outcomes.refused.sort_by_key(|it| it.grade);
        outcomes
    }

    fn add_done(&mut self, new: Done) {
        match self.done.iter_mut().find(|it| it.resource == new.resource) {
            Some(old) => old.grade = old.grade.min(new.grade),
            None => self.done.push(new),
        }
    }

    fn add_refused(&mut self, new: Refused) {
        let same = |it: &&mut Refused| {
            (&it.statuses, &it.keywords, &it.tolerated)
                == (&new.statuses, &new.keywords, &new.tolerated)
        };
        match self.refused.iter_mut().find(same) {
            Some(old) => old.grade = old.grade.min(new.grade),
            None => self.refused.push(new),
        }
    }

    /// Whether the server has to refuse.
    pub fn must_refuse(&self) -> bool {
        self.done.is_empty()
    }

    /// Whether the server has to succeed.
    pub fn must_succeed(&self) -> bool {
        self.refused.is_empty()
    }

    /// Judges a success by the state that a read shows afterwards. What the server supplies by
    /// itself (`meta`, `$ref`, `display`, computed names, defaults) is not compared.
    ///
    /// # Errors
    /// Why no outcome fits; the difference is to the fairest success.
    pub fn judge_state(&self, after: &Value, schemas: &SchemaSet) -> Result<Grade, Miss> {
        let comparison = Comparison::new(&self.before, &self.request, schemas);
        let mut miss = None;
        for done in &self.done {
            match comparison.agree(&done.resource, after) {
                Ok(()) => return Ok(done.grade),
                Err(difference) => miss = miss.or(Some(difference)),
            }
        }
        Err(miss.map_or(Miss::MustRefuse, Miss::State))
    }

    /// Judges that a read after a refusal shows what was there before.
    ///
    /// # Errors
    /// Where it differs.
    pub fn judge_untouched(
        &self,
        after: &Value,
        schemas: &SchemaSet,
    ) -> Result<(), Box<Difference>> {
        Comparison::new(&self.before, &self.request, schemas).agree(&self.before, after)
    }

    /// Judges a refusal by status and keyword; a missing keyword is as good as a fair one.
    ///
    /// # Errors
    /// Why no outcome fits.
    pub fn judge_refusal(&self, status: u16, keyword: Option<&str>) -> Result<Grade, Miss> {
        if self.refused.is_empty() {
            return Err(Miss::MustSucceed);
        }
        let grade_of = |refused: &Refused| {
            if !refused.statuses.contains(&status) {
                return None;
            }
            let named = |keywords: &[ScimType]| {
                keyword.is_none_or(|it| keywords.iter().any(|known| known.keyword() == it))
            };
            Some(if named(&refused.keywords) {
                refused.grade
            } else {
                Grade::Warned
            })
        };
        let best = self.refused.iter().filter_map(grade_of).min();
        best.ok_or_else(|| {
            let mut statuses: Vec<_> = self
                .refused
                .iter()
                .flat_map(|it| it.statuses.clone())
                .collect();
            statuses.sort_unstable();
            statuses.dedup();
            Miss::Status(statuses)
        })
    }
}
