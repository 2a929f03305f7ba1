/* Every loss of the list at 1000 random rows, small and large outputs: value, derivative and Hessian-vector
 * product against the oracle's hyper-dual numbers. What is asked for, and how rows are split over calls,
 * changes no bit. */
#include "t.h"

#include "net/loss.h"
#include "oracles/network_layer.h"

#include <ermine/random.h>
#include <float.h>

enum { ROWS = 100, MOST = 70 };

static const double eps = FLT_EPSILON;
static const float spread[] = {0.1f, 1, 10, 100, 1e4f}; /* standard deviations of the outputs */

struct batch {
    float f[ROWS * MOST], tf[ROWS * MOST];
    int32_t label[ROWS];
};

static void draw(struct batch *b, int64_t O, int64_t classes, uint64_t stream)
{
    struct er_random r = er_random_open(5, er_stream(ER_PURPOSE_TEST, stream));
    for (int64_t i = 0; i < ROWS * O; i++) b->f[i] = spread[i / O % 5] * (float)er_random_normal(&r);
    for (int64_t i = 0; i < ROWS * O; i++) b->tf[i] = (float)er_random_normal(&r);
    for (int i = 0; i < ROWS; i++) b->label[i] = (int32_t)er_random_below(&r, classes);
    for (int i = 0; i < ROWS; i += 7) /* far on the right side, too */
        for (int64_t k = 0; k < O; k++)
            if (O == 1 ? b->label[i] == 1 : k == b->label[i]) b->f[i * O + k] += 20;
}

/* The largest distance of two outputs of a row, or output from 0, as far as it matters to an exponential:
 * beyond 104 that is 0 in float. Its argument is rounded to float, which moves it by half an eps of that. */
static double width_of(int64_t O, const float *f)
{
    double least = 0, most = 0;
    for (int64_t k = 0; k < O; k++) {
        least = fmin(least, (double)f[k]);
        most = fmax(most, (double)f[k]);
    }
    return fmin(most - least, 104);
}

/* Differences over what is allowed of values, derivatives and Hessian-vector products. */
struct errors {
    double value, slope, curve;
};

/* error / allowed where that is more than *worst. */
static void note(double *worst, double error, double allowed)
{
    if (!(error <= *worst * allowed)) *worst = isnan(error) ? (double)INFINITY : error / allowed;
}

/* Float exponentials: 1 eps and that of the argument; a quotient and products: 2 more. Sums are double, which
 * leaves 1e-15 of the largest output; exponentials below e^-104 are lost. */
static void check_row(const struct er_loss_ops *loss, int64_t O, const float *f, const float *tf, int32_t y,
                      double value, const float *df, const float *curved, struct errors *worst)
{
    struct hyper x[MOST];
    const double width = width_of(O, f), allowed = eps * (4 + width);
    double size = 0;
    for (int64_t k = 0; k < O; k++) size = fmax(size, fabs((double)f[k]));
    for (int64_t k = 0; k < O; k++) {
        for (int64_t j = 0; j < O; j++) x[j] = (struct hyper){(double)f[j], j == k, (double)tf[j], 0};
        const struct hyper exact = network_example_loss(loss->name, O, x, y);
        note(&worst->value, fabs(value - exact.v), allowed * exact.v + 1e-15 * (1 + size));
        note(&worst->slope, fabs((double)df[k] - exact.a), allowed * fabs(exact.a) + 1e-15);
        note(&worst->curve, fabs((double)curved[k] - exact.ab), 10 * allowed * fabs(exact.ab) + 1e-6);
    }
}

