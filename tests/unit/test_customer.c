/* core/customer, core/jwt_key: whose tokens are taken, and what a customer may
 * see and make. */
#include "support.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "core/deletion.h"
#include "core/customer.h"
#include "core/group.h"
#include "core/jwt_key.h"

#define WHO  "\"groupRef\":\"acme\",\"consumerRef\":\"ann\","
#define FROM "\"iat\":1705314600," /* START */
#define TO   "\"exp\":1705315200"
#define GOOD "{" WHO FROM TO "}"

static EVP_PKEY *own, *stranger;
static char pem[1024]; /* of `own` */

static int make_pairs(void **state)
{
	BIO *text = BIO_new(BIO_s_mem());

	(void)state;
	own = EVP_RSA_gen(2048);
	stranger = EVP_RSA_gen(2048);
	assert_int_equal(PEM_write_bio_PUBKEY(text, own), 1);
	assert_in_range(BIO_read(text, pem, sizeof(pem) - 1), 1,
			sizeof(pem) - 1);
	BIO_free(text);
	return 0;
}

static int free_pairs(void **state)
{
	(void)state;
	EVP_PKEY_free(own);
	EVP_PKEY_free(stranger);
	return 0;
}

static const char *as_base64(struct op *op, const void *bytes, size_t length)
{
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t size = sodium_base64_encoded_len(length, variant);

	return sodium_bin2base64(arena_alloc(&op->arena, size), size, bytes,
				 length, variant);
}

static const char *sign(struct op *op, EVP_PKEY *by, struct uuid kid,
			const char *claims)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[256];
	size_t length = sizeof(signature);
	char id[UUID_TEXT];

	uuid_format(kid, id);
	const char *header = arena_printf(
		&op->arena, "{\"alg\":\"RS256\",\"kid\":\"%s\"}", id);
	const char *text = arena_printf(&op->arena, "%s.%s",
					as_base64(op, header, strlen(header)),
					as_base64(op, claims, strlen(claims)));
	assert_int_equal(
		EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, by), 1);
	assert_int_equal(EVP_DigestSign(context, signature, &length,
					(const unsigned char *)text,
					strlen(text)),
			 1);
	EVP_MD_CTX_free(context);
	return arena_printf(&op->arena, "%s.%s", text,
			    as_base64(op, signature, length));
}

static struct jwt_key make_key(struct op *op, const char *label)
{
	struct jwt_key key;

	must(jwt_key_create(op, label, pem, &key));
	return key;
}

/* Not even why. */
static void must_refuse(struct op *op, const char *token)
{
	struct principal who;

	op->remedy = NULL;
	must_fail(customer_authenticate(op, token, &who), ERR_UNAUTHENTICATED);
	assert_string_equal(op->detail,
			    "the token is not valid or has expired");
	assert_null(op->remedy);
}

static void a_token_is_of_its_customer_in_the_keys_project(void **state)
{
	struct store *s = *state;
	struct jwt_key key = make_key(&s->op, "first");
	struct principal who;

	s->op.project_id = (struct uuid){{0}};
	must(customer_authenticate(&s->op, sign(&s->op, own, key.id, GOOD),
				   &who));
	assert_uuid_equal(who.project_id, s->project.id);
	assert_uuid_equal(who.token_id, key.id);
	assert_int_equal(who.role, ROLE_FRONTEND);
	assert_int_equal(who.expires_at,
			 START + (CUSTOMER_TOKEN_MAX_S + CUSTOMER_SKEW_S) *
					 SECOND);
	assert_string_equal(who.customer->group_ref, "acme");
	assert_string_equal(who.customer->consumer_ref, "ann");
}

static void who_holds_no_key_is_not_told_why(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct jwt_key key = make_key(op, "first");

	must_refuse(op, "a.b.c");
	must_refuse(op, sign(op, own, s->project.id, GOOD));
	must_refuse(op, sign(op, stranger, key.id, GOOD));
	must_refuse(op, sign(op, stranger, key.id, "{}"));
}

