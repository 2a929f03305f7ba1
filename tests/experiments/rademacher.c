/* The experiment `rademacher`: classes whose complexity is known, its bound, and that threads, companions and
 * interruptions change no bit. */
#include "experiments/experiment.h"
#include "experiments/rademacher_labels.h"
#include "support/study_text.h"
#include "t.h"

enum { MOST_RUNS = 4, MOST_VALUES = 16, MOST_DRAWS = 40, CURVES = 3 };

struct kept {
    int begun, ended;
    char outcome[32], note[200];
    double value[MOST_VALUES], curve[CURVES][MOST_DRAWS];
    int64_t draws;
};

struct hearing {
    const struct er_experiment *experiment;
    struct kept run[MOST_RUNS];
    int64_t skip; /* the run to skip; -1: none */
    double done, total;
    atomic_bool stop;
    bool hasty; /* asks to stop as soon as a run has begun */
};

static int columns(const struct er_column *column)
{
    int n = 0;
    while (column[n].name) n++;
    return n;
}

static enum er_status on_begin(void *ctx, int64_t run, bool *skip, const void **state, size_t *bytes,
                               struct er_error *err)
{
    struct hearing *h = ctx;
    (void)state;
    (void)bytes;
    (void)err;
    h->run[run].begun++;
    *skip = run == h->skip;
    if (h->hasty) atomic_store(&h->stop, true);
    return ER_OK;
}

static enum er_status on_end(void *ctx, int64_t run, const struct er_record *record, struct er_error *err)
{
    struct hearing *h = ctx;
    struct kept *kept = &h->run[run];
    if (record->n_curve > MOST_DRAWS) return er_fail(err, ER_E_LIMIT, "too many draws for this test");
    kept->ended++;
    snprintf(kept->outcome, sizeof kept->outcome, "%s", record->outcome);
    snprintf(kept->note, sizeof kept->note, "%s", record->note);
    memcpy(kept->value, record->value, (size_t)columns(h->experiment->run_column) * sizeof(double));
    kept->draws = record->n_curve;
    for (int c = 0; c < columns(h->experiment->curve_column) && c < CURVES; c++)
        memcpy(kept->curve[c], record->curve[c], (size_t)record->n_curve * sizeof(double));
    return ER_OK;
}

static void on_report(void *ctx, const struct er_progress_report *report)
{
    struct hearing *h = ctx;
    h->done = report->done;
    h->total = report->total;
}

static struct er_study *parse(const char *yaml)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%.60s", yaml);
    if (!study) exit(t_done());
    return study;
}

static struct hearing *hearing_new(const struct er_experiment *experiment)
{
    struct hearing *h = er_alloc(1, sizeof *h);
    if (!h) abort();
    h->experiment = experiment;
    h->skip = -1;
    return h;
}

static enum er_status run(struct hearing *h, const struct er_study *study, int threads, struct er_error *err)
{
    struct er_pool *pool;
    const struct er_progress progress = {.report = on_report, .ctx = h, .stop = &h->stop};
    const struct er_run_events events = {.ctx = h, .begin = on_begin, .end = on_end};
    enum er_status status = er_pool_new(threads, &pool, err);
    if (status != ER_OK) return status;
    status = h->experiment->run(er_study_point(study, 0), er_study_runs(study), NULL, pool, &progress,
                                &events, err);
    er_pool_free(pool);
    return status;
}

/* All runs of a study on two threads. */
static struct hearing *heard(const struct er_study *study)
{
    struct hearing *h = hearing_new(er_study_experiment(study));
    struct er_error err;
    T_STATUS(run(h, study, 2, &err), ER_OK, "runs");
    return h;
}

static double value_of(const struct hearing *h, int64_t i, const char *name)
{
    for (int c = 0; h->experiment->run_column[c].name; c++)
        if (strcmp(h->experiment->run_column[c].name, name) == 0) return h->run[i].value[c];
    abort();
}

static const double *draws_of(const struct hearing *h, int64_t i, const char *name)
{
    for (int c = 0; h->experiment->curve_column[c].name; c++)
        if (strcmp(h->experiment->curve_column[c].name, name) == 0) return h->run[i].curve[c];
    abort();
}

