#!/usr/bin/env python3
"""Runs scimitar against servers that others wrote, and the judges that others wrote against scimitar's own provider.

Everything is installed at pinned versions into a virtual environment, started on 127.0.0.1 and ended by process id.
Findings are compared with committed lists: a new one, a lost one or a changed outcome is an error.

    interop.py --scimitar target/debug/scimitar [--only scim2-server] [--write]

Exits 0 where all is as listed, 1 otherwise. Every process it starts has a time limit.
"""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOKEN = "interop-7b1f0c5d"
GRADED = ("fail", "warn", "error")


def environment(folder: Path) -> Path:
    """The virtual environment with the pinned packages; made once, remade when the pins change."""
    pins = (HERE / "requirements.txt").read_text()
    stamp = folder / "pins.txt"
    if not stamp.exists() or stamp.read_text() != pins:
        venv.create(folder, with_pip=True, clear=True)
        command = [folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "-r", HERE / "requirements.txt"]
        try:
            subprocess.run(command, check=True, timeout=600)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            sys.exit(f"interop: cannot install the pinned packages: {error}")
        stamp.write_text(pins)
    return folder / "bin"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server process on loopback that is ready when it answers ServiceProviderConfig."""

    def __init__(self, command, url, log):
        self.command, self.url, self.log = [str(part) for part in command], url, log

    def __enter__(self):
        self.output = open(self.log, "w")
        scope = {**os.environ, "SCIM_TOKEN": TOKEN, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(self.command, stdout=self.output, stderr=subprocess.STDOUT, env=scope)
        request = urllib.request.Request(f"{self.url}/ServiceProviderConfig", headers={"Authorization": f"Bearer {TOKEN}"})
        for _ in range(150):
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(request, timeout=2).read()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        sys.exit(f"interop: {self.command[0]} did not come up:\n{Path(self.log).read_text()[-2000:]}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.output.close()

    def requests(self) -> int:
        """Requests in the server's access log so far."""
        self.output.flush()
        return len(re.findall(r'"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ', Path(self.log).read_text()))


