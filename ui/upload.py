"""The one uploaded file: kept on this computer, for its owner alone, until it is imported."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from settings import load

ENDINGS = ("csv", "tsv", "txt", "xlsx", "parquet")
MEGABYTES = 50
INCOMING = "incoming"
MAPPINGS = "mappings"
HOURS_KEPT = 24
UNUSUAL = re.compile(r"[^\w.-]+")
OWNER_ALONE = 0o600


@dataclass(frozen=True)
class Upload:
    """A file that has come in.

    Attributes
    ----------
    path : Path
        Where it stands.
    name : str
        What it was called on the desk.
    """

    path: Path
    name: str

    @property
    def mapping(self) -> Path:
        """Return where the mapping that is being made for it stands."""
        return self.path.parent / "mapping.yaml"


def take(name: str, content: bytes) -> Upload:
    """Write an upload where its owner alone can read it, and sweep away what was left over."""
    incoming = load().home / INCOMING
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(incoming)
    folder = incoming / token_hex(8)
    folder.mkdir(mode=0o700)
    file = folder / (UNUSUAL.sub("_", Path(name).name).lstrip(".")[-80:] or "file")
    _write(file, content)
    return Upload(file, name)


def forget(upload: Upload) -> None:
    """Delete an upload and all that was written beside it."""
    shutil.rmtree(upload.path.parent, ignore_errors=True)


def write_mapping(upload: Upload, mapping: Mapping[str, Any]) -> Path:
    """Write the mapping beside the upload; JSON is YAML, and its quotation marks leave no doubt."""
    content = json.dumps(mapping, ensure_ascii=False, indent=2).encode()
    _write(upload.mapping, content)
    return upload.mapping


def keep_mapping(upload: Upload) -> Path:
    """Keep the mapping for the next file of this kind; it holds no person's value.

    It is kept under its own name, so that one that was kept before is replaced.
    """
    folder = load().home / MAPPINGS
    folder.mkdir(parents=True, exist_ok=True)
    name = json.loads(upload.mapping.read_text(encoding="utf-8")).get("name") or upload.path.stem
    return Path(shutil.copy(upload.mapping, folder / f"{UNUSUAL.sub('_', name)}.yaml"))


def _write(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ALONE)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(content)


def _sweep(incoming: Path) -> None:
    oldest = time.time() - HOURS_KEPT * 3_600
    for folder in incoming.iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
