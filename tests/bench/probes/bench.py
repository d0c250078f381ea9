#!/usr/bin/env python3
"""Measures how long probes take against the built-in provider, and how many filters a second the law of filters tries.

    bench.py --scimitar target/release/scimitar [--repeat 5] [--seed 1]

Runs one after the other, each with all its default settings but for the seed: the default probes, a full run, the law
of filters alone, and the same with ten times the cases. Of each it prints the median of wall seconds and of processor
seconds, client and provider together; of the law of filters also the filters a second, from its first request to its
last, with what it creates and learns before. It judges nothing: figures are for people. Processor seconds tell whether
another program took part of the machine.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

FILTERS = ["--only", "probe.filter"]
RUNS = {
    "default probes": ["--only", "probe.*"],
    "full run": [],
    "filters": FILTERS,
    "filters, ten times the cases": [*FILTERS, "--cases", "3000"],
}


def processor():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(scimitar, arguments):
    """Wall seconds, processor seconds and filters a second of one run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [scimitar, "test", "--embedded", "--quiet", "--output", folder, *arguments]
        before, begun = processor(), time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        wall, spent = time.monotonic() - begun, processor() - before
        cases = json.loads((Path(folder) / "run.json").read_text())["cases"]
        taken = [case["duration_ms"] for case in cases if case["id"] == "probe.filter"]
        with (Path(folder) / "exchanges.ndjson").open() as exchanges:
            sent = sum('"case":"probe.filter"' in line and '"step":"filter"' in line for line in exchanges)
    return wall, spent, sent / max(taken[0], 1) * 1000 if taken else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scimitar", default="target/release/scimitar")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, medians of {options.repeat}")
    print(f"{'':30}{'wall s':>8}{'CPU s':>8}{'filters/s':>12}")
    for name, arguments in RUNS.items():
        seeded = [*arguments, "--seed", str(options.seed)]
        runs = [measure(options.scimitar, seeded) for _ in range(options.repeat)]
        wall, spent, rate = (statistics.median(figures) for figures in zip(*runs))
        alone = f"{rate:12.0f}" if arguments[:2] == FILTERS else ""
        print(f"{name:30}{wall:8.2f}{spent:8.2f}{alone}", flush=True)


if __name__ == "__main__":
    main()
