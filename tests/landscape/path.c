/* Paths: their formulas, barriers, the training of their bends; batch norm's moments measured anew. */
#include "landscape/path.h"
#include "support/blobs.h"
#include "support/needed.h"
#include "support/small_net.h"
#include "t.h"

#include <ermine/derivatives.h>
#include <ermine/networks.h>
#include <ermine/random.h>

enum { N = 60, D = 6, CLASSES = 3, PLACES = 9 };

static const enum er_path_kind kinds[] = {ER_PATH_LINE, ER_PATH_BEZIER, ER_PATH_CHAIN};
static const char MODEL[] = "[dense 8, tanh, dense]";

static bool same_bits(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

static float *drawn(uint64_t stream, int64_t n)
{
    float *v = needed(n, sizeof *v);
    small_net_draw(stream, n, v, NULL);
    return v;
}

/* Ends to the bit; a path of equal ends and bend stands still to the bit; a curve whose bend is the middle is the
 * line (self-test 13 of the reference), to the rounding of the middle and of the result, 2^-24 of the numbers. */
static void check_formulas(void)
{
    enum { P = 300 };
    float *a = drawn(20, P), *b = drawn(21, P), *c = drawn(22, P), w[P], line[P];
    for (int k = 0; k < 3; k++) {
        const struct er_path path = {kinds[k], a, b, c}, still = {kinds[k], a, a, a};
        er_path_at(&path, P, 0, w);
        T_OK(same_bits(w, a, sizeof w), "%s begins at A", er_path_kind_text(kinds[k]));
        er_path_at(&path, P, 1, w);
        T_OK(same_bits(w, b, sizeof w), "%s ends at B", er_path_kind_text(kinds[k]));
        for (int i = 0; i <= 100; i++) {
            er_path_at(&still, P, i / 100.0, w);
            T_OK(same_bits(w, a, sizeof w), "%s stands still at %d", er_path_kind_text(kinds[k]), i);
        }
    }
    const struct er_path chain = {ER_PATH_CHAIN, a, b, c}, straight = {ER_PATH_LINE, a, b, NULL};
    er_path_at(&chain, P, 0.5, w);
    T_OK(same_bits(w, c, sizeof w), "a chain passes its bend");
    er_path_at(&straight, P, 0.5, c);
    for (int k = 1; k < 3; k++)
        for (int i = 0; i <= 16; i++) {
            const struct er_path path = {kinds[k], a, b, c};
            er_path_at(&path, P, i / 16.0, w);
            er_path_at(&straight, P, i / 16.0, line);
            double off = 0;
            for (int j = 0; j < P; j++)
                off = fmax(off,
                           fabs((double)w[j] - (double)line[j]) / (fabs((double)a[j]) + fabs((double)b[j])));
            T_OK(off <= 0x1p-23, "%s by the middle at %d/16, off by %g", er_path_kind_text(kinds[k]), i, off);
        }
    const struct er_path bezier = {ER_PATH_BEZIER, a, b, a};
    er_path_at(&bezier, P, 0.25, w);
    T_CLOSE(w[0], 0.9375 * (double)a[0] + 0.0625 * (double)b[0], 1e-6, "a Bezier curve with its bend at A");
    er_free(a);
    er_free(b);
    er_free(c);
}

static void check_barriers(void)
{
    const struct er_path_point hill[] = {
        {0, 1, 0, 5, .5}, {.25, 2, .5, 5, .5}, {.5, 3, 0, (double)NAN, .5}, {1, 3, 0, 5, .5}};
    T_CLOSE(er_path_barrier(hill, 4, ER_PATH_TRAIN_LOSS), 1, 0, "3 where the chord is 2");
    T_CLOSE(er_path_most(hill, 4, ER_PATH_TRAIN_LOSS), 3, 0, "the most");
    T_CLOSE(er_path_barrier(hill, 4, ER_PATH_TRAIN_ERROR), .5, 0, "of the error");
    T_CLOSE(er_path_barrier(hill, 4, ER_PATH_TEST_ERROR), 0, 0, "none");
    T_OK(isnan(er_path_barrier(hill, 4, ER_PATH_TEST_LOSS)) &&
             isnan(er_path_most(hill, 4, ER_PATH_TEST_LOSS)),
         "NaN is not passed over");
    const struct er_path_point valley[] = {{0, 2, 0, 0, 0}, {.5, 0, 0, 0, 0}, {1, 1, 0, 0, 0}};
    T_CLOSE(er_path_barrier(valley, 3, ER_PATH_TRAIN_LOSS), 0, 0, "a valley has none");
    struct er_path_point flat[21];
    for (int i = 0; i < 21; i++) flat[i] = (struct er_path_point){i / 20.0, 0.1, 0, 0.3, 0};
    T_OK(er_path_barrier(flat, 21, ER_PATH_TRAIN_LOSS) == 0, "exactly 0 between equal values");
}

/* A net with itself, and the same bits on any number of threads, at every place what er_network_measure() says. */
static void check_measures(const char *model)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, model, "cross-entropy", N, D, CLASSES)) {
        float *b = drawn(23, s.P);
        const struct er_path path = {ER_PATH_LINE, s.w, b, NULL}, still = {ER_PATH_LINE, s.w, s.w, NULL};
        struct er_path_point one[PLACES], many[PLACES];
        T_STATUS(er_path_measure(s.net, &path, &s.set, &s.set, PLACES, NULL, NULL, one, &err), ER_OK,
                 "measure");
        for (int threads = 1; threads <= 3; threads++) {
            struct er_pool *pool = needed_pool(threads);
            T_STATUS(er_path_measure(s.net, &path, &s.set, &s.set, PLACES, pool, NULL, many, &err), ER_OK,
                     "measure");
            T_OK(same_bits(one, many, sizeof one), "%s: %d threads", model, threads);
            er_pool_free(pool);
        }
        T_OK(one[0].train_loss == one[0].test_loss && one[3].train_error == one[3].test_error,
             "one set as both");
        T_OK(one[0].train_loss != one[PLACES - 1].train_loss, "ends differ");
        struct er_dataset half =
            s.set; /* trained on half, tested on the rest: moments are those of training */
        half.n /= 2;
        struct er_dataset rest = s.set;
        rest.x += half.n * D;
        rest.label += half.n;
        rest.n -= half.n;
        float *statistics = needed(er_net_statistics(s.net) + 1, sizeof *statistics);
        const struct er_network first = {.w = s.w, .statistics = statistics};
        struct er_network_measures want;
        T_STATUS(er_path_measure(s.net, &path, &half, &rest, PLACES, NULL, NULL, many, &err), ER_OK,
                 "halves");
        T_STATUS(er_statistics_measure(s.net, s.w, &half, statistics, &err), ER_OK, "moments of one");
        T_STATUS(er_network_measure(s.net, &first, &rest, &want, &err), ER_OK, "loss of the other");
        T_OK(many[0].test_loss == want.loss && many[0].test_error == want.error, "%s: on the test set",
             model);
        er_free(statistics);
        T_STATUS(er_path_measure(s.net, &still, &s.set, NULL, PLACES, NULL, NULL, many, &err), ER_OK,
                 "measure");
        T_OK(er_path_barrier(many, PLACES, ER_PATH_TRAIN_LOSS) == 0, "%s: no barrier from a net to itself",
             model);
        T_OK(many[0].train_loss == one[0].train_loss && isnan(many[0].test_loss),
             "and the loss is that of the net");
        T_ALLOCATIONS(er_path_measure(s.net, &path, &s.set, NULL, 2, NULL, NULL, many, &err), (void)0,
                      "memory");
        const atomic_bool stop = true;
        const struct er_progress progress = {.stop = &stop};
        T_STATUS(er_path_measure(s.net, &path, &s.set, NULL, 2, NULL, &progress, many, &err), ER_E_STOPPED,
                 "stop");
        T_STATUS(er_path_measure(s.net, &path, &s.set, NULL, 1, NULL, NULL, many, &err), ER_E_USAGE,
                 "places");
        er_free(b);
    }
    small_net_close(&s);
}

