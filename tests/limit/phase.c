/* The phase diagram: known fixed points and slopes of erf, closed forms of relu, the border line. */
#include <ermine/phase.h>

#include "t.h"

static struct er_error err;

/* The values of section 6.6 of the reference, 12 digits. */
static void check_erf(void)
{
    static const double row[][6] = {
        {1.0, 0.5, 0.624983888855, 1, 0.680581429668, 0.680581429668},
        {1.5, 0.1, 1.09317516122, 0.0911749710029, 1.23593694671, 0.900846224247},
        {2.0, 0.3, 2.63100065415, 0.186601897025, 1.5002665829, 0.823498312376},
        {1.5, 0.5, 1.45132614244, 0.81492861228, 1.09816817429, 0.922910437583},
        {2.5, 0.05, 4.44843219704, 0.00286832633556, 1.83562370864, 0.8040701875},
    };
    static const double critical[][2] = {{0.1, 1.05559464919}, {0.2, 1.15279541349}, {0.5, 1.37133047032}};
    struct er_phase p;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        T_STATUS(er_phase_at("erf", row[i][0], row[i][1], &p, &err), ER_OK, "erf");
        const double got[] = {p.variance, p.correlation, p.slope_one, p.slope};
        for (int j = 0; j < 4; j++) T_CLOSE(got[j] / row[i][j + 2], 1, 1e-10, "row %d, value %d", (int)i, j);
        T_CLOSE(p.depth_scale, -1 / log(p.slope), 0, "depth scale");
    }
    for (size_t i = 0; i < sizeof critical / sizeof *critical; i++) {
        double weight_std;
        T_STATUS(er_phase_critical("erf", critical[i][0], 1, 2, &weight_std, &err), ER_OK, "erf, the border");
        T_CLOSE(weight_std, critical[i][1], 1e-10, "critical weight_std at %g", critical[i][0]);
        T_STATUS(er_phase_at("erf", weight_std, critical[i][0], &p, &err), ER_OK, "on the border");
        T_CLOSE(p.slope_one, 1, 1e-12, "slope 1");
        T_OK(p.depth_scale > 1e10, "signals reach any depth");
    }
    T_STATUS(er_phase_critical("erf", 0.1, 1.2, 2, &(double){0}, &err), ER_E_INPUT, "no border between");
}

/* Without biases erf's variance shrinks to 0 below the border, where it is linear: chi_1 = sw^2 4 / pi. */
static void check_vanishing(void)
{
    struct er_phase p;
    T_STATUS(er_phase_at("erf", 0.5, 0, &p, &err), ER_OK, "erf");
    T_CLOSE(p.variance, 0, 0, "nothing is left");
    T_CLOSE(p.slope_one, 1 / 3.14159265358979323846, 1e-15, "its slope");
    T_OK(isnan(p.correlation), "no correlation of nothing");
}

/* relu: q* = sb^2 / (1 - sw^2 / 2), chi_1 = sw^2 / 2; at sw^2 = 2 all variances stay, and correlations creep to 1. */
static void check_relu(void)
{
    struct er_phase p;
    T_STATUS(er_phase_at("relu", 1.2, 0.3, &p, &err), ER_OK, "relu");
    T_CLOSE(p.variance, 0.09 / (1 - 0.72), 1e-12, "its variance");
    T_CLOSE(p.slope_one, 0.72, 1e-15, "its slope");
    T_CLOSE(p.correlation, 1, 0, "order");
    T_STATUS(er_phase_at("relu", sqrt(2), 0, &p, &err), ER_OK, "relu on the border");
    T_CLOSE(p.variance, 1, 0, "as it came");
    T_CLOSE(p.correlation, 1, 0, "order, slowly");
    T_OK(isinf(p.depth_scale), "no exponential scale");
    T_STATUS(er_phase_at("relu", 2, 0.1, &p, &err), ER_OK, "relu beyond");
    T_OK(isinf(p.variance) && isnan(p.correlation), "variances grow for ever");
}

static void check_refusals(void)
{
    struct er_phase p;
    T_STATUS(er_phase_at("dense 3", 1, 0, &p, &err), ER_E_UNSUPPORTED, "no activation");
    T_STATUS(er_phase_at("relu, relu", 1, 0, &p, &err), ER_E_UNSUPPORTED, "two of them");
    T_STATUS(er_phase_at("erff", 1, 0, &p, &err), ER_E_INPUT, "unknown");
    T_STATUS(er_phase_at("erf", 0, 0, &p, &err), ER_E_USAGE, "no weights");
    T_STATUS(er_phase_at("erf", 1, -1, &p, &err), ER_E_USAGE, "bias_std below 0");
    T_STATUS(er_phase_critical("erf", 0.1, 2, 1, &(double){0}, &err), ER_E_USAGE, "an empty range");
    T_ALLOCATIONS(er_phase_at("erf", 1.5, 0.1, &p, &err), (void)0, "allocations");
}

int main(void)
{
    check_erf();
    check_vanishing();
    check_relu();
    check_refusals();
    return t_done();
}
