/* slice_relu_lanes.h - the body of slice_relu64.c and slice_relu32.c, behind the stages of math/dual_abrelu_stages.h.
 *
 * A core finds enough to do side by side only in short chains, and one stage alone keeps one kind of unit busy: the first adds,
 * the second divides, the last multiplies. So while one vector is begun, the one LAG before it is reduced and the one 2 LAG
 * before it finished, from and to L1. Sums along x come from registers: loads that straddle cache lines would cost more than
 * what they feed.
 */
enum { LAG = 4, RING = 16 };

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

/* The call, and vectors between their stages: vector v at v mod RING. Theta waits where it will lie. */
struct work {
    struct map m;
    struct lines l;
    const REAL *in_k, *in_t, *q1, *q2;
    REAL *k, *t;
    struct lines3 of_k, of_t;
    VECTOR c[RING], s[RING], reduced[RING], turn[RING];
};

/* tangent: g = f and c = b, and Theta = f t + K. */
AVX512_INLINE void begin(struct work *w, const bool tangent, const bool theta, int64_t v)
{
    const struct map *m = &w->m;
    const bool all = inside(m, v + 2);
    const VECTOR sum = taps(m, v, w->of_k), before = m->f * sum + m->b;
    VECTOR rest = before;
    if (!tangent) rest = m->g * sum + m->c;
    if (theta) {
        V(storeu)(w->t + v * LANES, m->f * taps(m, v, w->of_t) + rest);
        w->of_t = next(m, v, all, w->in_t, w->of_t);
    }
    const struct rooted r = root(V(loadu)(w->q1 + v * LANES), V(loadu)(w->q2 + v * LANES), before);
    w->of_k = next(m, v, all, w->in_k, w->of_k);
    w->c[v & (RING - 1)] = r.c;
    w->s[v & (RING - 1)] = r.s;
}

AVX512_INLINE void turn_back(struct work *w, int64_t v)
{
    const int64_t i = v & (RING - 1);
    const struct reduced r = reduce(&w->l, (struct rooted){w->c[i], w->s[i]});
    w->reduced[i] = r.t;
    w->turn[i] = r.turn;
}

AVX512_INLINE void finish(struct work *w, const bool theta, int64_t v)
{
    const int64_t i = v & (RING - 1);
    const struct reduced r = {w->c[i], w->s[i], w->reduced[i], w->turn[i]};
    const VECTOR d = slope(&w->l, &r);
    V(storeu)(w->k + v * LANES, value(&w->l, &r, d));
    if (theta) V(storeu)(w->t + v * LANES, V(loadu)(w->t + v * LANES) * d);
}

AVX512_INLINE void run(const struct er_slice_relu *relu, const bool tangent, int64_t n, const REAL *in_k,
                       const REAL *in_t, const REAL *q1, const REAL *q2, REAL *k, REAL *t)
{
    struct work w;
    w.m = (struct map){V(set1)((REAL)relu->f),
                       V(set1)((REAL)relu->b),
                       V(set1)((REAL)relu->g),
                       V(set1)((REAL)relu->c),
                       relu->left,
                       relu->right,
                       relu->up,
                       relu->down,
                       relu->row};
    w.l = lines_of(&relu->half);
    w.in_k = in_k, w.in_t = in_t, w.q1 = q1, w.q2 = q2, w.k = k, w.t = t;
    w.of_k = (struct lines3){V(setzero)(), line(&w.m, 0, false, in_k), line(&w.m, 1, false, in_k)};
    w.of_t = w.of_k;
    if (t) w.of_t = (struct lines3){V(setzero)(), line(&w.m, 0, false, in_t), line(&w.m, 1, false, in_t)};
    const int64_t vectors = (n + LANES - 1) / LANES;
    int64_t v = 0;
    for (; v < 2 * LAG; v++) {
        if (v >= LAG && v < vectors + LAG) turn_back(&w, v - LAG);
        if (v < vectors) begin(&w, tangent, t != NULL, v);
    }
    for (; v < vectors; v++) {
        finish(&w, t != NULL, v - 2 * LAG);
        turn_back(&w, v - LAG);
        begin(&w, tangent, t != NULL, v);
    }
    for (; v < vectors + 2 * LAG; v++) {
        finish(&w, t != NULL, v - 2 * LAG);
        if (v < vectors + LAG) turn_back(&w, v - LAG);
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
