/* <ermine/store.h> - results that stay: runs under their keys in one SQLite file.
 *
 * A run is whole or absent. Several processes may use one store at once: a run is leased before it is
 * computed, and a lease dies with its process. `kill -9` loses at most what a run did since its last
 * checkpoint; a power cut may lose the last finished runs too (they are computed again, to the same bits),
 * and never leaves a part of one.
 *
 * Beside PATH lie PATH-wal and PATH-shm (SQLite's log, gone when nobody has the store open) and PATH-owners
 * (empty; it carries the locks by which leases die with their process). All processes that use a store at
 * once must be on one host: the log's index is shared memory, so a store on a network file system has one
 * host.
 *
 * Threads: any number may share a store; calls are serialised, each with its own struct er_error. A child
 * made by fork() must not use or close its parent's store. Its tables may be read with any SQLite: runs(key,
 * point, outcome, ...), results(run, name, value), curves(run, name, value), where a curve's value is
 * little-endian float64, for NumPy: numpy.frombuffer(value, '<f8'); src/study/migrate.c lists them all.
 */
#ifndef ERMINE_STORE_H
#define ERMINE_STORE_H

#include <ermine/pool.h>
#include <ermine/progress.h>
#include <ermine/study.h>
#include <ermine/table.h>

struct er_store;

/**
 * Opens (and makes, unless `read_only`) the store at `path`, with its folder; brings an older layout up to
 * date. An empty file becomes a store. With `read_only` nothing is written, and a store in a folder that
 * cannot be written can be read too.
 *
 * @param out  the store, closed by er_store_close(); untouched on failure.
 * Errors: ER_E_IO (read-only place, a folder, not a database, another program's database, damaged: says
 * which), ER_E_FULL, ER_E_INPUT (made by a newer Ermine: both versions named), ER_E_NOT_FOUND (read_only and
 * absent), ER_E_BUSY (locked for 60 s), ER_E_USAGE (empty path), ER_E_NOMEM.
 */
ER_API enum er_status er_store_open(const char *path, bool read_only, struct er_store **out,
                                    struct er_error *err);

/** Closes it and gives up what it has leased; NULL is allowed. */
ER_API void er_store_close(struct er_store *store);

/* What er_study_run() did. runs = computed + found. */
struct er_study_outcome {
    int64_t runs;
    int64_t computed;      /* by this call */
    int64_t found;         /* in the store, where another process may have put them meanwhile; or equal to
                              another run of this study */
    int64_t diverged;      /* of all runs: ended in divergence */
    double seconds, flops; /* of this call; flops 0 when nothing was trained */
};

/**
 * Computes what the store lacks of a study, networks that it asks to keep (`train.keep`) included: leases,
 * resumes, trains, stores; waits for runs that another living process has leased, and takes them over when
 * it dies. Runs of equal keys (an axis that a part of the grid does not use) are computed once.
 *
 * @param places    where data is looked for.
 * @param pool      who computes; one er_study_run() at a time on a pool.
 * @param progress  hears of runs of this study: unit "runs", `done` from those that were found to all of
 * them; `waiting` while others have all that is left.
 * @param outcome   may be NULL; untouched on failure.
 * Errors: those of reading data and of the experiment; ER_E_STOPPED (runs under way went into checkpoints,
 * from which the next call goes on bit for bit); ER_E_FULL, ER_E_IO, ER_E_BUSY, ER_E_NOMEM. What was finished
 * before an error is stored.
 *
 * Cost beside the computing: about 0.2 ms a run; a study of 10,000 runs that are all there takes 0.1 s.
 * Invariants (tests/study/runner.c, leases.c): interrupted and killed at any moments, the results equal an
 * uninterrupted call's to the bit; several processes at once compute no run twice.
 */
ER_API enum er_status er_study_run(struct er_store *store, const struct er_study *study,
                                   const struct er_data_places *places, struct er_pool *pool,
                                   const struct er_progress *progress, struct er_study_outcome *outcome,
                                   struct er_error *err);

/* What er_study_run() would do. */
struct er_study_plan {
    int64_t runs, found;        /* in all; already in the store, or equal to another one */
    int64_t ensembles, at_once; /* kinds of run; runs that are under way at a time */
    int64_t guessed; /* of these kinds, those that were not tried: more than 20 s would have gone by */
    size_t run_bytes, data_bytes, memory; /* of the largest run; of data held at a time; what is available */
    size_t work_bytes; /* of files beside the store while runs are computed (FOLDER/work), at most */
    double
        seconds; /* about, every run up to its last epoch, with its measures; NaN: its experiment can't tell */
    double measures_seconds; /* of these, for measures */
};

