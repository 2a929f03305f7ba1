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
#include "experiments/slice_tables.h"
#include "experiments/slice_window.h"

#include <ermine/memory.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a record of the curve is; 1 to 3 are A, B and C, 4 to 6 the ways to them. */
enum { MARK_POINT = 0, MARK_MINIMUM = 1, MARK_PATH = 1 + ER_SLICE_MINIMA };

static const double BEYOND_SGD = 0.05;

/* A slice under way. */
struct slicing {
    const struct er_minima_wave_run *run;
    struct er_slice_settings settings;
    struct er_plane plane;
    struct er_slice_window window;
    int64_t cells, n; /* grid points; records of the curve */
    struct er_slice_point *point;
    struct er_slice_measures *train, *test;        /* of the grid points; test behind train, in one block */
    double *block, *curve[ER_SLICE_CURVE_COLUMNS]; /* n each */
    double threshold, value[ER_SLICE_RUN_COLUMNS];
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
    s->block = er_alloc(ER_SLICE_CURVE_COLUMNS * s->n, sizeof *s->block);
    if (!s->point || !s->train || !s->block)
        return er_fail(err, ER_E_NOMEM, "slice: out of memory for %lld points", (long long)s->cells);
    s->test = s->train + s->cells;
    for (int c = 0; c < ER_SLICE_CURVE_COLUMNS; c++) s->curve[c] = s->block + c * s->n;
    for (int64_t i = 0; i < s->cells; i++)
        s->point[i] =
            (struct er_slice_point){s->window.a[i % s->window.columns], s->window.b[i / s->window.columns]};
    return ER_OK;
}

static void write_row(struct slicing *s, int64_t i, double a, double b, int64_t mark,
                      struct er_slice_measures train, struct er_slice_measures test)
{
    const double row[ER_SLICE_CURVE_COLUMNS] = {
        [ER_SLICE_C_A] = a,
        [ER_SLICE_C_B] = b,
        [ER_SLICE_C_TRAIN_LOSS] = train.loss,
        [ER_SLICE_C_TRAIN_ERROR] = train.error,
        [ER_SLICE_C_TEST_LOSS] = test.loss,
        [ER_SLICE_C_TEST_ERROR] = test.error,
        [ER_SLICE_C_GREEN] = train.error == 0,
        [ER_SLICE_C_MAGENTA] = isnan(test.error) ? (double)NAN : test.error <= s->threshold,
        [ER_SLICE_C_ON_GREEN] = (double)NAN,
        [ER_SLICE_C_T] = (double)NAN,
        [ER_SLICE_C_MARK] = (double)mark,
    };
    for (int c = 0; c < ER_SLICE_CURVE_COLUMNS; c++) s->curve[c][i] = row[c];
}

/* A minimum, or a network of the way to it, with its own statistics. */
static enum er_status write_network(struct slicing *s, int64_t i, int64_t mark, double a, double b,
                                    const struct er_network *at, struct er_error *err)
{
    const struct er_minimum_request *request = &s->run->request[0];
    struct er_network_measures train, test = {(double)NAN, (double)NAN, 0};
    enum er_status status = er_network_measure(request->net, at, request->train, &train, err);
    if (status == ER_OK && request->test)
        status = er_network_measure(request->net, at, request->test, &test, err);
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
        if (s->train[i].error == 0) s->curve[ER_SLICE_C_ON_GREEN][i] = s->test[i].error;
        if (window->rows == 1)
            s->curve[ER_SLICE_C_T][i] = (double)(i - window->origin) / (double)window->unit;
    }
}

static enum er_status write_rows(struct slicing *s, struct er_error *err)
{
    int64_t at = s->cells;
    enum er_status status = ER_OK;
    write_cells(s);
    for (int64_t m = 0; m < s->run->n && status == ER_OK; m++) {
        const struct er_network network = network_of(s, m);
        const struct er_plane_minimum *minimum = &s->plane.minimum[m];
        status = write_network(s, at++, MARK_MINIMUM + m, minimum->a, minimum->b, &network, err);
    }
    for (int64_t m = 0; m < s->run->n && status == ER_OK; m++)
        for (int64_t r = 0; r < s->run->held[m].records && status == ER_OK; r++) {
            const struct er_held_record *record = &s->run->held[m].record[r];
            const struct er_network network = {.w = record->w, .statistics = record->statistics};
            double a, b;
            er_plane_project(&s->plane, record->w, &a, &b, NULL);
            status = write_network(s, at++, MARK_PATH + m, a, b, &network, err);
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
        const double magenta = s->curve[ER_SLICE_C_MAGENTA][i];
        green[i] = s->curve[ER_SLICE_C_GREEN][i] != 0;
        greens += green[i];
        magentas += magenta;
        boths += green[i] ? magenta : 0;
        test_error += green[i] ? s->test[i].error : 0;
    }
    s->value[ER_SLICE_GREEN] = share(greens, (double)s->cells);
    s->value[ER_SLICE_MAGENTA] = share(magentas, (double)s->cells);
    s->value[ER_SLICE_BOTH] = share(boths, (double)s->cells);
    s->value[ER_SLICE_MAGENTA_GIVEN_GREEN] = share(boths, greens);
    s->value[ER_SLICE_GREEN_TEST_ERROR] = share(test_error, greens);
}

/* Whether a piece has a magenta point. */
static bool meets(const struct slicing *s, const int64_t *piece, int64_t which)
{
    for (int64_t i = 0; i < s->cells; i++)
        if (piece[i] == which && s->curve[ER_SLICE_C_MAGENTA][i] > 0) return true;
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
        if (of[m] > 0 && s->run->request[0].test) s->value[ER_SLICE_A_MEETS + m] = meets(s, piece, of[m]);
    }
    s->value[ER_SLICE_PIECES] = (double)pieces;
    s->value[ER_SLICE_OWN_PIECES] = (double)own;
    er_free(green);
    er_free(piece);
    return status;
}

static void describe(struct slicing *s)
{
    const struct er_plane_minimum *m = s->plane.minimum;
    s->value[ER_SLICE_THRESHOLD] = s->threshold;
    s->value[ER_SLICE_TRAIN_ERROR] = 0;
    for (int64_t i = 0; i < s->run->n; i++) {
        s->value[ER_SLICE_TRAIN_ERROR] = fmax(s->value[ER_SLICE_TRAIN_ERROR], s->run->held[i].train_error);
        s->value[ER_SLICE_TEST_ERROR_A + i] = s->run->held[i].test_error;
    }
    if (s->run->n > 1) s->value[ER_SLICE_AB_DISTANCE] = m[1].a;
    if (s->run->n > 2) {
        s->value[ER_SLICE_AC_DISTANCE] = hypot(m[2].a, m[2].b);
        s->value[ER_SLICE_BC_DISTANCE] = hypot(m[2].a - m[1].a, m[2].b);
    }
    s->value[ER_SLICE_PARAMETERS] = (double)er_net_parameters(net_of(s));
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
    for (int c = 0; c < ER_SLICE_RUN_COLUMNS; c++) s.value[c] = (double)NAN;
    for (int64_t i = 0; i < run->n; i++) record.seconds += run->held[i].seconds;
    if (none >= 0) {
        record.outcome = run->held[none].outcome;
        const struct er_held_minimum *held = &run->held[none];
        snprintf(note, sizeof note, "minimum %c: %s", (char)('A' + none),
                 held->cause[0] ? held->cause : "none was found");
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
