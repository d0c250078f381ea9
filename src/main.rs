//! The command `scimitar`: parses its arguments, dispatches, exits.

fn main() {}
