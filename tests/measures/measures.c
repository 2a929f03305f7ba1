/* Every measure of measures.def: that it says what it is, needs what it says, and is a function of the run alone. */
#include "t.h"

#include "experiments/experiment.h"
#include "support/measured_net.h"

static const struct {
    const char *text, *loss;
    struct er_shape shape;
    int64_t classes, n; /* examples: more than are evaluated at a time, or differentiated at a time */
} nets[] = {
    {"[dense 5, relu, dense]", "cross-entropy", {1, 1, 4}, 3, 530},
    {"[dense 5, batch_norm, relu, dense]", "cross-entropy", {1, 1, 4}, 3, 530},
    {"[dense 4 bias=false, leaky_relu 0.1, dense bias=false]", "logistic", {1, 1, 4}, 2, 530},
    {"[dense 5 init=ntk, relu, dropout 0.5, dense init=ntk]", "mean-squared", {1, 1, 4}, 3, 530},
    {"[dense 5, tanh, dense]", "hinge", {1, 1, 4}, 2, 530},
    {"[dense]", "cross-entropy", {1, 1, 4}, 2, 530},
    {"[conv 3 3x3, relu, max_pool 2, flatten, dense]", "cross-entropy", {6, 6, 1}, 3, 140},
    {"[conv 3 3x3 bias=false, batch_norm, relu, global_avg_pool, dense]", "cross-entropy", {6, 6, 2}, 3, 140},
    {"[dense 4, add: [[dense 4, relu], identity], layer_norm, dense]", "cross-entropy", {1, 1, 4}, 3, 530},
    {"[scale 2, softplus, dense 3, monomial 2, dense]", "cross-entropy", {1, 1, 4}, 3, 530},
};
enum { NETS = sizeof nets / sizeof nets[0] };

/* Equal to the bit. */
static bool same(const void *a, const void *b, size_t n)
{
    return memcmp(a, b, n) == 0;
}

/* A word that a study's list and table take, and no column of any experiment has. */
static void test_names(const struct er_measure *m)
{
    int64_t n;
    const struct er_experiment *const *experiment = er_experiment_list(&n);
    T_OK(strspn(m->name, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(m->name) && strlen(m->name) > 1,
         "%s: a column's name", m->name);
    T_OK(strlen(m->title) > 3 && strlen(m->help) > 10 && strlen(m->source) > 10 && m->unit, "%s: texts",
         m->name);
    T_OK(!strchr(m->help, '\n') && strlen(m->title) < 40, "%s: a line each", m->name);
    T_OK(m->direction == 1 || m->direction == -1, "%s: a direction", m->name);
    T_OK(er_measure_find(m->name) == m, "%s: is found by its name, which is no other's", m->name);
    for (int64_t i = 0; i < n; i++)
        for (const struct er_column *c = experiment[i]->run_column; c && c->name; c++)
            T_OK(strcmp(c->name, m->name) != 0, "%s: is no column of %s", m->name, experiment[i]->name);
}

static enum er_status compute(const struct er_measured *is, const struct er_measure *m, int threads,
                              double *out, struct er_error *err)
{
    struct er_pool *pool = NULL;
    struct er_measured_run *run = NULL;
    *out = -7;
    enum er_status status = threads ? er_pool_new(threads, &pool, err) : ER_OK;
    if (status == ER_OK) status = er_measured_run_new(is, pool, &run, err);
    if (status == ER_OK) status = er_measure_compute(m, run, out, err);
    er_measured_run_free(run);
    er_pool_free(pool);
    return status;
}

/* Without what it needs it is not defined, without the rest it is the same. */
static void test_needs(const struct er_measured *is, const struct er_measure *m, double value)
{
    const unsigned need[] = {ER_NEEDS_WEIGHTS | ER_NEEDS_OUTPUTS, ER_NEEDS_INITIAL,
                             ER_NEEDS_TRAIN | ER_NEEDS_OUTPUTS, ER_NEEDS_TEST};
    for (int i = 0; i < 4; i++) {
        struct er_measured part = *is;
        struct er_error err = {0};
        double again;
        if (i == 0) part.w = part.statistics = NULL;
        if (i == 1) part.initial_w = part.initial_statistics = NULL;
        if (i == 2) part.train = NULL;
        if (i == 3) part.test = NULL;
        const enum er_status status = compute(&part, m, 0, &again, &err);
        if (m->needs & need[i])
            T_OK(status == ER_E_UNSUPPORTED && strstr(err.msg, "needs") && again == -7, "%s needs %d: %s",
                 m->name, i, err.msg);
        else
            T_OK(status == ER_OK && same(&again, &value, sizeof value), "%s does not need %d: %g, %g %s",
                 m->name, i, again, value, err.msg);
    }
}

/* *needed: whether its needs have been looked at. */
static void test_measure(const struct measured_net *net, const char *text, const struct er_measure *m,
                         bool *needed)
{
    struct er_error err = {0};
    double value, other;
    const enum er_status status = compute(&net->is, m, 0, &value, &err);
    if (status != ER_OK) {
        T_OK(status == ER_E_UNSUPPORTED && err.msg[0] && value == -7, "%s of %s: %s", m->name, text, err.msg);
        printf("# %s of %s: %s\n", m->name, text, err.msg);
        return;
    }
    T_OK(isfinite(value) && (!m->logarithmic || value > 0), "%s of %s: %.17g", m->name, text, value);
    if (m->guarantee != ER_GUARANTEE_NONE) T_OK(value > 0, "%s of %s: a bound is above 0", m->name, text);
    const int least = T_SANITIZED ? 2 : 1, most = T_SANITIZED || m->cost == ER_COST_TRAINING ? 2 : 3;
    for (int threads = least; threads <= most; threads++) {
        T_STATUS(compute(&net->is, m, threads, &other, &err), ER_OK, "%s on %d threads", m->name, threads);
        T_OK(same(&value, &other, sizeof value), "%s of %s: the same bits on %d threads", m->name, text,
             threads);
    }
    if (!*needed && !T_THREADS_WATCHED) test_needs(&net->is, m, value);
    *needed = true;
}

/* A context that several measures share gives each what it would get alone; every failed allocation is reported. */
static void test_sharing(const struct er_measured *is)
{
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    struct er_error err = {0};
    struct er_measured_run *run = NULL;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "a context");
    for (int64_t i = n - 1; i >= 0; i--) {
        double shared, alone;
        const enum er_status status = er_measure_compute(list[i], run, &shared, &err);
        T_STATUS(compute(is, list[i], 0, &alone, &err), status, "%s, alone", list[i]->name);
        if (status == ER_E_UNSUPPORTED) continue; /* one of a minimum, which this network is not */
        T_STATUS(status, ER_OK, "%s, shared", list[i]->name);
        T_OK(same(&shared, &alone, sizeof shared), "%s: shared and alone", list[i]->name);
        T_ALLOCATIONS(compute(is, list[i], 0, &alone, &err), (void)0, "%s", list[i]->name);
    }
    er_measured_run_free(run);
    T_ALLOCATIONS(er_measured_run_new(is, NULL, &run, &err), er_measured_run_free(run), "context");
}

