-- Around each operation of a batch. Prepared, since every operation runs them.

-- name: savepoint
SAVEPOINT operation

-- name: savepoint_release
RELEASE SAVEPOINT operation
