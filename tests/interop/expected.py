"""Committed findings: what a run found against what was confirmed by hand.

An entry is a requirement with an outcome. `section`, `why` and, where one was chosen, `exchange` are written by hand and
kept by an update; `cases` and `seen` come from the run. A case that is not listed is a difference, so that a new finding
under a requirement that is known to be broken is looked at too.
"""

import json
import re
import tomllib

GRADED = ("fail", "warn", "error")


def read(path):
    return tomllib.loads(path.read_text()).get("finding", []) if path.exists() else []


def compare(name, record, path, update):
    """Differences between a run's findings and the committed list; an update rewrites the list first."""
    found = findings(record)
    if update:
        write(path, found)
    known = {(entry["requirement"], entry["outcome"]): entry for entry in read(path)}
    wrong = []
    for key, places in sorted(found.items()):
        listed = known.get(key, {}).get("cases", [])
        for case in sorted(places):
            if case not in listed:
                wrong.append(f"{name}: unexpected {key[1]} {key[0]}\n    {case}: {places[case]}")
    for key, entry in known.items():
        for case in entry.get("cases", []):
            if case not in found.get(key, {}):
                wrong.append(f"{name}: expected {key[1]} {key[0]} was not found by {case}")
        if not entry.get("section") or not entry.get("why"):
            wrong.append(f"{name}: {key[1]} {key[0]} has no section or reason")
    return wrong


def findings(record):
    """By requirement and outcome: by case, where it was seen. What grading waved through is left out."""
    exchanges = {exchange["n"]: exchange for exchange in record["exchanges"]}
    found = {}
    for case in record["cases"]:
        if case["outcome"] == "error" and not case["findings"]:
            found.setdefault((case["id"], "error"), {})[case["id"]] = str(case.get("error"))
        for finding in case["findings"]:
            if finding["outcome"] in GRADED:
                places = found.setdefault((finding["requirement"], finding["outcome"]), {})
                places.setdefault(case["id"], seen(finding, exchanges, record))
    return found


def seen(finding, exchanges, record):
    """The exchange of a finding on one line, without what differs from run to run."""
    exchange = next((exchanges[n] for n in finding["exchanges"] if n in exchanges), None)
    judged = f"{finding['at'] or 'answer'}: expected {short(finding['expected'])}, got {short(finding['actual'])}"
    if exchange is None:
        return steady(judged)
    request, response = exchange["request"], exchange.get("response") or {}
    path = request["url"].removeprefix(record["target"]["base_url"].rstrip("/"))
    return steady(f"{request['method']} {short(path)} -> {response.get('status')}; {judged}")


def short(text):
    return text if len(text) <= 160 else text[:159] + "…"


def steady(text):
    text = re.sub(r"scimitar-[0-9a-f]{8}", "{run}", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b", "{id}", text)
    text = re.sub(r"(/(?:Users|Groups)/)\d+", r"\1{id}", text)
    text = re.sub(r"\"\d+\"", '"{number}"', text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)", "{time}", text)
    return re.sub(r"127\.0\.0\.1:\d+", "{host}", text)


def write(path, found):
    known = {(entry["requirement"], entry["outcome"]): entry for entry in read(path)}
    other = {entry["requirement"]: entry for entry in read(path)}
    head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
    blocks = []
    for (requirement, outcome), places in sorted(found.items()):
        old = known.get((requirement, outcome), other.get(requirement, {}))
        lines = ["[[finding]]"]
        for name, value in (("requirement", requirement), ("outcome", outcome),
                            ("section", old.get("section", "")), ("why", old.get("why", ""))):
            lines.append(f"{name} = {quoted(value)}")
        if old.get("exchange"):
            lines.append(f"exchange = {quoted(old['exchange'])}")
        # The first case that was seen stays the one that is shown, as long as it is found.
        kept = next((case for case in old.get("cases", []) if case in places), min(places))
        lines.append(f"seen = {quoted(places[kept])}")
        cases = [kept, *sorted(set(places) - {kept})]
        lines.append("cases = [" + ", ".join(quoted(case) for case in cases) + "]")
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(["\n".join(head)] * bool(head) + blocks) + "\n")


def quoted(text):
    return "'" + text + "'" if '"' in text and "'" not in text and text.isprintable() else json.dumps(text, ensure_ascii=False)
