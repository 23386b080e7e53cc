-- Which migrations the store has had.

-- name: store_answers
SELECT 1 FROM schema_migration LIMIT 1

-- name: migration_list
SELECT number, checksum FROM schema_migration ORDER BY number

-- name: migration_add
INSERT INTO schema_migration (number, name, checksum, applied_at)
VALUES ($1, $2, $3, $4)
