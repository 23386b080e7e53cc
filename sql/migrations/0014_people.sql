-- Builders are people: members of organizations, by invitation. Their tokens
-- act for them; what a token may see is asked of `membership` each time.

-- `name` is the command line's handle, `label` is for people.
ALTER TABLE organization ADD COLUMN label TEXT NOT NULL DEFAULT '';
ALTER TABLE organization ADD COLUMN updated_at BIGINT;
UPDATE organization SET label = name;

-- `email` in lower case: whose it is was vouched for by an operator.
CREATE TABLE builder (
	id UUID NOT NULL PRIMARY KEY,
	email TEXT,
	first_name TEXT,
	last_name TEXT,
	created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX builder_email ON builder (email) WHERE email IS NOT NULL;

CREATE TABLE membership (
	organization_id UUID NOT NULL,
	builder_id UUID NOT NULL,
	is_owner BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (organization_id, builder_id)
);
CREATE INDEX membership_builder ON membership (builder_id, created_at);

-- `status` is pending, accepted, revoked or expired. One that is pending and
-- over is expired too: it is written down when another takes its place.
CREATE TABLE invite (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	email TEXT NOT NULL,
	status TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	expires_at BIGINT NOT NULL,
	PRIMARY KEY (organization_id, id)
);
CREATE UNIQUE INDEX invite_pending ON invite (email, organization_id)
	WHERE status = 'pending';

CREATE TABLE claimed_domain (
	organization_id UUID NOT NULL,
	id UUID NOT NULL,
	domain TEXT NOT NULL UNIQUE,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (organization_id, id)
);

-- Whom an Upsun API token, or what it was exchanged for, acts for.
ALTER TABLE token ADD COLUMN builder_id UUID;
CREATE INDEX token_builder ON token (builder_id, organization_id)
	WHERE builder_id IS NOT NULL;

-- Each organization that there is has one builder, who owns it and whose its
-- builders' tokens have been so far; it has the organization's id.
INSERT INTO builder (id, created_at) SELECT id, created_at FROM organization;
INSERT INTO membership (organization_id, builder_id, is_owner, created_at)
SELECT id, id, TRUE, created_at FROM organization;
/*sqlite -- */ SET LOCAL cleat.project = 'store';
UPDATE token SET builder_id = organization_id WHERE kind IN ('ups', 'upa');
