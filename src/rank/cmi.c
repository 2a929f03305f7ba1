/* cmi.c - quotients of sums over cells; sets of one axis and of none as sums of those of two. */
#include "rank/cmi.h"

#include <math.h>
#include <string.h>

/* A term of the information of T pairs: count c of a cell of a 2 x 2 table with marginals r and s. */
static double term(double c, double r, double s, double total)
{
    return c > 0 ? c * log(c * total / (r * s)) : 0;
}

struct sums {
    double information, entropy;
};

/* Adds a cell, in quarters of a pair, `times` over. */
static void add_cell(int64_t pairs, int64_t gap, int64_t measure, int64_t both, double times, struct sums *to)
{
    if (pairs == 0) return;
    const int64_t total = 4 * pairs, up = 2 * gap, right = 2 * measure;
    const double t = (double)total, r1 = (double)up, r0 = (double)(total - up), s1 = (double)right,
                 s0 = (double)(total - right);
    const double information =
        term((double)both, r1, s1, t) + term((double)(up - both), r1, s0, t) +
        (term((double)(right - both), r0, s1, t) + term((double)(total - up - right + both), r0, s0, t));
    to->information += times * information;
    to->entropy -= times * ((r1 > 0 ? r1 * log(r1 / t) : 0) + (r0 > 0 ? r0 * log(r0 / t) : 0));
}

/* The quotient of a set of `groups`, whose cells begin at the counts. */
static double quotient(int64_t groups, const struct er_rank_counts *c)
{
    struct sums sums = {0};
    for (int64_t u = 0; u < groups; u++)
        for (int64_t v = u; v < groups; v++) {
            const int64_t i = u * groups + v;
            add_cell(c->pairs[i], c->gap[i], c->measure[i], c->both[i], u == v ? 1 : 2, &sums);
        }
    if (!(sums.entropy > 0)) return NAN;
    const double q = sums.information / sums.entropy;
    return q < 0 ? 0 : q > 1 ? 1 : q; /* rounding */
}

static struct er_rank_counts from_cell(const struct er_rank_counts *c, int64_t cell)
{
    return (struct er_rank_counts){c->pairs + cell, c->gap + cell, c->measure + cell, c->both + cell};
}

/* to[u, v] = sum of the set's cells whose groups have level u, v on the axis that stays: the first, the second or none. */
static void sum_cells(const struct er_rank_signs_set *set, int64_t divide, int64_t levels,
                      const int64_t *cell, int64_t *to)
{
    memset(to, 0, (size_t)(levels * levels) * sizeof *to);
    for (int64_t u = 0; u < set->groups; u++)
        for (int64_t v = 0; v < set->groups; v++)
            to[u / divide % levels * levels + v / divide % levels] += cell[u * set->groups + v];
}

static double summed(const struct er_rank_signs_set *set, int64_t divide, int64_t levels,
                     const struct er_rank_counts *counts, int64_t *work)
{
    const struct er_rank_counts c = from_cell(counts, set->cell);
    const int64_t n = levels * levels;
    sum_cells(set, divide, levels, c.pairs, work);
    sum_cells(set, divide, levels, c.gap, work + n);
    sum_cells(set, divide, levels, c.measure, work + 2 * n);
    sum_cells(set, divide, levels, c.both, work + 3 * n);
    return quotient(levels, &(struct er_rank_counts){work, work + n, work + 2 * n, work + 3 * n});
}

int64_t er_rank_cmi_work(const struct er_rank_points *points)
{
    int64_t most = 1;
    for (int64_t a = 0; a < points->axes; a++)
        if (points->levels[a] > most) most = points->levels[a];
    return 4 * most * most;
}

double er_rank_cmi_set(const struct er_rank_points *points, const struct er_rank_signs *signs,
                       const struct er_rank_counts *counts, int a, int b, int64_t *work)
{
    for (int64_t k = 0; k < signs->sets; k++) {
        const struct er_rank_signs_set *set = &signs->set[k];
        if (a < 0) return summed(set, 1, 1, counts, work);
        const struct er_rank_counts c = from_cell(counts, set->cell);
        if (set->a == a && set->b == b) return quotient(set->groups, &c);
        if (b < 0 && set->a == a) return summed(set, points->levels[set->b], points->levels[a], counts, work);
        if (b < 0 && set->b == a) return summed(set, 1, points->levels[a], counts, work);
    }
    return NAN;
}

/* Takes a set's quotient into the least of its size. */
static void take(double q, int size, int a, int b, struct er_rank_cmi *out)
{
    if (isnan(q)) return;
    if (!(q >= out->by_size[size])) out->by_size[size] = q;
    if (q >= out->value) return;
    out->value = q;
    out->set[0] = a;
    out->set[1] = b;
}

void er_rank_cmi(const struct er_rank_points *points, const struct er_rank_signs *signs,
                 const struct er_rank_counts *counts, int64_t *work, struct er_rank_cmi *out)
{
    const int axes = (int)points->axes;
    *out = (struct er_rank_cmi){.value = NAN, .set = {-1, -1}, .by_size = {NAN, NAN, NAN}};
    take(er_rank_cmi_set(points, signs, counts, -1, -1, work), 0, -1, -1, out);
    for (int a = 0; a < axes; a++) take(er_rank_cmi_set(points, signs, counts, a, -1, work), 1, a, -1, out);
    for (int a = 0; a < axes; a++)
        for (int b = a + 1; b < axes; b++)
            take(er_rank_cmi_set(points, signs, counts, a, b, work), 2, a, b, out);
}

/* As the organisers' program adds them: logarithms to base 2, and 1e-12 inside that of the entropy. */
static struct sums pgdl_cell(double pairs, double gap, double measure, double both)
{
    const double p11 = both / pairs, p10 = (gap - both) / pairs, p01 = (measure - both) / pairs,
                 p00 = (pairs - gap - measure + both) / pairs;
    const double p[2][2] = {{p11, p10}, {p01, p00}};
    struct sums s = {0};
    for (int i = 0; i < 2; i++) {
        const double row = p[i][0] + p[i][1];
        for (int j = 0; j < 2; j++)
            if (p[i][j] > 0) s.information += p[i][j] * log2(p[i][j] / row / (p[0][j] + p[1][j]));
        s.entropy -= row * log2(row + 1e-12);
    }
    return s;
}

double er_rank_cmi_pgdl(const struct er_rank_signs *signs, const struct er_rank_counts *counts)
{
    double least = INFINITY;
    for (int64_t k = 0; k < signs->sets; k++) {
        const struct er_rank_signs_set *set = &signs->set[k];
        struct sums sums = {0};
        for (int64_t i = set->cell; i < set->cell + set->groups * set->groups; i++) {
            if (counts->pairs[i] == 0) continue; /* in resamples */
            const struct sums cell = pgdl_cell((double)counts->pairs[i], (double)counts->gap[i],
                                               (double)counts->measure[i], (double)counts->both[i]);
            sums.information += cell.information;
            sums.entropy += cell.entropy;
        }
        const double value = sums.information / sums.entropy;
        if (value < least) least = value;
    }
    return least == 0 ? 0 : 100 * least; /* never -0 */
}
