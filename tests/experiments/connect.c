/* The experiment `connect`: its ends are the networks of `train`, its columns go together, and threads and
 * interruptions change no bit. */
#include "support/experiment_run.h"
#include "support/needed.h"
#include "t.h"

#define DATA  "study: s\ndata: {name: two-spirals, train: 90, test: 50}\n"
#define MODEL "model: [dense 12, relu, dense 10, batch_norm, relu, dense]\n"
#define TRAIN "train: {adam: {rate: 0.03, batch: 30}, epochs: 12, record: {every: 12}}\n"

enum { POINTS = 9 };

static void run(struct experiment_runs *runs, int threads)
{
    struct er_error err;
    T_STATUS(experiment_run(runs, threads, NULL, &err), ER_OK, "run");
}

/* Every path, aligned or not, seeds 0 and 1: 12 runs, which a wave of two threads does not hold. */
static const char ALL[] = DATA MODEL TRAIN "connect: {path: [line, bezier, chain], align: [false, true], "
                                           "points: 9, bend: {steps: 60, rate: 0.02, batch: 40}}\n"
                                           "seeds: 2\n";

static bool is(const struct experiment_runs *runs, int64_t i, const char *path, bool align)
{
    const struct er_point *point = er_study_point(runs->study, i);
    return strcmp(er_point_text(point, "connect.path", ""), path) == 0 &&
           er_point_bool(point, "connect.align", false) == align;
}

/* What must be so of one run. */
static void check_run(const struct experiment_runs *runs, int64_t i)
{
    const bool plain = is(runs, i, "line", false),
               aligned = er_point_bool(er_study_point(runs->study, i), "connect.align", false);
    const double *t = experiment_curve(runs, i, "t"), *on = experiment_curve(runs, i, "train_loss"),
                 *line = experiment_curve(runs, i, "line_train_loss"),
                 *error = experiment_curve(runs, i, "train_error");
    double most = 0, worst = 0, line_most = 0;
    T_EQ_STR(runs->record[i].outcome, "measured", "run %d", (int)i);
    T_EQ_INT(runs->record[i].n_curve, POINTS, "its places");
    for (int k = 0; k < POINTS; k++) {
        T_CLOSE(t[k], k / 8.0, 0, "place %d", k);
        most = fmax(most, on[k] - (on[0] + t[k] * (on[8] - on[0])));
        line_most = fmax(line_most, line[k] - (line[0] + t[k] * (line[8] - line[0])));
        worst = fmax(worst, error[k]);
        T_OK(!plain || on[k] == line[k], "a line that is not aligned is the line");
    }
    T_OK(experiment_value(runs, i, "barrier") == most, "barrier");
    T_OK(experiment_value(runs, i, "line_barrier") == line_most && line_most > 0, "that of the line");
    T_OK(experiment_value(runs, i, "worst_train_error") == worst, "worst error");
    T_OK(on[0] == line[0], "all begin at A");
    T_CLOSE(on[8], line[8], 1e-5 * (1 + line[8]), "and end at B, in whatever places its units are");
    T_OK((experiment_value(runs, i, "moved") > 0) == aligned, "units are moved when asked to");
    T_OK((experiment_value(runs, i, "path_distance") < experiment_value(runs, i, "distance")) == aligned,
         "which brings the ends nearer");
    T_OK(experiment_value(runs, i, "output_change") < 1e-4, "and changes no output");
    T_OK(experiment_value(runs, i, "disagreement") > 0 && experiment_value(runs, i, "disagreement") < 1,
         "the two differ");
    if (!plain) T_OK(experiment_value(runs, i, "barrier_ratio") == most / line_most, "ratio");
}

static void check_all(void)
{
    struct experiment_runs *runs[4];
    for (int threads = 1; threads <= 3; threads++) {
        runs[threads] = experiment_runs_new(ALL);
        run(runs[threads], threads);
    }
    T_EQ_INT(runs[1]->n, 12, "runs");
    T_OK(runs[3]->done == 12 && runs[3]->total == 12, "progress ends at all of them");
    for (int64_t i = 0; i < runs[1]->n; i++) {
        check_run(runs[1], i);
        for (int threads = 2; threads <= 3; threads++)
            T_OK(experiment_same(&runs[1]->record[i], &runs[threads]->record[i]), "run %d on %d threads",
                 (int)i, threads);
    }
    /* The way of a trained bend is lower than the line of the same ends. */
    double lines = 0, curves = 0;
    for (int64_t i = 0; i < runs[1]->n; i++) {
        lines += is(runs[1], i, "line", false) ? experiment_value(runs[1], i, "worst_train_loss") : 0;
        curves += is(runs[1], i, "bezier", false) ? experiment_value(runs[1], i, "worst_train_loss") : 0;
    }
    T_OK(curves < lines, "largest losses of curves %g, of lines %g", curves, lines);
    for (int threads = 1; threads <= 3; threads++) experiment_runs_free(runs[threads]);
}

/* A is the network of `train` with these keys and seed, to the bit of its loss. */
static void check_ends(void)
{
    struct experiment_runs *trained = experiment_runs_new(DATA MODEL TRAIN "seeds: 2\n"),
                           *joined = experiment_runs_new(DATA MODEL TRAIN "connect: {points: 3}\nseeds: 2\n");
    run(trained, 1);
    run(joined, 1);
    for (int64_t i = 0; i < 2; i++) {
        T_OK(experiment_value(trained, i, "train_loss") == experiment_value(joined, i, "from_train_loss"),
             "loss");
        T_OK(experiment_value(trained, i, "test_error") == experiment_value(joined, i, "from_test_error"),
             "error");
        T_OK(experiment_value(joined, i, "from_train_loss") != experiment_value(joined, i, "to_train_loss"),
             "the other end is another one");
    }
    experiment_runs_free(trained);
    experiment_runs_free(joined);
}

