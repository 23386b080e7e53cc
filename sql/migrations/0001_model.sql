-- The model of ARCHITECTURE.md. One text for SQLite and PostgreSQL: SQLite
-- takes the type names as they are, and reads what stands in /*sqlite ... */.
-- The project comes first in every key.
-- Times are microseconds since the epoch, UTC. JSON is kept as text.

CREATE TABLE organization (
	id UUID NOT NULL PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	created_at BIGINT NOT NULL
);

CREATE TABLE project (
	id UUID NOT NULL PRIMARY KEY,
	organization_id UUID NOT NULL,
	name TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	short_id TEXT NOT NULL UNIQUE,
	version TEXT NOT NULL,
	is_protected BOOLEAN NOT NULL,
	key_version BIGINT NOT NULL,
	sealed_key BYTEA NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT
);
CREATE INDEX project_organization ON project (organization_id, id);

-- A token is stored as a keyed digest; `handle` is what lists show of it.
CREATE TABLE token (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	organization_id UUID NOT NULL,
	kind TEXT NOT NULL,
	digest BYTEA NOT NULL UNIQUE,
	handle TEXT NOT NULL,
	parent_id UUID,
	role TEXT NOT NULL,
	label TEXT NOT NULL,
	scopes TEXT NOT NULL,
	is_active BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	expires_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX token_handle ON token (project_id, kind, handle);
CREATE INDEX token_parent ON token (project_id, parent_id)
	WHERE parent_id IS NOT NULL;

-- Further projects that a token made and may therefore use.
CREATE TABLE token_project (
	project_id UUID NOT NULL,
	token_id UUID NOT NULL,
	PRIMARY KEY (project_id, token_id)
);
CREATE INDEX token_project_token ON token_project (token_id);

-- What the builder offers. `family` is manifest, third_party or http;
-- `handle` is what clients address it by, unique among the living.
CREATE TABLE integration (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	family TEXT NOT NULL,
	handle TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT,
	category TEXT,
	settings TEXT NOT NULL,
	revision_id UUID,
	created_at BIGINT NOT NULL,
	updated_at BIGINT NOT NULL,
	deleted_at BIGINT,
	purge_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX integration_handle
	ON integration (project_id, family, handle) WHERE deleted_at IS NULL;
CREATE INDEX integration_purge ON integration (purge_at)
	WHERE purge_at IS NOT NULL;

CREATE TABLE revision (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	integration_id UUID NOT NULL,
	spec_version TEXT NOT NULL,
	content TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX revision_integration ON revision (project_id, integration_id, id);

CREATE TABLE customer_group (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	ref TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX customer_group_ref ON customer_group (project_id, ref);

CREATE TABLE consumer (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	ref TEXT NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX consumer_ref ON consumer (project_id, ref);

-- Credentials at a provider (family provider) or a named target (target).
CREATE TABLE connection (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	family TEXT NOT NULL,
	kind TEXT NOT NULL,
	handle TEXT,
	name TEXT NOT NULL,
	description TEXT,
	auth_scheme TEXT NOT NULL,
	status TEXT NOT NULL,
	group_id UUID,
	consumer_id UUID,
	provider_app_id UUID,
	workspace_ref TEXT,
	metadata TEXT NOT NULL,
	settings TEXT NOT NULL,
	is_deployed BOOLEAN NOT NULL,
	is_enabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	deleted_at BIGINT,
	purge_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX connection_handle
	ON connection (project_id, family, handle)
	WHERE handle IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX connection_group ON connection (project_id, group_id, id)
	WHERE group_id IS NOT NULL;
CREATE INDEX connection_consumer ON connection (project_id, consumer_id, id)
	WHERE consumer_id IS NOT NULL;

-- One customer group's use of an integration, through one connection, with
-- its present configuration. `document` is the answer that shows it, kept from
-- when it last changed; NULL when something in it has changed since (see
-- docs/add-a-store.md). Each index here is a page written for every deletion.
CREATE TABLE installation (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	integration_id UUID NOT NULL,
	group_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	created_by TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	deleted_at BIGINT,
	purge_at BIGINT,
	config_id UUID NOT NULL,
	revision_id UUID NOT NULL,
	config_content TEXT NOT NULL,
	config_created_by TEXT NOT NULL,
	config_created_at BIGINT NOT NULL,
	document TEXT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX installation_group
	ON installation (project_id, group_id, integration_id)
	WHERE deleted_at IS NULL;
CREATE INDEX installation_integration
	ON installation (project_id, integration_id, id);
CREATE INDEX installation_connection
	ON installation (project_id, connection_id, id);

-- Configurations that an installation had before its present one.
CREATE TABLE past_config (
	project_id UUID NOT NULL,
	installation_id UUID NOT NULL,
	id UUID NOT NULL,
	revision_id UUID NOT NULL,
	content TEXT NOT NULL,
	created_by TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, installation_id, id)
);

-- Sealed values; `owner_id` is the connection, integration or other thing.
CREATE TABLE secret (
	project_id UUID NOT NULL,
	owner_id UUID NOT NULL,
	name TEXT NOT NULL,
	key_version BIGINT NOT NULL,
	sealed BYTEA NOT NULL,
	expires_at BIGINT,
	PRIMARY KEY (project_id, owner_id, name)
) /*sqlite WITHOUT ROWID */;

CREATE TABLE provider_app (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	provider TEXT NOT NULL,
	external_ref TEXT,
	client_id TEXT NOT NULL,
	scopes TEXT NOT NULL,
	metadata TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);

CREATE TABLE environment (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX environment_name ON environment (project_id, name);

CREATE TABLE worker (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	environment_id UUID NOT NULL,
	name TEXT NOT NULL,
	url TEXT NOT NULL,
	seen_at BIGINT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX worker_name ON worker (project_id, environment_id, name);

-- What a worker is to have (`wanted_version`) and what it has.
CREATE TABLE deployment (
	project_id UUID NOT NULL,
	worker_id UUID NOT NULL,
	connection_id UUID NOT NULL,
	wanted_version BIGINT NOT NULL,
	worker_version BIGINT NOT NULL,
	is_wanted BOOLEAN NOT NULL,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, worker_id, connection_id)
);
CREATE INDEX deployment_connection ON deployment (project_id, connection_id);

CREATE TABLE destination (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	metadata TEXT NOT NULL,
	is_disabled BOOLEAN NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX destination_name ON destination (project_id, name);

CREATE TABLE topic (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	name TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	updated_at BIGINT,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX topic_name ON topic (project_id, name);

-- From an event type to a topic, and from a topic to a destination.
CREATE TABLE event_topic_route (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	event_type TEXT NOT NULL,
	topic_id UUID NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX event_topic_route_pair
	ON event_topic_route (project_id, event_type, topic_id);

CREATE TABLE topic_destination_route (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	topic_id UUID NOT NULL,
	destination_id UUID NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE UNIQUE INDEX topic_destination_route_pair
	ON topic_destination_route (project_id, topic_id, destination_id);

-- What happened. `number` grows with time within a store.
CREATE TABLE event (
	project_id UUID NOT NULL,
	number BIGINT NOT NULL,
	type TEXT NOT NULL,
	actor TEXT NOT NULL,
	subject_kind TEXT NOT NULL,
	subject_id UUID NOT NULL,
	payload TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, number)
);
-- Only integrations are asked for what happened to them.
CREATE INDEX event_of_integration ON event (project_id, subject_id, number)
	WHERE subject_kind = 'integration';

CREATE TABLE delivery (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	event_number BIGINT NOT NULL,
	destination_id UUID NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	next_at BIGINT,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);

-- Work to do later; a claim is a lease with a fencing number.
CREATE TABLE job (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	subject_id UUID NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	due_at BIGINT NOT NULL,
	lease_until BIGINT,
	fence BIGINT NOT NULL,
	payload TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, id)
);
CREATE INDEX job_due ON job (due_at) WHERE state = 'waiting';

CREATE TABLE deletion (
	project_id UUID NOT NULL,
	id UUID NOT NULL,
	target_kind TEXT NOT NULL,
	target_id UUID NOT NULL,
	mode TEXT NOT NULL,
	state TEXT NOT NULL,
	actor TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	finished_at BIGINT,
	PRIMARY KEY (project_id, id)
);

CREATE TABLE step (
	project_id UUID NOT NULL,
	deletion_id UUID NOT NULL,
	id UUID NOT NULL,
	kind TEXT NOT NULL,
	subject_id UUID NOT NULL,
	state TEXT NOT NULL,
	attempts BIGINT NOT NULL,
	answer TEXT,
	updated_at BIGINT NOT NULL,
	PRIMARY KEY (project_id, deletion_id, id)
);
