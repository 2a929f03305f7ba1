/* The experiments `posterior` and `matched`: a posterior over functions that is a matter of angles, comparisons worked
 * out by hand, threads. */
#include "experiments/posterior.h"
#include "experiments/data_keys.h"
#include "experiments/matched.h"
#include "experiments/seal.h"
#include "support/experiment_run.h"
#include "support/needed.h"
#include "t.h"

#include <float.h>

enum { FUNCTIONS = 8, ANGLES = 200000, KEPT = 256 };

/* Functions 0 (00), 1 (10), 2 (01) of two test examples with labels 1 and 0: wrong on 1, 0 and 2 of them. */
static void check_compare(void)
{
    static const double names[2][10] = {{0, 0, 0, 0, 1, 1, 1, 2, 2, 2}, {0, 0, 1, 1, 1, 1, 1, 1, 2, 3}};
    int32_t label[2] = {1, 0};
    const struct er_dataset test = {.n = 2, .classes = 2, .label = label};
    struct er_asked sample[2] = {{0}};
    struct er_posterior p;
    struct er_error err;
    for (int k = 0; k < 2; k++) {
        sample[k].row = needed(10, sizeof *sample[k].row);
        sample[k].n = 10;
        for (int i = 0; i < 10; i++) sample[k].row[i].value[ER_POSTERIOR_FUNCTION] = names[k][i];
    }
    T_STATUS(er_posterior_compare(sample, &test, 1, &p, &err), ER_OK, "two samples of ten");
    T_OK(p.n == 4 && p.compared == 3, "four functions, three in both");
    T_OK(p.function[0].name == 1 && p.function[0].count[0] == 3 && p.function[0].count[1] == 6,
         "the one that training finds most often first");
    T_CLOSE(p.overlap, 0.2 + 0.3 + 0.1, 1e-15, "overlap");
    T_CLOSE(p.errors[0], 0.4 * 1 + 0.3 * 0 + 0.3 * 2, 1e-15, "mean errors of the posterior");
    T_CLOSE(p.errors[1], 0.2 * 1 + 0.6 * 0 + 0.1 * 2 + 0.1 * 1, 1e-15, "and of training");
    T_OK(p.truth[0] == 0.3 && p.truth[1] == 0.6, "the true labelling");
    /* logarithms of (4, 3, 3) and (2, 6, 1) */
    const double x[3] = {log(4), log(3), log(3)}, y[3] = {log(2), log(6), log(1)};
    const double mx = (x[0] + x[1] + x[2]) / 3, my = (y[0] + y[1] + y[2]) / 3;
    double xy = 0, xx = 0, yy = 0;
    for (int i = 0; i < 3; i++) {
        xy += (x[i] - mx) * (y[i] - my);
        xx += (x[i] - mx) * (x[i] - mx);
        yy += (y[i] - my) * (y[i] - my);
    }
    T_CLOSE(p.correlation, xy / sqrt(xx * yy), 1e-12, "correlation");
    /* of a posterior with 0.2, 0.4, 0.1 at functions 0, 1, 2 against (2, 6, 1): logarithms, too */
    struct er_wide_function of_wide[3] = {{0, 0.2}, {1, 0.4}, {2, 0.1}};
    const struct er_wide limit = {.function = of_wide, .n = 3, .evidence = 0.5}, none = {0};
    const double u[3] = {log(0.2), log(0.4), log(0.1)}, mu = (u[0] + u[1] + u[2]) / 3;
    double uy = 0, uu = 0;
    for (int i = 0; i < 3; i++) {
        uy += (u[i] - mu) * (y[i] - my);
        uu += (u[i] - mu) * (u[i] - mu);
    }
    T_CLOSE(er_posterior_compare_wide(&p, &limit, &test, 1).correlation, uy / sqrt(uu * yy), 1e-12,
            "correlation with the wide network's");
    T_OK(isnan(er_posterior_compare_wide(&p, &none, &test, 1).overlap), "with none there is none");
    er_free(p.function);
    T_ALLOCATIONS(er_posterior_compare(sample, &test, 2, &p, NULL), er_free(p.function), "comparing");
    for (int k = 0; k < 2; k++) er_asked_clear(&sample[k]);

    const float outputs[6] = {1, 3, 2, 5, 5, 1};
    const int32_t of[2] = {1, 0};
    T_OK(er_posterior_of_outputs(3, 2, 3, outputs) == 1 && er_posterior_of_labels(3, 2, of) == 1,
         "of equal outputs the first");
    T_OK(er_posterior_functions(2, 53) == 0x1p53 && isinf(er_posterior_functions(2, 54)), "so many at most");
}

