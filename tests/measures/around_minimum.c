/* Measures of Jiang et al. around a minimum: their closed forms, and the measures made of them; Fisher-Rao norms; how training
 * went. */
#include "t.h"

#include "measures/jiang_forms.h"
#include "support/measured_net.h"
#include "support/small_net.h"

static void check_c27_forms(void)
{
    const float w[] = {1, -2, .5f, 3, 2, -1}, w0[] = {.5f, -1, 0, 1, 1, 0};
    const struct er_jiang_weights q = {.n = 6, .w = w}, moved = {.n = 6, .w = w, .minus = w0};
    const double m = 1000, square = er_jiang_square(&q), distance = er_jiang_square(&moved);
    T_CLOSE(distance, 7.5, 1e-15, "squared distance");
    T_CLOSE(square, 19.25, 1e-15, "squared norm");
    /* the reference gives ten decimals */
    T_CLOSE(er_jiang_plain(distance, .1, m), 206.7103403720, 1e-9, "pacbayes-init");
    T_CLOSE(er_jiang_plain(square, .1, m), 500.4603403720, 1e-9, "pacbayes-orig");
    T_CLOSE(er_jiang_relative_pacbayes(&moved, distance, 6, .2, m), 24.0855577598, 1e-9, "mag-init");
    T_CLOSE(er_jiang_relative_pacbayes(&moved, square, 6, .2, m), 25.4994691158, 1e-9, "mag-orig, ref");
    T_CLOSE(er_jiang_relative_pacbayes(&q, square, 6, .2, m), 24.2570447826, 1e-9, "mag-orig, abs");
    T_CLOSE(er_jiang_sharpness(distance, .05, .1, 6, m), 1882.8903277130, 1e-9, "sharpness-init");
    T_CLOSE(er_jiang_sharpness(square, .05, .1, 6, m), 4802.6556412139, 1e-9, "sharpness-orig");
    T_CLOSE(er_jiang_relative_sharpness(&moved, distance, 6, .1, .1, m), 31.4310615582, 1e-9, "mag-init");
    T_CLOSE(er_jiang_relative_sharpness(&moved, square, 6, .1, .1, m), 32.8449735851, 1e-9, "mag-orig, ref");
    T_CLOSE(er_jiang_relative_sharpness(&q, square, 6, .1, .1, m), 31.6026362113, 1e-9, "mag-orig, abs");
    const unsigned char some[] = {1, 0, 0, 1, 0, 0};
    const struct er_jiang_weights chosen = {.n = 6, .chosen = some, .w = w, .minus = w0};
    T_CLOSE(er_jiang_square(&chosen), .25 + 4, 1e-15, "of some elements");
    T_CLOSE(
        er_jiang_relative_pacbayes(&chosen, 4.25, 2, .2, m) - log(m / .2) - 10,
        (log((1e-6 + 1.04 * 2.125) / (1e-6 + .04 * .25)) + log((1e-6 + 1.04 * 2.125) / (1e-6 + .04 * 4))) / 4,
        1e-12, "of some elements");
}

