#!/usr/bin/env python3
"""Holds the oracle to other people's parsers and evaluators of filters and applications of PATCH.

The test binary draws the cases, the peers answer them, and the test binary judges the answers: a disagreement of no class in
fixtures/vector/disagreements.toml is an error. Cases, answers and what is of no class stay in target/interop/oracle.

    oracle.py [--cases 2000] [--seed 1]
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import packages

HERE = Path(__file__).resolve().parent
PEERS = (
    ("scim2-models", "evaluate", "evaluate"),
    ("scim2-models", "parse", "parse"),
    ("scim2-filter-parser", "parse", "parse-sfp"),
    ("scim2-models", "patch", "patch"),
    ("scim2-parse-filter", "evaluate", "evaluate"),
    ("scim2-parse-filter", "parse", "parse"),
    ("scim-patch", "patch", "patch"),
)


def tested(name, folder, options):
    """Runs one of the tests of the integration binary."""
    scope = {"PEER_DIR": folder, "PEER_CASES": options.cases, "PEER_SEED": options.seed}
    command = ["cargo", "test", "--quiet", "--locked", "--test", "it", "--", name, "--nocapture"]
    done = subprocess.run(command, cwd=HERE.parents[1], env=os.environ | {key: str(value) for key, value in scope.items()}, timeout=1800)
    return done.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=2000, help="of each question (2000)")
    parser.add_argument("--seed", type=int, default=1, help="of the cases (1)")
    parser.add_argument("--work", type=Path, default=HERE.parents[1] / "target/interop", help="folder for what is installed and written")
    options = parser.parse_args()
    work = options.work.resolve()
    folder = work / "oracle"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    python = packages.python(work / "venv") / "python"
    node = packages.node(work / "oracle-node", HERE / "oracle-node")
    if not tested("peer::cases_for_peers_are_drawn", folder, options):
        sys.exit("oracle: no cases were drawn")
    begun = []
    for peer, question, what in PEERS:
        in_node = peer in ("scim2-parse-filter", "scim-patch")
        command = ["node", node / "models.mjs", what] if in_node else [python, HERE / "oracle/models.py", what]
        with open(folder / f"{question}.ndjson") as cases, open(folder / f"{question}.{peer}.ndjson", "w") as answers:
            begun.append((peer, question, subprocess.Popen(command, stdin=cases, stdout=answers)))
    ended = [(peer, question, process.wait(1800)) for peer, question, process in begun]
    if wrong := [f"{peer} ({question}) ended with {code}" for peer, question, code in ended if code]:
        sys.exit("oracle: " + ", ".join(wrong))
    if not tested("peer::disagreements_with_peers_are_known", folder, options):
        sys.exit(1)


if __name__ == "__main__":
    main()
