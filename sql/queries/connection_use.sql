-- Who uses a named connection.

-- name: connection_use_add
INSERT INTO connection_use (project_id, connection_id, user_kind, user_id)
SELECT $1, id, $3, $4 FROM connection
WHERE project_id = $1 AND id = $2 AND family = 'target' AND deleted_at IS NULL
ON CONFLICT (project_id, connection_id, user_id) DO NOTHING

-- name: connection_use_end
DELETE FROM connection_use WHERE project_id = $1 AND user_id = $2

-- name: connection_use_end_all
DELETE FROM connection_use WHERE project_id = $1 AND connection_id = $2

-- name: connection_users
SELECT u.user_kind, u.user_id, COALESCE(c.name, i.title, '')
FROM connection_use u
LEFT JOIN connection c ON c.project_id = $1 AND c.id = u.user_id
LEFT JOIN integration i ON i.project_id = $1 AND i.id = u.user_id
WHERE u.project_id = $1 AND u.connection_id = $2
ORDER BY u.user_id LIMIT $3
