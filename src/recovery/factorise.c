/* factorise.c - a factorisation is made; its factors and gradients in and out. */
#include <ermine/factorise.h>

#include "recovery/factor.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <math.h>

struct er_factorise_spec er_factorise_spec_default(void)
{
    return (struct er_factorise_spec){.depth = 3,
                                      .scale = 1e-3,
                                      .optimiser = ER_FACTOR_GROUP_RMSPROP,
                                      .rate = 1e-3,
                                      .decay = 0.99,
                                      .momentum = 0.9,
                                      .epsilon = 1e-4};
}

static enum er_status check(const struct er_factorise_spec *s, struct er_error *err)
{
    if (s->depth < 1 || s->depth > ER_FACTORS_MOST)
        return er_fail(err, ER_E_USAGE, "factorise: depth is %" PRId64 ", not 1 to %d", s->depth,
                       ER_FACTORS_MOST);
    if (s->width < 0 || s->width > ER_FACTOR_WIDTH_MOST)
        return er_fail(err, ER_E_USAGE, "factorise: width is %" PRId64 ", not 1 to %d (0: the shorter side)",
                       s->width, ER_FACTOR_WIDTH_MOST);
    if (!(s->scale > 0) || !isfinite(s->scale))
        return er_fail(err, ER_E_USAGE, "factorise: the scale of the start is %g, not above 0", s->scale);
    if (!(s->rate > 0) || !isfinite(s->rate))
        return er_fail(err, ER_E_USAGE, "factorise: the rate is %g, not above 0", s->rate);
    if (!(s->weight_decay >= 0) || !isfinite(s->weight_decay))
        return er_fail(err, ER_E_USAGE, "factorise: weight decay is %g, not at least 0", s->weight_decay);
    if (s->optimiser == ER_FACTOR_DESCENT) return ER_OK;
    if (!(s->decay >= 0 && s->decay < 1))
        return er_fail(err, ER_E_USAGE, "factorise: decay is %g, not from 0 to below 1", s->decay);
    if (s->optimiser == ER_FACTOR_GROUP_RMSPROP && !(s->epsilon >= 0 && isfinite(s->epsilon)))
        return er_fail(err, ER_E_USAGE, "factorise: epsilon is %g, not at least 0", s->epsilon);
    if (s->optimiser != ER_FACTOR_ADAM) return ER_OK;
    if (!(s->momentum >= 0 && s->momentum < 1))
        return er_fail(err, ER_E_USAGE, "factorise: momentum is %g, not from 0 to below 1", s->momentum);
    if (!(s->epsilon > 0) || !isfinite(s->epsilon))
        return er_fail(err, ER_E_USAGE, "factorise: epsilon of Adam is %g, not above 0", s->epsilon);
    return ER_OK;
}

static void *block(const struct er_factorisation *f, int64_t rows, int64_t ld, bool *missing)
{
    void *made = er_alloc(rows * ld, f->plan.size);
    if (!made) *missing = true;
    return made;
}

/* What a step needs beside factors and gradient. */
static bool allocate_products(struct er_factorisation *f)
{
    const struct er_factor_plan *p = &f->plan;
    bool missing = false;
    if (p->depth == 1) return true;
    if (p->depth > 2) {
        const int64_t rows = p->middle ? p->width : p->n, products = p->depth - (p->middle ? 3 : 2);
        f->chain = block(f, products * rows, p->ld, &missing);
        for (int k = 0; k < 2; k++) f->back[k] = block(f, p->n, p->ld, &missing);
    }
    if (p->middle) {
        f->b = block(f, p->n, p->ld, &missing);
        for (int k = 0; k < 2; k++) f->core[k] = block(f, p->width, p->ld, &missing);
    }
    if (p->dense) {
        f->dense = block(f, p->m, p->ld_w, &missing);
        f->dense_g = block(f, p->m, p->ld_w, &missing);
    }
    if (p->dense || p->depth > 2)
        f->across = block(f, p->width, p->dense && p->ld_w > p->ld ? p->ld_w : p->ld, &missing);
    return !missing;
}

/* Targets by rows of the problem as it lies, in the type of the factors. */
static bool take_observations(struct er_factorisation *f)
{
    const struct er_recovery *problem = f->problem;
    const struct er_factor_plan *p = &f->plan;
    const double *value = p->kind == ER_SENSING ? problem->y : problem->train.value;
    bool missing = false;
    f->residual = block(f, p->entries, 1, &missing);
    f->owns_y = f->spec.single || p->turned;
    f->y = f->owns_y ? block(f, p->entries, 1, &missing) : (void *)value;
    f->owns_a = p->kind == ER_SENSING && f->spec.single;
    f->a = f->owns_a ? block(f, p->entries, p->m * p->n, &missing) : problem->a;
    if (missing) return false;
    if (f->owns_a) f->engine->numbers(p->entries * p->m * p->n, problem->a, NULL, f->a);
    if (f->owns_y) f->engine->numbers(p->entries, value, p->turned ? problem->train.entry : NULL, f->y);
    return true;
}