/* The measures are the forms at the radii that their flatness says, over weights without biases. */
static void check_measures(void)
{
    enum { IN = 4, H = 6, K = 3, M = 200 };
    static const char *const text = "[dense 6, relu, dense]";
    struct measured_net net;
    if (measured_net_open(&net, text, "cross-entropy", (struct er_shape){1, 1, IN}, K, M)) {
        float w[IN * H + H * K], w0[IN * H + H * K];
        const int64_t second = (IN + 1) * H, n = IN * H + H * K;
        /* the wide nets of the test's own making are wrong often; labels as they are predicted */
        measured_net_teach(&net);
        memcpy(w, net.w, IN * H * sizeof *w);
        memcpy(w0, net.w0, IN * H * sizeof *w);
        memcpy(w + IN * H, net.w + second, H * K * sizeof *w);
        memcpy(w0 + IN * H, net.w0 + second, H * K * sizeof *w);
        const struct er_jiang_weights q = {.n = n, .w = w}, moved = {.n = n, .w = w, .minus = w0};
        const double square = er_jiang_square(&q), distance = er_jiang_square(&moved);
        const double sigma = 1 / sqrt(measured_net_value(&net.is, "pacbayes_flatness", 1)),
                     sigma_mag = 1 / sqrt(measured_net_value(&net.is, "pacbayes_mag_flatness", 1)),
                     alpha = 1 / sqrt(measured_net_value(&net.is, "sharpness_flatness", 1)),
                     alpha_mag = 1 / sqrt(measured_net_value(&net.is, "sharpness_mag_flatness", 1));
        T_OK(sigma > alpha && sigma_mag > alpha_mag, "the worst is worse than the mean: %g, %g; %g, %g",
             sigma, alpha, sigma_mag, alpha_mag);
        const struct {
            const char *name;
            double want;
        } is[] = {
            {"pacbayes_init", er_jiang_plain(distance, sigma, M)},
            {"pacbayes_orig", er_jiang_plain(square, sigma, M)},
            {"pacbayes_mag_init", er_jiang_relative_pacbayes(&moved, distance, n, sigma_mag, M)},
            {"pacbayes_mag_orig_ref", er_jiang_relative_pacbayes(&moved, square, n, sigma_mag, M)},
            {"pacbayes_mag_orig_abs", er_jiang_relative_pacbayes(&q, square, n, sigma_mag, M)},
            {"sharpness_init", er_jiang_sharpness(distance, alpha, sigma, n, M)},
            {"sharpness_orig", er_jiang_sharpness(square, alpha, sigma, n, M)},
            {"sharpness_mag_init", er_jiang_relative_sharpness(&moved, distance, n, alpha_mag, sigma, M)},
            {"sharpness_mag_orig_ref", er_jiang_relative_sharpness(&moved, square, n, alpha_mag, sigma, M)},
            {"sharpness_mag_orig_abs", er_jiang_relative_sharpness(&q, square, n, alpha_mag, sigma, M)},
        };
        for (size_t i = 0; i < sizeof is / sizeof is[0]; i++)
            T_CLOSE(measured_net_value(&net.is, is[i].name, 1), is[i].want, 1e-12 * is[i].want, "%s",
                    is[i].name);
        const double rgm = measured_net_value(&net.is, "pacbayes_flatness_rgm", 1);
        /* its s^2 is a sigma: dev within 0.01 of 0.1 both times, over a slope of some tenths */
        T_CLOSE(1 / rgm, sigma, .15 * sigma, "the reference's own search");
    }
    measured_net_close(&net);
}

/* Identity matrices of three layers: inputs are outputs. */
static void check_c34_fisher_rao(void)
{
    struct small_net s;
    struct er_error err;
    static const float logits[2][3] = {{2, 1, 0}, {0, 1, 3}};
    if (small_net_open(&s, "[dense 3 bias=false, relu, dense 3 bias=false, dropout 0.5, dense bias=false]",
                       "cross-entropy", 2, 3, 3)) {
        memcpy(s.set.x, logits, sizeof logits);
        s.set.label[0] = 0;
        s.set.label[1] = 1;
        for (int64_t i = 0; i < s.P; i++) s.w[i] = i % 9 % 4 == 0;
        const struct er_measured is = {
            .net = s.net, .w = s.w, .train = &s.set, .train_error = (double)NAN, .test_error = (double)NAN};
        /* float32 probabilities */
        T_CLOSE(measured_net_value(&is, "fisher_rao", 1), 12.9977000553, 3e-6, "d = 3: 9 times 1.4441888950");
        T_CLOSE(measured_net_value(&is, "fisher_rao_gradient", 1), 12.9977000553, 3e-6, "by gradients");
    }
    small_net_close(&s);
    if (small_net_open(&s, "[dense bias=false]", "logistic", 2, 2, 2)) {
        static const float x[4] = {1, 2, -1, .5f};
        memcpy(s.set.x, x, sizeof x);
        s.set.label[0] = 1;
        s.set.label[1] = 0;
        s.w[0] = .5f;
        s.w[1] = -.25f;
        const struct er_measured is = {
            .net = s.net, .w = s.w, .train = &s.set, .train_error = (double)NAN, .test_error = (double)NAN};
        T_CLOSE(measured_net_value(&is, "fisher_rao", 1), .0237409044, 1e-8, "linear logistic");
        T_CLOSE(measured_net_value(&is, "fisher_rao_gradient", 1), .0237409044, 1e-8, "by gradients");
    }
    small_net_close(&s);
    static const char *const refused[] = {"[dense 4, relu, dense]",
                                          "[dense 4 bias=false, tanh, dense bias=false]",
                                          "[dense 4 bias=false, batch_norm, relu, dense bias=false]",
                                          "[dense 4 bias=false, add: [relu, identity], dense bias=false]"};
    for (int i = 0; i < 4; i++) {
        struct er_measured_run *run = NULL;
        double value = -7;
        if (small_net_open(&s, refused[i], "cross-entropy", 4, 3, 3)) {
            const struct er_measured is = {.net = s.net,
                                           .w = s.w,
                                           .statistics = s.statistics,
                                           .train = &s.set,
                                           .train_error = (double)NAN,
                                           .test_error = (double)NAN};
            T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_OK, "context");
            T_STATUS(er_measure_compute(er_measure_find("fisher_rao"), run, &value, &err), ER_E_UNSUPPORTED,
                     "%s", refused[i]);
            T_OK(value == -7 && strstr(err.msg, "layer"), "%s", err.msg);
            er_measured_run_free(run);
        }
        small_net_close(&s);
    }
}

