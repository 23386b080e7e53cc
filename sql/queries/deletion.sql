-- Letting go: what goes with a target, and the deletions themselves.

-- name: leaving_one
SELECT id, integration_id, group_id, connection_id FROM installation i
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL
	AND @installation_stays(i, $4)
LIMIT $3

-- name: leaving_of_integration
SELECT id, integration_id, group_id, connection_id FROM installation i
WHERE project_id = $1 AND integration_id = $2 AND deleted_at IS NULL
	AND @installation_stays(i, $4)
ORDER BY id LIMIT $3

-- With each, whether its group has installed anything else: only then may
-- another one use its connection.

-- name: leaving_of_integration_each
SELECT id, integration_id, group_id, connection_id, EXISTS (
	SELECT 1 FROM installation o
	WHERE o.project_id = $1 AND o.group_id = i.group_id
		AND o.integration_id <> $2 AND o.deleted_at IS NULL)
FROM installation i
WHERE project_id = $1 AND integration_id = $2 AND deleted_at IS NULL
	AND @installation_stays(i, $4)
ORDER BY id LIMIT $3

-- name: leaving_of_group
SELECT id, integration_id, group_id, connection_id FROM installation i
WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL
	AND @installation_stays(i, $4)
ORDER BY integration_id LIMIT $3

-- What of a group is in the trash, or on its way there.

-- name: leaving_hidden_of_group
WITH mine AS MATERIALIZED (
	SELECT id, integration_id, group_id, connection_id FROM installation
	WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NULL
		AND CAST($4 AS UUID) IS NOT NULL)
SELECT id, integration_id, group_id, connection_id FROM installation
WHERE project_id = $1 AND group_id = $2 AND deleted_at IS NOT NULL
UNION ALL
SELECT mine.id, mine.integration_id, mine.group_id, mine.connection_id
FROM mine CROSS JOIN leaving_scope l
WHERE l.project_id = $1 AND l.id = mine.integration_id AND NOT l.is_hard
	AND l.deletion_id < $4
ORDER BY id LIMIT $3

-- The same of an integration, each with the deletion that hid it and, maybe,
-- its connection for its own sake.

-- name: leaving_hidden_of_integration
WITH mine AS MATERIALIZED (
	SELECT id, integration_id, group_id, connection_id FROM installation
	WHERE project_id = $1 AND integration_id = $2 AND deleted_at IS NULL
		AND CAST($4 AS UUID) IS NOT NULL)
SELECT i.id, i.integration_id, i.group_id, i.connection_id, d.id
FROM installation i
LEFT JOIN deletion d ON d.project_id = $1 AND d.id = i.deletion_id
	AND d.target_id = i.id
WHERE i.project_id = $1 AND i.integration_id = $2 AND i.deleted_at IS NOT NULL
UNION ALL
SELECT mine.id, mine.integration_id, mine.group_id, mine.connection_id,
	CAST(NULL AS UUID)
FROM mine WHERE @installation_is_being_hidden(mine, $4)
ORDER BY 1 LIMIT $3

-- And of a consumer's connections, be they in the trash or not.

-- name: leaving_hidden_of_consumer
WITH mine AS MATERIALIZED (
	SELECT i.id, i.integration_id, i.group_id, i.connection_id
	FROM connection c CROSS JOIN installation i
	WHERE c.project_id = $1 AND c.consumer_id = $2
		AND CAST($4 AS UUID) IS NOT NULL
		AND i.project_id = $1 AND i.group_id = c.group_id
		AND i.connection_id = c.id AND i.deleted_at IS NULL)
SELECT i.id, i.integration_id, i.group_id, i.connection_id
FROM connection c CROSS JOIN installation i
WHERE c.project_id = $1 AND c.consumer_id = $2 AND i.project_id = $1
	AND i.group_id = c.group_id AND i.connection_id = c.id
	AND i.deleted_at IS NOT NULL
UNION ALL
SELECT mine.id, mine.integration_id, mine.group_id, mine.connection_id
FROM mine WHERE @installation_is_being_hidden(mine, $4)
ORDER BY 1 LIMIT $3

-- name: leaving_of_connection
SELECT i.id, i.integration_id, i.group_id, i.connection_id
FROM connection c CROSS JOIN installation i
WHERE c.project_id = $1 AND c.id = $2 AND i.project_id = $1
	AND i.group_id = c.group_id AND i.connection_id = c.id
	AND i.deleted_at IS NULL AND @installation_stays(i, $4)
ORDER BY i.integration_id LIMIT $3

-- name: leaving_of_consumer
WITH mine AS MATERIALIZED (
	SELECT id, group_id FROM connection
	WHERE project_id = $1 AND consumer_id = $2 AND deleted_at IS NULL)