/* 3 sqrt(ln(2 / .05) / (2 m)), with the digits of ln 40. */
static double slack(int64_t m)
{
    return 3 * sqrt(3.688879454113936 / (2 * (double)m));
}

/* A network that fits anything: no draw disagrees, and the bound allows any gap. */
static void check_interpolation(void)
{
    struct er_study *study =
        parse("study: s\ndata: {name: gaussian-mixture, dimension: 20, train: 40, test: 200}\n"
              "model: [dense 64, relu, dense]\n"
              "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, until: {train_error: 0}, "
              "epochs: 300}\nrademacher: {draws: 4}\n");
    struct hearing *h = heard(study);
    T_CLOSE(value_of(h, 0, "rademacher"), 1, 0, "all signs are fitted");
    T_CLOSE(value_of(h, 0, "standard_error"), 0, 0, "each time");
    T_CLOSE(value_of(h, 0, "fitted"), 1, 0, "without a mistake");
    T_CLOSE(value_of(h, 0, "bound"), 1 + slack(40), 1e-12, "the bound");
    T_CLOSE(value_of(h, 0, "vacuous"), 1, 0, "says nothing");
    T_EQ_STR(h->run[0].outcome, "vacuous", "which is the outcome");
    T_OK(value_of(h, 0, "epochs") > 0 && value_of(h, 0, "epochs") < 300, "stopped by its rule");
    T_EQ_INT(h->run[0].draws, 4, "a record for each draw");
    for (int i = 0; i < 4; i++)
        T_OK(draws_of(h, 0, "draw")[i] == i + 1 && draws_of(h, 0, "agreement")[i] == 1, "draw %d", i + 1);
    er_free(h);
    er_study_free(study);
}

/* Two constant functions fit a share |n1 - n2| / m of the signs, whatever the network's size: some
 * sqrt(2 / (pi m)). */
static void check_constants(void)
{
    enum { M = 301, DRAWS = 8 };
    struct er_study *study =
        parse("study: s\ndata: {name: gaussian-mixture, dimension: 2, train: 301, test: 2}\n"
              "model: [scale 0, dense]\n"
              "train: {gradient-descent: {rate: 0.5}, epochs: 50}\n"
              "rademacher: {draws: 8}\n");
    struct hearing *h = heard(study);
    double sum = 0;
    T_OK(draws_of(h, 0, "draw")[DRAWS - 1] == DRAWS, "all draws are there");
    for (int64_t draw = 1; draw <= DRAWS; draw++) {
        const double r = draws_of(h, 0, "agreement")[draw - 1];
        T_OK(r > 0 && r < 5 / sqrt((double)M), "draw %d: %g", (int)draw, r);
        sum += r;
    }
    T_CLOSE(value_of(h, 0, "rademacher"), sum / DRAWS, 1e-12, "their mean");
    T_CLOSE(value_of(h, 0, "rademacher"), sqrt(2 / (M_PI * M)), 4 * value_of(h, 0, "standard_error"),
            "is that of a random walk");
    T_CLOSE(value_of(h, 0, "fitted"), 0, 0, "nothing is fitted");
    T_OK(value_of(h, 0, "vacuous") == 0 || value_of(h, 0, "train_error") + value_of(h, 0, "bound") >= 1,
         "the bound means something");
    er_free(h);
    er_study_free(study);
}

/* Linear classifiers in d dimensions shatter d + 1 points in general position (Cover 1965), and of many more points
 * fit about what least squares does: hat values p = D / m, so 2 Phi(sqrt(p / (1 - p))) - 1, D = d + 1. */
