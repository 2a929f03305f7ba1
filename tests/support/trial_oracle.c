/* trial_oracle.c - every reading of a net against the oracle in double. */
#include "support/trial.h"
#include "t.h"

/* A float result of sums of some hundred terms, through a handful of layers: some hundred halves of an
 * epsilon, 6e-8, of the largest entry. Layer norm over three channels that lie close together multiplies that
 * a few times. */
static const double rounding = 5e-5;

static void check_values(struct trial *t)
{
    const int64_t n = t->B * t->O;
    double *want = trial_doubles(t, n), sum;
    float *f = trial_floats(t, n);
    int64_t errors, wrong = 0;
    const double mean =
        network_loss(t->oracle, t->w2, t->statistics2, t->is.training, t->B, t->x2, t->label, want);
    er_plan_outputs(t->plan, &t->network, t->x, f, trial_scratch(t, 1, false));
    trial_claim_close(t, "output", n, f, want, rounding);
    er_plan_loss(t->plan, &t->network, t->x, t->label, &sum, &errors, trial_scratch(t, 1, false));
    T_CLOSE(sum / (double)t->B, mean, rounding * (1 + mean), "%s: loss", t->name);
    for (int64_t b = 0; b < t->B; b++) {
        const double *row = want + b * t->O;
        bool right = t->O == 1 ? (t->label[b] == 1 ? row[0] > 0 : row[0] < 0) : true;
        for (int64_t k = 0; t->O > 1 && k < t->O; k++) right &= k == t->label[b] || row[t->label[b]] > row[k];
        wrong += !right;
    }
    T_EQ_INT(errors, wrong, "%s: errors", t->name);
}

static void check_gradient(struct trial *t)
{
    const int64_t n = t->B * t->D;
    double *want_w = trial_doubles(t, t->P), *want_x = trial_doubles(t, n), worst = 0;
    float *dw = trial_floats(t, t->P), *dx = trial_floats(t, n), *alone = trial_floats(t, t->P);
    network_gradient(t->oracle, t->w2, t->statistics2, t->is.training, t->B, t->x2, t->label, want_w, want_x);
    struct er_plan_call call = trial_call(t, NULL, true);
    call.backward = true;
    call.dw = dw;
    call.dx = dx;
    er_plan_run(&call);
    trial_claim_close(t, "dw", t->P, dw, want_w, rounding);
    trial_claim_close(t, "dx", n, dx, want_x, rounding);
    double sum;
    int64_t errors;
    er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, alone, &sum, &errors,
                     trial_scratch(t, 1, false));
    trial_claim_same_bits(t, "dw without dx", t->P, alone, dw);

    /* The oracle's own differences; where half the step gives another slope there is a kink between. */
    int64_t off = 0, n_slopes = 0;
    for (int64_t i = 0; i < t->P; i += 1 + t->P / 20, n_slopes++) {
        const double slope =
            network_slope(t->oracle, t->w2, i, 1e-5, t->statistics2, t->is.training, t->B, t->x2, t->label);
        const double half =
            network_slope(t->oracle, t->w2, i, 5e-6, t->statistics2, t->is.training, t->B, t->x2, t->label);
        if (fabs(slope - half) > 1e-6 * (1 + fabs(slope))) continue;
        off += !(fabs(slope - (double)dw[i]) <= 1e-4 * (1 + fabs(slope)));
        worst = fmax(worst, fabs(slope - (double)dw[i]));
    }
    T_OK(off == 0, "%s: %d of %d slopes differ from dw, by %.2g", t->name, (int)off, (int)n_slopes, worst);
}

