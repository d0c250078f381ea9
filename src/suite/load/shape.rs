//! The schedule of an open model, as it is written.

use super::super::tree::Node;
use super::key;
use super::model::{Arrival, Shape, Step};
use super::reader::Reader;

impl Reader<'_> {
    /// Reads `open`.
    pub(super) fn arrival(&mut self, node: &Node) -> Option<Arrival> {
        let members = self.map(node, "`open`", key::OPEN)?;
        let poisson = self.word(node, "arrival", key::ARRIVAL) == Some("poisson");
        let mut shapes = members
            .iter()
            .filter(|(key, _)| key::SHAPES.contains(&key.name.as_str()));
        let Some((key, inner)) = shapes.next() else {
            let help = format!("it has one of {}", key::SHAPES.join(", "));
            self.wrong(&node.span, "`open` has no rate", Some(help));
            return None;
        };
        if let Some((second, _)) = shapes.next() {
            let message = format!("`{}` is there already", key.name);
            self.wrong(&second.span, message, None);
        }
        let shape = match key.name.as_str() {
            "rate" => Shape::Constant(self.rate(node, "rate")?),
            "ramp" => self.ramp(inner)?,
            "steps" => self.steps(inner)?,
            "spike" => self.spike(inner)?,
            _ => self.breakpoint(inner)?,
        };
        Some(Arrival { shape, poisson })
    }

    fn ramp(&mut self, node: &Node) -> Option<Shape> {
        self.map(node, "`ramp`", key::RAMP)?;
        let (from, to) = (self.rate(node, "from"), self.rate(node, "to"));
        Some(Shape::Ramp {
            from: from?,
            to: to?,
        })
    }

    fn steps(&mut self, node: &Node) -> Option<Shape> {
        let Some(items) = node.items().filter(|items| !items.is_empty()) else {
            let message = format!("`steps` is a list of rates, this is {}", node.described());
            let help = Some("`steps: [{ rate: 10, for: 30s }]`".to_owned());
            self.wrong(&node.span, message, help);
            return None;
        };
        let steps: Vec<Option<Step>> = items.iter().map(|item| self.one_step(item)).collect();
        steps
            .into_iter()
            .collect::<Option<Vec<_>>>()
            .map(Shape::Steps)
    }

    fn one_step(&mut self, node: &Node) -> Option<Step> {
        self.map(node, "a step", key::STEP)?;
        let (rate, lasts) = (self.rate(node, "rate"), self.needed(node, "for"));
        Some(Step {
            rate: rate?,
            lasts: lasts?,
        })
    }

    fn spike(&mut self, node: &Node) -> Option<Shape> {
        self.map(node, "`spike`", key::SPIKE)?;
        let (base, peak) = (self.rate(node, "base"), self.rate(node, "peak"));
        let (at, lasts) = (self.needed(node, "at"), self.needed(node, "for"));
        Some(Shape::Spike {
            base: base?,
            peak: peak?,
            at: at?,
            lasts: lasts?,
        })
    }

    fn breakpoint(&mut self, node: &Node) -> Option<Shape> {
        self.map(node, "`breakpoint`", key::BREAKPOINT)?;
        let (from, by, to) = (
            self.rate(node, "from"),
            self.rate(node, "by"),
            self.rate(node, "to"),
        );
        let every = self.needed(node, "every");
        if let (Some(from), Some(to), Some(at)) = (from, to, node.get("to"))
            && to < from
        {
            let message = format!("`to` is less than `from`, which is {from}: the rate rises");
            self.wrong(&at.span, message, None);
        }
        let shape = Shape::Breakpoint {
            from: from?,
            by: by?,
            every: every?,
            to: to?,
        };
        Some(shape)
    }

    /// A length of time that has to be there and is some.
    fn needed(&mut self, node: &Node, name: &str) -> Option<std::time::Duration> {
        match node.get(name) {
            None => {
                self.wrong(&node.span, format!("`{name}` is missing"), None);
                None
            }
            Some(at) => {
                let time = self.time(node, name)?;
                if time.is_zero() {
                    self.wrong(&at.span, format!("`{name}` is no time at all"), None);
                    return None;
                }
                Some(time)
            }
        }
    }
}
