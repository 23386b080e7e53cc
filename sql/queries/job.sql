-- Jobs and their lanes. A claim looks into the whole store, kind by kind: what
-- is due is found by the lanes' index.

-- name: job_add
INSERT INTO job (project_id, id, kind, lane, subject_id, state, attempts,
	due_at, fence, payload, created_at)
VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, 0, $7, $8)

-- name: job_lane_bring
INSERT INTO job_lane (project_id, kind, lane, due_at, rest_until)
VALUES ($1, $2, $3, $4, 0)
ON CONFLICT (project_id, kind, lane) DO UPDATE SET due_at =
	CASE WHEN excluded.due_at < job_lane.due_at THEN excluded.due_at
	ELSE job_lane.due_at END

-- name: job_lane_set
UPDATE job_lane SET due_at = $4
WHERE project_id = $1 AND kind = $2 AND lane = $3

-- name: job_lane_rest
UPDATE job_lane SET
	due_at = CASE WHEN rest_until > $4 THEN rest_until ELSE $4 END,
	rest_until = CASE WHEN rest_until > $4 THEN rest_until ELSE $4 END
WHERE project_id = $1 AND kind = $2 AND lane = $3

-- name: job_lane_remove
DELETE FROM job_lane WHERE project_id = $1 AND kind = $2 AND lane = $3

-- name: job_lanes_due, store
SELECT project_id, lane, due_at, rest_until FROM job_lane
WHERE kind = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3

-- name: job_lane_next, store
SELECT due_at FROM job_lane WHERE kind = $1 ORDER BY due_at LIMIT 1

-- name: job_lane_count, store
SELECT COUNT(*) FROM
	(SELECT 1 FROM job_lane WHERE kind = $1 AND due_at <= $2 LIMIT $3) mine

-- name: job_first
SELECT project_id, id, kind, lane, subject_id, attempts, due_at, fence,
	payload, created_at
FROM job
WHERE project_id = $1 AND kind = $2 AND lane = $3 AND state = 'waiting'
ORDER BY due_at, id LIMIT 1

-- Those under way, whoever has them.
-- name: job_lane_running
SELECT COUNT(*), MAX(claimed_at) FROM job
WHERE project_id = $1 AND kind = $2 AND lane = $3 AND state = 'running'

-- name: job_claim
UPDATE job SET state = 'running', lease_until = $4, claimed_at = $5,
	fence = fence + 1
WHERE project_id = $1 AND id = $2 AND fence = $3 AND state = 'waiting'

-- name: job_renew
UPDATE job SET lease_until = $4
WHERE project_id = $1 AND id = $2 AND fence = $3 AND state = 'running'

-- name: job_held
SELECT fence FROM job
WHERE project_id = $1 AND id = $2 AND fence = $3 AND state = 'running'

-- name: job_done
DELETE FROM job
WHERE project_id = $1 AND id = $2 AND fence = $3 AND state = 'running'

-- name: job_again
UPDATE job SET state = 'waiting', lease_until = NULL, attempts = $4,
	due_at = $5
WHERE project_id = $1 AND id = $2 AND fence = $3 AND state = 'running'

-- name: job_lapsed, store
SELECT project_id, id, kind, lane, subject_id, attempts, due_at, fence,
	payload, created_at
FROM job WHERE state = 'running' AND lease_until <= $1
ORDER BY lease_until LIMIT $2

-- name: job_lease_next, store
SELECT lease_until FROM job WHERE state = 'running' AND lease_until > 0
ORDER BY lease_until LIMIT 1

-- name: job_bring
UPDATE job SET due_at = $5
WHERE project_id = $1 AND kind = $2 AND lane = $3 AND subject_id = $4
	AND state = 'waiting'

-- name: job_bring_all
UPDATE job SET due_at = $4
WHERE project_id = $1 AND kind = $2 AND lane = $3 AND state = 'waiting'
	AND due_at > $4

-- name: job_remove_kind
DELETE FROM job WHERE project_id = $1 AND kind = $2

-- name: job_drop_waiting
DELETE FROM job
WHERE project_id = $1 AND kind = $2 AND lane = $3 AND state = 'waiting'