SELECT i.id, i.integration_id, i.group_id, i.connection_id
FROM mine CROSS JOIN installation i
WHERE i.project_id = $1 AND i.group_id = mine.group_id
	AND i.connection_id = mine.id AND i.deleted_at IS NULL
	AND @installation_stays(i, $4)
ORDER BY mine.id, i.integration_id LIMIT $3

-- A connection with what its end needs to know: whether it has a grant, needs
-- a new one, how it authenticates, whether it has fields of its own, and whether
-- others have, or had, the same grant.

-- part: parting(this)
this.id, this.kind, this.name, this.group_id, this.grant_mark IS NOT NULL,
	this.status = 'bad_credentials',
	this.auth_scheme,
	EXISTS (SELECT 1 FROM object_field f
		WHERE f.project_id = $1 AND f.connection_id = this.id),
	EXISTS (SELECT 1 FROM connection s
		WHERE s.project_id = $1 AND s.grant_mark = this.grant_mark
			AND s.grant_mark IS NOT NULL AND s.id <> this.id)
		OR EXISTS (SELECT 1 FROM connection s
		WHERE s.project_id = $1 AND s.account_mark = this.account_mark
			AND s.account_mark IS NOT NULL AND s.id <> this.id)

-- name: parting_one
SELECT @parting(c)
FROM connection c
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL
	AND @connection_stays(c, $4)
LIMIT $3

-- name: parting_of_group
SELECT @parting(c)
FROM connection c
WHERE project_id = $1 AND group_id = $2 AND (deleted_at IS NULL OR $5)
	AND CASE WHEN $5 THEN @connection_is_not_erased(c, $4)
		ELSE @connection_stays(c, $4) END
ORDER BY id LIMIT $3

-- name: parting_of_consumer
SELECT @parting(c)
FROM connection c
WHERE project_id = $1 AND consumer_id = $2 AND (deleted_at IS NULL OR $5)
	AND CASE WHEN $5 THEN @connection_is_not_erased(c, $4)
		ELSE @connection_stays(c, $4) END
ORDER BY id LIMIT $3

-- Who else uses the connections of an integration's installations: looked up
-- for each of them, so that it is no matter how many others there are.

-- name: sharing_of_integration
SELECT o.connection_id, o.id
FROM installation m CROSS JOIN installation o
WHERE m.project_id = $1 AND m.integration_id = $2 AND m.deleted_at IS NULL
	AND @installation_stays(m, $3)
	AND o.project_id = $1 AND o.group_id = m.group_id
	AND o.connection_id = m.connection_id AND o.integration_id <> $2
	AND o.deleted_at IS NULL AND @installation_stays(o, $3)
ORDER BY o.connection_id, o.integration_id

-- name: sharing_of_one
SELECT o.connection_id, o.id
FROM installation m CROSS JOIN installation o
WHERE m.project_id = $1 AND m.id = $2 AND m.deleted_at IS NULL
	AND o.project_id = $1 AND o.group_id = m.group_id
	AND o.connection_id = m.connection_id AND o.id <> $2
	AND o.deleted_at IS NULL AND @installation_stays(o, $3)
ORDER BY o.integration_id

-- name: deletion_add
INSERT INTO deletion (project_id, id, target_kind, target_id, target_name,
	group_id, mode, revoke_at, state, actor, counts, effects, created_at,
	purge_at, finished_at, last_event)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)

-- name: deletion_part_add
INSERT INTO deletion_part (project_id, deletion_id, number, effects)
VALUES ($1, $2, $3, $4)

-- name: deletion_get
SELECT id, target_kind, target_id, target_name, group_id, mode, revoke_at,
	state, actor, counts, effects, created_at, purge_at, finished_at,
	last_event
FROM deletion WHERE project_id = $1 AND id = $2

-- name: deletion_list
SELECT id, target_kind, target_id, target_name, group_id, mode, revoke_at,
	state, actor, counts, NULL, created_at, purge_at, finished_at,
	last_event
FROM deletion WHERE project_id = $1 AND id > $2 ORDER BY id LIMIT $3

-- name: deletion_list_open
SELECT id, target_kind, target_id, target_name, group_id, mode, revoke_at,
	state, actor, counts, NULL, created_at, purge_at, finished_at,
	last_event
FROM deletion
WHERE project_id = $1 AND state = $4 AND state <> 'done' AND id > $2
ORDER BY id LIMIT $3

-- name: deletion_part_get
SELECT effects FROM deletion_part
WHERE project_id = $1 AND deletion_id = $2 AND number = $3

