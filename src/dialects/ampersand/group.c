/* Groups and consumers ahead of their first connection, as older SDKs do. */
#include "core/group.h"

#include "dialects/ampersand/ampersand.h"

/* {REF, NAME?} */
static enum error read_party(struct request *request, const char *ref_member,
			     const char *name_member, const char **ret_ref,
			     const char **ret_name)
{
	struct body_reader in;

	TRY(body_read(request, &in));
	*ret_ref = body_ref(&in, ref_member, AMP_REF_MAX);
	*ret_name = body_string(&in, name_member, false, PARTY_NAME_MAX);
	if (*ret_name && !**ret_name)
		body_invalid(&in, name_member, "must not be empty");
	return body_done(&in);
}

enum error amp_create_group(struct request *request)
{
	const char *ref, *name;
	struct project project;
	struct party group;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(read_party(request, "groupRef", "groupName", &ref, &name));
	TRY(group_create(&request->op, ref, name, &group));
	struct json_writer w = amp_answer(request, 201);
	amp_put_group(&w, NULL, project.id, &group);
	return OK;
}

enum error amp_create_consumer(struct request *request)
{
	const char *ref, *name;
	struct project project;
	struct party consumer;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(read_party(request, "consumerRef", "consumerName", &ref, &name));
	TRY(consumer_create(&request->op, ref, name, &consumer));
	struct json_writer w = amp_answer(request, 201);
	amp_put_consumer(&w, NULL, project.id, &consumer);
	return OK;
}
