-- What is leaving: taken by a deletion that is carried out in batches. `before`
-- is NULL where nothing leaves, as nearly always; else what deletions before
-- that one take is gone. (core/leaving_scope.h)

-- part: installation_leaves(this, before)
EXISTS (SELECT 1 FROM leaving_scope l
	WHERE l.project_id = $1 AND l.id IN (this.integration_id, this.group_id)
		AND l.deletion_id < before
	UNION ALL
	SELECT 1 FROM connection k CROSS JOIN leaving_scope l
	WHERE k.project_id = $1 AND k.id = this.connection_id
		AND l.project_id = $1 AND l.id = k.consumer_id
		AND l.deletion_id < before)

-- part: installation_stays(this, before)
(CAST(before AS UUID) IS NULL OR NOT @installation_leaves(this, before))

-- Is it on its way to the trash.

-- part: installation_is_being_hidden(this, before)
EXISTS (SELECT 1 FROM leaving_scope l
	WHERE l.project_id = $1 AND l.id IN (this.integration_id, this.group_id)
		AND l.deletion_id < before AND NOT l.is_hard
	UNION ALL
	SELECT 1 FROM connection k CROSS JOIN leaving_scope l
	WHERE k.project_id = $1 AND k.id = this.connection_id
		AND l.project_id = $1 AND l.id = k.consumer_id
		AND l.deletion_id < before AND NOT l.is_hard)

-- The same where nobody has asked beforehand whether anything leaves: that is
-- then found out once a query.

-- part: installation_stays_now(this, before)
(CAST(before AS UUID) IS NULL
	OR NOT EXISTS (SELECT 1 FROM leaving_scope WHERE project_id = $1)
	OR NOT @installation_leaves(this, before))

-- A connection leaves with its group or consumer, and with the last of its
-- installations; `which` scopes (l) count.

-- part: connection_leaves(this, before, which)
(EXISTS (SELECT 1 FROM leaving_scope l
	WHERE l.project_id = $1 AND l.id IN (this.group_id, this.consumer_id)
		AND l.deletion_id < before AND which)
OR (EXISTS (SELECT 1 FROM installation m CROSS JOIN leaving_scope l
	WHERE m.project_id = $1 AND m.group_id = this.group_id
		AND m.connection_id = this.id AND m.deleted_at IS NULL
		AND l.project_id = $1 AND l.id = m.integration_id
		AND l.deletion_id < before AND which)
	AND NOT EXISTS (SELECT 1 FROM installation m
	WHERE m.project_id = $1 AND m.group_id = this.group_id
		AND m.connection_id = this.id AND m.deleted_at IS NULL
		AND NOT EXISTS (SELECT 1 FROM leaving_scope l
			WHERE l.project_id = $1 AND l.id = m.integration_id
				AND l.deletion_id < before AND which))))

-- part: connection_stays(this, before)
(CAST(before AS UUID) IS NULL OR NOT @connection_leaves(this, before, TRUE))

-- What is or will be in the trash lives on: it may come back.

-- part: connection_is_not_erased(this, before)
(CAST(before AS UUID) IS NULL OR NOT @connection_leaves(this, before, l.is_hard))

-- name: leaving_scope_add
INSERT INTO leaving_scope (project_id, id, deletion_id, is_hard)
VALUES ($1, $2, $3, $4)

-- name: leaving_scope_any
SELECT 1 FROM leaving_scope WHERE project_id = $1 LIMIT 1

-- name: rules_any
SELECT EXISTS (SELECT 1 FROM deletion_policy WHERE project_id = $1),
	EXISTS (SELECT 1 FROM legal_hold WHERE project_id = $1),
	EXISTS (SELECT 1 FROM event_topic_route WHERE project_id = $1),
	EXISTS (SELECT 1 FROM leaving_scope WHERE project_id = $1),
	EXISTS (SELECT 1 FROM integration
		WHERE project_id = $1 AND family = 'third_party'
			AND deleted_at IS NULL)

-- name: leaving_scope_has
SELECT 1 FROM leaving_scope WHERE project_id = $1 AND id = $2