static void check_stop(void)
{
    struct experiment_runs *stopped = experiment_runs_new(ALL), *skipped = experiment_runs_new(ALL);
    struct er_error err;
    stopped->hasty = true;
    T_STATUS(experiment_run(stopped, 2, NULL, &err), ER_E_STOPPED, "stopped");
    for (int64_t i = 0; i < stopped->n; i++)
        T_OK(!stopped->record[i].ended, "nothing half done is handed over");
    skipped->skip = 1;
    T_STATUS(experiment_run_some(skipped, 0, 3, 2, NULL, &err), ER_OK, "some");
    T_OK(skipped->record[0].ended && !skipped->record[1].ended && skipped->record[2].ended, "one is skipped");
    experiment_runs_free(stopped);
    experiment_runs_free(skipped);
}

/* An end that diverges is a result, and so is a bend. */
static void check_divergence(void)
{
    struct experiment_runs *end = experiment_runs_new(
        DATA "model: [dense 8, relu, dense]\ntrain: {loss: mean-squared, sgd: {rate: 1e6}}\nconnect: {}\n");
    struct experiment_runs *bend =
        experiment_runs_new(DATA "model: [mlp 8 depth=5]\n" TRAIN
                                 "connect: {path: chain, points: 5, bend: {rate: 1e9, steps: 400}}\n");
    run(end, 1);
    T_EQ_STR(end->record[0].outcome, "diverged", "an end");
    T_OK(strncmp(end->record[0].note, "first minimum: ", 15) == 0 && end->record[0].n_curve == 0, "%s",
         end->record[0].note);
    T_OK(isnan(experiment_value(end, 0, "barrier")) && isnan(experiment_value(end, 0, "line_barrier")),
         "no barrier");
    run(bend, 1);
    T_EQ_STR(bend->record[0].outcome, "diverged", "a bend");
    T_OK(strstr(bend->record[0].note, "of its bend") != NULL, "%s", bend->record[0].note);
    T_OK(isnan(experiment_value(bend, 0, "barrier")) && !isnan(experiment_value(bend, 0, "line_barrier")),
         "but the line is measured");
    experiment_runs_free(end);
    experiment_runs_free(bend);
}

/* What an adversarial end learns first takes time and memory too. */
static void check_estimate(void)
{
    static const char *const end[] = {"sgd", "adversarial"};
    struct er_pool *pool = needed_pool(1);
    struct er_estimate of[2];
    struct er_error err;
    for (int i = 0; i < 2; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 DATA "model: [dense 8, relu, dense]\ntrain: {sgd: {rate: 0.1, batch: 8}, epochs: 10}\n"
                      "minima: {copies: 5, pretrain: {epochs: 1000}}\nconnect: {points: 3, from: %s}\n",
                 end[i]);
        struct experiment_runs *r = experiment_runs_new(text);
        T_STATUS(r->experiment->estimate(er_study_point(r->study, 0), r->n, NULL, pool, NULL, &of[i], &err),
                 ER_OK, "told");
        experiment_runs_free(r);
    }
    /* 5 copies for 1000 epochs beside 10 epochs of each end: 251 times as long, but for the path */
    T_OK(of[1].seconds > 5 * of[0].seconds, "%g s and %g s", of[0].seconds, of[1].seconds);
    T_OK(of[1].run_bytes > of[0].run_bytes, "copies: %zu and %zu bytes", of[0].run_bytes, of[1].run_bytes);
    er_pool_free(pool);
}

static void check_refusals(void)
{
    experiment_refused(
        "connect: {align: true}\ndata: {name: two-spirals}\nmodel: [add: [dense 2, identity], dense]", 18,
        "connect.align: layer 1, add: its branches tie units together, so that hidden units cannot change "
        "places");
    experiment_refused("connect: {bend: {rate: 0}}\ndata: {name: two-spirals}\nmodel: [dense]", 24,
                       "connect.bend.rate: must be above 0");
    experiment_refused("train: {keep: [end]}\nconnect: {}\ndata: {name: two-spirals}\nmodel: [dense]", 15,
                       "train.keep: connect studies keep no networks");
    for (int i = 0; i < 2; i++) {
        const char *end = i ? "to" : "from";
        char text[256];
        snprintf(text, sizeof text,
                 "train: {sgd: {batch: 32}}\ndata: {name: two-spirals}\nmodel: [dense]\n"
                 "connect: {%s: langevin}",
                 end);
        experiment_refused(text, 22,
                           "train.sgd.batch: langevin walks on all examples by the rate and weight decay "
                           "alone, for minima.langevin.burn and thin steps");
        snprintf(text, sizeof text,
                 "model: [dense 4, batch_norm, relu, dense]\ndata: {name: two-spirals}\ntrain: {}\n"
                 "connect: {%s: prior}",
                 end);
        experiment_refused(text, 8,
                           "model: this sampler has no batches to take statistics of batch_norm from");
    }
}

int main(void)
{
    check_all();
    check_ends();
    check_stop();
    check_divergence();
    check_estimate();
    check_refusals();
    return t_done();
}
