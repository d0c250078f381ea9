//! The command line: one file a subcommand.

mod caret;
mod choice;
mod cleanup;
mod completions;
mod config;
mod console;
mod credential;
mod diff;
mod effort;
mod embedded;
pub mod exit;
mod explain;
mod lint;
mod list;
mod load;
mod option;
mod output;
mod plan;
mod prepare;
mod record;
mod recorded;
mod regression;
mod report;
mod schema;
mod secret;
mod serve;
mod signal;
mod stock;
mod target;
mod test;
mod value;
mod wire;

use clap::{Parser, Subcommand};

use self::config::Config;
use self::console::Console;
use self::exit::{Exit, Failure};
use self::option::CommonFlags;

/// Tells a SCIM 2.0 service provider the truth about itself.
#[derive(Parser, Debug)]
#[command(name = "scimitar", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: CommonFlags,
}

#[derive(Subcommand, Debug)]
enum Command {
    Test(Box<test::Args>),
    Load(Box<load::Args>),
    Serve(serve::Args),
    List(list::Args),
    Explain(explain::Args),
    Lint(lint::Args),
    Report(report::Args),
    Diff(diff::Args),
    Schema(schema::Args),
    Record(Box<record::Args>),
    Cleanup(cleanup::Args),
    Completions(completions::Args),
}

/// Parses the arguments of the process, runs the command, and gives its exit code.
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // A closed stream must not change the code.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Ok.into()
            };
        }
    };
    match dispatch(cli) {
        Ok(code) => code,
        Err(failure) => {
            console::say(&format!("scimitar: {}", failure.message));
            failure.exit.into()
        }
    }
}

fn dispatch(cli: Cli) -> Result<u8, Failure> {
    let config = Config::load(cli.common.config.as_deref())?;
    let console = Console::of(&cli.common, &config);
    match cli.command {
        Command::Test(args) => test::run(&args, &config, console),
        Command::Load(args) => load::dispatch(&args, &config, console),
        Command::Serve(args) => serve::run(&args, console),
        Command::List(args) => list::run(&args, &config),
        Command::Explain(args) => explain::run(&args, &config),
        Command::Lint(args) => lint::run(&args, console),
        Command::Report(args) => report::run(&args, console),
        Command::Diff(args) => diff::run(&args, console),
        Command::Schema(args) => schema::run(&args, &config, console),
        Command::Record(args) => record::run(&args, &config, console),
        Command::Cleanup(args) => cleanup::run(&args, &config, console),
        Command::Completions(args) => completions::run(&args),
    }
}
