/* <ermine/pac_bayes.h> - PAC-Bayes bounds in closed form, and the divergences that they are made of.
 *
 * A stochastic classifier draws a network from a posterior Q for every prediction. Its prior P is chosen
 * before the m examples are seen; Q may depend on them in any way. Lhat and L: the mean loss in [0, 1] over
 * the examples and the expected one, both averaged over Q; KL = KL(Q || P) in nats. With probability >= 1 -
 * delta over the draw of the examples a bound below holds for all Q at once, for the one P.
 *
 *     kl(q || p) = q ln(q / p) + (1 - q) ln((1 - q) / (1 - p)),   0 ln 0 = 0
 *     C          = KL + ln(2 sqrt(m) / delta)
 *
 * In the same numbers kl <= classic (Pinsker), kl <= quadratic, and quadratic <= classic exactly where
 * quadratic <= 1/4.
 *
 * All are float64 and give NaN where an argument is out of its range or NaN; nothing else fails, and any
 * thread may call. Ranges throughout: 0 <= risk, q, p <= 1, divergences >= 0, 0 < delta <= 1, m >= 8
 * (Maurer's constant) where a function says nothing else. A value of 1 or more says nothing.
 *
 * Sources: McAllester, "PAC-Bayesian model averaging", COLT 1999; Langford and Seeger, "Bounds for
 * averaging classifiers", 2001; Maurer, "A note on the PAC Bayesian theorem", arXiv cs/0411099; Thiemann,
 * Igel, Wintenberger and Seldin, "A strongly quasiconvex PAC-Bayesian bound", ALT 2017; Catoni,
 * "PAC-Bayesian supervised classification", IMS 2007; Dziugaite and Roy, "Computing nonvacuous
 * generalization bounds for deep (stochastic) neural networks", UAI 2017; Perez-Ortiz, Rivasplata,
 * Shawe-Taylor and Szepesvari, "Tighter risk certificates for neural networks", JMLR 2021.
 */
#ifndef ERMINE_PAC_BAYES_H
#define ERMINE_PAC_BAYES_H

#include <ermine/status.h>

/* --- the divergence of two coins, and its inverses --- */

/** kl(q || p); infinite where p is 0 or 1 and q is not. Relative error some 2^-52 |q - p|^-1. */
ER_API double er_binary_kl(double q, double p);

/**
 * max { p : kl(q || p) <= c }, rounded up: kl of what is returned is at least c in exact arithmetic, so
 * that a bound made of it stays one. q where c is 0; 1 where q is 1. Bisection, and less than 1e-12 above
 * the true value for c >= 1e-9.
 */
ER_API double er_binary_kl_inverse(double q, double c);

/** min { p : kl(q || p) <= c }, rounded down. */
ER_API double er_binary_kl_inverse_low(double q, double c);

/* How er_binary_kl_inverse() moves with its arguments, p being its value; both 0 where p is 1. By implicit
 * differentiation of kl(q || p) = c. 0 < q < p. */
struct er_binary_kl_slopes {
    double q, c;
};
ER_API struct er_binary_kl_slopes er_binary_kl_inverse_slopes(double q, double p);

/* --- bounds on L --- */

/** C of the top. */
ER_API double er_pac_bayes_complexity(double kl, double m, double delta);

/** kl^-1(Lhat | C / m): Langford and Seeger's theorem with Maurer's constant. The tightest of these, and
 * rounded up. */
ER_API double er_pac_bayes_kl(double risk, double kl, double m, double delta);

/** kl^-1(Lhat | (KL + ln(m / delta)) / (m - 1)): the older form, which Dziugaite and Roy start from (from
 * memory). */
ER_API double er_pac_bayes_langford(double risk, double kl, double m, double delta);

/** Lhat + sqrt(C / (2 m)): McAllester's, by Pinsker's inequality. */
ER_API double er_pac_bayes_classic(double risk, double kl, double m, double delta);

/** (sqrt(Lhat + C / (2 m)) + sqrt(C / (2 m)))^2. */
ER_API double er_pac_bayes_quadratic(double risk, double kl, double m, double delta);

/** Lhat / (1 - l / 2) + C / (m l (1 - l / 2)), for all 0 < l < 2 at once. */
ER_API double er_pac_bayes_lambda(double risk, double kl, double m, double delta, double l);

/** The l at which that is least, where it equals the quadratic bound:  2 / (sqrt(2 m Lhat / C + 1) + 1). */
ER_API double er_pac_bayes_best_lambda(double risk, double kl, double m, double delta);

/** (1 - exp(-c Lhat - (KL + ln(1 / delta)) / m)) / (1 - exp(-c)), c > 0 fixed beforehand (from memory). m >=
 * 1. */
ER_API double er_pac_bayes_catoni(double risk, double kl, double m, double delta, double c);

/** What draws say of Lhat: with probability >= 1 - delta over n independent draws of losses in [0, 1] whose
 * mean has the expectation Lhat, and which came to `mean`,  Lhat <= kl^-1(mean | ln(2 / delta) / n). n >=
 * 1. One side would do with ln(1 / delta); the 2 is Dziugaite and Roy's. */
ER_API double er_pac_bayes_sampled(double mean, double n, double delta);

/* --- Gaussians --- */

/**
 * KL( N(mean, diag s_i^2) || N(prior, variance I) ) = sum_i (expm1(r_i) - r_i + (mean_i - prior_i)^2 /
 * variance) / 2, r_i = ln(s_i^2 / variance).
 *
 * @param deviation  n numbers above 0; a 0 makes it infinite.
 * @param variance   above 0, else NaN. n >= 0. Sums in float64 in the order of the weights; differences are
 * of the floats as they are.
 */
ER_API double er_gaussian_kl(int64_t n, const float *mean, const float *deviation, const float *prior,
                             double variance);

/* --- a prior whose variance is chosen afterwards ---
 *
 * A prior is fixed before the examples are seen. So the bound is made to hold for every variance of a grid
 * at once, with shares of delta that sum to it:
 *
 *     variance_j = ceiling exp(-j / precision),  j = 1, 2, ...       delta_j = 6 delta / (pi^2 j^2)
 *
 * which adds ln(pi^2 j^2 / 6) to the divergence. Dziugaite and Roy 2017, section 3.
 */
#define ER_PRIOR_CEILING   0.1 /* their c */
#define ER_PRIOR_PRECISION 100 /* their b: hundredths of the logarithm */

/** j as a real number, for a variance in (0, ceiling); below 1 it is no place of the grid. */
ER_API double er_prior_place(double variance);

/** variance_j. */
ER_API double er_prior_variance(int64_t j);

/** ln(pi^2 j^2 / 6) for a real j >= 1. */
ER_API double er_prior_cost(double j);

/** Their B_RE, that the divergence kl(Lhat || L) is at most:  (KL + 2 ln j + ln(pi^2 m / (6 delta))) / (m -
 * 1). */
ER_API double er_dziugaite_roy(double kl, double j, double m, double delta);

#endif
