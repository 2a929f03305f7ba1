/* dual_abrelu_stages.h - an element of dual_abrelu.c on AVX-512, in three stages. dual_abrelu_64.h and dual_abrelu_32.h say what
 * REAL, VECTOR, MASK, LANES and V(instruction) are, and what constants of the angle (er_angle(), er_anglef()). Products and sums
 * are fused, by name, and angles are reflected as T', which is linear in them: a third fewer operations than the plain loop's,
 * and the same numbers to rounding.
 *
 * An element is a chain of 130 cycles: a root, a quotient, a polynomial. A core has registers for three such chains, not for
 * the five that would keep it busy, so vectors go through three stages, each beside the other stages of other vectors.
 */
#define AVX512_INLINE static inline __attribute__((target("avx512f,fma"), always_inline))

/* er_half_lines in vectors. T' = half - F angle; its value at pi/4, and twice its value at pi/4 and at pi/2, about which angles
 * are reflected. */
struct lines {
    VECTOR F, half, eighth, quarter, whole;
};

AVX512_INLINE struct lines lines_of(const struct er_half_lines *l)
{
    return (struct lines){
        V(set1)((REAL)l->F), V(set1)((REAL)l->half), V(set1)((REAL)(l->half - l->F * M_PI_4)),
        V(set1)((REAL)(2 * l->half - l->F * M_PI_2)), V(set1)((REAL)(2 * l->half - l->F * M_PI))};
}

/* The root of the determinant, then the reduced tangent and T' where it is 0, then T'. */
struct rooted {
    VECTOR c, s;
};

struct reduced {
    VECTOR c, s, t, turn;
};

/* The determinant by Kahan's formula: 0 for identical numbers. */
AVX512_INLINE struct rooted root(VECTOR a, VECTOR b, VECTOR c)
{
    const VECTOR w = c * c, det = V(fmsub)(a, b, w) + V(fnmadd)(c, c, w);
    return (struct rooted){c, V(sqrt)(V(max)(V(setzero)(), det))};
}

AVX512_INLINE struct reduced reduce(const struct lines *l, struct rooted x)
{
    const VECTOR c = x.c, s = x.s, zero = V(setzero)(), a = V(abs)(c), small = V(min)(s, a);
    const VECTOR large = V(max)(V(set1)(LEAST_NORMAL), V(max)(s, a));
    const MASK steep = COMPARE(s, a, _CMP_GE_OQ), left = COMPARE(c, zero, _CMP_LT_OQ);
    const MASK near = COMPARE(small, V(set1)(TAN_EIGHTH) * large, _CMP_GT_OQ);
    VECTOR t = V(mask_sub)(small, near, small, large) / V(mask_add)(large, near, small, large);
    t = V(mask_sub)(t, (MASK)(steep ^ left), zero, t);
    VECTOR turn = V(mask_mov)(l->half, near, l->eighth);
    turn = V(mask_sub)(turn, steep, l->quarter, turn);
    turn = V(mask_sub)(turn, left, l->whole, turn);
    return (struct reduced){c, s, t, turn};
}

AVX512_INLINE VECTOR slope(const struct lines *l, const struct reduced *x)
{
    const VECTOR t = x->t, z = t * t;
    return V(fnmadd)(l->F, V(fmadd)(t * z, polynomial(z), t), x->turn);
}

AVX512_INLINE VECTOR value(const struct lines *l, const struct reduced *x, VECTOR slope)
{
    return V(fmadd)(l->F, x->s, slope * x->c);
}
