/* <ermine/bounds.h> - classical bounds of statistical learning in closed form, and Rademacher complexities.
 *
 * m examples, drawn independently; h a classifier or a function of a class H; L(h) its expected loss in [0, 1], Lhat(h)
 * the mean over the m examples; delta the probability with which a bound fails; ln the natural logarithm.
 *
 * An er_bound_* function gives an excess e: with probability >= 1 - delta, L(h) <= Lhat(h) + e, for all h of the
 * class at once where there is a class. Sizes of classes are given as logarithms, so that 2^(32 P) networks are one.
 * All are float64, and give NaN where an argument is out of the range said here or is NaN; nothing else fails.
 * Ranges throughout: m >= 1, 0 < delta <= 1, sizes and norms >= 0. Any thread.
 *
 * Sources: Mohri, Rostamizadeh and Talwalkar, "Foundations of Machine Learning", 2nd ed., 2018 (chapters 2, 3, 5, 9);
 * Shalev-Shwartz and Ben-David, "Understanding Machine Learning", 2014; others where they are used. Well known;
 * written from the formulas, and held to numbers computed elsewhere (tests/measures).
 */
#ifndef ERMINE_BOUNDS_H
#define ERMINE_BOUNDS_H

#include <ermine/status.h>
#include <stdbool.h>

/* --- one hypothesis, countably many --- */

/** One h, chosen before the examples were drawn (a held-out set):  sqrt(ln(1/delta) / (2 m)). Two-sided,
 * |L - Lhat| <= e: with 2/delta. Hoeffding 1963. */
ER_API double er_bound_hoeffding(double m, double delta, bool two_sided);

/** A class of |H| classifiers:  sqrt((ln|H| + ln(1/delta)) / (2 m));  two-sided: with 2/delta. */
ER_API double er_bound_finite_class(double ln_size, double m, double delta, bool two_sided);

/** The same for those h that make no error on the m examples:  (ln|H| + ln(1/delta)) / m. */
ER_API double er_bound_realisable(double ln_size, double m, double delta);

/** Occam's razor: an h that a prefix-free code, fixed beforehand, describes in so many bits:
 * sqrt((bits ln 2 + ln(1/delta)) / (2 m)). */
ER_API double er_bound_occam(double bits, double m, double delta);

/* --- growth functions and VC dimension --- */

/** ln sum_{i <= D} C(m, i): Sauer's bound on the labelings of m points by a class of VC dimension D. Whole
 * D, m >= 0. Cost: min(D, m) logarithms. */
ER_API double er_sauer_ln_sum(int64_t D, int64_t m);

/** ln (e m / D)^D, which is no less where m >= D >= 1; 0 for D = 0, m ln 2 for m < D (every labeling). */
ER_API double er_sauer_ln_bound(double D, double m);

/** A class that labels m points in at most exp(ln_growth) ways:  sqrt(2 ln_growth / m) + sqrt(ln(1/delta) / (2 m)). */
ER_API double er_bound_growth(double ln_growth, double m, double delta);

/** A class of VC dimension D: that, of the smaller of (e m / D)^D and 2^m. */
ER_API double er_bound_vc(double D, double m, double delta);

/* A stage of a network that is piecewise polynomial in its parameters: the nodes of one layer, which choose
 * their piece by the signs of polynomials. Each number is above 0. */
struct er_vc_stage {
    double parameters; /* that these polynomials depend on: of this layer and all before it */
    double signs;      /* polynomials an example: units times pieces less one; at the end those that decide */
    double degree;     /* of the polynomials, in the parameters: 1 + the degree of the stage's inputs */
};

/**
 * Upper bound on the VC dimension of a network of n stages, the last of which gives the sign.
 *
 *     w = sum_i W_i     R = sum_i q_i D_i       (W parameters, q signs, D degree)
 *     VCdim <= n + w log2(2 r log2 r),   r = 2 e R
 *
 * For ReLU layers of k_i units this is Theorem 6 of Bartlett, Harvey, Liaw and Mehrabian, "Nearly-tight
 * VC-dimension and pseudodimension bounds for piecewise linear neural networks", JMLR 2019, with q_i = k_i, D_i = i
 * (the proof counts signs stage by stage, which is what this form keeps of it). Where r < 16 it is taken for 16, so that
 * nets of one or two units have a bound too. NaN for n = 0, or where a stage has a number that is not above 0.
 */
ER_API double er_vc_dimension(const struct er_vc_stage *stage, int64_t n);

/** ln of the bound on the labelings of m points by the same network that their proof makes stage by stage,
 * prod_i 2 (2 e m q_i D_i / W_i)^W_i, a stage whose signs are fewer than its parameters counting as 2^(m q_i); at
 * most m ln 2. m >= 1, n >= 1, stages as there; else NaN. */
