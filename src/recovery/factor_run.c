/* factor_run.c - steps until a rule ends them. */
#include "core/clock.h"
#include "recovery/factor.h"

#include <math.h>

static void know(struct er_factorisation *f, struct er_pool *pool, bool square)
{
    if (!f->known) {
        f->engine->evaluate(f, pool);
        f->known = true;
        f->square_known = false;
    }
    if (square && !f->square_known) {
        f->square = f->engine->square(f, pool);
        f->square_known = true;
    }
}

/* Whether the loss has fallen too little since it was last compared, `patience` steps ago. */
static bool is_flat(struct er_factorisation *f, const struct er_factorise_until *until)
{
    if (until->patience <= 0) return false;
    if (f->plateau_step >= 0 && f->step - f->plateau_step < until->patience) return false;
    const bool flat = f->plateau_step >= 0 && f->plateau_loss - f->loss < until->plateau * f->plateau_loss;
    f->plateau_step = f->step;
    f->plateau_loss = f->loss;
    return flat;
}

static bool ends(struct er_factorisation *f, const struct er_factorise_until *until,
                 enum er_factorise_end *end)
{
    if (!isfinite(f->loss) || (f->square_known && !isfinite(f->square)))
        *end = ER_FACTORISE_DIVERGED;
    else if (f->loss <= until->loss)
        *end = ER_FACTORISE_LOSS;
    else if (until->gradient >= 0 && sqrt(f->square) <= until->gradient)
        *end = ER_FACTORISE_GRADIENT;
    else if (is_flat(f, until))
        *end = ER_FACTORISE_PLATEAU;
    else if (f->step >= until->step)
        *end = ER_FACTORISE_STEPS;
    else
        return false;
    return true;
}

static void report(const struct er_factorisation *f, const struct er_factorise_until *until,
                   const struct er_progress *progress, double flops, double *next)
{
    enum { PER_S = 10 };
    if (!progress || !progress->report || er_clock_s() < *next) return;
    *next = er_clock_s() + 1.0 / PER_S;
    progress->report(progress->ctx, &(struct er_progress_report){.what = "factorise",
                                                                 .unit = "steps",
                                                                 .done = (double)f->step,
                                                                 .total = (double)until->step,
                                                                 .flops = flops});
}

enum er_status er_factorisation_run(struct er_factorisation *f, const struct er_factorise_until *until,
                                    struct er_pool *pool, const struct er_progress *progress,
                                    enum er_factorise_end *end, struct er_error *err)
{
    const struct er_recovery *problem = f->problem;
    const double flops =
        er_factorise_flops(problem->kind, problem->rows, problem->columns, problem->n, &f->spec);
    const bool square = f->spec.optimiser == ER_FACTOR_GROUP_RMSPROP || until->gradient >= 0;
    double next = 0;
    for (int64_t steps = 0;; steps++) {
        know(f, pool, square);
        if (ends(f, until, end)) break;
        if (er_progress_stopped(progress))
            return er_fail(err, ER_E_STOPPED, "factorise: interrupted at step %lld", (long long)f->step);
        report(f, until, progress, flops * (double)steps, &next);
        f->engine->step(f, pool);
        f->step++;
        f->known = false;
    }
    know(f, pool, true);
    return ER_OK;
}
