/* rank.c - definitions as loops. */
#include "oracles/rank.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

static double copies(const struct rank_points *p, int64_t i)
{
    return p->copies ? p->copies[i] : 1;
}

static int32_t level(const struct rank_points *p, int64_t i, int a)
{
    return a < 0 ? 0 : p->level[i * p->axes + a];
}

/* How many axes two points differ on, axis `but` aside. */
static int differ(const struct rank_points *p, int64_t i, int64_t j, int but)
{
    int count = 0;
    for (int a = 0; a < p->axes; a++) count += a != but && level(p, i, a) != level(p, j, a);
    return count;
}

void rank_tau(const struct rank_points *p, double tau[2])
{
    double sum = 0, pairs = 0, x = 0, y = 0;
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j < i; j++) {
            const double w = copies(p, i) * copies(p, j);
            const int s = sign(p->measure[i] - p->measure[j]), t = sign(p->gap[i] - p->gap[j]);
            sum += w * s * t;
            pairs += w;
            x += w * (s != 0);
            y += w * (t != 0);
        }
    tau[0] = sum / pairs;
    tau[1] = sum / sqrt(x * y);
}

double rank_psi(const struct rank_points *p, int a)
{
    double above = 0, below = 0;
    for (int64_t i = 0; i < p->n; i++) {
        bool first = true; /* of its line */
        for (int64_t j = 0; j < i; j++) first = first && differ(p, i, j, a) > 0;
        if (!first) continue;
        double sum = 0, weight = 0, pairs = 0;
        for (int64_t j = i; j < p->n; j++)
            for (int64_t k = i; k < j; k++) {
                if (differ(p, i, j, a) > 0 || differ(p, i, k, a) > 0) continue;
                const double w = copies(p, j) * copies(p, k);
                sum += w * sign(p->gap[j] - p->gap[k]) * sign(p->measure[j] - p->measure[k]);
                weight += w;
                pairs += 1;
            }
        if (pairs == 0) continue;
        above += sum / pairs;
        below += weight / pairs;
    }
    return above / below;
}

static double half(double x)
{
    return x > 0 ? 1 : x < 0 ? 0 : 0.5;
}

static double plogp(double c, double q)
{
    return c > 0 ? c * log(q) : 0;
}

double rank_cmi(const struct rank_points *p, int a, int b)
{
    double information = 0, entropy = 0;
    for (int32_t cell = 0; cell < 8 * 8 * 8 * 8; cell++) { /* levels below 8 */
        const int32_t u = cell % 8, v = cell / 8 % 8, x = cell / 64 % 8, y = cell / 512;
        double c[2][2] = {{0, 0}, {0, 0}}, all = 0;
        for (int64_t i = 0; i < p->n; i++) {
            if (level(p, i, a) != u || level(p, i, b) != v) continue;
            for (int64_t j = 0; j < p->n; j++) {
                if (i == j || level(p, j, a) != x || level(p, j, b) != y) continue;
                const double w = copies(p, i) * copies(p, j), g = half(p->gap[i] - p->gap[j]),
                             m = half(p->measure[i] - p->measure[j]);
                c[1][1] += w * g * m;
                c[1][0] += w * g * (1 - m);
                c[0][1] += w * (1 - g) * m;
                c[0][0] += w * (1 - g) * (1 - m);
                all += w;
            }
        }
        for (int g = 0; g < 2; g++) {
            const double row = c[g][0] + c[g][1];
            entropy -= plogp(row, row / all);
            for (int m = 0; m < 2; m++)
                information += plogp(c[g][m], c[g][m] * all / (row * (c[0][m] + c[1][m])));
        }
    }
    return information / entropy;
}

static double pgdl_set(const struct rank_points *p, int a, int b)
{
    double information = 0, entropy = 0;
    for (int32_t cell = 0; cell < 8 * 8 * 8 * 8; cell++) {
        double p11[2][2] = {{0, 0}, {0, 0}}, pairs = 0;
        for (int64_t i = 0; i < p->n; i++) {
            if (level(p, i, a) != cell % 8 || level(p, i, b) != cell / 8 % 8) continue;
            for (int64_t j = 0; j < p->n; j++) {
                if (level(p, j, a) != cell / 64 % 8 || level(p, j, b) != cell / 512) continue;
                const double w = copies(p, i) * (i == j ? 1 : copies(p, j)); /* a copy with itself */
                p11[p->gap[i] > p->gap[j] ? 0 : 1][p->measure[i] > p->measure[j] ? 0 : 1] += w;
                pairs += w;
            }
        }
        if (pairs == 0) continue; /* no such levels */
        for (int g = 0; g < 2; g++) {
            const double row = (p11[g][0] + p11[g][1]) / pairs;
            entropy -= row * log2(row + 1e-12);
            for (int m = 0; m < 2; m++) {
                const double q = p11[g][m] / pairs, column = (p11[0][m] + p11[1][m]) / pairs;
                if (q > 0) information += q * log2(q / (row * column));
            }
        }
    }
    return information / entropy;
}

double rank_pgdl(const struct rank_points *p)
{
    double least = INFINITY;
    for (int a = 0; a < p->axes; a++)
        for (int b = 0; b < p->axes; b++)
            if (a != b) least = fmin(least, pgdl_set(p, a, b));
    return 100 * least;
}

/* The error of one environment: all points like i against all like j; -1: too few pairs that count. */
static double environment(const struct rank_points *p, int64_t i, int64_t j, int64_t test_size, double least)
{
    double sum = 0, squares = 0, wrong = 0;
    for (int64_t x = 0; x < p->n; x++)
        for (int64_t y = 0; y < p->n; y++) {
            if (differ(p, x, i, -1) > 0 || differ(p, y, j, -1) > 0) continue;
            const double d = p->gap[x] - p->gap[y],
                         phi = 2 * exp(-2.0 * (double)test_size * pow(fabs(d) / 2, 2)),
                         sure = pow(fmax(0, 1 - phi), 2), w = sure > 0.5 ? sure - 0.5 : 0;
            sum += w;
            squares += w * w;
            wrong += w * (1 - sign(d) * sign(p->measure[x] - p->measure[y])) / 2;
        }
    return sum > 0 && sum * sum / squares >= least ? wrong / sum : -1;
}

int64_t rank_sign_errors(const struct rank_points *p, int a, int64_t test_size, double least, int64_t room,
                         double *out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j < p->n; j++) {
            if (level(p, i, a) >= level(p, j, a) || differ(p, i, j, a) > 0) continue;
            bool first = true; /* of their configurations */
            for (int64_t k = 0; k < i; k++) first = first && differ(p, k, i, -1) > 0;
            for (int64_t k = 0; k < j; k++) first = first && differ(p, k, j, -1) > 0;
            if (!first) continue;
            const double error = environment(p, i, j, test_size, least);
            if (error >= 0 && n < room) out[n++] = error;
        }
    return n;
}