ER_API double er_growth_ln(const struct er_vc_stage *stage, int64_t n, double m);

/** d log2(6 d n)^3 weights: the capacity of a ReLU network of d convolutional layers with so many weights in all on
 * n x n images, as Jiang et al., ICLR 2020, eq. 19, have it (from memory). n, d >= 1. */
ER_API double er_vc_convolutional(double d, double n, double weights);

/** The bound that they quote with it:  4000 sqrt(capacity / m) + sqrt(ln(1/delta) / m). */
ER_API double er_bound_vc_convolutional(double capacity, double m, double delta);

/* --- Rademacher complexity ---
 *
 *     R = E_sigma sup_f (1/m) sum_i sigma_i f(x_i)      sigma_i independent uniform signs; no absolute value, 1/m
 *
 * R_m is its mean over samples, Rhat that of the sample at hand. */

/** Losses in [0, 1] whose class has R_m:  2 R_m + sqrt(ln(1/delta) / (2 m)). */
ER_API double er_bound_rademacher(double complexity, double m, double delta);

/** The same from the sample's own Rhat:  2 Rhat + 3 sqrt(ln(2/delta) / (2 m)). */
ER_API double er_bound_rademacher_empirical(double complexity, double m, double delta);

/** Two classes told apart by the sign of f, Rhat of the functions: error <= share of examples of margin <=
 * rho + (2/rho) Rhat + 3 sqrt(ln(2/delta) / (2 m)). rho > 0. */
ER_API double er_bound_margin(double complexity, double rho, double m, double delta);

/** k >= 2 classes, predicted by the largest of k outputs; Rhat of all x -> f(x)[j] together: as above with
 * (4 k/rho) Rhat. Foundations, theorem 9.2, in its empirical form (the proof compares the complexities on one sample).
 */
ER_API double er_bound_margin_classes(double complexity, int64_t classes, double rho, double m, double delta);

/** Massart: a finite set of vectors of length at most `radius`:  radius sqrt(2 ln_size) / m. For functions in [-1, 1]
 * the radius is sqrt(m). */
ER_API double er_rademacher_massart(double radius, double ln_size, double m);

/** Functions of values in {-1, 1} and VC dimension D:  sqrt(2 ln(growth) / m), er_sauer_ln_bound(). */
ER_API double er_rademacher_vc(double D, double m);

/** { <w, x> : |w|_2 <= B }:  at most (B/m) |X|_F. */
ER_API double er_rademacher_l2_bound(double B, double frobenius, double m);

/** { <w, x> : |w|_1 <= B }, d coordinates of at most `largest`, or of root mean square over the sample of at most that:
 * at most B largest sqrt(2 ln(2 d) / m). */
ER_API double er_rademacher_l1_bound(double B, double largest, double d, double m);

/** The ball of radius B of a kernel's Hilbert space:  at most (B/m) sqrt(tr K). */
ER_API double er_rademacher_kernel_bound(double B, double trace, double m);

/* An expectation over signs: exact for m <= 16 (all 2^m), else a mean over draws. */
struct er_rademacher {
    double mean;
    double standard_error; /* sample standard deviation / sqrt(draws); 0 where exact */
    int64_t draws;         /* 0: exact */
};
struct er_rademacher_options {
    int64_t draws; /* >= 2, of samples that are too large to be exact */
    uint64_t seed,
        stream; /* signs of draw i are a function of (seed, stream, i): fewer draws are the first of more */
};
enum { ER_RADEMACHER_EXACT = 16 };

/** 1000 draws, seed 0, stream of ER_PURPOSE_SIGNS. */
ER_API struct er_rademacher_options er_rademacher_options_default(void);

/* Errors of the following: ER_E_USAGE (m < 1, no coordinate or vector, draws < 2), ER_E_NONFINITE, ER_E_NOMEM. *out is
 * untouched then. `options` NULL: the default. Cost a draw: one pass over x. */

/** { <w, x> : |w|_2 <= B }:  Rhat = (B/m) E |sum_i sigma_i x_i|_2, exactly. x: m rows of d. */
ER_API enum er_status er_rademacher_l2(int64_t m, int64_t d, const float *x, double B,
                                       const struct er_rademacher_options *options, struct er_rademacher *out,
                                       struct er_error *err);

/** { <w, x> : |w|_1 <= B }:  Rhat = (B/m) E |sum_i sigma_i x_i|_inf. */
ER_API enum er_status er_rademacher_l1(int64_t m, int64_t d, const float *x, double B,
                                       const struct er_rademacher_options *options, struct er_rademacher *out,
                                       struct er_error *err);

/** The ball of radius B of a kernel's Hilbert space:  Rhat = (B/m) E sqrt(sigma' K sigma). K: m x m, positive
 * semidefinite (a sum that rounding makes negative counts as 0). */
