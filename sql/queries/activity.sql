-- Activities that were told of, and their logs.

-- name: activity_add
INSERT INTO activity (project_id, number, id, type, integration_id,
	integration, environments, state, result, failure_reason, percent,
	document, log_bytes, log_parts, created_at, updated_at, started_at,
	completed_at, cancelled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
	$17, $18, $19)

-- name: activity_change
UPDATE activity SET environments = $3, state = $4, result = $5,
	failure_reason = $6, percent = $7, document = $8, log_bytes = $9,
	log_parts = $10, updated_at = $11, started_at = $12,
	completed_at = $13, cancelled_at = $14
WHERE project_id = $1 AND number = $2

-- name: activity_get
SELECT number, id, type, integration_id, integration, environments, state,
	result, failure_reason, percent, document, log_bytes, log_parts,
	created_at, updated_at, started_at, completed_at, cancelled_at
FROM activity WHERE project_id = $1 AND number = $2

-- name: activity_find
SELECT number, id, type, integration_id, integration, environments, state,
	result, failure_reason, percent, document, log_bytes, log_parts,
	created_at, updated_at, started_at, completed_at, cancelled_at
FROM activity WHERE project_id = $1 AND id = $2

-- `$5` and `$6` are states and results, each between commas.

-- name: activity_list
SELECT number, id, type, integration_id, integration, environments, state,
	result, failure_reason, percent, document, log_bytes, log_parts,
	created_at, updated_at, started_at, completed_at, cancelled_at
FROM activity
WHERE project_id = $1 AND (created_at < $2 OR $2 IS NULL)
	AND (type = $3 OR $3 IS NULL)
	AND ($5 LIKE '%,' || state || ',%' OR $5 IS NULL)
	AND ($6 LIKE '%,' || result || ',%' OR $6 IS NULL)
ORDER BY number DESC LIMIT $4

-- name: activity_list_of_integration
SELECT number, id, type, integration_id, integration, environments, state,
	result, failure_reason, percent, document, log_bytes, log_parts,
	created_at, updated_at, started_at, completed_at, cancelled_at
FROM activity
WHERE project_id = $1 AND integration_id = $7 AND integration_id IS NOT NULL
	AND (created_at < $2 OR $2 IS NULL)
	AND (type = $3 OR $3 IS NULL)
	AND ($5 LIKE '%,' || state || ',%' OR $5 IS NULL)
	AND ($6 LIKE '%,' || result || ',%' OR $6 IS NULL)
ORDER BY number DESC LIMIT $4

-- name: activity_log_add
INSERT INTO activity_log (project_id, activity_number, part, text, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: activity_log_list
SELECT text, created_at FROM activity_log
WHERE project_id = $1 AND activity_number = $2 ORDER BY part

-- name: activity_remove_all
DELETE FROM activity WHERE project_id = $1

-- name: activity_log_remove_all
DELETE FROM activity_log WHERE project_id = $1
