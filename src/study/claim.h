/* claim.h - who computes a run, and where it goes on from.
 */
#ifndef ERMINE_STUDY_CLAIM_H
#define ERMINE_STUDY_CLAIM_H

#include <ermine/store.h>

enum er_claim_state {
    ER_CLAIM_FREE,  /* nobody has it: it was not claimed, or its owner died */
    ER_CLAIM_TAKEN, /* a living store has it, this one included */
    ER_CLAIM_DONE   /* it is finished, and what is to be kept of it is there */
};

/* A run, by its key, and what is to be there when it is done. */
struct er_claimed {
    const char *key;
    const char *keep; /* moments whose networks are kept, as er_member.keep; "" or NULL: none */
};

/* What is known of n runs, all at one moment, changing nothing. On failure `out` is undefined. */
enum er_status er_claim_look(struct er_store *store, const struct er_claimed *run, int64_t n,
                             enum er_claim_state *out, struct er_error *err);

/* Claims a run. *out: what it was; it is this store's afterwards when that is ER_CLAIM_FREE, and *state (may
 * be NULL; freed by er_free()) is the last checkpoint of this version. */
enum er_status er_claim_take(struct er_store *store, struct er_claimed run, enum er_claim_state *out,
                             void **state, size_t *bytes, struct er_error *err);

/* Lets go of a key; its checkpoint stays. */
enum er_status er_claim_release(struct er_store *store, const char *key, struct er_error *err);

/* Replaces a key's checkpoint. */
enum er_status er_claim_checkpoint(struct er_store *store, const char *key, const void *state, size_t bytes,
                                   struct er_error *err);

#endif