/* Bins [0, 0.1), [0.1, 1), [1, inf): margins on an edge, a bin of one kind, ranks with a tie. */
static void check_bins(void)
{
    static const double margin[2][6] = {{0.05, 0.1, 0.2, 1, 2, 0}, {0.01, 0.02, 0.5, 0.99, -1, 0.3}};
    static const double error[2][6] = {{0.4, 0.3, 0.2, 0.1, 0.2, 0.9}, {0.5, 0.1, 0.3, 0.4, 0.9, 0.2}};
    struct er_asked kind[2] = {{0}};
    struct er_matched_edges edges;
    struct er_matched m;
    struct er_error err;
    T_STATUS(er_matched_edges_read("0.1, 1", &edges, &err), ER_OK, "two edges");
    for (int k = 0; k < 2; k++) {
        kind[k].row = needed(6, sizeof *kind[k].row);
        kind[k].n = 6;
        for (int i = 0; i < 6; i++) {
            kind[k].row[i].value[ER_MATCHED_MARGIN] = margin[k][i];
            kind[k].row[i].value[ER_MATCHED_ERROR] = error[k][i];
        }
    }
    er_matched_fill(kind, &edges, 2, &m);
    T_EQ_INT(m.n, 3, "three bins");
    T_OK(m.bin[0].count[0] == 1 && m.bin[1].count[0] == 2 && m.bin[2].count[0] == 2, "an edge begins a bin");
    T_OK(m.bin[0].count[1] == 2 && m.bin[1].count[1] == 3 && m.bin[2].count[1] == 0,
         "margins of 0 are in none");
    T_CLOSE(m.bin[1].error[0], 0.25, 1e-15, "mean error");
    T_CLOSE(m.bin[1].standard_error[1], sqrt(0.02 / 2 / 3), 1e-12, "of (.3, .4, .2) its standard error");
    T_OK(isnan(m.bin[0].standard_error[0]) && isnan(m.bin[2].error[1]), "one, none: none");
    T_CLOSE(m.bin[1].margin, sqrt(0.1), 1e-12, "geometric middle");
    T_OK(m.bin[0].margin == 0.05 && m.bin[2].margin == 2, "outer bins");
    T_OK(m.matched == 1, "one bin has two of each");
    T_CLOSE(m.largest_difference, 0.05, 1e-15, "and they differ by that");
    T_CLOSE(m.correlation, -1, 1e-15, "two bins, falling");
    er_matched_fill(kind, &edges, 1, &m);
    T_CLOSE(m.correlation, -1, 1e-15, "three bins, .4 .25 .15");
    kind[0].row[0].value[ER_MATCHED_ERROR] = 0.25; /* ranks 2.5 2.5 1 against 1 2 3 */
    er_matched_fill(kind, &edges, 1, &m);
    T_CLOSE(m.correlation, -1.5 / sqrt(2 * 1.5), 1e-12, "equal errors share a rank");
    er_matched_fill(kind, &edges, 7, &m);
    T_OK(m.matched == 0 && isnan(m.largest_difference) && isnan(m.correlation), "nothing to compare");
    for (int k = 0; k < 2; k++) er_asked_clear(&kind[k]);
    static const char *const wrong[] = {"", "0", "0.1 0.1", "0.2 0.1", "0.1 x", "0.1 -1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        T_STATUS(er_matched_edges_read(wrong[i], &edges, &err), ER_E_INPUT, "edges '%s'", wrong[i]);
}

/* Two inputs, no bias: f = w . x, and only the angle of w counts, which is uniform. Every angle of a fine grid is tried,
 * in double. */
static void angles(const struct er_split *split, double p[FUNCTIONS], double *acceptance)
{
    double fits = 0;
    for (int f = 0; f < FUNCTIONS; f++) p[f] = 0;
    for (int a = 0; a < ANGLES; a++) {
        const double w[2] = {cos(2 * M_PI * a / ANGLES), sin(2 * M_PI * a / ANGLES)};
        bool fit = true;
        int name = 0;
        for (int64_t i = 0; i < split->train.n; i++) {
            const float *x = split->train.x + 2 * i;
            fit = fit && (w[0] * (double)x[0] + w[1] * (double)x[1] > 0) == (split->train.label[i] == 1);
        }
        for (int64_t i = 0; i < split->test.n; i++)
            name |= (w[0] * (double)split->test.x[2 * i] + w[1] * (double)split->test.x[2 * i + 1] > 0) << i;
        fits += fit;
        p[name] += fit;
    }
    for (int f = 0; f < FUNCTIONS; f++) p[f] /= fits;
    *acceptance = fits / ANGLES;
}

#define LINEAR                                                                                               \
    "study: s\ndata: {name: gaussian-mixture, train: 4, test: 3, noise: 2, standardise: none, seed: 3}\n"    \
    "model: [dense bias=false]\n"                                                                            \
    "train: {loss: logistic, sgd: {rate: 0.5, batch: 2}, until: {train_error: 0}, epochs: 200}\n"

static void check_posterior(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(
        LINEAR "minima: {draws: 60000, most: 60000}\nposterior: {trainings: 300, least: 5}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "a linear posterior");
    const struct er_data_spec spec = er_data_keys_spec(er_study_point(r->study, 0));
    struct er_split split;
    double want[FUNCTIONS], acceptance, sum = 0, errors = 0;
    T_STATUS(er_data_open(&spec, NULL, &split, &err), ER_OK, "its data");
    angles(&split, want, &acceptance);
    T_OK(acceptance > 0.05 && acceptance < 0.95, "neither easy nor hopeless: %g", acceptance);
    T_CLOSE(experiment_value(r, 0, "acceptance"), acceptance,
            5 * sqrt(acceptance * (1 - acceptance) / 60000) + 2.0 / ANGLES, "share of angles that fit");
    const double n = experiment_value(r, 0, "bayes_found");
    const double *p = experiment_curve(r, 0, "p_bayes"), *q = experiment_curve(r, 0, "p_sgd"),
                 *wide = experiment_curve(r, 0, "p_wide"), *wrong = experiment_curve(r, 0, "wrong");
    const int64_t rows = r->record[0].n_curve;
    T_OK(rows == (int64_t)experiment_value(r, 0, "functions") && rows >= 2, "%d functions", (int)rows);
    for (int64_t i = 0; i < rows; i++) { /* which function it is, by its probability: they are few */
        const double share = isnan(p[i]) ? 0 : p[i];
        bool known = false;
        for (int f = 0; f < FUNCTIONS; f++) {
            int mistakes = 0;
            for (int k = 0; k < 3; k++) mistakes += (f >> k & 1) != split.test.label[k];
            known = known || (mistakes == (int)wrong[i] &&
                              fabs(share - want[f]) < 5 * sqrt(want[f] * (1 - want[f]) / n) + 4.0 / ANGLES);
        }
        T_OK(known, "function %d: posterior probability %g is an arc's", (int)i + 1, share);
        T_CLOSE(isnan(wide[i]) ? 0 : wide[i], share, 5 / sqrt(n), "and the Gaussian process agrees");
        sum += isnan(q[i]) ? 0 : q[i];
        errors += share * wrong[i];
        if (i > 0 && !isnan(q[i])) T_OK(q[i] <= q[i - 1], "in the order of training's probabilities");
    }
    T_CLOSE(experiment_value(r, 0, "wide_evidence"), acceptance, 5 * 0.5 / sqrt(20000),
            "evidence is acceptance");
    T_CLOSE(sum, 1, 1e-12, "probabilities of training");
    T_CLOSE(experiment_value(r, 0, "bayes_errors"), errors, 1e-12, "mean errors");
    T_CLOSE(experiment_value(r, 0, "chance_errors"), 1.5, DBL_EPSILON, "chance");
    T_OK(experiment_value(r, 0, "overlap") <= 1 + 1e-12, "overlap");
    er_split_clear(&split);
    experiment_runs_free(r);
}

static struct er_net *net_of(const char *text, int64_t inputs, const char *loss, int64_t classes)
{
    struct er_error err;
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(model, (struct er_shape){1, 1, inputs}, classes, loss, &net, &err), ER_OK, "%s",
             text);
    er_model_free(model);
    if (!net) exit(t_done());
    return net;
}

/* He's variance 2 / I makes relu keep the length: K(x, x) = |x|^2 / I + biases. Opposite inputs are independent but for
 * biases, orthogonal ones have E relu relu = |x| |y| / (2 pi). uniform: a third of the square. */
static void check_kernel(void)
{
    const float x[6] = {3, 4, -3, -4, 4, -3};
    double k[9];
    struct er_net *net = net_of("[dense 7, relu, dense init=standard bias_scale=0.5]", 2, "logistic", 2);
    T_OK(er_wide_has(net), "dense and relu in turn");
    er_wide_kernel(net, 3, x, k);
    T_CLOSE(k[0], 25.0 / 2 + 0.25, 1e-12, "length");
    T_CLOSE(k[1], 0.25, 1e-12, "opposite");
    T_CLOSE(k[2], 25 * (2.0 / 2) / (2 * M_PI) + 0.25, 1e-12, "orthogonal");
    T_CLOSE(k[3], k[1], 0, "symmetric");
    er_net_free(net);
    net = net_of("[dense init=uniform scale=3]", 2, "logistic", 2);
    er_wide_kernel(net, 3, x, k);
    T_CLOSE(k[0], 9.0 / 2 / 3 * (25 + 1), 1e-12, "uniform weights and bias");
    er_net_free(net);
    net = net_of("[dense 7 init=ntk scale=2 bias_scale=0.5, relu, dense init=ntk]", 2, "logistic", 2);
    er_wide_kernel(net, 3, x, k);
    T_CLOSE(k[0], (4 * 25.0 / 2 + 0.25) / 2, 25 * (double)FLT_EPSILON,
            "the factors of ntk, which are float32");
    er_net_free(net);
    static const char *const none[] = {"[dense 3, tanh, dense]", "[dense 3, dense]", "[relu, dense]",
                                       "[dense 3, layer_norm, relu, dense]"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        net = net_of(none[i], 2, "logistic", 2);
        T_OK(!er_wide_has(net), "no such limit: %s", none[i]);
        er_net_free(net);
    }
    net = net_of("[dense 3, relu, dense]", 2, "cross-entropy", 2);
    T_OK(!er_wide_has(net), "nor for two outputs");
    er_net_free(net);
}

/* Two outputs of correlation r have both signs + with probability 1/4 + arcsin(r) / (2 pi); a third that is the second
 * again changes nothing, one that is the opposite of it makes it impossible. */
static void check_orthant(void)
{
    enum { DRAWS = 20000 };
    float x[6] = {1, 0, 1, 2, 1, 2};
    int32_t label[3] = {1, 1, 1};
    const double want = 0.25 + asin(1 / sqrt(5)) / (2 * M_PI);
    struct er_net *net = net_of("[dense bias=false]", 2, "logistic", 2);
    struct er_dataset train = {.n = 2, .shape = {1, 1, 2}, .classes = 2, .x = x, .label = label};
    struct er_dataset test = {.n = 1, .shape = {1, 1, 2}, .classes = 2, .x = x, .label = label};
    struct er_pool *pool = needed_pool(1), *three = needed_pool(3);
    struct er_wide wide, again;
    struct er_error err;
    T_STATUS(er_wide_sample(net, &train, &test, 1, DRAWS, pool, NULL, &wide, &err), ER_OK, "two examples");
    T_CLOSE(wide.evidence, want, 5 * 0.5 / sqrt(DRAWS), "an angle");
    T_OK(wide.n == 1 && wide.function[0].name == 1 && er_wide_share(&wide, 1) == 1 &&
             er_wide_share(&wide, 0) == 0,
         "an example of the training set is predicted");
    T_STATUS(er_wide_sample(net, &train, &test, 1, DRAWS, three, NULL, &again, &err), ER_OK,
             "on three threads");
    T_OK(again.evidence == wide.evidence, "the same bits");
    er_free(again.function);
    train.n = 3;
    T_STATUS(er_wide_sample(net, &train, &test, 1, DRAWS, pool, NULL, &again, &err), ER_OK,
             "one example twice");
    T_CLOSE(again.evidence, wide.evidence, 1e-12, "is as good as once");
    er_free(again.function);
    er_free(wide.function);
    T_ALLOCATIONS(er_wide_sample(net, &train, &test, 1, 10, pool, NULL, &wide, NULL), er_free(wide.function),
                  "sampling survives failed allocations");
    er_pool_free(pool);
    er_pool_free(three);
    er_net_free(net);
}

/* A network of 400 hidden units is near its limit: what random weights do is what the Gaussian process says. */
static void check_limit(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(
        "study: s\ndata: {name: gaussian-mixture, train: 3, test: 2, noise: 2, seed: 3}\n"
        "model: [dense 400 bias_scale=0.3, relu, dense init=standard bias_scale=0.3]\n"
        "train: {loss: logistic, sgd: {rate: 0.1}, until: {train_error: 0}, epochs: 50}\n"
        "minima: {draws: 20000, most: 20000}\nposterior: {trainings: 1, least: 1, wide: 5000}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "a wide network");
    const double p = experiment_value(r, 0, "wide_evidence"), n = experiment_value(r, 0, "bayes_found");
    T_OK(p > 0.01, "evidence %g", p);
    /* both are sampled, and corrections are of the order of 1 / 400 */
    T_CLOSE(experiment_value(r, 0, "acceptance"), p, 5 * sqrt(p / 20000) + 5 * p / sqrt(5000) + 0.005,
            "acceptance is the evidence");
    const double *bayes = experiment_curve(r, 0, "p_bayes"), *wide = experiment_curve(r, 0, "p_wide");
    for (int64_t i = 0; i < r->record[0].n_curve; i++)
        T_CLOSE(isnan(wide[i]) ? 0 : wide[i], isnan(bayes[i]) ? 0 : bayes[i], 2.5 / sqrt(n) + 0.04,
                "function %d: the posterior of both", (int)i + 1);
    experiment_runs_free(r);
}

/* The same bits on one thread and on three, and of a run that is skipped nothing. */
static void check_threads(const char *yaml)
{
    struct er_error err;
    struct experiment_runs *a = experiment_runs_new(yaml), *b = experiment_runs_new(yaml);
    T_STATUS(experiment_run(a, 1, NULL, &err), ER_OK, "one thread");
    b->skip = 1;
    T_STATUS(experiment_run(b, 3, NULL, &err), ER_OK, "three");
    T_OK(experiment_same(&a->record[0], &b->record[0]), "the same bits");
    T_OK(a->record[1].ended && !b->record[1].ended, "a run that somebody else has is not computed");
    T_OK(a->done == a->total && a->total == 2, "all runs are reported");
    experiment_runs_free(a);
    experiment_runs_free(b);
    a = experiment_runs_new(yaml);
    a->hasty = true;
    T_STATUS(experiment_run(a, 2, NULL, &err), ER_E_STOPPED, "asked to stop");
    experiment_runs_free(a);
}

/* Left again and again, on one thread and on two, a run ends as one that never was. */
static void check_resume(const char *yaml, int64_t apart)
{
    struct er_error err;
    struct experiment_runs *a = experiment_runs_new(yaml), *b = experiment_runs_new(yaml);
    int left = 0;
    T_STATUS(experiment_run_some(a, 0, 1, 2, NULL, &err), ER_OK, "in one go");
    enum er_status status = ER_E_STOPPED;
    for (b->leave_after = apart; status == ER_E_STOPPED && left < 1000; left++) {
        atomic_store(&b->stop, false);
        status = experiment_run_some(b, 0, 1, left % 2 + 1, NULL, &err);
        b->leave_after = b->state[0].taken + apart;
    }
    T_OK(status == ER_OK && left > 3, "left %d times", left - 1);
    T_OK(experiment_same(&a->record[0], &b->record[0]), "the same bits");
    b->leave_after = 0;
    atomic_store(&b->stop, false);
    ((unsigned char *)b->state[0].bytes)[b->state[0].n / 2] ^= 1;
    T_STATUS(experiment_run_some(b, 0, 1, 2, NULL, &err), ER_OK, "with a damaged checkpoint");
    T_OK(experiment_same(&a->record[0], &b->record[0]), "begins anew");
    experiment_runs_free(a);
    experiment_runs_free(b);
}

static enum er_status keep(void *ctx, int64_t run, const void *state, size_t bytes, struct er_error *err)
{
    unsigned char *kept = ctx;
    (void)run;
    (void)err;
    memcpy(kept, state, bytes);
    kept[KEPT - 1] = (unsigned char)bytes;
    return ER_OK;
}

/* Both samples are kept before the infinitely wide network is sampled. */
static void check_kept(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(
        LINEAR "minima: {draws: 2000, most: 20}\nposterior: {trainings: 3, least: 1, wide: 100}\n");
    const struct er_run_events events = {.ctx = NULL};
    struct er_sitting sitting = {.events = &events};
    r->leave_after = -1;
    T_STATUS(experiment_run_some(r, 0, 1, 1, NULL, &err), ER_OK, "a run");
    T_STATUS(er_sitting_begin(&sitting, r->state[0].bytes, r->state[0].n, &err), ER_OK, "its last state");
    T_EQ_INT(sitting.calls, 2, "has both samples");
    T_OK((double)sitting.asked[0].n == experiment_value(r, 0, "bayes_found") &&
             (double)sitting.asked[1].n == experiment_value(r, 0, "sgd_found"),
         "of all that was found");
    er_sitting_clear(&sitting);
    experiment_runs_free(r);
}

/* Bytes in order, but of a layout that counts otherwise: no word of a checkpoint leads out of it. */
static void check_foreign(void)
{
    static const struct er_asked_row row = {0, 3, {1, 2}};
    static const unsigned char done[] = {1, 0};
    static const int64_t count[] = {-1, 2, 1000, INT64_MAX, INT64_MIN};
    unsigned char kept[KEPT];
    const struct er_run_events events = {.ctx = kept, .checkpoint = keep};
    struct er_sitting sitting = {.events = &events, .calls = 1}, again;
    struct er_error err;
    T_STATUS(er_asked_add(&sitting.asked[0], &row, &err), ER_OK, "a row");
    T_STATUS(er_sitting_offer(&sitting, 1, 0, done, 2, "inner", 5, &err), ER_OK, "offer");
    er_sitting_clear(&sitting);
    const size_t bytes = kept[KEPT - 1];
    again = (struct er_sitting){.events = &events};
    T_STATUS(er_sitting_begin(&again, kept, bytes, &err), ER_OK, "begin");
    T_OK(again.calls == 1 && again.asked[0].n == 1 && again.requests == 2 && again.inner_bytes == 5 &&
             memcmp(again.inner, "inner", 5) == 0,
         "as it was");
    er_sitting_clear(&again);
    for (size_t word = 1; word < 5; word++) /* behind the calls: requests, inner bytes, rows of both kinds */
        for (size_t i = 0; i < sizeof count / sizeof *count; i++) {
            unsigned char other[KEPT];
            memcpy(other, kept, sizeof other);
            memcpy(other + ER_SEAL + word * sizeof *count, &count[i], sizeof *count);
            if (memcmp(other, kept, bytes) == 0) continue;
            again = (struct er_sitting){.events = &events};
            T_STATUS(er_sitting_begin(&again, other, bytes, &err), ER_OK, "not sealed");
            T_OK(again.calls == 0 && again.asked[0].n == 0, "word %d: is passed over", (int)word);
            er_seal_set(other, bytes);
            T_STATUS(er_sitting_begin(&again, other, bytes, &err), ER_OK, "sealed");
            T_OK(again.calls == 0 && again.asked[0].n == 0, "word %d of %g: too", (int)word,
                 (double)count[i]);
            er_sitting_clear(&again);
        }
}

/* A dry run tells a time, longer for more to do. */
static void check_estimate(const char *less, const char *more)
{
    struct er_pool *pool = needed_pool(2);
    struct er_estimate of[2];
    struct er_error err;
    for (int i = 0; i < 2; i++) {
        struct experiment_runs *r = experiment_runs_new(i ? more : less);
        T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &of[i], &err),
                 ER_OK, "told");
        T_OK(isfinite(of[i].seconds) && of[i].run_bytes > 0 && of[i].at_once >= 1, "time and memory");
        experiment_runs_free(r);
    }
    T_OK(of[1].seconds > 3 * of[0].seconds, "%g s and %g s", of[0].seconds, of[1].seconds);
    er_pool_free(pool);
}

