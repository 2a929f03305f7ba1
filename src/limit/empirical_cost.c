/* empirical_cost.c - what each of the three algorithms costs, counted, and which is taken. */
#include "limit/empirical.h"

const char *er_empirical_algorithm_name(enum er_empirical_algorithm algorithm)
{
    static const char *const name[] = {"automatic", "jacobian", "products", "structured"};
    return name[algorithm];
}

/* Doubles of one input's rows of the Jacobian, of the layer with most parameters that needs them. */
static double row_doubles(const struct er_finite *f, enum er_empirical_algorithm algorithm,
                          enum er_outputs_kept kept, double n1, double n2)
{
    double most = 0;
    for (int64_t t = 0; t < f->n_trained; t++) {
        const double P = (double)f->net->node[f->trained[t]].layer.n_parameters;
        if (!er_empirical_structured(f, t, algorithm, kept, n1, n2) && P > most) most = P;
    }
    return most * (double)f->net->n_out;
}

/* Flops of all layers' parts of n1 x n2 pairs, of `pairs` of them. */
static double pair_flops(const struct er_finite *f, enum er_empirical_algorithm algorithm,
                         enum er_outputs_kept kept, double n1, double n2, double pairs)
{
    const double O = (double)f->net->n_out, products = kept == ER_OUTPUTS_ALL ? O * O : O;
    double flops = 0;
    for (int64_t t = 0; t < f->n_trained; t++) {
        const struct er_layer *l = &f->net->node[f->trained[t]].layer;
        if (er_empirical_structured(f, t, algorithm, kept, n1, n2))
            flops += pairs * f->ops[f->trained[t]]->pair_flops(l, f->net->n_out, kept);
        else
            flops += (n1 + n2) * O * l->flops + 2 * pairs * products * (double)l->n_parameters;
    }
    return flops;
}

struct er_empirical_plan er_empirical_plan(const struct er_finite *f, int64_t n1, int64_t n2,
                                           const struct er_empirical_options *options, int threads)
{
    struct er_empirical_plan plan = {.algorithm = options->algorithm};
    const bool symmetric = n2 == 0;
    const double a = (double)n1, b = symmetric ? a : (double)n2, O = (double)f->net->n_out;
    const double pairs = symmetric ? a * (a + 1) / 2 : a * b, pass = er_net_flops(f->net);
    const double passes = (symmetric ? a : a + b) * (1 + O) * pass;
    for (enum er_empirical_algorithm i = ER_EMPIRICAL_JACOBIAN; i <= ER_EMPIRICAL_STRUCTURED; i++)
        plan.flops[i] = i == ER_EMPIRICAL_PRODUCTS ? 3 * O * pass * (b + pairs)
                                                   : passes + pair_flops(f, i, options->outputs, a, b, pairs);
    if (plan.algorithm == ER_EMPIRICAL_AUTOMATIC) {
        plan.algorithm = ER_EMPIRICAL_STRUCTURED;
        if (plan.flops[ER_EMPIRICAL_PRODUCTS] < plan.flops[plan.algorithm])
            plan.algorithm = ER_EMPIRICAL_PRODUCTS;
    }
    const double room = options->memory > 0 ? options->memory : 0x1p30;
    if (plan.algorithm == ER_EMPIRICAL_PRODUCTS) {
        const int64_t rows = n1 < f->rows ? n1 : f->rows;
        plan.bytes = sizeof(double) * (double)threads *
                     (double)(f->net->n_parameters + er_finite_space_doubles(f, rows, 1, false) +
                              er_finite_space_doubles(f, 1, 0, true));
        return plan;
    }
    const double input = sizeof(double) * ((double)er_empirical_side_doubles(f, true) +
                                           row_doubles(f, plan.algorithm, options->outputs, a, b));
    const double all = (symmetric ? a : a + b) * input;
    plan.bytes = (all < room ? all : room) +
                 sizeof(double) * (double)threads * (double)er_finite_space_doubles(f, f->rows, 0, true);
    return plan;
}
