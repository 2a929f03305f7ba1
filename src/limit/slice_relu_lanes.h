/* slice_relu_lanes.h - the body of slice_relu64.c and slice_relu32.c, behind the stages of math/dual_abrelu_stages.h.
 *
 * A core finds enough to do side by side only in short chains, so a block of vectors goes through one stage after the other,
 * from and to L1. Sums along x come from registers: loads that straddle cache lines would cost more than what they feed.
 */
enum { BLOCK = 16 };

struct map {
    VECTOR f, b, g, c;
    const MASK *left, *right, *up, *down;
    int64_t row;
};

/* Whether all of vector v has neighbours above and below. */
AVX512_INLINE bool inside(const struct map *m, int64_t v)
{
    return (m->up[v] & m->down[v]) == ALL;
}

/* The sums along y of vector v. */
AVX512_INLINE VECTOR line(const struct map *m, int64_t v, bool all, const REAL *in)
{
    const REAL *at = in + v * LANES;
    if (all) return V(loadu)(at - m->row) + V(loadu)(at) + V(loadu)(at + m->row);
    return V(maskz_loadu)(m->up[v], at - m->row) + V(loadu)(at) + V(maskz_loadu)(m->down[v], at + m->row);
}

/* Three vectors of sums along y, side by side. */
struct lines3 {
    VECTOR before, here, behind;
};

/* Where no entry lies at the end of a row there is no mask: one takes as long as an addition. */
AVX512_INLINE VECTOR taps(const struct map *m, int64_t v, struct lines3 x)
{
    if ((m->left[v] & m->right[v]) == ALL)
        return SHIFTED(ALL, x.here, x.before, LANES - 1) + x.here + SHIFTED(ALL, x.behind, x.here, 1);
    return SHIFTED(m->left[v], x.here, x.before, LANES - 1) + x.here +
           SHIFTED(m->right[v], x.behind, x.here, 1);
}

AVX512_INLINE struct lines3 next(const struct map *m, int64_t v, bool all, const REAL *in, struct lines3 x)
{
    return (struct lines3){x.here, x.behind, line(m, v + 2, all, in)};
}

/* tangent: g = f and c = b, and Theta = f t + K. */
AVX512_INLINE void run(const struct er_slice_relu *relu, const bool tangent, int64_t n, const REAL *in_k,
                       const REAL *in_t, const REAL *q1, const REAL *q2, REAL *k, REAL *t)
{
    const struct map m = {V(set1)((REAL)relu->f),
                          V(set1)((REAL)relu->b),
                          V(set1)((REAL)relu->g),
                          V(set1)((REAL)relu->c),
                          relu->left,
                          relu->right,
                          relu->up,
                          relu->down,
                          relu->row};
    const struct lines l = lines_of(&relu->half);
    const int64_t vectors = (n + LANES - 1) / LANES;
    VECTOR c[BLOCK], s[BLOCK], reduced[BLOCK], turn[BLOCK];
    struct lines3 of_k = {V(setzero)(), line(&m, 0, false, in_k), line(&m, 1, false, in_k)}, of_t = of_k;
    if (t) of_t = (struct lines3){V(setzero)(), line(&m, 0, false, in_t), line(&m, 1, false, in_t)};
    for (int64_t at = 0; at < vectors; at += BLOCK, k += BLOCK * LANES, t += t ? BLOCK * LANES : 0) {
        const int64_t many = vectors - at < BLOCK ? vectors - at : BLOCK;
#pragma GCC unroll 2
        for (int64_t v = 0; v < many; v++) {
            const bool all = inside(&m, at + v + 2);
            const VECTOR sum = taps(&m, at + v, of_k), before = m.f * sum + m.b;
            VECTOR rest = before;
            if (!tangent) rest = m.g * sum + m.c;
            if (t) {
                V(storeu)(t + v * LANES, m.f * taps(&m, at + v, of_t) + rest);
                of_t = next(&m, at + v, all, in_t, of_t);
            }
            const struct rooted r =
                root(V(loadu)(q1 + (at + v) * LANES), V(loadu)(q2 + (at + v) * LANES), before);
            of_k = next(&m, at + v, all, in_k, of_k);
            c[v] = r.c;
            s[v] = r.s;
        }
#pragma GCC unroll 2
        for (int64_t v = 0; v < many; v++) {
            const struct reduced r = reduce((struct rooted){c[v], s[v]});
            reduced[v] = r.t;
            turn[v] = r.turn;
        }
#pragma GCC unroll 2
        for (int64_t v = 0; v < many; v++) {
            const struct reduced r = {c[v], s[v], reduced[v], turn[v]};
            const VECTOR d = slope(l, &r);
            V(storeu)(k + v * LANES, value(l, &r, d));
            if (t) V(storeu)(t + v * LANES, V(loadu)(t + v * LANES) * d);
        }
    }
}

__attribute__((target("avx512f,fma"))) void RELU(const struct er_slice_relu *m, int64_t n, const REAL *in_k,
                                                 const REAL *in_t, const REAL *q1, const REAL *q2, REAL *k,
                                                 REAL *t)
{
    if (!t)
        run(m, true, n, in_k, NULL, q1, q2, k, NULL);
    else if (m->g == m->f && m->c == m->b)
        run(m, true, n, in_k, in_t, q1, q2, k, t);
    else
        run(m, false, n, in_k, in_t, q1, q2, k, t);
}
