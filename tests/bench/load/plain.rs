//! goose as its book has it: what this crate's request path is measured against.

use std::time::Duration;

use goose::config::GooseConfiguration;
use goose::prelude::*;

async fn find(user: &mut GooseUser) -> TransactionResult {
    let path = "Users?filter=userName%20eq%20%22bjensen%22";
    let token = std::env::var("SCIM_TOKEN").unwrap_or_else(|_| "bench-token".to_owned());
    let request = user.get_request_builder(&GooseMethod::Get, path)?;
    let request = GooseRequest::builder()
        .set_request_builder(request.bearer_auth(token))
        .build();
    let answer = user.request(request).await?;
    let body = answer.response?.bytes().await?;
    assert!(serde_json::from_slice::<serde_json::Value>(&body).is_ok());
    Ok(())
}

/// So many users that send the next request once they have the answer to the last.
pub(crate) fn goose(url: &str, users: usize, length: Duration) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let mut configuration = GooseConfiguration::default();
        configuration.host = Some(format!("{url}/"));
        configuration.users = Some(users);
        configuration.increase_rate = Some("1000".to_owned());
        configuration.run_time = Some(length.as_secs().to_string());
        configuration.no_print_metrics = true;
        configuration.no_telnet = true;
        configuration.quiet = 2;
        let before = super::cpu();
        let attack = GooseAttack::initialize_with_config(configuration)
            .unwrap()
            .register_scenario(scenario!("find").register_transaction(transaction!(find)));
        let metrics = Box::pin(attack.execute()).await.unwrap();
        let requests: usize = metrics
            .requests
            .values()
            .map(|one| one.success_count + one.fail_count)
            .sum();
        let errors: usize = metrics.requests.values().map(|one| one.fail_count).sum();
        println!(
            "{}",
            serde_json::json!({
                "requests": requests, "errors": errors,
                "seconds": length.as_secs_f64(), "cpu": super::cpu() - before,
            })
        );
    });
}
