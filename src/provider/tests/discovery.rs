//! The discovery documents.

use super::*;

#[tokio::test]
async fn documents_are_served_whole_and_by_id() {
    let client = Client::new();
    let config = client.get("/ServiceProviderConfig?startIndex=5").await;
    config.is(200);
    assert_eq!(config.at("/schemas/0"), urn::SERVICE_PROVIDER_CONFIG);
    assert_eq!(
        config.at("/filter"),
        json!({ "supported": true, "maxResults": 200 })
    );
    assert_eq!(
        config.at("/authenticationSchemes/0/type"),
        "oauthbearertoken"
    );
    for (path, total) in [("/ResourceTypes", 2), ("/Schemas", 6)] {
        let list = client.get(&format!("{path}?count=1&startIndex=2")).await;
        list.is(200);
        assert_eq!(list.at("/totalResults"), total);
        for resource in list.at("/Resources").as_array().unwrap() {
            let one = client
                .get(&format!("{path}/{}", resource["id"].as_str().unwrap()))
                .await;
            one.is(200);
            assert_eq!(one.at(""), *resource);
            let place = format!(
                "https://provider.invalid/v2{path}/{}",
                resource["id"].as_str().unwrap()
            );
            assert_eq!(one.at("/meta/location"), place);
        }
        client
            .get(&format!("{path}?filter=id pr"))
            .await
            .fails(403, "");
    }
    client
        .get("/ServiceProviderConfig?filter=id pr")
        .await
        .fails(403, "");
    client
        .get(&format!("/Schemas/{}", urn::USER.replace(':', "%3A")))
        .await
        .is(200);
}
