/* lazy_kernel.c - see lazy_kernel.h.
 *
 *     K = (1/M) [H H'^T + (X X'^T) o (D D'^T)]     H (n x M) hidden outputs, D_ik = a_k where they are above 0
 */
#include "experiments/lazy_kernel.h"

#include "math/arccosine.h"

#include <cblas.h>
#include <math.h>

enum { LANES = ER_LAZY_LANES };

/* H and D of the examples, n x M each, row-major. */
static void unpack(const struct er_lazy_network *network, const struct er_lazy_examples *e)
{
    const int64_t M = network->units;
    double *H = e->room, *D = H + e->n * M;
    for (int64_t i = 0; i < e->n; i++)
        for (int64_t k = 0; k < M; k++) {
            const double h = e->hidden[(k / LANES * e->n + i) * LANES + k % LANES];
            H[i * M + k] = h;
            D[i * M + k] = h > 0 ? network->a[k] : 0;
        }
}

void er_lazy_inner(int64_t d, const struct er_lazy_examples *p, const struct er_lazy_examples *q,
                   double *inner)
{
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, (blasint)p->n, (blasint)q->n, (blasint)d, 1, p->x,
                (blasint)d, q->x, (blasint)d, 0, inner, (blasint)q->n);
}

void er_lazy_kernel(const struct er_lazy_network *network, const struct er_lazy_examples *p,
                    const struct er_lazy_examples *q, const double *inner, double *K)
{
    const int64_t M = network->units;
    const blasint units = (blasint)M, n = (blasint)p->n, m = (blasint)q->n;
    const double part = 1 / (double)M;
    unpack(network, p);
    if (q != p) unpack(network, q);
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, m, units, part, p->room + p->n * M, units,
                q->room + q->n * M, units, 0, K, m);
    for (int64_t i = 0; i < p->n * q->n; i++) K[i] *= inner[i];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, n, m, units, part, p->room, units, q->room, units, 1,
                K, m);
}

void er_lazy_kernel_infinite(int64_t n, int64_t d, const double *x, double *K)
{
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double inner = 0, p = 0, q = 0;
            for (int64_t c = 0; c < d; c++) {
                inner += x[i * d + c] * x[j * d + c];
                p += x[i * d + c] * x[i * d + c];
                q += x[j * d + c] * x[j * d + c];
            }
            const double norms = sqrt(p) * sqrt(q), u = norms > 0 ? inner / norms : 0;
            K[i * n + j] = norms / 2 * (er_arccosine_1(u) + u * er_arccosine_0(u));
        }
}

static double inner_of(int64_t n, const double *A, const double *B)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += A[i] * B[i];
    return sum;
}

double er_lazy_kernel_distance(int64_t n, const double *A, const double *B)
{
    double sum = 0;
    for (int64_t i = 0; i < n * n; i++) sum += (A[i] - B[i]) * (A[i] - B[i]);
    return sqrt(sum / inner_of(n * n, B, B));
}

/* With a = A / |A|, b = B / |B|: 1 - a . b = |a - b|^2 / 2, which loses nothing where they are close. */
double er_lazy_kernel_angle(int64_t n, const double *A, const double *B)
{
    const double a = 1 / sqrt(inner_of(n * n, A, A)), b = 1 / sqrt(inner_of(n * n, B, B));
    double sum = 0;
    for (int64_t i = 0; i < n * n; i++) sum += (a * A[i] - b * B[i]) * (a * A[i] - b * B[i]);
    return sum / 2;
}

double er_lazy_alignment(int64_t n, const double *K, const double *y)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += y[i] * inner_of(n, K + i * n, y);
    return sum / (sqrt(inner_of(n * n, K, K)) * inner_of(n, y, y));
}

double er_lazy_alignment_centred(int64_t n, const double *K, const double *y, double *room)
{
    double *mean = room, *z = room + n, all = 0, offset = 0, square = 0, sum = 0;
    for (int64_t i = 0; i < n; i++) {
        mean[i] = 0;
        for (int64_t j = 0; j < n; j++) mean[i] += K[i * n + j];
        mean[i] /= (double)n;
        all += mean[i] / (double)n;
        offset += y[i] / (double)n;
    }
    for (int64_t i = 0; i < n; i++) z[i] = y[i] - offset;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            const double k = K[i * n + j] - mean[i] - mean[j] + all;
            square += k * k;
            sum += z[i] * k * z[j];
        }
    return sum / (sqrt(square) * inner_of(n, z, z));
}
