/* limit.c - the walk of the oracle of limits: what each layer makes of all entries of K and Theta.
 *
 *     dense      w mean_p K[p,p] + b
 *     conv       w (1 / taps) sum_{a,b} K[p under (a,b), p' under (a,b)] + b
 *     avg_pool   sum over both windows of K / (m m')       global: of all pixels
 *     add        sum of K, sum of Theta                    scale c: c^2 times both
 *     multiply   product of K, and sum_i Theta_i prod_{j != i} K_j
 *     concat     means, weighted by channels
 *     layer_norm K / sqrt((e + v)(e + v')), v the variance of the pixel, or the mean of all
 *     dropout    1 / keep where example and pixel are the same
 *
 * A layer with weights adds its own tangent kernel: what is behind w and b above, with tangent factors in their place.
 */
#include "oracles/limit_layer.h"

#include <math.h>
#include <string.h>

struct walk {
    const struct limit_oracle *o;
    bool failed;
};

static struct limit_covariance copy_of(const struct limit_covariance *c)
{
    struct limit_covariance copy = limit_covariance_new(c->h, c->w, c->flat);
    memcpy(copy.block, c->block, (size_t)(2 * LIMIT_PAIRS * c->h * c->w * c->h * c->w) * sizeof *c->block);
    return copy;
}

/* K[p,p'] = (1/C) sum_c x[p,c] x'[p',c]. */
static struct limit_covariance of_data(const struct limit_oracle *o, const double *one, const double *two)
{
    struct limit_covariance c = limit_covariance_new(o->h, o->w, false);
    const double *x[LIMIT_PAIRS][2] = {{one, one}, {one, two}, {two, two}};
    const int64_t P = o->h * o->w, C = o->c;
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P; p++)
            for (int64_t q = 0; q < P; q++)
                for (int64_t j = 0; j < C; j++)
                    c.k[i][p * P + q] += x[i][0][p * C + j] * x[i][1][q * C + j] / (double)C;
    return c;
}

/* The variances of the two examples' pixels: P of the first, then P of the second. */
static double *variances(const struct limit_covariance *c)
{
    const int64_t P = c->h * c->w;
    double *q = network_memory(2 * P, sizeof *q);
    for (int64_t p = 0; p < P; p++) {
        q[p] = c->k[LIMIT_ONE][p * P + p];
        q[P + p] = c->k[LIMIT_TWO][p * P + p];
    }
    return q;
}

static void activate(const struct layer *l, struct limit_covariance *c)
{
    const int64_t P = c->h * c->w;
    double *q = variances(c);
    const double *side[LIMIT_PAIRS][2] = {{q, q}, {q, q + P}, {q + P, q + P}};
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P * P; p++) {
            const bool same = i != LIMIT_CROSS && p / P == p % P;
            double slope;
            limit_dual(l, same, side[i][0][p / P], side[i][1][p % P], c->k[i][p], &c->k[i][p], &slope);
            c->theta[i][p] *= slope;
        }
    er_free(q);
}

static void normalise(const struct layer *l, struct limit_covariance *c)
{
    const int64_t P = c->h * c->w;
    const double e = layer_number(l, "epsilon", 1e-5);
    const bool all = c->flat || layer_says(l, "over", "example", "channels");
    double *q = variances(c);
    for (int side = 0; side < 2 && all; side++) {
        double mean = 0;
        for (int64_t p = 0; p < P; p++) mean += q[side * P + p] / (double)P;
        for (int64_t p = 0; p < P; p++) q[side * P + p] = mean;
    }
    const double *side[LIMIT_PAIRS][2] = {{q, q}, {q, q + P}, {q + P, q + P}};
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P * P; p++) {
            const double root = sqrt((e + side[i][0][p / P]) * (e + side[i][1][p % P]));
            c->k[i][p] /= root;
            c->theta[i][p] /= root;
        }
    er_free(q);
}

static void drop(const struct layer *l, struct limit_covariance *c)
{
    const int64_t P = c->h * c->w;
    const double keep = 1 - layer_number(l, "rate", 0);
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P && i != LIMIT_CROSS; p++) {
            c->k[i][p * P + p] /= keep;
            c->theta[i][p * P + p] /= keep;
        }
}

