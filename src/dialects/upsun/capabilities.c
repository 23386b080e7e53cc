/* What a project can have: clients refuse a type that is not named here. */
#include "dialects/upsun/upsun.h"

static void write_types(struct json_writer *w)
{
	size_t count;
	const struct upsun_type *types = upsun_types(&count);

	json_begin_object(w, "config");
	for (size_t i = 0; i < count; i++) {
		json_begin_object(w, types[i].table.type);
		json_put_bool(w, "enabled", true);
		json_end_object(w);
	}
	json_end_object(w);
	json_begin_array(w, "allowed_integrations");
	for (size_t i = 0; i < count; i++)
		json_put_string(w, NULL, types[i].table.type);
	json_end_array(w);
}

enum error upsun_get_capabilities(struct request *request)
{
	struct project project;

	TRY(upsun_enter(request, &project));
	struct json_writer w = upsun_answer(request, 200);
	json_begin_object(&w, NULL);
	json_begin_object(&w, "integrations");
	json_put_bool(&w, "enabled", true);
	write_types(&w);
	json_end_object(&w);
	upsun_begin_links(
		request, &w,
		arena_printf(&request->op.arena, "%s/capabilities",
			     upsun_project_path(&request->op, &project)),
		"Capabilities");
	json_end_object(&w);
	json_end_object(&w);
	return OK;
}
