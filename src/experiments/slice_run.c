/* slice_run.c - one slice: its grid measured, and what is said of green and magenta.
 *
 *     green      training error is 0                      magenta    test error <= threshold; missing without a test set
 *     shares     of the grid's points                     P(magenta | green) = both / green
 *     pieces     of the green points, two that are neighbours along a row or a column being of one piece
 *
 * A minimum's own piece is that of the grid point nearest to it; a minimum whose point is not green has none.
 */
#include "experiments/slice_run.h"

#include "core/clock.h"
#include "experiments/slice_window.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    GREEN,
    MAGENTA,
    BOTH,
    MAGENTA_GIVEN_GREEN,
    GREEN_TEST_ERROR,
    PIECES,
    OWN_PIECES,
    A_MEETS,
    B_MEETS,
    C_MEETS,
    THRESHOLD,
    TRAIN_ERROR,
    TEST_ERROR_A,
    TEST_ERROR_B,
    TEST_ERROR_C,
    AB_DISTANCE,
    AC_DISTANCE,
    BC_DISTANCE,
    PARAMETERS,
    RUN_COLUMNS
};
enum {
    C_A,
    C_B,
    C_TRAIN_LOSS,
    C_TRAIN_ERROR,
    C_TEST_LOSS,
    C_TEST_ERROR,
    C_GREEN,
    C_MAGENTA,
    C_ON_GREEN,
    C_T,
    C_MARK,
    CURVE_COLUMNS
};
/* What a record of the curve is; 1 to 3 are A, B and C, 4 to 6 the ways to them. */
enum { MARK_POINT = 0, MARK_MINIMUM = 1, MARK_PATH = 1 + ER_SLICE_MINIMA };

static const double BEYOND_SGD = 0.05;

const struct er_column er_slice_run_column[] = {
    [GREEN] = {"green", "", "share of the grid's points with training error 0", false},
    [MAGENTA] = {"magenta", "", "share of the grid's points whose test error is at or below the threshold",
                 false},
    [BOTH] = {"both", "", "share of the grid's points that are green and magenta", false},
    [MAGENTA_GIVEN_GREEN] = {"p_magenta_given_green", "", "share of the green points that are magenta too",
                             false},
    [GREEN_TEST_ERROR] = {"green_test_error", "", "mean test error of the green points", false},
    [PIECES] = {"pieces", "", "connected pieces of the green points", false},
    [OWN_PIECES] = {"own_pieces", "", "how many of these hold a minimum", false},
    [A_MEETS] = {"a_meets_magenta", "", "1 where the piece of A has a magenta point, else 0", false},
    [B_MEETS] = {"b_meets_magenta", "", "the same of B", false},
    [C_MEETS] = {"c_meets_magenta", "", "the same of C", false},
    [THRESHOLD] = {"threshold", "", "the test error up to which a point is magenta", false},
    [TRAIN_ERROR] = {"train_error", "", "largest training error of the minima", false},
    [TEST_ERROR_A] = {"test_error_a", "", "test error of A", false},
    [TEST_ERROR_B] = {"test_error_b", "", "test error of B", false},
    [TEST_ERROR_C] = {"test_error_c", "", "test error of C", false},
    [AB_DISTANCE] = {"ab_distance", "", "distance of A and B, of all weights", false},
    [AC_DISTANCE] = {"ac_distance", "", "distance of A and C", false},
    [BC_DISTANCE] = {"bc_distance", "", "distance of B and C", false},
    [PARAMETERS] = {"parameters", "", "parameters of the network", true},
    [RUN_COLUMNS] = {0},
};

const struct er_column er_slice_curve_column[] = {
    [C_A] = {"a", "", "place along the line from A to B, in weight space", false},
    [C_B] = {"b", "", "place at a right angle to that, towards C", false},
    [C_TRAIN_LOSS] = {"train_loss", "", "mean loss over the training set", true},
    [C_TRAIN_ERROR] = {"train_error", "", "share of training examples predicted wrongly", false},
    [C_TEST_LOSS] = {"test_loss", "", "mean loss over the test set", true},
    [C_TEST_ERROR] = {"test_error", "", "share of test examples predicted wrongly", false},
    [C_GREEN] = {"green", "", "1 where the training error is 0, else 0", false},
    [C_MAGENTA] = {"magenta", "", "1 where the test error is at or below the threshold, else 0", false},
    [C_ON_GREEN] = {"test_error_on_green", "", "test error of a point of the grid that is green", false},
    [C_T] = {"t", "", "on a line: place of a point of the grid, 0 at A and 1 at B", false},
    [C_MARK] = {"mark", "",
                "0: a point of the grid; 1, 2, 3: the minima A, B, C; 4, 5, 6: the way of training to them",
                false},
    [CURVE_COLUMNS] = {0},
};

