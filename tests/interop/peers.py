"""What testers that others wrote say of the same servers, beside what scimitar says.

A peer's result that is no success must be listed in the server's peers.toml: with `found`, requirements that scimitar
found broken in the same run, or with `why` it is no defect. Whatever is neither is a difference.
"""

import json
import re
import sys
import tomllib

from expected import steady
from process import TOKEN, run

BAD = ("DEVIATION", "ERROR", "CRITICAL", "FAIL", "WARN")


def scim2_tester(tools, url):
    """Outcome, check and first line of the reason of each result; one CRITICAL where it gives up on discovery."""
    done = run([tools / "scim2", "-u", url, "-h", f"Authorization: Bearer {TOKEN}", "test"], 300)
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    results = re.findall(r"^(SUCCESS|COMPLIANT|ACCEPTABLE|DEVIATION|SKIPPED|ERROR|CRITICAL) (\S+)(?:\n  ([^\n]*(?:\n(?!\w)[^\n]*)*))?",
                         text, re.M)
    if results:
        return [(outcome, check, steady(" ".join(reason.split()))) for outcome, check, reason in results]
    if "Error:" in text:
        return [("CRITICAL", "discovery", steady(" ".join(text.partition("Error:")[2].split())))]
    sys.exit(f"interop: scim2-tester judged nothing (exit {done.returncode}):\n{text[-2000:]}")


def scim_sanity(tools, url):
    """Outcome, check and reason of each result."""
    done = run([tools / "scim-sanity", "probe", url, "--token", TOKEN, "--json-output", "--i-accept-side-effects"], 300)
    try:
        results = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        sys.exit(f"interop: scim-sanity printed no results:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
    if not results:
        sys.exit("interop: scim-sanity judged nothing")
    return [(entry["status"].upper().replace("FAILED", "FAIL").replace("ERROR", "FAIL"), entry["name"],
             steady(" ".join(str(entry.get("message") or "").split()))) for entry in results]


def explained(name, judge, results, record, path):
    """Differences, and the lines of the report: each result that is no success, and what is to be said of it."""
    entries = [entry for entry in read(path) if entry["judge"] == judge]
    ours = {finding["requirement"] for case in record["cases"] for finding in case["findings"] if finding["outcome"] != "pass"}
    wrong, lines, used = [], [], set()
    for outcome, check, reason in sorted(set(results)):
        if outcome not in BAD:
            continue
        match = next((n for n, entry in enumerate(entries)
                      if entry["check"] == check and re.search(entry.get("like", ""), reason)), None)
        if match is None:
            wrong.append(f"{name}: {judge} alone says {outcome} {check}: {reason[:300]}")
            continue
        used.add(match)
        lost = [requirement for requirement in entries[match].get("found", []) if requirement not in ours]
        if lost:
            wrong.append(f"{name}: {judge} says {check}, and scimitar no longer finds {', '.join(lost)}")
    for n, entry in enumerate(entries):
        if not entry.get("found") and not entry.get("why"):
            wrong.append(f"{name}: the entry on {judge} {entry['check']} has neither found nor why")
        if n not in used and not entry.get("sometimes"):
            wrong.append(f"{name}: {judge} no longer says {entry['check']} {entry.get('like', '')}")
        said = " · ".join([*(f"`{requirement}`" for requirement in entry.get("found", [])), *([entry["why"]] if "why" in entry else [])])
        lines.append(f"| {judge} | {entry['check']} | {entry.get('like', '')} | {said} |".replace("\\", ""))
    return wrong, lines


def read(path):
    return tomllib.loads(path.read_text()).get("result", []) if path.exists() else []
