/* dual_abrelu_lanes.h - the body of dual_abrelu_avx512.c and dual_abrelu_avx512_32.c: pairs from and to memory. */
AVX512_INLINE void finish(const struct lines *l, const struct reduced *x, REAL *k, REAL *theta)
{
    const VECTOR d = slope(l, x);
    V(storeu)(k, value(l, x, d));
    if (theta) V(storeu)(theta, V(loadu)(theta) * d);
}

AVX512_INLINE VECTOR side(const REAL *q, const bool many, MASK lanes)
{
    return many ? V(maskz_loadu)(lanes, q) : V(set1)(*q);
}

#define ROOT(at)                                                                                             \
    root(side(q1 + (many1 ? (at) : 0), many1, ALL), side(q2 + (many2 ? (at) : 0), many2, ALL),               \
         V(loadu)(k + (at)))

/* Whole vectors by twos: at `at` the third stage, ahead of it the second and the first. */
AVX512_INLINE int64_t whole_pairs(const struct lines *l, int64_t n, const REAL *q1, const bool many1,
                                  const REAL *q2, const bool many2, REAL *k, REAL *theta)
{
    int64_t at = 0;
    if (n < 4 * LANES) return at;
    struct rooted one[2] = {ROOT(0), ROOT(LANES)};
    struct reduced two[2] = {reduce(l, one[0]), reduce(l, one[1])};
    one[0] = ROOT(2 * LANES), one[1] = ROOT(3 * LANES);
    for (; at + 6 * LANES <= n; at += 2 * LANES) {
        finish(l, &two[0], k + at, theta ? theta + at : NULL);
        finish(l, &two[1], k + at + LANES, theta ? theta + at + LANES : NULL);
        two[0] = reduce(l, one[0]), two[1] = reduce(l, one[1]);
        one[0] = ROOT(at + 4 * LANES), one[1] = ROOT(at + 5 * LANES);
    }
    for (int left = 0; left < 2; left++, at += 2 * LANES) {
        finish(l, &two[0], k + at, theta ? theta + at : NULL);
        finish(l, &two[1], k + at + LANES, theta ? theta + at + LANES : NULL);
        two[0] = reduce(l, one[0]), two[1] = reduce(l, one[1]);
    }
    return at;
}

AVX512_INLINE void pairs(const struct er_half_lines *half, int64_t n, const REAL *q1, const bool many1,
                         const REAL *q2, const bool many2, REAL *k, REAL *theta)
{
    const struct lines l = lines_of(half);
    for (int64_t at = whole_pairs(&l, n, q1, many1, q2, many2, k, theta); at < n; at += LANES) {
        const MASK lanes = (MASK)(n - at < LANES ? (1u << (n - at)) - 1 : ALL);
        const VECTOR a = side(q1 + (many1 ? at : 0), many1, lanes),
                     b = side(q2 + (many2 ? at : 0), many2, lanes);
        const struct reduced x = reduce(&l, root(a, b, V(maskz_loadu)(lanes, k + at)));
        const VECTOR d = slope(&l, &x);
        V(mask_storeu)(k + at, lanes, value(&l, &x, d));
        if (theta) V(mask_storeu)(theta + at, lanes, V(maskz_loadu)(lanes, theta + at) * d);
    }
}

__attribute__((target("avx512f,fma"))) void PAIR(const struct er_half_lines *l, int64_t n,
                                                 const struct SIDE *one, const struct SIDE *two, REAL *k,
                                                 REAL *theta)
{
    if (one->step && two->step)
        pairs(l, n, one->q, true, two->q, true, k, theta);
    else if (one->step)
        pairs(l, n, one->q, true, two->q, false, k, theta);
    else if (two->step)
        pairs(l, n, one->q, false, two->q, true, k, theta);
    else
        pairs(l, n, one->q, false, two->q, false, k, theta);
}
