-- Installations and their configurations. SQLite keeps the order of a CROSS
-- JOIN: without it, it may begin with all that a project has.

-- name: installation_get
SELECT i.id, i.integration_id, i.group_id, i.connection_id,
	i.created_by, i.created_at, i.updated_at,
	i.config_id, i.revision_id, i.config_content, i.config_created_by,
	i.config_created_at,
	h.id, h.ref, h.name, h.created_at, h.updated_at,
	c.id, c.kind, c.name, c.description, c.auth_scheme, c.status,
	c.group_id, c.consumer_id, c.workspace_ref, c.metadata, c.settings,
	c.is_deployed, c.is_enabled, c.created_at, c.updated_at,
	g.id, g.ref, g.name, g.created_at, g.updated_at,
	p.id, p.ref, p.name, p.created_at, p.updated_at,
	a.id, a.provider, a.external_ref, a.client_id, a.scopes, a.metadata,
	a.created_at, a.updated_at,
	i.operation_status, i.failures, i.is_paused_by_errors
FROM installation i
CROSS JOIN customer_group h CROSS JOIN connection c
CROSS JOIN customer_group g CROSS JOIN consumer p
	LEFT JOIN provider_app a ON a.project_id = $1 AND a.id = c.provider_app_id
WHERE i.project_id = $1 AND i.id = $2 AND i.deleted_at IS NULL
	AND @installation_stays(i, $3)
	AND h.project_id = $1 AND h.id = i.group_id
	AND c.project_id = $1 AND c.id = i.connection_id
	AND g.project_id = $1 AND g.id = c.group_id
	AND p.project_id = $1 AND p.id = c.consumer_id

-- Where there is a document, it is all that is asked for: its dialect knows
-- whose it is.

-- name: installation_show, alone
SELECT document, CASE WHEN document IS NULL THEN id END FROM installation i
WHERE number = $5 AND project_id = $1 AND id = $2 AND integration_id = $3
	AND deleted_at IS NULL AND @installation_stays_now(i, $4)

-- name: installation_show_by_key
SELECT document, CASE WHEN document IS NULL THEN id END FROM installation i
WHERE project_id = $1 AND id = $2 AND integration_id = $3
	AND deleted_at IS NULL AND @installation_stays_now(i, $4)

-- SQLite's: where it puts rows.

-- name: installation_newest, store
SELECT number FROM installation ORDER BY number DESC LIMIT 1

-- name: installation_list
SELECT document, CASE WHEN document IS NULL THEN id END FROM installation
WHERE project_id = $1 AND id > $2 AND deleted_at IS NULL
ORDER BY id LIMIT $3

-- The same while something of the project leaves: integration by integration,
-- so that those that leave are not gone through. Of each a page, up to where
-- that ends; `$5` is above all ids.

-- name: installation_list_beside
WITH ends AS MATERIALIZED (
	SELECT n.id, COALESCE((SELECT m.id FROM installation m
		WHERE m.project_id = $1 AND m.integration_id = n.id
			AND m.id > $2 AND m.deleted_at IS NULL
			AND @installation_stays(m, $4)
		ORDER BY m.id LIMIT 1 OFFSET $3 - 1), $5) AS last_id
	FROM integration n WHERE n.project_id = $1 AND n.deleted_at IS NULL)
SELECT i.document, CASE WHEN i.document IS NULL THEN i.id END
FROM ends CROSS JOIN installation i
WHERE i.project_id = $1 AND i.integration_id = ends.id AND i.id > $2
	AND i.id <= ends.last_id AND i.deleted_at IS NULL
	AND @installation_stays(i, $4)
ORDER BY i.id LIMIT $3

-- name: installation_list_of_group
WITH mine AS MATERIALIZED (
	SELECT id FROM installation
	WHERE project_id = $1 AND group_id = $4 AND deleted_at IS NULL)
SELECT i.document, CASE WHEN i.document IS NULL THEN i.id END
FROM mine CROSS JOIN installation i
WHERE i.project_id = $1 AND i.id = mine.id AND mine.id > $2
	AND @installation_stays(i, $5)
ORDER BY mine.id LIMIT $3

-- name: installation_list_of_integration
SELECT document, CASE WHEN document IS NULL THEN id END FROM installation i
WHERE project_id = $1 AND integration_id = $4 AND id > $2
	AND deleted_at IS NULL AND @installation_stays_now(i, $5)
ORDER BY id LIMIT $3

-- name: installation_list_of_both
SELECT document, CASE WHEN document IS NULL THEN id END FROM installation i
WHERE project_id = $1 AND integration_id = $4 AND group_id = $5 AND id > $2
	AND deleted_at IS NULL AND @installation_stays(i, $6)
ORDER BY id LIMIT $3

-- name: installation_add, unique
INSERT INTO installation (project_id, id, integration_id, group_id,
	connection_id, created_by, created_at, config_id, revision_id,
	config_content, config_created_by, config_created_at, number)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)

-- name: installation_change
UPDATE installation SET connection_id = $3, updated_at = $4, config_id = $5,
	revision_id = $6, config_content = $7, config_created_by = $8,
	config_created_at = $9, document = NULL
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: past_config_add
INSERT INTO past_config (project_id, installation_id, id, revision_id, content,
	created_by, created_at)
SELECT project_id, id, config_id, revision_id, config_content,
	config_created_by, config_created_at
FROM installation WHERE project_id = $1 AND id = $2

-- name: installation_page
SELECT id FROM installation i
WHERE project_id = $1 AND integration_id = $2 AND id > $3
	AND deleted_at IS NULL AND @installation_stays(i, $5)
ORDER BY id LIMIT $4

-- name: installation_of
SELECT id FROM installation i
WHERE project_id = $1 AND group_id = $2 AND integration_id = $3
	AND deleted_at IS NULL AND @installation_stays(i, $4)

-- name: installation_users
SELECT id, integration_id, group_id, connection_id, created_by, created_at,
	updated_at
FROM installation i
WHERE project_id = $1 AND group_id = $2 AND connection_id = $3
	AND deleted_at IS NULL AND @installation_stays(i, $5)
ORDER BY integration_id LIMIT $4

-- name: installation_user_count
SELECT COUNT(*) FROM installation i
WHERE project_id = $1 AND group_id = $2 AND connection_id = $3
	AND deleted_at IS NULL AND @installation_stays(i, $4)

-- name: installation_remove
DELETE FROM installation WHERE project_id = $1 AND id = $2

-- name: past_config_remove_of
DELETE FROM past_config WHERE project_id = $1 AND installation_id = $2

-- name: installation_document
UPDATE installation SET document = $3 WHERE project_id = $1 AND id = $2

-- name: installation_documents_of_group
UPDATE installation SET document = NULL
WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL

-- name: installation_documents_of_consumer
UPDATE installation SET document = NULL
WHERE project_id = $1 AND deleted_at IS NULL AND group_id IN (
	SELECT group_id FROM connection
	WHERE project_id = $1 AND consumer_id = $2)