#define SMALL                                                                                                \
    "study: s\ndata: {name: gaussian-mixture, train: 6, test: 8, noise: 2}\nmodel: [dense 4, relu, dense]\n" \
    "train: {loss: logistic, sgd: {rate: 0.1, batch: 2}, until: {train_error: 0}, epochs: 300}\nseeds: 2\n"

static void check_matched(void)
{
    struct er_error err;
    struct experiment_runs *r =
        experiment_runs_new(SMALL "minima: {sampler: guess, draws: 3000, most: 400, vary: all}\n"
                                  "matched: {subsets: 3, trainings: 20, least: 1, edges: 0.02 0.1 0.5}\n");
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "matched");
    const double *sampled = experiment_curve(r, 0, "bin_sampled"),
                 *trained = experiment_curve(r, 0, "bin_trained"),
                 *error = experiment_curve(r, 0, "bin_sampled_error");
    double all[2] = {0}, mean = 0;
    T_EQ_INT(r->record[0].n_curve, 4, "bins");
    for (int i = 0; i < 4; i++) {
        all[0] += sampled[i];
        all[1] += trained[i];
        mean += sampled[i] > 0 ? sampled[i] * error[i] : 0;
    }
    T_OK(all[0] == experiment_value(r, 0, "sampled_found") &&
             all[1] == experiment_value(r, 0, "trained_found"),
         "every minimum is in a bin");
    T_OK(all[1] > 40 && all[1] <= 60, "trainings on three sets: %g", all[1]);
    T_CLOSE(mean / all[0], experiment_value(r, 0, "sampled_error"), 1e-12, "means of bins make the mean");
    T_OK(experiment_value(r, 0, "sampled_error") != experiment_value(r, 1, "sampled_error"),
         "another seed has other training sets");
    experiment_runs_free(r);
}

