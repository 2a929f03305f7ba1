/* results.h - values of measures that stay: a file to which a line is appended for each.
 *
 *     MODEL DIGEST MEASURE VERSION VALUE REASON      with a tab between
 *
 * DIGEST is the hash of the model's files and the data; VALUE is in shortest exact form, empty where REASON says why there is
 * none. Tabs and line ends of texts are blanks. A line without an end was cut by a crash and counts as absent. Lines of one
 * key hold one value.
 */
#ifndef ERMINE_PGDL_RESULTS_H
#define ERMINE_PGDL_RESULTS_H

#include <ermine/memory.h>

struct er_pgdl_results;

struct er_pgdl_result {
    const char *digest, *measure;
    int version;
    double value;       /* NaN: none */
    const char *reason; /* NULL: there is a value */
};

/* Opens the file for appending, and reads what is there; a file that is missing is made. `path` NULL: nothing is kept. ER_E_IO,
 * ER_E_INPUT (it is no such file), ER_E_NOMEM. */
enum er_status er_pgdl_results_open(const char *path, struct er_pgdl_results **out, struct er_error *err);
void er_pgdl_results_close(struct er_pgdl_results *results);

/* What was read, or NULL; never what er_pgdl_results_add() has added. Any thread. */
const struct er_pgdl_result *er_pgdl_results_find(const struct er_pgdl_results *results, const char *digest,
                                                  const char *measure, int version);

/* Appends a line in one write. Any thread. ER_E_IO, ER_E_FULL, ER_E_NOMEM. */
enum er_status er_pgdl_results_add(struct er_pgdl_results *results, const char *model,
                                   const struct er_pgdl_result *result, struct er_error *err);

#endif
