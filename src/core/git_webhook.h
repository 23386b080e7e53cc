/*
 * Webhooks of ours in repositories, by the APIs of their providers: a talk of
 * a few calls makes or updates one, or takes it away. The list is looked at
 * first wherever one may be there that is not known, so that there is never a
 * second one. Sends nothing itself: whoever talks makes each call and brings
 * what came of it.
 *
 * GitHub: docs.github.com, REST, repository webhooks. GitLab: project webhooks
 * API. Bitbucket: REST 2.0, repository webhooks. A Bitbucket server: REST 1.0,
 * webhooks of a repository.
 */
#ifndef CLEAT_CORE_GIT_WEBHOOK_H
#define CLEAT_CORE_GIT_WEBHOOK_H

#include "core/integration.h"
#include "core/probe.h"
#include "core/registration.h"

/* How long one call may take, and all of a talk. */
#define GIT_WEBHOOK_CALL_US INT64_C(10000000)
#define GIT_WEBHOOK_TALK_US (GIT_WEBHOOK_CALLS_MAX * GIT_WEBHOOK_CALL_US)

enum { GIT_WEBHOOK_CALLS_MAX = 8, GIT_WEBHOOKS_ON_PAGE = 100 };

enum git_webhook_outcome {
	GIT_WEBHOOK_TALKS, /* it is not over */
	GIT_WEBHOOK_DONE,
	GIT_WEBHOOK_REFUSED, /* these credentials can't */
	GIT_WEBHOOK_BUSY,    /* to be tried again */
};

struct git_webhook_talk {
	struct probe probe; /* what Bitbucket is logged in by */
	const struct git_webhook_way *way;
	struct registration of; /* its hook_id is what was found or made */
	const char *secret;	/* the provider signs by; NULL: take it away */
	int step, calls;
	int64_t page; /* of the list, or where the next one begins */
	bool has_looked_again;

	enum git_webhook_outcome outcome;
	const char *answer;	/* the last one, as receipts say it */
	int status;		/* the last one's; 0: none came */
	int64_t retry_after_us; /* 0: not said */
	bool has_seen_all;	/* of the list */
	bool may_have_made;	/* one was sent, and no answer to it came */
	bool was_there;		/* one was taken away */
};

/* How a type of integration is registered; inside of the talk. */
struct git_webhook_way {
	const char *kind;
	const char *url_path; /* in what it lists */
	const char *id_path;
	const char *update; /* the method */
	/* NULL: it can't be reached with what the settings have. */
	const char *(*address)(struct op *op, const char *settings);
	const char *repository; /* the settings that name it, with a slash */
	bool logs_in;
	void (*sign)(struct git_webhook_talk *talk, struct outbound_call *call);
	const char *(*list)(const struct git_webhook_talk *talk);
	const char *(*write)(const struct git_webhook_talk *talk);
};

const struct git_webhook_way *git_webhook_way(const char *kind);

/*
 * Where its webhook is: kind, place, address and repository of `ret`. False
 * when its type has none, or the credentials for it are missing.
 */
bool git_webhook_place(struct op *op, const struct integration *of,
		       struct registration *ret);

/* `secret`: register it; NULL: take it away. `of` and what it points to, and
 * `secrets`, outlive the talk. */
void git_webhook_begin(struct op *op, const struct registration *of,
		       const struct credential_list *secrets,
		       const char *secret, struct git_webhook_talk *ret);

/* The next call, or false when it is over. */
bool git_webhook_next(struct git_webhook_talk *talk, struct outbound_call *ret);
void git_webhook_take(struct git_webhook_talk *talk,
		      const struct outbound_answer *answer);

#endif
