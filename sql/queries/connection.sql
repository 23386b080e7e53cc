-- Connections at providers, with whose they are; and named targets.

-- name: connection_get
SELECT c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at,
	a.id, a.provider, a.external_ref, a.client_id, a.scopes, a.metadata,
	a.created_at, a.updated_at
FROM connection c CROSS JOIN customer_group g CROSS JOIN consumer p
	LEFT JOIN provider_app a ON a.project_id = $1 AND a.id = c.provider_app_id
WHERE g.project_id = $1 AND g.id = c.group_id
	AND p.project_id = $1 AND p.id = c.consumer_id
	AND c.project_id = $1 AND c.id = $2 AND c.deleted_at IS NULL
	AND @connection_stays(c, $3)

-- name: connection_list
SELECT c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at,
	a.id, a.provider, a.external_ref, a.client_id, a.scopes, a.metadata,
	a.created_at, a.updated_at
FROM connection c CROSS JOIN customer_group g CROSS JOIN consumer p
	LEFT JOIN provider_app a ON a.project_id = $1 AND a.id = c.provider_app_id
WHERE g.project_id = $1 AND g.id = c.group_id
	AND p.project_id = $1 AND p.id = c.consumer_id
	AND c.project_id = $1 AND c.family = 'provider' AND c.deleted_at IS NULL
	AND (c.kind = $2 OR $2 IS NULL)
	AND (p.ref = $3 OR $3 IS NULL)
	AND @connection_stays(c, $4)
ORDER BY c.id

-- name: connection_list_of_group
SELECT c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at,
	a.id, a.provider, a.external_ref, a.client_id, a.scopes, a.metadata,
	a.created_at, a.updated_at
FROM customer_group g CROSS JOIN connection c CROSS JOIN consumer p
	LEFT JOIN provider_app a ON a.project_id = $1 AND a.id = c.provider_app_id
WHERE c.project_id = $1 AND c.group_id = g.id
	AND p.project_id = $1 AND p.id = c.consumer_id
	AND g.project_id = $1 AND g.ref = $4 AND g.deleted_at IS NULL
	AND c.deleted_at IS NULL
	AND (c.kind = $2 OR $2 IS NULL)
	AND (p.ref = $3 OR $3 IS NULL)
	AND @connection_stays(c, $5)
ORDER BY c.id

-- name: connection_default
SELECT c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at,
	a.id, a.provider, a.external_ref, a.client_id, a.scopes, a.metadata,
	a.created_at, a.updated_at
FROM connection c CROSS JOIN customer_group g CROSS JOIN consumer p
	LEFT JOIN provider_app a ON a.project_id = $1 AND a.id = c.provider_app_id
WHERE g.project_id = $1 AND g.id = c.group_id
	AND p.project_id = $1 AND p.id = c.consumer_id
	AND c.project_id = $1 AND c.group_id = $2 AND c.kind = $3
	AND c.deleted_at IS NULL AND @connection_stays(c, $4)
ORDER BY c.id DESC LIMIT 1

-- name: connection_add, unique
INSERT INTO connection (project_id, id, family, kind, handle, name,
	description, auth_scheme, status, group_id, consumer_id, workspace_ref,
	metadata, settings, is_deployed, is_enabled, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
	$17)

-- name: connection_change, unique
UPDATE connection SET handle = $3, name = $4, description = $5, settings = $6,
	is_deployed = $7, is_enabled = $8, updated_at = $9
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: connection_update
UPDATE connection SET workspace_ref = $3, metadata = $4, settings = $5,
	status = $6, updated_at = $7
WHERE project_id = $1 AND id = $2 AND family = 'provider'
	AND deleted_at IS NULL

-- name: target_find
SELECT id, kind, name, description, auth_scheme, status, group_id, consumer_id,
	workspace_ref, metadata, settings, is_deployed, is_enabled, created_at,
	updated_at
FROM connection
WHERE project_id = $1 AND family = 'target' AND handle = $2
	AND handle IS NOT NULL AND deleted_at IS NULL

-- name: target_list
SELECT id, kind, name, description, auth_scheme, status, group_id, consumer_id,
	workspace_ref, metadata, settings, is_deployed, is_enabled, created_at,
	updated_at
FROM connection
WHERE project_id = $1 AND family = 'target' AND handle IS NOT NULL
	AND deleted_at IS NULL AND (kind = $2 OR $2 IS NULL)
ORDER BY handle

-- name: connection_remove
DELETE FROM connection WHERE project_id = $1 AND id = $2
