/* dual_pairs.c - pairs in pieces: a point that all share is laid out once, and a tangent kernel that nobody wants is one of
 * zeros, so that loops know neither steps nor NULL. */
#include "math/dual_pairs.h"

#include "math/determinant.h"

#include <string.h>

void er_dual_pairs(er_dual_loop *loop, const double *p, int64_t n, const struct er_dual_side *one,
                   const struct er_dual_side *two, double *k, double *theta)
{
    double first[ER_DUAL_PIECE], second[ER_DUAL_PIECE], det[ER_DUAL_PIECE], unwanted[ER_DUAL_PIECE];
    for (int i = 0; i < ER_DUAL_PIECE; i++) {
        if (one->step == 0) first[i] = one->q[0];
        if (two->step == 0) second[i] = two->q[0];
        if (!theta) unwanted[i] = 0;
    }
    for (int64_t at = 0; at < n; at += ER_DUAL_PIECE) {
        const int64_t m = n - at < ER_DUAL_PIECE ? n - at : ER_DUAL_PIECE;
        const double *q1 = one->step ? one->q + at : first, *q2 = two->step ? two->q + at : second;
        er_determinant(m, q1, q2, k + at, det);
        loop(p, m, q1, q2, det, k + at, theta ? theta + at : unwanted);
    }
}

void er_dual_pairs32(er_dual_loop32 *loop, const double *p, int64_t n, const struct er_dual_side32 *one,
                     const struct er_dual_side32 *two, float *k, float *theta)
{
    float first[ER_DUAL_PIECE], second[ER_DUAL_PIECE], det[ER_DUAL_PIECE], unwanted[ER_DUAL_PIECE];
    for (int i = 0; i < ER_DUAL_PIECE; i++) {
        if (one->step == 0) first[i] = one->q[0];
        if (two->step == 0) second[i] = two->q[0];
        if (!theta) unwanted[i] = 0;
    }
    for (int64_t at = 0; at < n; at += ER_DUAL_PIECE) {
        const int64_t m = n - at < ER_DUAL_PIECE ? n - at : ER_DUAL_PIECE;
        const float *q1 = one->step ? one->q + at : first, *q2 = two->step ? two->q + at : second;
        er_determinant32(m, q1, q2, k + at, det);
        loop(p, m, q1, q2, det, k + at, theta ? theta + at : unwanted);
    }
}

void er_dual_pairs_widened(er_dual_loop *loop, const double *p, int64_t n, const struct er_dual_side32 *one,
                           const struct er_dual_side32 *two, float *k, float *theta)
{
    double q1[ER_DUAL_PIECE], q2[ER_DUAL_PIECE], det[ER_DUAL_PIECE], c[ER_DUAL_PIECE], slope[ER_DUAL_PIECE];
    for (int64_t at = 0; at < n; at += ER_DUAL_PIECE) {
        const int64_t m = n - at < ER_DUAL_PIECE ? n - at : ER_DUAL_PIECE;
        for (int64_t i = 0; i < m; i++) {
            q1[i] = (double)one->q[(at + i) * one->step];
            q2[i] = (double)two->q[(at + i) * two->step];
            c[i] = (double)k[at + i];
            slope[i] = 1;
        }
        er_determinant(m, q1, q2, c, det);
        loop(p, m, q1, q2, det, c, slope);
        for (int64_t i = 0; i < m; i++) k[at + i] = (float)c[i];
        for (int64_t i = 0; theta && i < m; i++) theta[at + i] *= (float)slope[i];
    }
}

void er_dual_selves(er_dual_loop *loop, const double *p, int64_t n, const double *q, double *k, double *theta)
{
    double copy[ER_DUAL_PIECE], zero[ER_DUAL_PIECE] = {0}, unwanted[ER_DUAL_PIECE] = {0};
    for (int64_t at = 0; at < n; at += ER_DUAL_PIECE) {
        const int64_t m = n - at < ER_DUAL_PIECE ? n - at : ER_DUAL_PIECE;
        memcpy(copy, q + at, (size_t)m * sizeof *copy);
        if (k != q) memcpy(k + at, copy, (size_t)m * sizeof *copy);
        loop(p, m, copy, copy, zero, k + at, theta ? theta + at : unwanted);
    }
}
