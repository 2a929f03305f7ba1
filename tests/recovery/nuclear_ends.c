/* Where the minimum nuclear norm is refused, and where it ends when it is asked to stop. */
#include "recovery/interior_block.h"
#include "support/completion.h"
#include "t.h"

#include <ermine/nuclear.h>
#include <string.h>

static struct er_error err;

/* Sides whose decompositions take minutes are refused before anything is done, with what to take instead; the interior point
 * method at sides of its own; and a caller who has asked to stop is heard by all. */
static void test_ends(void)
{
    static const struct {
        enum er_recovery_kind kind;
        enum er_nuclear_method method;
        int64_t rows, columns, n;
    } c[] = {{ER_COMPLETION, ER_NUCLEAR_AUTO, 20000, 5000, 100},
             {ER_COMPLETION, ER_NUCLEAR_SPLITTING, 5000, 20000, 1000000},
             {ER_COMPLETION, ER_NUCLEAR_INTERIOR, 8000, 10, 100},
             {ER_SENSING, ER_NUCLEAR_AUTO, 10, 8000, 100}};
    struct er_nuclear_spec spec = er_nuclear_spec_default();
    struct er_nuclear_result r = {.primal = -7};
    double x[30];
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        const struct er_recovery p = {
            .kind = c[i].kind, .rows = c[i].rows, .columns = c[i].columns, .n = c[i].n};
        spec.method = c[i].method;
        T_STATUS(er_nuclear_minimum(&p, &spec, x, NULL, &r, NULL, NULL, &err), ER_E_LIMIT, "case %d", (int)i);
        T_OK(strstr(err.msg, "soft-impute or als") && r.primal == -7, "case %d: %s", (int)i, err.msg);
    }
    const atomic_bool stop = true;
    const struct er_progress progress = {.stop = &stop};
    for (int kind = 0; kind < 2; kind++)
        for (int m = ER_NUCLEAR_INTERIOR; m <= ER_NUCLEAR_SPLITTING - kind; m++) {
            struct er_recovery p = made_recovery((enum er_recovery_kind)kind, 6, 5, 1, 15, 0, 2);
            spec.method = (enum er_nuclear_method)m;
            T_STATUS(er_nuclear_minimum(&p, &spec, x, NULL, &r, NULL, &progress, &err), ER_E_STOPPED,
                     "kind %d, method %d", kind, m);
            er_recovery_clear(&p);
        }
}

/* A step under way ends between two products. */
static void test_block_stopped(void)
{
    atomic_bool stop = false;
    const struct er_progress progress = {.stop = &stop};
    struct er_interior_block b;
    T_STATUS(er_interior_block_open(2, 3, &b, &err), ER_OK, "a block");
    b.stop = &progress;
    memset(b.corner, 0, 6 * sizeof *b.corner);
    er_interior_block_start(&b, 2);
    T_OK(er_interior_block_factor(&b) && er_interior_block_step(&b, false) == 1, "it is within");
    atomic_store(&stop, true);
    T_OK(!er_interior_block_factor(&b) && er_interior_block_step(&b, false) == 0, "neither is done");
    er_interior_block_close(&b);
}

int main(void)
{
    test_ends();
    test_block_stopped();
    return t_done();
}
