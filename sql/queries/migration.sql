-- Which migrations the store has had.

-- name: migration_list
SELECT number, checksum FROM schema_migration ORDER BY number

-- name: migration_add
INSERT INTO schema_migration (number, name, checksum, applied_at)
VALUES ($1, $2, $3, $4)
