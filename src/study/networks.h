/* networks.h - the networks that are kept of runs: files beside the store, and the table that knows them.
 *
 *     FOLDER/networks/STUDY/KEY-MOMENT.safetensors
 *
 * FOLDER is the store's, KEY the first 12 characters of the run's key, MOMENT init, epoch-N or end. A file is
 * there before the table knows of it, and a moment that training did not come to is known by an empty name.
 * What a run keeps is no part of its key: a finished run of which networks are missing is computed again.
 */
#ifndef ERMINE_STUDY_NETWORKS_H
#define ERMINE_STUDY_NETWORKS_H

#include "study/job.h"

/* The moments that run i of the job is to be kept at, as er_member.keep; "" when none. */
const char *er_networks_keep(const struct er_job *job, int64_t run);

/* Whether nothing of `keep` (NULL: nothing is asked for) is missing for this key: known to the table, and the
 * file there. Within a transaction. */
enum er_status er_networks_look(struct er_store *store, const char *key, const char *keep, bool *all,
                                struct er_error *err);

/* The path of a file that the table names, or of another name beside the store; freed by er_free(). */
enum er_status er_networks_path(const struct er_store *store, const char *file, char **out,
                                struct er_error *err);

/* Writes the file of run i's network, and notes it. */
enum er_status er_networks_write(struct er_store *store, const struct er_job *job, int64_t run,
                                 const struct er_kept_network *kept, struct er_error *err);

/* Notes the moments of `keep` that the run, which has ended, did not come to. Within a transaction. */
enum er_status er_networks_finish(struct er_store *store, const char *key, const char *keep,
                                  struct er_error *err);

#endif