/* A slice under way. */
struct slicing {
    const struct er_minima_wave_run *run;
    struct er_slice_settings settings;
    struct er_plane plane;
    struct er_slice_window window;
    int64_t cells, n; /* grid points; records of the curve */
    struct er_slice_point *point;
    struct er_slice_measures *train, *test; /* of the grid points; test behind train, in one block */
    double *block, *curve[CURVE_COLUMNS];   /* n each */
    double threshold, value[RUN_COLUMNS];
};

static const struct er_net *net_of(const struct slicing *s)
{
    return s->run->request[0].net;
}

static struct er_network network_of(const struct slicing *s, int64_t i)
{
    return (struct er_network){.w = s->run->held[i].w, .statistics = s->run->held[i].statistics};
}

static double threshold_of(const struct slicing *s)
{
    double sum = 0;
    int64_t n = 0;
    if (!isnan(s->settings.threshold)) return s->settings.threshold;
    for (int64_t i = 0; i < s->run->n; i++) {
        if (!er_slice_keys_sgd(&s->settings, i)) continue;
        sum += s->run->held[i].test_error;
        n++;
    }
    return sum / (double)n + BEYOND_SGD;
}

static enum er_status lay(struct slicing *s, struct er_error *err)
{
    struct er_network at[ER_SLICE_MINIMA];
    for (int64_t i = 0; i < s->run->n; i++) at[i] = network_of(s, i);
    enum er_status status = s->run->n > 1
                                ? er_plane_through(net_of(s), at, s->run->n, &s->plane, err)
                                : er_plane_around(net_of(s), at, s->run->point->seed, &s->plane, err);
    if (status == ER_OK)
        status = er_slice_window_new(&s->plane, s->settings.grid, s->settings.margin, s->settings.span,
                                     &s->window, err);
    if (status != ER_OK) return status;
    s->cells = s->n = s->window.columns * s->window.rows;
    for (int64_t i = 0; i < s->run->n; i++) s->n += 1 + s->run->held[i].records;
    s->point = er_alloc(s->cells, sizeof *s->point);
    s->train = er_alloc(2 * s->cells, sizeof *s->train);
    s->block = er_alloc(CURVE_COLUMNS * s->n, sizeof *s->block);
    if (!s->point || !s->train || !s->block)
        return er_fail(err, ER_E_NOMEM, "slice: out of memory for %lld points", (long long)s->cells);
    s->test = s->train + s->cells;
    for (int c = 0; c < CURVE_COLUMNS; c++) s->curve[c] = s->block + c * s->n;
    for (int64_t i = 0; i < s->cells; i++)
        s->point[i] =
            (struct er_slice_point){s->window.a[i % s->window.columns], s->window.b[i / s->window.columns]};
    return ER_OK;
}

static void write_row(struct slicing *s, int64_t i, double a, double b, int64_t mark,
                      struct er_slice_measures train, struct er_slice_measures test)
{
    const double row[CURVE_COLUMNS] = {
        [C_A] = a,
        [C_B] = b,
        [C_TRAIN_LOSS] = train.loss,
        [C_TRAIN_ERROR] = train.error,
        [C_TEST_LOSS] = test.loss,
        [C_TEST_ERROR] = test.error,
        [C_GREEN] = train.error == 0,
        [C_MAGENTA] = isnan(test.error) ? (double)NAN : test.error <= s->threshold,
        [C_ON_GREEN] = (double)NAN,
        [C_T] = (double)NAN,
        [C_MARK] = (double)mark,
    };
    for (int c = 0; c < CURVE_COLUMNS; c++) s->curve[c][i] = row[c];
}