static double loss_at(struct er_derivatives *d, const struct er_path *path, int64_t P, double t, float *w)
{
    struct er_error err;
    double loss = (double)NAN;
    er_path_at(path, P, t, w);
    T_STATUS(er_derivatives_loss(d, &loss, NULL, &err), ER_OK, "loss");
    return loss;
}

/* d L(phi(t)) / d C_i = (share of C) (dL/dw)_i, against signed central differences: of step h in float32 their
 * error is about 1e-7 / h + h^2. */
static void check_gradient(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, MODEL, "cross-entropy", N, D, CLASSES)) {
        struct er_derivatives *d = NULL;
        float *b = drawn(24, s.P), *c = drawn(25, s.P), *g = needed(s.P, sizeof *g),
              *w = needed(s.P, sizeof *w);
        const struct er_network network = {.w = w};
        const float h = 1e-2f;
        T_STATUS(er_derivatives_new(s.net, &network, &s.set, NULL, NULL, &d, &err), ER_OK, "derivatives");
        for (int k = 1; k < 3; k++)
            for (int i = 1; i < 8; i += 2) {
                const struct er_path path = {kinds[k], s.w, b, c};
                const double t = i / 8.0, share = er_path_shares(kinds[k], t).bend;
                loss_at(d, &path, s.P, t, w);
                T_STATUS(er_derivatives_gradient(d, g, NULL, NULL, &err), ER_OK, "gradient");
                for (int64_t j = i; j < s.P; j += 13) {
                    const float c0 = c[j];
                    c[j] = c0 + h;
                    const double up = loss_at(d, &path, s.P, t, w);
                    c[j] = c0 - h;
                    const double down = loss_at(d, &path, s.P, t, w),
                                 step = (double)(c0 + h) - (double)(c0 - h);
                    c[j] = c0;
                    T_CLOSE((up - down) / step, share * (double)g[j], 2e-4, "%s, t = %g, %d",
                            er_path_kind_text(kinds[k]), t, (int)j);
                }
            }
        er_derivatives_free(d);
        er_free(b);
        er_free(c);
        er_free(g);
        er_free(w);
    }
    small_net_close(&s);
}

