-- Integrations and revisions.

-- name: integration_get
SELECT id, handle, kind, title, description, category, settings, revision_id,
	created_at, updated_at, deleted_at
FROM integration
WHERE project_id = $1 AND id = $2 AND family = $3 AND deleted_at IS NULL

-- name: integration_find
SELECT id, handle, kind, title, description, category, settings, revision_id,
	created_at, updated_at, deleted_at
FROM integration
WHERE project_id = $1 AND family = $2 AND handle = $3 AND deleted_at IS NULL

-- name: integration_list
SELECT id, handle, kind, title, description, category, settings, revision_id,
	created_at, updated_at, deleted_at
FROM integration
WHERE project_id = $1 AND family = $2 AND deleted_at IS NULL
ORDER BY id

-- name: integration_search
SELECT id, handle, kind, title, description, category, settings, revision_id,
	created_at, updated_at, deleted_at
FROM integration
WHERE project_id = $1 AND family = $2 AND deleted_at IS NULL
	AND (LOWER(title) LIKE LOWER($3) ESCAPE '\'
		OR LOWER(handle) LIKE LOWER($3) ESCAPE '\'
		OR LOWER(COALESCE(description, '')) LIKE LOWER($3) ESCAPE '\')
ORDER BY id LIMIT $4 OFFSET $5

-- name: integration_count
SELECT COUNT(*)
FROM integration
WHERE project_id = $1 AND family = $2 AND deleted_at IS NULL
	AND (LOWER(title) LIKE LOWER($3) ESCAPE '\'
		OR LOWER(handle) LIKE LOWER($3) ESCAPE '\'
		OR LOWER(COALESCE(description, '')) LIKE LOWER($3) ESCAPE '\')

-- name: integration_add, unique
INSERT INTO integration (project_id, id, family, handle, kind, title,
	description, category, settings, revision_id, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: integration_change, unique
UPDATE integration SET title = $3, description = $4, category = $5,
	settings = $6, revision_id = $7, updated_at = $8
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: integration_hide
UPDATE integration SET deleted_at = $3, updated_at = $3, purge_at = $4,
	deletion_id = $5
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: integration_hidden
SELECT id, handle, kind, title, description, category, settings, revision_id,
	created_at, updated_at, deleted_at
FROM integration
WHERE project_id = $1 AND id = $2 AND family = $3 AND deleted_at IS NOT NULL
	AND purge_at > $4

-- name: integration_unhide
UPDATE integration SET handle = $3, updated_at = $4, deleted_at = NULL,
	purge_at = NULL, deletion_id = NULL
WHERE project_id = $1 AND id = $2 AND deleted_at IS NOT NULL

-- name: integration_remove
DELETE FROM integration WHERE project_id = $1 AND id = $2

-- name: revision_add
INSERT INTO revision (project_id, id, integration_id, spec_version, content,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: revision_get
SELECT id, integration_id, spec_version, content, created_at
FROM revision WHERE project_id = $1 AND id = $2

-- name: revision_remove_of
DELETE FROM revision WHERE project_id = $1 AND integration_id = $2
