/* gemm.c - which of the variants multiplies: the first of the table that this machine and build have. */
#include "math/gemm.h"

#include "math/gemm_variant.h"

#include <assert.h>
#include <ermine/version.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static const struct er_gemm_variant *const variant[] = {&er_gemm_xsmm, &er_gemm_avx2, &er_gemm_portable};
enum { N_VARIANTS = sizeof variant / sizeof variant[0] };

/* Changed under the lock, so that nobody plans while the last one's code is dropped. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int_fast64_t holders;

static bool is_length(int64_t v, int64_t least)
{
    return v >= least && v <= INT32_MAX;
}

static enum er_status check(struct er_gemm *g, struct er_error *err)
{
    assert(atomic_load(&holders) > 0 && "er_gemm_hold() comes before planning");
    if (!is_length(g->m, 1) || !is_length(g->n, 1) || !is_length(g->k, 1))
        return er_fail(err, ER_E_SHAPE, "matrix product: %lld x %lld x %lld is not a shape", (long long)g->m,
                       (long long)g->n, (long long)g->k);
    if (!is_length(g->lda, 1) || !is_length(g->ldb, g->n) || !is_length(g->ldc, g->n))
        return er_fail(err, ER_E_SHAPE,
                       "matrix product: row strides %lld, %lld, %lld are not between the row lengths (A: 1), "
                       "%lld, and %d",
                       (long long)g->lda, (long long)g->ldb, (long long)g->ldc, (long long)g->n, INT32_MAX);
    if (!is_length(g->reduce, 0) || !is_length(g->stride_a, 0) || !is_length(g->stride_b, 0))
        return er_fail(err, ER_E_SHAPE,
                       "matrix product: a sum of %lld with strides %lld, %lld is not between 0 and %d",
                       (long long)g->reduce, (long long)g->stride_a, (long long)g->stride_b, INT32_MAX);
    if (g->reduce == 0) g->reduce = 1;
    return ER_OK;
}

static const struct er_gemm_variant *best(void)
{
    for (int v = 0; v < N_VARIANTS; v++)
        if (variant[v]->isa()) return variant[v];
    return &er_gemm_portable;
}

enum er_status er_gemm_plan(struct er_gemm *g, struct er_error *err)
{
    enum er_status status = check(g, err);
    if (status != ER_OK) return status;
    const enum er_gemm_planned planned = best()->plan(g);
    if (planned == ER_GEMM_FULL)
        return er_fail(err, ER_E_LIMIT,
                       "matrix product: no room for more of them; too many different shapes "
                       "are planned at the same time");
    /* What the best one has no code for goes to the portable one, not to the next, so that a key's ISA and
     * the shape tell the bits whatever else was built in. */
    if (planned == ER_GEMM_NO_CODE) er_gemm_portable.plan(g);
    return ER_OK;
}

enum er_status er_gemm_plan_variant(struct er_gemm *g, const char *name, struct er_error *err)
{
    enum er_status status = check(g, err);
    if (status != ER_OK) return status;
    for (int v = 0; v < N_VARIANTS; v++)
        if (strcmp(variant[v]->name, name) == 0 && variant[v]->isa() &&
            variant[v]->plan(g) == ER_GEMM_PLANNED)
            return ER_OK;
    return er_fail(err, ER_E_UNSUPPORTED, "matrix product: no %s kernel for %lld x %lld x %lld here", name,
                   (long long)g->m, (long long)g->n, (long long)g->k);
}

void er_gemm_hold(void)
{
    pthread_mutex_lock(&lock);
    holders++;
    pthread_mutex_unlock(&lock);
}

void er_gemm_release(void)
{
    pthread_mutex_lock(&lock);
    assert(holders > 0 && "each hold is released once");
    if (--holders == 0 && best()->drop) best()->drop();
    pthread_mutex_unlock(&lock);
}

const char *er_gemm_variant_name(int index)
{
    return index < N_VARIANTS ? variant[index]->name : NULL;
}

const char *er_gemm_isa(void)
{
    return best()->isa();
}

const char *er_isa(void)
{
    return er_gemm_isa();
}
