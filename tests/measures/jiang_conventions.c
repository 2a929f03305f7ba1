/* What norm measures make of layers with a factor, of kernels and images that are not square: by the same network written without
 * the factor, and by the formula. */
#include "t.h"

#include "support/measured_net.h"

/* Weights over the root of the inputs that reach a unit, in one net as a factor and in the other as they are. */
static void test_factors(void)
{
    static const char *const name[] = {"cross_entropy", "param_norm",         "frobenius_distance",
                                       "prod_of_fro",   "prod_of_spec",       "dist_spec_init",
                                       "fro_over_spec", "spec_orig_main",     "prod_of_spec_reshaped",
                                       "path_norm",     "bartlett_predictor", "fisher_rao"};
    const char *const text[] = {"[dense 9 bias=false init=ntk, relu, dense bias=false init=ntk]",
                                "[dense 9 bias=false, relu, dense bias=false]"};
    struct measured_net net[2];
    bool made = true;
    for (int i = 0; i < 2; i++)
        made =
            measured_net_open(&net[i], text[i], "cross-entropy", (struct er_shape){1, 1, 4}, 3, 40) && made;
    if (made) {
        for (int64_t k = 0; k < net[0].P; k++) {
            const float factor = k < 4 * 9 ? 1.f / 2 : 1.f / 3;
            net[1].w[k] = net[0].w[k] * factor;
            net[1].w0[k] = net[0].w0[k] * factor;
        }
        for (int i = 0; i < 2; i++) measured_net_teach(&net[i]);
        for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
            const double want = measured_net_value(&net[1].is, name[i], 1);
            T_CLOSE(measured_net_value(&net[0].is, name[i], 1), want, 2e-6 * want, "%s with a factor",
                    name[i]); /* a third is no number of float32 */
        }
    }
    for (int i = 0; i < 2; i++) measured_net_close(&net[i]);
}

/* K = (84 B sum_i k_i sqrt(c_i) + sqrt(ln(4 n^2 d)))^2 multiplies the main term: 3 kernels of 3 x 2, 2 outputs, an image of 4 x 5,
 * whichever side is the longer; short inputs, so that the second term counts. */
static void test_kernels_and_images(void)
{
    const double m = 40, delta = .05;
    for (int turned = 0; turned < 2; turned++) {
        struct measured_net net;
        const struct er_shape shape = {turned ? 5 : 4, turned ? 4 : 5, 1};
        if (measured_net_open(&net, "[conv 3 3x2 bias=false, relu, flatten, dense bias=false]",
                              "cross-entropy", shape, 2, 40)) {
            double longest = 0;
            for (int64_t i = 0; i < net.train.n; i++) {
                double square = 0;
                for (int k = 0; k < 20; k++) {
                    net.train.x[20 * i + k] /= 256;
                    square += (double)net.train.x[20 * i + k] * (double)net.train.x[20 * i + k];
                }
                longest = fmax(longest, sqrt(square));
            }
            measured_net_teach(&net);
            const double K = pow(84 * longest * (sqrt(6) * sqrt(3) + sqrt(2)) + sqrt(log(4 * 25 * 2)), 2);
            const double square = 1 / measured_net_value(&net.is, "inverse_margin", 1); /* gamma^2 */
            static const char *const form[][2] = {{"spec_init", "spec_init_main"},
                                                  {"spec_orig", "spec_orig_main"},
                                                  {"spec_init_reshaped", "spec_init_main_reshaped"},
                                                  {"spec_orig_reshaped", "spec_orig_main_reshaped"}};
            for (int i = 0; i < 4; i++) {
                const double main = measured_net_value(&net.is, form[i][1], 1),
                             all = measured_net_value(&net.is, form[i][0], 1);
                T_CLOSE((all - log(m / delta) / square) / main, K, 1e-6 * K, "K of %s", form[i][0]);
            }
            T_OK(K < 1000, "where sqrt(ln(4 n^2 d)) counts: %g", K);
        }
        measured_net_close(&net);
    }
}

int main(void)
{
    test_factors();
    test_kernels_and_images();
    return t_done();
}
