/* lazy_watch.c - see lazy_watch.h. The test examples pass in lots of as many as there are training examples. */
#include "experiments/lazy_watch.h"

#include <ermine/memory.h>
#include <math.h>
#include <string.h>

double er_lazy_mse(const struct er_regression *part, const double *f)
{
    double sum = 0;
    for (int64_t i = 0; i < part->n; i++) sum += (f[i] - part->y[i]) * (f[i] - part->y[i]);
    return part->n ? sum / (double)part->n : (double)NAN;
}

/* Share of the examples on the wrong side; an output that is NaN is wrong. */
static double error_of(const struct er_regression *part, const double *f)
{
    int64_t wrong = 0;
    if (!part->label || part->n == 0) return (double)NAN;
    for (int64_t i = 0; i < part->n; i++) wrong += !(part->y[i] > 0 ? f[i] >= 0 : f[i] < 0);
    return (double)wrong / (double)part->n;
}

double er_lazy_watch_numbers(int64_t n, int64_t m, int64_t d, int64_t units)
{
    const double N = (double)n, M = (double)units + ER_LAZY_LANES, D = (double)d;
    return 2 * M * (D + 1) + N * (7 * M + 6 * N + 6) + (double)m * (N + 2);
}

static enum er_status allocate(struct er_lazy_watch *w, struct er_error *err)
{
    const int64_t n = w->split->train.n, m = w->split->test.n, size = er_lazy_hidden_size(&w->network, n),
                  room = 2 * n * w->network.units;
    w->f = er_alloc(n, sizeof *w->f);
    w->c = er_alloc(n, sizeof *w->c);
    w->hidden = er_alloc(size, sizeof *w->hidden);
    w->hidden_start = er_alloc(size, sizeof *w->hidden_start);
    w->inner = er_alloc(n * n, sizeof *w->inner);
    w->K_start = er_alloc(n * n, sizeof *w->K_start);
    w->K = er_alloc(n * n, sizeof *w->K);
    w->room = er_alloc(room, sizeof *w->room);
    w->f_test_start = er_alloc(m, sizeof *w->f_test_start);
    w->f_test = er_alloc(m, sizeof *w->f_test);
    w->k_test = er_alloc(m * n, sizeof *w->k_test);
    w->hidden_test = er_alloc(size, sizeof *w->hidden_test);
    w->room_test = er_alloc(room, sizeof *w->room_test);
    if (w->f && w->c && w->hidden && w->hidden_start && w->inner && w->K_start && w->K && w->room &&
        w->f_test_start && w->f_test && w->k_test && w->hidden_test && w->room_test)
        return ER_OK;
    return er_fail(err, ER_E_NOMEM, "lazy: out of memory for outputs and kernels");
}

static struct er_lazy_examples training(const struct er_lazy_watch *w)
{
    return (struct er_lazy_examples){
        .n = w->split->train.n, .x = w->split->train.x, .hidden = w->hidden, .room = w->room};
}

/* Outputs on the test set, and with `kernel` the kernel between it and the training set. */
static void look_at_test(struct er_lazy_watch *w, double *f, double *kernel)
{
    const struct er_regression *test = &w->split->test;
    const struct er_lazy_examples train = training(w);
    struct er_lazy_examples lot = {.hidden = w->hidden_test, .room = w->room_test};
    for (int64_t i = 0; i < test->n; i += lot.n) {
        lot.n = test->n - i < train.n ? test->n - i : train.n;
        lot.x = test->x + i * test->d;
        er_lazy_network_outputs(&w->network, lot.n, lot.x, w->hidden_test, f + i);
        if (!kernel) continue;
        er_lazy_inner(test->d, &lot, &train, w->K);
        er_lazy_kernel(&w->network, &lot, &train, w->K, kernel + i * train.n);
    }
}