-- name: leaving_scope_remove
DELETE FROM leaving_scope WHERE project_id = $1 AND id = $2

-- How much goes with a thing, as far as `$3` of each.

-- name: size_of_integration
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM installation
		WHERE project_id = $1 AND integration_id = $2
			AND deleted_at IS NULL LIMIT $3) mine)
	+ (SELECT COUNT(*) FROM (SELECT 1 FROM installation
		WHERE project_id = $1 AND integration_id = $2
			AND deleted_at IS NOT NULL LIMIT $3) mine)

-- name: size_of_group
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM installation
		WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL
		LIMIT $3) mine)
	+ (SELECT COUNT(*) FROM (SELECT 1 FROM installation
		WHERE project_id = $1 AND group_id = $2
			AND deleted_at IS NOT NULL LIMIT $3) mine)
	+ (SELECT COUNT(*) FROM (SELECT 1 FROM connection
		WHERE project_id = $1 AND group_id = $2 LIMIT $3) mine)

-- name: size_of_consumer
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM connection
		WHERE project_id = $1 AND consumer_id = $2 LIMIT $3) mine)
	+ (SELECT COUNT(*) FROM (SELECT 1
		FROM connection c CROSS JOIN installation i
		WHERE c.project_id = $1 AND c.consumer_id = $2
			AND i.project_id = $1 AND i.group_id = c.group_id
			AND i.connection_id = c.id AND i.deleted_at IS NULL
		LIMIT $3) mine)

-- name: size_of_hidden
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM installation
		WHERE project_id = $1 AND deletion_id = $2
			AND deletion_id IS NOT NULL LIMIT $3) mine)
	+ (SELECT COUNT(*) FROM (SELECT 1 FROM connection
		WHERE project_id = $1 AND deletion_id = $2
			AND deletion_id IS NOT NULL LIMIT $3) mine)

-- The first hold that keeps anything of a thing from being erased.

-- `$3`: what of it is in the trash counts, too.

-- name: hold_in_integration
SELECT h.kind, h.id, h.reason, h.actor, h.created_at FROM legal_hold h
WHERE h.project_id = $1 AND (h.id IN ($1, $2) OR EXISTS (
	SELECT 1 FROM installation i
	WHERE i.project_id = $1 AND i.integration_id = $2
		AND (i.deleted_at IS NULL OR $3) AND i.group_id = CASE h.kind
			WHEN 'group' THEN h.id
			ELSE (SELECT c.group_id FROM connection c
				WHERE c.project_id = $1 AND c.id = h.id) END
		AND (h.kind = 'group' OR i.connection_id = h.id
			AND CASE WHEN i.deleted_at IS NULL THEN NOT EXISTS (
				SELECT 1 FROM installation o
				WHERE o.project_id = $1
					AND o.group_id = i.group_id
					AND o.connection_id = h.id
					AND o.integration_id <> $2
					AND o.deleted_at IS NULL)
			ELSE EXISTS (SELECT 1
				FROM connection c CROSS JOIN deletion d
				WHERE c.project_id = $1 AND c.id = h.id
					AND d.project_id = $1
					AND d.id = c.deletion_id
					AND d.target_id = i.id) END)))
ORDER BY h.kind, h.id LIMIT 1

-- name: hold_in_group
SELECT h.kind, h.id, h.reason, h.actor, h.created_at FROM legal_hold h
WHERE h.project_id = $1 AND (h.id IN ($1, $2) OR EXISTS (
	SELECT 1 FROM connection c
	WHERE c.project_id = $1 AND c.id = h.id AND c.group_id = $2
		AND (c.deleted_at IS NULL OR $3)))
ORDER BY h.kind, h.id LIMIT 1

-- name: hold_in_consumer
SELECT h.kind, h.id, h.reason, h.actor, h.created_at FROM legal_hold h
WHERE h.project_id = $1 AND (h.id IN ($1, $2) OR EXISTS (
	SELECT 1 FROM connection c
	WHERE c.project_id = $1 AND c.consumer_id = $2
		AND (c.id = h.id OR c.group_id = h.id)
		AND (c.deleted_at IS NULL OR $3)))
ORDER BY h.kind, h.id LIMIT 1
