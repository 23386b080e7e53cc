-- Environment variables. Their values are in `secret`.

-- name: variable_find
SELECT id, name, description, is_global, is_visible, created_at, updated_at
FROM variable WHERE project_id = $1 AND name = $2

-- name: variable_get
SELECT id, name, description, is_global, is_visible, created_at, updated_at
FROM variable WHERE project_id = $1 AND id = $2

-- name: variable_list
SELECT id, name, description, is_global, is_visible, created_at, updated_at
FROM variable WHERE project_id = $1 ORDER BY name

-- name: variable_add, unique
INSERT INTO variable (project_id, id, name, description, is_global, is_visible,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: variable_change, unique
UPDATE variable SET name = $3, description = $4, is_global = $5,
	is_visible = $6, updated_at = $7
WHERE project_id = $1 AND id = $2

-- name: variable_remove
DELETE FROM variable WHERE project_id = $1 AND id = $2

-- name: variable_remove_values
DELETE FROM variable_value WHERE project_id = $1 AND variable_id = $2

-- name: variable_values
SELECT v.environment_id, e.name, v.is_visible
FROM variable_value v CROSS JOIN environment e
WHERE v.project_id = $1 AND v.variable_id = $2 AND e.project_id = $1
	AND e.id = v.environment_id
ORDER BY e.name

-- name: variable_value_put
INSERT INTO variable_value (project_id, variable_id, environment_id, is_visible)
VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id, variable_id, environment_id) DO UPDATE SET
	is_visible = excluded.is_visible

-- name: variable_value_remove
DELETE FROM variable_value
WHERE project_id = $1 AND variable_id = $2 AND environment_id = $3

-- name: variable_forget_secrets
DELETE FROM secret WHERE project_id = $1 AND name = $3 AND owner_id IN
	(SELECT variable_id FROM variable_value
	WHERE project_id = $1 AND environment_id = $2)

-- name: variable_forget_environment
DELETE FROM variable_value WHERE project_id = $1 AND environment_id = $2