/* All that is known of the start. */
static enum er_status begin(struct er_lazy_watch *w, struct er_error *err)
{
    const struct er_regression *train = &w->split->train;
    const int64_t n = train->n;
    const struct er_lazy_examples examples = training(w);
    er_lazy_network_outputs(&w->network, n, train->x, w->hidden, w->f);
    memcpy(w->hidden_start, w->hidden, (size_t)er_lazy_hidden_size(&w->network, n) * sizeof *w->hidden);
    er_lazy_inner(train->d, &examples, &examples, w->inner);
    er_lazy_kernel(&w->network, &examples, &examples, w->inner, w->K_start);
    w->alignment = er_lazy_alignment(n, w->K_start, train->y);
    w->centred = er_lazy_alignment_centred(n, w->K_start, train->y, w->room);
    er_lazy_kernel_infinite(n, train->d, train->x, w->K);
    w->infinite = er_lazy_kernel_distance(n, w->K_start, w->K);
    look_at_test(w, w->f_test_start, w->k_test);
    for (int64_t i = 0; i < n; i++) w->c[i] = train->y[i] - w->f[i];
    return er_lazy_linear_new(n, w->K_start, w->c, &w->linear, err);
}

enum er_status er_lazy_watch_new(struct er_lazy_network *take, const struct er_regression_split *split,
                                 struct er_lazy_watch *out, struct er_error *err)
{
    struct er_lazy_watch w = {.split = split, .network = *take};
    *take = (struct er_lazy_network){0};
    enum er_status status = er_lazy_network_copy(&w.network, &w.start, err);
    if (status == ER_OK) status = allocate(&w, err);
    if (status == ER_OK) status = begin(&w, err);
    if (status == ER_OK)
        *out = w;
    else
        er_lazy_watch_clear(&w);
    return status;
}

void er_lazy_watch_clear(struct er_lazy_watch *watch)
{
    double *const part[] = {
        watch->f,       watch->c,           watch->hidden,   watch->hidden_start, watch->inner,
        watch->K_start, watch->K,           watch->room,     watch->k_test,       watch->f_test_start,
        watch->f_test,  watch->hidden_test, watch->room_test};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) er_free(part[i]);
    er_lazy_network_clear(&watch->network);
    er_lazy_network_clear(&watch->start);
    er_lazy_linear_clear(&watch->linear);
    *watch = (struct er_lazy_watch){0};
}

/* Of the linearised model with coefficients w->c: its squared error, and its squared distance to f_test, both means over
 * the test set. */
static double look_at_linear(const struct er_lazy_watch *w, double *distance)
{
    const struct er_regression *test = &w->split->test;
    const int64_t n = w->split->train.n;
    double squared = 0, apart = 0;
    for (int64_t i = 0; i < test->n; i++) {
        double f = w->f_test_start[i];
        for (int64_t j = 0; j < n; j++) f += w->k_test[i * n + j] * w->c[j];
        squared += (f - test->y[i]) * (f - test->y[i]);
        apart += (f - w->f_test[i]) * (f - w->f_test[i]);
    }
    const double each = test->n ? 1 / (double)test->n : (double)NAN;
    *distance = sqrt(apart * each);
    return squared * each;
}

void er_lazy_watch_look(struct er_lazy_watch *watch, double rate, double steps, struct er_lazy_sight *out)
{
    const struct er_regression *train = &watch->split->train, *test = &watch->split->test;
    const int64_t n = train->n;
    const struct er_lazy_examples examples = training(watch);
    look_at_test(watch, watch->f_test, NULL);
    er_lazy_kernel(&watch->network, &examples, &examples, watch->inner, watch->K);
    er_lazy_linear_after(&watch->linear, rate, steps, watch->c);
    *out =
        (struct er_lazy_sight){.train_mse = er_lazy_mse(train, watch->f),
                               .test_mse = er_lazy_mse(test, watch->f_test),
                               .train_error = error_of(train, watch->f),
                               .test_error = error_of(test, watch->f_test),
                               .movement = er_lazy_network_movement(&watch->network, &watch->start),
                               .flips = er_lazy_flips(&watch->network, n, watch->hidden, watch->hidden_start),
                               .distance = er_lazy_kernel_distance(n, watch->K, watch->K_start),
                               .angle = er_lazy_kernel_angle(n, watch->K, watch->K_start),
                               .alignment = er_lazy_alignment(n, watch->K, train->y),
                               .centred = er_lazy_alignment_centred(n, watch->K, train->y, watch->room)};
    out->linear_test_mse = look_at_linear(watch, &out->gap);
}

double er_lazy_watch_limit(struct er_lazy_watch *watch)
{
    double distance;
    er_lazy_linear_after(&watch->linear, 1, (double)INFINITY, watch->c);
    return look_at_linear(watch, &distance);
}
