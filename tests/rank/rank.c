/* All criteria of a table: closed forms, the oracle's loops, invariances, any number of threads. */
#include "t.h"

#include "oracles/rank.h"
#include <ermine/random.h>
#include <ermine/rank.h>
#include <float.h>

enum { MODELS = 400, AXES = 4 };

/* A table of one measure whose columns are room for up to MODELS models. */
struct made {
    struct er_rank_table table;
    struct er_rank_parameter parameter[AXES];
    struct er_rank_measure measure[3];
    int32_t level[AXES][MODELS], rows[MODELS * AXES], seed[MODELS];
    double gap[MODELS], value[3][MODELS], train_size[MODELS];
};

static const char *const names[AXES] = {"a", "b", "c", "d"};

static void begin(struct made *m, int axes, const int *levels)
{
    memset(m, 0, sizeof *m);
    for (int a = 0; a < axes; a++)
        m->parameter[a] =
            (struct er_rank_parameter){.name = names[a], .levels = levels[a], .level = m->level[a]};
    for (int k = 0; k < 3; k++)
        m->measure[k] = (struct er_rank_measure){.name = "mu", .value = m->value[k], .direction = 1};
    m->table = (struct er_rank_table){.gap = m->gap,
                                      .parameters = axes,
                                      .parameter = m->parameter,
                                      .measures = 1,
                                      .measure = m->measure,
                                      .seed = m->seed};
}

static void add(struct made *m, const int32_t *level, int32_t seed, double gap, double value)
{
    const int64_t i = m->table.n++;
    for (int a = 0; a < m->table.parameters; a++) {
        m->level[a][i] = level[a];
        m->rows[i * m->table.parameters + a] = level[a];
    }
    m->seed[i] = seed;
    m->gap[i] = gap;
    for (int k = 0; k < 3; k++) m->value[k][i] = value;
}

/* A full grid in lexicographic order. */
static void grid(struct made *m, int axes, const int *levels, const double *gap, const double *value)
{
    int64_t n = 1;
    begin(m, axes, levels);
    for (int a = 0; a < axes; a++) n *= levels[a];
    for (int64_t i = 0; i < n; i++) {
        int32_t level[AXES] = {0};
        int64_t rest = i;
        for (int a = axes - 1; a >= 0; a--) {
            level[a] = (int32_t)(rest % levels[a]);
            rest /= levels[a];
        }
        add(m, level, 0, gap[i], value[i]);
    }
}

static struct rank_points points_of(const struct made *m)
{
    return (struct rank_points){.n = m->table.n,
                                .axes = (int)m->table.parameters,
                                .level = m->rows,
                                .gap = m->gap,
                                .measure = m->value[0]};
}

static struct er_rank_results ranked(const struct made *m, const struct er_rank_options *options,
                                     struct er_pool *pool)
{
    struct er_error err = {0};
    struct er_rank_results r = {0};
    T_STATUS(er_rank(&m->table, options, pool, NULL, &r, &err), ER_OK, "%d models", (int)m->table.n);
    return r;
}

static struct er_rank_options plain(void)
{
    struct er_rank_options o = er_rank_options_default();
    o.resamples = 0;
    return o;
}

static void check_c07_c08_psi(struct made *m)
{
    const struct er_rank_options o = plain();
    const double mu7[] = {1, 3, 2, 2.5}, g7[] = {0.10, 0.20, 0.15, 0.05};
    grid(m, 2, (int[]){2, 2}, g7, mu7);
    struct er_rank_results r = ranked(m, &o, NULL);
    T_CLOSE(r.result->psi_axis[0].value, 1, DBL_EPSILON, "c07: psi of axis 0");
    T_CLOSE(r.result->psi_axis[1].value, 0, DBL_EPSILON, "c07: psi of axis 1");
    T_CLOSE(r.result->psi.value, 0.5, DBL_EPSILON, "c07: Psi");
    T_CLOSE(r.result->tau_a.value, 1.0 / 3, DBL_EPSILON, "c07: tau-a");
    er_rank_results_clear(&r);
    const double mu8[] = {1, 4, 2, 3, 5, 6}, g8[] = {0.10, 0.12, 0.14, 0.11, 0.13, 0.20};
    grid(m, 2, (int[]){3, 2}, g8, mu8);
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->psi_axis[0].value, 2.0 / 3, 2 * DBL_EPSILON, "c08: psi of axis 0");
    T_CLOSE(r.result->psi_axis[1].value, 1.0 / 3, 2 * DBL_EPSILON, "c08: psi of axis 1");
    T_CLOSE(r.result->psi.value, 0.5, 2 * DBL_EPSILON, "c08: Psi");
    T_CLOSE(r.result->tau_a.value, 0.6, DBL_EPSILON, "c08: tau-a");
    er_rank_results_clear(&r);
}

