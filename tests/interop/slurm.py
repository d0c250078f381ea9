#!/usr/bin/env python3
"""A load in four shards as a job array of a real Slurm on this machine, one of them killed and requeued.

    slurm.py --scimitar target/debug/scimitar

Slurm (slurm-wlm, munge) is installed with apt-get where it is missing and can be had: on Debian and its kin, as root. Where
it can't, this says so and exits 0: nothing was shown, and nothing failed. Everything listens on 127.0.0.1 and is ended by
its process id; all that Slurm keeps is in the work folder. Exits 1 where the shards do not
add up.
"""

import argparse
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from process import TOKEN, Server, free_port, run

SHARDS = 4
# Seconds from the submission to the first request: the killed shard has to be there again by then.
AHEAD = 40
# Longest time for all of it, without the installation.
LIMIT = 110
PROFILE = """name: array
title: Four tasks of an array put one load on the target
model: { open: { rate: 80 } }
warm-up: 1s
duration: 6s
connections: 16
pool: { users: 40, groups: 4, members: 5 }
mix:
  - { scenario: load.user.match, weight: 6 }
  - { scenario: load.user.create, weight: 2 }
  - { scenario: load.user.change, weight: 1 }
  - { scenario: load.group.read, weight: 1 }
thresholds: [error-rate<=0%, rps>=79]
"""
# What a task does: it removes what an earlier start of it may have left, notes that it runs, and becomes the shard.
JOB = """#!/bin/bash
#SBATCH --job-name=scimitar --ntasks=1 --cpus-per-task=1 --requeue --open-mode=append
set -eu
mkdir -p "{work}/task-$SLURM_ARRAY_TASK_ID"
cd "{work}/task-$SLURM_ARRAY_TASK_ID"
echo "${{SLURM_RESTART_COUNT:-0}}" >> starts
echo $$ > pid
"{scimitar}" cleanup
exec "{scimitar}" load "{work}/array.yaml" "{url}" --start-at {start} --output out
"""
CONF = """ClusterName=interop
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/munge
AuthInfo=socket={munge}/socket,cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SlurmctldPort={controller}
SlurmdPort={daemon}
SlurmUser=root
StateSaveLocation={work}/state
SlurmdSpoolDir={work}/spool
SlurmctldPidFile={work}/slurmctld.pid
SlurmdPidFile={work}/slurmd.pid
SlurmctldLogFile={work}/slurmctld.log
SlurmdLogFile={work}/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
ReturnToService=2
MailProg=/bin/true
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory=500 State=UNKNOWN
PartitionName=p Nodes={host} Default=YES MaxTime=10 State=UP OverSubscribe=FORCE:4
"""


class Skip(Exception):
    """Why Slurm can't be had here."""


