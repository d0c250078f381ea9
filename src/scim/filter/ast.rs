//! The syntax tree of a filter.

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// `a or b`
    Or(Box<Filter>, Box<Filter>),
    /// `a and b`
    And(Box<Filter>, Box<Filter>),
    /// `not (a)`
    Not(Box<Filter>),
    /// `attribute pr`
    Present(AttributePath),
    /// `attribute op value`
    Compare(AttributePath, Comparison),
    /// `attribute[filter]`
    ValuePath(AttributePath, Box<ValueFilter>),
}

/// A filter inside brackets: the same without value paths; its attribute paths name sub-attributes.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueFilter {
    /// `a or b`
    Or(Box<ValueFilter>, Box<ValueFilter>),
    /// `a and b`
    And(Box<ValueFilter>, Box<ValueFilter>),
    /// `not (a)`
    Not(Box<ValueFilter>),
    /// `attribute pr`
    Present(AttributePath),
    /// `attribute op value`
    Compare(AttributePath, Comparison),
}

/// `[urn:]name[.sub]`, spelled as written; comparisons ignore case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// Schema URN, without the colon that ends it.
    pub urn: Option<String>,
    /// Attribute name.
    pub name: String,
    /// Sub-attribute name.
    pub sub: Option<String>,
}

impl AttributePath {
    /// A path to an attribute, without URN.
    pub fn new(name: impl Into<String>, sub: Option<&str>) -> Self {
        Self {
            urn: None,
            name: name.into(),
            sub: sub.map(String::from),
        }
    }

    /// The whole path read as one URN: a bare schema URN (`…:enterprise:2.0:User`) parses as a
    /// path to an attribute `User`, so whoever knows the schemas asks here first. Absent where
    /// the path has no URN.
    pub fn as_urn(&self) -> Option<String> {
        self.urn.as_ref().map(|_| self.to_string())
    }

    /// Whether both name the same place; names and URNs compare without case.
    pub fn same(&self, other: &Self) -> bool {
        let alike = |a: Option<&String>, b: Option<&String>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            (None, None) => true,
            _ => false,
        };
        self.name.eq_ignore_ascii_case(&other.name)
            && alike(self.urn.as_ref(), other.urn.as_ref())
            && alike(self.sub.as_ref(), other.sub.as_ref())
    }
}

/// An operator and its operand.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Operator.
    pub op: CompareOp,
    /// Operand.
    pub value: Literal,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    Ne,
    Co,
    Sw,
    Ew,
    Gt,
    Ge,
    Lt,
    Le,
}

impl CompareOp {
    /// All operators, as RFC 7644 Table 3 lists them.
    pub const ALL: [Self; 9] = [
        Self::Eq,
        Self::Ne,
        Self::Co,
        Self::Sw,
        Self::Ew,
        Self::Gt,
        Self::Ge,
        Self::Lt,
        Self::Le,
    ];

    /// The keyword, in lower case.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Co => "co",
            Self::Sw => "sw",
            Self::Ew => "ew",
            Self::Gt => "gt",
            Self::Ge => "ge",
            Self::Lt => "lt",
            Self::Le => "le",
        }
    }

    /// The operator of a keyword, compared without case.
    pub fn of(keyword: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|op| op.keyword().eq_ignore_ascii_case(keyword))
    }

    /// Whether it asks for an order: `gt ge lt le`.
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Gt | Self::Ge | Self::Lt | Self::Le)
    }

    /// Whether it looks into a text: `co sw ew`.
    pub fn is_substring(self) -> bool {
        matches!(self, Self::Co | Self::Sw | Self::Ew)
    }
}

/// An operand: a JSON literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number: an integer where it fits 64 bits, else a double.
    Number(serde_json::Number),
    /// A string, escapes resolved.
    String(String),
}
