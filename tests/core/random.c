/* Random numbers are Random123's to the bit, uniform where they claim to be, and depend on nothing but (seed,
 * stream, counter).
 *
 * Seeds are fixed, so every statistic is one number. A threshold is the quantile of the statistic's law at
 * P = 1e-4 on each side: a right generator had that chance to fail once, a wrong one fails for good.
 */
#include "core/random_many.h"
#include "t.h"

#include <ermine/random.h>

#define TEST_STREAM er_stream(ER_PURPOSE_TEST, 0)
#define Z_1E4       3.719016485455709 /* normal quantile at 1 - 1e-4 */

static uint64_t pair(uint32_t low, uint32_t high)
{
    return (uint64_t)high << 32 | low;
}

/* Known answers of Random123 (kat_vectors, "philox4x32 10"). */
static void known_answers(void)
{
    static const struct {
        uint32_t counter[4], key[2], words[4];
    } known[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const uint32_t *c = known[i].counter, *k = known[i].key;
        uint32_t words[4];
        er_random_words(pair(k[0], k[1]), pair(c[2], c[3]), pair(c[0], c[1]), words);
        for (int j = 0; j < 4; j++) T_EQ_INT(words[j], known[i].words[j], "known answer %zu, word %d", i, j);
    }
}

/* The first values of one stream, which stored results rest on: never edit the right-hand sides. Normals pass
 * through libm, whose versions may differ in the last bits. */
static void golden(void)
{
    static const uint32_t words[] = {0x9e926154, 0xb78541e1, 0x9de669a7, 0x2b29de66, 0x6a075b03, 0xa9bc21dc};
    static const double uniforms[] = {0x1.76cb3c3a17d64p-1, 0x1.facb7377e22f4p-3, 0x1.5432fa42dcc08p-4,
                                      0x1.9bbcb7f058176p-2};
    static const int64_t integers[] = {645, 622, 319, 891, 270, 972};
    static const double normals[] = {0.63298322442418586, -1.6640835354062558, 0.054554701165054981,
                                     -0.23072017369558073};
    static const int64_t order[] = {5, 7, 6, 4, 1, 3, 0, 9, 2, 8};
    const uint64_t stream = er_stream(ER_PURPOSE_INITIALISE, 3);
    T_OK(stream == UINT64_C(0x0006000000000003), "a stream is purpose 2^48 + index");
    struct er_random r = er_random_open(42, stream);
    for (int i = 0; i < 6; i++) T_EQ_INT(er_random_u32(&r), words[i], "word %d", i);
    for (int i = 0; i < 4; i++) T_OK(er_random_uniform(&r) == uniforms[i], "uniform %d", i);
    for (int i = 0; i < 6; i++) T_EQ_INT(er_random_below(&r, 1000), integers[i], "integer %d", i);
    for (int i = 0; i < 4; i++)
        T_CLOSE(er_random_normal(&r), normals[i], 8 * 0x1p-52 * fabs(normals[i]), "normal %d", i);
    int64_t out[10];
    er_random_permutation(&r, 10, out);
    for (int i = 0; i < 10; i++) T_EQ_INT(out[i], order[i], "place %d of the permutation", i);
}

/* A reader's values are those of er_random_words() in their order, and a copy goes on as the original does.
 */
static void readers(void)
{
    struct er_random r = er_random_open(7, TEST_STREAM);
    int wrong = 0;
    for (uint64_t counter = 0; counter < 100; counter++) {
        uint32_t words[4];
        er_random_words(7, TEST_STREAM, counter, words);
        for (int i = 0; i < 4; i++) wrong += er_random_u32(&r) != words[i];
    }
    T_EQ_INT(wrong, 0, "words of a reader that are not those of its counters");

    er_random_u32(&r);
    er_random_normal(&r); /* the copy is taken amid a counter, with a second normal waiting */
    struct er_random copy = r;
    for (int i = 0; i < 100; i++) {
        wrong += er_random_normal(&r) != er_random_normal(&copy);
        wrong += er_random_below(&r, 7) != er_random_below(&copy, 7);
        wrong += er_random_u32(&r) != er_random_u32(&copy);
    }
    T_EQ_INT(wrong, 0, "values of a copy that differ");

    struct er_random one = er_random_open(7, TEST_STREAM), two = one;
    const double first = er_random_normal(&one), second = er_random_normal(&one);
    er_random_normal(&two);
    er_random_uniform(&two);
    T_OK(first != second && er_random_normal(&two) == second, "a draw between two normals leaves the second");
}

