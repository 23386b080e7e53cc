/* The call that looks at a customer's inputs, and its answer. */
#include "core/obtaining_check.h"

#include <sodium.h>
#include <string.h>

#include "base/json_member.h"
#include "base/json_write.h"

enum { FACTS_MAX = 256 * 1024, INPUTS_MAX = 16 };

/* What a custom way's texts are filled with: the inputs. */
static const char *inputs_of(struct op *op, const struct obtained *obtained,
			     const char *checked)
{
	struct buf text;

	buf_init(&text, FACTS_MAX + CREDENTIAL_MAX * INPUTS_MAX);
	struct json_writer w = json_writer_on(&text);
	json_begin_object(&w, NULL);
	for (size_t i = 0; i < obtained->secrets.count; i++)
		json_put_string(
			&w, obtained->secrets.items[i].name,
			(const char *)obtained->secrets.items[i].value.bytes);
	json_put_optional(&w, "checked", checked);
	json_end_object(&w);
	const char *json = arena_strdup(&op->arena, buf_cstr(&text));
	sodium_memzero(text.bytes, text.length);
	buf_release(&text);
	return json;
}

static const char *base64_of(struct op *op, const char *text)
{
	size_t size = sodium_base64_ENCODED_LEN(strlen(text),
						sodium_base64_VARIANT_ORIGINAL);
	char *encoded = arena_alloc(&op->arena, size);

	return sodium_bin2base64(encoded, size, (const unsigned char *)text,
				 strlen(text), sodium_base64_VARIANT_ORIGINAL);
}

enum error obtaining_check_make(struct op *op,
				const struct custom_connect *custom,
				struct obtained *obtained)
{
	struct grant_credentials grant = obtained->grant;
	struct grant_call making = {
		.op = op, .grant = &grant, .call.method = "GET"};
	const char *own =
		grant.params
			? json_member_text(&op->arena, grant.params,
					   strlen(grant.params), "checkUrl")
			: NULL;
	const char *pair;

	grant.params = inputs_of(op, obtained, NULL);
	TRY(grant_call_fill(&making, own ? own : custom->check_url, IN_ADDRESS,
			    &making.call.url));
	TRY(grant_call_fill(&making, custom->check_basic, IN_TEXT, &pair));
	grant_call_header(&making, "Accept", "application/json");
	grant_call_header(
		&making, "Authorization",
		arena_printf(&op->arena, "Basic %s", base64_of(op, pair)));
	obtained->call = making.call;
	return OK;
}

bool obtaining_check_read(struct op *op, const struct custom_connect *custom,
			  struct obtained *obtained, const char *json)
{
	struct grant_credentials grant = obtained->grant;
	struct grant_call making = {.op = op, .grant = &grant};
	const char *checked = json_member_text(&op->arena, json, strlen(json),
					       custom->check_field);
	const char *equals = strchr(custom->secret, '=');
	struct credential_list *secrets = &obtained->secrets;
	const char *value;

	grant.params = inputs_of(op, obtained, checked);
	if (!checked || !equals ||
	    grant_call_fill(&making, equals + 1, IN_TEXT, &value) != OK)
		return false;
	value = base64_of(op, value);
	struct credential *more =
		arena_alloc(&op->arena, (secrets->count + 1) * sizeof(*more));
	for (size_t i = 0; i < secrets->count; i++)
		more[i] = secrets->items[i];
	more[secrets->count++] = (struct credential){
		.name = arena_strndup(&op->arena, custom->secret,
				      (size_t)(equals - custom->secret)),
		.value = {(const unsigned char *)value, strlen(value)},
	};
	secrets->items = more;
	return true;
}
