//! What is sent, and what never is: redirects, cookies, retries, secrets.

use super::*;

#[tokio::test]
async fn no_redirect_is_followed_and_no_other_origin_hears_a_word() {
    let other = BadServer::sending(ok("", "{}"));
    let elsewhere = format!("http://{}/take", other.address);
    for status in [301, 302, 303, 307, 308] {
        let answer =
            format!("HTTP/1.1 {status} Go\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n");
        let server = BadServer::answering(&[&answer]);
        let (mut settings, vault) = settings(&server.base("http"));
        settings.headers = vec![("X-Api-Key".into(), "k3y-k3y-k3y".into())];
        let client = Client::new(settings, vault).unwrap();
        let mut post = call(Method::POST, "/Users");
        post.body = Some(Content {
            media_type: "application/scim+json".into(),
            bytes: Bytes::from_static(b"{\"password\":\"p\"}"),
        });
        let response = client.send(post).await.response.unwrap();
        assert_eq!(response.status, status);
        assert_eq!(response.wire[0].code, "redirect");
        assert_eq!(server.requests().len(), 1);
    }
    let location =
        format!("HTTP/1.1 201 Created\r\nLocation: {elsewhere}\r\nContent-Length: 0\r\n\r\n");
    answers("a Location elsewhere", location, &[]).await;
    let same = "HTTP/1.1 302 Found\r\nLocation: /scim/Users/1\r\nContent-Length: 0\r\n\r\n";
    answers("a redirect at home", same, &[]).await;
    let odd = "HTTP/1.1 302 Found\r\nLocation: javascript:x\r\nContent-Length: 0\r\n\r\n";
    answers("a script", odd, &["redirect"]).await;
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_name_of_this_machine_is_sought_nowhere_else() {
    let server = BadServer::sending(ok("", "{}"));
    for name in ["localhost", "scim-of-a-test.localhost"] {
        let base = format!("http://{name}:{}/scim", server.address.port());
        let (settings, vault) = settings(&base);
        let exchange = get_with(settings, &vault).await;
        assert_eq!(exchange.status(), Some(200), "{name}");
    }
}

#[tokio::test]
async fn no_cookie_comes_back_and_no_surplus_becomes_an_answer() {
    let fake = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfake";
    let server = BadServer::new(move |peer, _| {
        while peer.request().is_some() {
            let cookie = "Set-Cookie: a=b\r\n";
            peer.write(format!("{}{fake}", ok(cookie, "\"own\"")));
        }
    });
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    for _ in 0..3 {
        let exchange = client.send(call(Method::GET, "/Users")).await;
        let response = exchange.response.unwrap();
        assert_eq!(response.body.text, "\"own\"");
        assert_eq!(response.header("set-cookie"), Some("a=‹redacted›"));
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(
        requests
            .iter()
            .all(|text| !text.to_ascii_lowercase().contains("cookie"))
    );
}

#[tokio::test]
async fn a_throttling_server_is_waited_for_within_the_budget() {
    let slow = "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n";
    let unstated = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n";
    let down = "HTTP/1.1 503 Down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    let day = "HTTP/1.1 429 Slow\r\nRetry-After: 86400\r\nContent-Length: 0\r\n\r\n";
    let dead = "HTTP/1.1 503 Down\r\nContent-Length: 0\r\n\r\n";
    let fine = &ok("", "{}");
    let check = async |script: &[&str], status: Option<u16>, requests: usize| {
        let server = BadServer::answering(script);
        let exchange = get(&server).await;
        assert_eq!(
            exchange.status(),
            status,
            "{script:?}: {:?}",
            exchange.failure
        );
        assert_eq!(server.requests().len(), requests, "{script:?}");
        if status.is_none() {
            assert_failed(
                "throttled",
                &exchange,
                &[FailureKind::Throttled],
                "asks to wait",
            );
        }
    };
    check(&[slow, fine], Some(200), 2).await;
    check(&[unstated, unstated, fine], Some(200), 3).await;
    check(&[down, fine], Some(200), 2).await;
    check(&[dead, fine], Some(503), 1).await;
    check(&[day, fine], None, 1).await;
    check(&[slow, slow, slow, fine], None, 3).await;
}

#[tokio::test]
async fn a_stale_connection_is_tried_anew_for_reads_only() {
    let server = BadServer::new(|peer, n| {
        peer.request();
        peer.write(ok("", "{}"));
        if n == 0 {
            // The second request on this connection is read and dropped.
            peer.request();
        } else {
            while peer.request().is_some() {
                peer.write(ok("", "{}"));
            }
        }
    });
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    assert_eq!(
        client.send(call(Method::GET, "/a")).await.status(),
        Some(200)
    );
    assert_eq!(
        client.send(call(Method::GET, "/b")).await.status(),
        Some(200)
    );
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn what_is_sent_is_what_was_asked_for_with_secrets_resolved_at_the_socket() {
    let server = BadServer::answering(&[&ok("", "{}")]);
    let (settings, vault) = settings(&server.base("http"));
    let password = vault.learn("password@case", "p\"a\\ss-w0rd-long");
    let client = Client::new(settings, vault).unwrap();
    let mut post = call(Method::POST, "/Users");
    post.query
        .push(("attributes".into(), "userName, urn:x:y".into()));
    post.headers
        .push(("accept".into(), "application/json".into()));
    post.body = Some(Content {
        media_type: "application/scim+json".into(),
        bytes: Bytes::from(format!("{{\"password\":\"{password}\",\"a\":1}}")),
    });
    let exchange = client.send(post).await;
    let sent = server.requests().remove(0);
    assert!(
        sent.starts_with("POST /scim/Users?attributes=userName,%20urn:x:y HTTP/1.1\r\n"),
        "{sent}"
    );
    let lower = sent.to_ascii_lowercase();
    assert!(
        lower.contains(&format!("authorization: bearer {TOKEN}\r\n")),
        "{sent}"
    );
    assert!(
        lower.contains("accept: application/json\r\n")
            && lower.matches("\r\naccept: ").count() == 1
    );
    assert!(lower.contains("accept-encoding: gzip\r\n"), "{sent}");
    assert!(lower.contains("x-request-id: run1-1\r\n") && lower.contains("user-agent: scimitar/"));
    assert!(
        sent.ends_with(r#"{"password":"p\"a\\ss-w0rd-long","a":1}"#),
        "{sent}"
    );
    let request = exchange.request;
    assert_eq!(
        request.body.as_ref().unwrap().text,
        format!("{{\"password\":\"{password}\",\"a\":1}}")
    );
    let authorization = request
        .headers
        .iter()
        .find(|header| header.name == "Authorization");
    assert_eq!(authorization.unwrap().value, "Bearer ‹secret:token›");
}

#[tokio::test]
async fn a_path_that_would_change_on_the_way_is_not_sent() {
    let server = BadServer::answering(&[&ok("", "{}")]);
    let (settings, vault) = settings(&server.base("http"));
    let client = Client::new(settings, vault).unwrap();
    for path in ["/Users/..", "/Users/%2e%2e/Groups", "/Users/a b"] {
        let exchange = client.send(call(Method::DELETE, path)).await;
        assert_failed(
            path,
            &exchange,
            &[FailureKind::Other],
            "would reach the server as",
        );
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_server_that_echoes_secrets_leaves_none_in_the_record() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(TOKEN);
    let percent = crate::session::segment(TOKEN);
    let escaped = TOKEN.chars().fold(String::new(), |text, c| {
        format!("{text}\\u{:04x}", c as u32)
    });
    let body = format!(
        r#"{{"detail":"bad {TOKEN}","b":"{encoded}","p":"{percent}","e":"{escaped}","{TOKEN}":1,"password":"other-secret-value"}}"#
    );
    let headers =
        format!("X-Echo: {TOKEN}\r\nLocation: http://x/?access_token=whatever1&t={percent}\r\n");
    let broken = format!("{{\"password\": \"other-secret-value\", \"x\": \"{TOKEN}\", oops");
    for body in [body.as_str(), broken.as_str()] {
        let exchange = get(&BadServer::sending(ok(&headers, body))).await;
        let json = exchange.json().cloned().unwrap_or_default().to_string();
        let kept = serde_json::to_string(&exchange).unwrap() + &json;
        for canary in [
            TOKEN,
            &encoded,
            &percent,
            &escaped,
            "other-secret-value",
            "whatever1",
        ] {
            assert!(!kept.contains(canary), "{canary} in {kept}");
        }
        assert!(
            kept.contains("bad ‹secret:token›") || kept.contains("oops"),
            "{kept}"
        );
    }
}

#[tokio::test]
async fn a_long_body_is_cut_in_the_record_and_whole_for_the_checks() {
    let long = format!("{{\"a\":\"{}\",\"b\":\"end\"}}", "é".repeat(100_000));
    let exchange = get(&BadServer::sending(ok("", &long))).await;
    let body = exchange.response.unwrap().body;
    assert!(body.truncated && body.text.len() <= 64 * 1024);
    assert_eq!(body.length, long.len() as u64);
    assert_eq!(body.json.unwrap()["b"], "end");
}

#[tokio::test]
async fn http_2_with_prior_knowledge_reaches_only_servers_that_speak_it() {
    let server = BadServer::sending(ok("", "{}"));
    let (mut settings, vault) = settings(&server.base("http"));
    settings.http = Http::Two;
    let exchange = get_with(settings, &vault).await;
    assert!(exchange.failure.is_some(), "{exchange:?}");
}
