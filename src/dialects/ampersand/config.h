/*
 * Configurations on the wire: {provider, read, write, subscribe, proxy}, each
 * action with what was chosen of its objects, by their names.
 */
#ifndef CLEAT_DIALECTS_AMPERSAND_CONFIG_H
#define CLEAT_DIALECTS_AMPERSAND_CONFIG_H

#include "core/reconfigure.h"
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/manifest.h"

/* Whose configuration it is, and what its revision offers. */
struct amp_config_rules {
	const struct integration *of;
	/* NULL: not known, and not compared */
	const json_t *manifest;
};

/* The manifest of this revision; NULL where it is none of this integration. */
MUST_CHECK enum error amp_config_rules(struct op *op,
				       const struct integration *of,
				       struct uuid revision_id,
				       struct amp_config_rules *ret);

/* What each of these actions' objects look like, and the whole. */
extern const struct amp_shape amp_config_shape;
/* NULL for a word that is no such action. */
const struct amp_key *amp_config_object(const char *action);

/* A fault for each thing that is wrong with `in`'s member `content`. */
void amp_check_config(const struct body_reader *in, json_t *content,
		      const struct amp_config_rules *rules);

/*
 * The same for the member `name` of the object that `in` reads: what was
 * chosen of one object, for this action.
 */
void amp_check_config_object(const struct body_reader *in, const char *action,
			     const char *name, json_t *value,
			     const struct amp_config_rules *rules);

/* Does the revision have this object for this action? */
bool amp_config_offers(const struct amp_config_rules *rules, const char *action,
		       const char *name);
bool amp_config_offers_proxy(const struct amp_config_rules *rules);

/* As it is kept; a fault at `path` when it is too large or too deep. */
const char *amp_config_text(const struct body_reader *in, const char *path,
			    const json_t *content);

/* consumer:REF, builder:ID or api:CALLER; NULL when absent, or a fault. */
const char *amp_read_creator(const struct body_reader *config);

/* Makes the change, and answers the installation as it is then. */
enum error amp_answer_update(struct request *request,
			     const struct integration *of,
			     const struct installation_view *now,
			     const struct installation_change *to);

/* An id in a body; one that is no uuid is the id of nothing. */
void amp_read_id(const struct body_reader *in, const char *name,
		 bool is_required, struct uuid *ret);

#endif