/* Two training sets put together are the first one and the second one, each with seeds of its own. */
static void check_subsets(void)
{
    static const char *const keys[3] = {"2}\n", "1}\n", "1}\nseeds: [4294967296]\n"};
    struct er_error err;
    double found[3], margin[3], trained[3];
    for (int i = 0; i < 3; i++) {
        char text[600];
        snprintf(text, sizeof text,
                 "study: s\ndata: {name: gaussian-mixture, train: 4, test: 8, noise: 2, seed: %s}\n"
                 "model: [dense 4, relu, dense]\n"
                 "train: {loss: logistic, sgd: {rate: 0.1, batch: 2}, until: {train_error: 0}, epochs: 300}\n"
                 "minima: {sampler: guess, draws: 10000, most: 10000}\nmatched: {trainings: 1, least: 1, "
                 "subsets: %s",
                 i == 2 ? "4294967296" : "0", keys[i]);
        struct experiment_runs *r = experiment_runs_new(text);
        T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "matched");
        found[i] = experiment_value(r, 0, "sampled_found");
        margin[i] = experiment_value(r, 0, "sampled_margin");
        trained[i] = experiment_value(r, 0, "trained_margin");
        experiment_runs_free(r);
    }
    T_OK(found[1] != found[2] && trained[1] != trained[2], "two sets: %g and %g fit", found[1], found[2]);
    T_CLOSE(found[0], found[1] + found[2], 0, "all of both");
    T_CLOSE(margin[0], (found[1] * margin[1] + found[2] * margin[2]) / found[0], 1e-12, "with their margins");
    T_CLOSE(trained[0], (trained[1] + trained[2]) / 2, 1e-12, "and of training those");
}

