"""`python -m bench [NAME…]`: measure. Without names, everything."""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import subprocess
import sys
from typing import NoReturn

from bench.delay import ip
from tests.real.programs import missing_programs

FIGURES = {
    "round_trips": "an answer with nothing cached at 20 ms distance, beside a bare program",
    "peers": "the status of one domain beside other programs that look at the same ports, near and at 20 ms",
    "fleet": "the status of 200 domains on real servers, beside blackbox exporter",
    "beside": "commands answered from cache while the same process looks at 200 domains",
    "hung": "one port or one name server that hangs, beside MAILBOT_TIMEOUT",
    "slack": "commands answered from cache over HTTP, beside an empty Bolt app",
    "memory": "memory of `mailbot serve` after answers for 1,000 and 3,000 domains",
    "playground": "start, memory and first answers of `mailbot playground`",
    "sweep": "`mailbot sweep --dns-only` beside dnspython's resolver; time and memory for 100,000 domains",
    "start": "start of the command line, beside a bare import of its libraries",
}
FAR = ("round_trips", "peers")
"""Figures that need a TUN device."""
REAL = (*FAR, "fleet", "beside")
"""Figures that need real servers."""

_INSIDE = "MAILBOT_BENCH_INSIDE"


def main() -> None:
    """Measure what was named, inside a network namespace of its own."""
    names = _wanted()
    inside = os.environ.pop(_INSIDE, "")
    if not inside:
        _enter_namespace()
    ip("link", "set", "lo", "up")
    for name in names:
        if name in REAL and (reason := _why_not(name, is_root=inside == "root")):
            print(f"\nSKIPPED: {name} ({FIGURES[name]}): {reason}", flush=True)
            continue
        importlib.import_module(f"bench.{name}").run()


def _wanted() -> list[str]:
    parser = argparse.ArgumentParser(prog="python -m bench", formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.epilog = "\n".join(f"{name:<12} {about}" for name, about in FIGURES.items())
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure; everything when not given")
    names: list[str] = parser.parse_args().names
    if unknown := [name for name in names if name not in FIGURES]:
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    return names or list(FIGURES)


def _enter_namespace() -> NoReturn:
    """Start again where every port of every address is free; who is not root can be it in there."""
    is_root = os.geteuid() == 0
    command = ["unshare", "--net"] if is_root else ["unshare", "--user", "--map-root-user", "--net"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], check=False).returncode != 0:
        print("SKIPPED: everything. The measurements need a network namespace: root, or unprivileged namespaces.")
        sys.exit()
    os.environ[_INSIDE] = "root" if is_root else "user"
    sys.stdout.flush()
    os.execvp("unshare", [*command, sys.executable, "-m", "bench", *sys.argv[1:]])


def _why_not(name: str, *, is_root: bool) -> str:
    if not is_root:
        return "it needs root, to start servers that run as users of their own"
    if name in FAR and not os.path.exists("/dev/net/tun"):
        return "there is no /dev/net/tun"
    missing = missing_programs()
    return f"missing {', '.join(missing)}; run tests/install.sh real" if missing else ""


if __name__ == "__main__":
    main()
