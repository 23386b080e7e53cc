/* Claimed domains: looked up, claimed, listed. */
#include "core/claimed_domain.h"

#include <string.h>

#include "dialects/ampersand/ampersand.h"

static void put_domain(struct json_writer *w,
		       const struct claimed_domain *domain)
{
	json_begin_object(w, NULL);
	json_put_uuid(w, "id", domain->id);
	json_put_string(w, "parentType", "org");
	json_put_uuid(w, "parentId", domain->organization_id);
	json_put_string(w, "domain", domain->domain);
	json_end_object(w);
}

enum error amp_check_claimed_domain(struct request *request)
{
	const char *text = request_arg(request, "domain");
	struct op *op = &request->op;
	struct claimed_domain found;

	const char *domain = arena_lower(&op->arena, text ? text : "");
	if (!domain_is_valid(domain)) {
		op_issue(op, "query", "domain", "%s",
			 text ? "must be the name of a domain" : "is required");
		return op_fail(op, ERR_MISSHAPEN,
			       "domain must be the name of a domain");
	}
	TRY(claimed_domain_find(op, domain, &found));
	struct json_writer w = amp_answer(request, 200);
	put_domain(&w, &found);
	return OK;
}

/* An organization that the body names; it must be the builder's own. */
static enum error read_parent(const struct body_reader *in,
			      struct membership *ret)
{
	const char *id = body_string(in, "parentId", true, AMP_NAME_MAX);
	const char *type = body_string(in, "parentType", true, AMP_NAME_MAX);

	if (type && strcmp(type, "org") != 0)
		body_misshapen(in, "parentType", "must be org");
	if (!id)
		return OK;
	enum error error = organization_enter(in->op, id, ret);
	if (error != ERR_NOT_FOUND)
		return error;
	body_invalid(in, "parentId", "names no organization of yours");
	return OK;
}

enum error amp_claim_domain(struct request *request)
{
	struct op *op = &request->op;
	struct membership own;
	struct body_reader in;

	TRY(access_to_manage(op));
	TRY(body_read(request, &in));
	const char *text = body_string(&in, "domain", true, DOMAIN_MAX);
	const char *domain = arena_lower(&op->arena, text ? text : "");
	if (text && !domain_is_valid(domain))
		body_misshapen(&in, "domain", "must be the name of a domain");
	TRY(read_parent(&in, &own));
	TRY(body_done(&in));
	TRY(organization_manage(op, &own));
	TRY(claimed_domain_add(op, own.organization.id, domain));
	request->response.status = 201;
	return OK;
}

enum error amp_list_claimed_domains(struct request *request)
{
	struct claimed_domain_list list;
	struct membership own;

	TRY(amp_enter_org(request, &own));
	TRY(claimed_domain_list(&request->op, own.organization.id, &list));
	struct json_writer w = amp_answer(request, 200);
	json_begin_array(&w, NULL);
	for (size_t i = 0; i < list.count; i++)
		put_domain(&w, &list.items[i]);
	json_end_array(&w);
	return OK;
}
