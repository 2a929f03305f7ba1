/* minima_asked.h - minima of one net on one split by any sampler, each as a few numbers, in an order that does not
 * depend on who found them first.
 */
#ifndef ERMINE_EXPERIMENTS_MINIMA_ASKED_H
#define ERMINE_EXPERIMENTS_MINIMA_ASKED_H

#include <ermine/minima.h>
#include <ermine/schema.h>

enum { ER_ASKED_VALUES = 2 };

/* One minimum: the number of its request, its own within that, and what was made of it. */
struct er_asked_row {
    int64_t request, number;
    double value[ER_ASKED_VALUES];
};

/* What was found, by request and number; those that do not interpolate are left out. */
struct er_asked {
    struct er_asked_row *row; /* n of them, in a room that grows */
    int64_t n, room;
    int64_t tried; /* of all requests */
};

/* Makes numbers of a minimum. Calls may come from several threads at once. */
typedef enum er_status er_asked_values(void *ctx, const struct er_minimum *minimum,
                                       double value[ER_ASKED_VALUES], struct er_error *err);

/* Asks `sampler` for minima `first` .. first + n - 1 of a point (er_minimum_request_of()), one request each, and adds
 * what is found to *out. Errors: er_minima_find()'s, those of `values`, ER_E_NOMEM. */
enum er_status er_asked_find(const struct er_point *point, const struct er_split *split,
                             const struct er_net *net, const struct er_sampler *sampler, int64_t first,
                             int64_t n, struct er_pool *pool, const struct er_progress *progress,
                             er_asked_values *values, void *ctx, struct er_asked *out, struct er_error *err);
void er_asked_clear(struct er_asked *asked);

/* Progress of runs of several such calls each, in runs. */
struct er_asked_progress {
    const char *what;                 /* the experiment */
    const struct er_progress *caller; /* or NULL */
    int64_t run, runs;                /* done or passed over; all */
    int64_t part, parts;              /* calls of a run: done, all */
};
/* What a call is to be given. Borrows p. */
struct er_progress er_asked_progress_part(struct er_asked_progress *p);

/* A run has ended, or there was nothing to do for it: reported. */
void er_asked_progress_end(struct er_asked_progress *p);

#endif
