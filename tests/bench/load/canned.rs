//! A server that has one answer, and so costs as little as can be.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The answer: a list of one user, about half a kilobyte.
const BODY: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":1,"startIndex":1,"itemsPerPage":1,"Resources":[{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"2819c223-7f76-453a-919d-413861904646","userName":"bjensen","name":{"familyName":"Jensen","givenName":"Barbara"},"emails":[{"value":"bjensen@example.com","type":"work","primary":true}],"active":true,"meta":{"resourceType":"User","version":"W/\"1\"","location":"https://example.com/scim/v2/Users/2819c223"}}]}"#;

/// Serves on loopback until it is ended. Only what has no body may be asked for.
pub(crate) fn serve(port: u16) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        println!("listening on http://{}", listener.local_addr().unwrap());
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/scim+json\r\nETag: W/\"1\"\r\nContent-Length: {}\r\n\r\n{BODY}",
            BODY.len()
        );
        let answer: &'static [u8] = answer.leak().as_bytes();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let mut came = Vec::with_capacity(4096);
                while stream.read_buf(&mut came).await.is_ok_and(|read| read > 0) {
                    while let Some(at) = came.windows(4).position(|four| four == b"\r\n\r\n") {
                        came.drain(..at + 4);
                        if stream.write_all(answer).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
    });
}
