/* trial_identities.c - identities between the readings of a net, with no other truth than algebra. */
#include "support/trial.h"
#include "t.h"

static double length(int64_t n, const float *v)
{
    return sqrt(trial_dot(n, v, v));
}

/* <u, J_w v + J_x z> = <J_w' u, v> + <J_x' u, z>. */
static void check_adjoint(struct trial *t)
{
    const int64_t n = t->B * t->O, m = t->B * t->D;
    float *u = trial_normal(t, n, 5), *v = trial_normal(t, t->P, 6), *z = trial_normal(t, m, 7);
    float *tf = trial_floats(t, n), *dw = trial_floats(t, t->P), *dx = trial_floats(t, m);
    float *dw_alone = trial_floats(t, t->P), *dx_alone = trial_floats(t, m);
    struct er_error err;
    T_STATUS(er_plan_jvp(t->plan, &t->network, t->x, v, z, NULL, tf, trial_scratch(t, 1, true), &err), ER_OK,
             "%s: J v", t->name);
    T_STATUS(er_plan_vjp(t->plan, &t->network, t->x, u, dw, dx, trial_scratch(t, 1, true), &err), ER_OK,
             "%s: J' u", t->name);
    const double there = trial_dot(n, u, tf), back = trial_dot(t->P, dw, v) + trial_dot(m, dx, z);
    T_CLOSE(back, there, 1e-5 * length(n, u) * length(n, tf), "%s: <J' u, v> = <u, J v>", t->name);
    er_plan_vjp(t->plan, &t->network, t->x, u, dw_alone, NULL, trial_scratch(t, 1, true), &err);
    er_plan_vjp(t->plan, &t->network, t->x, u, NULL, dx_alone, trial_scratch(t, 1, true), &err);
    trial_claim_same_bits(t, "J_w' u alone", t->P, dw_alone, dw);
    trial_claim_same_bits(t, "J_x' u alone", m, dx_alone, dx);
}

/* From the loss's own gradient with respect to the outputs, J' gives the gradient. */
static void check_chain(struct trial *t)
{
    const int64_t n = t->B * t->O;
    float *f = trial_floats(t, n), *df = trial_floats(t, n);
    float *dw = trial_floats(t, t->P), *want = trial_floats(t, t->P);
    double sum, both;
    int64_t errors, same;
    er_plan_outputs(t->plan, &t->network, t->x, f, trial_scratch(t, 1, false));
    t->net->loss->evaluate(t->B, t->O, f, t->label, t->scale, df, NULL, NULL);
    er_plan_vjp(t->plan, &t->network, t->x, df, dw, NULL, trial_scratch(t, 1, true), NULL);
    er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, want, &sum, &errors,
                     trial_scratch(t, 1, false));
    trial_claim_same_bits(t, "J' of the loss's gradient", t->P, dw, want);
    er_plan_loss(t->plan, &t->network, t->x, t->label, &both, &same, trial_scratch(t, 1, false));
    T_OK(sum == both && errors == same, "%s: two calls give one loss: %.17g and %.17g", t->name, sum, both);
}

/* u' H v = v' H u, u' G v = v' G u, v' G v >= 0; the gradient that comes along with H v. */
static void check_symmetry(struct trial *t)
{
    const int64_t P = t->P;
    float *u = trial_normal(t, P, 8), *v = trial_normal(t, P, 9), *hu = trial_floats(t, P);
    float *hv = trial_floats(t, P), *dw = trial_floats(t, P), *want = trial_floats(t, P);
    double sum;
    int64_t errors;
    er_plan_hvp(t->plan, &t->network, t->x, t->label, t->scale, u, NULL, hu, trial_scratch(t, 1, true), NULL);
    er_plan_hvp(t->plan, &t->network, t->x, t->label, t->scale, v, dw, hv, trial_scratch(t, 1, true), NULL);
    const double size = 1 + length(P, u) * length(P, hv) + length(P, v) * length(P, hu);
    T_CLOSE(trial_dot(P, u, hv), trial_dot(P, v, hu), 1e-5 * size, "%s: u'Hv = v'Hu", t->name);
    er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, want, &sum, &errors,
                     trial_scratch(t, 1, false));
    trial_claim_close(t, "dw beside H v", P, dw, trial_widened(t, P, want), 2e-6);
    er_plan_gnvp(t->plan, &t->network, t->x, t->label, t->scale, u, hu, trial_scratch(t, 1, true), NULL);
    er_plan_gnvp(t->plan, &t->network, t->x, t->label, t->scale, v, hv, trial_scratch(t, 1, true), NULL);
    const double size_g = 1 + length(P, u) * length(P, hv) + length(P, v) * length(P, hu);
    T_CLOSE(trial_dot(P, u, hv), trial_dot(P, v, hu), 1e-5 * size_g, "%s: u'Gv = v'Gu", t->name);
    T_OK(trial_dot(P, v, hv) >= -1e-6 * size_g, "%s: v'Gv is negative", t->name);
}

/* Asking for dx beside H v changes neither H v nor dw. */
static void check_beside(struct trial *t)
{
    const int64_t P = t->P, m = t->B * t->D;
    float *v = trial_normal(t, P, 14), *hv[2], *dw[2], *dx = trial_floats(t, m), *want = trial_floats(t, m);
    for (int i = 0; i < 2; i++) {
        struct er_plan_call call = trial_call(t, NULL, true);
        call.backward = true;
        call.dw = dw[i] = trial_floats(t, P);
        call.dx = i ? dx : NULL;
        call.tw = v;
        call.tdw = hv[i] = trial_floats(t, P);
        er_plan_run(&call);
    }
    trial_claim_same_bits(t, "H v beside dx", P, hv[1], hv[0]);
    trial_claim_same_bits(t, "dw beside H v and dx", P, dw[1], dw[0]);
    struct er_plan_call call = trial_call(t, NULL, true);
    call.backward = true;
    call.dx = want;
    er_plan_run(&call);
    trial_claim_close(t, "dx beside H v", m, dx, trial_widened(t, m, want), 2e-6);
}

void trial_check_identities(struct trial *t)
{
    check_adjoint(t);
    check_chain(t);
    check_symmetry(t);
    check_beside(t);
}
