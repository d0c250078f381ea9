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

/// An operand: a JSON literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, with its digits as written.
    Number(serde_json::Number),
    /// A string, escapes resolved.
    String(String),
}