enum { MOST_COUNTERS = 100 };

/* Words of `count` counters from `start` on that are not those that single draws give; what is behind is guarded. */
static int wrong_words(const uint32_t *words, uint64_t start, int64_t count)
{
    uint32_t one[4];
    int wrong = words[4 * count] != 77;
    for (int64_t k = 0; k < count; k++) {
        er_random_words(0x123456789abcdef0u, TEST_STREAM, start + (uint64_t)k, one);
        for (int64_t m = 0; m < 4; m++) wrong += words[4 * k + m] != one[m];
    }
    return wrong;
}

/* Many counters at once give what they give one by one, across the carry into the high word too; so does each way to
 * draw them that this machine has, with wider vectors or narrower ones. */
static void many(void)
{
    const uint64_t start[] = {0, 5, 0xfffffff8u, UINT64_MAX - 20};
    const int64_t count[] = {0, 1, 15, 16, 33, 47, 64, MOST_COUNTERS};
    uint32_t words[4 * MOST_COUNTERS + 1];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 8; j++) {
            words[4 * count[j]] = 77;
            er_random_many_words(0x123456789abcdef0u, TEST_STREAM, start[i], count[j], words);
            T_EQ_INT(wrong_words(words, start[i], count[j]), 0, "%d counters from %" PRIu64, (int)count[j],
                     start[i]);
        }
    for (enum er_random_vectors which = 0; which < ER_RANDOM_VECTORS; which++) {
        int wrong = 0;
        if (!er_random_has(which)) {
            printf("# vectors %d: not run, this machine lacks them\n", (int)which);
            continue;
        }
        for (int i = 0; i < 4; i++) {
            for (int64_t k = 0; k <= 4 * (int64_t)MOST_COUNTERS; k++) words[k] = 77;
            const int64_t done =
                er_random_blocks(which, 0x123456789abcdef0u, TEST_STREAM, start[i], MOST_COUNTERS, words);
            wrong += done != 96 || wrong_words(words, start[i], done);
        }
        T_EQ_INT(wrong, 0, "vectors %d: whole blocks of 100 counters", (int)which);
    }
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Among 64,000 values of 64 bits a pair is equal with probability 64000^2 / 2^65 = 1e-10. */
static void streams_are_distinct(void)
{
    enum { SEEDS = 20, PURPOSES = 8, INDICES = 20, COUNTERS = 20, N = SEEDS * PURPOSES * INDICES * COUNTERS };
    static const enum er_purpose purpose[PURPOSES] = {
        ER_PURPOSE_SPLIT,   ER_PURPOSE_LABELS,     ER_PURPOSE_PIXELS,  ER_PURPOSE_GENERATE,
        ER_PURPOSE_TEACHER, ER_PURPOSE_INITIALISE, ER_PURPOSE_BATCHES, ER_PURPOSE_TEST};
    static uint64_t value[N];
    for (int i = 0; i < N; i++) {
        const uint64_t seed = (uint64_t)(i % SEEDS), index = (uint64_t)(i / SEEDS / PURPOSES % INDICES);
        const uint64_t counter = (uint64_t)(i / SEEDS / PURPOSES / INDICES);
        uint32_t words[4];
        er_random_words(seed, er_stream(purpose[i / SEEDS % PURPOSES], index), counter, words);
        value[i] = pair(words[0], words[1]);
    }
    qsort(value, N, sizeof *value, by_value);
    int equal = 0;
    for (int i = 1; i < N; i++) equal += value[i] == value[i - 1];
    T_EQ_INT(equal, 0, "equal values in different places");
    T_OK(er_stream(ER_PURPOSE_SPLIT, (UINT64_C(1) << 48) - 1) < er_stream(ER_PURPOSE_LABELS, 0),
         "the last index of a purpose stays below the next purpose");
}

/* Quantile of chi-square with k degrees of freedom at normal quantile z: Wilson and Hilferty, PNAS 1931. */
static double chi_square(int k, double z)
{
    const double v = 2.0 / (9.0 * k);
    return k * pow(1 - v + z * sqrt(v), 3);
}

