"""The two programs that `make deep` takes from the system: Chromium, and a Java of 17 or newer (Spark's floor).

`python tests/deep/needs.py` finds them, or installs them with apt-get (as root, or with a sudo that asks nothing), or
says in one line what to type and exits 1. Standard library only.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OLDEST_JAVA = 17
PACKAGES = {"Chromium": "chromium", f"Java {OLDEST_JAVA} or newer": "default-jre-headless"}
FONTS = "fonts-dejavu-core"
"""Installed with Chromium: without a font that has Vietnamese letters a screenshot shows boxes."""


def chromium() -> Path | None:
    """The browser's program, by the names it goes under."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    return Path(found) if found else None


def java_home() -> Path | None:
    """Home of a Java that is new enough: JAVA_HOME's, the PATH's, else the newest under /usr/lib/jvm."""
    on_path = shutil.which("java")
    homes = [Path(home) for home in (os.environ.get("JAVA_HOME"),) if home]
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), reverse=True)
    return next((home for home in homes if java_version(home / "bin" / "java") >= OLDEST_JAVA), None)


def java_version(program: Path) -> int:
    """The major version that a `java` says it is; 0 when it cannot be asked."""
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=60).stderr
    except OSError:
        return 0
    major = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(major.group(1)) if major else 0


FINDERS: dict[str, Callable[[], Path | None]] = dict(zip(PACKAGES, (chromium, java_home), strict=True))


def missing() -> list[str]:
    """The names of the programs that are not here."""
    return [name for name, find in FINDERS.items() if find() is None]


def main() -> int:
    """Find, install or explain; the exit code."""
    absent = missing()
    if absent:
        packages = [PACKAGES[name] for name in absent] + ([FONTS] if "Chromium" in absent else [])
        print(f"Installing {' and '.join(absent)} with apt-get", flush=True)
        install(packages)
        if still := missing():
            line = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
            print(f"make deep needs {' and '.join(still)}. As root, type: {line}", file=sys.stderr)
            return 1
    return 0


def install(packages: list[str]) -> None:
    """Try apt-get; what went wrong stands in its own output, and `main` looks again."""
    if not shutil.which("apt-get"):
        return
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not shutil.which("sudo"):
        return
    quiet = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*quiet, "update"], stdout=subprocess.DEVNULL)
    subprocess.run([*quiet, "install", "-y", "--no-install-recommends", *packages], stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    raise SystemExit(main())