-- name: deletion_state
UPDATE deletion SET state = $3, finished_at = $4
WHERE project_id = $1 AND id = $2

-- name: step_add
INSERT INTO step (project_id, deletion_id, id, kind, subject_kind, subject_id,
	facts, state, attempts, created_at, updated_at, next_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $9, $9)

-- name: step_list
SELECT id, deletion_id, kind, subject_kind, subject_id, facts, state, attempts,
	answer, reason, created_at, updated_at, next_at
FROM step WHERE project_id = $1 AND deletion_id = $2 AND id > $3
ORDER BY id LIMIT $4

-- name: step_ends
SELECT CASE WHEN state = 'done' THEN reason ELSE state END, COUNT(*)
FROM step WHERE project_id = $1 AND deletion_id = $2 AND kind = $3
	AND state <> 'waiting'
GROUP BY 1 ORDER BY 1

-- name: step_get
SELECT id, deletion_id, kind, subject_kind, subject_id, facts, state, attempts,
	answer, reason, created_at, updated_at, next_at
FROM step WHERE project_id = $1 AND id = $2

-- name: step_open
SELECT COUNT(*) FROM step
WHERE project_id = $1 AND deletion_id = $2 AND state = 'waiting'

-- name: step_change
UPDATE step SET state = $4, attempts = $5, answer = $6, reason = $7,
	updated_at = $8, next_at = $9
WHERE project_id = $1 AND deletion_id = $2 AND id = $3

-- name: installation_hide
UPDATE installation SET deleted_at = $3, purge_at = $4, deletion_id = $5
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: connection_hide
UPDATE connection SET deleted_at = $3, purge_at = $4, deletion_id = $5
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: hidden_installations
SELECT id, integration_id, group_id, connection_id FROM installation
WHERE project_id = $1 AND deletion_id = $2 AND deletion_id IS NOT NULL
ORDER BY id LIMIT $3

-- name: hidden_connections
SELECT @parting(c)
FROM connection c
WHERE project_id = $1 AND deletion_id = $2 AND deletion_id IS NOT NULL
ORDER BY id LIMIT $3

-- name: hidden_integrations
SELECT id, handle, family FROM integration
WHERE project_id = $1 AND deletion_id = $2 AND deletion_id IS NOT NULL

-- name: hidden_groups
SELECT id, ref, 'group' FROM customer_group
WHERE project_id = $1 AND deletion_id = $2 AND deletion_id IS NOT NULL

-- name: hidden_consumers
SELECT id, ref, 'consumer' FROM consumer
WHERE project_id = $1 AND deletion_id = $2 AND deletion_id IS NOT NULL

-- What must be there for a hidden installation to come back.

-- name: restorable
SELECT n.deleted_at IS NULL, g.deleted_at IS NULL,
	c.deleted_at IS NULL AND @connection_stays(c, $3)
FROM installation i
LEFT JOIN integration n ON n.project_id = $1 AND n.id = i.integration_id
LEFT JOIN customer_group g ON g.project_id = $1 AND g.id = i.group_id
LEFT JOIN connection c ON c.project_id = $1 AND c.id = i.connection_id
WHERE i.project_id = $1 AND i.id = $2 AND n.id IS NOT NULL
	AND g.id IS NOT NULL AND c.id IS NOT NULL

-- name: connection_spoil
UPDATE connection SET status = 'bad_credentials', grant_mark = NULL,
	account_mark = NULL
WHERE project_id = $1 AND id = $2

-- name: installation_unhide, unique
UPDATE installation SET deleted_at = NULL, purge_at = NULL,
	deletion_id = NULL, document = NULL
WHERE project_id = $1 AND id = $2 AND deletion_id = $3

-- name: connection_unhide
UPDATE connection SET deleted_at = NULL, purge_at = NULL, deletion_id = NULL
WHERE project_id = $1 AND id = $2 AND deletion_id = $3

-- name: deletion_of_installation
SELECT deletion_id FROM installation
WHERE project_id = $1 AND id = $2 AND deletion_id IS NOT NULL

-- name: deletion_of_connection
SELECT deletion_id FROM connection
WHERE project_id = $1 AND id = $2 AND deletion_id IS NOT NULL

-- name: deletion_of_integration
SELECT deletion_id FROM integration
WHERE project_id = $1 AND id = $2 AND deletion_id IS NOT NULL

-- name: deletion_of_group
SELECT deletion_id FROM customer_group
WHERE project_id = $1 AND id = $2 AND deletion_id IS NOT NULL

-- name: deletion_of_consumer
SELECT deletion_id FROM consumer
WHERE project_id = $1 AND id = $2 AND deletion_id IS NOT NULL