static const double mu10[] = {1, 2, 4, 3, 6, 5, 7, 8},
                    g10[] = {0.10, 0.14, 0.12, 0.20, 0.18, 0.16, 0.24, 0.22};

static void check_c10_c11_information(struct made *m)
{
    const struct er_rank_options o = plain();
    grid(m, 3, (int[]){2, 2, 2}, g10, mu10);
    struct er_rank_results r = ranked(m, &o, NULL);
    T_CLOSE(r.result->cmi.value, 0.1251430920, 1e-10, "c10: K");
    T_EQ_INT(r.result->cmi_set[0], 0, "c10: its S is {a}");
    T_EQ_INT(r.result->cmi_set[1], -1, "c10: its S is {a} alone");
    T_CLOSE(r.result->cmi_by_size[0], 0.3230581302, 1e-10, "c10: S = {}");
    T_CLOSE(r.result->cmi_by_size[1], 0.1251430920, 1e-10, "c10: least of one");
    T_CLOSE(r.result->cmi_by_size[2], 0.3557100919, 1e-10, "c10: least of two");
    T_CLOSE(r.result->pgdl_strict, 12.51430920, 1e-8, "c10: strict score");
    T_CLOSE(r.result->pgdl, 27.19509073, 1e-8, "c11: the organisers' score");
    er_rank_results_clear(&r);
    m->measure[0].direction = -1;
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->pgdl, 13.71639652, 1e-8, "c11: minus mu: the score depends on the sign");
    T_CLOSE(r.result->cmi.value, 0.1251430920, 1e-10, "c10: K does not");
    er_rank_results_clear(&r);
}

static void check_c44_sign_error(struct made *m)
{
    const double c[2][3] = {{1.0, 1.2, 0.9}, {1.1, 0.8, 1.5}},
                 g[2][3] = {{0.10, 0.12, 0.11}, {0.16, 0.13, 0.19}};
    struct er_rank_options o = plain();
    begin(m, 1, (int[]){2});
    for (int32_t h = 0; h < 2; h++)
        for (int32_t s = 0; s < 3; s++) add(m, &h, s, g[h][s], c[h][s]);
    struct er_rank_results r = ranked(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 0, "c44: an effective number of 7.12 is dropped at 12");
    T_OK(isnan(r.result->sign.mean), "c44: and no error is left");
    er_rank_results_clear(&r);
    o.least_pairs = 7.1188572647 - 1e-9;
    r = ranked(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 1, "c44: 7.1188572647 are kept");
    T_CLOSE(r.result->sign.mean, 0.2829780444, 1e-10, "c44: weighted sign error");
    T_CLOSE(r.result->sign_axis[0].max, 0.2829780444, 1e-10, "c44: of the axis");
    er_rank_results_clear(&r);
    o.least_pairs = 7.1188572647 + 1e-9;
    r = ranked(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 0, "c44: just above they are not");
    er_rank_results_clear(&r);
    o.test_size = 0;
    o.least_pairs = 9;
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->sign.mean, 0.4444444444, 1e-10, "c44: unweighted");
    er_rank_results_clear(&r);
    for (int i = 0; i < 6; i++) m->value[0][i] = 2;
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->sign.mean, 0.5, 0, "c44: a tie is half an error");
    er_rank_results_clear(&r);
}

/* Random models on some cells of a grid, with ties. */
static void scatter(struct made *m, int axes, const int *levels, int64_t n, int64_t seeds, int64_t distinct,
                    uint64_t seed)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 5));
    begin(m, axes, levels);
    int64_t cells = 1;
    for (int a = 0; a < axes; a++) cells *= levels[a];
    for (int64_t cell = 0; cell < cells && m->table.n + seeds <= n; cell++) {
        int32_t level[AXES] = {0};
        int64_t rest = cell;
        for (int a = 0; a < axes; a++) {
            level[a] = (int32_t)(rest % levels[a]);
            rest /= levels[a];
        }
        if (er_random_below(&r, 4) == 0) continue; /* a hole */
        for (int32_t s = 0; s < seeds; s++) {
            const double gap = (double)er_random_below(&r, distinct) / (double)distinct;
            add(m, level, s, gap, (double)er_random_below(&r, distinct) + (double)distinct * gap);
        }
    }
}

