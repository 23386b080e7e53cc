-- Answers kept for those who repeat a request.

-- name: idempotency_get
SELECT fingerprint, status, content_type, headers, body, key_version,
	created_at
FROM idempotency WHERE project_id = $1 AND id = $2

-- name: idempotency_put
INSERT INTO idempotency (project_id, id, fingerprint, status, content_type,
	headers, body, key_version, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (project_id, id) DO UPDATE SET
	fingerprint = excluded.fingerprint, status = excluded.status,
	content_type = excluded.content_type, headers = excluded.headers,
	body = excluded.body, key_version = excluded.key_version,
	created_at = excluded.created_at
WHERE idempotency.created_at <= $10

-- name: idempotency_sweep
DELETE FROM idempotency
WHERE project_id = $1 AND id IN (
	SELECT id FROM idempotency WHERE project_id = $1 AND created_at <= $2
	ORDER BY created_at LIMIT $3)

-- name: idempotency_oldest
SELECT created_at FROM idempotency
WHERE project_id = $1 AND created_at > 0 ORDER BY created_at LIMIT 1

-- name: idempotency_walk
SELECT id, key_version, CASE WHEN key_version = 0 THEN NULL ELSE body END
FROM idempotency
WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3

-- name: idempotency_reseal
UPDATE idempotency SET key_version = $3, body = $4
WHERE project_id = $1 AND id = $2