/* What the trainer has measured already is taken as it is. */
static void test_given_errors(const struct er_measured *is)
{
    struct er_measured given = *is;
    given.train_error = .25;
    given.test_error = .5;
    const double vc = measured_net_value(&given, "vc_bound", 1),
                 test = measured_net_value(&given, "test_set_bound", 1);
    given.train_error = given.test_error = 0;
    T_CLOSE(vc - measured_net_value(&given, "vc_bound", 1), .25, 1e-15, "training error");
    T_CLOSE(test - measured_net_value(&given, "test_set_bound", 1), .5, 1e-15, "test error");
}

static void test_refusals(const struct measured_net *net)
{
    struct er_error err;
    struct er_measured_run *run;
    struct er_dataset empty = net->train, narrow = net->train;
    struct er_measured is = net->is;
    empty.n = 0;
    narrow.shape.channels--;
    is.train = &empty;
    T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_E_USAGE, "no examples");
    is.train = &narrow;
    T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_E_SHAPE, "inputs that do not fit");
    is = net->is;
    is.statistics = NULL;
    T_STATUS(er_measured_run_new(&is, NULL, &run, &err), net->S ? ER_E_USAGE : ER_OK, "statistics");
    if (!net->S) er_measured_run_free(run);
    net->w[0] = (float)NAN;
    double value;
    T_STATUS(compute(&net->is, er_measure_find("golowich_bound"), 0, &value, &err), ER_E_NONFINITE,
             "a weight is NaN");
}

int main(void)
{
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    for (int64_t i = 0; i < n; i++) test_names(list[i]);
    T_OK(er_measure_find("vc") == NULL, "an unknown word");
    const int turns = T_THREADS_WATCHED ? 3
                      : T_SANITIZED     ? 2
                                        : 1; /* sanitizers see each on some of the nets */
    bool *needed = er_alloc(n, sizeof *needed);
    if (!T_OK(needed != NULL, "memory")) return t_done();
    for (int k = 0; k < NETS; k++) {
        struct measured_net net;
        if (measured_net_open(&net, nets[k].text, nets[k].loss, nets[k].shape, nets[k].classes, nets[k].n)) {
            if (k % 2 == 0) measured_net_teach(&net); /* of the others margins are below 0 */
            for (int64_t i = 0; i < n; i++)
                if ((i + k) % turns == 0) test_measure(&net, nets[k].text, list[i], &needed[i]);
            if (k < (T_SANITIZED ? 1 : 2) && !T_THREADS_WATCHED) {
                test_sharing(&net.is);
                test_given_errors(&net.is);
                test_refusals(&net);
            }
        }
        measured_net_close(&net);
    }
    er_free(needed);
    return t_done();
}
