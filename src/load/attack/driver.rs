//! goose, which launches the users and runs their transactions.
//!
//! It sends nothing, counts nothing, logs nothing and listens nowhere; it knows no credential.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use filedescriptor::{FileDescriptor, StdioDescriptor};
use goose::GooseAttack;
use goose::client::GooseClientBuilder;
use goose::config::GooseConfiguration;
use goose::goose::{GooseUser, Scenario, Transaction, TransactionFunction};

use super::field::Field;
use super::user::User;

/// Swallows what goose logs, which otherwise would put a logger of its own in place.
struct Silent;

impl log::Log for Silent {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        false
    }

    fn log(&self, _: &log::Record<'_>) {}

    fn flush(&self) {}
}

static SILENT: Silent = Silent;

/// Takes the places that goose would take otherwise: the logger, and the handler of SIGINT. To be
/// called before the process watches for signals itself.
pub fn silence() {
    // Who has a logger or a handler already keeps it.
    if log::set_logger(&SILENT).is_ok() {
        log::set_max_level(log::LevelFilter::Off);
    }
    let _ = ctrlc::set_handler(|| {});
}

/// Keeps standard output still for as long as it lives: goose says there how many users it has
/// launched, whatever it is asked. Results are printed before and after, progress goes elsewhere.
struct Hush(FileDescriptor);

impl Hush {
    fn begin() -> Option<Self> {
        std::io::stdout().flush().ok()?;
        let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
        let nowhere = std::fs::File::options().write(true).open(nowhere).ok()?;
        FileDescriptor::redirect_stdio(&nowhere, StdioDescriptor::Stdout)
            .ok()
            .map(Self)
    }
}

impl Drop for Hush {
    fn drop(&mut self) {
        let _ = std::io::stdout().flush();
        let _ = FileDescriptor::redirect_stdio(&self.0, StdioDescriptor::Stdout);
    }
}

/// The user of a goose user, in its session.
type Seat = Arc<tokio::sync::Mutex<User>>;

/// Launches the users of a field and lets them work until it is over.
///
/// # Errors
/// What goose says.
pub(super) async fn drive(field: Arc<Field>) -> Result<(), String> {
    let mut config = GooseConfiguration::default();
    config.host = Some(field.endpoint.target().origin().to_owned());
    config.users = Some(field.users);
    // As fast as it can: the ramp of a profile is ours.
    config.increase_rate = Some("2000".to_owned());
    config.quiet = 3;
    config.no_metrics = true;
    config.no_print_metrics = true;
    config.no_error_summary = true;
    config.no_reset_metrics = true;
    config.no_telnet = true;
    config.no_websocket = true;
    let scenario = Scenario::new("load")
        .register_transaction(Transaction::new(sit(Arc::clone(&field))).set_on_start())
        .register_transaction(Transaction::new(work()))
        .register_transaction(Transaction::new(leave()).set_on_stop());
    // goose makes a client for each user otherwise, of a hundred kilobytes and some milliseconds; nobody uses any.
    let idle = GooseClientBuilder::new().without_cookies();
    let attack = GooseAttack::initialize_with_config(config)
        .and_then(|attack| attack.set_client_builder_without_cookies(idle))
        .map_err(|error| error.to_string())?;
    let stopper = tokio::spawn(async move {
        field.over.cancelled().await;
        loop {
            // A run that is only just beginning takes back what came before.
            goose::trigger_killswitch("the load is over");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let hush = Hush::begin();
    let ended = Box::pin(attack.register_scenario(scenario).execute()).await;
    drop(hush);
    stopper.abort();
    goose::reset_killswitch();
    ended.map(drop).map_err(|error| error.to_string())
}

/// A goose user gets a user of ours, who gets what it needs.
fn sit(field: Arc<Field>) -> TransactionFunction {
    Arc::new(move |goose: &mut GooseUser| {
        let nth = field.launched.fetch_add(1, Ordering::SeqCst);
        let number = field.portion.number(nth);
        let mut user = User::new(Arc::clone(&field), number);
        let field = Arc::clone(&field);
        Box::pin(async move {
            user.settle().await;
            goose.set_session_data::<Seat>(Arc::new(tokio::sync::Mutex::new(user)));
            field.ready.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
    })
}

fn work() -> TransactionFunction {
    Arc::new(|goose: &mut GooseUser| {
        let seat = goose.get_session_data::<Seat>().cloned();
        Box::pin(async move {
            if let Some(seat) = seat {
                seat.lock().await.shift().await;
            }
            Ok(())
        })
    })
}

/// What a user still has to tell the journal it tells as it goes.
fn leave() -> TransactionFunction {
    Arc::new(|goose: &mut GooseUser| {
        goose.set_session_data(());
        Box::pin(async { Ok(()) })
    })
}
