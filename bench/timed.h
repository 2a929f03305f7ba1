/* timed.h - the trainings that are timed: the cases of cases.def, their networks, and synthetic data of their
 * shapes. For the benchmarks and for `ermine bench`.
 */
#ifndef ERMINE_BENCH_TIMED_H
#define ERMINE_BENCH_TIMED_H

#include "core/number.h"

#include <ermine/data.h>
#include <ermine/net.h>
#include <ermine/pool.h>

struct timed_case {
    const char *id, *model;
    struct er_shape shape;
    int64_t classes, batch;
    int64_t members;  /* in bench_train */
    int64_t examples; /* so many that a batch is rarely seen twice in cache */
};

/* All cases; ended by one without id. */
static const struct timed_case timed_cases[] = {
#define CASE(id, model, height, width, channels, classes, batch, members, examples)                          \
    {id, model, {height, width, channels}, classes, batch, members, examples},
#include "bench/cases.def"
#undef CASE
    {0},
};

/* The case's network, freed by er_net_free(). ER_E_INPUT when this version doesn't know its model. */
static inline enum er_status timed_net(const struct timed_case *what, struct er_net **net,
                                       struct er_error *err)
{
    struct er_model *model = NULL;
    enum er_status status = er_model_parse(what->model, &model, err);
    if (status == ER_OK) status = er_net_new(model, what->shape, what->classes, "cross-entropy", net, err);
    er_model_free(model);
    return status;
}

/* Gaussian classes of the case's shape; cleared by er_split_clear(). */
static inline enum er_status timed_data(const struct timed_case *what, struct er_split *split,
                                        struct er_error *err)
{
    struct er_data_spec spec = er_data_spec_default();
    spec.name = "gaussian-mixture";
    spec.dimension = er_shape_size(what->shape);
    spec.classes = what->classes;
    spec.separation = 4;
    spec.noise = 1;
    spec.train = what->examples;
    spec.test = 1;
    enum er_status status = er_data_open(&spec, &(struct er_data_places){0}, split, err);
    if (status == ER_OK) split->train.shape = what->shape;
    return status;
}

/* Reads the number of threads of an option. */
static inline bool timed_threads(const char *text, int *threads)
{
    int64_t n;
    if (!er_number_integer(text, &n) || n < 1 || n > ER_POOL_MAX_THREADS) return false;
    *threads = (int)n;
    return true;
}

#endif
