-- Groups and consumers.

-- name: group_find
SELECT id, ref, name, created_at, updated_at
FROM customer_group
WHERE project_id = $1 AND ref = $2 AND deleted_at IS NULL

-- name: group_add
INSERT INTO customer_group (project_id, id, ref, name, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: group_rename
UPDATE customer_group SET name = $3, updated_at = $4
WHERE project_id = $1 AND id = $2

-- name: group_list
SELECT id, ref, name, created_at, updated_at
FROM customer_group
WHERE project_id = $1 AND ref > $2 AND deleted_at IS NULL
ORDER BY ref LIMIT $3

-- name: group_count_installations
SELECT COUNT(*) FROM installation i
WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL
	AND @installation_stays(i, $3)

-- name: group_count_connections
SELECT COUNT(*) FROM connection c
WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL
	AND @connection_stays(c, $3)

-- name: consumer_find
SELECT id, ref, name, created_at, updated_at
FROM consumer
WHERE project_id = $1 AND ref = $2 AND deleted_at IS NULL

-- name: consumer_add
INSERT INTO consumer (project_id, id, ref, name, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: consumer_rename
UPDATE consumer SET name = $3, updated_at = $4
WHERE project_id = $1 AND id = $2
