/* Modes of a matrix: closed forms of one mode's flow, the reference's half times, alignment. */
#include "t.h"

#include <ermine/matrix_flow.h>

static struct er_error err;

/* N = 4, with x = sqrt(sigma):  4 t = (2 / s) [ -1/x + ln((sqrt s + x) / (sqrt s - x)) / (2 sqrt s) ] from start to sigma. */
static double time_of_depth_4(double target, double start, double sigma)
{
    double at[2];
    for (int k = 0; k < 2; k++) {
        const double x = sqrt(k ? sigma : start), root = sqrt(target);
        at[k] = -1 / x + log((root + x) / (root - x)) / (2 * root);
    }
    return (at[1] - at[0]) / (2 * target);
}

/* Steps are accurate to 1e-10 of sigma, some hundreds of them; an early error grows with sigma / start at most. */
static void test_closed_forms(void)
{
    const double time[] = {0, 0.5, 1, 1.9, 3, 8, 200};
    double sigma[7];
    T_STATUS(er_mode_flow(1, 2, 5, 3, 7, time, sigma, &err), ER_OK, "N = 1");
    for (int i = 0; i < 7; i++) T_CLOSE(sigma[i], 3 + 2 * exp(-2 * time[i]), 1e-14, "N = 1 at %g", time[i]);
    T_STATUS(er_mode_flow(2, 1, 1e-3, 2, 7, time, sigma, &err), ER_OK, "N = 2");
    for (int i = 0; i < 7; i++)
        T_CLOSE(sigma[i], 2 / (1 + 1999 * exp(-4 * time[i])), 1e-8, "N = 2 at %g", time[i]);
    T_CLOSE(sigma[2], 0.0532, 5e-5, "self-test 9: sigma(1)");
    T_CLOSE(sigma[3], 1, 5e-3, "self-test 9: half time 1.900");
    T_OK(sigma[6] == 2, "it has come");
    T_STATUS(er_mode_flow(2, 0.5, 7, 2, 7, time, sigma, &err), ER_OK, "N = 2 from above");
    for (int i = 0; i < 7; i++)
        T_CLOSE(sigma[i], 2 / (1 + (2.0 / 7 - 1) * exp(-2 * time[i])), 1e-8, "N = 2 from above at %g",
                time[i]);
    T_STATUS(er_mode_flow(4, 1, 1e-3, 2, 6, time, sigma, &err), ER_OK, "N = 4");
    for (int i = 1; i < 6; i++)
        T_CLOSE(time_of_depth_4(2, 1e-3, sigma[i]), time[i], 1e-7, "N = 4 at %g", time[i]);
    T_STATUS(er_mode_flow(2, 1, 0.5, 0, 7, time, sigma, &err), ER_OK, "to nothing");
    for (int i = 0; i < 7; i++) T_CLOSE(sigma[i], 0.5 / (1 + time[i]), 1e-8, "N = 2 to 0: 1 / (2 + 2 t)");
    T_STATUS(er_mode_flow(3, 1, 0, 2, 7, time, sigma, &err), ER_OK, "from nothing");
    T_OK(sigma[6] == 0, "0 stays");
}

/* Section 5.3 of the reference: when sigma passes half of 3, 2, 1, on a grid of 0.2. */
static void test_half_times(void)
{
    static const double want[4][3] = {{0.8, 0.8, 0.8}, {1.4, 2, 3.6}, {3.2, 4.8, 9.2}, {5.4, 8, 15.6}};
    for (int depth = 1; depth <= 4; depth++)
        for (int mode = 0; mode < 3; mode++) {
            double time[100], sigma[100];
            int first = 0;
            for (int i = 0; i < 100; i++) time[i] = 0.2 * i;
            T_STATUS(er_mode_flow(depth, 1, 1e-3, 3 - mode, 100, time, sigma, &err), ER_OK, "a mode");
            while (first < 99 && sigma[first] < (3 - mode) / 2.0) first++;
            T_CLOSE(time[first], want[depth - 1][mode], 1e-9, "N = %d, target %d", depth, 3 - mode);
        }
}

static void test_modes_refused(void)
{
    double sigma[2];
    const double time[] = {0, 1}, back[] = {1, 0};
    T_STATUS(er_mode_flow(0, 1, 1, 1, 2, time, sigma, &err), ER_E_USAGE, "no factors");
    T_STATUS(er_mode_flow(2, 0, 1, 1, 2, time, sigma, &err), ER_E_USAGE, "no curvature");
    T_STATUS(er_mode_flow(2, 1, -1, 1, 2, time, sigma, &err), ER_E_USAGE, "below 0");
    T_STATUS(er_mode_flow(2, 1, 1, NAN, 2, time, sigma, &err), ER_E_USAGE, "no target");
    T_STATUS(er_mode_flow(2, 1, 1, 1, 2, back, sigma, &err), ER_E_USAGE, "times that fall");
    T_ALLOCATIONS(er_mode_flow(2, 1, 1e-3, 1, 2, time, sigma, &err), (void)0, "allocations");
}

static void test_alignment(void)
{
    const double w[] = {2, 0, 0, 1}, g[] = {1, 2, 3, -4};
    struct er_mode_alignment a;
    double s[2], rate[2];
    T_STATUS(er_matrix_modes(2, 2, w, g, 2, 0, s, rate, &a, &err), ER_OK, "diag(2, 1)");
    T_CLOSE(a.diagonal, 2.5, 1e-14, "mean of 1 and 4");
    T_CLOSE(a.diagonal_deviation, 1.5, 1e-14, "their deviation");
    T_CLOSE(a.off, 2.5, 1e-14, "mean of 2 and 3");
    T_CLOSE(a.off_deviation, 0.5, 1e-14, "their deviation");
    T_CLOSE(rate[0], -2 * 2 * 1, 1e-14, "N = 2: -2 sigma g");
    T_CLOSE(rate[1], -2 * 1 * -4, 1e-14, "of the smaller");
    T_STATUS(er_matrix_modes(2, 2, w, g, 2, 1, NULL, NULL, &a, &err), ER_OK, "the largest mode");
    T_OK(fabs(a.diagonal - 1) < 1e-14 && a.diagonal_deviation == 0 && a.off == 0, "alone");
    T_STATUS(er_matrix_modes(2, 2, w, g, 2, 3, s, rate, &a, &err), ER_E_USAGE, "more modes than there are");
    T_ALLOCATIONS(er_matrix_modes(2, 2, w, g, 3, 0, s, rate, &a, &err), (void)0, "allocations");
}

int main(void)
{
    test_closed_forms();
    test_half_times();
    test_modes_refused();
    test_alignment();
    return t_done();
}
