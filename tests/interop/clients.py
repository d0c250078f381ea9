"""What identity providers can do with a server: the readiness that scimitar states, each failed must confirmed by hand.

`clients.toml` beside a server holds, for each client, its state and every requirement that failed with the reason that
makes it true of the server. A state or a failure that is not listed is a difference, and so is one without a reason.
"""

import tomllib

from expected import quoted

CLIENTS = ("entra-id", "okta")


def read(path):
    return tomllib.loads(path.read_text()) if path.exists() else {}


def compare(name, records, path, update):
    """Differences between the stated and the confirmed readiness, by client; an update rewrites the list first."""
    found = {client: (state(record, client), failed(record)) for client, record in records.items()}
    if update:
        write(path, found)
    listed, wrong = read(path), []
    for client, (stated, failures) in found.items():
        known = listed.get(client, {})
        reasons = {entry["requirement"]: entry.get("why", "") for entry in known.get("failed", [])}
        if known.get("state") != stated:
            wrong.append(f"{name}: {client} is {stated}, expected {known.get('state')}")
        wrong += [f"{name}: {client}: unexpected failure of {one}" for one in failures if one not in reasons]
        wrong += [f"{name}: {client}: expected failure of {one} was not found" for one in reasons if one not in failures]
        wrong += [f"{name}: {client}: {one} has no reason" for one, why in reasons.items() if not why]
    return wrong


def state(record, client):
    return next(verdict["readiness"]["state"] for verdict in record["verdicts"] if verdict["pack"] == client)


def failed(record):
    return sorted(entry["id"] for entry in record["requirements"] if entry["outcome"] == "fail")


def rows(name, path):
    """Lines of a table: one a client, with the first reasons."""
    for client, known in read(path).items():
        reasons = known.get("failed", [])
        said = "; ".join(entry["why"] for entry in reasons)
        yield f"| {name} | {client} | {known['state']} | {len(reasons)} | {said} |"


def write(path, found):
    old = {(client, entry["requirement"]): entry.get("why", "") for client, known in read(path).items() for entry in known.get("failed", [])}
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
    blocks = ["\n".join(head)] * bool(head)
    for client, (stated, failures) in found.items():
        blocks.append(f"[{client}]\nstate = {quoted(stated)}")
        blocks += [f"[[{client}.failed]]\nrequirement = {quoted(one)}\nwhy = {quoted(old.get((client, one), ''))}" for one in failures]
    path.write_text("\n\n".join(blocks) + "\n")
