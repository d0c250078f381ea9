//! Slow servers and connections that end early meet a limit.

use super::*;

/// A server that is slow in some way, against limits that end it.
async fn times_out(
    name: &str,
    act: impl Fn(&mut Peer, usize) + Send + Sync + 'static,
    limits: Limits,
    kind: FailureKind,
) {
    let server = BadServer::new(act);
    let (mut settings, vault) = settings(&server.base("http"));
    settings.limits = limits;
    let exchange = get_with(settings, &vault).await;
    assert_failed(name, &exchange, &[kind], "within");
}

#[tokio::test]
async fn every_way_of_being_slow_meets_a_limit() {
    let short = Duration::from_millis(150);
    let pause = Duration::from_millis(20);
    let heads = Limits {
        headers: short,
        ..Limits::default()
    };
    times_out(
        "silence",
        |peer, _| peer.hold(),
        heads,
        FailureKind::HeaderTimeout,
    )
    .await;
    let trickle = move |peer: &mut Peer, _| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\nX-A: ");
        peer.forever(b"a", pause);
    };
    times_out("trickled head", trickle, heads, FailureKind::HeaderTimeout).await;
    let flood = move |peer: &mut Peer, _| {
        peer.request();
        peer.forever(
            b"HTTP/1.1 103 Early Hints\r\n\r\n",
            Duration::from_millis(1),
        );
    };
    times_out("endless 1xx", flood, heads, FailureKind::HeaderTimeout).await;
    let whole = Limits {
        total: Duration::from_millis(300),
        ..Limits::default()
    };
    let trickle = move |peer: &mut Peer, _| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\n\r\n");
        peer.forever(b"a", pause);
    };
    times_out("trickled body", trickle, whole, FailureKind::TotalTimeout).await;
    let idle = Limits {
        idle: short,
        ..Limits::default()
    };
    let server = BadServer::new(|peer, _| {
        peer.request();
        peer.write("HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\nx");
        peer.hold();
    });
    let (mut settings, vault) = settings(&server.base("http"));
    settings.limits = idle;
    let exchange = get_with(settings, &vault).await;
    assert_failed(
        "a body that stops",
        &exchange,
        &[FailureKind::IdleTimeout],
        "stopped",
    );
    assert_eq!(exchange.failure.unwrap().status, Some(201));
}

#[tokio::test]
async fn connections_that_end_early_are_told_apart() {
    use FailureKind as K;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let (refused, vault) = settings(&base);
    assert_failed(
        "refused",
        &get_with(refused, &vault).await,
        &[K::Refused],
        "",
    );
    let (unknown, vault) = settings(&format!("http://{}.invalid", "x".repeat(64)));
    assert_failed("name", &get_with(unknown, &vault).await, &[K::Dns], "");
    // Closing with unread bytes resets the connection.
    let reset = BadServer::new(|peer, _| {
        let mut some = [0; 10];
        let _ = std::io::Read::read_exact(&mut peer.stream, &mut some);
    });
    assert_failed("reset", &get(&reset).await, &[K::Reset, K::Truncated], "");
}

#[tokio::test]
async fn a_call_without_patience_is_broken_off_before_the_limits() {
    let server = BadServer::new(|peer, _| {
        peer.request();
        peer.hold();
    });
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, Arc::clone(&vault)).unwrap();
    let begun = Instant::now();
    let exchange = client
        .send(Call {
            via: Via {
                patience: Some(Duration::from_millis(50)),
                ..Via::default()
            },
            ..call(Method::GET, "/Users/1")
        })
        .await;
    assert_failed(
        "a call without patience",
        &exchange,
        &[FailureKind::Interrupted],
        "broken off",
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
}
