-- Keys of customers' tokens. One is looked for in the whole store by the id
-- that a token names, and says the project; a deleted project's are none.

-- name: jwt_key_by_id, store
SELECT project_id, id, label, public_key, is_active, created_at, updated_at
FROM jwt_key
WHERE id = $1 AND EXISTS (SELECT 1 FROM project p
	WHERE p.id = jwt_key.project_id AND p.deleted_at IS NULL)

-- name: jwt_key_get
SELECT project_id, id, label, public_key, is_active, created_at, updated_at
FROM jwt_key WHERE project_id = $1 AND id = $2

-- name: jwt_key_list
SELECT project_id, id, label, public_key, is_active, created_at, updated_at
FROM jwt_key WHERE project_id = $1 ORDER BY id

-- name: jwt_key_add
INSERT INTO jwt_key (project_id, id, label, public_key, is_active, created_at,
	updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: jwt_key_change
UPDATE jwt_key SET label = $3, is_active = $4, updated_at = $5
WHERE project_id = $1 AND id = $2

-- name: jwt_key_remove
DELETE FROM jwt_key WHERE project_id = $1 AND id = $2
