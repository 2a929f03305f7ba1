/* Norms in one thread while plans come and go in another: code that is made for products must not be dropped
 * under a norm that runs it. libxsmm's is, whenever nobody holds any and 2^15 products were asked for. */
#include "t.h"

#include "net/plan.h"

#include <ermine/norm.h>
#include <ermine/pool.h>
#include <stdatomic.h>

enum { NORMS = T_SANITIZED ? 40 : 200, LAYERS = 2, SIZES = 64, MUCH = 1 << 15 };

struct both {
    struct er_net *measured, *planned;
    float *w;
    int64_t differing, failed;
    atomic_int_fast64_t products;
    atomic_bool done;
};

static struct er_net *make(const char *text, struct er_shape in)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    struct er_error err;
    T_STATUS(er_model_parse(text, &model, &err), ER_OK, "%s", text);
    T_STATUS(er_net_new(model, in, 10, "cross-entropy", &net, &err), ER_OK, "%s", text);
    er_model_free(model);
    return net;
}

/* The same norms again and again, for at least as long as it takes to plan MUCH products twice. */
static void measure(struct both *b)
{
    double first[LAYERS] = {0}, norm = 0;
    for (int64_t i = 0; i < NORMS || (atomic_load(&b->products) < 2 * MUCH && b->failed == 0); i++)
        for (int64_t layer = 0; layer < LAYERS; layer++) {
            b->failed += er_net_norm(b->measured, layer, ER_NORM_SPECTRAL, b->w, &norm, NULL) != ER_OK;
            if (i == 0) first[layer] = norm;
            b->differing += memcmp(&norm, &first[layer], sizeof norm) != 0;
        }
    atomic_store(&b->done, true);
}

static void plan(struct both *b)
{
    for (int64_t k = 0; !atomic_load(&b->done); k++) {
        struct er_plan *plan = NULL;
        if (er_plan_new(b->planned, 1 + k % SIZES, &plan, NULL) != ER_OK) break;
        atomic_fetch_add(&b->products, er_plan_products(plan));
        er_plan_free(plan);
    }
    atomic_fetch_add(&b->products, 2 * MUCH); /* the other one need not wait */
}

static void work(void *ctx, int64_t task, int worker)
{
    (void)worker;
    (task == 0 ? measure : plan)(ctx);
}

int main(void)
{
    struct both b = {0};
    struct er_pool *pool = NULL;
    struct er_error err;
    b.measured = make("conv 8 3x3, relu, dense", (struct er_shape){8, 8, 4});
    b.planned = make("dense 2, dense 3, dense", (struct er_shape){1, 1, 4});
    T_STATUS(er_pool_new(2, &pool, &err), ER_OK, "two threads");
    if (b.measured && b.planned && pool) {
        b.w = er_alloc(er_net_parameters(b.measured), sizeof *b.w);
        er_net_initialise(b.measured, 1, b.w, NULL);
        er_pool_run(pool, 2, work, &b);
        T_EQ_INT(b.failed, 0, "no norm fails");
        T_EQ_INT(b.differing, 0, "and none changes");
    }
    er_free(b.w);
    er_net_free(b.measured);
    er_net_free(b.planned);
    er_pool_free(pool);
    return t_done();
}