static void check_linear(void)
{
    struct er_study *study =
        parse("study: s\ndata: {name: gaussian-mixture, dimension: 20, train: [21, 840], test: 2000, "
              "separation: 0.1}\n"
              "model: [dense]\ntrain: {gradient-descent: {rate: 2, momentum: 0.9}, until: {train_error: 0}, "
              "epochs: 3000, record: {every: 20}}\nrademacher: {draws: 6}\n");
    struct hearing *h = heard(study);
    T_CLOSE(value_of(h, 0, "rademacher"), 1, 0, "21 points in 20 dimensions are shattered");
    const double p = 21. / 840, least_squares = erf(sqrt(p / (1 - p) / 2));
    T_CLOSE(value_of(h, 1, "rademacher"), least_squares, 5 * value_of(h, 1, "standard_error"),
            "840 are not: as least squares");
    T_OK(value_of(h, 1, "rademacher") < sqrt(2 * 21 * log(exp(1) * 840 / 21) / 840),
         "below what the VC dimension 21 allows");
    T_CLOSE(value_of(h, 1, "bound"), value_of(h, 1, "rademacher") + slack(840), 1e-12, "the bound");
    T_OK(value_of(h, 1, "bound") < 0.5 && value_of(h, 1, "gap") < value_of(h, 1, "bound"), "holds");
    er_free(h);
    er_study_free(study);
}

static struct er_dataset alternating(int64_t n, int64_t classes)
{
    struct er_dataset set = {.n = n, .classes = classes, .label = er_alloc(n, sizeof *set.label)};
    if (!set.label) abort();
    for (int64_t i = 0; i < n; i++) set.label[i] = (int32_t)(i % classes);
    return set;
}

/* The labels themselves, of 4 classes: half of them true, or a quarter. */
static void check_labels(void)
{
    enum { N = 40000, K = 4 };
    struct er_study *study = parse("study: s\ndata: {name: gaussian-mixture, classes: 4}\nmodel: [dense]\n"
                                   "train: {}\nrademacher: {labels: [signs, classes]}\n");
    struct er_dataset set = alternating(N, K);
    int32_t *label = er_alloc(N, sizeof *label), *again = er_alloc(N, sizeof *again);
    for (int kind = 0; kind < 2; kind++) {
        int64_t shift[K] = {0}, same = 0;
        er_rademacher_relabel(er_study_point(study, kind), &set, 1, label);
        er_rademacher_relabel(er_study_point(study, kind), &set, 2, again);
        for (int64_t i = 0; i < N; i++) {
            shift[(label[i] - set.label[i] + K) % K]++;
            same += label[i] == again[i];
        }
        for (int s = 0; s < K; s++) {
            const double q = kind == ER_RADEMACHER_SIGNS ? s == 0 ? 1. / 2 : 1. / 6 : 1. / 4;
            T_CLOSE((double)shift[s] / N, q, 5 * sqrt(q * (1 - q) / N), "kind %d: class + %d", kind, s);
        }
        const double q = kind == ER_RADEMACHER_SIGNS ? 1. / 4 + 3. / 36 : 1. / 4;
        T_CLOSE((double)same / N, q, 5 * sqrt(q * (1 - q) / N), "kind %d: draws are independent", kind);
    }
    er_free(label);
    er_free(again);
    er_free(set.label);
    er_study_free(study);
}

/* A score without a guarantee when there are more than two classes. */
static void check_classes(void)
{
    struct er_study *study =
        parse("study: s\ndata: {name: gaussian-mixture, classes: [2, 4], dimension: 30, "
              "train: 40, test: 40}\nmodel: [dense 64, relu, dense]\n"
              "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, until: {train_error: 0}, "
              "epochs: 300}\nrademacher: {draws: 1, labels: classes}\n");
    struct hearing *h = heard(study);
    T_CLOSE(value_of(h, 0, "rademacher"), 0.5, 1e-15, "two classes fitted: 1 - 1/2");
    T_CLOSE(value_of(h, 0, "bound"), 1 + slack(40), 1e-12, "which is that of the losses");
    T_CLOSE(value_of(h, 1, "rademacher"), 0.75, 1e-15, "four classes fitted: 1 - 1/4");
    T_OK(isnan(value_of(h, 1, "bound")) && isnan(value_of(h, 1, "vacuous")), "without a bound");
    T_OK(isnan(value_of(h, 1, "standard_error")), "or an error of a single draw");
    T_EQ_STR(h->run[1].outcome, "measured", "it is measured, no more");
    er_free(h);
    er_study_free(study);
}

