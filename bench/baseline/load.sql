-- psql -v key=KEY -v integrations=N -v installations=M -f load.sql
-- N integrations of M installations; each belongs to a group of its own and
-- uses a connection of its own.

begin;

insert into project (name) values ('my-project');

insert into api_key (digest, project_id, label)
select sha256(:'key'), id, 'bench' from project;

insert into integration (project_id, name, provider)
select project.id, 'bench-' || n, 'stripe'
from project, generate_series(1, :integrations) n;

insert into revision (integration_id, content)
select id, jsonb_build_object('name', name, 'provider', provider)
from integration;

create temporary table plan on commit drop as
select integration.id as integration_id, integration.project_id,
	revision.id as revision_id,
	substr(integration.name, 7) || '-' || n as suffix,
	gen_random_uuid() as group_id, gen_random_uuid() as consumer_id,
	gen_random_uuid() as connection_id, gen_random_uuid() as config_id,
	gen_random_uuid() as installation_id
from integration
join revision on revision.integration_id = integration.id,
	generate_series(1, :installations) n;

insert into customer_group (id, project_id, ref, name)
select group_id, project_id, 'org_' || suffix, 'Organization ' || suffix
from plan;

insert into consumer (id, project_id, ref, name)
select consumer_id, project_id, 'user_' || suffix, 'User ' || suffix
from plan;

insert into connection (id, project_id, group_id, consumer_id, provider,
	auth_scheme, status, credential)
select connection_id, project_id, group_id, consumer_id, 'stripe', 'apiKey',
	'created', sha256(suffix::bytea)
from plan;

insert into installation (id, project_id, integration_id, group_id,
	connection_id, config_id, created_by)
select installation_id, project_id, integration_id, group_id, connection_id,
	config_id, 'consumer:user_' || suffix
from plan;

insert into config (id, installation_id, revision_id, content, created_by)
select config_id, installation_id, revision_id, '{
	"provider": "stripe",
	"read": {"objects": {"customers": {
		"objectName": "customers",
		"schedule": "*/15 * * * *",
		"destination": "customerWebhook",
		"selectedFields": {"name": true, "email": true},
		"selectedFieldMappings": {}
	}}}}', 'consumer:user_' || suffix
from plan;

commit;

vacuum analyze;
checkpoint;
