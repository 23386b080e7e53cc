-- Environments: where connections are deployed.

-- name: environment_get
SELECT id, name, kind, created_at FROM environment
WHERE project_id = $1 AND id = $2

-- name: environment_find
SELECT id, name, kind, created_at FROM environment
WHERE project_id = $1 AND name = $2

-- name: environment_list
SELECT id, name, kind, created_at FROM environment
WHERE project_id = $1 AND name > $2 ORDER BY name LIMIT $3

-- name: environment_add, unique
INSERT INTO environment (project_id, id, name, kind, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: environment_remove
DELETE FROM environment WHERE project_id = $1 AND id = $2

-- name: thing_environment
SELECT id, name, 'environment', NULL, NULL FROM environment
WHERE project_id = $1 AND id = $2
