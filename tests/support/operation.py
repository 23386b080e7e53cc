"""Operations of installations, put into a store that nobody serves: no call
of an API makes one."""

import json
import uuid

from support.whole import changing

START = 1_700_000_000_000_000  # microseconds
COLUMNS = ("project_id", "id", "installation_id", "integration_id",
           "config_id", "action", "status", "result", "objects",
           "record_ids", "attempts", "attempted_at", "notified_at",
           "progress_object", "records", "records_estimated", "created_at",
           "updated_at", "ended_at")


def new_id(time_us):
    """A uuid of version 7."""
    number = (time_us // 1000) << 80 | 7 << 76 | 2 << 62 \
        | uuid.uuid4().int & (1 << 62) - 1
    return str(uuid.UUID(int=number))


def add(store, installation, time_us, **known):
    """Its id."""
    row = {"id": new_id(time_us), "action": "read", "status": "success",
           "project_id": installation["projectId"],
           "installation_id": installation["id"],
           "integration_id": installation["integrationId"],
           "config_id": installation["config"]["id"], "attempts": 0,
           "records": 0, "created_at": time_us, **known}
    values = [uuid.UUID(row[name]).bytes if name.endswith("_id")
              or name == "id" else row.get(name) for name in COLUMNS]
    with changing(store) as rows:
        rows.execute(f"INSERT INTO operation ({', '.join(COLUMNS)}) VALUES "
                     f"({', '.join('?' * len(COLUMNS))})", values)
    return row["id"]


def log(store, installation, operation, number, severity, **message):
    with changing(store) as rows:
        rows.execute(
            "INSERT INTO operation_log (project_id, operation_id, number, "
            "severity, message, created_at) VALUES (?, ?, ?, ?, ?, ?)",
            [uuid.UUID(installation["projectId"]).bytes,
             uuid.UUID(operation).bytes, number, severity,
             json.dumps({**message, "operation_id": operation}), START])
