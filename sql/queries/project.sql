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
UPDATE project SET name = $2, title = $3, updated_at = $4, is_protected = $5
WHERE id = $1 AND deleted_at IS NULL

-- name: project_add, unique
INSERT INTO project (id, organization_id, name, title, short_id, version,
	is_protected, key_version, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9)

-- In the trash, each is called by its id: its name is free.

-- name: project_trash
UPDATE project SET former_name = name, name = $2, deleted_at = $3,
	updated_at = $3, purge_at = $4, deletion_id = $5
WHERE id = $1 AND deleted_at IS NULL

-- name: project_trash_list
SELECT id, organization_id, former_name, title, short_id, version,
	is_protected, created_at, updated_at, deleted_at
FROM project WHERE organization_id = $1 AND purge_at > $2 ORDER BY id

-- name: project_trashed
SELECT id, organization_id, former_name, title, short_id, version,
	is_protected, created_at, updated_at, deleted_at, deletion_id
FROM project WHERE id = $1 AND purge_at > $2

-- name: project_untrash
UPDATE project SET name = $2, updated_at = $3, former_name = NULL,
	deleted_at = NULL, purge_at = NULL, deletion_id = NULL
WHERE id = $1 AND purge_at IS NOT NULL
