-- The store's keys: there are few, and they are of no project.

-- name: signing_key_add
INSERT INTO signing_key (id, kid, public_key, sealed, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: signing_key_list
SELECT id, kid, public_key, sealed, created_at FROM signing_key
ORDER BY created_at, id

-- name: signing_key_reseal
UPDATE signing_key SET sealed = $2 WHERE id = $1