static void check_tangents(struct trial *t)
{
    const int64_t n = t->B * t->O;
    float *v = trial_normal(t, t->P, 2), *z = trial_normal(t, t->B * t->D, 3), *zero = trial_floats(t, t->P);
    float *f = trial_floats(t, n), *tf = trial_floats(t, n);
    double *along_w = trial_doubles(t, n), *along_x = trial_doubles(t, n), *both = trial_doubles(t, n);
    struct er_error err;
    network_directional(t->oracle, t->w2, (struct network_direction){.w = trial_widened(t, t->P, v)},
                        (struct network_direction){.x = trial_widened(t, t->B * t->D, z)}, t->statistics2,
                        t->is.training, t->B, t->x2, NULL,
                        (struct network_tangents){.u = along_w, .v = along_x});
    for (int64_t i = 0; i < n; i++) both[i] = along_w[i] + along_x[i];
    for (int64_t i = 0; i < t->P; i++) zero[i] = 0;
    T_STATUS(er_plan_jvp(t->plan, &t->network, t->x, v, NULL, f, tf, trial_scratch(t, 1, true), &err), ER_OK,
             "%s: J v", t->name);
    trial_claim_close(t, "J_w v", n, tf, along_w, rounding);
    er_plan_jvp(t->plan, &t->network, t->x, zero, z, NULL, tf, trial_scratch(t, 1, true), NULL);
    trial_claim_close(t, "J_x z", n, tf, along_x, rounding);
    er_plan_jvp(t->plan, &t->network, t->x, v, z, f, tf, trial_scratch(t, 1, true), NULL);
    trial_claim_close(t, "J_w v + J_x z", n, tf, both, rounding);
}

static void check_products(struct trial *t)
{
    float *v = trial_normal(t, t->P, 4), *hv = trial_floats(t, t->P), *gv = trial_floats(t, t->P);
    double *v2 = trial_widened(t, t->P, v), *want_h = trial_doubles(t, t->P),
           *want_g = trial_doubles(t, t->P);
    struct er_error err;
    network_hessian_vector(t->oracle, t->w2, t->statistics2, t->is.training, t->B, t->x2, t->label, v2,
                           want_h, want_g);
    T_STATUS(er_plan_hvp(t->plan, &t->network, t->x, t->label, t->scale, v, NULL, hv,
                         trial_scratch(t, 1, true), &err),
             ER_OK, "%s: H v", t->name);
    trial_claim_close(t, "H v", t->P, hv, want_h, 2 * rounding);
    T_STATUS(
        er_plan_gnvp(t->plan, &t->network, t->x, t->label, t->scale, v, gv, trial_scratch(t, 1, true), &err),
        ER_OK, "%s: G v", t->name);
    trial_claim_close(t, "G v", t->P, gv, want_g, 2 * rounding);
}

/* What training makes of the running statistics, in a block of its own and in place; evaluation moves none.
 */
static void check_statistics(struct trial *t)
{
    float *moved = trial_floats(t, t->S), *place = trial_floats(t, t->S);
    double *want = trial_widened(t, t->S, t->statistics);
    memcpy(moved, t->statistics, (size_t)t->S * sizeof *moved);
    memcpy(place, t->statistics, (size_t)t->S * sizeof *place);
    if (t->is.training) network_update_statistics(t->oracle, t->w2, want, t->B, t->x2);
    struct er_plan_call call = trial_call(t, NULL, false);
    call.statistics_next = moved;
    er_plan_run(&call);
    trial_claim_close(t, "statistics", t->S, moved, want, rounding);
    const struct er_network own = {.w = t->w,
                                   .statistics = place,
                                   .training = t->is.training,
                                   .seed = t->network.seed,
                                   .step = t->network.step};
    call = trial_call(t, NULL, false);
    call.network = &own;
    call.statistics_next = place;
    er_plan_run(&call);
    trial_claim_same_bits(t, "statistics moved in place", t->S, place, moved);
}

void trial_check_oracle(struct trial *t)
{
    if (!t->oracle) {
        printf("# the oracle does not know [%s]\n", t->is.text);
        return;
    }
    T_EQ_INT(t->P, network_parameters(t->oracle), "%s: parameters", t->name);
    T_EQ_INT(t->S, network_statistics(t->oracle), "%s: statistics", t->name);
    T_EQ_INT(t->O, network_width(t->oracle), "%s: outputs", t->name);
    if (t->P != network_parameters(t->oracle) || t->S != network_statistics(t->oracle)) return;
    check_values(t);
    check_gradient(t);
    check_tangents(t);
    check_products(t);
    if (t->S) check_statistics(t);
}
