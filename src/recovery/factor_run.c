/* factor_run.c - steps until a rule ends them: by one thread, or a team that takes each step together. */
#include "core/clock.h"
#include "recovery/factor.h"

#include <math.h>

/* Operations of a step for each thread of a team, at least: with half as many two threads were slower than one, for they
 * meet some ten times in a step. */
static const double PART = 4e6;

/* False: asked to stop on the way. */
static bool know(struct er_factorisation *f, struct er_team *team, bool square)
{
    if (!f->known) {
        if (!f->engine->evaluate(f, team)) return false;
        f->known = true;
        f->square_known = false;
    }
    if (square && !f->square_known) {
        f->square = f->engine->square(f, team);
        f->square_known = true;
    }
    return true;
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

/* What the threads of a run share. */
struct run {
    struct er_factorisation *f;
    const struct er_factorise_until *until;
    const struct er_progress *progress;
    struct er_team *team;
    double flops; /* of a step */
    enum er_factorise_end end;
    bool stopped;
};

static void steps(struct run *r)
{
    struct er_factorisation *f = r->f;
    const bool square = f->spec.optimiser == ER_FACTOR_GROUP_RMSPROP || r->until->gradient >= 0;
    double next = 0;
    f->stop = r->progress;
    for (int64_t taken = 0;; taken++) {
        r->stopped = !know(f, r->team, square);
        if (r->stopped || ends(f, r->until, &r->end)) break;
        r->stopped = er_progress_stopped(r->progress);
        if (r->stopped) break;
        report(f, r->until, r->progress, r->flops * (double)taken, &next);
        f->engine->step(f, r->team);
        f->step++;
        f->known = false;
    }
    if (!r->stopped) know(f, r->team, true); /* the loss is known: the gradient's square alone is missing */
    f->stop = NULL;
}

static void part(void *ctx, int64_t task, int worker)
{
    struct run *r = ctx;
    (void)worker;
    if (task > 0) {
        er_team_follow(r->team, (int)task);
        return;
    }
    steps(r);
    er_team_dismiss(r->team);
}

enum er_status er_factorisation_run(struct er_factorisation *f, const struct er_factorise_until *until,
                                    struct er_pool *pool, const struct er_progress *progress,
                                    enum er_factorise_end *end, struct er_error *err)
{
    const struct er_recovery *p = f->problem;
    struct run r = {.f = f, .until = until, .progress = progress};
    r.flops = er_factorise_flops(p->kind, p->rows, p->columns, p->n, &f->spec);
    const double threads = pool ? er_pool_threads(pool) : 1, worth = r.flops / PART;
    const int parts = (int)(threads < worth ? threads : worth);
    if (parts > 1) {
        enum er_status status = er_team_new(parts, &r.team, err);
        if (status != ER_OK) return status;
        er_pool_run(pool, parts, part, &r);
        er_team_free(r.team);
    } else {
        steps(&r);
    }
    if (r.stopped)
        return er_fail(err, ER_E_STOPPED, "factorise: interrupted at step %lld", (long long)f->step);
    *end = r.end;
    return ER_OK;
}