/* Points, axes and ties against the loops. */
static void compare(struct made *m, const char *what)
{
    const struct er_rank_options o = plain();
    struct er_rank_results r = ranked(m, &o, NULL);
    const struct rank_points p = points_of(m);
    double tau[2];
    rank_tau(&p, tau);
    T_CLOSE(r.result->tau_a.value, tau[0], 4 * DBL_EPSILON, "%s: tau-a", what);
    T_CLOSE(r.result->tau_b.value, tau[1], 4 * DBL_EPSILON, "%s: tau-b", what);
    double size[3] = {rank_cmi(&p, -1, -1), NAN, NAN};
    for (int a = 0; a < p.axes; a++) {
        T_CLOSE(r.result->psi_axis[a].value, rank_psi(&p, a), 64 * DBL_EPSILON, "%s: psi of %d", what, a);
        size[1] = fmin(size[1], rank_cmi(&p, a, -1));
        for (int b = a + 1; b < p.axes; b++) size[2] = fmin(size[2], rank_cmi(&p, a, b));
    }
    /* sums of some thousand terms with cancellation among them */
    for (int i = 0; i < 3; i++)
        if (!isnan(size[i]))
            T_CLOSE(r.result->cmi_by_size[i], size[i], 1e-12, "%s: K with |S| = %d", what, i);
    T_CLOSE(r.result->cmi.value, fmin(size[0], fmin(size[1], size[2])), 1e-12, "%s: K", what);
    T_OK(r.result->pgdl_why != NULL && isnan(r.result->pgdl), "%s: no score of a grid with holes", what);
    er_rank_results_clear(&r);
}

static void check_pgdl_oracle(struct made *m)
{
    double gap[24], value[24];
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 6));
    for (int distinct = 4; distinct < 1000; distinct *= 10) {
        for (int i = 0; i < 24; i++) {
            gap[i] = (double)er_random_below(&r, distinct);
            value[i] = gap[i] + (double)er_random_below(&r, distinct);
        }
        grid(m, 3, (int[]){3, 2, 4}, gap, value);
        const struct er_rank_options o = plain();
        struct er_rank_results results = ranked(m, &o, NULL);
        const struct rank_points p = points_of(m);
        T_CLOSE(results.result->pgdl, rank_pgdl(&p), 1e-11, "score of a 3 x 2 x 4 grid of %d values",
                distinct);
        T_OK(results.result->pgdl_why == NULL, "a complete grid has a score");
        er_rank_results_clear(&results);
    }
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void check_sign_error_oracle(struct made *m)
{
    static double want[2000];
    struct er_rank_options o = plain();
    scatter(m, 3, (int[]){3, 2, 3}, MODELS, 5, 300, 11);
    struct er_rank_results r = ranked(m, &o, NULL);
    const struct rank_points p = points_of(m);
    int64_t n = 0;
    for (int a = 0; a < 3; a++) {
        const int64_t of_axis = rank_sign_errors(&p, a, 10000, 12, 2000 - n, want + n);
        double sum = 0, most = 0;
        for (int64_t i = n; i < n + of_axis; i++) {
            sum += want[i];
            most = fmax(most, want[i]);
        }
        T_EQ_INT(r.result->sign_axis[a].environments, of_axis, "environments of axis %d", a);
        T_CLOSE(r.result->sign_axis[a].mean, sum / (double)of_axis, 1e-14, "mean of axis %d", a);
        T_CLOSE(r.result->sign_axis[a].max, most, 1e-14, "robust sign error of axis %d", a);
        n += of_axis;
    }
    T_OK(n > 11, "there are environments: %d", (int)n);
    qsort(want, (size_t)n, sizeof *want, rising);
    const double place = 0.9 * (double)(n - 1);
    const int64_t at = (int64_t)place;
    T_EQ_INT(r.result->sign.environments, n, "environments of all axes");
    T_CLOSE(r.result->sign.max, want[n - 1], 1e-14, "robust sign error");
    T_CLOSE(r.result->sign.p90, want[at] + (place - (double)at) * (want[at + 1] - want[at]), 1e-14,
            "90th percentile");
    const double paired = r.result->sign_axis[0].mean;
    er_rank_results_clear(&r);
    o.environments = ER_RANK_ENVIRONMENTS_LEVELS;
    r = ranked(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 3 + 1 + 3, "one environment for each pair of levels");
    T_OK(fabs(r.result->sign_axis[0].mean - paired) < 0.1,
         "about as wrong as single pairs of configurations");
    er_rank_results_clear(&r);
}

