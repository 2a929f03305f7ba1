/* trial_rows.c - the rows of a batch: what each gives alone, among others, and beside one that is NaN. */
#include "support/trial.h"
#include "t.h"

/* Per-example gradients sum to the gradient of the sum; in evaluation each is that of a batch of one. */
static void check_examples(struct trial *t)
{
    const int64_t P = t->P;
    float *g = trial_floats(t, t->B * P), *dw = trial_floats(t, P);
    double *loss = trial_doubles(t, t->B), *sum = trial_doubles(t, P), total, losses = 0;
    int64_t errors;
    struct er_error err;
    if (t->is.training && er_net_mixes_rows(t->net)) {
        T_STATUS(
            er_plan_examples(t->plan, &t->network, t->x, t->label, g, loss, trial_scratch(t, 1, false), &err),
            ER_E_UNSUPPORTED, "%s: no example has a gradient of its own", t->name);
        T_OK(isnan(g[0]), "%s: then nothing is written", t->name);
        return;
    }
    T_STATUS(
        er_plan_examples(t->plan, &t->network, t->x, t->label, g, loss, trial_scratch(t, 1, false), &err),
        ER_OK, "%s: per-example gradients", t->name);
    er_plan_gradient(t->plan, &t->network, t->x, t->label, 1, dw, &total, &errors,
                     trial_scratch(t, 1, false));
    for (int64_t i = 0; i < P; i++) sum[i] = 0;
    for (int64_t b = 0; b < t->B; b++) {
        for (int64_t i = 0; i < P; i++) sum[i] += (double)g[b * P + i];
        losses += loss[b];
    }
    trial_claim_close(t, "the sum of per-example gradients", P, dw, sum, 1e-5);
    T_CLOSE(losses, total, 1e-12 * (1 + fabs(total)), "%s: losses sum to the loss", t->name);
    if (t->is.training) return;

    struct er_plan *one = NULL;
    T_STATUS(er_plan_new(t->net, 1, &one, &err), ER_OK, "%s: a plan of one row", t->name);
    void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(one), 1);
    for (int64_t b = 0; b < t->B && b < 3; b++) {
        er_plan_gradient(one, &t->network, t->x + b * t->D, t->label + b, 1, dw, &total, &errors, scratch);
        trial_claim_close(t, "the gradient of a batch of one", P, g + b * P, trial_widened(t, P, dw), 1e-5);
        T_CLOSE(loss[b], total, 1e-5 * (1 + fabs(total)), "%s: the loss of a batch of one", t->name);
    }
    er_free(scratch);
    er_plan_free(one);
}

/* A NaN where an input counts shows in the outputs of its row, and in evaluation in no other. */
static void check_nan(struct trial *t)
{
    const int64_t n = t->B * t->O, m = t->B * t->D;
    float *dx = trial_floats(t, m), *x = trial_floats(t, m), *f = trial_floats(t, n);
    float *want = trial_floats(t, n), *u = trial_normal(t, n, 11);
    int64_t at = 0;
    er_plan_outputs(t->plan, &t->network, t->x, want, trial_scratch(t, 1, false));
    er_plan_vjp(t->plan, &t->network, t->x, u, NULL, dx, trial_scratch(t, 1, true), NULL);
    for (int64_t i = 0; i < m; i++) {
        x[i] = t->x[i];
        if (fabsf(dx[i]) > fabsf(dx[at])) at = i;
    }
    if (dx[at] == 0) return; /* nothing counts: every tap of a kernel lies in the padding */
    const int64_t row = at / t->D;
    x[at] = NAN;
    bool finite = true, shows = false, alone = true;
    struct er_plan_call call = trial_call(t, NULL, false);
    call.x = x;
    call.outputs = f;
    call.finite = &finite;
    er_plan_run(&call);
    for (int64_t i = 0; i < n; i++) {
        if (i / t->O == row)
            shows |= isnan(f[i]) != 0;
        else
            alone &= f[i] == want[i];
    }
    T_OK(shows && !finite, "%s: a NaN in input %d of row %d is lost", t->name, (int)(at % t->D), (int)row);
    if (!t->is.training) T_OK(alone, "%s: a NaN in row %d changes other rows", t->name, (int)row);
}

/* Outputs of rows in batches of 1, 2 and 33 are those of the whole batch. */
static void check_batches(struct trial *t)
{
    static const int64_t sizes[] = {1, 2, 33};
    const int64_t n = t->B * t->O;
    float *f = trial_floats(t, n);
    struct er_error err;
    er_plan_outputs(t->plan, &t->network, t->x, f, trial_scratch(t, 1, false));
    for (int k = 0; k < 3; k++) {
        const int64_t B = sizes[k];
        struct er_plan *plan = NULL;
        float *x = trial_floats(t, B * t->D), *got = trial_floats(t, B * t->O);
        double *want = trial_doubles(t, B * t->O);
        for (int64_t i = 0; i < B * t->D; i++) x[i] = t->x[i % (t->B * t->D)];
        for (int64_t i = 0; i < B * t->O; i++) want[i] = (double)f[i % n];
        T_STATUS(er_plan_new(t->net, B, &plan, &err), ER_OK, "%s: a plan of %d rows", t->name, (int)B);
        void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan), 1);
        er_plan_outputs(plan, &t->network, x, got, scratch);
        trial_claim_close(t, "an output in another batch", B * t->O, got, want, 1e-5);
        er_free(scratch);
        er_plan_free(plan);
    }
}

void trial_check_rows(struct trial *t)
{
    check_examples(t);
    check_nan(t);
    if (!t->is.training) check_batches(t);
}
