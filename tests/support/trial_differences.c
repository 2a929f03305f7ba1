/* trial_differences.c - gradient and Hessian-vector product as signed differences of the library's own loss
 * and gradient: a truth for layers that the oracle has not heard of.
 */
#include "support/trial.h"
#include "t.h"

int64_t trial_smooth, trial_kinked;

static double mean_loss(struct trial *t)
{
    double sum;
    int64_t errors;
    er_plan_loss(t->plan, &t->network, t->x, t->label, &sum, &errors, trial_scratch(t, 1, false));
    return sum / (double)t->B;
}

/* Differences of the mean loss at w - 2h .. w + 2h, h = 2^-7: float errors of about 1e-6 weigh 1e-4. Where
 * the loss is smooth the three second differences agree to h^2; a kink anywhere in between makes them differ
 * by at least half of its jump in slope. Parameters with such a kink are passed over and must stay rare. */
static void check_gradient(struct trial *t)
{
    const float h = 1.0f / 128;
    float *dw = trial_floats(t, t->P);
    double sum, worst = 0, largest = 0;
    int64_t errors, tried = 0, kinks = 0;
    er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, dw, &sum, &errors,
                     trial_scratch(t, 1, false));
    for (int64_t i = 0; i < t->P; i += 1 + t->P / 64, tried++) {
        const float w0 = t->w[i];
        double at[5];
        for (int j = 0; j < 5; j++) {
            t->w[i] = w0 + (float)(j - 2) * h;
            at[j] = mean_loss(t) / (double)h;
        }
        t->w[i] = w0;
        double least = INFINITY, most = -INFINITY;
        for (int j = 1; j < 4; j++) {
            const double second = at[j - 1] - 2 * at[j] + at[j + 1];
            least = fmin(least, second);
            most = fmax(most, second);
        }
        const double slope = (at[3] - at[1]) / 2;
        largest = fmax(largest, fabs(slope));
        if (most - least > 4e-3 * (1 + fabs(slope)))
            kinks++;
        else
            worst = fmax(worst, fabs(slope - (double)dw[i]) / (1 + fabs(slope)));
    }
    T_OK(worst < 4e-3, "%s: dw off its differences by %g", t->name, worst);
    T_OK(largest > 0.01, "%s: the gradient is flat: %g", t->name, largest);
    trial_smooth += tried - kinks;
    trial_kinked += kinks;
}

/* (g(w + h v) - g(w - h v)) / 2h. */
static void difference(struct trial *t, const float *v, float h, float *out)
{
    float *w = trial_floats(t, t->P), *dw = trial_floats(t, t->P);
    const struct er_network kept = t->network;
    double sum;
    int64_t errors;
    t->network.w = w;
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int64_t i = 0; i < t->P; i++) w[i] = t->w[i] + (float)sign * h * v[i];
        er_plan_gradient(t->plan, &t->network, t->x, t->label, t->scale, dw, &sum, &errors,
                         trial_scratch(t, 1, false));
        for (int64_t i = 0; i < t->P; i++) out[i] = (sign > 0 ? out[i] + dw[i] : -dw[i]);
    }
    for (int64_t i = 0; i < t->P; i++) out[i] /= 2 * h;
    t->network = kept;
}

static double distance(int64_t n, const float *a, const float *b)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return sqrt(sum);
}

/* Steps of h = 2^-9 and half of it; where the two differences disagree there is a kink between, and H v is
 * no limit of theirs. */
static void check_hessian(struct trial *t)
{
    const float h = 1.0f / 512;
    float *v = trial_normal(t, t->P, 10), *hv = trial_floats(t, t->P);
    float *whole = trial_floats(t, t->P), *half = trial_floats(t, t->P);
    er_plan_hvp(t->plan, &t->network, t->x, t->label, t->scale, v, NULL, hv, trial_scratch(t, 1, true), NULL);
    difference(t, v, h, whole);
    difference(t, v, h / 2, half);
    const double size = 0.05 + sqrt(trial_dot(t->P, hv, hv));
    const double spread = distance(t->P, whole, half) / size, off = distance(t->P, half, hv) / size;
    if (spread > 5e-3) {
        trial_kinked++;
        return;
    }
    trial_smooth++;
    T_OK(off < 1e-2, "%s: H v off differences of gradients by %g of %g", t->name, off, size);
}

void trial_check_differences(struct trial *t)
{
    check_gradient(t);
    check_hessian(t);
}