static void scale_by(double factor, struct limit_covariance *c)
{
    for (int64_t p = 0; p < 2 * LIMIT_PAIRS * c->h * c->w * c->h * c->w; p++) c->block[p] *= factor;
}

static void walk_list(struct walk *walk, const struct layer *first, struct limit_covariance *c);

/* Takes one more branch into c; n and m are the channels of what is there and of the branch. */
static void join(const struct layer *l, struct limit_covariance *c, const struct limit_covariance *branch,
                 double n, double m)
{
    const int64_t P = c->h * c->w;
    const bool product = strcmp(l->rule->name, "multiply") == 0;
    const bool mean = l->rule == &network_concat;
    for (int i = 0; i < LIMIT_PAIRS; i++)
        for (int64_t p = 0; p < P * P; p++) {
            const double k = c->k[i][p], k2 = branch->k[i][p], theta = c->theta[i][p],
                         theta2 = branch->theta[i][p];
            c->k[i][p] = product ? k * k2 : mean ? (n * k + m * k2) / (n + m) : k + k2;
            c->theta[i][p] = product ? theta * k2 + k * theta2
                             : mean  ? (n * theta + m * theta2) / (n + m)
                                     : theta + theta2;
        }
}

static void walk_branches(struct walk *walk, const struct layer *l, struct limit_covariance *c)
{
    struct limit_covariance sum = {0};
    double channels = 0;
    for (const struct branch *b = l->branch; b; b = b->next) {
        struct limit_covariance one = copy_of(c);
        walk_list(walk, b->first, &one);
        if (!sum.block) {
            sum = one;
        } else {
            walk->failed |= one.h != sum.h || one.w != sum.w;
            if (!walk->failed) join(l, &sum, &one, channels, (double)b->out.c);
            limit_covariance_clear(&one);
        }
        channels += (double)b->out.c;
    }
    limit_replace(c, sum);
}

static void walk_layer(struct walk *walk, const struct layer *l, struct limit_covariance *c)
{
    const struct rule *r = l->rule;
    const bool windowed = r == &network_conv || r == &network_avg_pool || r == &network_global_avg_pool;
    if (r == &network_dense)
        limit_dense(walk->o, l, c);
    else if (windowed && c->flat)
        walk->failed = true;
    else if (r == &network_conv)
        limit_conv(walk->o, l, c);
    else if (r == &network_avg_pool)
        limit_avg_pool(l, c);
    else if (r == &network_global_avg_pool)
        limit_global_avg_pool(l, c);
    else if (r == &network_flatten)
        c->flat = true;
    else if (r == &network_layer_norm)
        normalise(l, c);
    else if (r == &network_dropout)
        drop(l, c);
    else if (r->join)
        walk_branches(walk, l, c);
    else if (strcmp(r->name, "scale") == 0)
        scale_by(pow(layer_number(l, "factor", 1), 2), c);
    else if (r->each && strcmp(r->name, "identity") != 0)
        activate(l, c);
    else
        walk->failed |= !r->each;
}

static void walk_list(struct walk *walk, const struct layer *first, struct limit_covariance *c)
{
    for (const struct layer *l = first; l && !walk->failed; l = l->next) walk_layer(walk, l, c);
}

bool limit_oracle_covariance(const struct limit_oracle *o, const double *one, const double *two,
                             struct limit_covariance *out)
{
    struct walk walk = {.o = o};
    struct network *n = network_new(o->text, o->h, o->w, o->c, 1, "mean-squared");
    if (!n) return false;
    *out = of_data(o, one, two);
    walk_list(&walk, n->first, out);
    network_free(n);
    if (walk.failed) limit_covariance_clear(out);
    return !walk.failed;
}

bool limit_oracle_kernels(const struct limit_oracle *o, const double *one, const double *two,
                          double k[LIMIT_PAIRS], double theta[LIMIT_PAIRS])
{
    struct limit_covariance c;
    if (!limit_oracle_covariance(o, one, two, &c)) return false;
    const bool one_pixel = c.h * c.w == 1;
    for (int i = 0; i < LIMIT_PAIRS && one_pixel; i++) {
        k[i] = c.k[i][0];
        theta[i] = c.theta[i][0];
    }
    limit_covariance_clear(&c);
    return one_pixel;
}
