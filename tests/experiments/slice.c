/* The experiment `slice`: minima keep the bits of `train`, shares are those of its curve, threads and companions
 * change nothing, what makes no sense is refused. */
#include "support/experiment_run.h"
#include "t.h"

#define SMALL                                                                                                \
    "study: s\n"                                                                                             \
    "data: {name: gaussian-mixture, dimension: 6, classes: 3, separation: 3, noise: 1, train: 40, test: "    \
    "700}\n"                                                                                                 \
    "model: [dense 12, relu, dense]\n"                                                                       \
    "train: {sgd: {rate: 0.1, momentum: 0.9, batch: 8}, until: {train_error: 0}, epochs: 120}\n"

enum { GRID = 9 };

/* Row i of a run's curve in a column. */
static double at(const struct experiment_runs *runs, int64_t run, const char *column, int64_t i)
{
    return experiment_curve(runs, run, column)[i];
}

static void check_plane(void)
{
    struct experiment_runs *r =
        experiment_runs_new(SMALL "minima: {poison: 60}\n"
                                  "slice: {a: sgd, b: sgd, c: poison, grid: 9}\nseeds: 3\n");
    struct experiment_runs *train = experiment_runs_new(SMALL "seeds: 3\n");
    struct er_error err;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "slice");
    T_STATUS(experiment_run(train, 1, NULL, &err), ER_OK, "train");
    for (int64_t run = 0; run < r->n; run++) {
        const struct experiment_record *record = &r->record[run];
        const int64_t cells = GRID * GRID;
        double green = 0, magenta = 0, both = 0, error = 0;
        T_EQ_STR(record->outcome, "sliced", "run %d: %s", (int)run, record->note);
        T_OK(record->n_curve > cells + 3 + 3 * 2 && record->n_curve <= cells + 3 + 3 * 24, "%d rows",
             (int)record->n_curve);
        for (int64_t i = 0; i < cells; i++) {
            const bool g = at(r, run, "train_error", i) == 0,
                       m = at(r, run, "test_error", i) <= experiment_value(r, run, "threshold");
            T_OK(at(r, run, "mark", i) == 0 && (at(r, run, "green", i) != 0) == g &&
                     (at(r, run, "magenta", i) != 0) == m,
                 "a point of the grid");
            green += g;
            magenta += m;
            both += g && m;
            error += g ? at(r, run, "test_error", i) : 0;
        }
        T_OK(green > 0 && green < cells, "some points are green: %g", green);
        T_CLOSE(experiment_value(r, run, "green"), green / (GRID * GRID), 1e-15, "green");
        T_CLOSE(experiment_value(r, run, "magenta"), magenta / (GRID * GRID), 1e-15, "magenta");
        T_CLOSE(experiment_value(r, run, "both"), both / (GRID * GRID), 1e-15, "both");
        T_CLOSE(experiment_value(r, run, "p_magenta_given_green"), both / green, 1e-15, "conditional");
        T_CLOSE(experiment_value(r, run, "green_test_error"), error / green, 1e-14, "mean test error");
        T_CLOSE(experiment_value(r, run, "threshold"),
                (experiment_value(r, run, "test_error_a") + experiment_value(r, run, "test_error_b")) / 2 +
                    0.05,
                1e-15, "threshold, of those that sgd found");
        /* A is the network of `train`, to the bit (of two chunks of test examples, too), as a minimum and as the grid's point at (0, 0); B's point is B */
        T_OK(at(r, run, "train_loss", cells) == experiment_value(train, run, "train_loss") &&
                 at(r, run, "test_loss", cells) == experiment_value(train, run, "test_loss") &&
                 at(r, run, "test_error", cells) == experiment_value(train, run, "test_error"),
             "A is the network of train");
        int64_t met = 0;
        for (int64_t k = 0; k < 2; k++)
            for (int64_t i = 0; i < cells; i++) {
                const int64_t m = cells + k;
                if (at(r, run, "a", i) != at(r, run, "a", m) || at(r, run, "b", i) != 0) continue;
                met++;
                T_OK(at(r, run, "train_loss", i) == at(r, run, "train_loss", m) &&
                         at(r, run, "test_loss", i) == at(r, run, "test_loss", m),
                     "minimum %d is a point of the grid", (int)k);
            }
        T_EQ_INT(met, 2, "A and B lie on the grid");
        for (int64_t k = 0; k < 3; k++) T_EQ_INT((int)at(r, run, "mark", cells + k), (int)k + 1, "mark");
        T_EQ_INT((int)at(r, run, "mark", cells + 3), 4, "then the way to A");
        T_OK(at(r, run, "train_loss", cells + 3) > 5 * at(r, run, "train_loss", cells),
             "from where it began");
        const double ab = at(r, run, "a", cells + 1), ca = at(r, run, "a", cells + 2),
                     cb = at(r, run, "b", cells + 2);
        T_CLOSE(experiment_value(r, run, "ab_distance"), ab, 1e-12, "distance");
        T_CLOSE(experiment_value(r, run, "bc_distance"), sqrt((ca - ab) * (ca - ab) + cb * cb), 1e-12 * cb,
                "of B and C");
        int64_t on[7] = {0};
        double worst = 0;
        for (int64_t i = cells; i < record->n_curve; i++) on[(int)at(r, run, "mark", i)]++;
        T_OK(on[4] > 1 && on[5] > 1 && on[6] > 1, "ways to all three");
        for (int64_t k = 0; k < 3; k++) worst = fmax(worst, at(r, run, "train_error", cells + k));
        T_OK(experiment_value(r, run, "train_error") == worst, "the largest training error");
        /* 0.4 of the extent on both sides, to a step of the grid or what half of it is at the edges */
        const double left = at(r, run, "a", 0), right = at(r, run, "a", GRID - 1), low = fmin(0, ca),
                     wide = fmax(ab, ca) - low, step = at(r, run, "a", 1) - left;
        T_CLOSE(right - left, 1.8 * wide, 0.5 * (right - left), "the grid's reach");
        T_CLOSE(low - left, right - low - wide, 1.01 * step, "alike on both sides");
    }
    experiment_runs_free(r);
    experiment_runs_free(train);
}

