-- psql -v count=N -v label=TEXT -f spare.sql
-- N groups, each with a connection and no installation yet, and prints for
-- each the integration to install and the group: what a create needs.

begin;

create temporary table plan on commit drop as
select project.id as project_id, :'label' || '_' || n as suffix,
	gen_random_uuid() as group_id, gen_random_uuid() as consumer_id,
	'bench-' || 1 + n % (select count(*) from integration) as integration
from project, generate_series(1, :count) n;

insert into customer_group (id, project_id, ref, name)
select group_id, project_id, 'org_' || suffix, 'Organization ' || suffix
from plan;

insert into consumer (id, project_id, ref, name)
select consumer_id, project_id, 'user_' || suffix, 'User ' || suffix
from plan;

insert into connection (project_id, group_id, consumer_id, provider,
	auth_scheme, status, credential)
select project_id, group_id, consumer_id, 'stripe', 'apiKey', 'created',
	sha256(suffix::bytea)
from plan;

select integration.id, 'org_' || plan.suffix
from plan join integration on integration.name = plan.integration;

commit;
