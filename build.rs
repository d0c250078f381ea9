//! Tells cargo which folders are embedded in the binary, so that a new file in them is seen.

fn main() {
    for folder in ["suites", "fixtures"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
