/* The table of kinds. */
#include "jobs/kinds.h"

const struct job_kind *const job_kinds[] = {
	&delete_job,	   &purge_job,		 &revoke_job,
	&idempotency_job,  &reseal_job,		 &checkpoint_job,
	&deploy_job,	   &deliver_job,	 &delivery_sweep_job,
	&reconfigure_job,  &operation_sweep_job, &operation_forget_job,
	&upload_sweep_job, &obtain_job,		 &refresh_job,
	&event_origin_job, &validate_job,	 &rotate_token_job,
	&health_job,	   &register_job,	 &deregister_job,
};
const size_t job_kind_count = sizeof(job_kinds) / sizeof(*job_kinds);
