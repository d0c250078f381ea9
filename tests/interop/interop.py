#!/usr/bin/env python3
"""Runs scimitar against servers that others wrote, and the judges that others wrote beside it.

Everything is installed at pinned versions into a cache folder, started on 127.0.0.1 and ended by process id.
Findings are compared with committed lists: a new one, a lost one or a changed outcome is an error.

    interop.py --scimitar target/debug/scimitar [--only NAME] [--update]

Exits 0 where all is as listed, 1 otherwise. Every process it starts has a time limit.
"""

import argparse
import json
import re
import shutil
import statistics
import sys
import time
from pathlib import Path

import clients
import conversation
import expected
import packages
import peers
from process import TOKEN, Server, free_port, run

HERE = Path(__file__).resolve().parent
# What a probe draws on another machine: enough to see what these servers get wrong, and soon done.
CASES = "60"


class Bench:
    """What the parts share: the binary under test, the folder for what is installed and written, and what they report."""

    def __init__(self, scimitar, work, update):
        self.scimitar, self.work, self.update = scimitar, work, update
        self.tools = packages.python(work / "venv")
        self.wrong, self.report, self.clients = [], [], []

    def say(self, line):
        print(line, flush=True)

    def test(self, url, name, *more):
        """One run of `scimitar test`: exit code, record, seconds."""
        out = self.work / name
        path = out / "run.json"
        path.unlink(missing_ok=True)
        began = time.monotonic()
        done = run([self.scimitar, "test", url, "--output", out, "--seed", "1", *more], 300, cwd=self.work)
        seconds = time.monotonic() - began
        if not path.exists():
            sys.exit(f"interop: scimitar left no record (exit {done.returncode}):\n{done.stdout}\n{done.stderr}")
        return done.returncode, json.loads(path.read_text()), seconds

    def judge(self, url, name, listed):
        """Runs scimitar and holds its findings, exit code and clean-up to what is due."""
        # One case after the other: what one leaves until the end may be seen by the next.
        code, record, seconds = self.test(url, name, "--jobs", "1", "--profile", "rfc", "--cases", CASES)
        self.say(f"{name}: exit {code}, {counted(record['summary'])}, {seconds:.1f} s")
        self.wrong += expected.compare(name, record, listed, self.update)
        failed = any(finding["outcome"] == "fail" for case in record["cases"] for finding in case["findings"])
        if code != int(failed):
            self.wrong.append(f"{name}: exit code {code} where {int(failed)} is due: {record['outcome']}")
        if record["cleanup"]["leftover"] or record["cleanup"]["created"] != record["cleanup"]["deleted"]:
            self.wrong.append(f"{name}: clean-up is not whole: {record['cleanup']}")
        return record, seconds

    def ready(self, url, name):
        """Runs the packs of identity providers and holds what they say to the server's clients.toml."""
        path = HERE / name / "clients.toml"
        records = {}
        for client in clients.CLIENTS:
            _, records[client], seconds = self.test(url, f"{name}-{client}", "--jobs", "1", "--profile", client)
            self.say(f"{name}: {client} is {clients.state(records[client], client)}, {counted(records[client]['summary'])}, {seconds:.1f} s")
        self.wrong += clients.compare(name, records, path, self.update)
        self.clients += clients.rows(name, path)

    def beside_peers(self, url, name, record, seconds):
        """The peers' results on the same server, each explained by the server's peers.toml."""
        path = HERE / name / "peers.toml"
        outcomes = [entry["outcome"] for entry in record["requirements"]]
        lines = [f"## {name}", "", "| judge | results | of them bad | seconds |", "| --- | ---: | ---: | ---: |",
                 f"| scimitar | {judged(record)} requirements | {outcomes.count('fail')} failed, {outcomes.count('warn')} warned | {seconds:.1f} |"]
        told = []
        for judge, ask in (("scim2-tester", peers.scim2_tester), ("scim-sanity", peers.scim_sanity)):
            began = time.monotonic()
            results = ask(self.tools, url)
            took = time.monotonic() - began
            bad = sum(1 for outcome, _, _ in results if outcome in peers.BAD)
            wrong, said = peers.explained(name, judge, results, record, path)
            self.wrong += wrong
            told += said
            lines.append(f"| {judge} | {len(results)} | {bad} | {took:.1f} |")
            self.say(f"{name}: {judge}: {len(results)} results, {bad} bad, {took:.1f} s")
        lines += ["", "| judge | check | says | scimitar |", "| --- | --- | --- | --- |", *told] if told else ["", "The peers find nothing."]
        listed = expected.read(HERE / name / "expected.toml")
        lines += ["", f"<details><summary>What scimitar finds: {len(listed)}</summary>", "", "| outcome | requirement | section | why |", "| --- | --- | --- | --- |",
                  *(f"| {entry['outcome']} | `{entry['requirement']}` | {entry['section']} | {entry['why']} |".replace("\n", " ") for entry in listed),
                  "", "</details>", ""]
        self.report += lines


