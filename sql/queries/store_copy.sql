-- Whether the store is a copy that is not whole yet, and of which.

-- name: store_copy_of
SELECT source_id, began_at FROM store_copy

-- name: store_copy_begin
INSERT INTO store_copy (source_id, began_at) VALUES ($1, $2)

-- name: store_copy_end
DELETE FROM store_copy