static void a_key_that_is_not_active_or_deleted_takes_no_token(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct jwt_key key = make_key(op, "first");
	const char *token = sign(op, own, key.id, GOOD);
	struct principal who;

	key.is_active = false;
	must(jwt_key_update(op, &key, &key));
	must_refuse(op, token);
	key.is_active = true;
	must(jwt_key_update(op, &key, &key));
	must(customer_authenticate(op, token, &who));
	must(delete_jwt_key(op, key.id));
	must_refuse(op, token);
}

#define NO_TEXT	  " is missing, or is no text"
#define NO_TIME	  " is missing, or is no time in whole seconds"
#define LIFETIME  " must be 1 to 600 seconds after iat"
#define REF(text) "{\"groupRef\":" text ",\"consumerRef\":\"ann\"," FROM TO "}"

static void the_builder_is_told_what_is_wrong_with_a_claim(void **state)
{
	static const struct {
		const char *claims, *why;
	} rows[] = {
		{"{\"consumerRef\":\"ann\"," FROM TO "}", "groupRef" NO_TEXT},
		{REF("7"), "groupRef" NO_TEXT},
		{REF("\"\""), "groupRef" NO_TEXT},
		{"{\"groupRef\":\"acme\"," FROM TO "}", "consumerRef" NO_TEXT},
		{"{" WHO TO "}", "iat" NO_TIME},
		{"{" WHO FROM "\"exp\":\"soon\"}", "exp" NO_TIME},
		{"{" WHO "\"nbf\":1.5," FROM TO "}", "nbf" NO_TIME},
		{"{" WHO FROM "\"exp\":1705314600}", "exp" LIFETIME},
		{"{" WHO FROM "\"exp\":1705315201}", "exp" LIFETIME},
		{"{" WHO "\"iat\":1705314661," TO "}", "iat is not yet"},
		{"{" WHO "\"nbf\":1705314661," FROM TO "}", "nbf is not yet"},
		{"{" WHO "\"iat\":1705314500,\"exp\":1705314540}",
		 "exp is over"},
	};
	struct store *s = *state;
	struct op *op = &s->op;
	struct jwt_key key = make_key(op, "first");

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct principal who;

		must_fail(customer_authenticate(
				  op, sign(op, own, key.id, rows[i].claims),
				  &who),
			  ERR_UNAUTHENTICATED);
		assert_string_equal(op->detail,
				    arena_printf(&op->arena, "the token's %s",
						 rows[i].why));
		assert_non_null(op->remedy);
	}
}

static void clocks_may_differ_by_a_minute(void **state)
{
	static const char *const good[] = {
		"{" WHO "\"iat\":1705314660," TO "}",
		"{" WHO "\"nbf\":1705314660," FROM TO "}",
		"{" WHO "\"iat\":1705314500,\"exp\":1705314541}",
	};
	struct store *s = *state;
	struct jwt_key key = make_key(&s->op, "first");
	struct principal who;

	for (size_t i = 0; i < COUNT(good); i++)
		must(customer_authenticate(
			&s->op, sign(&s->op, own, key.id, good[i]), &who));
	assert_int_equal(who.expires_at, START + SECOND);
}

static void a_ref_is_not_too_long(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;
	struct jwt_key key = make_key(op, "first");
	char ref[REF_MAX + 2];
	struct principal who;

	memset(ref, 'a', sizeof(ref));
	ref[REF_MAX] = '\0';
	const char *longest = arena_printf(&op->arena, REF("\"%s\""), ref);
	must(customer_authenticate(op, sign(op, own, key.id, longest), &who));
	ref[REF_MAX] = 'a';
	ref[REF_MAX + 1] = '\0';
	longest = arena_printf(&op->arena, REF("\"%s\""), ref);
	must_fail(
		customer_authenticate(op, sign(op, own, key.id, longest), &who),
		ERR_UNAUTHENTICATED);
	assert_string_equal(op->detail, "the token's groupRef is too long");
}