def scim2_server(bench):
    """scim2-server with all its features, timed against scim2-tester, and with its optional features off."""
    def serve(log, *more):
        port = free_port()
        return Server([bench.tools / "scim2-server", "--hostname", "127.0.0.1", "--port", port, "--bearer-token", peers.TOKEN, *more],
                      f"http://127.0.0.1:{port}/v2", bench.work / log)

    with serve("scim2-server.log") as server:
        start = server.requests()
        record, seconds = bench.judge(server.url, "scim2-server", HERE / "scim2-server/expected.toml")
        bench.say(f"scim2-server: {server.requests() - start} requests of scimitar")
        bench.beside_peers(server.url, "scim2-server", record, seconds)
        rates(bench, server.url)
        bench.ready(server.url, "scim2-server")
    with serve("scim2-server-plain.log", "--service-provider-config", HERE / "scim2-server/plain.json") as server:
        name = "scim2-server-plain"
        record, _ = bench.judge(server.url, name, HERE / "scim2-server/expected-plain.toml")
        reasons = {case.get("skip_reason") for case in record["cases"]}
        bench.wrong += [f"{name}: no skip names {feature}" for feature in ("patch", "bulk", "filter", "changePassword", "sort", "etag")
                        if f"the target does not advertise {feature}" not in reasons]


def rates(bench, url):
    """Requirements judged a second against results a second of scim2-tester: medians of three runs each, taken in turn."""
    ours, theirs = [], []
    for _ in range(3):
        # Probes judge nothing that scenarios do not: they look for more of the same.
        _, record, seconds = bench.test(url, "scim2-server-rate", "--profile", "rfc", "--skip", "probe.*")
        ours.append(judged(record) / seconds)
        began = time.monotonic()
        results = peers.scim2_tester(bench.tools, url)
        theirs.append(len(results) / (time.monotonic() - began))
    one, other = statistics.median(ours), statistics.median(theirs)
    line = (f"scim2-server: scimitar judges {one:.0f} requirements a second, scim2-tester gives {other:.0f} results a second"
            f" (medians of 3): {one / other:.1f} times")
    bench.say(line)
    bench.report += [line + ".", ""]


def scimmy_routers(bench):
    """scimmy-routers behind Express."""
    folder = packages.node(bench.work / "scimmy-routers", HERE / "scimmy-routers")
    port = free_port()
    with Server(["node", folder / "server.mjs", port], f"http://127.0.0.1:{port}/scim/v2", bench.work / "scimmy-routers.log") as server:
        record, seconds = bench.judge(server.url, "scimmy-routers", HERE / "scimmy-routers/expected.toml")
        bench.beside_peers(server.url, "scimmy-routers", record, seconds)
        bench.ready(server.url, "scimmy-routers")


def django_scim2(bench):
    """django-scim2 behind gunicorn, over a new SQLite database that holds the service account alone."""
    port, database = free_port(), bench.work / "django-scim2.sqlite"
    database.unlink(missing_ok=True)
    source = HERE / "django-scim2"
    more = {"SCIM_PORT": port, "SCIM_DATABASE": database, "DJANGO_SETTINGS_MODULE": "project.settings", "PYTHONPATH": source}
    begun = run([bench.tools / "python", "-m", "project.begin"], 60, more)
    if begun.returncode != 0:
        sys.exit(f"interop: the database of django-scim2 can't be made:\n{begun.stderr[-2000:]}")
    command = [bench.tools / "gunicorn", "--bind", f"127.0.0.1:{port}", "--access-logfile", "-", "--no-control-socket", "django.core.wsgi:get_wsgi_application()"]
    with Server(command, f"http://127.0.0.1:{port}/scim/v2", bench.work / "django-scim2.log", more) as server:
        account = server.get("/Users/1")
        record, seconds = bench.judge(server.url, "django-scim2", HERE / "django-scim2/expected.toml")
        if server.get("/Users/1") != account:
            bench.wrong.append("django-scim2: the service account was touched")
        bench.beside_peers(server.url, "django-scim2", record, seconds)
        bench.ready(server.url, "django-scim2")


