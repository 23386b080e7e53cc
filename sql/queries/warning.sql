-- Warnings that are raised.

-- name: warning_get
SELECT name, severity, title, message, environment, raised_at, updated_at
FROM warning WHERE project_id = $1 AND name = $2

-- name: warning_list
SELECT name, severity, title, message, environment, raised_at, updated_at
FROM warning WHERE project_id = $1 ORDER BY name

-- name: warning_count
SELECT COUNT(*) FROM warning WHERE project_id = $1

-- name: warning_add
INSERT INTO warning (project_id, name, severity, title, message, environment,
	raised_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: warning_change
UPDATE warning SET severity = $3, title = $4, message = $5, environment = $6,
	updated_at = $7
WHERE project_id = $1 AND name = $2

-- name: warning_remove
DELETE FROM warning WHERE project_id = $1 AND name = $2

-- name: warning_remove_all
DELETE FROM warning WHERE project_id = $1