/* From here on ann of acme asks. */
static void ask_as_ann(struct store *s)
{
	static const struct customer ann = {"acme", "ann"};
	struct principal *who =
		make_principal(&s->op, &s->project, ROLE_FRONTEND);

	who->customer = &ann;
	s->op.principal = who;
}

static void a_customer_sees_its_own_group_alone(void **state)
{
	struct store *s = *state;
	const char *group = NULL;

	ask_as_ann(s);
	assert_true(customer_sees(&s->op, "acme"));
	assert_false(customer_sees(&s->op, "other"));
	assert_true(customer_narrows(&s->op, &group));
	assert_string_equal(group, "acme");
	assert_true(customer_narrows(&s->op, &group));
	group = "other";
	assert_false(customer_narrows(&s->op, &group));
	must_fail(customer_refuse(&s->op), ERR_FORBIDDEN);
}

static void who_is_no_customer_is_not_confined(void **state)
{
	struct store *s = *state;
	const char *group = NULL;

	for (int i = 0; i < 2; i++) {
		assert_null(customer_calling(&s->op));
		assert_true(customer_sees(&s->op, "other"));
		assert_true(customer_narrows(&s->op, &group));
		assert_null(group);
		must(customer_may_make(&s->op, "other", "bob"));
		must(customer_may_sign(&s->op, "consumer:bob"));
		must(customer_refuse(&s->op));
		s->op.principal =
			make_principal(&s->op, &s->project, ROLE_ADMIN);
	}
}

static void a_customer_makes_things_for_itself(void **state)
{
	struct store *s = *state;
	struct op *op = &s->op;

	ask_as_ann(s);
	must(customer_may_make(op, "acme", "ann"));
	must(customer_may_make(op, NULL, NULL));
	must_fail(customer_may_make(op, "other", "ann"), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "groupRef must be acme, as in the token");
	must_fail(customer_may_make(op, "acme", "bob"), ERR_FORBIDDEN);
	assert_string_equal(op->detail,
			    "consumerRef must be ann, as in the token");
	assert_non_null(op->remedy);
}

static void a_customer_signs_as_itself_or_an_api(void **state)
{
	static const char *const others[] = {"consumer:bob",
					     "consumer:", "builder:ann", "ann"};
	struct store *s = *state;

	ask_as_ann(s);
	must(customer_may_sign(&s->op, "consumer:ann"));
	must(customer_may_sign(&s->op, "api:create-installation"));
	must(customer_may_sign(&s->op, NULL));
	for (size_t i = 0; i < COUNT(others); i++) {
		must_fail(customer_may_sign(&s->op, others[i]), ERR_FORBIDDEN);
		assert_string_equal(
			s->op.detail,
			"createdBy must be consumer:ann, as in the token");
	}
}

static void a_new_key_is_active_and_recorded(void **state)
{
	struct store *s = *state;
	struct jwt_key made = make_key(&s->op, "first"), found;

	must(jwt_key_get(&s->op, made.id, &found));
	assert_true(found.is_active);
	assert_string_equal(found.label, "first");
	assert_string_equal(found.public_key, pem);
	assert_uuid_equal(found.project_id, s->project.id);
	assert_int_equal(found.created_at, START);
	assert_true(has_event(&s->op, "jwt_key.created", made.id));
	assert_string_equal(payload_of(&s->op, "jwt_key.created"),
			    "{\"label\":\"first\",\"active\":true}");
}

static void what_is_no_key_is_refused_with_an_issue(void **state)
{
	struct store *s = *state;
	struct jwt_key key;

	must_fail(jwt_key_create(&s->op, "first", "secret", &key), ERR_INVALID);
	assert_int_equal(s->op.issue_count, 1);
	assert_string_equal(s->op.issues[0].in, "body");
	assert_string_equal(s->op.issues[0].field, "publicKeyPem");
	assert_int_equal(event_count(&s->op, "jwt_key.created"), 0);
}

