-- The chain over each project's events: a link for what one commit recorded.
-- It is found by the last event that it covers; docs/proof.md says what is
-- hashed. Events that are older than this are covered by their project's
-- first link, which is made when the store is opened next.
CREATE TABLE event_link (
	project_id UUID NOT NULL,
	number BIGINT NOT NULL,
	first_event BIGINT NOT NULL,
	last_event BIGINT NOT NULL,
	event_count BIGINT NOT NULL,
	hash BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, last_event)
) /*sqlite WITHOUT ROWID */;

-- An event of the transaction that deleted (or purged): its link covers them
-- all. NULL: older than this, and so under the first link.
ALTER TABLE deletion ADD COLUMN last_event BIGINT;

-- The store's own keys, which sign what it says of itself: the newest signs,
-- the others stay to verify with. The private half is sealed by the master
-- key; `kid` is its thumbprint (RFC 7638).
CREATE TABLE signing_key (
	id UUID NOT NULL PRIMARY KEY,
	kid TEXT NOT NULL UNIQUE,
	public_key BYTEA NOT NULL,
	sealed BYTEA NOT NULL,
	created_at BIGINT NOT NULL
);

-- How much of each chain was told to whom: a file or a URL, by a digest of it.
CREATE TABLE checkpoint (
	project_id UUID NOT NULL,
	target_id UUID NOT NULL,
	number BIGINT NOT NULL,
	PRIMARY KEY (project_id, target_id)
) /*sqlite WITHOUT ROWID */;
