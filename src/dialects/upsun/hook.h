/* Events of git providers, read: each in a file of its own. Inside of hook*.c.
 */
#ifndef CLEAT_DIALECTS_UPSUN_HOOK_H
#define CLEAT_DIALECTS_UPSUN_HOOK_H

#include "core/git_hook.h"
#include "dialects/upsun/upsun.h"

/* What an event says that concerns its integration. */
struct hook_event {
	const char *repository; /* it is of; NULL: it does not say */
	struct git_change changes[GIT_HOOK_CHANGES_MAX];
	size_t count;
};

struct hook_reader {
	struct request *request;
	const json_t *settings; /* of the integration */
	const json_t *body;
	struct hook_event *event;
};

/* A setting that is a flag. */
bool hook_flag(const struct hook_reader *reader, const char *name);
/* A text within the event, at a path with dots; NULL when there is none. */
const char *hook_text(const json_t *value, const char *path);
const json_t *hook_value(const json_t *value, const char *path);

/* A branch was made, pushed to or deleted: as far as they are followed. */
void hook_branch(const struct hook_reader *reader, const char *name,
		 const char *commit, const char *by, bool is_made,
		 bool is_deleted);

enum hook_pull {
	HOOK_PULL_OPENED,
	HOOK_PULL_PUSHED,
	HOOK_PULL_CLOSED,
};

/* A request to pull, of which an environment is to be built: its number is
 * there in the body, or that is an issue. */
void hook_pull(const struct hook_reader *reader, enum hook_pull what,
	       const char *prefix, const char *number_path, const char *commit,
	       const char *by);

/* One provider. */
struct hook_provider {
	const char *kind;
	/* Where the event shows itself, after `prefix`; or the secret itself.
	 */
	const char *signature, *prefix, *token;
	/* The setting, or two parted by "/", that names its repository. */
	const char *repository;
	void (*read)(const struct hook_reader *reader);
};

extern const struct hook_provider hook_github, hook_gitlab, hook_bitbucket,
	hook_bitbucket_server;

#endif
