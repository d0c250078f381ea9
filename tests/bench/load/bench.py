#!/usr/bin/env python3
"""Measures the request path of load against wrk, oha and plain goose: same server, same connections, pinned processors.

    cargo build --release --bin scimitar && cargo bench --no-run --bench load
    bench.py --driver target/release/deps/load-HASH --scimitar target/release/scimitar [--repeat 5] [--seconds 3]
    bench.py … --only cpu,mixed,rate,stall,memory

The server runs on processor 0, each client on processor 1, one after the other in each repetition, so that all of them
see the same machine; medians are printed, and ratios within this one run. Clients that are not installed are named and
left out. It judges nothing: figures are for people. A run in which a client got less than nine tenths of its processor
while it wanted all of it is taken again.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

TOKEN = "bench-token"
QUERY = "/Users?filter=userName%20eq%20%22bjensen%22"
ENVIRONMENT = {**os.environ, "SCIM_TOKEN": TOKEN}


def pinned(processor, command):
    return ["taskset", "-c", str(processor), *map(str, command)]


@contextmanager
def server(command):
    """A server on processor 0 that says in its first line where it listens."""
    process = subprocess.Popen(pinned(0, command), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        line = process.stdout.readline()
        yield re.search(r"http://\S+", line).group().rstrip("/")
    finally:
        process.terminate()
        process.wait()


def client(command):
    """Output, processor seconds and wall seconds of a client on processor 1."""
    begun = time.monotonic()
    process = subprocess.Popen(pinned(1, command), env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} ended with exit code {process.returncode}")
    return output, usage.ru_utime + usage.ru_stime, time.monotonic() - begun


def of_driver(output, cpu, wall):
    figures = json.loads(output.strip().splitlines()[-1])
    if figures["errors"]:
        raise SystemExit(f"the driver saw {figures['errors']} errors")
    return figures["requests"], figures["requests"] / figures["seconds"], cpu


def of_wrk(output, cpu, wall):
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit("wrk saw errors:\n" + output)
    return requests, float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)), cpu


def of_oha(output, cpu, wall):
    figures = json.loads(output)
    requests = sum(figures["statusCodeDistribution"].values())
    return requests, figures["summary"]["requestsPerSec"], cpu


def clients(options, url):
    """Name, command and reader of each client that is there."""
    connections, seconds = options.connections, options.seconds
    driver = lambda *words: [options.driver, *words, url, connections, seconds]
    header = ["-H", f"Authorization: Bearer {TOKEN}", "-H", "Accept: application/scim+json"]
    all_of_them = [
        ("scimitar", driver("get"), of_driver),
        ("wrk", ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", *header, url + QUERY], of_wrk),
        ("oha", ["oha", "--no-tui", "--output-format", "json", "-c", connections, "-z", f"{seconds}s", *header, url + QUERY], of_oha),
        ("goose", driver("goose"), of_driver),
    ]
    for name, command, reader in all_of_them:
        if shutil.which(str(command[0])):
            yield name, command, reader
        else:
            print(f"{name} is not installed: left out")


def saturated(command, reader, patience=3):
    """Requests, requests a second and processor seconds of a client that had its processor to itself."""
    for attempt in range(patience):
        output, cpu, wall = client(command)
        if cpu > 0.9 * wall or attempt == patience - 1:
            return reader(output, cpu, wall), cpu / wall


def table(title, rows, base):
    """Medians, and ratios to one of the rows."""
    print(f"\n{title}\n{'client':<12}{'us CPU':>9}{'(range)':>15}{'ratio':>7}{'req/s':>9}{'ratio':>7}{'CPU had':>9}")
    middle = {name: [statistics.median(one) for one in zip(*runs)] for name, runs in rows.items()}
    for name, (micros, rate, share) in middle.items():
        span = f"{min(run[0] for run in rows[name]):.1f}-{max(run[0] for run in rows[name]):.1f}"
        of = middle.get(base, middle[next(iter(middle))])
        print(f"{name:<12}{micros:>9.1f}{span:>15}{micros / of[0]:>7.2f}{rate:>9.0f}{rate / of[1]:>7.2f}{share:>8.0%}")


def compare(options, url, title):
    rows = {}
    known = list(clients(options, url))
    for _ in range(options.repeat):
        for name, command, reader in known:
            (requests, rate, cpu), share = saturated(command, reader)
            rows.setdefault(name, []).append((cpu / requests * 1e6, rate, share))
    table(title, rows, "wrk")


def cpu(options):
    with server([options.driver, "canned", 0]) as url:
        compare(options, url, "GET with a filter, a server with one answer")
    if options.scimitar:
        with server([options.scimitar, "serve", "--port", 0, "--users", 1000]) as url:
            compare(options, url, "GET with a filter, the built-in provider")


def mixed(options):
    if not options.scimitar:
        return print("mixed: --scimitar is needed")
    rows = {}
    with server([options.scimitar, "serve", "--port", 0, "--users", 1000]) as url:
        for _ in range(options.repeat):
            for mix in ["get", "mixed"]:
                output, used, wall = client([options.driver, mix, url, options.connections, options.seconds])
                requests, rate, used = of_driver(output, used, wall)
                rows.setdefault(mix, []).append((used / requests * 1e6, rate, used / wall))
    table("POST, GET, filter, PATCH, DELETE against the GET alone, the built-in provider", rows, "get")


def rate(options):
    print("\nopen load: delivered against asked")
    with server([options.driver, "canned", 0]) as url:
        for asked in [25, 500, 5_000, 20_000]:
            print(client([options.driver, "rate", url, asked, 64, max(options.seconds, 10)])[0].strip())


def stall(options):
    print("\nresponse times of a server that stalls 200 ms every 2 s, at 500 a second")
    rows = []
    with server([options.driver, "stalling", 0]) as url:
        for _ in range(options.repeat):
            rows.append(json.loads(client([options.driver, "stall", url, 500, 128, 20])[0].strip().splitlines()[-1]))
    print(f"{'':<6}{'true':>9}{'measured':>10}{'off':>8}{'service':>9}   µs, medians")
    for share in ["p50", "p90", "p95", "p99"]:
        middle = {key: statistics.median(row[share][key] for row in rows) for key in rows[0][share]}
        print(f"{share:<6}{middle['truth']:>9.0f}{middle['response']:>10.0f}{middle['off_percent']:>7.1f}%{middle['service']:>9.0f}")


def memory(options):
    print("\nresident memory")
    with server([options.driver, "canned", 0]) as url:
        print(client([options.driver, "memory", url, options.connections, options.requests])[0].strip())


def main():
    parts = {"cpu": cpu, "mixed": mixed, "rate": rate, "stall": stall, "memory": memory}
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--driver", required=True, type=Path)
    options.add_argument("--scimitar", type=Path)
    options.add_argument("--connections", type=int, default=16)
    options.add_argument("--seconds", type=int, default=3)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--requests", type=int, default=1_000_000)
    options.add_argument("--only", default=",".join(parts))
    options = options.parse_args()
    print(f"processors: {os.cpu_count()}, load before: {os.getloadavg()[0]:.1f}")
    for name in options.only.split(","):
        parts[name](options)


if __name__ == "__main__":
    main()
