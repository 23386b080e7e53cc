-- Installations and their configurations.

-- name: installation_get
SELECT i.id, i.integration_id, i.group_id, i.connection_id, i.config_id,
	i.created_by, i.created_at, i.updated_at,
	f.revision_id, f.content, f.created_by, f.created_at,
	h.id, h.ref, h.name, h.created_at, h.updated_at,
	c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at
FROM installation i
JOIN config f ON f.project_id = i.project_id AND f.id = i.config_id
JOIN customer_group h ON h.project_id = i.project_id AND h.id = i.group_id
JOIN connection c ON c.project_id = i.project_id AND c.id = i.connection_id
JOIN customer_group g ON g.project_id = c.project_id AND g.id = c.group_id
JOIN consumer p ON p.project_id = c.project_id AND p.id = c.consumer_id
WHERE i.project_id = $1 AND i.id = $2 AND i.deleted_at IS NULL

-- name: installation_show
SELECT id, document FROM installation
WHERE project_id = $1 AND id = $2 AND integration_id = $3
	AND deleted_at IS NULL

-- name: installation_list
SELECT id, document FROM installation
WHERE project_id = $1 AND id > $2 AND deleted_at IS NULL
ORDER BY id LIMIT $3

-- name: installation_list_of_group
SELECT id, document FROM installation
WHERE project_id = $1 AND group_id = $4 AND id > $2 AND deleted_at IS NULL
ORDER BY id LIMIT $3

-- name: installation_list_of_integration
SELECT id, document FROM installation
WHERE project_id = $1 AND integration_id = $4 AND id > $2
	AND deleted_at IS NULL
ORDER BY id LIMIT $3

-- name: installation_list_of_both
SELECT id, document FROM installation
WHERE project_id = $1 AND integration_id = $4 AND group_id = $5 AND id > $2
	AND deleted_at IS NULL
ORDER BY id LIMIT $3

-- name: installation_add
INSERT INTO installation (project_id, id, integration_id, group_id,
	connection_id, config_id, created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: config_add
INSERT INTO config (project_id, id, installation_id, revision_id, content,
	created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: installation_users
SELECT id, integration_id, group_id, connection_id, config_id, created_by,
	created_at, updated_at
FROM installation WHERE project_id = $1 AND connection_id = $2
ORDER BY id LIMIT $3

-- name: installation_of
SELECT id, integration_id, group_id, connection_id, config_id, created_by,
	created_at, updated_at
FROM installation WHERE project_id = $1 AND integration_id = $2
ORDER BY id LIMIT $3

-- name: installation_remove
DELETE FROM installation WHERE project_id = $1 AND id = $2

-- name: config_remove_of
DELETE FROM config WHERE project_id = $1 AND installation_id = $2

-- name: installation_document
UPDATE installation SET document = $3 WHERE project_id = $1 AND id = $2

-- name: installation_documents_of_group
UPDATE installation SET document = NULL
WHERE project_id = $1 AND (group_id = $2 OR connection_id IN (
	SELECT id FROM connection WHERE project_id = $1 AND group_id = $2))

-- name: installation_documents_of_consumer
UPDATE installation SET document = NULL
WHERE project_id = $1 AND connection_id IN (
	SELECT id FROM connection WHERE project_id = $1 AND consumer_id = $2)
