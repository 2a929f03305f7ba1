/* A net without batch norm that is the one with it. */
#include "t.h"

#include "measures/folded.h"
#include "measures/normless.h"
#include "support/measured_net.h"

static void check_folded(const char *text, struct er_shape shape, int64_t layers)
{
    struct measured_net m;
    struct er_error err;
    if (measured_net_open(&m, text, "cross-entropy", shape, 3, 20)) {
        struct er_normless normless = {0};
        struct er_plan *plan[2] = {NULL, NULL};
        float out[2][20 * 3], *w = NULL;
        T_STATUS(er_normless_new(m.net, &normless, &err), ER_OK, "%s", text);
        T_EQ_INT(er_net_statistics(normless.net), 0, "nothing is left of batch norm");
        T_EQ_INT(normless.layers, layers, "layers");
        w = er_alloc(er_net_parameters(normless.net), sizeof *w);
        T_STATUS(er_normless_weights(&normless, m.w, m.is.statistics, w, &err), ER_OK, "weights");
        const struct er_network network[2] = {{.w = m.w, .statistics = m.is.statistics}, {.w = w}};
        const struct er_net *const net[2] = {m.net, normless.net};
        double most = 0, scale = 0;
        for (int i = 0; i < 2; i++) {
            T_STATUS(er_plan_new(net[i], 20, &plan[i], &err), ER_OK, "plan");
            void *scratch = er_alloc((int64_t)er_plan_scratch_bytes(plan[i]), 1);
            er_plan_outputs(plan[i], &network[i], m.train.x, out[i], scratch);
            er_free(scratch);
            er_plan_free(plan[i]);
        }
        for (int i = 0; i < 60; i++) {
            most = fmax(most, fabs((double)out[0][i] - (double)out[1][i]));
            scale = fmax(scale, fabs((double)out[0][i]));
        }
        T_OK(most <= 1e-5 * scale && scale > .01, "%s: the same function, to %.2g of %.2g", text, most,
             scale);
        er_free(w);
        er_normless_clear(&normless);
        T_ALLOCATIONS(er_normless_new(m.net, &normless, &err), er_normless_clear(&normless), "folded");
    }
    measured_net_close(&m);
}

static void check_unfoldable(const char *text, struct er_shape shape)
{
    struct measured_net m;
    struct er_error err;
    struct er_normless normless;
    if (measured_net_open(&m, text, "cross-entropy", shape, 3, 20)) {
        T_STATUS(er_normless_new(m.net, &normless, &err), ER_E_UNSUPPORTED, "%s", text);
        T_OK(strstr(err.msg, "batch_norm: follows no layer that it could be folded into"), "%s", err.msg);
        const struct er_network network = {.w = m.w, .statistics = m.is.statistics};
        struct er_folded folded;
        T_STATUS(er_folded_new(m.net, &network, &folded, &err), ER_E_UNSUPPORTED, "nor are its matrices");
    }
    measured_net_close(&m);
}

static void check_folding(void)
{
    const struct er_shape vector = {1, 1, 4}, image = {6, 6, 2};
    check_folded("[dense 5, batch_norm, relu, dropout 0.5, dense bias=false, batch_norm]", vector, 2);
    check_folded("[dense 7, batch_norm, batch_norm, relu, dense]", vector, 2);
    check_folded("[dense 5 init=ntk bias_scale=0.3, batch_norm, relu, dense init=ntk]", vector, 2);
    check_folded("[conv 3 3x3 bias=false, batch_norm affine=false, relu, flatten, dense]", image, 2);
    check_folded("[conv 3 3x3 padding=same, batch_norm, relu, add: [[conv 3 3x3 padding=same bias=false, "
                 "batch_norm], identity], "
                 "relu, global_avg_pool, dense]",
                 image, 3);
    check_folded("[dense 4, layer_norm, relu, dense]", vector, 2);
    check_unfoldable("[dense 5, relu, batch_norm, dense]", vector);
    check_unfoldable("[conv 3 3x3, flatten, batch_norm, dense]", image);
    check_unfoldable("[dense 4, add: [batch_norm, identity], relu, dense]", vector);
}

int main(void)
{
    check_folding();
    return t_done();
}
