//! Which connections are kept, which are opened anew, and which requests may go out twice.

use super::*;

#[tokio::test]
async fn surplus_bytes_are_never_the_answer_to_the_next_request() {
    let smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
    for surplus in ["x", smuggled] {
        let first = ok("", "hello") + surplus;
        let server = BadServer::answering(&[&first, &ok("", "own")]);
        let mut connection = connection(&server, |_| {});
        for body in ["hello", "own"] {
            let answer = connection.send(&get()).await.unwrap();
            assert_eq!(answer.body, body);
        }
        assert_eq!(server.connections(), 2);
    }
    for (method, head) in [
        (
            Method::HEAD,
            "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nsurplus",
        ),
        (Method::GET, "HTTP/1.1 204 No\r\n\r\nsurplus"),
        (
            Method::GET,
            "HTTP/1.1 304 No\r\nContent-Length: 7\r\n\r\nsurplus",
        ),
    ] {
        let server = BadServer::answering(&[head, &ok("", "own")]);
        let mut connection = connection(&server, |_| {});
        let request = Request::new(method, "/scim/Users").unwrap();
        assert_eq!(connection.send(&request).await.unwrap().body, "");
        assert_eq!(connection.send(&get()).await.unwrap().body, "own");
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn a_connection_is_kept_where_both_sides_want_it() {
    let check = async |first: &str, connections: usize| {
        let server = BadServer::answering(&[first, &ok("", "{}")]);
        let mut connection = connection(&server, |_| {});
        connection.send(&get()).await.unwrap();
        connection.send(&post()).await.unwrap();
        assert_eq!(server.connections(), connections, "{first:?}");
        assert_eq!(connection.endpoint().resent(), 0, "{first:?}");
    };
    check(&ok("", "{}"), 1).await;
    check(&ok("Connection: keep-alive\r\n", "{}"), 1).await;
    check(&ok("Connection: foo, Close\r\n", "{}"), 2).await;
    let one_oh = |fields: &str| ok(fields, "{}").replace("HTTP/1.1", "HTTP/1.0");
    check(&one_oh(""), 2).await;
    check(&one_oh("Connection: Keep-Alive\r\n"), 1).await;
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n";
    check(&format!("{chunks}\r\n0\r\n\r\n"), 1).await;
    check(&format!("{chunks}Content-Length: 5\r\n\r\n0\r\n\r\n"), 2).await;
}

/// A server whose first connection takes one request, and does this with the second.
fn closing(
    second: impl Fn(&mut crate::client::bad_server::Peer) + Send + Sync + 'static,
) -> BadServer {
    BadServer::new(move |peer, n| {
        while peer.request().is_some() {
            peer.write(ok("", "{}"));
            if n == 0 {
                second(peer);
                return;
            }
        }
    })
}

#[tokio::test]
async fn a_connection_that_was_closed_between_requests_costs_none() {
    for request in [get(), post()] {
        let server = closing(|_| {});
        let mut connection = connection(&server, |_| {});
        connection.send(&get()).await.unwrap();
        // The end of the connection has come once the server's thread is through and it shows here.
        while connection.is_kept().await {
            tokio::task::yield_now().await;
        }
        connection.send(&request).await.unwrap();
        assert_eq!((server.connections(), server.requests().len()), (2, 2));
        assert_eq!(connection.endpoint().resent(), 0);
    }
}

#[tokio::test]
async fn a_request_that_may_have_been_seen_goes_out_twice_only_where_it_changes_nothing() {
    let server = || {
        closing(|peer| {
            peer.request();
        })
    };
    let seen = server();
    let mut first = connection(&seen, |_| {});
    first.send(&get()).await.unwrap();
    first.send(&get()).await.unwrap();
    assert_eq!((seen.requests().len(), first.endpoint().resent()), (3, 1));
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let seen = server();
        let mut second = connection(&seen, |_| {});
        second.send(&get()).await.unwrap();
        let request = Request::new(method, "/scim/Users").unwrap();
        let trouble = second.send(&request.body("a/b", "{}")).await.unwrap_err();
        assert!(
            matches!(trouble.cause, Cause::Closed | Cause::Reset),
            "{trouble:?}"
        );
        assert!(trouble.reached);
        assert_eq!((seen.requests().len(), second.endpoint().resent()), (2, 0));
    }
}

#[tokio::test]
async fn a_request_is_sent_again_once_and_not_on_a_fresh_connection() {
    let server = BadServer::new(|peer, n| {
        peer.request();
        if n == 0 {
            peer.write(ok("", "{}"));
            peer.request();
        }
    });
    let mut connection = connection(&server, |_| {});
    connection.send(&get()).await.unwrap();
    connection.send(&get()).await.unwrap_err();
    assert_eq!(server.connections(), 2);
    connection.send(&get()).await.unwrap_err();
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_name_of_this_machine_is_sought_nowhere_else() {
    let server = BadServer::answering(&[&ok("", "own")]);
    let base = format!(
        "http://scim-of-a-test.localhost:{}/scim",
        server.address.port()
    );
    let mut connection = connection(&server, |settings| {
        settings.target = Target::parse(&base, false).unwrap();
    });
    assert_eq!(connection.send(&get()).await.unwrap().body, "own");
}

#[tokio::test]
async fn an_answer_that_broke_off_is_not_asked_for_again() {
    let server = closing(|peer| {
        peer.request();
        peer.write("HTTP/1.1 200 OK\r\nContent-Le");
    });
    let mut connection = connection(&server, |_| {});
    connection.send(&get()).await.unwrap();
    let trouble = connection.send(&get()).await.unwrap_err();
    assert!(
        matches!(trouble.cause, Cause::Closed | Cause::Reset),
        "{trouble:?}"
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn an_answer_before_the_whole_request_was_read_is_an_answer() {
    let server = BadServer::new(|peer, n| {
        if n > 0 {
            peer.request();
            peer.write(ok("", "{}"));
            return;
        }
        let mut some = [0; 1000];
        let _ = std::io::Read::read(&mut peer.stream, &mut some);
        peer.write("HTTP/1.1 413 x\r\nContent-Length: 0\r\n\r\n");
        peer.hold();
    });
    let mut connection = connection(&server, |_| {});
    let large = post().body("application/scim+json", vec![b' '; 64 << 20]);
    assert_eq!(connection.send(&large).await.unwrap().status, 413);
    assert_eq!(connection.send(&get()).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_that_is_given_up_leaves_nothing_to_the_next() {
    let server = BadServer::new(|peer, n| {
        while peer.request().is_some() {
            if n > 0 {
                peer.write(ok("", "own"));
            }
        }
    });
    let mut connection = connection(&server, |_| {});
    let request = get();
    let given_up = tokio::time::timeout(Duration::from_millis(50), connection.send(&request));
    given_up.await.unwrap_err();
    assert_eq!(connection.send(&get()).await.unwrap().body, "own");
    assert_eq!(server.connections(), 2);
}
