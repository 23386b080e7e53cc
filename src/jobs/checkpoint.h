/* Where checkpoints go. */
#ifndef CLEAT_JOBS_CHECKPOINT_H
#define CLEAT_JOBS_CHECKPOINT_H

/* Before any job runs; they outlive the jobs. NULL: to none. */
void checkpoint_job_set(const char *to_file, const char *to_url);

#endif
