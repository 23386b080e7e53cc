-- Operations of installations, and their logs.

-- name: operation_add
INSERT INTO operation (project_id, id, installation_id, integration_id,
	config_id, action, status, result, objects, record_ids, attempts,
	records, created_at, ended_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $12)

-- name: operation_change
UPDATE operation SET status = $3, result = $4, record_ids = $5, attempts = $6,
	attempted_at = $7, notified_at = $8, progress_object = $9, records = $10,
	records_estimated = $11, updated_at = $12, ended_at = $13
WHERE project_id = $1 AND id = $2

-- name: operation_get
SELECT id, installation_id, integration_id, config_id, action, status, result,
	objects, record_ids, attempts, attempted_at, notified_at,
	progress_object, records, records_estimated, created_at, updated_at,
	ended_at
FROM operation WHERE project_id = $1 AND id = $2

-- Of an installation that lives, and stays.

-- name: operation_show
SELECT o.id, o.installation_id, o.integration_id, o.config_id, o.action,
	o.status, o.result, o.objects, o.record_ids, o.attempts, o.attempted_at,
	o.notified_at, o.progress_object, o.records, o.records_estimated,
	o.created_at, o.updated_at, o.ended_at
FROM operation o CROSS JOIN installation i
WHERE o.project_id = $1 AND o.id = $2
	AND i.project_id = $1 AND i.id = o.installation_id
	AND i.deleted_at IS NULL AND @installation_stays(i, $3)

-- name: operation_list
SELECT id, installation_id, integration_id, config_id, action, status, result,
	objects, record_ids, attempts, attempted_at, notified_at,
	progress_object, records, records_estimated, created_at, updated_at,
	ended_at
FROM operation WHERE project_id = $1 AND installation_id = $2 AND id < $3
ORDER BY id DESC LIMIT $4

-- name: operation_latest
SELECT id FROM operation WHERE project_id = $1 AND installation_id = $2
ORDER BY id DESC LIMIT 1

-- name: operation_backfill
SELECT id, installation_id, integration_id, config_id, action, status, result,
	objects, record_ids, attempts, attempted_at, notified_at,
	progress_object, records, records_estimated, created_at, updated_at,
	ended_at
FROM operation
WHERE project_id = $1 AND installation_id = $2 AND progress_object = $3
	AND progress_object IS NOT NULL
ORDER BY id DESC LIMIT 1

-- name: operation_log_last
SELECT number FROM operation_log WHERE project_id = $1 AND operation_id = $2
ORDER BY number DESC LIMIT 1

-- name: operation_log_add
INSERT INTO operation_log (project_id, operation_id, number, severity, message,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6)

-- name: operation_log_list
SELECT severity, message, created_at FROM operation_log
WHERE project_id = $1 AND operation_id = $2 ORDER BY number LIMIT $3

-- The oldest: what belongs to them first.

-- name: operation_log_sweep
DELETE FROM operation_log
WHERE project_id = $1 AND operation_id IN (
	SELECT id FROM operation WHERE project_id = $1 AND id < $2
	ORDER BY id LIMIT $3)

-- name: operation_sweep
DELETE FROM operation
WHERE project_id = $1 AND id IN (
	SELECT id FROM operation WHERE project_id = $1 AND id < $2
	ORDER BY id LIMIT $3)

-- name: operation_oldest
SELECT id FROM operation
WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT 1

-- Those of one that is gone.

-- name: operation_log_forget
DELETE FROM operation_log
WHERE project_id = $1 AND operation_id IN (
	SELECT id FROM operation WHERE project_id = $1 AND installation_id = $2
	ORDER BY id LIMIT $3)

-- name: operation_forget
DELETE FROM operation
WHERE project_id = $1 AND id IN (
	SELECT id FROM operation WHERE project_id = $1 AND installation_id = $2
	ORDER BY id LIMIT $3)

-- What an installation shows of them; it may lie in the trash.

-- name: installation_state
SELECT i.integration_id, i.config_id, i.operation_status, i.failures,
	i.is_paused_by_errors,
	i.deleted_at IS NULL AND @installation_stays(i, $3)
FROM installation i WHERE i.project_id = $1 AND i.id = $2

-- name: installation_state_change
UPDATE installation SET operation_status = $3, failures = $4,
	is_paused_by_errors = $5
WHERE project_id = $1 AND id = $2
