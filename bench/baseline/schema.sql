-- The model behind Ampersand's installations, as a careful user of PostgreSQL
-- would lay it out.

create table project (
	id         uuid primary key default gen_random_uuid(),
	name       text not null unique,
	created_at timestamptz not null default now()
);

create table api_key (
	digest     bytea primary key,      -- SHA-256 of the key
	project_id uuid not null references project,
	label      text not null,
	active     boolean not null default true,
	created_at timestamptz not null default now()
);

create table integration (
	id         uuid primary key default gen_random_uuid(),
	project_id uuid not null references project,
	name       text not null,
	provider   text not null,
	created_at timestamptz not null default now(),
	unique (project_id, name)
);

create table revision (
	id             uuid primary key default gen_random_uuid(),
	integration_id uuid not null references integration on delete cascade,
	content        jsonb not null,
	created_at     timestamptz not null default now()
);
create index on revision (integration_id, created_at);

create table customer_group (
	id         uuid primary key default gen_random_uuid(),
	project_id uuid not null references project,
	ref        text not null,
	name       text not null,
	created_at timestamptz not null default now(),
	unique (project_id, ref)
);

create table consumer (
	id         uuid primary key default gen_random_uuid(),
	project_id uuid not null references project,
	ref        text not null,
	name       text not null,
	created_at timestamptz not null default now(),
	unique (project_id, ref)
);

create table connection (
	id          uuid primary key default gen_random_uuid(),
	project_id  uuid not null references project,
	group_id    uuid not null references customer_group,
	consumer_id uuid not null references consumer,
	provider    text not null,
	auth_scheme text not null,
	status      text not null,
	credential  bytea not null,        -- sealed
	created_at  timestamptz not null default now()
);
create index on connection (group_id, provider);

create table installation (
	id             uuid primary key default gen_random_uuid(),
	seq            bigint generated always as identity,
	project_id     uuid not null references project,
	integration_id uuid not null references integration,
	group_id       uuid not null references customer_group,
	connection_id  uuid not null references connection,
	config_id      uuid not null,
	created_by     text not null,
	created_at     timestamptz not null default now(),
	unique (integration_id, group_id)
);
create index on installation (integration_id, seq);
create index on installation (group_id);
create index on installation (connection_id);

create table config (
	id              uuid primary key default gen_random_uuid(),
	installation_id uuid not null references installation on delete cascade,
	revision_id     uuid not null references revision,
	content         jsonb not null,
	created_by      text not null,
	created_at      timestamptz not null default now()
);
create index on config (installation_id);

create table event (
	id         bigint generated always as identity primary key,
	project_id uuid not null references project,
	type       text not null,
	subject_id uuid not null,
	payload    jsonb not null,
	created_at timestamptz not null default now()
);
create index on event (project_id, id);
