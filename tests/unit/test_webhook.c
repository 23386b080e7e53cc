/* core/webhook: the schedule, and signatures against known ones. */
#include "support.h"

#include "core/webhook.h"

/* The example of the Standard Webhooks specification and its libraries. */
#define ID   "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define AT   1614265330
#define BODY "{\"test\": 2432232314}"
#define KEY  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define CODE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static struct credential key_of(const char *name, const char *value,
				int64_t expires_at)
{
	return (struct credential){
		.name = name,
		.value = {(const unsigned char *)value, strlen(value)},
		.expires_at = expires_at,
	};
}

static const char *sign(struct store *s, struct credential *keys, size_t count)
{
	const struct credential_list list = {keys, count};

	return webhook_signature(&s->op, ID, AT, BODY, &list);
}

static void signature_is_the_known_one(void **state)
{
	struct credential key = key_of(SIGNING_KEY, KEY, 0);

	assert_string_equal(sign(*state, &key, 1), CODE);
	key = key_of(SIGNING_KEY, strchr(KEY, '_') + 1, 0);
	assert_string_equal(sign(*state, &key, 1), CODE);
}

static void every_key_that_is_good_signs(void **state)
{
	struct credential keys[] = {
		key_of("password", KEY, 0),
		key_of(SIGNING_KEY, KEY, 0),
		key_of(SIGNING_KEY "_old", KEY, START + 1),
		key_of(SIGNING_KEY "_older", KEY, START),
		key_of(SIGNING_KEY "s", KEY, 0),
	};

	assert_string_equal(sign(*state, keys, COUNT(keys)), CODE " " CODE);
}

static void what_is_no_key_does_not_sign(void **state)
{
	static const char *const bad[] = {"", "whsec_", "whsec_*", "whsec_QQ",
					  "a b"};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct credential key = key_of(SIGNING_KEY, bad[i], 0);

		assert_null(sign(*state, &key, 1));
	}
	assert_null(sign(*state, NULL, 0));
}

static void delays_are_the_schedule_give_or_take_a_tenth(void **state)
{
	static const int64_t seconds[] = {5,	 300,	1800,  7200, 18000,
					  36000, 50400, 72000, 86400};

	(void)state;
	for (int i = 0; i < (int)COUNT(seconds); i++) {
		int64_t delay = seconds[i] * 1000000;

		assert_int_equal(webhook_delay_us(i + 1, 0),
				 delay - delay / 10);
		assert_int_equal(webhook_delay_us(i + 1, (uint64_t)delay / 5),
				 delay + delay / 10);
		assert_in_range(webhook_delay_us(i + 1, UINT64_MAX),
				delay - delay / 10, delay + delay / 10);
	}
	assert_int_equal(webhook_delay_us(10, 0), -1);
	assert_int_equal(webhook_delay_us(11, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORE_TEST(signature_is_the_known_one),
		STORE_TEST(every_key_that_is_good_signs),
		STORE_TEST(what_is_no_key_does_not_sign),
		STORE_TEST(delays_are_the_schedule_give_or_take_a_tenth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
