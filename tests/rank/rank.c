/* All criteria of a table: the oracle's loops, invariances, any number of threads. */
#include "t.h"

#include "oracles/rank.h"
#include "rank/points.h"
#include "support/made_ranking.h"

#include <ermine/random.h>
#include <ermine/rank.h>
#include <float.h>

static struct rank_points points_of(const struct made_ranking *m)
{
    return (struct rank_points){.n = m->table.n,
                                .axes = (int)m->table.parameters,
                                .level = m->rows,
                                .gap = m->gap,
                                .measure = m->value[0]};
}

/* Random models on some cells of a grid, with ties. */
static void scatter(struct made_ranking *m, int axes, const int *levels, int64_t n, int64_t seeds,
                    int64_t distinct, uint64_t seed)
{
    struct er_random r = er_random_open(seed, er_stream(ER_PURPOSE_TEST, 5));
    made_ranking_begin(m, axes, levels);
    int64_t cells = 1;
    for (int a = 0; a < axes; a++) cells *= levels[a];
    for (int64_t cell = 0; cell < cells && m->table.n + seeds <= n; cell++) {
        int32_t level[MADE_RANKING_AXES] = {0};
        int64_t rest = cell;
        for (int a = 0; a < axes; a++) {
            level[a] = (int32_t)(rest % levels[a]);
            rest /= levels[a];
        }
        if (er_random_below(&r, 4) == 0) continue; /* a hole */
        for (int32_t s = 0; s < seeds; s++) {
            const double gap = (double)er_random_below(&r, distinct) / (double)distinct;
            made_ranking_add(m, level, s, gap,
                             (double)er_random_below(&r, distinct) + (double)distinct * gap);
        }
    }
}

/* Points, axes and ties against the loops. */
static void compare(struct made_ranking *m, const char *what)
{
    const struct er_rank_options o = made_ranking_options();
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
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
    T_OK(r.result->pgdl_why != NULL && isnan(r.result->pgdl.value), "%s: no score of a grid with holes",
         what);
    er_rank_results_clear(&r);
}