/* A network of the way to a minimum. */
static enum er_status write_network(struct slicing *s, int64_t i, int64_t mark, const struct er_network *at,
                                    struct er_error *err)
{
    const struct er_minimum_request *request = &s->run->request[0];
    struct er_network_measures train, test = {(double)NAN, (double)NAN, 0};
    double a, b;
    enum er_status status = er_network_measure(request->net, at, request->train, &train, err);
    if (status == ER_OK && request->test)
        status = er_network_measure(request->net, at, request->test, &test, err);
    er_plane_project(&s->plane, at->w, &a, &b, NULL);
    if (status == ER_OK)
        write_row(s, i, a, b, mark, (struct er_slice_measures){train.loss, train.error, train.errors},
                  (struct er_slice_measures){test.loss, test.error, test.errors});
    return status;
}

static void write_cells(struct slicing *s)
{
    const struct er_slice_window *window = &s->window;
    for (int64_t i = 0; i < s->cells; i++) {
        write_row(s, i, s->point[i].a, s->point[i].b, MARK_POINT, s->train[i], s->test[i]);
        if (s->train[i].error == 0) s->curve[C_ON_GREEN][i] = s->test[i].error;
        if (window->rows == 1) s->curve[C_T][i] = (double)(i - window->origin) / (double)window->unit;
    }
}

static enum er_status write_rows(struct slicing *s, struct er_error *err)
{
    int64_t at = s->cells;
    enum er_status status = ER_OK;
    write_cells(s);
    for (int64_t m = 0; m < s->run->n; m++) {
        const struct er_held_minimum *held = &s->run->held[m];
        write_row(s, at++, s->plane.minimum[m].a, s->plane.minimum[m].b, MARK_MINIMUM + m,
                  (struct er_slice_measures){.loss = held->train_loss, .error = held->train_error},
                  (struct er_slice_measures){.loss = held->test_loss, .error = held->test_error});
    }
    for (int64_t m = 0; m < s->run->n; m++)
        for (int64_t r = 0; r < s->run->held[m].records && status == ER_OK; r++) {
            const struct er_held_record *record = &s->run->held[m].record[r];
            const struct er_network network = {.w = record->w, .statistics = record->statistics};
            status = write_network(s, at++, MARK_PATH + m, &network, err);
        }
    return status;
}

/* A share of what there is. */
static double share(double part, double of)
{
    return of > 0 ? part / of : (double)NAN;
}

/* Without a test set sums over magenta and over test errors are NaN. */
static void count(struct slicing *s, bool *green)
{
    double greens = 0, magentas = 0, boths = 0, test_error = 0;
    for (int64_t i = 0; i < s->cells; i++) {
        const double magenta = s->curve[C_MAGENTA][i];
        green[i] = s->curve[C_GREEN][i] != 0;
        greens += green[i];
        magentas += magenta;
        boths += green[i] ? magenta : 0;
        test_error += green[i] ? s->test[i].error : 0;
    }
    s->value[GREEN] = share(greens, (double)s->cells);
    s->value[MAGENTA] = share(magentas, (double)s->cells);
    s->value[BOTH] = share(boths, (double)s->cells);
    s->value[MAGENTA_GIVEN_GREEN] = share(boths, greens);
    s->value[GREEN_TEST_ERROR] = share(test_error, greens);
}

/* Whether a piece has a magenta point. */
static bool meets(const struct slicing *s, const int64_t *piece, int64_t which)
{
    for (int64_t i = 0; i < s->cells; i++)
        if (piece[i] == which && s->curve[C_MAGENTA][i] > 0) return true;
    return false;
}

static enum er_status find_pieces(struct slicing *s, struct er_error *err)
{
    bool *green = er_alloc(s->cells, sizeof *green);
    int64_t *piece = er_alloc(s->cells, sizeof *piece), pieces = 0, own = 0, of[ER_SLICE_MINIMA] = {0};
    if (!green || !piece) {
        er_free(green);
        er_free(piece);
        return er_fail(err, ER_E_NOMEM, "slice: out of memory for pieces");
    }
    count(s, green);
    enum er_status status = er_grid_components(s->window.columns, s->window.rows, green, piece, &pieces, err);
    for (int64_t m = 0; m < s->run->n && status == ER_OK; m++) {
        const struct er_plane_minimum *minimum = &s->plane.minimum[m];
        bool other = true;
        of[m] = piece[er_slice_window_nearest(&s->window, minimum->a, minimum->b)];
        for (int64_t k = 0; k < m; k++) other = other && of[k] != of[m];
        own += of[m] > 0 && other;
        if (of[m] > 0 && s->run->request[0].test) s->value[A_MEETS + m] = meets(s, piece, of[m]);
    }
    s->value[PIECES] = (double)pieces;
    s->value[OWN_PIECES] = (double)own;
    er_free(green);
    er_free(piece);
    return status;
}