/* Adam in double from its formulas, on whole batches and the places of the stream. Differences of float32's last bits
 * in g are divided by |g|, once a step: a few 1e-4 of the rate. */
static void check_steps(enum er_path_kind kind)
{
    enum { STEPS = 4 };
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, MODEL, "cross-entropy", N, D, CLASSES)) {
        const struct er_path_training training = {.rate = 0.05, .steps = STEPS, .batch = 1000, .seed = 9};
        struct er_derivatives *d = NULL;
        float *b = drawn(26, s.P), *c = needed(s.P, sizeof *c), *g = needed(s.P, sizeof *g),
              *w = needed(s.P, sizeof *w);
        float *bend = needed(s.P, sizeof *bend);
        double *m = needed(3 * s.P, sizeof *m), *v = m + s.P, *exact = v + s.P, off = 0;
        const struct er_path path = {kind, s.w, b, c};
        const struct er_network network = {.w = w};
        struct er_random places = er_random_open(9, er_stream(ER_PURPOSE_PATH, 0));
        T_STATUS(er_derivatives_new(s.net, &network, &s.set, NULL, NULL, &d, &err), ER_OK, "derivatives");
        for (int64_t i = 0; i < s.P; i++) exact[i] = ((double)s.w[i] + (double)b[i]) / 2;
        for (int step = 1; step <= STEPS; step++) {
            const double t = er_random_uniform(&places), share = er_path_shares(kind, t).bend;
            for (int64_t i = 0; i < s.P; i++) c[i] = (float)exact[i];
            er_path_at(&path, s.P, t, w);
            T_STATUS(er_derivatives_gradient(d, g, NULL, NULL, &err), ER_OK, "gradient");
            for (int64_t i = 0; i < s.P; i++) {
                const double slope = share * (double)g[i];
                m[i] = .9 * m[i] + .1 * slope;
                v[i] = .999 * v[i] + .001 * slope * slope;
                exact[i] -= 0.05 * m[i] / (1 - pow(.9, step)) / (sqrt(v[i] / (1 - pow(.999, step))) + 1e-8);
            }
        }
        T_STATUS(er_path_train(s.net, &path, &s.set, &training, NULL, bend, &err), ER_OK, "train");
        for (int64_t i = 0; i < s.P; i++) off = fmax(off, fabs((double)bend[i] - exact[i]));
        T_OK(off < 0.05 * 2e-3, "%s: %d steps of Adam, off by %g", er_path_kind_text(kind), STEPS, off);
        er_derivatives_free(d);
        er_free(b);
        er_free(c);
        er_free(g);
        er_free(w);
        er_free(bend);
        er_free(m);
    }
    small_net_close(&s);
}

