/* Measures of rays are those of <ermine/landscape.h> at a minimum, over 200 rays. */
#include "t.h"

#include "support/measured_net.h"
#include "support/small_net.h"

#include <ermine/landscape.h>

enum { N = 40, D = 8, K = 3, RAYS = 200 };

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
        double radius[2][RAYS], mean[2] = {0}, norm = 0;
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
        T_CLOSE(measured_net_value(&is, "ray_radius_relative", 1), mean[1] / sqrt(norm), 1e-12, "relative");
        T_CLOSE(measured_net_value(&is, "ray_log10_volume", 1), er_rays_log10_volume(RAYS, radius[0], s.P),
                1e-10, "volume");
        T_CLOSE(measured_net_value(&is, "ray_log10_volume_normalised", 1),
                er_rays_log10_volume(RAYS, radius[1], s.P), 1e-10, "volume, normalised");
    }
    small_net_close(&s);
    return t_done();
}
