-- Sealed secrets.

-- name: secret_put
INSERT INTO secret (project_id, owner_id, name, key_version, sealed,
	expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (project_id, owner_id, name) DO UPDATE SET
	key_version = excluded.key_version, sealed = excluded.sealed,
	expires_at = excluded.expires_at

-- name: secret_list
SELECT name, key_version, sealed, expires_at FROM secret
WHERE project_id = $1 AND owner_id = $2 ORDER BY name

-- name: secret_remove
DELETE FROM secret WHERE project_id = $1 AND owner_id = $2 AND name = $3

-- name: secret_remove_all
DELETE FROM secret WHERE project_id = $1 AND owner_id = $2

-- name: secret_walk
SELECT owner_id, name, key_version, sealed, expires_at FROM secret
WHERE project_id = $1 AND (owner_id, name) > ($2, $3)
ORDER BY owner_id, name LIMIT $4
