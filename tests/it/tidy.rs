//! House rules that no compiler checks: budgets of files and functions, module docs, forbidden words.

use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::source;

const FILE_BUDGET: usize = 400;
const FUNCTION_BUDGET: usize = 60;

/// Words that stand for work left undone.
const UNDONE: &[&str] = &["TODO", "XXX", "HACK"];

#[test]
fn files_stay_small() {
    let wrong: Vec<String> = source::files("src", "rs")
        .iter()
        .filter(|path| !source::slashed(path).ends_with("/tests.rs"))
        .filter_map(|path| {
            let text = source::text(path);
            let lines = text
                .lines()
                .take_while(|line| line.trim() != "#[cfg(test)]")
                .count();
            (lines > FILE_BUDGET).then(|| format!("{}: {lines} lines", path.display()))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "over {FILE_BUDGET} lines without tests:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn functions_stay_small() {
    let mut wrong = Vec::new();
    for path in source::files("src", "rs") {
        let name = source::slashed(&path);
        if name.ends_with("/tests.rs") || name.contains("/tests/") {
            continue;
        }
        let file = syn::parse_file(&source::text(&path)).expect("a source file parses");
        let mut functions = Functions::default();
        functions.visit_file(&file);
        for (name, lines) in functions.long {
            wrong.push(format!("{}: {name} has {lines} lines", path.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "over {FUNCTION_BUDGET} lines:\n{}",
        wrong.join("\n")
    );
}

#[derive(Default)]
struct Functions {
    long: Vec<(String, usize)>,
}

impl Functions {
    fn measure(&mut self, name: &syn::Ident, block: &syn::Block) {
        let lines = block.span().end().line - block.span().start().line + 1;
        if lines > FUNCTION_BUDGET {
            self.long.push((name.to_string(), lines));
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.measure(&function.sig.ident, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let wrong: Vec<String> = ["src", "tests"]
        .iter()
        .flat_map(|folder| source::files(folder, "rs"))
        .filter(|path| !source::text(path).starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(
        wrong.is_empty(),
        "without `//!` at the top:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn nothing_is_left_undone() {
    let mut wrong = Vec::new();
    for path in source::files("src", "rs") {
        for (number, line) in source::text(&path).lines().enumerate() {
            let comment = line.find("//").map_or("", |at| &line[at..]);
            if UNDONE.iter().any(|word| comment.contains(word)) || line.contains("#[ignore") {
                wrong.push(format!(
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No fault is named outside the provider's fault folder, so that the faultless path stays readable.
#[test]
fn faults_are_named_in_one_place() {
    let names: Vec<String> = source::files("src/provider/fault", "rs")
        .iter()
        .filter_map(|path| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
        })
        .filter(|stem| stem != "mod")
        .collect();
    let mut wrong = Vec::new();
    for path in source::files("src/provider", "rs") {
        let name = source::slashed(&path);
        if name.starts_with("src/provider/fault") {
            continue;
        }
        let text = source::text(&path);
        for fault in &names {
            if text.contains(&format!("fault::{fault}")) {
                wrong.push(format!("{name} names the fault {fault}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
