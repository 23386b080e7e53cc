-- Tokens. A digest is looked for in the whole store, and says the project; a
-- deleted project's are none any more, but for the personal ones of one in the
-- trash: who deleted it may have no other to bring it back with.

-- name: token_by_digest, store
SELECT id, project_id, organization_id, parent_id, kind, handle, label, scopes,
	role, is_active, created_at, expires_at, builder_id, reach_id, lifetime
FROM token
WHERE digest = $1 AND EXISTS (SELECT 1 FROM project p
	WHERE p.id = token.project_id AND (p.deleted_at IS NULL
		OR (token.kind = 'pat' AND p.purge_at IS NOT NULL)))

-- name: token_by_handle
SELECT id, project_id, organization_id, parent_id, kind, handle, label, scopes,
	role, is_active, created_at, expires_at, builder_id, reach_id, lifetime
FROM token WHERE project_id = $1 AND kind = $2 AND handle = $3

-- name: token_get
SELECT id, project_id, organization_id, parent_id, kind, handle, label, scopes,
	role, is_active, created_at, expires_at, builder_id, reach_id, lifetime
FROM token WHERE project_id = $1 AND id = $2

-- name: token_list
SELECT id, project_id, organization_id, parent_id, kind, handle, label, scopes,
	role, is_active, created_at, expires_at, builder_id, reach_id, lifetime
FROM token WHERE project_id = $1 ORDER BY id

-- name: token_add
INSERT INTO token (project_id, id, organization_id, parent_id, kind, digest,
	handle, label, scopes, role, is_active, created_at, expires_at,
	builder_id, reach_id, lifetime)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- name: token_change
UPDATE token SET label = $3, scopes = $4, role = $5, is_active = $6
WHERE project_id = $1 AND id = $2

-- name: token_renew
UPDATE token SET digest = $3, handle = $4, expires_at = $5
WHERE project_id = $1 AND id = $2

-- name: token_projects, store
SELECT project_id FROM token_project WHERE token_id = $1 ORDER BY project_id

-- name: token_remove
DELETE FROM token WHERE project_id = $1 AND id = $2

-- name: token_remove_children
DELETE FROM token WHERE project_id = $1 AND parent_id = $2

-- name: token_disallow, store
DELETE FROM token_project WHERE token_id = $1
	AND NOT EXISTS (SELECT 1 FROM token WHERE reach_id = $1)

-- name: token_sweep
DELETE FROM token
WHERE project_id = $1 AND parent_id = $2 AND expires_at <= $3

-- name: token_allow, store
INSERT INTO token_project (project_id, token_id) VALUES ($1, $2)

-- name: token_allowed, store
SELECT 1 FROM token_project WHERE project_id = $1 AND token_id = $2
