-- Deployments: which worker has, or may have, which connection.

-- name: deployment_version_raise
UPDATE project SET deployment_version = deployment_version + 1 WHERE id = $1

-- name: deployment_version
SELECT deployment_version FROM project WHERE id = $1

-- name: deployment_get
SELECT d.id, d.worker_id, d.connection_id, d.version, d.worker_version,
	d.is_wanted, w.name, w.url, e.name, w.environment_id,
	d.tried_version, d.tried_at, d.answer
FROM deployment d CROSS JOIN worker w
LEFT JOIN environment e ON e.project_id = $1 AND e.id = w.environment_id
WHERE d.project_id = $1 AND d.id = $2 AND w.project_id = $1
	AND w.id = d.worker_id

-- name: deployment_find
SELECT d.id, d.worker_id, d.connection_id, d.version, d.worker_version,
	d.is_wanted, w.name, w.url, e.name, w.environment_id,
	d.tried_version, d.tried_at, d.answer
FROM deployment d CROSS JOIN worker w
LEFT JOIN environment e ON e.project_id = $1 AND e.id = w.environment_id
WHERE d.project_id = $1 AND d.worker_id = $2 AND d.connection_id = $3
	AND w.project_id = $1 AND w.id = d.worker_id

-- name: deployments_of_connection
SELECT d.id, d.worker_id, d.connection_id, d.version, d.worker_version,
	d.is_wanted, w.name, w.url, e.name, w.environment_id,
	d.tried_version, d.tried_at, d.answer
FROM deployment d CROSS JOIN worker w
LEFT JOIN environment e ON e.project_id = $1 AND e.id = w.environment_id
WHERE d.project_id = $1 AND d.connection_id = $2 AND w.project_id = $1
	AND w.id = d.worker_id
ORDER BY d.worker_id

-- name: deployments_of_worker
SELECT d.id, d.worker_id, d.connection_id, d.version, d.worker_version,
	d.is_wanted, w.name, w.url, e.name, w.environment_id,
	d.tried_version, d.tried_at, d.answer
FROM deployment d CROSS JOIN worker w
LEFT JOIN environment e ON e.project_id = $1 AND e.id = w.environment_id
WHERE d.project_id = $1 AND d.worker_id = $2 AND w.project_id = $1
	AND w.id = d.worker_id
ORDER BY d.connection_id

-- name: deployment_add
INSERT INTO deployment (project_id, id, worker_id, connection_id, version,
	worker_version, is_wanted)
VALUES ($1, $2, $3, $4, $5, 0, $6)

-- name: deployment_change
UPDATE deployment SET version = $3, worker_version = $4, is_wanted = $5
WHERE project_id = $1 AND id = $2

-- name: deployment_tried
UPDATE deployment SET worker_version = $3, tried_version = $4, tried_at = $5,
	answer = $6
WHERE project_id = $1 AND id = $2

-- name: deployment_remove
DELETE FROM deployment WHERE project_id = $1 AND id = $2

-- name: deployment_target
SELECT id, kind, name, description, auth_scheme, status, group_id, consumer_id,
	workspace_ref, metadata, settings, is_deployed, is_enabled, created_at,
	updated_at
FROM connection
WHERE project_id = $1 AND id = $2 AND family = 'target' AND deleted_at IS NULL

-- name: step_list_undeploy
SELECT id, deletion_id, kind, subject_kind, subject_id, facts, state, attempts,
	answer, reason, created_at, updated_at, next_at
FROM step
WHERE project_id = $1 AND subject_id = $2 AND kind = 'undeploy'
	AND state = 'waiting'
