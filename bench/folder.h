/* folder.h - a network, its data and what became of its members, as bench/peers/README.md says ("A folder").
 *
 * Each function writes its files into a folder that is there, and is false after a message on stderr.
 */
#ifndef ERMINE_BENCH_FOLDER_H
#define ERMINE_BENCH_FOLDER_H

#include "npy_write.h"

#include <ermine/memory.h>
#include <ermine/random.h>
#include <ermine/train.h>

enum { TRACE_MOST = 64 }; /* records of a member */

/* What a member leaves behind. */
struct trace {
    double flops;
    int64_t n;
    struct er_curve_point point[TRACE_MOST];
};

/* The `end` of er_train_events whose `ctx` has a trace for each member. That a member learns nothing is an
 * error. */
static inline enum er_status trace_end(void *ctx, int64_t member, const struct er_train_result *result,
                                       struct er_error *err)
{
    struct trace *t = (struct trace *)ctx + member;
    const struct er_curve_point *first = result->curve, *last = &first[result->n_curve - 1];
    if (result->n_curve > TRACE_MOST)
        return er_fail(err, ER_E_LIMIT, "member %d has %d records, not at most %d", (int)member,
                       (int)result->n_curve, TRACE_MOST);
    t->flops = result->flops;
    t->n = result->n_curve;
    for (int64_t i = 0; i < t->n; i++) t->point[i] = first[i];
    if (last->train_loss < first->train_loss) return ER_OK;
    return er_fail(err, ER_E_NONFINITE, "the training loss of member %d did not fall: from %g to %g",
                   (int)member, first->train_loss, last->train_loss);
}

/* What model.json says. The data may have its examples in another shape of the same size. */
struct folder_about {
    const char *id, *model; /* its canonical text */
    struct er_shape shape;
    int64_t members;
    bool evaluation; /* the gradient is of the net in evaluation mode */
};

/* model.json, x and y. `member` has the net, the data and the specification of all members. */
static inline bool folder_about(const char *folder, const struct folder_about *about,
                                const struct er_member *member)
{
    char path[4096];
    const struct er_dataset *data = member->train;
    const struct er_optimiser *sgd = &member->spec.optimiser;
    const struct er_shape s = about->shape;
    snprintf(path, sizeof path, "%s/model.json", folder);
    FILE *file = fopen(path, "w");
    if (!file) return perror(path), false;
    fprintf(file,
            "{\"id\": \"%s\", \"model\": \"%s\", \"input\": [%d, %d, %d], \"classes\": %d, \"loss\": "
            "\"cross-entropy\",\n \"batch\": %d, \"rate\": %g, \"momentum\": %g, \"members\": %d, "
            "\"parameters\": %lld, \"training\": %s}\n",
            about->id, about->model, (int)s.height, (int)s.width, (int)s.channels, (int)data->classes,
            (int)sgd->batch, sgd->rate, sgd->momentum, (int)about->members,
            (long long)er_net_parameters(member->net), about->evaluation ? "false" : "true");
    if (fclose(file) != 0) return perror(path), false;
    return npy_write(folder, "x", "<f4", 4, (int64_t[NPY_RANK]){data->n, s.height, s.width, s.channels},
                     data->x) &&
           npy_write(folder, "y", "<i4", 1, (int64_t[NPY_RANK]){data->n}, data->label);
}

/* The order of the n examples in an epoch, as er_train() has it. */
static inline void epoch_order(const struct er_member *member, int64_t epoch, int64_t n, int64_t order[])
{
    struct er_random r = er_random_open(member->seed_batches, er_stream(ER_PURPOSE_BATCHES, (uint64_t)epoch));
    er_random_permutation(&r, n, order);
}

/* w0 and order: initial weights, and the order of the examples in each epoch, of M members. */
static inline bool folder_starts(const char *folder, const struct er_member *member, int64_t M,
                                 int64_t epochs)
{
    const int64_t n = member->train->n, P = er_net_parameters(member->net),
                  S = er_net_statistics(member->net);
    float *w = er_alloc(M * P, sizeof *w), *statistics = er_alloc(S + 1, sizeof *statistics);
    int32_t *order = er_alloc(M * epochs * n, sizeof *order);
    int64_t *one = er_alloc(n, sizeof *one);
    bool done = w && statistics && order && one;
    if (!done) fprintf(stderr, "%s: out of memory\n", folder);
    for (int64_t m = 0; m < M && done; m++) {
        er_net_initialise(member[m].net, member[m].seed_initialise, w + m * P, S ? statistics : NULL);
        for (int64_t e = 0; e < epochs; e++) {
            epoch_order(&member[m], e, n, one);
            for (int64_t i = 0; i < n; i++) order[(m * epochs + e) * n + i] = (int32_t)one[i];
        }
    }
    done = done && npy_write(folder, "w0", "<f4", 2, (int64_t[NPY_RANK]){M, P}, w) &&
           npy_write(folder, "order", "<i4", 3, (int64_t[NPY_RANK]){M, epochs, n}, order);
    er_free(w);
    er_free(statistics);
    er_free(order);
    er_free(one);
    return done;
}

/* curve: the records of M members, which have equally many. */
static inline bool folder_curves(const char *folder, const struct trace *trace, int64_t M)
{
    const int64_t n = trace->n;
    double *curve = er_alloc(M * n * 2, sizeof *curve);
    if (!curve) fprintf(stderr, "%s: out of memory\n", folder);
    for (int64_t m = 0; m < M && curve; m++)
        for (int64_t i = 0; i < n; i++) {
            curve[2 * (m * n + i)] = (double)trace[m].point[i].step;
            curve[2 * (m * n + i) + 1] = trace[m].point[i].train_loss;
        }
    const bool done = curve && npy_write(folder, "curve", "<f8", 3, (int64_t[NPY_RANK]){M, n, 2}, curve);
    er_free(curve);
    return done;
}

#endif