def embedded(bench):
    """The embedded provider before the peers: nothing may fail."""
    port = free_port()
    with Server([bench.scimitar, "serve", "--port", port], f"http://127.0.0.1:{port}/v2", bench.work / "serve.log") as server:
        for judge, ask in (("scim2-tester", peers.scim2_tester), ("scim-sanity", peers.scim_sanity)):
            results = ask(bench.tools, server.url)
            outcomes = [outcome for outcome, _, _ in results]
            bench.say(f"{judge} on the embedded provider: {counted({name: outcomes.count(name) for name in sorted(set(outcomes))})}")
            bench.wrong += [f"{judge}: {outcome} {check}: {reason}" for outcome, check, reason in results
                            if outcome in ("ERROR", "CRITICAL", "FAIL")]


def recorded(bench):
    """A conversation of scim2-client through the recording proxy: it is written without what was anybody's, and played again."""
    suite = bench.work / "recorded-suite"
    shutil.rmtree(suite, ignore_errors=True)
    suite.mkdir()
    file = suite / "conversation.yaml"
    port, front = free_port(), free_port()
    with Server([bench.scimitar, "serve", "--port", port], f"http://127.0.0.1:{port}/v2", bench.work / "recorded-serve.log") as server:
        record = [bench.scimitar, "record", "--to", server.url, "--listen", front, "--output", file]
        with Server(record, f"http://127.0.0.1:{front}/v2", bench.work / "recorded.log") as proxy:
            done = run([bench.tools / "python", HERE / "conversation.py", proxy.url], 60)
        log = (bench.work / "recorded.log").read_text()
        if done.returncode != 0 or not file.exists():
            sys.exit(f"interop: nothing was recorded:\n{done.stderr[-2000:]}\n{log}")
        written = file.read_text().lower()
        bench.wrong += [f"recorded: the file holds {word}" for word in (*conversation.PERSONAL, TOKEN) if word.lower() in written]
        bench.wrong += [f"recorded: nothing in the file is {word}" for word in ("{{password}}", "{{id1}}", "{{etag1}}") if word not in written]
        lint = run([bench.scimitar, "lint", suite], 30)
        code, replay, seconds = bench.test(server.url, "recorded", "--suite", suite, "--only", "conversation")
        bench.say(f"recorded: {written.count('- name:')} steps, lint {lint.returncode}, replay {code}, {counted(replay['summary'])}, {seconds:.1f} s")
        if lint.returncode != 0 or code != 0 or replay["summary"]["pass"] != 1:
            bench.wrong.append(f"recorded: it is not played again: {lint.stderr} {replay['outcome']}")


def judged(record):
    return sum(1 for entry in record["requirements"] if entry["outcome"] not in ("skip", "error"))


def counted(summary):
    return ", ".join(f"{number} {name}" for name, number in summary.items() if number)


PARTS = {"scim2-server": scim2_server, "scimmy-routers": scimmy_routers, "django-scim2": django_scim2, "embedded": embedded, "recorded": recorded}
HEAD = """# What the peers find

Written by `interop.py --update`. Each server is judged by scimitar, scim2-tester and scim-sanity, one after the other. A
result of a peer that is no success names the requirements that scimitar finds broken for it, or says why it is no defect
(`peers.toml` beside each server); the run fails where neither is given. So the peers find nothing that scimitar misses.
"""
CLIENTS = """# What identity providers can do with each server

Written by `interop.py --update` from the `clients.toml` beside each server: the readiness that scimitar states, the number
of requirements that failed, and what is true of the server for each.

| server | client | state | failed | because |
| --- | --- | --- | ---: | --- |
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scimitar", required=True, type=Path)
    arguments.add_argument("--only", choices=PARTS, action="append")
    arguments.add_argument("--work", type=Path, default=HERE.parents[1] / "target/interop")
    arguments.add_argument("--update", action="store_true", help="rewrite the lists from what is found; sections and reasons are kept")
    given = arguments.parse_args()
    if not given.scimitar.is_file():
        sys.exit(f"interop: there is no {given.scimitar}; build it first")
    work = given.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    bench, parts = Bench(given.scimitar.resolve(), work, given.update), given.only or list(PARTS)
    for part in parts:
        began = time.monotonic()
        PARTS[part](bench)
        bench.say(f"{part}: {time.monotonic() - began:.0f} s in all")
    report = HEAD + "\n" + "\n".join(bench.report).rstrip() + "\n"
    (work / "PEERS.md").write_text(report)
    table = CLIENTS + "\n".join(bench.clients) + "\n"
    (work / "CLIENTS.md").write_text(table)
    if given.update and not given.only:
        (HERE / "PEERS.md").write_text(report)
        (HERE / "CLIENTS.md").write_text(table)
    for line in bench.wrong:
        print(f"interop: {line}", file=sys.stderr)
    print(f"interop: {len(parts)} parts, {len(bench.wrong)} differences")
    sys.exit(1 if bench.wrong else 0)


if __name__ == "__main__":
    main()