/* A threshold that is a point's own test error includes it. */
static void check_threshold(void)
{
    char yaml[800];
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(SMALL "slice: {grid: 3, path: false, c: none}\n");
    T_STATUS(experiment_run(r, 1, NULL, &err), ER_OK, "slice");
    snprintf(yaml, sizeof yaml, SMALL "slice: {grid: 3, path: false, c: none, threshold: %.17g}\n",
             experiment_value(r, 0, "test_error_a"));
    struct experiment_runs *own = experiment_runs_new(yaml);
    T_STATUS(experiment_run(own, 1, NULL, &err), ER_OK, "slice");
    T_OK(experiment_value(own, 0, "a_meets_magenta") == 1, "A is magenta");
    experiment_runs_free(r);
    experiment_runs_free(own);
}

/* Along a line: places from A to B, pieces that are runs of green points, those of A and B counted once if they are one. */
static void check_line(const struct experiment_runs *r, int64_t run, int64_t points)
{
    int64_t pieces = 0, of[2] = {0}, own;
    for (int64_t i = 0; i < points; i++) {
        const bool green = at(r, run, "green", i) != 0;
        pieces += green && (i == 0 || at(r, run, "green", i - 1) == 0);
        for (int k = 0; k < 2; k++)
            if (at(r, run, "a", i) == at(r, run, "a", points + k)) {
                T_OK(at(r, run, "t", i) == k, "minimum %d is at t = %d", k, k);
                of[k] = green ? pieces : 0;
            }
    }
    own = (of[0] > 0) + (of[1] > 0 && of[1] != of[0]);
    T_CLOSE(experiment_value(r, run, "pieces"), (double)pieces, 0, "pieces");
    T_CLOSE(experiment_value(r, run, "own_pieces"), (double)own, 0, "own pieces");
    T_OK(isnan(at(r, run, "t", points)), "rows of minima are none of the line's");
}

static const char *const kinds[] = {
    SMALL "slice: {grid: 5, b: none, c: none, path: false}\nseeds: 2\n",
    SMALL "slice: {grid: 7, c: none, path: false}\nseeds: 2\n",
    "study: s\ndata: {name: gaussian-mixture, dimension: 6, classes: 3, train: 40, test: 60}\n"
    "model: [dense 12, batch_norm, relu, dense]\ntrain: {sgd: {rate: 0.1, batch: 8}, epochs: 5}\n"
    "slice: {grid: 5, statistics: [recomputed, interpolated]}\n",
};