ER_API enum er_status er_rademacher_kernel(int64_t m, const double *K, double B,
                                           const struct er_rademacher_options *options,
                                           struct er_rademacher *out, struct er_error *err);

/** A finite set of functions, known by their values on the sample:  Rhat = (1/m) E max_j sum_i sigma_i a[j, i].
 * a: n rows of m. */
ER_API enum er_status er_rademacher_vectors(int64_t n, int64_t m, const double *a,
                                            const struct er_rademacher_options *options,
                                            struct er_rademacher *out, struct er_error *err);

/** From training on labels drawn at random, two classes:  the accuracy reached, as a correlation: 2 accuracy - 1. What
 * training reaches is a lower bound of the supremum. For k classes, accuracy - 1/k is a score in its manner. */
ER_API double er_rademacher_of_accuracy(double accuracy);

/* --- networks, d layers of matrices W_i, 1-Lipschitz activations ---
 *
 * Products of norms are given as logarithms; results that leave float64 are infinite. |X|_F^2 = sum_i |x_i|^2. */

/** Outputs x -> f(x), one number; positively homogeneous activations; prod_i |W_i|_F <= exp(ln_product), without biases:
 * Rhat <= (|X|_F / m) (1 + sqrt(2 d ln 2)) prod. Golowich, Rakhlin and Shamir, "Size-independent sample complexity of
 * neural networks", COLT 2018, theorem 1. */
ER_API double er_rademacher_golowich(double ln_product, int64_t d, double frobenius, double m);

/** The same class:  Rhat <= 2^(d-1) (|X|_F / m) prod. Neyshabur, Tomioka and Srebro, "Norm-based capacity control in
 * neural networks", COLT 2015, theorem 1 with p = q = 2; the input's part is |X|_F / m, which is less than theirs. */
ER_API double er_rademacher_neyshabur(double ln_product, int64_t d, double frobenius, double m);

/** The same with rows: prod_i max_o |W_io|_1 <= exp(ln_product), n inputs, `largest` as in er_rademacher_l1_bound():
 * Rhat <= 2^(d-1) prod largest sqrt(2 ln(2 n) / m). Neyshabur et al. 2015, p = 1, q = infinity. */
ER_API double er_rademacher_neyshabur_l1(double ln_product, int64_t d, double largest, double n, double m);

/** The same class, without the power of 2:  Rhat <= 2 prod largest sqrt(d + 1 + ln n) / sqrt(m), `largest` the largest root
 * mean square of a coordinate over the sample. Golowich, Rakhlin and Shamir 2018, theorem 2 (from memory). */
ER_API double er_rademacher_golowich_l1(double ln_product, int64_t d, double largest, double n, double m);

/** ln of (prod s_i) (sum_i (b_i / s_i)^(2/3))^(3/2), the spectral complexity of Bartlett, Foster and Telgarsky,
 * "Spectrally-normalized margin bounds for neural networks", NeurIPS 2017, eq. 1.2: s_i >= |W_i|_2, b_i >= the (2,1)-norm
 * of W_i - M_i (sum over output units of the 2-norm of what comes in), M_i fixed beforehand. s_i > 0, b_i >= 0; n >= 1. */
ER_API double er_spectral_complexity_ln(const double *s, const double *b, int64_t n);

/** The class composed with the ramp loss of margin gamma > 0:
 *
 *     Rhat <= 4/m + (12 ln m / sqrt(m)) sqrt(ln(2 entries)) (4 / gamma) (|X|_F / sqrt(m)) exp(ln_complexity)
 *
 * `entries`: of the largest matrix. Their lemma A.8; the constants as in the code of Graf, Zeng, Rieck, Niethammer and
 * Kwitt, "On measuring excess capacity in neural networks", NeurIPS 2022. Dudley's integral, cut at 1/sqrt(m), over the
 * cover of their theorem 3.3 gives 2/gamma for 4/gamma; the rest makes up for the rounding up of that cover's size.
 */
ER_API double er_rademacher_bartlett(double ln_complexity, double entries, double gamma, double frobenius,
                                     double m);

/**
 * A class is to be fixed before the examples are drawn, a norm is known after training. So the bound is made to
 * hold for all classes of a grid at once, with delta shared among them, and used for the smallest that holds the network.
 *
 *     grid      c_j = 2^(j/16), j any integer;  value in (c_{j-1}, c_j]
 *     shares    delta_j = delta / (n (n + 1)),  n = 2 j + 1 for j >= 0, -2 j for j < 0;  sum_j delta_j = delta
 *
 * @param ln_value    ln of the norm.
 * @param ln_ceiling  ln c_j >= ln_value.
 * @return            ln(n (n + 1)) = ln(delta / delta_j). Several norms with a grid each: the logarithms are added.
 */
ER_API double er_bound_grid(double ln_value, double *ln_ceiling);

#endif
