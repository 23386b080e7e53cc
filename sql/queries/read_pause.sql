-- Objects that are not read for now.

-- name: read_pause_add
INSERT INTO read_pause (project_id, installation_id, object_name, cause, note,
	actor, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: read_pause_list
SELECT object_name, cause, note, actor, created_at FROM read_pause
WHERE project_id = $1 AND installation_id = $2 ORDER BY object_name

-- name: read_pause_remove
DELETE FROM read_pause
WHERE project_id = $1 AND installation_id = $2 AND object_name = $3

-- name: read_pause_remove_of
DELETE FROM read_pause WHERE project_id = $1 AND installation_id = $2
