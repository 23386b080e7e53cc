/* POST /custom-auth/connect: one step of a connection that may take several. */
#include "core/custom_auth.h"

#include "base/json_read.h"
#include "dialects/ampersand/ampersand.h"

enum { PARAMS_MAX = 32 };

static enum error answer_connection(struct request *request,
				    const struct connection_view *view)
{
	struct json_writer w = amp_answer(request, 200);

	json_begin_object(&w, NULL);
	amp_put_connection(&w, "connection", request->op.project_id, view, NULL,
			   false);
	json_end_object(&w);
	return OK;
}

static enum error answer_step(struct request *request,
			      const struct custom_step *step)
{
	if (step->is_made)
		return answer_connection(request, &step->connection);
	if (!step->url)
		return amp_wait_for(request, step->obtaining_id);
	struct json_writer w = amp_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_object(&w, "redirect");
	json_put_string(&w, "url", step->url);
	json_put_string(&w, "sessionId", step->session);
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}

static enum error begin(struct request *request, const struct body_reader *in)
{
	struct new_credential inputs[AMP_CUSTOM_INPUTS];
	const struct provider *provider = amp_read_provider(in);
	struct custom_new new = {
		.provider_app_id = amp_read_app_id(in),
		.parties = amp_read_parties(in),
		.metadata = amp_read_provider_metadata(in),
		.origin = request_origin(request),
		.inputs = inputs,
	};
	struct custom_step step;

	new.custom = provider ? catalog_custom(provider->name) : NULL;
	if (provider && !new.custom)
		body_invalid(in, "provider",
			     "takes no credentials of its own making");
	if (new.custom)
		new.input_count = amp_read_custom(in, new.custom, NULL, inputs);
	amp_check_facts(in, provider, NULL, new.metadata);
	TRY(body_done(in));
	TRY(custom_auth_begin(&request->op, &new, &step));
	return answer_step(request, &step);
}

static enum error go_on(struct request *request, const struct body_reader *in)
{
	struct new_credential params[PARAMS_MAX];
	const char *session = body_string(in, "sessionId", true, AMP_NAME_MAX);
	json_t *given = json_object_get(in->object, "callbackParams"), *value;
	struct custom_step step;
	const char *name;
	size_t count = 0;

	if (body_object(in, "callbackParams", true)) {
		struct body_reader inside =
			body_inside(in, "callbackParams", given);

		json_object_foreach (given, name, value) {
			const char *text =
				body_string(&inside, name, false, AMP_TEXT_MAX);

			if (text && count < PARAMS_MAX)
				params[count++] = (struct new_credential){
					.name = name, .value = text};
		}
	}
	TRY(body_done(in));
	TRY(custom_auth_go_on(&request->op, session, params, count, &step));
	return answer_step(request, &step);
}

enum error amp_custom_auth_connect(struct request *request)
{
	struct connection_view view;
	struct project project;
	struct body_reader in;

	TRY(body_read(request, &in));
	TRY(amp_enter_of_body(request, &in, &project));
	TRY(access_to_write(&request->op));
	if (request->kept) {
		TRY(amp_obtained(request, &view));
		return answer_connection(request, &view);
	}
	return json_object_get(in.object, "sessionId") ? go_on(request, &in)
						       : begin(request, &in);
}
