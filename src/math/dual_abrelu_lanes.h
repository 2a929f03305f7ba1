/* dual_abrelu_lanes.h - the body of dual_abrelu_avx512.c and dual_abrelu_avx512_32.c, which say what REAL, VECTOR, MASK,
 * LANES and V(instruction) are, and what constants of the angle (er_angle(), er_anglef()).
 *
 * An element is a chain of 130 cycles: a root, a quotient, a polynomial. A core has registers for three such chains, not for
 * the five that would keep it busy, so vectors go through three stages, each beside the other stages of other vectors.
 */
#define AVX512_INLINE static inline __attribute__((target("avx512f,fma"), always_inline))

/* The root of the determinant, then the reduced tangent and by how much it was turned, then the angle. */
struct rooted {
    VECTOR c, s;
};

struct reduced {
    VECTOR c, s, t, turn;
};

AVX512_INLINE struct rooted root(VECTOR a, VECTOR b, VECTOR c)
{
    const VECTOR p = a * b, w = c * c;
    const VECTOR det = (p - w) + (V(fmsub)(a, b, p) - V(fmsub)(c, c, w));
    return (struct rooted){c, V(sqrt)(V(max)(V(setzero)(), det))};
}

AVX512_INLINE struct reduced reduce(struct rooted x)
{
    const VECTOR c = x.c, s = x.s, zero = V(setzero)(), a = V(abs)(c), small = V(min)(s, a);
    const VECTOR large = V(max)(V(set1)(LEAST_NORMAL), V(max)(s, a));
    const MASK steep = COMPARE(s, a, _CMP_GE_OQ), left = COMPARE(c, zero, _CMP_LT_OQ);
    const MASK near = COMPARE(small, V(set1)(TAN_EIGHTH) * large, _CMP_GT_OQ);
    VECTOR t = V(mask_sub)(small, near, small, large) / V(mask_add)(large, near, small, large);
    t = V(mask_sub)(t, (MASK)(steep ^ left), zero, t);
    VECTOR turn = V(maskz_mov)(near, V(set1)(QUARTER));
    turn = V(mask_sub)(turn, steep, V(set1)(2 * QUARTER), turn);
    turn = V(mask_sub)(turn, left, V(set1)(4 * QUARTER), turn);
    return (struct reduced){c, s, t, turn};
}

AVX512_INLINE VECTOR slope(const struct er_half_lines *l, const struct reduced *x)
{
    const VECTOR t = x->t, z = t * t, r = x->turn + (t + t * z * polynomial(z));
    return V(set1)((REAL)l->half) - V(set1)((REAL)l->F) * r;
}

AVX512_INLINE VECTOR value(const struct er_half_lines *l, const struct reduced *x, VECTOR slope)
{
    return V(set1)((REAL)l->F) * x->s + slope * x->c;
}

AVX512_INLINE void finish(const struct er_half_lines *l, const struct reduced *x, REAL *k, REAL *theta)
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
AVX512_INLINE int64_t whole_pairs(const struct er_half_lines *l, int64_t n, const REAL *q1, const bool many1,
                                  const REAL *q2, const bool many2, REAL *k, REAL *theta)
{
    int64_t at = 0;
    if (n < 4 * LANES) return at;
    struct rooted one[2] = {ROOT(0), ROOT(LANES)};
    struct reduced two[2] = {reduce(one[0]), reduce(one[1])};
    one[0] = ROOT(2 * LANES), one[1] = ROOT(3 * LANES);
    for (; at + 6 * LANES <= n; at += 2 * LANES) {
        finish(l, &two[0], k + at, theta ? theta + at : NULL);
        finish(l, &two[1], k + at + LANES, theta ? theta + at + LANES : NULL);
        two[0] = reduce(one[0]), two[1] = reduce(one[1]);
        one[0] = ROOT(at + 4 * LANES), one[1] = ROOT(at + 5 * LANES);
    }
    for (int left = 0; left < 2; left++, at += 2 * LANES) {
        finish(l, &two[0], k + at, theta ? theta + at : NULL);
        finish(l, &two[1], k + at + LANES, theta ? theta + at + LANES : NULL);
        two[0] = reduce(one[0]), two[1] = reduce(one[1]);
    }
    return at;
}

AVX512_INLINE void pairs(const struct er_half_lines *l, int64_t n, const REAL *q1, const bool many1,
                         const REAL *q2, const bool many2, REAL *k, REAL *theta)
{
    for (int64_t at = whole_pairs(l, n, q1, many1, q2, many2, k, theta); at < n; at += LANES) {
        const MASK lanes = (MASK)(n - at < LANES ? (1u << (n - at)) - 1 : ALL);
        const VECTOR a = side(q1 + (many1 ? at : 0), many1, lanes),
                     b = side(q2 + (many2 ? at : 0), many2, lanes);
        const struct reduced x = reduce(root(a, b, V(maskz_loadu)(lanes, k + at)));
        const VECTOR d = slope(l, &x);
        V(mask_storeu)(k + at, lanes, value(l, &x, d));
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
