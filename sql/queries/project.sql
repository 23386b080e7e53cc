-- Projects.

-- name: project_by_id
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project WHERE id = $1 AND deleted_at IS NULL

-- name: project_by_name
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project WHERE name = $1 AND deleted_at IS NULL

-- name: project_by_short_id
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project WHERE short_id = $1 AND deleted_at IS NULL

-- name: project_list_all
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project WHERE deleted_at IS NULL ORDER BY id

-- name: project_list_kept
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project ORDER BY id

-- name: project_list_of_organization
SELECT id, organization_id, name, title, short_id, version, is_protected,
	created_at, updated_at, deleted_at
FROM project WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id

-- name: project_list_of_builder
SELECT p.id, p.organization_id, p.name, p.title, p.short_id, p.version,
	p.is_protected, p.created_at, p.updated_at, p.deleted_at
FROM membership m CROSS JOIN project p
WHERE m.builder_id = $1 AND p.organization_id = m.organization_id
	AND p.deleted_at IS NULL
ORDER BY p.id

-- name: project_change, unique
UPDATE project SET name = $2, title = $3, updated_at = $4
WHERE id = $1 AND deleted_at IS NULL

-- name: project_add, unique
INSERT INTO project (id, organization_id, name, title, short_id, version,
	is_protected, key_version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)