def install():
    """Installs Slurm and munge where they are missing."""
    missing = [name for name in ("slurmctld", "slurmd", "sbatch", "munged") if not shutil.which(name, path=PATH)]
    if os.geteuid() != 0:
        raise Skip("Slurm's daemons need root here")
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise Skip(f"{', '.join(missing)} missing, and there is no apt-get to install them")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    began = time.monotonic()
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "-y", "install", "--no-install-recommends", "slurm-wlm", "munge"]):
        try:
            done = subprocess.run(command, env=quiet, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            raise Skip(f"{' '.join(command)} did not end within 300 s") from None
        # A mirror that is away for a moment does not matter where the packages are known.
        if done.returncode and "install" in command:
            raise Skip(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip().splitlines()[-1:]}")
    print(f"slurm: installed in {time.monotonic() - began:.0f} s", flush=True)


PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class Slurm:
    """munged, slurmctld and slurmd, in a folder of their own."""

    def __init__(self, work):
        self.work = work
        self.env = {**os.environ, "PATH": PATH, "SLURM_CONF": str(work / "slurm.conf"), "SCIM_TOKEN": TOKEN, "NO_COLOR": "1"}
        self.started, self.folder = [], None

    def __enter__(self):
        try:
            self.munge()
            host = os.uname().nodename.split(".")[0]
            (self.work / "slurm.conf").write_text(CONF.format(
                host=host, work=self.work, munge=self.folder, controller=free_port(), daemon=free_port(), cpus=os.cpu_count()))
            for folder in ("state", "spool"):
                (self.work / folder).mkdir()
            conf = str(self.work / "slurm.conf")
            self.start("slurmctld", ["slurmctld", "-D", "-f", conf])
            self.start("slurmd", ["slurmd", "-D", "-f", conf, "-N", host])
            self.until(30, "a node that is idle", lambda: "idle" in self.ask("sinfo", "-h", "-o", "%T"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def munge(self):
        """munged runs as a user of its own, who need not reach the work folder."""
        self.folder = folder = Path(tempfile.mkdtemp(prefix="munge-"))
        folder.chmod(0o711)
        key = folder / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        try:
            owner = pwd.getpwnam("munge")
        except KeyError:
            owner = pwd.getpwnam("root")
        for path in (folder, key):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        self.start("munged", ["munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/socket",
                              f"--pid-file={folder}/pid", f"--log-file={folder}/log", f"--seed-file={folder}/seed"],
                   user=owner.pw_uid, group=owner.pw_gid)
        self.until(10, "munge's socket", (folder / "socket").exists)

    def start(self, name, command, **more):
        log = open(self.work / f"{name}.out", "w")
        self.started.append((name, subprocess.Popen(command, env=self.env, stdout=log, stderr=subprocess.STDOUT, **more), log))

    def ask(self, *command, limit=20):
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=limit)
        return done.stdout.strip() if done.returncode == 0 else ""

    def order(self, *command):
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=20, cwd=self.work)
        if done.returncode:
            self.fail(f"{' '.join(command)}: {done.stderr.strip()}")
        return done.stdout.strip()

    def until(self, limit, what, holds):
        """Waits until something holds."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            if holds():
                return
            for name, process, _ in self.started:
                if process.poll() is not None:
                    self.fail(f"{name} ended with {process.returncode} before there was {what}")
            time.sleep(0.2)
        self.fail(f"{what}: not within {limit} s")

    def fail(self, why):
        logs = [*self.work.glob("*.out"), *self.work.glob("*.log"), *self.work.glob("slurm-*")]
        tails = [f"== {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in sorted(logs)]
        sys.exit("slurm: " + why + "\n" + "\n".join(tails))

    def __exit__(self, *_):
        for _, process, log in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(10)
            log.close()
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def array(slurm, work, scimitar, url):
    """Runs the array, kills one of its tasks and requeues it; which one."""
    start = int(time.time()) + AHEAD
    (work / "array.yaml").write_text(PROFILE)
    (work / "job.sh").write_text(JOB.format(work=work, scimitar=scimitar, url=url, start=start))
    job = slurm.order("sbatch", "--parsable", f"--array=0-{SHARDS - 1}", f"--output={work}/slurm-%a.txt", str(work / "job.sh"))
    said = [work / f"slurm-{index}.txt" for index in range(SHARDS)]

    def ready(index, times=1):
        return said[index].exists() and said[index].read_text().count("waiting") >= times

    def waiting():
        if not slurm.ask("squeue", "-h", "-j", job):
            slurm.fail("the array came to its end before its start")
        return all(ready(index) for index in range(SHARDS))

    slurm.until(AHEAD, "four shards that wait for the start", waiting)
    victim = 2
    # Killed outright: it can clean up nothing, which is left to its next start.
    os.kill(int((work / f"task-{victim}/pid").read_text()), signal.SIGKILL)
    print(f"slurm: job {job}: four shards wait for the start; {victim} is killed and requeued", flush=True)
    requeue(slurm, f"{job}_{victim}")
    slurm.until(AHEAD, "the requeued shard", lambda: ready(victim, 2))
    print(f"slurm: shard {victim} is back {start - time.time():.0f} s before the start", flush=True)
    slurm.until(LIMIT, "the end of the array", lambda: not slurm.ask("squeue", "-h", "-j", job))
    return victim


def requeue(slurm, task):
    """Requeues a task, which Slurm may still be taking down."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        done = subprocess.run(["scontrol", "requeue", task], env=slurm.env, capture_output=True, text=True, timeout=20)
        if done.returncode == 0:
            return
        time.sleep(0.3)
    slurm.fail(f"scontrol requeue {task}: {done.stderr.strip()}")


def judge(work, scimitar, victim):
    """Merges the records and holds the sum to its parts; what is wrong."""
    files = [work / f"task-{index}/out/load.json" for index in range(SHARDS)]
    absent = [str(path) for path in files if not path.exists()]
    if absent:
        return [f"no record: {', '.join(absent)}"]
    parts = [json.loads(path.read_text()) for path in files]
    few = run([scimitar, "load", "merge", *files[:-1], "-o", work / "few"], 30)
    done = run([scimitar, "load", "merge", *files, "-o", work / "merged"], 30)
    print(done.stdout, flush=True)
    whole = json.loads((work / "merged/load.json").read_text())
    wrong = []

    def equal(what, left, right):
        if left != right:
            wrong.append(f"{what}: {left} where {right} is due")

    starts = [(work / f"task-{index}/starts").read_text().split() for index in range(SHARDS)]
    equal("starts of the tasks", starts, [["0", "1"] if index == victim else ["0"] for index in range(SHARDS)])
    cleaned = (work / f"slurm-{victim}.txt").read_text()
    equal("clean-ups of what the killed shard left", len(re.findall(r"[1-9]\d* of \d+ resources are gone", cleaned)), 1)
    equal("shards", [part["shard"] for part in parts], [{"index": index, "of": SHARDS} for index in range(SHARDS)])
    equal("runs", len({part["run"] for part in parts}), SHARDS)
    equal("beginnings", len({part["started"] for part in parts}), 1)
    # Seven seconds of eighty a second, evenly spaced.
    equal("planned", sum(part["generator"]["planned"] for part in parts), 560)
    equal("merged planned", whole["generator"]["planned"], 560)
    equal("requests", whole["total"]["count"], sum(part["total"]["count"] for part in parts))
    for time_of in ("service", "response", "headers", "lateness"):
        equal(f"histogram of {time_of}", whole["total"][time_of]["count"], sum(part["total"][time_of]["count"] for part in parts))
        equal(f"slowest by {time_of}", whole["total"][time_of]["max"], max(part["total"][time_of]["max"] for part in parts))
    for operation in whole["operations"]:
        name = operation["name"]
        of = [one["count"] for part in parts for one in part["operations"] if one["name"] == name]
        equal(f"requests of {name}", operation["count"], sum(of))
    seconds = {}
    for part in parts:
        for second in part["series"]:
            seconds[second["at"]] = seconds.get(second["at"], 0) + second["count"]
    equal("seconds", {second["at"]: second["count"] for second in whole["series"]}, seconds)
    equal("left behind", [part["cleanup"]["leftover"] for part in parts], [[]] * SHARDS)
    equal("exit code", done.returncode, whole["outcome"]["exit_code"])
    # A machine that could not keep up is no fault of the sum.
    if done.returncode and whole["outcome"]["reasons"] != ["generator-limited"]:
        wrong.append(f"the merged run: {whole['outcome']}, {whole['thresholds']}\n{done.stderr}")
    if few.returncode != 2 or f"{SHARDS - 1} is missing" not in few.stderr:
        wrong.append(f"three of four shards are merged: exit {few.returncode}: {few.stderr}")
    return wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--scimitar", required=True, type=Path)
    arguments.add_argument("--work", type=Path, default=Path("target/interop/slurm"))
    given = arguments.parse_args()
    # Whoever ends this ends what it has begun.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        install()
    except Skip as why:
        print(f"slurm: SKIPPED, nothing was shown: {why}", flush=True)
        return 0
    began = time.monotonic()
    scimitar, work = given.scimitar.resolve(), given.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    work.chmod(0o755)
    port = free_port()
    with Server([scimitar, "serve", "--port", port, "--quiet"], f"http://127.0.0.1:{port}/v2", work / "serve.out") as server:
        with Slurm(work) as slurm:
            victim = array(slurm, work, scimitar, server.url)
        wrong = judge(work, scimitar, victim)
        for endpoint in ("/Users", "/Groups"):
            left = json.loads(server.get(f"{endpoint}?count=0"))["totalResults"]
            if left:
                wrong.append(f"{left} resources are left at {endpoint}")
    for line in wrong:
        print(f"slurm: {line}", flush=True)
    print(f"slurm: {len(wrong)} wrong, {time.monotonic() - began:.0f} s", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