/* Counts of n draws over `bins` equally likely values: sum (count - n/bins)^2 / (n/bins), neither too far
 * from uniform nor too near. */
static void even(const int64_t *count, int bins, int64_t n, const char *what)
{
    const double want = (double)n / bins;
    double sum = 0;
    for (int i = 0; i < bins; i++) sum += ((double)count[i] - want) * ((double)count[i] - want) / want;
    const double low = chi_square(bins - 1, -Z_1E4), high = chi_square(bins - 1, Z_1E4);
    T_OK(sum < high && (bins < 10 || sum > low), "%s: chi-square %.1f of %d bins lies in [%.1f, %.1f]", what,
         sum, bins, low, high);
}

static void uniform(void)
{
    enum { N = 1 << 20, BINS = 1000 };
    static int64_t count[BINS], pairs[32 * 32], low[256];
    struct er_random r = er_random_open(1, TEST_STREAM);
    double least = 1, most = 0;
    int fine = 0;
    for (int i = 0; i < N; i++) {
        const double x = er_random_uniform(&r), y = er_random_uniform(&r);
        least = fmin(least, x);
        most = fmax(most, x);
        count[(int)(x * BINS)]++;
        pairs[(int)(x * 32) * 32 + (int)(y * 32)]++;
        low[(uint64_t)(x * 0x1p53) & 255]++;
        fine += x * 0x1p53 == floor(x * 0x1p53);
    }
    T_OK(least >= 0 && most < 1, "values lie in [0, 1): %g to %.17g", least, most);
    T_EQ_INT(fine, N, "multiples of 2^-53");
    even(count, BINS, N, "uniform");
    even(pairs, 32 * 32, N, "pairs of neighbours");
    even(low, 256, N, "the low eight bits");
}

