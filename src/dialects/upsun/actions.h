/* What links say of the operations that they lead to. */
#ifndef CLEAT_DIALECTS_UPSUN_ACTIONS_H
#define CLEAT_DIALECTS_UPSUN_ACTIONS_H

struct upsun_action {
	const char *operation; /* its id in openapi/upsun.json */
	const char *meta;      /* JSON: {"patch": {operation object}} */
};

/* Ends with a NULL operation; made of that document at build time. */
extern const struct upsun_action upsun_actions[];

#endif