-- name: policy_get
SELECT kind, mode, retention_days FROM deletion_policy
WHERE project_id = $1 AND kind = $2

-- name: policy_put
INSERT INTO deletion_policy (project_id, kind, mode, retention_days)
VALUES ($1, $2, $3, $4)
ON CONFLICT (project_id, kind) DO UPDATE SET mode = excluded.mode,
	retention_days = excluded.retention_days

-- name: group_hide
UPDATE customer_group SET deleted_at = $3, deletion_id = $4
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: group_unhide
UPDATE customer_group SET deleted_at = NULL, deletion_id = NULL, ref = $3
WHERE project_id = $1 AND id = $2

-- name: group_remove
DELETE FROM customer_group WHERE project_id = $1 AND id = $2

-- name: consumer_hide
UPDATE consumer SET deleted_at = $3, deletion_id = $4
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: consumer_unhide
UPDATE consumer SET deleted_at = NULL, deletion_id = NULL, ref = $3
WHERE project_id = $1 AND id = $2

-- name: consumer_remove
DELETE FROM consumer WHERE project_id = $1 AND id = $2

-- name: departure
SELECT i.id, i.integration_id, i.group_id, i.connection_id, i.created_by,
	i.created_at, i.updated_at, i.config_content, g.ref,
	EXISTS (SELECT 1 FROM installation o
		WHERE o.project_id = $1 AND o.group_id = i.group_id
			AND o.connection_id = i.connection_id
			AND o.id <> i.id AND o.deleted_at IS NULL),
	@parting(c),
	EXISTS (SELECT 1 FROM operation o
		WHERE o.project_id = $1 AND o.installation_id = i.id)
		OR EXISTS (SELECT 1 FROM read_pause r
		WHERE r.project_id = $1 AND r.installation_id = i.id)
FROM installation i
LEFT JOIN customer_group g ON g.project_id = $1 AND g.id = i.group_id
LEFT JOIN connection c ON c.project_id = $1 AND c.id = i.connection_id
	AND c.deleted_at IS NULL
WHERE i.project_id = $1 AND i.id = $2 AND i.deleted_at IS NULL
	AND @installation_stays(i, $3)

-- name: has_grants
SELECT 1 FROM connection
WHERE project_id = $1 AND grant_mark IS NOT NULL
ORDER BY grant_mark LIMIT 1

-- Whatever there still is and has the same grant: what is hidden may come
-- back and need it.

-- name: grant_sharers
SELECT o.id FROM connection m CROSS JOIN connection o
WHERE m.project_id = $1 AND m.id = $2 AND o.project_id = $1
	AND o.grant_mark = m.grant_mark AND o.grant_mark IS NOT NULL
	AND o.id <> $2 AND @connection_is_not_erased(o, $3)
UNION
SELECT o.id FROM connection m CROSS JOIN connection o
WHERE m.project_id = $1 AND m.id = $2 AND o.project_id = $1
	AND o.account_mark = m.account_mark AND o.account_mark IS NOT NULL
	AND o.id <> $2 AND @connection_is_not_erased(o, $3)

-- name: thing_installation
SELECT i.id, NULL, 'installation', NULL, i.group_id
FROM installation i
WHERE i.project_id = $1 AND i.id = $2 AND i.deleted_at IS NULL
	AND @installation_stays(i, $3)

-- name: thing_integration
SELECT id, handle, family, kind, NULL FROM integration
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: thing_connection
SELECT id, name, CASE family WHEN 'target' THEN 'target' ELSE 'connection' END,
	kind, group_id
FROM connection c
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL
	AND @connection_stays(c, $3)

-- name: thing_group
SELECT id, ref, 'group', NULL, id FROM customer_group
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: thing_consumer
SELECT id, ref, 'consumer', NULL, NULL FROM consumer
WHERE project_id = $1 AND id = $2 AND deleted_at IS NULL

-- name: thing_provider_app
SELECT id, NULL, 'provider_app', provider, NULL FROM provider_app
WHERE project_id = $1 AND id = $2

-- name: thing_destination
SELECT id, name, 'destination', kind, NULL FROM destination
WHERE project_id = $1 AND id = $2

-- Parts, which no policy is of.

-- name: thing_topic
SELECT id, name, NULL, NULL, NULL FROM topic
WHERE project_id = $1 AND id = $2

-- name: thing_event_route
SELECT id, NULL, NULL, event_type, NULL FROM event_topic_route
WHERE project_id = $1 AND id = $2

-- name: thing_topic_route
SELECT id, NULL, NULL, NULL, NULL FROM topic_destination_route
WHERE project_id = $1 AND id = $2

