/* <ermine/store.h> - results that stay: runs under their keys in one SQLite file.
 *
 * A run is whole or absent. Several processes may use one store at once: a run is claimed before it is
 * computed, and a claim dies with its process. `kill -9` loses at most what a run did since its last
 * checkpoint.
 */
#ifndef ERMINE_STORE_H
#define ERMINE_STORE_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/study.h>
#include <ermine/table.h>

struct er_store;

/**
 * Opens (and makes, unless `read_only`) the store at `path`, with its folder; brings an older schema up to
 * date. Errors: ER_E_IO (read-only place, not a database: says which), ER_E_FULL, ER_E_INPUT (made by a newer
 * Ermine: both versions named), ER_E_NOT_FOUND (read_only and absent), ER_E_BUSY (locked for 60 s),
 * ER_E_NOMEM.
 */
ER_API enum er_status er_store_open(const char *path, bool read_only, struct er_store **out,
                                    struct er_error *err);
ER_API void er_store_close(struct er_store *store);

/** What er_study_run() did. */
struct er_study_outcome {
    int64_t runs, computed, found,
        diverged;          /* found: were in the store; computed here or by another process meanwhile */
    double seconds, flops; /* of this call; flops 0 when nothing was trained */
};

/**
 * Computes what the store lacks of a study: claims, resumes, trains, stores; waits for runs that another
 * living process has claimed, and takes them over when it dies. Errors: those of reading data and of the
 * experiment; ER_E_STOPPED (what was done is stored); ER_E_FULL, ER_E_IO.
 */
ER_API enum er_status er_study_run(struct er_store *store, const struct er_study *study,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_study_outcome *outcome,
                                   struct er_error *err);

/** One row a run: axes, seed, outcome, run columns. Runs that the store lacks are left out. */
ER_API enum er_status er_study_table(struct er_store *store, const struct er_study *study,
                                     const struct er_data_places *places, struct er_table *out,
                                     struct er_error *err);

/** One row a record of a curve: axes, seed, curve columns. */
ER_API enum er_status er_study_curves(struct er_store *store, const struct er_study *study,
                                      const struct er_data_places *places, struct er_table *out,
                                      struct er_error *err);

/* How a study's results came to be. Texts are owned by the caller's struct. */
struct er_provenance {
    int64_t runs, present;
    char computed_from[32], computed_to[32]; /* first and last finish, ISO 8601, UTC */
    double seconds;                          /* of computing, summed over runs */
    char machine[256];                       /* processors and ISA, those of the newest run */
    char version[64];
    char checksum[ER_SHA256_HEX]; /* of the data; of the first data set when there are several */
    int64_t data_sets;
};
ER_API enum er_status er_study_provenance(struct er_store *store, const struct er_study *study,
                                          const struct er_data_places *places, struct er_provenance *out,
                                          struct er_error *err);

/* One study known to a store, for `ermine list runs`. */
struct er_store_study {
    char name[128], file[1024], changed[32];
    int64_t runs, present;
};
/** The studies that were run into this store, newest first; freed by er_free(). */
ER_API enum er_status er_store_studies(struct er_store *store, struct er_store_study **out, int64_t *n,
                                       struct er_error *err);

#endif