/* Two fits whose line crosses a barrier, batches that do not divide the examples: the curve goes round it. */
static void check_training(const char *model)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, model, "cross-entropy", N, D, CLASSES)) {
        struct er_dataset set = blobs_make(N, D, CLASSES, 0.2, 3, 0);
        float *b = drawn(27, s.P), *bend = needed(s.P, sizeof *bend), *again = needed(s.P, sizeof *again);
        const struct er_path_training training = {.rate = 0.02, .steps = 150, .batch = 25, .seed = 1};
        struct er_path path = {ER_PATH_BEZIER, s.w, b, NULL};
        struct er_path_point line[PLACES], curve[PLACES];
        T_STATUS(er_path_train(s.net, &path, &set, &training, NULL, bend, &err), ER_OK, "train");
        T_STATUS(er_path_train(s.net, &path, &set, &training, NULL, again, &err), ER_OK, "train");
        T_OK(same_bits(bend, again, (size_t)s.P * sizeof *bend), "%s: the same bits again", model);
        path.bend = bend;
        T_STATUS(er_path_measure(s.net, &path, &set, NULL, PLACES, NULL, NULL, curve, &err), ER_OK,
                 "measure");
        path.kind = ER_PATH_LINE;
        T_STATUS(er_path_measure(s.net, &path, &set, NULL, PLACES, NULL, NULL, line, &err), ER_OK, "measure");
        double on_line = 0, on_curve = 0;
        for (int i = 1; i < PLACES - 1; i++) {
            on_line += line[i].train_loss;
            on_curve += curve[i].train_loss;
        }
        T_OK(on_curve < 0.6 * on_line, "%s: loss on the way %g, in straight line %g", model, on_curve,
             on_line);
        er_dataset_clear(&set);
        er_free(b);
        er_free(bend);
        er_free(again);
    }
    small_net_close(&s);
}

static void check_refusals(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, MODEL, "cross-entropy", N, D, CLASSES)) {
        float *b = drawn(28, s.P), *bend = needed(s.P, sizeof *bend);
        struct er_path path = {ER_PATH_LINE, s.w, b, NULL};
        struct er_path_training training = er_path_training_default();
        T_CLOSE(training.rate, 3e-3, 0, "the rate of the note's curves");
        T_STATUS(er_path_train(s.net, &path, &s.set, &training, NULL, bend, &err), ER_E_USAGE, "a line");
        path.kind = ER_PATH_CHAIN;
        struct er_dataset none = s.set, wide = s.set;
        none.n = 0;
        wide.shape.channels++;
        T_STATUS(er_path_train(s.net, &path, &none, &training, NULL, bend, &err), ER_E_USAGE, "no examples");
        T_STATUS(er_path_train(s.net, &path, &wide, &training, NULL, bend, &err), ER_E_SHAPE, "inputs");
        const struct er_path_training wrong[] = {{0, 1, 1, 0}, {1, 0, 1, 0}, {1, 1, 0, 0}};
        for (int i = 0; i < 3; i++)
            T_STATUS(er_path_train(s.net, &path, &s.set, &wrong[i], NULL, bend, &err), ER_E_USAGE, "field %d",
                     i);
        training = (struct er_path_training){.rate = 1e-3, .steps = 3, .batch = 7};
        T_ALLOCATIONS(er_path_train(s.net, &path, &s.set, &training, NULL, bend, &err), (void)0, "memory");
        atomic_bool stop = true;
        const struct er_progress progress = {.stop = &stop};
        T_STATUS(er_path_train(s.net, &path, &s.set, &training, &progress, bend, &err), ER_E_STOPPED, "stop");
        b[3] = NAN;
        T_STATUS(er_path_train(s.net, &path, &s.set, &training, NULL, bend, &err), ER_E_NONFINITE, "an end");
        T_OK(strstr(err.msg, "at step 1 of its bend") != NULL, "%s", err.msg);
        er_free(b);
        er_free(bend);
    }
    small_net_close(&s);
}

/* The moments of a first batch norm are those of the data, whatever the batches: here three of 512 and a rest, in
 * double and two passes. Of a single batch, evaluation gives what training gives, but for n / (n - 1). */
