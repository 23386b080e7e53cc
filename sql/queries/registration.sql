-- Webhooks of ours at git providers.

-- name: registration_add
INSERT INTO registration (project_id, id, integration_id, kind, place, address,
	repository, hook_url, hook_id, state, sent_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: registration_change
UPDATE registration SET place = $3, hook_id = $4, state = $5, sent_at = $6
WHERE project_id = $1 AND id = $2

-- name: registration_remove
DELETE FROM registration WHERE project_id = $1 AND id = $2

-- name: registration_get
SELECT id, integration_id, kind, place, address, repository, hook_url, hook_id,
	state, sent_at, created_at
FROM registration WHERE project_id = $1 AND id = $2

-- name: registration_of
SELECT id, integration_id, kind, place, address, repository, hook_url, hook_id,
	state, sent_at, created_at
FROM registration WHERE project_id = $1 AND integration_id = $2 ORDER BY id

-- name: registration_list
SELECT id, integration_id, kind, place, address, repository, hook_url, hook_id,
	state, sent_at, created_at
FROM registration WHERE project_id = $1 ORDER BY id LIMIT $2

-- name: step_list_deregister
SELECT id, deletion_id, kind, subject_kind, subject_id, facts, state, attempts,
	answer, reason, created_at, updated_at, next_at
FROM step
WHERE project_id = $1 AND subject_id = $2 AND kind = 'deregister'
	AND state = 'waiting'
ORDER BY id
