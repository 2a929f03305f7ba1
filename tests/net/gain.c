/* Gain and scale: one factor, trained or not. */
#include "t.h"

#include "support/net_case.h"

/* Float sums of some dozen terms of size 1, in products of up to three layers: 100 roundings. */
static const double tolerance = 100 * 0x1p-23;

static void check(const char *text, struct er_shape in, const char *loss)
{
    for (int training = 0; training < 2; training++) {
        struct net_case c = {.text = text, .loss = loss, .in = in, .B = 21, .classes = 3, .seed = 5};
        if (net_case_open(&c)) {
            c.network.training = training;
            net_case_check(&c, tolerance);
            net_case_check_examples(&c, tolerance);
        }
        net_case_close(&c);
    }
}

/* By hand: f = g x with loss 1/2 |f - e_label|^2 has df/dg = x and d2L/dg2 = |x|^2. */
static void check_by_hand(void)
{
    struct net_case c = {
        .text = "[gain 2]", .loss = "mean-squared", .in = {1, 1, 2}, .B = 1, .classes = 2, .seed = 1};
    struct er_error err = {0};
    if (net_case_open(&c)) {
        const float one = 1;
        float f[2], tf[2], dw, hv;
        c.w[0] = 2;
        c.x[0] = 0.5f;
        c.x[1] = -3;
        c.label[0] = 0;
        void *scratch = er_alloc((int64_t)er_plan_tangent_scratch_bytes(c.plan), 1);
        T_STATUS(er_plan_jvp(c.plan, &c.network, c.x, &one, NULL, f, tf, scratch, &err), ER_OK, "tangent");
        T_OK(f[0] == 1 && f[1] == -6 && tf[0] == 0.5f && tf[1] == -3, "y = g x, ty = x");
        T_STATUS(er_plan_hvp(c.plan, &c.network, c.x, c.label, 1, &one, &dw, &hv, scratch, &err), ER_OK,
                 "Hessian");
        T_CLOSE(dw, (1 - 1) * 0.5 + -6 * -3, 0, "dg");
        T_CLOSE(hv, 0.25 + 9, 0, "d2g");
        er_free(scratch);
        float start[1];
        er_net_initialise(c.net, 1, start, NULL);
        T_CLOSE(start[0], 2, 0, "starts where it is told");
    }
    net_case_close(&c);
}

int main(void)
{
    const struct er_shape vector = {1, 1, 5}, image = {3, 3, 2};
    check("[dense 6, gain, tanh, dense]", vector, "cross-entropy");
    check("[gain 0.5, dense 7, tanh, gain 2, dense]", vector, "mean-squared");
    check("[gain, flatten, dense]", image, "cross-entropy");
    check("[dense 6, tanh, scale -1.5, dense]", vector, "cross-entropy");
    check("[dense 6, scale 0.25, tanh, scale 2, dense]", vector, "mean-squared");
    check("[add: [[dense 5, tanh, gain 0.1], scale 0.5], dense]", vector, "cross-entropy");
    check_by_hand();
    return t_done();
}