def run(command, limit):
    """Runs a command to its end with the token in its environment; its output as text."""
    scope = {**os.environ, "SCIM_TOKEN": TOKEN, "NO_COLOR": "1"}
    try:
        return subprocess.run([str(part) for part in command], env=scope, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        sys.exit(f"interop: {Path(command[0]).name} did not end within {limit} s")


def scimitar_test(scimitar, url, out, *more):
    """One run of `scimitar test`: exit code, record, seconds."""
    began = time.monotonic()
    path = Path(out) / "run.json"
    path.unlink(missing_ok=True)
    done = run([scimitar, "test", url, "--output", out, "--seed", "1", *more], 300)
    seconds = time.monotonic() - began
    if not path.exists():
        sys.exit(f"interop: scimitar left no record (exit {done.returncode}):\n{done.stdout}\n{done.stderr}")
    return done.returncode, json.loads(path.read_text()), seconds


def findings(record):
    """Requirement, outcome and place of all findings that grading did not wave through."""
    found = {}
    for case in record["cases"]:
        if case["outcome"] == "error" and not case["findings"]:
            found[(case["id"], "error")] = [f"{case['id']}: {case.get('error')}"]
        for finding in case["findings"]:
            if finding["outcome"] in GRADED:
                place = f"{case['id']}: {finding['check']} at {finding['at']}: expected {finding['expected']}, got {finding['actual']}"
                found.setdefault((finding["requirement"], finding["outcome"]), []).append(place)
    return found


def compare(name, record, path, write):
    """Differences between a run's findings and the committed list."""
    found = findings(record)
    if write:
        old = {entry["requirement"]: entry for entry in read(path)}
        blocks = []
        for (requirement, outcome), places in sorted(found.items()):
            known = old.get(requirement, {})
            blocks.append("\n".join([
                "[[finding]]",
                *[f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in (
                    ("requirement", requirement), ("outcome", outcome),
                    ("section", known.get("section", "")), ("why", known.get("why", "")),
                )],
            ]))
        head = [line for line in path.read_text().splitlines() if line.startswith("#")] if path.exists() else []
        path.write_text("\n\n".join(["\n".join(head)] * bool(head) + blocks) + "\n")
    wrong = []
    expected = {(entry["requirement"], entry["outcome"]): entry for entry in read(path)}
    for key, places in found.items():
        if key not in expected:
            wrong.append(f"{name}: unexpected {key[1]} {key[0]}\n    " + "\n    ".join(places[:3]))
    for key, entry in expected.items():
        if key not in found:
            wrong.append(f"{name}: expected {key[1]} {key[0]} was not found")
        if not entry.get("section") or not entry.get("why"):
            wrong.append(f"{name}: {key[0]} names no section or reason")
    return wrong


def exit_code(name, code, record):
    """A run exits 1 where a requirement failed and 0 otherwise; nothing may be left, and no case may end in an error."""
    failed = any(finding["outcome"] == "fail" for case in record["cases"] for finding in case["findings"])
    wrong = [] if code == int(failed) else [f"{name}: exit code {code} where {int(failed)} is due: {record['outcome']}"]
    if record["cleanup"]["leftover"] or record["cleanup"]["created"] != record["cleanup"]["deleted"]:
        wrong.append(f"{name}: clean-up is not whole: {record['cleanup']}")
    return wrong


def read(path):
    return tomllib.loads(path.read_text()).get("finding", []) if path.exists() else []


def against_scim2_server(scimitar, tools, work, write):
    """scim2-server whole and with its optional features off, beside scim2-tester on the same server."""
    wrong = []
    port = free_port()
    url = f"http://127.0.0.1:{port}/v2"
    command = [tools / "scim2-server", "--hostname", "127.0.0.1", "--port", port, "--bearer-token", TOKEN]
    with Server(command, url, work / "scim2-server.log") as server:
        start = server.requests()
        code, record, seconds = scimitar_test(scimitar, url, work / "scim2-server")
        ours = server.requests() - start
        start, began = server.requests(), time.monotonic()
        peer = scim2_tester(tools, url)
        theirs, peer_seconds = server.requests() - start, time.monotonic() - began
    judged = sum(1 for entry in record["requirements"] if entry["outcome"] not in ("skip", "error"))
    checks = len({text.split()[0] for _, text in peer})
    print(f"scim2-server: scimitar {ours} requests, {judged} requirements judged, {seconds:.1f} s;"
          f" scim2-tester {theirs} requests, {checks} checks with {len(peer)} results, {peer_seconds:.1f} s", flush=True)
    wrong += compare("scim2-server", record, HERE / "scim2-server/expected.toml", write)
    wrong += exit_code("scim2-server", code, record)

    port = free_port()
    url = f"http://127.0.0.1:{port}/v2"
    command = [tools / "scim2-server", "--hostname", "127.0.0.1", "--port", port, "--bearer-token", TOKEN,
               "--service-provider-config", HERE / "scim2-server/plain.json"]
    with Server(command, url, work / "scim2-server-plain.log"):
        code, record, _ = scimitar_test(scimitar, url, work / "scim2-server-plain")
    print(f"scim2-server with its options off: exit {code}, {counted(record['summary'])}", flush=True)
    wrong += compare("scim2-server, options off", record, HERE / "scim2-server/expected-plain.toml", write)
    wrong += exit_code("scim2-server, options off", code, record)
    wrong += skips("scim2-server, options off", record)
    return wrong


def skips(name, record):
    """Where options are off, each of them is named as the reason of a skip."""
    reasons = {case.get("skip_reason") for case in record["cases"]}
    return [f"{name}: no skip names {feature}" for feature in ("patch", "bulk", "filter", "changePassword", "sort", "etag")
            if f"the target does not advertise {feature}" not in reasons]


def counted(summary):
    return ", ".join(f"{number} {name}" for name, number in summary.items() if number)


def scim2_tester(tools, url):
    """Outcome and name of each result of scim2-tester."""
    done = run([tools / "scim2", "-u", url, "-h", f"Authorization: Bearer {TOKEN}", "test"], 300)
    text = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
    results = re.findall(r"^(SUCCESS|COMPLIANT|ACCEPTABLE|DEVIATION|SKIPPED|ERROR|CRITICAL) (\S+(?:\n  [^\n]*)*)", text, re.M)
    if not any(outcome == "SUCCESS" for outcome, _ in results):
        sys.exit(f"interop: scim2-tester judged nothing (exit {done.returncode}):\n{text[-2000:]}")
    return [(outcome, name) for outcome, name in results]


def judged_by_others(scimitar, tools, work, _write):
    """The embedded provider before scim2-tester and scim-sanity: nothing may fail."""
    wrong = []
    port = free_port()
    url = f"http://127.0.0.1:{port}/v2"
    with Server([scimitar, "serve", "--port", port], url, work / "serve.log"):
        tester = scim2_tester(tools, url)
        sanity = run([tools / "scim-sanity", "probe", url, "--token", TOKEN, "--json-output", "--i-accept-side-effects"], 300)
    outcomes = [outcome for outcome, _ in tester]
    print(f"scim2-tester on the embedded provider: {counted({name: outcomes.count(name) for name in sorted(set(outcomes))})}", flush=True)
    wrong += [f"scim2-tester: {outcome} {text}" for outcome, text in tester if outcome in ("ERROR", "CRITICAL")]
    try:
        report = json.loads(sanity.stdout)
    except ValueError:
        return wrong + [f"scim-sanity printed no JSON:\n{sanity.stdout[-1000:]}{sanity.stderr[-1000:]}"]
    results = report.get("results", [])
    print(f"scim-sanity on the embedded provider: {counted(report.get('summary', {'results': len(results)}))}", flush=True)
    if not results:
        wrong.append(f"scim-sanity judged nothing: {list(report)}")
    failed = [entry for entry in results if entry.get("status", "").lower() in ("fail", "failed", "error")]
    wrong += [f"scim-sanity: {json.dumps(entry)[:400]}" for entry in failed]
    return wrong


PARTS = {"scim2-server": against_scim2_server, "judges": judged_by_others}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scimitar", required=True, type=Path)
    arguments.add_argument("--only", choices=PARTS)
    arguments.add_argument("--work", type=Path, default=HERE.parents[1] / "target/interop")
    arguments.add_argument("--write", action="store_true", help="rewrite the lists of expected findings from what is found")
    given = arguments.parse_args()
    if not given.scimitar.is_file():
        sys.exit(f"interop: there is no {given.scimitar}; build it first")
    given.work.mkdir(parents=True, exist_ok=True)
    tools = environment(given.work / "venv")
    wrong, parts = [], [given.only] if given.only else list(PARTS)
    for part in parts:
        wrong += PARTS[part](given.scimitar.resolve(), tools, given.work, given.write)
    for line in wrong:
        print(f"interop: {line}", file=sys.stderr)
    print(f"interop: {len(parts)} parts, {len(wrong)} differences")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