static void keys_are_listed_oldest_first(void **state)
{
	struct store *s = *state;
	struct jwt_key first = make_key(&s->op, "first");
	struct jwt_key second = make_key(&s->op, "second");
	struct jwt_key_list list;

	first.is_active = false;
	must(jwt_key_update(&s->op, &first, &first));
	must(jwt_key_list(&s->op, false, &list));
	assert_int_equal(list.count, 2);
	assert_uuid_equal(list.items[0].id, first.id);
	must(jwt_key_list(&s->op, true, &list));
	assert_int_equal(list.count, 1);
	assert_uuid_equal(list.items[0].id, second.id);
}

static void a_change_of_a_key_is_kept_and_recorded(void **state)
{
	struct store *s = *state;
	struct jwt_key key = make_key(&s->op, "first"), found;

	s->op.now += SECOND;
	key.label = "renamed";
	key.is_active = false;
	must(jwt_key_update(&s->op, &key, &key));
	must(jwt_key_get(&s->op, key.id, &found));
	assert_string_equal(found.label, "renamed");
	assert_false(found.is_active);
	assert_int_equal(found.updated_at, START + SECOND);
	assert_string_equal(payload_of(&s->op, "jwt_key.updated"),
			    "{\"label\":\"renamed\",\"active\":false}");
}

static void a_key_is_deleted_unless_it_is_asked_what_would_be(void **state)
{
	struct store *s = *state;
	struct jwt_key key = make_key(&s->op, "first"), found;

	s->op.is_dry_run = true;
	must_fail(delete_jwt_key(&s->op, key.id), ERR_PLANNED);
	assert_non_null(strstr(s->op.plan, "first"));
	s->op.is_dry_run = false;
	must(jwt_key_get(&s->op, key.id, &found));
	must(delete_jwt_key(&s->op, key.id));
	must_fail(delete_jwt_key(&s->op, key.id), ERR_NOT_FOUND);
	assert_memory_equal(s->op.detail, "there is no JWT key ", 20);
	assert_true(has_event(&s->op, "jwt_key.deleted", key.id));
	assert_int_equal(event_count(&s->op, "jwt_key.deleted"), 1);
}

static void a_key_of_another_project_is_unknown(void **state)
{
	struct store *s = *state;
	struct jwt_key key = make_key(&s->op, "first");
	struct jwt_key_list list;

	move_to(&s->op, make_project(&s->op, "acme", "other"));
	must_fail(jwt_key_get(&s->op, key.id, &key), ERR_NOT_FOUND);
	must_fail(delete_jwt_key(&s->op, key.id), ERR_NOT_FOUND);
	must(jwt_key_list(&s->op, false, &list));
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_token_is_of_its_customer_in_the_keys_project),
		STORE_TEST(who_holds_no_key_is_not_told_why),
		STORE_TEST(a_key_that_is_not_active_or_deleted_takes_no_token),
		STORE_TEST(the_builder_is_told_what_is_wrong_with_a_claim),
		STORE_TEST(clocks_may_differ_by_a_minute),
		STORE_TEST(a_ref_is_not_too_long),
		STORE_TEST(a_customer_sees_its_own_group_alone),
		STORE_TEST(who_is_no_customer_is_not_confined),
		STORE_TEST(a_customer_makes_things_for_itself),
		STORE_TEST(a_customer_signs_as_itself_or_an_api),
		STORE_TEST(a_new_key_is_active_and_recorded),
		STORE_TEST(what_is_no_key_is_refused_with_an_issue),
		STORE_TEST(keys_are_listed_oldest_first),
		STORE_TEST(a_change_of_a_key_is_kept_and_recorded),
		STORE_TEST(a_key_is_deleted_unless_it_is_asked_what_would_be),
		STORE_TEST(a_key_of_another_project_is_unknown),
	};

	return cmocka_run_group_tests(tests, make_pairs, free_pairs);
}
