/* The peak is a finite rate above 0 of a named instruction set, for any number of threads. */
#include "t.h"

#include "math/peak.h"

int main(void)
{
    for (int threads = 1; threads <= 3; threads++) {
        struct er_error err;
        struct er_pool *pool = NULL;
        T_STATUS(er_pool_new(threads, &pool, &err), ER_OK, "%d threads", threads);
        if (!pool) break;
        const char *isa = NULL;
        const double rate = er_peak_gflops(pool, 0, &isa);
        T_OK(isfinite(rate) && rate > 0, "%d threads: %g GFLOP/s", threads, rate);
        T_OK(isa && (!strcmp(isa, "avx512") || !strcmp(isa, "avx2") || !strcmp(isa, "portable")), "ISA %s",
             isa ? isa : "(none)");
        T_OK(er_peak_gflops(pool, -1, NULL) > 0, "without asking for the ISA");
        printf("# %d threads: %.1f GFLOP/s, %s\n", threads, rate, isa ? isa : "");
        er_pool_free(pool);
    }
    return t_done();
}