static void below(void)
{
    enum { N = 300000 };
    static const int64_t small[] = {2, 3, 7, 10, 100, 1000};
    for (size_t k = 0; k < sizeof small / sizeof *small; k++) {
        int64_t count[1000] = {0};
        int out = 0;
        struct er_random r = er_random_open(2, TEST_STREAM);
        for (int i = 0; i < N; i++) {
            const int64_t x = er_random_below(&r, small[k]);
            if (x < 0 || x >= small[k])
                out++;
            else
                count[x]++;
        }
        char what[64];
        snprintf(what, sizeof what, "below %" PRId64, small[k]);
        T_EQ_INT(out, 0, "%s: values out of range", what);
        even(count, (int)small[k], N, what);
    }
    /* Ranges beyond 2^62. Without the rejection the residues modulo 3 of the first would come as 3 : 3 : 2,
     * those modulo 5 of the second as 4 : 3 : 3 : 3 : 3; a plain remainder would favour the first bins by
     * half. */
    static const struct {
        int64_t n;
        int residues;
    } large[] = {{INT64_C(3) << 61, 3}, {INT64_C(5) << 60, 5}, {INT64_MAX, 7}};
    for (size_t k = 0; k < sizeof large / sizeof *large; k++) {
        enum { BINS = 30 };
        const int64_t n = large[k].n;
        int64_t count[BINS] = {0}, residue[7] = {0};
        int out = 0;
        struct er_random r = er_random_open(3, TEST_STREAM);
        for (int i = 0; i < N; i++) {
            const int64_t x = er_random_below(&r, n);
            if (x < 0 || x >= n) {
                out++;
                continue;
            }
            count[(int)((double)x / (double)n * BINS * (1 - 1e-12))]++;
            residue[x % large[k].residues]++;
        }
        char what[64];
        snprintf(what, sizeof what, "below %" PRId64, n);
        T_EQ_INT(out, 0, "%s: values out of range", what);
        even(count, BINS, N, what);
        even(residue, large[k].residues, N, what);
    }
    struct er_random r = er_random_open(4, TEST_STREAM);
    int64_t sum = 0;
    for (int i = 0; i < 100; i++) sum += er_random_below(&r, 1);
    T_EQ_INT(sum, 0, "below 1 there is only 0");
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov, for the two values of a pair each: D = sqrt(n) sup |F_n - F| has P(D > d) about
 * 2 exp(-2 d^2), and P(D < 0.3) is about 1e-5. */
static void normal(void)
{
    enum { N = 200000 };
    static double value[2][N];
    struct er_random r = er_random_open(5, TEST_STREAM);
    double product = 0, squares = 0, largest = 0;
    for (int i = 0; i < N; i++) {
        for (int k = 0; k < 2; k++) {
            value[k][i] = er_random_normal(&r);
            largest = fmax(largest, fabs(value[k][i]));
        }
        const double x = value[0][i], y = value[1][i];
        product += x * y;
        squares += (x * x - 1) * (y * y - 1);
    }
    T_OK(largest < 8.6, "no value beyond 8.6: %g", largest);
    T_OK(fabs(product) < Z_1E4 * sqrt((double)N), "the values of a pair are uncorrelated: %g", product);
    T_OK(fabs(squares) < Z_1E4 * sqrt(4.0 * N), "and so are their squares: %g", squares);
    for (int k = 0; k < 2; k++) {
        qsort(value[k], N, sizeof value[k][0], by_size);
        double gap = 0;
        for (int i = 0; i < N; i++) {
            const double f = 0.5 * erfc(-value[k][i] / sqrt(2));
            gap = fmax(gap, fmax((double)(i + 1) / N - f, f - (double)i / N));
        }
        const double statistic = sqrt((double)N) * gap;
        T_OK(statistic < sqrt(-log(1e-4 / 2) / 2) && statistic > 0.3, "normal %d: Kolmogorov-Smirnov %g", k,
             statistic);
    }
}

static void permutation(void)
{
    enum { N = 240000 };
    int64_t count[256] = {0}, orders[24], p[4];
    struct er_random r = er_random_open(6, TEST_STREAM);
    for (int i = 0; i < N; i++) {
        er_random_permutation(&r, 4, p);
        count[p[0] << 6 | p[1] << 4 | p[2] << 2 | p[3]]++;
    }
    int n = 0;
    for (int i = 0; i < 256; i++)
        if (count[i] > 0 && n < 24) orders[n++] = count[i];
    T_EQ_INT(n, 24, "orders of four");
    even(orders, 24, N, "orders of four");

    enum { LONG = 1000 };
    static int64_t order[LONG];
    static bool seen[LONG];
    er_random_permutation(&r, LONG, order);
    int missing = LONG;
    for (int i = 0; i < LONG; i++)
        if (order[i] >= 0 && order[i] < LONG && !seen[order[i]]) {
            seen[order[i]] = true;
            missing--;
        }
    T_EQ_INT(missing, 0, "values missing from a permutation of 1000");
    p[0] = 42;
    er_random_permutation(&r, 0, p);
    T_EQ_INT(p[0], 42, "a permutation of nothing");
    er_random_permutation(&r, 1, p);
    T_EQ_INT(p[0], 0, "a permutation of one");
}

/* A permutation is drawn with words taken many at a time: it is the one that single draws give, and the
 * reader stands where they leave it, from every place in its words. */
static void permutations(void)
{
    for (int64_t n = 0; n < 90; n += n < 40 ? 1 : 7)
        for (int before = 0; before < 6; before++) {
            int64_t got[90], want[90];
            struct er_random a = er_random_open(7, TEST_STREAM);
            a.counter = UINT64_C(0xfffffff0); /* the carry into the high word is crossed */
            for (int i = 0; i < before; i++) er_random_u32(&a);
            struct er_random b = a;
            er_random_permutation(&a, n, got);
            for (int64_t i = 0; i < n; i++) want[i] = i;
            for (int64_t i = n - 1; i > 0; i--) {
                const int64_t j = er_random_below(&b, i + 1), taken = want[i];
                want[i] = want[j];
                want[j] = taken;
            }
            T_OK(memcmp(got, want, (size_t)n * sizeof *got) == 0, "permutation of %d after %d words", (int)n,
                 before);
            for (int i = 0; i < 9; i++)
                T_EQ_INT(er_random_u32(&a), er_random_u32(&b), "word %d behind it (n = %d, %d before)", i,
                         (int)n, before);
        }
}

int main(void)
{
    known_answers();
    golden();
    permutations();
    readers();
    many();
    streams_are_distinct();
    uniform();
    below();
    normal();
    permutation();
    return t_done();
}
