-- What migration 0028 asks: it must be true of the tables as they are then.

-- name: migrate_names_list, store
SELECT project_id, id, name, handle, deleted_at IS NULL FROM connection
WHERE family = 'target' AND handle IS NOT NULL
ORDER BY project_id, id

-- name: migrate_names_taken, store
SELECT 1 FROM connection
WHERE project_id = $1 AND family = 'target' AND handle = $3 AND id <> $2
	AND deleted_at IS NULL

-- name: migrate_names_set, store
UPDATE connection SET name = $3, handle = $4 WHERE project_id = $1 AND id = $2
