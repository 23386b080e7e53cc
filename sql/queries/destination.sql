-- Where deliveries go.

-- name: destination_get
SELECT id, name, kind, metadata, is_disabled, created_at, updated_at,
	failing_since
FROM destination WHERE project_id = $1 AND id = $2

-- name: destination_find
SELECT id, name, kind, metadata, is_disabled, created_at, updated_at,
	failing_since
FROM destination WHERE project_id = $1 AND name = $2

-- name: destination_list
SELECT id, name, kind, metadata, is_disabled, created_at, updated_at,
	failing_since
FROM destination WHERE project_id = $1 ORDER BY id

-- name: destination_add, unique
INSERT INTO destination (project_id, id, name, kind, metadata, is_disabled,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: destination_change, unique
UPDATE destination SET name = $3, metadata = $4, updated_at = $5
WHERE project_id = $1 AND id = $2

-- name: destination_health
UPDATE destination SET is_disabled = $3, failing_since = $4
WHERE project_id = $1 AND id = $2

-- name: destination_remove
DELETE FROM destination WHERE project_id = $1 AND id = $2

-- Of all installations: their configurations are texts. `replace` tells
-- upper case from lower in every engine, LIKE does not.
-- name: destination_readers
SELECT id FROM installation i
WHERE project_id = $1 AND deleted_at IS NULL AND @installation_stays(i, $4)
	AND replace(config_content, $2, '') <> config_content
ORDER BY id LIMIT $3