/* A line, a plane around one, batch norm: on one thread and on three, all runs or one. */
static void check_kinds(void)
{
    struct er_error err;
    for (int k = 0; k < 3; k++) {
        struct experiment_runs *one = experiment_runs_new(kinds[k]), *three = experiment_runs_new(kinds[k]);
        T_STATUS(experiment_run(one, 1, NULL, &err), ER_OK, "one thread");
        T_STATUS(experiment_run_some(three, 1, 1, 3, NULL, &err), ER_OK, "run 1 alone, three threads");
        T_OK(experiment_same(&one->record[1], &three->record[0]), "kind %d: the same bits", k);
        const int64_t rows = one->record[0].n_curve;
        if (k < 2) T_EQ_INT(rows, k == 0 ? 25 + 1 : 7 + 2, "kind %d: rows", k);
        if (k == 0) {
            T_OK(at(one, 0, "train_loss", 12) == at(one, 0, "train_loss", 25), "the middle is the minimum");
            T_OK(isnan(experiment_value(one, 0, "ab_distance")), "no B");
        }
        for (int64_t run = 0; k == 1 && run < 2; run++) check_line(one, run, rows - 2);
        if (k == 2)
            T_OK(at(one, 0, "train_loss", 0) != at(one, 1, "train_loss", 0), "statistics make a difference");
        experiment_runs_free(one);
        experiment_runs_free(three);
    }
}

static bool has_figure(const char *slice, const char *mark)
{
    char yaml[800];
    bool has = false;
    snprintf(yaml, sizeof yaml, SMALL "slice: %s\n", slice);
    struct experiment_runs *r = experiment_runs_new(yaml);
    int64_t n;
    const struct er_figure *figure = er_study_figures(r->study, &n);
    for (int64_t i = 0; i < n; i++) has = has || strcmp(figure[i].mark, mark) == 0;
    experiment_runs_free(r);
    return has;
}

/* A map refuses a line's one row, and a plane has no line. */
static void check_figures(void)
{
    T_OK(has_figure("{c: poison}", "map") && !has_figure("{c: poison}", "line"), "a plane");
    T_OK(has_figure("{b: none, c: none}", "map"), "a plane around one");
    T_OK(has_figure("{c: none}", "line") && !has_figure("{c: none}", "map"), "a line");
    T_OK(!has_figure("{c: [none, sgd]}", "map"), "both");
}

static void check_ends(void)
{
    struct er_error err;
    struct experiment_runs *r = experiment_runs_new(
        "study: s\ndata: {name: two-spirals, train: 30, test: 20}\nmodel: [dense 8, relu, dense]\n"
        "train: {sgd: {rate: 1e8}, loss: mean-squared, epochs: 40}\nslice: {grid: 5}\nseeds: 2\n");
    r->skip = 1;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_OK, "minima that diverge");
    T_EQ_STR(r->record[0].outcome, "diverged", "has no slice");
    T_OK(isnan(experiment_value(r, 0, "green")) && r->record[0].n_curve == 0, "nor numbers");
    T_OK(strncmp(r->record[0].note, "minimum A: ", 11) == 0, "and says why: %s", r->record[0].note);
    T_OK(!r->record[1].ended, "somebody else has the other");
    experiment_runs_free(r);
    r = experiment_runs_new(SMALL "slice: {grid: 5}\n");
    r->hasty = true;
    T_STATUS(experiment_run(r, 2, NULL, &err), ER_E_STOPPED, "stopped");
    experiment_runs_free(r);
}

/* What the sampler of any minimum does not do is refused where it is written. */
static void check_samplers(void)
{
    static const char *const minimum[] = {"{a: langevin}", "{b: langevin}", "{c: langevin}"};
    for (int i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 "train: {sgd: {momentum: 0.9}}\ndata: {name: two-spirals}\nmodel: [dense]\nslice: %s",
                 minimum[i]);
        experiment_refused(text, 25,
                           "train.sgd.momentum: langevin walks on all examples by the rate and weight decay "
                           "alone, for minima.langevin.burn and thin steps");
    }
    experiment_refused("model: [dense 4, batch_norm, relu, dense]\ndata: {name: two-spirals}\ntrain: {}\n"
                       "slice: {c: guess}",
                       8, "model: this sampler has no batches to take statistics of batch_norm from");
    experiment_refused("minima: {scale: 0}\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {}\n"
                       "slice: {b: guess}",
                       17, "minima.scale: must be above 0");
}

int main(void)
{
    check_plane();
    check_threshold();
    check_kinds();
    check_figures();
    check_ends();
    experiment_refused(
        "slice: {b: none, c: sgd}\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {epochs: 1}", 21,
        "slice.c: without a minimum B there is no C: write none");
    experiment_refused(
        "slice: {a: poison, b: none}\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {epochs: 1}", 12,
        "slice.a: no minimum is found by sgd, so that slice.threshold must be written");
    check_samplers();
    return t_done();
}
