/* sam.c - sharpness-aware minimisation: SGD's rule with the gradient of a point uphill.
 *
 *     g = gradient at w     u = w + rho g / |g|     g2 = gradient at u     w steps by SGD's rule with g2
 *
 * Both gradients are of the same batch with the same dropout; running statistics of batch norm move with the
 * first one alone. |g| is over all parameters that are not masked, in float64; masked ones stay 0 in u. Weight
 * decay is left out of g and is that of w in the step. Where g is 0, u = w. With rho = 0 every step has the
 * bits of SGD's.
 *
 * Source: Foret, Kleiner, Mobahi and Neyshabur, "Sharpness-aware minimization for efficiently improving
 * generalization", ICLR 2021, algorithm 1, with p = 2; the second derivatives are dropped, as there.
 */
#include "core/vector.h"
#include "math/inner.h"
#include "train/optimiser.h"

#include <math.h>

ER_VECTOR
static void move(int64_t P, float length, const float *restrict g, const float *restrict w,
                 float *restrict out)
{
#pragma omp simd
    for (int64_t i = 0; i < P; i++) out[i] = w[i] + length * g[i];
}

static void ascend(const struct er_optimiser *o, int64_t n, const float *restrict g, const float *restrict w,
                   float *restrict out)
{
    const double norm = sqrt(er_inner(n, g, g));
    move(n, norm > 0 ? (float)(o->rho / norm) : 0, g, w, out);
}

const struct er_optimiser_ops er_optimiser_sam = {
    .name = "sam",
    .help = "sharpness-aware minimisation: SGD with the gradient from rho uphill; two gradients a step",
    .states = er_sgd_states,
    .ascend = ascend,
    .step = er_sgd_step,
};
