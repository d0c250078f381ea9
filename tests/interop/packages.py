"""Installs what the runs need, at pinned versions, into a cache folder; made once, remade when the pins change."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent


def python(folder: Path) -> Path:
    """The commands of a virtual environment with the packages of requirements.txt."""
    pins = HERE / "requirements.txt"

    def fill():
        venv.create(folder, with_pip=True, clear=True)
        install([folder / "bin/pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "-r", pins], folder)

    once(folder, [pins], fill)
    return folder / "bin"


def node(folder: Path, source: Path) -> Path:
    """A copy of a Node project with its packages installed as package-lock.json pins them."""
    pins = [source / "package.json", source / "package-lock.json"]

    def fill():
        folder.mkdir(parents=True)
        for path in [*pins, source / ".npmrc"]:
            shutil.copy(path, folder)
        install(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)

    once(folder, pins, fill)
    for path in source.glob("*.mjs"):
        shutil.copy(path, folder)
    return folder


def once(folder, pins, fill):
    stamp = folder / "pins.txt"
    wanted = "".join(path.read_text() for path in pins)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(folder, ignore_errors=True)
    fill()
    stamp.write_text(wanted)


def install(command, folder):
    try:
        subprocess.run(command, check=True, timeout=600, cwd=folder)
    except (OSError, subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        sys.exit(f"interop: cannot install the pinned packages: {error}")
