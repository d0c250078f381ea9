"""Processes on loopback: started with a time limit, ended by their id, never by a name."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

TOKEN = "interop-7b1f0c5d"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def scope(more=None):
    """The environment of all that is started: it knows the token, and writes nothing beside its sources."""
    return {**os.environ, "SCIM_TOKEN": TOKEN, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
            **{name: str(value) for name, value in (more or {}).items()}}


def run(command, limit, more=None, cwd=None):
    """Runs a command to its end; its output as text."""
    try:
        return subprocess.run([str(part) for part in command], env=scope(more), cwd=cwd, capture_output=True, text=True,
                              timeout=limit)
    except subprocess.TimeoutExpired:
        sys.exit(f"interop: {Path(command[0]).name} did not end within {limit} s")


class Server:
    """A server process that is ready when it answers ServiceProviderConfig."""

    def __init__(self, command, url, log, more=None):
        self.command, self.url, self.log, self.more = [str(part) for part in command], url, log, more

    def __enter__(self):
        self.output = open(self.log, "w")
        self.process = subprocess.Popen(self.command, stdout=self.output, stderr=subprocess.STDOUT, env=scope(self.more))
        for _ in range(150):
            if self.process.poll() is not None:
                break
            try:
                self.get("/ServiceProviderConfig")
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
                self.process.wait(10)
        self.output.close()

    def get(self, path):
        request = urllib.request.Request(self.url + path, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.read()

    def requests(self) -> int:
        """Requests in the server's access log so far."""
        self.output.flush()
        return len(re.findall(r'"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) ', Path(self.log).read_text()))
