/* Master keys in use, few and under a lock. */
#include "base/keyring.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What each is for; a number that was used is never used for another. */
enum { KEY_WRAP = 1, KEY_TOKEN = 2, KEY_SIGN = 3, KEY_ID = 4 };

struct master {
	struct digest id;
	struct key wrap; /* seals each project's keys and the store's own */
};

struct masters {
	pthread_mutex_t lock;
	struct master of[KEYRING_MASTERS_MAX]; /* guarded by lock */
	size_t count;			       /* guarded by lock */
	char *file;
	keyring_reload *reload; /* NULL: there is nothing to look for */
};

void keyring_init(struct keyring *ring, const struct key *master)
{
	ring->masters = memory_zalloc(sizeof(*ring->masters));
	pthread_mutex_init(&ring->masters->lock, NULL);
	key_derive(&ring->token, master, KEY_TOKEN);
	key_derive(&ring->sign, master, KEY_SIGN);
	if (!keyring_admit(ring, master))
		abort(); /* there is room for the first */
}

void keyring_release(struct keyring *ring)
{
	if (!ring->masters)
		return;
	pthread_mutex_destroy(&ring->masters->lock);
	free(ring->masters->file);
	sodium_memzero(ring->masters, sizeof(*ring->masters));
	free(ring->masters);
	sodium_memzero(ring, sizeof(*ring));
}

/* With the lock held. NULL when it is not there. */
static struct master *find(struct masters *masters, const struct digest *id)
{
	for (size_t i = 0; i < masters->count; i++)
		if (memcmp(&masters->of[i].id, id, sizeof(*id)) == 0)
			return &masters->of[i];
	return NULL;
}

static void derive(const struct key *master, struct master *ret)
{
	struct key id;

	key_derive(&ret->wrap, master, KEY_WRAP);
	key_derive(&id, master, KEY_ID);
	memcpy(ret->id.bytes, id.bytes, DIGEST_BYTES);
}

bool keyring_admit(const struct keyring *ring, const struct key *master)
{
	struct masters *masters = ring->masters;
	struct master new;

	derive(master, &new);
	pthread_mutex_lock(&masters->lock);
	struct master *same = find(masters, &new.id);
	if (same) /* what stands last is the newest */
		*same = masters->of[--masters->count];
	bool has_room = masters->count < KEYRING_MASTERS_MAX;
	if (has_room)
		masters->of[masters->count++] = new;
	pthread_mutex_unlock(&masters->lock);
	key_wipe(&new.wrap);
	return has_room;
}

bool keyring_learn(const struct keyring *ring, const struct key *master)
{
	struct masters *masters = ring->masters;
	struct master new;

	derive(master, &new);
	pthread_mutex_lock(&masters->lock);
	bool is_new = !find(masters, &new.id);
	if (is_new && masters->count < KEYRING_MASTERS_MAX) {
		masters->of[masters->count++] = masters->of[0];
		masters->of[0] = new;
	} else if (is_new) {
		masters->of[0] = new;
	}
	pthread_mutex_unlock(&masters->lock);
	key_wipe(&new.wrap);
	return is_new;
}

struct digest keyring_newest(const struct keyring *ring)
{
	struct masters *masters = ring->masters;

	pthread_mutex_lock(&masters->lock);
	struct digest id = masters->of[masters->count - 1].id;
	pthread_mutex_unlock(&masters->lock);
	return id;
}

bool keyring_has(const struct keyring *ring, const struct digest *id)
{
	pthread_mutex_lock(&ring->masters->lock);
	bool is_there = find(ring->masters, id) != NULL;
	pthread_mutex_unlock(&ring->masters->lock);
	return is_there;
}

void keyring_keep(const struct keyring *ring, const struct digest *id)
{
	struct masters *masters = ring->masters;

	pthread_mutex_lock(&masters->lock);
	const struct master *found = find(masters, id);
	if (!found)
		abort(); /* without any nothing opens */
	struct master kept = *found;
	sodium_memzero(masters->of, sizeof(masters->of));
	masters->of[0] = kept;
	masters->count = 1;
	pthread_mutex_unlock(&masters->lock);
	key_wipe(&kept.wrap);
}

void keyring_settle(const struct keyring *ring)
{
	struct masters *masters = ring->masters;

	pthread_mutex_lock(&masters->lock);
	while (masters->count > 2) {
		masters->count--;
		memmove(&masters->of[0], &masters->of[1],
			masters->count * sizeof(masters->of[0]));
		sodium_memzero(&masters->of[masters->count],
			       sizeof(masters->of[0]));
	}
	pthread_mutex_unlock(&masters->lock);
}

void keyring_set_reload(const struct keyring *ring, keyring_reload *reload)
{
	ring->masters->reload = reload;
}

void keyring_set_file(const struct keyring *ring, const char *path)
{
	free(ring->masters->file);
	ring->masters->file = memory_strdup(path);
}

const char *keyring_file(const struct keyring *ring)
{
	return ring->masters->file;
}

static bool copy_wrap(const struct keyring *ring, const struct digest *id,
		      struct key *ret)
{
	struct masters *masters = ring->masters;

	pthread_mutex_lock(&masters->lock);
	const struct master *found = find(masters, id);
	if (found)
		*ret = found->wrap;
	pthread_mutex_unlock(&masters->lock);
	return found != NULL;
}

bool keyring_seal(struct arena *arena, const struct keyring *ring,
		  const struct digest *id, const struct seal_place *place,
		  const struct key *key, const unsigned char **ret_blob,
		  size_t *ret_length)
{
	struct key wrap;

	if (!copy_wrap(ring, id, &wrap))
		return false;
	seal(arena, &wrap, place, key->bytes, KEY_BYTES, ret_blob, ret_length);
	key_wipe(&wrap);
	return true;
}

static bool open_with_known(struct arena *arena, const struct keyring *ring,
			    const struct seal_place *place,
			    const unsigned char *blob, size_t length,
			    struct key *ret)
{
	struct masters *masters = ring->masters;
	struct secret plain;
	bool opens = false;

	pthread_mutex_lock(&masters->lock);
	for (size_t i = 0; i < masters->count && !opens; i++)
		opens = seal_open(arena, &masters->of[i].wrap, place, blob,
				  length, &plain) &&
			plain.length == KEY_BYTES;
	pthread_mutex_unlock(&masters->lock);
	if (opens)
		memcpy(ret->bytes, plain.bytes, KEY_BYTES);
	return opens;
}

bool keyring_open(struct arena *arena, const struct keyring *ring,
		  const struct seal_place *place, const unsigned char *blob,
		  size_t length, struct key *ret)
{
	if (open_with_known(arena, ring, place, blob, length, ret))
		return true;
	return ring->masters->reload && ring->masters->reload(ring) &&
	       open_with_known(arena, ring, place, blob, length, ret);
}

bool keyring_reseal(struct arena *arena, const struct keyring *ring,
		    const struct digest *id, const struct seal_place *place,
		    const unsigned char **blob, size_t *length)
{
	struct key key;
	bool is_done = keyring_open(arena, ring, place, *blob, *length, &key) &&
		       keyring_seal(arena, ring, id, place, &key, blob, length);

	key_wipe(&key);
	return is_done;
}
