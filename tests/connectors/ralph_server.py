"""Starts the Ralph LRS (openfun, MIT) with statements in a folder; run by Ralph's own Python."""

import os
import sys


def serve(folder: str, port: int, user: str, password: str) -> None:
    """Serve until stopped; statements and the password's hash stand in the folder."""
    import json
    from pathlib import Path

    import bcrypt

    hashed = bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
    agent = {"mbox": "mailto:office@x.org"}
    entry = {"username": user, "hash": hashed, "scopes": ["all"], "agent": agent}
    Path(folder, "auth.json").write_text(json.dumps([entry]))
    Path(folder, "statements").mkdir(exist_ok=True)
    os.environ |= {
        "RALPH_AUTH_FILE": str(Path(folder, "auth.json")),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(Path(folder, "statements")),
    }
    import uvicorn
    from ralph.api import app
    from ralph.backends.data.base import BaseOperationType
    from ralph.backends.lrs.fs import FSLRSBackend

    # by default the second POST to the file store is an error
    FSLRSBackend.default_operation_type = BaseOperationType.APPEND
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