static bool allocate(struct er_factorisation *f)
{
    const struct er_factor_plan *p = &f->plan;
    bool missing = false;
    f->w = block(f, p->numbers, 1, &missing);
    f->g = block(f, p->numbers, 1, &missing);
    if (f->spec.optimiser == ER_FACTOR_ADAM) {
        f->first = block(f, p->numbers, 1, &missing);
        f->second = block(f, p->numbers, 1, &missing);
    }
    f->partials = p->numbers / ER_FACTOR_PIECE + 1;
    if (f->partials < f->entries.rows.n) f->partials = f->entries.rows.n;
    if (p->kind == ER_SENSING && f->partials < p->entries) f->partials = p->entries;
    f->partial = er_alloc(f->partials, sizeof *f->partial);
    return !missing && f->partial && allocate_products(f) && take_observations(f);
}

enum er_status er_factorisation_new(const struct er_recovery *problem, const struct er_factorise_spec *spec,
                                    struct er_factorisation **out, struct er_error *err)
{
    enum er_status status = check(spec, err);
    if (status != ER_OK) return status;
    struct er_factorisation *f = er_alloc(1, sizeof *f);
    if (!f) return er_fail(err, ER_E_NOMEM, "factorise: out of memory");
    f->problem = problem;
    f->spec = *spec;
    f->engine = spec->single ? &er_factor_engine32 : &er_factor_engine64;
    f->loss = (double)NAN;
    f->square = (double)NAN;
    f->plateau_step = -1;
    er_factor_plan_make(problem->kind, problem->rows, problem->columns, problem->n, spec, &f->plan);
    if (problem->kind == ER_COMPLETION)
        status = er_factor_entries_make(&f->plan, &problem->train, &f->entries, err);
    if (status == ER_OK && !allocate(f))
        status =
            er_fail(err, ER_E_NOMEM, "factorise: out of memory for %.3g bytes of factors",
                    er_factorise_bytes(problem->kind, problem->rows, problem->columns, problem->n, spec));
    if (status == ER_OK) status = er_factor_start(f, err);
    if (status == ER_OK)
        *out = f;
    else
        er_factorisation_free(f);
    return status;
}

void er_factorisation_free(struct er_factorisation *f)
{
    if (!f) return;
    er_factor_entries_clear(&f->entries);
    void *const owned[] = {f->w,
                           f->g,
                           f->first,
                           f->second,
                           f->residual,
                           f->chain,
                           f->b,
                           f->back[0],
                           f->back[1],
                           f->core[0],
                           f->core[1],
                           f->across,
                           f->dense,
                           f->dense_g,
                           f->partial,
                           f->owns_y ? f->y : NULL,
                           f->owns_a ? f->a : NULL};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) er_free(owned[i]);
    er_free(f);
}

int64_t er_factorisation_step(const struct er_factorisation *f)
{
    return f->step;
}

double er_factorisation_loss(const struct er_factorisation *f)
{
    return f->known ? f->loss : (double)NAN;
}

double er_factorisation_gradient_norm(const struct er_factorisation *f)
{
    return f->known && f->square_known ? sqrt(f->square) : (double)NAN;
}

void er_factorisation_shape(const struct er_factorisation *f, int64_t j, int64_t *rows, int64_t *columns)
{
    bool transposed;
    const struct er_factor_piece *piece = &f->plan.piece[er_factor_piece_of(&f->plan, j, &transposed)];
    *rows = transposed ? piece->columns : piece->rows;
    *columns = transposed ? piece->rows : piece->columns;
}

void er_factorisation_factor(const struct er_factorisation *f, int64_t j, double *w)
{
    bool transposed;
    const int piece = er_factor_piece_of(&f->plan, j, &transposed);
    f->engine->get(&f->plan.piece[piece], f->w, transposed, w);
}

void er_factorisation_set(struct er_factorisation *f, int64_t j, const double *w)
{
    bool transposed;
    const int piece = er_factor_piece_of(&f->plan, j, &transposed);
    f->engine->put(&f->plan.piece[piece], f->w, transposed, w);
    f->known = f->square_known = false;
}

enum er_status er_factorisation_gradient(struct er_factorisation *f, int64_t j, double *g,
                                         struct er_error *err)
{
    bool transposed;
    if (j < 1 || j > f->plan.depth)
        return er_fail(err, ER_E_USAGE, "factorise: factor %" PRId64 " of %" PRId64, j, f->plan.depth);
    const int piece = er_factor_piece_of(&f->plan, j, &transposed);
    if (!f->known) {
        f->engine->evaluate(f, NULL);
        f->known = true;
    }
    f->engine->get(&f->plan.piece[piece], f->g, transposed, g);
    return ER_OK;
}