int main(void)
{
    check_compare();
    check_bins();
    check_posterior();
    check_kernel();
    check_orthant();
    check_limit();
    check_threads(SMALL "minima: {draws: 5000, most: 300}\nposterior: {trainings: 50, least: 2}\n");
    check_threads(SMALL
                  "minima: {sampler: prior, draws: 5000, most: 100}\nmatched: {subsets: 2, trainings: 10}\n");
    check_matched();
    check_subsets();
    check_foreign();
    check_kept();
    check_resume(SMALL "minima: {draws: 60000, most: 5000}\nposterior: {trainings: 30, least: 2}\n", 4);
    check_resume(SMALL "minima: {sampler: guess, draws: 20000, most: 5000, vary: all}\n"
                       "matched: {subsets: 2, trainings: 8}\n",
                 3);
    check_estimate(SMALL "minima: {draws: 100000, most: 5000000}\nposterior: {trainings: 10}\n",
                   SMALL "minima: {draws: 100000000, most: 5000000}\nposterior: {trainings: 10}\n");
    check_estimate(SMALL "minima: {sampler: guess}\nmatched: {subsets: 1, trainings: 10}\n",
                   SMALL "minima: {sampler: guess}\nmatched: {subsets: 40, trainings: 1000}\n");
    experiment_refused(
        "minima: {sampler: guess}\ndata: {name: mnist, test: 8}\nmodel: [dense]\ntrain: {}\nposterior: {}",
        19, "minima.sampler: a posterior is sampled by the prior of training's starts");
    experiment_refused("model: [dense 4, batch_norm, relu, dense]\ndata: {name: mnist, test: 8}\n"
                       "train: {}\nminima: {}\nposterior: {}",
                       8, "model: this sampler has no batches to take statistics of batch_norm from");
    experiment_refused("data: {name: mnist, test: 16}\nmodel: [dense]\ntrain: {}\nminima: {}\nposterior: {}",
                       27, "data.test: is too large: a labelling is one of at most 2^53");
    experiment_refused(
        "minima: {sampler: sgd}\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\nmatched: {}", 19,
        "minima.sampler: minima of training are compared with those of a sampler that looks at no gradient: "
        "guess, prior, pattern or greedy");
    experiment_refused(
        "minima: {sampler: langevin}\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\nmatched: {}", 19,
        "minima.sampler: minima of training are compared with those of a sampler that looks at no gradient: "
        "guess, prior, pattern or greedy");
    experiment_refused(
        "matched: {edges: 0.1 0.1}\ndata: {name: mnist}\nmodel: [dense]\ntrain: {}\nminima: {sampler: "
        "guess}",
        18, "matched.edges: edges rise from above 0; 0.1 does not");
    return t_done();
}
