/* What the files of sending share. Inside of sending*.c. */
#ifndef CLEAT_CORE_SENDING_PARTS_H
#define CLEAT_CORE_SENDING_PARTS_H

#include "core/sending.h"

/* Does this delivery wait for this job? */
bool sending_is_of_job(const struct delivery *delivery, const struct job *job);

/* It is in this state, for good; to be stored. */
void sending_finish(struct op *op, struct delivery *delivery,
		    const char *state);

/* Its try, in the log; `why` an answer was no success, NULL: it may be one. */
MUST_CHECK enum error sending_record(struct op *op, struct delivery *delivery,
				     const struct outbound_answer *answer,
				     const char *why);

/* What was on its way when the others ended. */
MUST_CHECK enum error sending_end_late(struct op *op, struct delivery *delivery,
				       const char *why);

/* When it is tried again, or that it has failed; to be stored. */
void sending_plan_next(struct op *op, const struct job *job,
		       const struct outbound_answer *answer,
		       struct delivery *delivery, struct job_end *ret);

/* sending_listener.c: of those that go to integrations. */
/* Is it to one? Sets `is_to_listener` and `listener`. */
MUST_CHECK enum error sending_find_listener(struct op *op,
					    struct sending *sending);
/* ERR_NOT_FOUND when nothing is to be sent: it has failed then. */
MUST_CHECK enum error sending_begin_to_listener(struct op *op,
						struct sending *sending);
MUST_CHECK enum error
sending_end_to_listener(struct op *op, const struct job *job,
			const struct sending *sending,
			const struct outbound_answer *answer,
			struct delivery *delivery, struct job_end *ret);

#endif