static void check_pgdl_oracle(struct made_ranking *m)
{
    double gap[24], value[24];
    struct er_random r = er_random_open(3, er_stream(ER_PURPOSE_TEST, 6));
    for (int distinct = 4; distinct < 1000; distinct *= 10) {
        for (int i = 0; i < 24; i++) {
            gap[i] = (double)er_random_below(&r, distinct);
            value[i] = gap[i] + (double)er_random_below(&r, distinct);
        }
        made_ranking_grid(m, 3, (int[]){3, 2, 4}, gap, value);
        const struct er_rank_options o = made_ranking_options();
        struct er_rank_results results = made_ranking_results(m, &o, NULL);
        const struct rank_points p = points_of(m);
        T_CLOSE(results.result->pgdl.value, rank_pgdl(&p), 1e-11, "score of a 3 x 2 x 4 grid of %d values",
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

static void check_sign_error_oracle(struct made_ranking *m)
{
    static double want[2000];
    struct er_rank_options o = made_ranking_options();
    scatter(m, 3, (int[]){3, 2, 3}, MADE_RANKING_MODELS, 5, 300, 11);
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
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
        T_CLOSE(r.result->sign_axis[a].mean.value, sum / (double)of_axis, 1e-14, "mean of axis %d", a);
        T_CLOSE(r.result->sign_axis[a].max.value, most, 1e-14, "robust sign error of axis %d", a);
        n += of_axis;
    }
    T_OK(n > 11, "there are environments: %d", (int)n);
    qsort(want, (size_t)n, sizeof *want, rising);
    const double place = 0.9 * (double)(n - 1);
    const int64_t at = (int64_t)place;
    T_EQ_INT(r.result->sign.environments, n, "environments of all axes");
    T_CLOSE(r.result->sign.max.value, want[n - 1], 1e-14, "robust sign error");
    T_CLOSE(r.result->sign.p90, want[at] + (place - (double)at) * (want[at + 1] - want[at]), 1e-14,
            "90th percentile");
    const double paired = r.result->sign_axis[0].mean.value;
    er_rank_results_clear(&r);
    o.environments = ER_RANK_ENVIRONMENTS_LEVELS;
    r = made_ranking_results(m, &o, NULL);
    T_EQ_INT(r.result->sign.environments, 3 + 1 + 3, "one environment for each pair of levels");
    T_OK(fabs(r.result->sign_axis[0].mean.value - paired) < 0.1,
         "about as wrong as single pairs of configurations");
    er_rank_results_clear(&r);
}

/* tau, Psi and sign errors ask for order alone; K is blind to sign, a tau turns with it. */
static void check_invariances(struct made_ranking *m)
{
    const struct er_rank_options o = made_ranking_options();
    scatter(m, 3, (int[]){3, 2, 4}, MADE_RANKING_MODELS, 1, 50, 21);
    m->table.measures = 3;
    for (int64_t i = 0; i < m->table.n; i++) {
        m->value[1][i] = exp(0.01 * m->value[0][i]) - 3;
        m->value[2][i] = -m->value[0][i];
    }
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
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
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->tau_a.value, 0, 0, "trap 4: tau-a of a constant is 0");
    T_CLOSE(r.result->psi.value, 0, 0, "trap 4: Psi of a constant is 0, not NaN");
    T_CLOSE(r.result->cmi.value, 0, 0, "K of a constant is 0");
    T_OK(isnan(r.result->tau_b.value), "tau-b of a constant does not exist");
    er_rank_results_clear(&r);
    for (int64_t i = 0; i < m->table.n; i++) m->value[0][i] = m->gap[i];
    r = made_ranking_results(m, &o, NULL);
    T_CLOSE(r.result->tau_b.value, 1, DBL_EPSILON, "tau-b of the gap is 1");
    er_rank_results_clear(&r);
}

/* Of seeds: as many models of each configuration, the last one too, as it has; of configurations: as many as there are. */
static void check_copies(struct made_ranking *m)
{
    struct er_error err = {0};
    struct er_rank_points p = {0};
    bool kept[MADE_RANKING_MODELS];
    int32_t copies[MADE_RANKING_MODELS];
    int wrong = 0, drawn = 0;
    scatter(m, 2, (int[]){3, 4}, MADE_RANKING_MODELS, 5, 100, 41);
    for (int64_t i = 0; i < m->table.n; i++) kept[i] = true;
    T_STATUS(er_rank_points_new(&m->table, kept, ER_RANK_SEEDS_AVERAGED, &p, &err), ER_OK, "points");
    for (int way = 0; way < 2; way++)
        for (int64_t number = 0; number < 21; number++) {
            struct er_rank_options o = er_rank_options_default();
            int64_t all = 0;
            o.resample = way ? ER_RANK_RESAMPLE_SEEDS : ER_RANK_RESAMPLE_CONFIGURATIONS;
            er_rank_points_draw(&p, &o, number, copies);
            for (int64_t c = 0; c < p.configurations; c++) {
                const int32_t *of = copies + p.first[c];
                int64_t sum = 0;
                for (int i = 0; i < 5; i++) {
                    wrong += (number == 0 && of[i] != 1) || (!way && of[i] != of[0]);
                    sum += of[i];
                }
                wrong += way && sum != 5;
                all += sum;
            }
            wrong += all != m->table.n;
            drawn += copies[p.first[p.configurations] - 1] != 1; /* of the last model */
        }
    T_EQ_INT(wrong, 0, "copies of a draw");
    T_OK(drawn > 20, "the last model is drawn too: %d of 40", drawn);
    er_rank_points_clear(&p);
}

/* Means over seeds first, and points apart. */
static void check_seeds(struct made_ranking *m)
{
    struct er_rank_options o = made_ranking_options();
    scatter(m, 2, (int[]){3, 3}, MADE_RANKING_MODELS, 4, 100, 31);
    static struct made_ranking means;
    struct er_rank_results r = made_ranking_results(m, &o, NULL);
    made_ranking_begin(&means, 2, (int[]){3, 3});
    for (int64_t i = 0; i < m->table.n; i += 4) {
        const double *g = m->gap + i, *v = m->value[0] + i;
        const int32_t level[] = {m->level[0][i], m->level[1][i]};
        made_ranking_add(&means, level, 0, (g[0] + g[1] + g[2] + g[3]) / 4, (v[0] + v[1] + v[2] + v[3]) / 4);
    }
    struct er_rank_results of_means = made_ranking_results(&means, &o, NULL);
    T_EQ_INT(r.result->points, m->table.n / 4, "configurations are points");
    T_CLOSE(r.result->psi.value, of_means.result->psi.value, 0, "Psi of means");
    T_CLOSE(r.result->cmi.value, of_means.result->cmi.value, 0, "K of means");
    er_rank_results_clear(&of_means);
    er_rank_results_clear(&r);
    o.seeds = ER_RANK_SEEDS_APART;
    r = made_ranking_results(m, &o, NULL);
    double sum = 0, weight = 0;
    for (int s = 0; s < 4; s++) { /* of one seed alone; lines of a seed weigh the same in the mean */
        made_ranking_begin(&means, 2, (int[]){3, 3});
        for (int64_t i = s; i < m->table.n; i += 4)
            made_ranking_add(&means, (int32_t[]){m->level[0][i], m->level[1][i]}, 0, m->gap[i],
                             m->value[0][i]);
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

/* Gaps that are whole numbers over 1000: means of four that are equal as whole numbers are ties, in any order of the rows. */
static void check_equal_means(struct made_ranking *m)
{
    enum { SEEDS = 4, CELLS = 36 };
    const struct er_rank_options o = made_ranking_options();
    double tau[3], cmi[3];
    for (int way = 0; way < 3; way++) { /* whole numbers; thousandths; these backwards */
        made_ranking_begin(m, 2, (int[]){6, 6});
        for (int i = 0; i < CELLS * SEEDS; i++) {
            const int row = way == 2 ? CELLS * SEEDS - 1 - i : i, cell = row / SEEDS, seed = row % SEEDS;
            const int shift[SEEDS] = {cell % 7, -(cell % 5), 3 * (cell % 3), 0}, whole = 200 + cell * 13 % 9;
            const int last = shift[0] + shift[1] + shift[2]; /* means of a few different values */
            const int gap = seed == 3 ? whole - last : whole + shift[seed];
            made_ranking_add(m, (int32_t[]){cell / 6, cell % 6}, seed, way == 0 ? gap : gap / 1000.,
                             cell * 7 % 36);
        }
        struct er_rank_results r = made_ranking_results(m, &o, NULL);
        tau[way] = r.result->tau_a.value;
        cmi[way] = r.result->cmi.value;
        er_rank_results_clear(&r);
    }
    T_CLOSE(tau[1], tau[0], 0, "tau of thousandths");
    T_CLOSE(tau[2], tau[0], 0, "tau of rows backwards");
    T_CLOSE(cmi[1], cmi[0], 1e-14, "K of thousandths");
    T_CLOSE(cmi[2], cmi[0], 1e-14, "K of rows backwards");
}

int main(void)
{
    static struct made_ranking m;
    scatter(&m, 3, (int[]){3, 2, 4}, MADE_RANKING_MODELS, 1, 1000000, 1);
    compare(&m, "no ties");
    scatter(&m, 3, (int[]){3, 2, 4}, MADE_RANKING_MODELS, 1, 5, 2);
    compare(&m, "many ties");
    scatter(&m, 4, (int[]){2, 2, 3, 3}, MADE_RANKING_MODELS, 1, 30, 3);
    compare(&m, "four axes");
    scatter(&m, 2, (int[]){7, 3}, MADE_RANKING_MODELS, 1, 12, 4);
    compare(&m, "two axes");
    scatter(&m, 1, (int[]){7}, MADE_RANKING_MODELS, 1, 6, 5);
    compare(&m, "one axis");
    check_pgdl_oracle(&m);
    check_sign_error_oracle(&m);
    check_invariances(&m);
    check_copies(&m);
    check_seeds(&m);
    check_equal_means(&m);
    return t_done();
}
