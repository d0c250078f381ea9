//! Rebuilds the crate when an embedded suite file comes, goes or changes.

fn main() {
    println!("cargo:rerun-if-changed=suites");
}
