/* Installations: created, listed, shown, deleted. */
#include "core/installation.h"

#include <stdio.h>
#include <string.h>

#include "core/deletion.h"
#include "dialects/ampersand/config.h"

enum {
	LIST_MAX = 1000000, /* the answer's size is the limit before it */
	DOCUMENT_ID_AT =
		7, /* {"id":" is what amp_put_installation begins with */
};

enum error amp_path_integration(struct request *request,
				struct integration *ret)
{
	struct uuid id;

	TRY(amp_path_id(request, 1, "integration", &id));
	return integration_get(&request->op, INTEGRATION_MANIFEST, id, ret);
}

/* Appends the stored answer, or one made anew. */
static enum error put_document(struct op *op, struct buf *out, struct uuid id,
			       struct uuid integration_id, const char *document,
			       size_t length)
{
	struct installation_view view;

	if (document) {
		buf_add(out, document, length);
		return OK;
	}
	if (uuid_is_nil(integration_id))
		TRY(installation_find(op, id, &view));
	else
		TRY(installation_get(op, integration_id, id, &view));
	struct json_writer w = json_writer_on(out);
	amp_put_installation(&w, op->project_id, &view);
	return OK;
}

struct listing {
	struct buf *out;
	struct uuid integration_id;
	int64_t page_size;
	int64_t seen;
	size_t last_at; /* of the answer: where the last one begins */
	bool has_more;
};

static enum error list_one(void *context, struct op *op, struct uuid id,
			   const char *document, size_t length)
{
	struct listing *listing = context;

	if (listing->seen == listing->page_size) {
		listing->has_more = true;
		return OK;
	}
	if (listing->seen++)
		buf_char(listing->out, ',');
	listing->last_at = listing->out->length;
	return put_document(op, listing->out, id, listing->integration_id,
			    document, length);
}

/* Link: <...>; rel="next" (RFC 8288) with the id that the page ended at. */
static void link_next(struct request *request, const struct listing *listing)
{
	struct arena *arena = &request->op.arena;
	const char *path = arena_strndup(arena, request->target,
					 strcspn(request->target, "?"));
	const char *group = request_arg(request, "groupRef");
	const char *last = listing->out->bytes + listing->last_at;
	const char *token =
		arena_strndup(arena, last + DOCUMENT_ID_AT, UUID_TEXT - 1);
	char size[24];

	(void)snprintf(size, sizeof(size), "%lld",
		       (long long)listing->page_size);
	const char *parts[] = {"<",
			       request_origin(request),
			       path,
			       "?pageSize=",
			       size,
			       "&pageToken=",
			       token,
			       group ? "&groupRef=" : "",
			       group ? url_encode(arena, group) : "",
			       ">; rel=\"next\""};
	response_header(
		request, "Link",
		arena_join(arena, parts, sizeof(parts) / sizeof(*parts)));
}

static enum error read_page(struct request *request,
			    struct installation_filter *filter,
			    int64_t *ret_size)
{
	const char *token = request_arg(request, "pageToken");

	*ret_size = LIST_MAX;
	TRY(request_number(request, "pageSize", 1, AMP_PAGE_MAX, ret_size));
	filter->limit = *ret_size + 1;
	if (token && !uuid_parse(token, &filter->after)) {
		op_issue(&request->op, "query", "pageToken",
			 "is not one that a list gave");
		return op_fail(&request->op, ERR_MISSHAPEN,
			       "pageToken is not one that a list gave");
	}
	return OK;
}

static enum error answer_list(struct request *request,
			      struct uuid integration_id, bool *ret_is_empty)
{
	struct installation_filter filter = {
		.integration_id = integration_id,
		.group_ref = request_arg(request, "groupRef"),
	};
	struct listing listing = {.out = &request->response.body,
				  .integration_id = integration_id};

	TRY(read_page(request, &filter, &listing.page_size));
	(void)amp_answer(request, 200);
	buf_char(listing.out, '[');
	TRY(installation_list(&request->op, &filter, list_one, &listing));
	buf_char(listing.out, ']');
	if (listing.out->is_overfull) {
		op_advise(&request->op, "Ask for pages with pageSize.");
		return op_fail(&request->op, ERR_TOO_LARGE,
			       "the list is too long for one answer");
	}
	if (listing.has_more)
		link_next(request, &listing);
	*ret_is_empty = !listing.seen;
	return OK;
}