/* tau, Psi and sign errors ask for order alone; K is blind to sign, a tau turns with it. */
static void check_invariances(struct made *m)
{
    const struct er_rank_options o = plain();
    scatter(m, 3, (int[]){3, 2, 4}, MODELS, 1, 50, 21);
    m->table.measures = 3;
    for (int64_t i = 0; i < m->table.n; i++) {
        m->value[1][i] = exp(0.01 * m->value[0][i]) - 3;
        m->value[2][i] = -m->value[0][i];
    }
    struct er_rank_results r = ranked(m, &o, NULL);
    const struct er_rank_result *x = &r.result[0], *up = &r.result[1], *down = &r.result[2];
    T_CLOSE(up->tau_a.value, x->tau_a.value, 0, "tau-a of an increasing function");
    T_CLOSE(up->tau_b.value, x->tau_b.value, 0, "tau-b of an increasing function");
    T_CLOSE(up->psi.value, x->psi.value, 0, "Psi of an increasing function");
    T_CLOSE(up->cmi.value, x->cmi.value, 0, "K of an increasing function");
    T_CLOSE(down->tau_a.value, -x->tau_a.value, 0, "tau-a turns with the sign");
    T_CLOSE(down->tau_b.value, -x->tau_b.value, 0, "tau-b turns with the sign");
    T_CLOSE(down->psi.value, -x->psi.value, 0, "Psi turns with the sign");
    T_CLOSE(down->cmi.value, x->cmi.value, 1e-13, "K does not: the same terms in another order");
    er_rank_results_clear(&r);
    m->table.measures = 1;
    for (int64_t i = 0; i < m->table.n; i++) m->value[0][i] = 0.1;
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->tau_a.value, 0, 0, "trap 4: tau-a of a constant is 0");
    T_CLOSE(r.result->psi.value, 0, 0, "trap 4: Psi of a constant is 0, not NaN");
    T_CLOSE(r.result->cmi.value, 0, 0, "K of a constant is 0");
    T_OK(isnan(r.result->tau_b.value), "tau-b of a constant does not exist");
    er_rank_results_clear(&r);
    for (int64_t i = 0; i < m->table.n; i++) m->value[0][i] = m->gap[i];
    r = ranked(m, &o, NULL);
    T_CLOSE(r.result->tau_b.value, 1, DBL_EPSILON, "tau-b of the gap is 1");
    er_rank_results_clear(&r);
}

/* Means over seeds first, and points apart. */
static void check_seeds(struct made *m)
{
    struct er_rank_options o = plain();
    scatter(m, 2, (int[]){3, 3}, MODELS, 4, 100, 31);
    static struct made means;
    struct er_rank_results r = ranked(m, &o, NULL);
    begin(&means, 2, (int[]){3, 3});
    for (int64_t i = 0; i < m->table.n; i += 4) {
        const double *g = m->gap + i, *v = m->value[0] + i;
        const int32_t level[] = {m->level[0][i], m->level[1][i]};
        add(&means, level, 0, (g[0] + g[1] + g[2] + g[3]) / 4, (v[0] + v[1] + v[2] + v[3]) / 4);
    }
    struct er_rank_results of_means = ranked(&means, &o, NULL);
    T_EQ_INT(r.result->points, m->table.n / 4, "configurations are points");
    T_CLOSE(r.result->psi.value, of_means.result->psi.value, 0, "Psi of means");
    T_CLOSE(r.result->cmi.value, of_means.result->cmi.value, 0, "K of means");
    er_rank_results_clear(&of_means);
    er_rank_results_clear(&r);
    o.seeds = ER_RANK_SEEDS_APART;
    r = ranked(m, &o, NULL);
    double sum = 0, weight = 0;
    for (int s = 0; s < 4; s++) { /* of one seed alone; lines of a seed weigh the same in the mean */
        begin(&means, 2, (int[]){3, 3});
        for (int64_t i = s; i < m->table.n; i += 4)
            add(&means, (int32_t[]){m->level[0][i], m->level[1][i]}, 0, m->gap[i], m->value[0][i]);
        const struct rank_points p = points_of(&means);
        sum += rank_psi(&p, 0);
        weight += 1;
    }
    T_EQ_INT(r.result->points, m->table.n, "models are points");
    T_CLOSE(r.result->psi_axis[0].value, sum / weight, 1e-14, "psi is the mean over seeds");
    const struct rank_points all = points_of(m);
    double tau[2];
    rank_tau(&all, tau);
    T_CLOSE(r.result->tau_a.value, tau[0], 4 * DBL_EPSILON, "tau of all models");
    T_CLOSE(r.result->cmi_by_size[2], rank_cmi(&all, 0, 1), 1e-12, "information of all models");
    er_rank_results_clear(&r);
}

int main(void)
{
    static struct made m;
    check_c07_c08_psi(&m);
    check_c10_c11_information(&m);
    check_c44_sign_error(&m);
    scatter(&m, 3, (int[]){3, 2, 4}, MODELS, 1, 1000000, 1);
    compare(&m, "no ties");
    scatter(&m, 3, (int[]){3, 2, 4}, MODELS, 1, 5, 2);
    compare(&m, "many ties");
    scatter(&m, 4, (int[]){2, 2, 3, 3}, MODELS, 1, 30, 3);
    compare(&m, "four axes");
    scatter(&m, 2, (int[]){7, 3}, MODELS, 1, 12, 4);
    compare(&m, "two axes");
    scatter(&m, 1, (int[]){7}, MODELS, 1, 6, 5);
    compare(&m, "one axis");
    check_pgdl_oracle(&m);
    check_sign_error_oracle(&m);
    check_invariances(&m);
    check_seeds(&m);
    return t_done();
}