static void describe(struct slicing *s)
{
    const struct er_plane_minimum *m = s->plane.minimum;
    s->value[THRESHOLD] = s->threshold;
    s->value[TRAIN_ERROR] = 0;
    for (int64_t i = 0; i < s->run->n; i++) {
        s->value[TRAIN_ERROR] = fmax(s->value[TRAIN_ERROR], s->run->held[i].train_error);
        s->value[TEST_ERROR_A + i] = s->run->held[i].test_error;
    }
    if (s->run->n > 1) s->value[AB_DISTANCE] = m[1].a;
    if (s->run->n > 2) {
        s->value[AC_DISTANCE] = hypot(m[2].a, m[2].b);
        s->value[BC_DISTANCE] = hypot(m[2].a - m[1].a, m[2].b);
    }
    s->value[PARAMETERS] = (double)er_net_parameters(net_of(s));
}

static enum er_status measure(struct slicing *s, struct er_pool *pool, const struct er_progress *progress,
                              struct er_error *err)
{
    const struct er_minimum_request *request = &s->run->request[0];
    const struct er_dataset *const sets[2] = {request->train, request->test};
    enum er_status status = lay(s, err);
    if (status != ER_OK) return status;
    s->threshold = threshold_of(s);
    for (int64_t i = 0; i < s->cells; i++)
        s->test[i] = (struct er_slice_measures){.loss = (double)NAN, .error = (double)NAN};
    status = er_slice_measure(&s->plane, sets, request->test ? 2 : 1,
                              s->settings.recomputed ? request->train : NULL, s->cells, s->point, pool,
                              progress, s->train, err);
    if (status == ER_OK) status = write_rows(s, err);
    if (status == ER_OK) status = find_pieces(s, err);
    if (status == ER_OK) describe(s);
    return status;
}

/* The first minimum that was not found; -1: all were. */
static int64_t missing(const struct er_minima_wave_run *run)
{
    for (int64_t i = 0; i < run->n; i++)
        if (!run->held[i].w) return i;
    return -1;
}

enum er_status er_slice_run(const struct er_minima_wave_run *run, struct er_pool *pool,
                            const struct er_progress *progress, const struct er_run_events *events,
                            struct er_error *err)
{
    struct slicing s = {.run = run, .settings = er_slice_keys_settings(run->point)};
    const int64_t none = missing(run);
    const double start = er_clock_s();
    struct er_record record = {.outcome = "sliced", .note = "", .value = s.value};
    struct er_error why = {0};
    char note[300];
    enum er_status status = ER_OK;
    for (int c = 0; c < RUN_COLUMNS; c++) s.value[c] = (double)NAN;
    for (int64_t i = 0; i < run->n; i++) record.seconds += run->held[i].seconds;
    if (none >= 0) {
        record.outcome = run->held[none].outcome;
        snprintf(note, sizeof note, "minimum %c: %s", (char)('A' + none), run->held[none].cause);
        record.note = note;
    } else {
        status = measure(&s, pool, progress, &why);
        if (status == ER_E_USAGE) { /* the minima span no plane */
            record.outcome = "no plane";
            record.note = why.msg;
            s.n = 0;
            status = ER_OK;
        }
        if (status != ER_OK) er_fail(err, status, "%s", why.msg);
    }
    record.seconds += er_clock_s() - start;
    record.curve = (const double *const *)s.curve;
    record.n_curve = s.n;
    if (status == ER_OK) status = events->end(events->ctx, run->run, &record, err);
    er_plane_clear(&s.plane);
    er_slice_window_clear(&s.window);
    er_free(s.point);
    er_free(s.train);
    er_free(s.block);
    return status;
}
