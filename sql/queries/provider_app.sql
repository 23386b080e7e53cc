-- A builder's registrations at providers.

-- name: provider_app_get
SELECT id, provider, external_ref, client_id, scopes, metadata, created_at,
	updated_at
FROM provider_app WHERE project_id = $1 AND id = $2

-- name: provider_app_list
SELECT id, provider, external_ref, client_id, scopes, metadata, created_at,
	updated_at
FROM provider_app WHERE project_id = $1 ORDER BY id

-- name: provider_app_add
INSERT INTO provider_app (project_id, id, provider, external_ref, client_id,
	scopes, metadata, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: provider_app_change
UPDATE provider_app SET provider = $3, external_ref = $4, client_id = $5,
	scopes = $6, metadata = $7, updated_at = $8
WHERE project_id = $1 AND id = $2

-- name: provider_app_remove
DELETE FROM provider_app WHERE project_id = $1 AND id = $2

-- name: provider_app_users
SELECT id FROM connection
WHERE project_id = $1 AND provider_app_id = $2 ORDER BY id LIMIT $3