enum error amp_list_installations(struct request *request)
{
	struct integration integration;
	struct project project;
	struct uuid id;
	bool is_empty;

	TRY(amp_enter(request, &project));
	TRY(amp_path_id(request, 1, "integration", &id));
	TRY(answer_list(request, id, &is_empty));
	/* one that has installations is there */
	return is_empty ? amp_path_integration(request, &integration) : OK;
}

enum error amp_list_project_installations(struct request *request)
{
	struct project project;
	bool is_empty;

	TRY(amp_enter(request, &project));
	return answer_list(request, (struct uuid){{0}}, &is_empty);
}

static enum error show_one(void *context, struct op *op, struct uuid id,
			   const char *document, size_t length)
{
	struct listing *listing = context;

	return put_document(op, listing->out, id, listing->integration_id,
			    document, length);
}

enum error amp_get_installation(struct request *request)
{
	struct listing listing = {.out = &request->response.body};
	struct project project;
	struct uuid id;

	TRY(amp_enter(request, &project));
	TRY(amp_path_id(request, 1, "integration", &listing.integration_id));
	TRY(amp_path_id(request, 2, "installation", &id));
	(void)amp_answer(request, 200);
	return installation_show(&request->op, listing.integration_id, id,
				 show_one, &listing);
}

enum error amp_delete_installation(struct request *request)
{
	struct uuid integration_id, id;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(&request->op));
	TRY(amp_path_id(request, 1, "integration", &integration_id));
	TRY(amp_path_id(request, 2, "installation", &id));
	TRY(delete_installation(&request->op, integration_id, id));
	return amp_no_content(request);
}

/* The revision that is named, else the integration's latest. */
static enum error read_config(const struct body_reader *in,
			      const struct integration *of,
			      const json_t *config,
			      struct installation_new *ret)
{
	struct body_reader inside = body_inside(in, "config", config);
	json_t *content =
		(json_t *)(uintptr_t)body_object(&inside, "content", true);
	const char *creator = amp_read_creator(&inside);
	struct amp_config_rules rules;

	amp_read_id(&inside, "revisionId", false, &ret->revision_id);
	if (creator)
		ret->created_by = creator;
	if (!content)
		return OK;
	TRY(amp_config_rules(in->op, of,
			     uuid_is_nil(ret->revision_id) ? of->revision_id
							   : ret->revision_id,
			     &rules));
	amp_check_config(&inside, content, &rules);
	ret->content = amp_config_text(&inside, "content", content);
	return OK;
}

static enum error read_installation(struct request *request,
				    const struct integration *of,
				    struct installation_new *ret)
{
	struct body_reader in;

	*ret = (struct installation_new){
		.content = "{}",
		.created_by = "api:create-installation",
	};
	TRY(body_read(request, &in));
	ret->group_ref = body_string(&in, "groupRef", true, AMP_REF_MAX);
	amp_read_id(&in, "connectionId", false, &ret->connection_id);
	const json_t *config = body_object(&in, "config", true);
	if (config)
		TRY(read_config(&in, of, config, ret));
	return body_done(&in);
}

enum error amp_create_installation(struct request *request)
{
	struct buf *body = &request->response.body;
	struct op *op = &request->op;
	struct integration integration;
	struct installation_new new;
	struct installation_view view;
	bool skips_sampling = false;
	struct project project;

	TRY(amp_enter(request, &project));
	TRY(access_to_write(op));
	TRY(amp_path_integration(request, &integration));
	TRY(request_flag(request, "skipSampling", &skips_sampling));
	TRY(read_installation(request, &integration, &new));
	TRY(installation_create(op, &integration, &new, &view));
	struct json_writer w = amp_answer(request, 201);
	amp_put_installation(&w, op->project_id, &view);
	return installation_keep_document(op, view.installation.id,
					  buf_cstr(body));
}
