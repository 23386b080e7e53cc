-- Files that wait to be used.

-- name: upload_put
INSERT INTO upload (project_id, id, content, created_at)
VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id, id) DO UPDATE SET content = excluded.content

-- name: upload_get
SELECT content FROM upload WHERE project_id = $1 AND id = $2

-- All but the newest.

-- name: upload_trim
DELETE FROM upload
WHERE project_id = $1 AND id IN (
	SELECT id FROM upload WHERE project_id = $1 AND id > $2
	ORDER BY id DESC LIMIT 1000 OFFSET $3)

-- name: upload_sweep
DELETE FROM upload WHERE project_id = $1 AND id < $2

-- name: upload_oldest
SELECT id FROM upload WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT 1

-- name: upload_remove_all
DELETE FROM upload WHERE project_id = $1
