/* lease.h - who computes a run, and where it goes on from.
 */
#ifndef ERMINE_STUDY_LEASE_H
#define ERMINE_STUDY_LEASE_H

#include <ermine/store.h>

enum er_lease_state {
    ER_LEASE_FREE,  /* nobody has it: it was not leased, or its owner died */
    ER_LEASE_TAKEN, /* a living store has it, this one included */
    ER_LEASE_DONE   /* it is finished, and what is to be kept of it is there */
};

/* A run, by its key, and what is to be there when it is done. */
struct er_leased {
    const char *key;
    const char *keep; /* moments whose networks are kept, as er_member.keep; "" or NULL: none */
};

/* What is known of n runs, all at one moment, changing nothing. On failure `out` is undefined. */
enum er_status er_lease_look(struct er_store *store, const struct er_leased *run, int64_t n,
                             enum er_lease_state *out, struct er_error *err);

/* Leases a run. *out: what it was; it is this store's afterwards when that is ER_LEASE_FREE, and *state (may
 * be NULL; freed by er_free()) is the last checkpoint of this version. */
enum er_status er_lease_take(struct er_store *store, struct er_leased run, enum er_lease_state *out,
                             void **state, size_t *bytes, struct er_error *err);

/* Lets go of a key; its checkpoint stays. */
enum er_status er_lease_release(struct er_store *store, const char *key, struct er_error *err);

/* Replaces a key's checkpoint. */
enum er_status er_lease_checkpoint(struct er_store *store, const char *key, const void *state, size_t bytes,
                                   struct er_error *err);

#endif
