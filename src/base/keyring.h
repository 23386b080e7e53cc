/*
 * The keys that a process has: what the master key is made into, and the
 * store's own keys. While a master key is replaced there are two of them, and
 * what is sealed is opened with the one that it was sealed with.
 */
#ifndef CLEAT_BASE_KEYRING_H
#define CLEAT_BASE_KEYRING_H

#include "base/seal.h"

enum { KEYRING_MASTERS_MAX = 4 };

struct masters;

struct keyring {
	struct key token; /* keys the digests of tokens */
	struct key sign;  /* keys page tokens, marks of grants and the like */
	struct masters *masters; /* have a lock of their own: any thread */
};

/*
 * One master key. `token` and `sign` are made of it: the store's own take
 * their place (core/master_key.h), since they outlive a master key.
 */
void keyring_init(struct keyring *ring, const struct key *master);
/* Wipes it. */
void keyring_release(struct keyring *ring);

/* It is the newest from now on. False when there are KEYRING_MASTERS_MAX. */
MUST_CHECK bool keyring_admit(const struct keyring *ring,
			      const struct key *master);

/*
 * Known from now on, and not the newest; the oldest makes room for it. False
 * when it is there.
 */
MUST_CHECK bool keyring_learn(const struct keyring *ring,
			      const struct key *master);

/* Tells the newest from other master keys, and says nothing of it. */
struct digest keyring_newest(const struct keyring *ring);

MUST_CHECK bool keyring_has(const struct keyring *ring,
			    const struct digest *id);

/* Wipes all master keys but this one, which is there: nobody reads yet. */
void keyring_keep(const struct keyring *ring, const struct digest *id);

/*
 * The newest is the store's. The one before it stays until the next time, for
 * those who have read what it sealed; others are wiped.
 */
void keyring_settle(const struct keyring *ring);

/*
 * Admits master keys that may have come meanwhile, as the file has been
 * replaced by another process. True when it is worth another try.
 */
typedef bool keyring_reload(const struct keyring *ring);

/* Called when nothing opens a blob; once, before other threads have the ring.
 */
void keyring_set_reload(const struct keyring *ring, keyring_reload *reload);

/*
 * Where the master key's file is, for who replaces it; NULL until it is set.
 * By one thread at a time, unlike the rest.
 */
void keyring_set_file(const struct keyring *ring, const char *path);
const char *keyring_file(const struct keyring *ring);

/* Seals a key under that master key. False when it is not there. */
MUST_CHECK bool keyring_seal(struct arena *arena, const struct keyring *ring,
			     const struct digest *id,
			     const struct seal_place *place,
			     const struct key *key,
			     const unsigned char **ret_blob,
			     size_t *ret_length);

/*
 * Opens a blob and seals it anew under that master key. False when it does not
 * open, or that one is not there.
 */
MUST_CHECK bool keyring_reseal(struct arena *arena, const struct keyring *ring,
			       const struct digest *id,
			       const struct seal_place *place,
			       const unsigned char **blob, size_t *length);

/* False when none of the master keys has sealed it for this place. */
MUST_CHECK bool keyring_open(struct arena *arena, const struct keyring *ring,
			     const struct seal_place *place,
			     const unsigned char *blob, size_t length,
			     struct key *ret);

#endif
