#!/usr/bin/env python3
"""Measures how the cost of a run grows with the target: pages over many users, a large group, a large resource.

    bench.py --scimitar target/release/scimitar [--steps 1250,2500,5000]

For each size it starts the built-in provider, plays the scenarios of `suite/` against it and prints the CPU seconds
of the client, its largest memory and the size of what it wrote, each with its ratio to the size before. Where the size
doubles, a ratio near 2 is linear and one near 4 quadratic. It judges nothing: figures are for people.
"""

import argparse
import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOKEN = "bench"
SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:"
CASES = ["by-index", "by-cursor", "groups", "resource"]


def call(base, method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/scim+json"}
    request = urllib.request.Request(base + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def fill(base, size):
    """A group of all users, and a user of about 200 bytes times the size."""
    ids, start = [], 1
    while True:
        page = call(base, "GET", f"/Users?startIndex={start}&count=200&attributes=id").get("Resources", [])
        if not page:
            break
        ids += [user["id"] for user in page]
        start += len(page)
    members = [{"value": one} for one in ids]
    call(base, "POST", "/Groups", {"schemas": [SCHEMA + "Group"], "displayName": "all", "members": members})
    photos = [{"value": f"https://example.com/{n}/" + "x" * 120, "display": f"photo {n}"} for n in range(size)]
    call(base, "POST", "/Users", {"schemas": [SCHEMA + "User"], "userName": "big", "photos": photos})


def measure(scimitar, base, case):
    """CPU seconds, kilobytes of memory and bytes written by one case."""
    with tempfile.TemporaryDirectory() as folder:
        command = [scimitar, "test", base, "--suite", HERE / "suite", "--only", case, "--output", folder, "-q"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env={**os.environ, "SCIM_TOKEN": TOKEN}, **quiet)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{case}: exit code {process.returncode}")
        written = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, written


def provider(scimitar, size):
    """The built-in provider with this many users on a free port; the process and its base URL."""
    command = [scimitar, "serve", "--port", "0", "--users", str(size)]
    environment = {**os.environ, "SCIM_TOKEN": TOKEN}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().split()[1]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scimitar", required=True)
    options.add_argument("--steps", default="1250,2500,5000")
    options = options.parse_args()
    before = {}
    print(f"{'case':<12}{'size':>7}{'CPU s':>9}{'ratio':>7}{'MB':>8}{'ratio':>7}{'kB out':>9}{'ratio':>7}")
    for size in map(int, options.steps.split(",")):
        process, base = provider(options.scimitar, size)
        try:
            fill(base, size)
            for case in CASES:
                now = measure(options.scimitar, base, case)
                shown = f"{case:<12}{size:>7}"
                for at, (value, unit, width) in enumerate(zip(now, (1, 1024, 1024), (9, 8, 9))):
                    last = before.get((case, at))
                    ratio = f"{value / last:.1f}" if last else ""
                    shown += f"{value / unit:>{width}.2f}{ratio:>7}"
                    before[case, at] = value
                print(shown, flush=True)
        finally:
            process.terminate()
            process.wait(timeout=10)
            time.sleep(0.1)


if __name__ == "__main__":
    main()
