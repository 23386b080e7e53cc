/* What the fields of integrations are checked for, beside their types. */
#ifndef CLEAT_DIALECTS_UPSUN_TYPES_CHECK_H
#define CLEAT_DIALECTS_UPSUN_TYPES_CHECK_H

#include "dialects/fields.h"

/* For `check` of a field: what is wrong with a string, or NULL. */
/* What goes into a header, or a line: nothing in it that would end that. */
const char *upsun_check_line(const json_t *value);
const char *upsun_check_address(const json_t *value);
/* An address, or who is meant by #admins and #viewers. */
const char *upsun_check_recipient(const json_t *value);
/* owner/name. */
const char *upsun_check_repository(const json_t *value);
/* group/name, with groups within groups. */
const char *upsun_check_gitlab_project(const json_t *value);
/* A name or an address, as a URL would have it. */
const char *upsun_check_host(const json_t *value);

/* For `complete` of a table. */
/* Pruning without fetching is refused, or was only the default. */
void upsun_complete_git(struct op *op, json_t *given, json_t *settings);
/* And which kind of token it has been given. */
void upsun_complete_github(struct op *op, json_t *given, json_t *settings);
/* And until when its token is good: of a new one that is not known. */
void upsun_complete_gitlab(struct op *op, json_t *given, json_t *settings);
/* Headers that could be sent (RFC 9110, 5.5 and 5.6.2). */
void upsun_complete_headers(struct op *op, json_t *given, json_t *settings);

#endif
