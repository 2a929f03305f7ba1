/* dual_abrelu_stages.h - an element of dual_abrelu.c on AVX-512, in three stages. dual_abrelu_64.h and dual_abrelu_32.h say what
 * REAL, VECTOR, MASK, LANES and V(instruction) are, and what constants of the angle (er_angle(), er_anglef()).
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

/* er_half_lines in vectors. */
struct lines {
    VECTOR F, half;
};

AVX512_INLINE struct lines lines_of(const struct er_half_lines *l)
{
    return (struct lines){V(set1)((REAL)l->F), V(set1)((REAL)l->half)};
}

AVX512_INLINE VECTOR slope(struct lines l, const struct reduced *x)
{
    const VECTOR t = x->t, z = t * t, r = x->turn + (t + t * z * polynomial(z));
    return l.half - l.F * r;
}

AVX512_INLINE VECTOR value(struct lines l, const struct reduced *x, VECTOR slope)
{
    return l.F * x->s + slope * x->c;
}
