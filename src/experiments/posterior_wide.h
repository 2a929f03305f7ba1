/* posterior_wide.h - the posterior of the infinitely wide network, a Gaussian process, by importance sampling.
 *
 * A network of dense and relu layers with one output, whose hidden layers are taken to infinity: its outputs on the n + M
 * examples of S and T are jointly N(0, K),
 *
 *     dense    K <- v_b + v_w K       v: variances of a weight, times their number, and of a bias
 *     relu     K_ij <- sqrt(K_ii K_jj) (sin t + (pi - t) cos t) / (2 pi),   cos t = K_ij / sqrt(K_ii K_jj)
 *
 * With K = L L', one sample draws z_1 .. z_n one after the other, each from the part of the normal distribution where
 * output i has the sign of its label, and z_n+1 .. z_n+M freely. Its weight is the product of these parts: then
 *
 *     P(S) = mean weight                P(f | S) = sum of weights of samples with signs f on T / sum of all weights
 *
 * are unbiased and consistent (the sampler of Geweke, Hajivassiliou and Keane). A singular K is none of its problems:
 * where L_ii is 0, output i is known from those before it, and its part is 0 or 1.
 *
 * Sources: kernel: Cho and Saul, "Kernel methods for deep learning", NeurIPS 2009, degree 1; wide networks: Lee et al.,
 * "Deep neural networks as Gaussian processes", ICLR 2018. Sampler: Genz, "Numerical computation of multivariate normal
 * probabilities", J. Comp. Graph. Stat. 1992, section 2, and the references in it.
 */
#ifndef ERMINE_EXPERIMENTS_POSTERIOR_WIDE_H
#define ERMINE_EXPERIMENTS_POSTERIOR_WIDE_H

#include <ermine/net.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* One function, as er_posterior_of_outputs() numbers them, and its posterior probability. */
struct er_wide_function {
    double name, share;
};

struct er_wide {
    struct er_wide_function *function; /* n of them, by rising name */
    int64_t n;
    double evidence; /* P(S) */
};

/* Whether a net has such a limit: dense and relu in turn, one output. */
bool er_wide_has(const struct er_net *net);

/* k (m x m, row-major, both triangles) = K of m examples x (m x inputs). A net that er_wide_has(). */
void er_wide_kernel(const struct er_net *net, int64_t m, const float *x, double *k);

/* Draws `samples` of the stream ER_PURPOSE_GAUSSIAN_PROCESS of a seed. Freed by er_free(out->function). The same bits on
 * any number of threads. Where no sample fits S, evidence is 0 and there is no function. Of the progress `stop` alone is
 * used. ER_E_NOMEM, ER_E_STOPPED. */
enum er_status er_wide_sample(const struct er_net *net, const struct er_dataset *train,
                              const struct er_dataset *test, uint64_t seed, int64_t samples,
                              struct er_pool *pool, const struct er_progress *progress, struct er_wide *out,
                              struct er_error *err);

/* The probability of a function; 0 where it did not come. */
double er_wide_share(const struct er_wide *wide, double name);

#endif
