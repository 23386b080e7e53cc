-- Organizations and projects.

-- name: organization_find
SELECT id, name, created_at FROM organization WHERE name = $1

-- name: organization_add, unique
INSERT INTO organization (id, name, created_at) VALUES ($1, $2, $3)

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

-- name: project_add, unique
INSERT INTO project (id, organization_id, name, title, short_id, version,
	is_protected, key_version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)
