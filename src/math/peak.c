/* peak.c - the float32 peak of the machine: x <- a x + b on registers alone, on all threads at once. */
#include "math/peak.h"

#include "core/clock.h"

#include <math.h>
#include <pthread.h>

#if defined __x86_64__
#include <immintrin.h>
#endif

enum { CHAINS = 12, BLOCK = 4096, FEWEST_BURSTS = 3 };
#define BURST_SECONDS 0.01

/* BLOCK steps of CHAINS vectors, from values that the compiler doesn't know to a sum that it can't drop. */
typedef float block(float a, float b);

#define DEFINE_BLOCK(name, attributes, vector, broadcast, step)                                              \
    attributes static float name(float a_value, float b_value)                                               \
    {                                                                                                        \
        const vector a = broadcast(a_value), b = broadcast(b_value);                                         \
        vector x[CHAINS];                                                                                    \
        for (int i = 0; i < CHAINS; i++) x[i] = broadcast((float)i);                                         \
        for (int n = 0; n < BLOCK; n++) {                                                                    \
            _Pragma("GCC unroll 12") for (int i = 0; i < CHAINS; i++) x[i] = step(a, x[i], b);               \
        }                                                                                                    \
        vector sum = x[0];                                                                                   \
        for (int i = 1; i < CHAINS; i++) sum += x[i];                                                        \
        float total = 0;                                                                                     \
        for (int i = 0; i < (int)(sizeof sum / sizeof total); i++) total += sum[i];                          \
        return total;                                                                                        \
    }

typedef float four __attribute__((vector_size(16)));
#define FOUR(value)        ((four){(value), (value), (value), (value)})
#define FOUR_STEP(a, x, b) ((a) * (x) + (b))
DEFINE_BLOCK(block_portable, , four, FOUR, FOUR_STEP)

#if defined __x86_64__
DEFINE_BLOCK(block_avx2, __attribute__((target("avx2,fma"))), __m256, _mm256_set1_ps, _mm256_fmadd_ps)
DEFINE_BLOCK(block_avx512, __attribute__((target("avx512f"))), __m512, _mm512_set1_ps, _mm512_fmadd_ps)
#endif

struct variant {
    const char *isa;
    block *run;
    int lanes;
};

static struct variant best_variant(void)
{
#if defined __x86_64__
    if (__builtin_cpu_supports("avx512f")) return (struct variant){"avx512", block_avx512, 16};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return (struct variant){"avx2", block_avx2, 8};
#endif
    return (struct variant){"portable", block_portable, 4};
}

struct burst {
    struct variant variant;
    pthread_barrier_t start; /* also sees to it that each worker takes one task */
    struct {
        double begin, end, operations;
    } part[ER_POOL_MAX_THREADS];
};

static void work(void *ctx, int64_t task, int worker)
{
    (void)task;
    struct burst *burst = ctx;
    volatile float a = 0.75F, b = 0.25F, sink; /* x tends to 1, away from subnormals and infinity */
    pthread_barrier_wait(&burst->start);
    const double begin = er_clock_s();
    double end;
    int64_t blocks = 0;
    do {
        sink = burst->variant.run(a, b);
        blocks++;
        end = er_clock_s();
    } while (end - begin < BURST_SECONDS);
    (void)sink;
    burst->part[worker].begin = begin;
    burst->part[worker].end = end;
    burst->part[worker].operations = 2.0 * burst->variant.lanes * CHAINS * BLOCK * (double)blocks;
}

/* Operations a second from the first thread's beginning to the last one's end. */
static double rate(const struct burst *burst, int threads)
{
    double begin = burst->part[0].begin, end = burst->part[0].end, operations = 0;
    for (int i = 0; i < threads; i++) {
        begin = fmin(begin, burst->part[i].begin);
        end = fmax(end, burst->part[i].end);
        operations += burst->part[i].operations;
    }
    return operations / (end - begin);
}

double er_peak_gflops(struct er_pool *pool, double seconds, const char **isa)
{
    const int threads = er_pool_threads(pool);
    struct burst burst = {.variant = best_variant()};
    pthread_barrier_init(&burst.start, NULL, (unsigned)threads);
    const double begin = er_clock_s();
    double best = 0;
    for (int i = 0; i < FEWEST_BURSTS || er_clock_s() - begin < seconds; i++) {
        er_pool_run(pool, threads, work, &burst);
        best = fmax(best, rate(&burst, threads));
    }
    pthread_barrier_destroy(&burst.start);
    if (isa) *isa = burst.variant.isa;
    return 1e-9 * best;
}
