"""curl, for the lines that a page of documentation shows."""

import json
import subprocess


def curl(*arguments):
    """The status and the JSON document."""
    done = subprocess.run(
        ["curl", "--silent", "--show-error", "--noproxy", "*",
         "--max-time", "30", "--write-out", "\n%{http_code}", *arguments],
        capture_output=True, check=True, text=True)
    document, status = done.stdout.rsplit("\n", 1)
    return int(status), json.loads(document)
