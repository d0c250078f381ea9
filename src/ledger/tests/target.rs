//! A target in memory that behaves in turn well and badly.

use super::*;

pub(super) const BASE: &str = "https://idp.example/scim";

/// How the target in memory misbehaves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manner {
    /// POST stores and then does not answer.
    pub(super) silent_post: bool,
    /// POST answers without a body.
    pub(super) bare_post: bool,
    /// POST answers with the id of a resource that was there before.
    pub(super) foreign_post: bool,
    /// Filters are ignored.
    pub(super) ignores_filters: bool,
    /// Filters are refused.
    pub(super) refuses_filters: bool,
    /// Lists are not answered.
    pub(super) silent_list: bool,
    /// Resources that a list shows at once; none shows all.
    pub(super) page: usize,
    /// Every page is the first.
    pub(super) first_page_only: bool,
    /// Filters other than `eq` find nothing.
    pub(super) blind: bool,
    /// Only `eq` is understood.
    pub(super) only_eq: bool,
    /// DELETE answers 204 and keeps the resource readable.
    pub(super) keeps: bool,
    /// DELETE is refused.
    pub(super) refuses_delete: bool,
    /// The first so many DELETEs answer 500.
    pub(super) failing_deletes: usize,
}

#[derive(Default)]
pub(super) struct Target {
    manner: Manner,
    resources: Mutex<BTreeMap<String, Value>>,
    log: Mutex<Vec<String>>,
}

impl Target {
    pub(super) fn new(manner: Manner) -> Arc<Self> {
        let target = Self {
            manner,
            ..Self::default()
        };
        target.put(
            "/Users/boss",
            json!({"id": "boss", "userName": "boss@idp.example"}),
        );
        Arc::new(target)
    }

    pub(super) fn put(&self, path: &str, resource: Value) {
        self.resources
            .lock()
            .unwrap()
            .insert(path.to_owned(), resource);
    }

    pub(super) fn paths(&self) -> Vec<String> {
        self.resources.lock().unwrap().keys().cloned().collect()
    }

    pub(super) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    fn answer(&self, call: &Call) -> Result<(u16, Option<String>, Value), FailureKind> {
        let mut resources = self.resources.lock().unwrap();
        let body: Value = call
            .body
            .as_ref()
            .and_then(|content| serde_json::from_slice(&content.bytes).ok())
            .unwrap_or_default();
        let found = resources.get(&call.path).cloned();
        match call.method.as_str() {
            "POST" if call.path == "/Bulk" => Ok((200, None, Self::bulk(&mut resources, &body))),
            "POST" if body["userName"] == "taken" => Ok((409, None, json!({}))),
            "POST" => {
                let (path, made) = store(&mut resources, &call.path, &body);
                if self.manner.silent_post {
                    return Err(FailureKind::HeaderTimeout);
                }
                let location = Some(format!("{BASE}{path}"));
                if self.manner.bare_post {
                    return Ok((201, location, Value::Null));
                }
                if self.manner.foreign_post {
                    return Ok((201, None, resources["/Users/boss"].clone()));
                }
                Ok((201, location, made))
            }
            "GET" if found.is_some() => Ok((200, None, found.unwrap_or_default())),
            "GET" if call.path.matches('/').count() == 1 && self.manner.silent_list => {
                Err(FailureKind::HeaderTimeout)
            }
            "GET" if call.path.matches('/').count() == 1 => {
                let filter = call.query.iter().find(|(name, _)| name == "filter");
                let beyond = filter.is_some_and(|(_, filter)| !filter.contains(" eq "));
                if filter.is_some() && self.manner.refuses_filters || beyond && self.manner.only_eq
                {
                    return Ok((400, None, json!({})));
                }
                let wanted = filter.filter(|_| !self.manner.ignores_filters);
                let list: Vec<Value> = resources
                    .iter()
                    .filter(|(path, _)| path.starts_with(&call.path))
                    .map(|(_, resource)| resource.clone())
                    .filter(|resource| wanted.is_none_or(|(_, filter)| matches(filter, resource)))
                    .collect();
                let list = if beyond && self.manner.blind {
                    Vec::new()
                } else {
                    list
                };
                let total = list.len();
                let size = Some(self.manner.page).filter(|size| *size > 0);
                let start = call.query.iter().find(|(name, _)| name == "startIndex");
                let start = start.map_or(1, |(_, value)| value.parse().unwrap_or(1));
                let skipped = if self.manner.first_page_only {
                    0
                } else {
                    start - 1
                };
                let shown = list.into_iter().skip(skipped);
                let shown: Vec<Value> = shown.take(size.unwrap_or(total)).collect();
                Ok((
                    200,
                    None,
                    json!({"totalResults": total, "Resources": shown}),
                ))
            }
            "DELETE" if self.manner.refuses_delete => Ok((405, None, Value::Null)),
            "DELETE" if found.is_some() => {
                let tries = self.log.lock().unwrap();
                let tries = tries
                    .iter()
                    .filter(|line| line.starts_with("DELETE"))
                    .count();
                if tries <= self.manner.failing_deletes {
                    return Ok((500, None, Value::Null));
                }
                if !self.manner.keeps {
                    resources.remove(&call.path);
                }
                Ok((204, None, Value::Null))
            }
            "PUT" | "PATCH" if found.is_some() => Ok((200, None, body)),
            _ => Ok((404, None, json!({}))),
        }
    }

