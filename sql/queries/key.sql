-- The store's master key and the projects' keys, all of them sealed.

-- name: master_key_get
SELECT id, sealed_token, sealed_sign, rotations, since FROM master_key

-- name: master_key_add
INSERT INTO master_key (id, sealed_token, sealed_sign, rotations, since)
VALUES ($1, $2, $3, 0, $4)

-- name: project_key_get
SELECT version, sealed, stage, reached_id, reached_name, resealed, created_at,
	settled_at
FROM project_key WHERE project_id = $1 AND version = $2

-- name: project_key_current
SELECT k.version, k.sealed, k.stage, k.reached_id, k.reached_name, k.resealed,
	k.created_at, k.settled_at
FROM project p CROSS JOIN project_key k
WHERE p.id = $1 AND k.project_id = p.id AND k.version = p.key_version

-- name: project_key_add
INSERT INTO project_key (project_id, version, sealed, stage, resealed,
	created_at, settled_at)
VALUES ($1, $2, $3, $4, 0, $5, $6)

-- name: project_key_switch
UPDATE project SET key_version = $2 WHERE id = $1

-- name: project_key_reach
UPDATE project_key SET stage = $3, reached_id = $4, reached_name = $5,
	resealed = $6, settled_at = $7
WHERE project_id = $1 AND version = $2

-- name: project_key_retire
DELETE FROM project_key WHERE project_id = $1 AND version < $2

-- name: project_key_count
SELECT COUNT(*) FROM project_key WHERE project_id = $1

-- name: master_key_replace
UPDATE master_key SET id = $2, sealed_token = $3, sealed_sign = $4,
	rotations = rotations + 1, since = $5
WHERE id = $1

-- name: project_key_walk, store
SELECT project_id, version, sealed FROM project_key
WHERE (project_id, version) > ($1, $2) ORDER BY project_id, version LIMIT $3

-- name: project_key_reseal, store
UPDATE project_key SET sealed = $3 WHERE project_id = $1 AND version = $2
