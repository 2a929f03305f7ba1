/* Losses at points where they are known exactly, and the rules for ties, NaN and huge outputs. */
#include "t.h"

#include "net/loss.h"

static double value(const char *name, int64_t K, const float *f, int32_t y, int64_t *errors)
{
    double loss;
    unsigned char wrong;
    er_loss_find(name)->evaluate(1, K, f, &y, 1, NULL, &loss, &wrong);
    *errors = wrong;
    return loss;
}

int main(void)
{
    int64_t errors;
    const float zero[10] = {0};
    T_CLOSE(value("cross-entropy", 10, zero, 3, &errors), log(10), 1e-15, "ln 10 at equal outputs");
    T_EQ_INT(errors, 1, "a tie is wrong");
    T_CLOSE(value("logistic", 1, zero, 1, &errors), log(2), 1e-15, "ln 2 at 0");
    T_EQ_INT(errors, 1, "0 is wrong for a sign");
    T_CLOSE(value("hinge", 1, zero, 0, &errors), 1, 0, "1 at 0");
    T_CLOSE(value("hinge", 10, zero, 9, &errors), 1, 0, "1 at equal outputs");
    T_CLOSE(value("mean-squared", 10, zero, 0, &errors), 0.5, 0, "1/2 at 0");

    const float f[3] = {1, 4, 2.5f};
    T_CLOSE(value("hinge", 3, f, 1, &errors), 0, 0, "a margin of 1.5 costs nothing");
    T_EQ_INT(errors, 0, "and is right");
    T_CLOSE(value("hinge", 3, f, 2, &errors), 2.5, 0, "1 + 4 - 2.5");
    T_EQ_INT(errors, 1, "and is wrong");
    T_CLOSE(value("mean-squared", 3, f, 1, &errors), (1 + 9 + 6.25) / 2, 0, "half the squared distance");
    T_CLOSE(value("cross-entropy", 3, f, 0, &errors), log(exp(1) + exp(4) + exp(2.5)) - 1, 1e-6,
            "by its definition");

    const float huge[3] = {3e38f, -3e38f, 0}, shifted[3] = {101, 104, 102.5f};
    T_CLOSE(value("cross-entropy", 3, huge, 0, &errors), 0, 0, "huge outputs do not overflow");
    T_OK(isfinite(value("logistic", 3, huge, 1, &errors)), "nor in the logistic loss");
    T_CLOSE(value("cross-entropy", 3, shifted, 2, &errors), value("cross-entropy", 3, f, 2, &errors), 1e-6,
            "a constant added to all outputs changes nothing");

    const float broken[3] = {1, NAN, 0};
    const char *const names[] = {"cross-entropy", "mean-squared", "logistic", "hinge"};
    for (int i = 0; i < 4; i++)
        for (int32_t y = 0; y < 3; y++) {
            const double loss = value(names[i], 3, broken, y, &errors);
            T_EQ_INT(errors, 1, "%s: a prediction with NaN is wrong", names[i]);
            T_OK(isnan(loss), "%s: NaN shows in the loss (label %d)", names[i], (int)y);
        }
    const float alone = NAN;
    for (int i = 2; i < 4; i++) {
        T_OK(isnan(value(names[i], 1, &alone, 1, &errors)), "%s: NaN shows", names[i]);
        T_EQ_INT(errors, 1, "%s: and is wrong", names[i]);
    }
    for (int i = 0; i < 4; i++)
        T_EQ_INT(er_loss_find(names[i])->outputs(2), i < 2 ? 2 : 1, "%s: outputs for two classes", names[i]);
    T_OK(!er_loss_find("mse"), "an unknown loss");
    return t_done();
}