static void check_truth(const struct er_loss_ops *loss, int64_t classes)
{
    struct errors worst = {0};
    const int64_t O = loss->outputs(classes);
    for (uint64_t stream = 0; stream < 10; stream++) {
        static struct batch b;
        static float df[ROWS * MOST], curved[ROWS * MOST];
        double value[ROWS];
        memset(curved, 0, sizeof curved);
        draw(&b, O, classes, stream);
        loss->evaluate(ROWS, O, b.f, b.label, 1, df, value, NULL);
        if (loss->curvature) loss->curvature(ROWS, O, b.f, b.label, 1, b.tf, curved);
        for (int64_t i = 0; i < ROWS; i++)
            check_row(loss, O, b.f + i * O, b.tf + i * O, b.label[i], value[i], df + i * O, curved + i * O,
                      &worst);
    }
    T_OK(worst.value <= 1, "%s, %d classes: values, %.3g of what is allowed", loss->name, (int)classes,
         worst.value);
    T_OK(worst.slope <= 1, "%s, %d classes: derivatives, %.3g of what is allowed", loss->name, (int)classes,
         worst.slope);
    T_OK(worst.curve <= 1, "%s, %d classes: Hessian-vector, %.3g of what is allowed", loss->name,
         (int)classes, worst.curve);
}

/* All that evaluate and curvature give. */
struct answer {
    float df[ROWS * MOST], curved[ROWS * MOST];
    double loss[ROWS];
    unsigned char wrong[ROWS];
};

static void evaluate(const struct er_loss_ops *loss, int64_t O, const struct batch *b, int64_t from,
                     int64_t rows, int asked, struct answer *out)
{
    loss->evaluate(rows, O, b->f + from * O, b->label + from, 0.3f, asked & 1 ? out->df + from * O : NULL,
                   asked & 2 ? out->loss + from : NULL, asked & 4 ? out->wrong + from : NULL);
    if (loss->curvature)
        loss->curvature(rows, O, b->f + from * O, b->label + from, 0.3f, b->tf + from * O,
                        out->curved + from * O);
}

static bool same_bits(const void *a, const void *b, size_t bytes)
{
    return memcmp(a, b, bytes) == 0;
}

static void check_bits(const struct er_loss_ops *loss, int64_t classes)
{
    static struct batch b;
    static struct answer whole, other;
    const int64_t O = loss->outputs(classes);
    draw(&b, O, classes, 20);
    memset(&whole, 0, sizeof whole);
    evaluate(loss, O, &b, 0, ROWS, 7, &whole);
    int64_t agreed = 0;
    for (int i = 0; i < ROWS; i++) {
        const float *f = b.f + i * O;
        const int right = O > 1 ? er_row_predicts(f, O, b.label[i]) : (b.label[i] ? f[0] > 0 : f[0] < 0);
        agreed += whole.wrong[i] == !right;
    }
    T_EQ_INT(agreed, ROWS, "%s, %d classes: wrong", loss->name, (int)classes);
    for (int asked = 0; asked < 8; asked++) {
        memset(&other, 0, sizeof other);
        evaluate(loss, O, &b, 0, ROWS, asked, &other);
        T_OK((!(asked & 1) || same_bits(whole.df, other.df, sizeof whole.df)) &&
                 (!(asked & 2) || same_bits(whole.loss, other.loss, sizeof whole.loss)) &&
                 (!(asked & 4) || same_bits(whole.wrong, other.wrong, sizeof whole.wrong)),
             "%s, %d classes: the same whatever else is asked for (%d)", loss->name, (int)classes, asked);
    }
    struct er_random r = er_random_open(6, er_stream(ER_PURPOSE_TEST, 0));
    for (int split = 0; split < 20; split++) {
        memset(&other, 0, sizeof other);
        for (int64_t at = 0, rows; at < ROWS; at += rows) {
            rows = split ? 1 + er_random_below(&r, ROWS - at) : 1;
            evaluate(loss, O, &b, at, rows, 7, &other);
        }
        T_OK(same_bits(&whole, &other, sizeof whole), "%s, %d classes: the same in pieces (split %d)",
             loss->name, (int)classes, split);
    }
}

int main(void)
{
    static const int64_t classes[] = {2, 3, 10, 16, 32, 33, MOST};
    struct er_loss_info info;
    for (int64_t i = 0; er_loss_describe(i, &info); i++)
        for (size_t c = 0; c < sizeof classes / sizeof *classes; c++) {
            check_truth(er_loss_find(info.name), classes[c]);
            check_bits(er_loss_find(info.name), classes[c]);
        }
    return t_done();
}