/**
 * What a study would take: which runs the store lacks (NULL: all), their memory, and their time up to the
 * last epoch of each, from a calibration of some tenths of a second for each kind of run, and of some seconds for the measures of
 * each network; after 20 s the remaining kinds take their times from the nearest that was tried.
 *
 * @param progress  may ask to stop (ER_E_STOPPED); NULL is allowed. Nothing is reported.
 * Errors: as er_study_run(); ER_E_NOMEM when a run does not fit into memory, with the numbers.
 */
ER_API enum er_status er_study_plan(struct er_store *store, const struct er_study *study,
                                    const struct er_data_places *places, struct er_pool *pool,
                                    const struct er_progress *progress, struct er_study_plan *out,
                                    struct er_error *err);

/* Which of a study's stored runs are computed again. */
struct er_recheck_options {
    int64_t runs;  /* so many; 0, or more than there are: all */
    uint64_t seed; /* which: uniform, a function of the seed and the number of stored runs */
};

/* What er_study_recheck() found. Runs of equal keys count once. */
struct er_recheck {
    int64_t runs, stored, checked; /* of the study; in the store; computed again */
    int64_t numbers;               /* compared: results, and points of curves */
    int64_t differing;             /* runs checked of which something differs */
    struct er_table differences;   /* one row a run and column that differ; below */
    /* Why some of the runs are not in the store under their keys: the store has their settings and seed, but
     * computed on another instruction set, by an experiment whose arithmetic has changed since, or from data
     * with another checksum. Nothing of these is compared, for they may rightly differ. */
    int64_t of_isa, of_arithmetic, of_data;
    char isa[32];     /* of the newest of of_isa, "" without one */
    char version[64]; /* of the newest of of_arithmetic, "" without one */
    double seconds;   /* of this call */
};

/** Frees what it holds and zeroes it. */
ER_API void er_recheck_clear(struct er_recheck *recheck);

/**
 * Computes a sample of a study's stored runs again, from nothing (no checkpoint is used, nothing is leased,
 * kept or stored), and compares outcome, results and curves with the stored ones, to the bit. A store opened
 * with `read_only` will do.
 *
 * The table of differences has the axes and the seed, then
 *     column      the result or curve column, or "outcome", "note", "records" (the length of the curves)
 *     record      the first record of the curve that differs, from 0; NaN for a result
 *     numbers     how many numbers of the column differ
 *     stored, recomputed   the first of them, in shortest exact form
 *
 * @param out  cleared by er_recheck_clear(); untouched on failure.
 * Errors: those of er_study_run(). ER_E_STOPPED: what was compared so far is dropped.
 * Cost: that of computing the sample; where runs are missing, the settings of every stored run are read once.
 * Invariants (tests/study/recheck.c): equal after any interrupted computation; one changed bit in the store is
 * found and named; the store's bytes stay as they are.
 */
ER_API enum er_status er_study_recheck(struct er_store *store, const struct er_study *study,
                                       const struct er_data_places *places, struct er_pool *pool,
                                       const struct er_progress *progress,
                                       const struct er_recheck_options *options, struct er_recheck *out,
                                       struct er_error *err);

/**
 * One row a run, in grid order: axes, seed, "outcome", run columns, "seconds", and "note" when a run has one
 * (the cause of a divergence). Runs that the store lacks are left out. An axis of words or models is a column
 * of text; it is empty where a point lacks the key.
 *
 * @param out  cleared by er_table_clear(); does not borrow from the study. Untouched on failure.
 * Errors: those of reading data (its checksum is part of the keys), ER_E_IO, ER_E_NOMEM. Cost: 10 us a run.
 */
ER_API enum er_status er_study_table(struct er_store *store, const struct er_study *study,
                                     const struct er_data_places *places, struct er_table *out,
                                     struct er_error *err);

/** One row a record of a curve: axes, seed, curve columns. As er_study_table(). */
ER_API enum er_status er_study_curves(struct er_store *store, const struct er_study *study,
                                      const struct er_data_places *places, struct er_table *out,
                                      struct er_error *err);

/** The two tables without a row: what columns there will be, whatever is in a store. Both are cleared by
 * er_table_clear(). ER_E_NOMEM. Cost: one look at each run. */
ER_API enum er_status er_study_heads(const struct er_study *study, struct er_table *runs,
                                     struct er_table *curves, struct er_error *err);

/**
 * One row a network that is kept of a run: axes, seed, "moment" (init, epoch-10, end), "epoch" and "file",
 * its path from where the process is, empty when it has been removed. As er_study_table(). The files are
 * <ermine/networks.h>'s; they lie in networks/STUDY/ beside the store.
 */
ER_API enum er_status er_study_networks(struct er_store *store, const struct er_study *study,
                                        const struct er_data_places *places, struct er_table *out,
                                        struct er_error *err);

/* How a study's results came to be. Texts are in the struct, "" where nothing is known. */
struct er_provenance {
    int64_t runs, present;
    char computed_from[32], computed_to[32]; /* first and last finish, ISO 8601, UTC */
    double seconds;                          /* of computing, summed over runs of different keys */
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
