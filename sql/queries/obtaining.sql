-- Tokens that are being obtained.

-- name: obtaining_get
SELECT id, stage, way, provider, provider_app_id, connection_id, is_update,
	facts, failure, created_at, expires_at
FROM obtaining WHERE project_id = $1 AND id = $2

-- name: obtaining_by_ticket
SELECT id, stage, way, provider, provider_app_id, connection_id, is_update,
	facts, failure, created_at, expires_at
FROM obtaining
WHERE project_id = $1 AND ticket = $2 AND ticket IS NOT NULL

-- name: obtaining_add
INSERT INTO obtaining (project_id, id, ticket, stage, way, provider,
	provider_app_id, connection_id, is_update, facts, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: obtaining_change
UPDATE obtaining SET stage = $3, connection_id = $4, facts = $5, failure = $6,
	expires_at = $7
WHERE project_id = $1 AND id = $2

-- name: obtaining_remove
DELETE FROM obtaining WHERE project_id = $1 AND id = $2
