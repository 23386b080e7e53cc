/* Providers: the catalog in Ampersand's form. */
#include "dialects/ampersand/ampersand.h"
#include "dialects/ampersand/catalog_form.h"

static void put_provider(struct json_writer *w, const char *key,
			 const struct provider *p)
{
	json_begin_object(w, key);
	form_write(w, &amp_provider_form, p);
	json_end_object(w);
}

enum error amp_list_providers(struct request *request)
{
	struct json_writer w = amp_answer(request, 200);

	json_begin_object(&w, NULL);
	for (size_t i = 0; i < catalog_count(); i++) {
		const struct provider *p = catalog_at(i);

		put_provider(&w, p->name, p);
	}
	json_end_object(&w);
	return OK;
}

enum error amp_get_provider(struct request *request)
{
	const char *name = request->params[0];
	const struct provider *p = catalog_find(name);

	if (!p)
		return op_fail(&request->op, ERR_NOT_FOUND,
			       "there is no provider %s", name);
	struct json_writer w = amp_answer(request, 200);
	put_provider(&w, NULL, p);
	return OK;
}