    fn bulk(resources: &mut BTreeMap<String, Value>, body: &Value) -> Value {
        let answers: Vec<Value> = body["Operations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|operation| match operation["method"].as_str() {
                Some("POST") if operation["data"]["userName"] == "taken" => {
                    json!({"method": "POST", "status": "409"})
                }
                Some("POST") => {
                    let endpoint = operation["path"].as_str().unwrap();
                    let (path, _) = store(resources, endpoint, &operation["data"]);
                    json!({"method": "POST", "status": "201", "location": format!("{BASE}{path}")})
                }
                _ => {
                    resources.remove(operation["path"].as_str().unwrap());
                    json!({"method": "DELETE", "status": "204"})
                }
            })
            .collect();
        json!({"Operations": answers})
    }
}

fn store(resources: &mut BTreeMap<String, Value>, endpoint: &str, body: &Value) -> (String, Value) {
    let id = format!("id{}", resources.len());
    let mut made = body.clone();
    made["id"] = id.clone().into();
    let path = format!("{endpoint}/{id}");
    resources.insert(path.clone(), made.clone());
    (path, made)
}

fn matches(filter: &str, resource: &Value) -> bool {
    let mut parts = filter.splitn(3, ' ');
    let (name, operator, value) = (parts.next(), parts.next(), parts.next());
    let value: String = serde_json::from_str(value.unwrap()).unwrap();
    let held = resource[name.unwrap()].as_str().unwrap_or_default();
    match operator {
        Some("eq") => held == value,
        _ => held.starts_with(&value),
    }
}

impl Session for Target {
    fn send(&self, call: Call) -> BoxFuture<'_, Exchange> {
        self.log
            .lock()
            .unwrap()
            .push(format!("{} {}", call.method, call.path));
        let answer = self.answer(&call);
        let mut exchange = Exchange {
            n: 0,
            case: call.case,
            step: call.step,
            request: Request::default(),
            response: None,
            failure: None,
            timing: Timing::default(),
        };
        match answer {
            Ok((status, location, body)) => {
                let name = "Location".to_owned();
                exchange.response = Some(Response {
                    status,
                    headers: location
                        .into_iter()
                        .map(|value| Header {
                            name: name.clone(),
                            value,
                        })
                        .collect(),
                    body: Body {
                        json: (!body.is_null()).then(|| Arc::new(body)),
                        ..Body::default()
                    },
                    ..Response::default()
                });
            }
            Err(kind) => {
                exchange.failure = Some(Failure {
                    kind,
                    detail: "timed out".into(),
                    status: None,
                });
            }
        }
        Box::pin(std::future::ready(exchange))
    }

    fn base_url(&self) -> &'static str {
        BASE
    }
}
