-- Workers. Those of an environment that is gone are left until they hold
-- nothing; then nobody but their deployments knows them.

-- name: worker_get
SELECT w.id, w.environment_id, e.name, w.name, w.url, w.seen_at, w.created_at
FROM worker w CROSS JOIN environment e
WHERE w.project_id = $1 AND w.id = $2 AND w.deleted_at IS NULL
	AND e.project_id = $1 AND e.id = w.environment_id

-- name: thing_worker
SELECT id, name, NULL, NULL, NULL FROM worker
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: worker_find
SELECT w.id, w.environment_id, e.name, w.name, w.url, w.seen_at, w.created_at
FROM environment e CROSS JOIN worker w
WHERE e.project_id = $1 AND e.id = $2 AND w.project_id = $1
	AND w.environment_id = e.id AND w.name = $3 AND w.deleted_at IS NULL

-- name: worker_list
SELECT w.id, w.environment_id, e.name, w.name, w.url, w.seen_at, w.created_at
FROM worker w CROSS JOIN environment e
WHERE w.project_id = $1 AND w.id > $2 AND w.deleted_at IS NULL
	AND e.project_id = $1 AND e.id = w.environment_id
ORDER BY w.id LIMIT $3

-- name: worker_list_of_environment
SELECT w.id, w.environment_id, e.name, w.name, w.url, w.seen_at, w.created_at
FROM environment e CROSS JOIN worker w
WHERE e.project_id = $1 AND e.id = $2 AND w.project_id = $1
	AND w.environment_id = e.id AND w.deleted_at IS NULL
ORDER BY w.name

-- name: worker_list_at
SELECT w.id, w.environment_id, e.name, w.name, w.url, w.seen_at, w.created_at
FROM worker w
LEFT JOIN environment e ON e.project_id = $1 AND e.id = w.environment_id
WHERE w.project_id = $1 AND w.url = $2 AND w.id <> $3
ORDER BY w.id

-- name: worker_add, unique
INSERT INTO worker (project_id, id, environment_id, name, url, seen_at,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6, $6)

-- name: worker_seen
UPDATE worker SET url = $3, seen_at = $4
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: worker_leave
UPDATE worker SET deleted_at = $3 WHERE project_id = $1 AND id = $2

-- name: worker_forget
DELETE FROM worker
WHERE project_id = $1 AND id = $2 AND deleted_at IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM deployment d
		WHERE d.project_id = $1 AND d.worker_id = $2)

-- name: worker_counts
SELECT COUNT(*), COALESCE(SUM(CASE WHEN is_wanted
	AND worker_version = version THEN 0 ELSE 1 END), 0)
FROM deployment WHERE project_id = $1 AND worker_id = $2
