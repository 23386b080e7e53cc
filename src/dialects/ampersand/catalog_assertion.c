/* What an operator says of assertions, as far as no form tells (RFC 7523). */
#include "dialects/ampersand/catalog_assertion.h"

#include <string.h>

#include "base/jwt_sign.h"
#include "core/address.h"

enum { LIFETIME_MAX_S = 3600 };

static bool is_input(const struct catalog_list *list, const char *word,
		     size_t length)
{
	const struct catalog_input *inputs = list->items;

	for (size_t i = 0; i < list->count; i++)
		if (inputs[i].name && strlen(inputs[i].name) == length &&
		    strncmp(inputs[i].name, word, length) == 0)
			return true;
	return false;
}

static void check_algorithms(const struct amp_node *node,
			     const struct catalog_list *list)
{
	struct amp_node all = amp_node_member(node, "algorithms");
	const char *const *names = list->items;

	if (all.value && !list->count)
		amp_node_fault(&all, "must name one at least");
	for (size_t i = 0; i < list->count; i++) {
		struct amp_node one = amp_node_item(&all, i);

		if (names[i] && !jwt_sign_knows(names[i]))
			amp_node_fault(&one, "is none that we sign by");
	}
}

/* The key itself is nobody's to be told, nor the object that it is in. */
static bool is_known(const struct provider *p, const char *word, size_t length)
{
	const char *key = p->custom->assertion->key;
	size_t input = key ? strcspn(key, ".") : 0;
	bool is_of_key = key && length >= input &&
			 strncmp(word, key, input) == 0 &&
			 (length == input || word[input] == '.');

	if (is_of_key)
		return key[input] && length > input + 1 &&
		       (strlen(key) != length ||
			strncmp(word, key, length) != 0);
	return (length == 9 && strncmp(word, "workspace", 9) == 0) ||
	       is_input(&p->custom->inputs, word, length) ||
	       is_input(&p->inputs, word, length) ||
	       is_input(&p->found, word, length);
}

static void check_text(const struct amp_node *node, const struct provider *p,
		       const char *name, const char *text)
{
	struct amp_node one = amp_node_member(node, name);
	const char *at = text, *hole, *word, *rest;
	size_t length;

	while (at && address_next_hole(at, &hole, &word, &length, &rest)) {
		if (!is_known(p, word, length))
			amp_node_fault(&one,
				       "variable %.*s is declared nowhere",
				       (int)length, word);
		at = rest;
	}
}

static void check_pairs(const struct amp_node *node,
			const struct assertion_way *way)
{
	struct amp_node other = amp_node_member(node, "otherAudience");
	struct amp_node scopes = amp_node_member(node, "scopes");
	struct amp_node life = amp_node_member(node, "lifetimeSeconds");

	if (!way->other_audience != !way->other_for.count)
		amp_node_fault(&other, "goes with otherAudienceFor");
	if (way->scopes.count && !way->scopes_in)
		amp_node_fault(&scopes, "need scopesIn");
	if (way->lifetime_s > LIFETIME_MAX_S)
		amp_node_fault(&life, "must be at most %d", LIFETIME_MAX_S);
}

void amp_check_assertion(const struct amp_node *node, const struct provider *p)
{
	const struct assertion_way *way = p->custom->assertion;
	struct amp_node key = amp_node_member(node, "key");

	check_algorithms(node, &way->algorithms);
	check_pairs(node, way);
	if (way->key &&
	    !is_input(&p->custom->inputs, way->key, strcspn(way->key, ".")))
		amp_node_fault(&key, "is none of inputs");
	check_text(node, p, "keyID", way->key_id);
	check_text(node, p, "issuer", way->issuer);
	check_text(node, p, "subject", way->subject);
	check_text(node, p, "audience", way->audience);
	check_text(node, p, "otherAudience", way->other_audience);
}
