/* Update rules against their formulas, written again in double. */
#include "t.h"

#include "train/optimiser.h"

#include <ermine/random.h>

enum { P = 37, STEPS = 12 };

/* A gradient that depends on w, so that an error in one step is carried into the next. */
static double slope(int i, double w)
{
    return sin(i) + (1 + i % 3) * w;
}

static void sgd(const struct er_optimiser *o, int t, double lr, double *w, double *v, double *unused)
{
    (void)t;
    (void)unused;
    for (int i = 0; i < P; i++) {
        const double g = slope(i, w[i]) + o->weight_decay * w[i];
        v[i] = o->momentum * v[i] + g;
        w[i] -= lr * (o->nesterov ? g + o->momentum * v[i] : v[i]);
    }
}

static void adam(const struct er_optimiser *o, int t, double lr, double *w, double *m, double *s)
{
    for (int i = 0; i < P; i++) {
        const double g = slope(i, w[i]) + (o->decoupled ? 0 : o->weight_decay * w[i]);
        m[i] = o->beta1 * m[i] + (1 - o->beta1) * g;
        s[i] = o->beta2 * s[i] + (1 - o->beta2) * g * g;
        const double mhat = m[i] / (1 - pow(o->beta1, t)), shat = s[i] / (1 - pow(o->beta2, t));
        const double decay = o->decoupled ? lr * o->weight_decay * w[i] : 0;
        w[i] -= lr * mhat / (sqrt(shat) + o->epsilon) + decay;
    }
}

static void rmsprop(const struct er_optimiser *o, int t, double lr, double *w, double *s, double *v)
{
    (void)t;
    for (int i = 0; i < P; i++) {
        const double g = slope(i, w[i]) + o->weight_decay * w[i];
        s[i] = o->beta2 * s[i] + (1 - o->beta2) * g * g;
        v[i] = o->momentum * v[i] + g / (sqrt(s[i]) + o->epsilon);
        w[i] -= lr * v[i];
    }
}

static void compare(struct er_optimiser o,
                    void (*rule)(const struct er_optimiser *, int, double, double *, double *, double *))
{
    const struct er_optimiser_ops *ops = er_optimiser_find(o.name);
    float w[P], g[P], state[2 * P] = {0};
    double oracle[P], a[P] = {0}, b[P] = {0};
    struct er_random r = er_random_open(1, er_stream(ER_PURPOSE_TEST, 0));
    for (int i = 0; i < P; i++) oracle[i] = (double)(w[i] = (float)er_random_normal(&r));
    for (int t = 1; t <= STEPS; t++) {
        const double lr = 0.1 / t;
        for (int i = 0; i < P; i++) g[i] = (float)slope(i, (double)w[i]);
        ops->step(&o, lr, t, P, g, w, state, P);
        rule(&o, t, lr, oracle, a, b);
    }
    for (int i = 0; i < P; i++) /* a few roundings a step, on numbers of size 1 */
        T_CLOSE(w[i], oracle[i], 1e-5, "%s, momentum %g, decay %g%s%s: w[%d]", o.name, o.momentum,
                o.weight_decay, o.nesterov ? ", nesterov" : "", o.decoupled ? ", decoupled" : "", i);
}

int main(void)
{
    const double decay[] = {0, 0.05};
    for (int d = 0; d < 2; d++) {
        compare((struct er_optimiser){.name = "sgd", .weight_decay = decay[d]}, sgd);
        compare((struct er_optimiser){.name = "sgd", .momentum = 0.9, .weight_decay = decay[d]}, sgd);
        compare(
            (struct er_optimiser){.name = "sgd", .momentum = 0.7, .nesterov = true, .weight_decay = decay[d]},
            sgd);
        compare((struct er_optimiser){.name = "gradient-descent", .momentum = 0.5, .weight_decay = decay[d]},
                sgd);
        for (int m = 0; m < 2; m++)
            compare((struct er_optimiser){.name = "rmsprop",
                                          .momentum = m * 0.9,
                                          .beta2 = 0.95,
                                          .epsilon = 1e-8,
                                          .weight_decay = decay[d]},
                    rmsprop);
        for (int decoupled = 0; decoupled < 2; decoupled++)
            compare((struct er_optimiser){.name = "adam",
                                          .beta1 = 0.9,
                                          .beta2 = 0.99,
                                          .epsilon = 1e-8,
                                          .weight_decay = decay[d],
                                          .decoupled = decoupled},
                    adam);
    }
    struct er_optimiser_info info;
    for (int64_t i = 0; er_optimiser_describe(i, &info); i++) {
        const struct er_optimiser_ops *ops = er_optimiser_find(info.name);
        T_OK(ops && ops->step && ops->states && info.help[0], "%s is complete", info.name);
    }
    T_OK(!er_optimiser_find("sdg"), "an unknown optimiser");
    return t_done();
}
