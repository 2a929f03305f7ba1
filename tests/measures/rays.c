/* Measures of rays are those of <ermine/landscape.h> at a minimum, over 200 rays. */
#include "t.h"

#include "support/measured_net.h"
#include "support/small_net.h"

#include <ermine/landscape.h>

enum { N = 40, D = 8, K = 3, RAYS = 200 };

/* A factor moves from the second layer of a relu network to the first, which computes the same: of all radii the relative
 * one alone stays, to the precision of the rays. */
static void check_rescaling(void)
{
    enum { H = 12, FIRST = (D + 1) * H };
    struct small_net s;
    if (small_net_open(&s, "[dense 12, relu, dense]", "cross-entropy", D, D, K)) {
        struct er_measured is = {
            .net = s.net, .w = s.w, .train = &s.set, .train_error = (double)NAN, .test_error = (double)NAN};
        static const char *const name[] = {"ray_radius", "ray_radius_normalised", "ray_radius_relative"};
        double before[3], after[3];
        /* example i is one input, which leads by a unit of its own to one class: a loss near 0 */
        for (int64_t i = 0; i < D; i++) s.set.label[i] = (int32_t)(i % K);
        for (int64_t i = 0; i < D * D; i++) s.set.x[i] = i / D == i % D;
        for (int64_t p = 0; p < s.P; p++) s.w[p] = 0.05f * s.w[p];
        for (int64_t i = 0; i < D; i++) {
            s.w[i * H + i] += 3;
            s.w[FIRST + i * K + i % K] += 3;
        }
        for (int m = 0; m < 3; m++) before[m] = measured_net_value(&is, name[m], 1);
        for (int64_t p = 0; p < FIRST; p++) s.w[p] *= 3;
        for (int64_t p = FIRST; p < FIRST + H * K; p++) s.w[p] /= 3;
        for (int m = 0; m < 3; m++) after[m] = measured_net_value(&is, name[m], 1);
        T_OK(fabs(after[0] / before[0] - 1) > 0.05, "ray_radius: %g, then %g", before[0], after[0]);
        T_OK(fabs(after[1] / before[1] - 1) > 0.1, "normalised: %g, then %g", before[1], after[1]);
        T_CLOSE(after[2], before[2], before[2] / 2000, "relative");
    }
    small_net_close(&s);
}

int main(void)
{
    struct small_net s;
    struct er_error err;
    if (small_net_open(&s, "[dense bias=false]", "mean-squared", N, D, K)) {
        /* a class for each input, and weights that give its one-hot vector: a loss of about 0.015 */
        for (int64_t i = 0; i < N; i++) {
            s.set.label[i] = (int32_t)(i % D % K);
            for (int64_t j = 0; j < D; j++) s.set.x[i * D + j] = j == i % D;
        }
        for (int64_t p = 0; p < s.P; p++) s.w[p] = 0.1f * s.w[p] + (float)(p % K == p / K % K);
        const struct er_measured is = {
            .net = s.net, .w = s.w, .train = &s.set, .train_error = (double)NAN, .test_error = (double)NAN};
        double radius[2][RAYS], mean[2] = {0}, norm = 0; /* there are no biases: all weights are in filters */
        for (int64_t p = 0; p < s.P; p++) norm += (double)s.w[p] * (double)s.w[p];
        for (int filters = 0; filters < 2; filters++) {
            struct er_rays_settings settings = er_rays_settings_default();
            settings.filters = filters;
            T_STATUS(er_rays_measure(s.net, &s.network, &s.set, &settings, RAYS, NULL, radius[filters], &err),
                     ER_OK, "rays");
            for (int i = 0; i < RAYS; i++) mean[filters] += radius[filters][i] / RAYS;
        }
        T_CLOSE(measured_net_value(&is, "ray_radius", 1), mean[0], 1e-12 * mean[0], "ray_radius");
        T_CLOSE(measured_net_value(&is, "ray_radius_normalised", 2), mean[1], 1e-12 * mean[1], "normalised");
        T_CLOSE(measured_net_value(&is, "ray_radius_relative", 1), mean[1] / sqrt(norm), 1e-6, "relative");
        T_CLOSE(measured_net_value(&is, "ray_log10_volume", 1), er_rays_log10_volume(RAYS, radius[0], s.P),
                1e-10, "volume");
        T_CLOSE(measured_net_value(&is, "ray_log10_volume_normalised", 1),
                er_rays_log10_volume(RAYS, radius[1], s.P), 1e-10, "volume, normalised");
    }
    small_net_close(&s);
    check_rescaling();
    return t_done();
}
