/* slice_relu_lanes.h - the body of slice_relu64.c and slice_relu32.c, behind the stages of math/dual_abrelu_stages.h. */

struct map {
    VECTOR f, b, g, c;
    const MASK *left, *right;
};

AVX512_INLINE VECTOR taps(const struct map *m, int64_t v, const REAL *line)
{
    const VECTOR left = V(maskz_loadu)(m->left[v], line - 1), right = V(maskz_loadu)(m->right[v], line + 1);
    return left + V(loadu)(line) + right;
}

/* The first stage: K before the activation, and Theta, which waits in memory. */
AVX512_INLINE struct rooted begin(const struct map *m, int64_t v, const REAL *line_k, const REAL *line_t,
                                  const REAL *q1, const REAL *q2, REAL *t)
{
    const int64_t at = v * LANES;
    const VECTOR sum = taps(m, v, line_k + at);
    if (t) V(storeu)(t + at, m->f * taps(m, v, line_t + at) + (m->g * sum + m->c));
    return root(V(loadu)(q1 + at), V(loadu)(q2 + at), m->f * sum + m->b);
}

#define BEGIN(v) begin(&m, (v), line_k, line_t, q1, q2, t)

AVX512_INLINE void finish(const struct er_half_lines *l, const struct reduced *x, int64_t at, REAL *k,
                          REAL *t)
{
    const VECTOR d = slope(l, x);
    V(storeu)(k + at, value(l, x, d));
    if (t) V(storeu)(t + at, V(loadu)(t + at) * d);
}

AVX512_INLINE void run(const struct er_slice_relu *relu, int64_t n, const REAL *line_k, const REAL *line_t,
                       const REAL *q1, const REAL *q2, REAL *k, REAL *t)
{
    const struct map m = {V(set1)((REAL)relu->f),
                          V(set1)((REAL)relu->b),
                          V(set1)((REAL)relu->g),
                          V(set1)((REAL)relu->c),
                          relu->left,
                          relu->right};
    const struct er_half_lines *l = &relu->half;
    const int64_t vectors = (n + LANES - 1) / LANES;
    int64_t v = 0;
    if (vectors >= 4) {
        struct rooted one[2] = {BEGIN(0), BEGIN(1)};
        struct reduced two[2] = {reduce(one[0]), reduce(one[1])};
        one[0] = BEGIN(2), one[1] = BEGIN(3);
        for (; v + 6 <= vectors; v += 2) {
            finish(l, &two[0], v * LANES, k, t);
            finish(l, &two[1], (v + 1) * LANES, k, t);
            two[0] = reduce(one[0]), two[1] = reduce(one[1]);
            one[0] = BEGIN(v + 4), one[1] = BEGIN(v + 5);
        }
        for (int left = 0; left < 2; left++, v += 2) {
            finish(l, &two[0], v * LANES, k, t);
            finish(l, &two[1], (v + 1) * LANES, k, t);
            two[0] = reduce(one[0]), two[1] = reduce(one[1]);
        }
    }
    for (; v < vectors; v++) {
        const struct reduced x = reduce(BEGIN(v));
        finish(l, &x, v * LANES, k, t);
    }
}

__attribute__((target("avx512f,fma"))) void RELU(const struct er_slice_relu *m, int64_t n, const REAL *line_k,
                                                 const REAL *line_t, const REAL *q1, const REAL *q2, REAL *k,
                                                 REAL *t)
{
    if (t)
        run(m, n, line_k, line_t, q1, q2, k, t);
    else
        run(m, n, line_k, NULL, q1, q2, k, NULL);
}