static void check_steps(void)
{
    static const int64_t step[] = {0, 10, 20, 30, 45};
    static const double loss[] = {2.3, .5, .1, .05, .004};
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense]", "cross-entropy", 4, 3, 3)) {
        struct er_course course = {5, step, loss};
        struct er_measured is = {
            .net = s.net, .course = &course, .train_error = (double)NAN, .test_error = (double)NAN};
        T_EQ_INT(measured_net_value(&is, "steps_to_0_1", 1), 20, "first record at 0.1 or below");
        T_EQ_INT(measured_net_value(&is, "steps_0_1_to_0_01", 1), 25, "and on to 0.01");
        course.n = 4;
        T_EQ_INT(measured_net_value(&is, "steps_to_0_1", 1), 20, "of a shorter course");
        struct er_measured_run *run = NULL;
        double value = -7;
        T_STATUS(er_measured_run_new(&is, NULL, &run, &err), ER_OK, "context");
        T_STATUS(er_measure_compute(er_measure_find("steps_0_1_to_0_01"), run, &value, &err),
                 ER_E_UNSUPPORTED, "which does not come to 0.01");
        T_OK(value == -7 && strstr(err.msg, "came down to 0.05"), "%s", err.msg);
        er_measured_run_free(run);
    }
    small_net_close(&s);
}

/* A linear map with squared loss: g_i = x_i (f_i - t_i)', written out. */
static double variance(const struct small_net *s, const float *w)
{
    enum { D = 3, K = 2 };
    double square = 0, mean[D * K] = {0};
    for (int64_t i = 0; i < s->n; i++)
        for (int k = 0; k < K; k++) {
            double f = -(s->set.label[i] == k);
            for (int d = 0; d < D; d++) f += (double)s->set.x[i * D + d] * (double)w[d * K + k];
            for (int d = 0; d < D; d++) {
                const double g = (double)s->set.x[i * D + d] * f;
                square += g * g / (double)s->n;
                mean[d * K + k] += g / (double)s->n;
            }
        }
    for (int p = 0; p < D * K; p++) square -= mean[p] * mean[p];
    return square;
}

static void check_gradient_noise(void)
{
    struct small_net s;
    if (small_net_open(&s, "[dense bias=false]", "mean-squared", 50, 3, 2)) {
        float first[6];
        for (int p = 0; p < 6; p++) first[p] = .1f * (float)(p - 2);
        const struct er_measured is = {.net = s.net,
                                       .w = s.w,
                                       .first_epoch_w = first,
                                       .train = &s.set,
                                       .train_error = (double)NAN,
                                       .test_error = (double)NAN};
        const double end = variance(&s, s.w), epoch = variance(&s, first);
        T_CLOSE(measured_net_value(&is, "gradient_noise_final", 2), end, 1e-5 * end, "where training ended");
        T_CLOSE(measured_net_value(&is, "gradient_noise_epoch_1", 2), epoch, 1e-5 * epoch, "after an epoch");
        T_OK(fabs(end - epoch) > .1 * end, "which differ: %g, %g", end, epoch);
    }
    small_net_close(&s);
}

int main(void)
{
    check_c27_forms();
    check_measures();
    check_c34_fisher_rao();
    check_steps();
    check_gradient_noise();
    return t_done();
}
