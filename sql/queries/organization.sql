-- Organizations and who is in them: of the whole store, as projects are. They
-- are of no project; the organization comes first in each key.

-- name: organization_find
SELECT id, name, label, created_at, updated_at
FROM organization WHERE name = $1

-- name: organization_add, unique
INSERT INTO organization (id, name, label, created_at)
VALUES ($1, $2, $3, $4)

-- name: organization_rename
UPDATE organization SET label = $2, updated_at = $3 WHERE id = $1

-- name: organization_project
SELECT id FROM project
WHERE organization_id = $1 AND deleted_at IS NULL ORDER BY id LIMIT 1

-- name: membership_get
SELECT o.id, o.name, o.label, o.created_at, o.updated_at, m.is_owner
FROM membership m CROSS JOIN organization o
WHERE m.organization_id = $1 AND m.builder_id = $2
	AND o.id = m.organization_id

-- name: membership_list
SELECT o.id, o.name, o.label, o.created_at, o.updated_at, m.is_owner
FROM membership m CROSS JOIN organization o
WHERE m.builder_id = $1 AND o.id = m.organization_id
ORDER BY m.created_at, o.id

-- name: membership_add, unique
INSERT INTO membership (organization_id, builder_id, is_owner, created_at)
VALUES ($1, $2, $3, $4)

-- name: membership_change
UPDATE membership SET is_owner = $3
WHERE organization_id = $1 AND builder_id = $2

-- name: membership_remove
DELETE FROM membership WHERE organization_id = $1 AND builder_id = $2

-- name: membership_first_owner
SELECT builder_id FROM membership
WHERE organization_id = $1 AND is_owner
ORDER BY created_at, builder_id LIMIT 1

-- name: membership_other_owner
SELECT 1 FROM membership
WHERE organization_id = $1 AND is_owner AND builder_id <> $2 LIMIT 1

-- name: membership_shared
SELECT 1 FROM membership mine CROSS JOIN membership other
WHERE mine.builder_id = $1 AND other.organization_id = mine.organization_id
	AND other.builder_id = $2 LIMIT 1

-- name: builder_get
SELECT id, email, first_name, last_name, created_at
FROM builder WHERE id = $1

-- name: builder_by_email
SELECT id, email, first_name, last_name, created_at
FROM builder WHERE email = $1

-- name: builder_list_of_organization
SELECT b.id, b.email, b.first_name, b.last_name, b.created_at
FROM membership m CROSS JOIN builder b
WHERE m.organization_id = $1 AND b.id = m.builder_id
ORDER BY b.id

-- name: builder_list_all
SELECT id, email, first_name, last_name, created_at FROM builder ORDER BY id

-- name: builder_add, unique
INSERT INTO builder (id, email, first_name, last_name, created_at)
VALUES ($1, $2, $3, $4, $5)

-- name: builder_change, unique
UPDATE builder SET email = $2, first_name = $3, last_name = $4 WHERE id = $1

-- name: builder_remove
DELETE FROM builder WHERE id = $1

-- name: builder_tokens, store
SELECT project_id, id FROM token
WHERE builder_id = $1 AND parent_id IS NULL
	AND (organization_id = $2 OR CAST($2 AS UUID) IS NULL)
ORDER BY project_id, id

-- name: invite_get
SELECT id, organization_id, email, status, created_at, updated_at, expires_at
FROM invite WHERE organization_id = $1 AND id = $2

-- name: invite_list
SELECT id, organization_id, email, status, created_at, updated_at, expires_at
FROM invite WHERE organization_id = $1 ORDER BY id

-- name: invite_pending
SELECT id, organization_id, email, status, created_at, updated_at, expires_at
FROM invite WHERE email = $1 AND status = 'pending' AND expires_at > $2
ORDER BY created_at, id LIMIT 1

-- name: invite_add, unique
INSERT INTO invite (organization_id, id, email, status, created_at, expires_at)
VALUES ($1, $2, $3, 'pending', $4, $5)

-- name: invite_end
UPDATE invite SET status = $3, updated_at = $4
WHERE organization_id = $1 AND id = $2 AND status = 'pending'

-- name: invite_revoke_all
UPDATE invite SET status = 'revoked', updated_at = $3
WHERE organization_id = $1 AND email = $2 AND status = 'pending'

-- name: invite_clear_expired
UPDATE invite SET status = 'expired', updated_at = expires_at
WHERE organization_id = $1 AND email = $2 AND status = 'pending'
	AND expires_at <= $3

-- name: claimed_domain_find
SELECT id, organization_id, domain FROM claimed_domain WHERE domain = $1

-- name: claimed_domain_list
SELECT id, organization_id, domain FROM claimed_domain
WHERE organization_id = $1 ORDER BY id

-- name: claimed_domain_add, unique
INSERT INTO claimed_domain (organization_id, id, domain, created_at)
VALUES ($1, $2, $3, $4)