/* The training on true labels is that of `train`. */
static void check_train(void)
{
#define KEYS                                                                                                 \
    "study: s\ndata: {name: two-spirals, train: 60, test: 50}\nmodel: [dense 8, tanh, dense]\n"              \
    "train: {sgd: {rate: 0.1, batch: 16}, epochs: 6}\n"
    static const char *const shared[] = {"train_error", "test_error", "gap", "parameters"};
    struct er_study *study = parse(KEYS "rademacher: {draws: 1}\n"), *plain = parse(KEYS);
    struct hearing *h = heard(study), *t = heard(plain);
    T_EQ_STR(h->experiment->name, "rademacher", "chosen although train is there too");
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        T_CLOSE(value_of(h, 0, shared[i]), value_of(t, 0, shared[i]), 1e-15, "%s", shared[i]);
    er_free(h);
    er_free(t);
    er_study_free(study);
    er_study_free(plain);
}

static bool same(const struct kept *a, const struct kept *b)
{
    return a->ended == 1 && b->ended == 1 && strcmp(a->outcome, b->outcome) == 0 &&
           memcmp(a->value, b->value, sizeof a->value) == 0 &&
           memcmp(a->curve, b->curve, sizeof a->curve) == 0;
}

/* Two runs of seven members each. */
static const char bits[] = KEYS "rademacher: {draws: 6}\nseeds: 2\n";

static void check_bits(void)
{
    struct er_study *study = parse(bits);
    struct hearing *all = heard(study);
    struct er_error err;
    T_CLOSE(all->done, 2, 1e-9, "progress counts runs");
    T_CLOSE(all->total, 2, 0, "two of them");
    T_OK(!same(&all->run[0], &all->run[1]), "seeds differ");
    for (int threads = 1; threads <= 3; threads++) {
        struct hearing *h = hearing_new(all->experiment);
        T_STATUS(run(h, study, threads, &err), ER_OK, "%d threads", threads);
        for (int i = 0; i < 2; i++)
            T_OK(h->run[i].begun == 1 && same(&h->run[i], &all->run[i]), "run %d: begun once, same bits", i);
        er_free(h);
    }
    struct hearing *h = hearing_new(all->experiment);
    h->skip = 0;
    T_STATUS(run(h, study, 2, &err), ER_OK, "one run is skipped");
    T_OK(!h->run[0].ended && same(&h->run[1], &all->run[1]), "and the other is not");
    er_free(h);
    h = hearing_new(all->experiment);
    h->hasty = true;
    T_STATUS(run(h, study, 1, &err), ER_E_STOPPED, "stopped");
    T_OK(!h->run[0].ended && !h->run[1].ended, "before an end");
    er_free(h);
    er_free(all);
    er_study_free(study);
}

static void check_divergence(void)
{
    struct er_study *study = parse("study: s\ndata: {name: gaussian-mixture, train: 40, test: 40}\n"
                                   "model: [dense 4, relu, dense]\n"
                                   "train: {loss: mean-squared, sgd: {rate: 1e9}, epochs: 20}\n"
                                   "rademacher: {draws: 2}\n");
    struct hearing *h = heard(study);
    T_EQ_STR(h->run[0].outcome, "diverged", "a rate that is too large");
    T_OK(strncmp(h->run[0].note, "true labels: ", 13) == 0, "says where: %s", h->run[0].note);
    T_OK(isnan(value_of(h, 0, "rademacher")) && isnan(value_of(h, 0, "bound")) &&
             isnan(value_of(h, 0, "vacuous")),
         "and gives no bound");
    er_free(h);
    er_study_free(study);
}

static void check_mistakes(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    T_STATUS(study_parse("study: s\ndata: {name: two-spirals}\nmodel: [dense]\n"
                         "train: {keep: [end]}\nrademacher: {}\n",
                         &study, &err),
             ER_E_INPUT, "networks to keep");
    T_EQ_STR(err.msg, "train.keep: rademacher studies keep no networks", "are refused");
    T_OK(err.line == 4, "in line 4");
}

int main(void)
{
    check_interpolation();
    check_constants();
    check_linear();
    check_labels();
    check_classes();
    check_train();
    check_bits();
    check_divergence();
    check_mistakes();
    return t_done();
}