-- name: thing_token
SELECT id, NULLIF(label, ''), NULL, kind, NULL FROM token
WHERE project_id = $1 AND id = $2

-- name: thing_jwt_key
SELECT id, NULLIF(label, ''), NULL, NULL, NULL FROM jwt_key
WHERE project_id = $1 AND id = $2

-- name: thing_variable
SELECT id, name, NULL, NULL, NULL FROM variable
WHERE project_id = $1 AND id = $2

-- name: hold_list
SELECT kind, id, reason, actor, created_at FROM legal_hold
WHERE project_id = $1 ORDER BY kind, id LIMIT $2

-- name: hold_put
INSERT INTO legal_hold (project_id, kind, id, reason, actor, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (project_id, kind, id) DO UPDATE SET reason = excluded.reason,
	actor = excluded.actor, created_at = excluded.created_at

-- name: hold_remove
DELETE FROM legal_hold WHERE project_id = $1 AND kind = $2 AND id = $3

-- name: deletion_go_on
UPDATE deletion SET state = $3, counts = $4, effects = $5, finished_at = $6,
	last_event = $7
WHERE project_id = $1 AND id = $2

-- name: deletion_parts
SELECT COALESCE(MAX(number), 0) FROM deletion_part
WHERE project_id = $1 AND deletion_id = $2

-- name: integration_name_taken
SELECT 1 FROM integration
WHERE project_id = $1 AND family = $3 AND handle = $2 AND deleted_at IS NULL

-- name: group_name_taken
SELECT 1 FROM customer_group
WHERE project_id = $1 AND ref = $2 AND deleted_at IS NULL

-- name: consumer_name_taken
SELECT 1 FROM consumer
WHERE project_id = $1 AND ref = $2 AND deleted_at IS NULL

-- name: installation_purge
DELETE FROM installation WHERE project_id = $1 AND id = $2

-- name: deletion_emptied
UPDATE deletion SET
	state = CASE WHEN EXISTS (SELECT 1 FROM step s
		WHERE s.project_id = $1 AND s.deletion_id = deletion.id
			AND s.state = 'waiting') THEN 'waiting' ELSE 'done' END,
	finished_at = CASE WHEN EXISTS (SELECT 1 FROM step s
		WHERE s.project_id = $1 AND s.deletion_id = deletion.id
			AND s.state = 'waiting') THEN NULL
		ELSE CAST($2 AS BIGINT) END
WHERE project_id = $1 AND state = 'hidden' AND state <> 'done'
	AND NOT EXISTS (SELECT 1 FROM installation t
		WHERE t.project_id = $1 AND t.deletion_id = deletion.id)
	AND NOT EXISTS (SELECT 1 FROM connection t
		WHERE t.project_id = $1 AND t.deletion_id = deletion.id)
	AND NOT EXISTS (SELECT 1 FROM integration t
		WHERE t.project_id = $1 AND t.deletion_id = deletion.id)
	AND NOT EXISTS (SELECT 1 FROM customer_group t
		WHERE t.project_id = $1 AND t.deletion_id = deletion.id)
	AND NOT EXISTS (SELECT 1 FROM consumer t
		WHERE t.project_id = $1 AND t.deletion_id = deletion.id)

-- name: restorable_connection
SELECT c.group_id IS NULL OR (g.id IS NOT NULL AND g.deleted_at IS NULL),
	c.consumer_id IS NULL OR (p.id IS NOT NULL AND p.deleted_at IS NULL)
FROM connection c
LEFT JOIN customer_group g ON g.project_id = $1 AND g.id = c.group_id
LEFT JOIN consumer p ON p.project_id = $1 AND p.id = c.consumer_id
WHERE c.project_id = $1 AND c.id = $2

-- name: grant_place
SELECT provider_app_id, workspace_ref, metadata, refresh_sent_at, account_mark
FROM connection
WHERE project_id = $1 AND id = $2

-- name: account_is_in_use
SELECT 1 FROM connection c
WHERE project_id = $1 AND account_mark = $2 AND account_mark IS NOT NULL
	AND @connection_is_not_erased(c, $3)
LIMIT 1

-- name: connection_mark
UPDATE connection SET grant_mark = $3, account_mark = $4
WHERE project_id = $1 AND id = $2

-- name: connection_mark_account
UPDATE connection SET account_mark = $3
WHERE project_id = $1 AND id = $2

-- name: grant_is_in_use
SELECT 1 FROM connection c
WHERE project_id = $1 AND grant_mark = $2 AND grant_mark IS NOT NULL
	AND @connection_is_not_erased(c, $3)
LIMIT 1