static void check_statistics(void)
{
    enum { MANY = 1700 };
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[batch_norm momentum=0.3, dense 7, batch_norm, relu, dense]", "cross-entropy",
                       MANY, D, CLASSES)) {
        float *got = needed(er_net_statistics(s.net), sizeof *got);
        for (int64_t i = 0; i < MANY * D; i++) s.set.x[i] += i < MANY * D / 2 ? 4 : -1; /* batches differ */
        T_STATUS(er_statistics_measure(s.net, s.w, &s.set, got, &err), ER_OK, "measure");
        for (int j = 0; j < D; j++) {
            double mean = 0, square = 0;
            for (int i = 0; i < MANY; i++) mean += (double)s.set.x[i * D + j] / MANY;
            for (int i = 0; i < MANY; i++) square += pow((double)s.set.x[i * D + j] - mean, 2) / (MANY - 1);
            T_CLOSE(got[j], mean, 1e-6 * (1 + fabs(mean)), "mean %d", j);
            T_CLOSE(got[D + j], square, 1e-6 * square, "variance %d", j);
        }
        s.set.n = 100;
        T_STATUS(er_statistics_measure(s.net, s.w, &s.set, got, &err), ER_OK, "measure");
        struct er_plan *plan = NULL;
        T_STATUS(er_plan_new(s.net, 100, &plan, &err), ER_OK, "plan");
        void *scratch = needed((int64_t)er_plan_scratch_bytes(plan), 1);
        float *f = needed(200 * CLASSES, sizeof *f), *g = f + 100 * CLASSES;
        struct er_network network = {.w = s.w, .statistics = got};
        er_plan_outputs(plan, &network, s.set.x, f, scratch);
        network.training = true;
        er_plan_outputs(plan, &network, s.set.x, g, scratch);
        for (int i = 0; i < 100 * CLASSES; i++) T_CLOSE(f[i], g[i], 0.05, "evaluation as training, %d", i);
        T_ALLOCATIONS(er_statistics_measure(s.net, s.w, &s.set, got, &err), (void)0, "memory");
        s.set.n = 0;
        T_STATUS(er_statistics_measure(s.net, s.w, &s.set, got, &err), ER_E_USAGE, "no examples");
        er_plan_free(plan);
        er_free(scratch);
        er_free(f);
        er_free(got);
    }
    small_net_close(&s);
    if (small_net_open(&s, "[dense 4, batch_norm momentum=0, relu, dense]", "cross-entropy", N, D, CLASSES)) {
        float got[8];
        T_STATUS(er_statistics_measure(s.net, s.w, &s.set, got, &err), ER_E_UNSUPPORTED, "momentum 0");
        T_OK(strstr(err.msg, "layer 2, batch_norm: with momentum 0") != NULL, "%s", err.msg);
    }
    small_net_close(&s);
}

/* A linear network beside itself, and beside its negative: the largest output becomes the least. */
static void check_difference(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense]", "cross-entropy", N, D, CLASSES)) {
        struct er_networks_difference same, turned;
        float *b = needed(s.P, sizeof *b);
        double most = 0;
        for (int64_t i = 0; i < s.P; i++) b[i] = -s.w[i];
        for (int64_t i = 0; i < N * CLASSES; i++) {
            double f = (double)s.w[D * CLASSES + i % CLASSES];
            for (int64_t j = 0; j < D; j++)
                f += (double)s.set.x[i / CLASSES * D + j] * (double)s.w[j * CLASSES + i % CLASSES];
            most = fmax(most, fabs(f));
        }
        struct er_network other = s.network;
        T_STATUS(er_networks_differ(s.net, &s.network, &s.network, &s.set, &same, &err), ER_OK, "itself");
        T_OK(same.disagreement == 0 && same.outputs == 0, "no difference");
        other.w = b;
        T_STATUS(er_networks_differ(s.net, &s.network, &other, &s.set, &turned, &err), ER_OK, "negative");
        T_CLOSE(turned.disagreement, 1, 0, "all predictions differ");
        T_CLOSE(turned.outputs, 2 * most, 1e-5 * most, "largest difference"); /* float32 sums of D terms */
        er_free(b);
    }
    small_net_close(&s);
}

int main(void)
{
    check_formulas();
    check_difference();
    check_barriers();
    check_measures(MODEL);
    check_measures("[dense 8, batch_norm, relu, dense]");
    check_gradient();
    check_steps(ER_PATH_BEZIER);
    check_steps(ER_PATH_CHAIN);
    check_training("[dense 12, relu, dense]");
    check_training("[dense 12, batch_norm, relu, dropout 0.1, dense]");
    check_refusals();
    check_statistics();
    return t_done();
}
