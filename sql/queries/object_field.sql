-- What builders have told of objects' fields.

-- name: object_field_get
SELECT object_name, name, definition, created_at, updated_at FROM object_field
WHERE project_id = $1 AND connection_id = $2 AND object_name = $3
	AND name = $4

-- name: object_field_list
SELECT object_name, name, definition, created_at, updated_at FROM object_field
WHERE project_id = $1 AND connection_id = $2 AND object_name = $3
ORDER BY name

-- name: object_field_count
SELECT COUNT(*) FROM object_field WHERE project_id = $1 AND connection_id = $2

-- name: object_field_add
INSERT INTO object_field (project_id, connection_id, object_name, name,
	definition, created_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: object_field_change
UPDATE object_field SET definition = $5, updated_at = $6
WHERE project_id = $1 AND connection_id = $2 AND object_name = $3
	AND name = $4

-- name: object_field_remove_of
DELETE FROM object_field WHERE project_id = $1 AND connection_id = $2
