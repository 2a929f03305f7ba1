/* Student's t: closed forms for few degrees of freedom, the published table, the normal limit. */
#include "t.h"

#include "math/student.h"

/* Quantiles of P(|T| <= t) = 0.95, 0.99 to the digits of the usual table (Abramowitz and Stegun, table 26.10). */
static const struct {
    double freedom, t95, t99;
} table[] = {{1, 12.706, 63.657}, {2, 4.303, 9.925},  {3, 3.182, 5.841},  {4, 2.776, 4.604},
             {5, 2.571, 4.032},   {6, 2.447, 3.707},  {7, 2.365, 3.499},  {8, 2.306, 3.355},
             {9, 2.262, 3.250},   {10, 2.228, 3.169}, {12, 2.179, 3.055}, {15, 2.131, 2.947},
             {20, 2.086, 2.845},  {25, 2.060, 2.787}, {29, 2.045, 2.756}, {30, 2.042, 2.750},
             {40, 2.021, 2.704},  {60, 2.000, 2.660}, {120, 1.980, 2.617}};

static void published(void)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        T_CLOSE(er_student_two_sided(0.95, table[i].freedom), table[i].t95, 0.00051, "95 %%, %g degrees",
                table[i].freedom);
        T_CLOSE(er_student_two_sided(0.99, table[i].freedom), table[i].t99, 0.00051, "99 %%, %g degrees",
                table[i].freedom);
    }
    /* the normal distribution's 1.959963985, and its first correction (z^3 + z) / (4 v) */
    const double z = 1.959963984540054;
    T_CLOSE(er_student_two_sided(0.95, 1e5), z + (z * z * z + z) / 4e5, 1e-8, "many degrees");
    T_CLOSE(er_student_two_sided(0.95, 1e12), z, 3e-6, "very many");
}

/* P(T > t) in closed form: 1, 2 and 4 degrees of freedom. */
static void closed_forms(void)
{
    static const double t[] = {0, 1e-6, 0.1, 0.5, 1, 2, 3.5, 10, 300, 1e5};
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        const double s = t[i] * t[i], one = atan2(1, t[i]) / acos(-1);
        /* 1/2 - t / (2 sqrt(2 + t^2)) without the cancellation */
        const double two = 1 / (sqrt(2 + s) * (sqrt(2 + s) + t[i]));
        T_CLOSE(er_student_tail(t[i], 1) / one, 1, 1e-12, "1 degree, t = %g", t[i]);
        T_CLOSE(er_student_tail(t[i], 2) / two, 1, 1e-12, "2 degrees, t = %g", t[i]);
        const double u = t[i] / sqrt(4 + s), four = 0.5 - 0.75 * (u - u * u * u / 3);
        T_CLOSE(er_student_tail(t[i], 4), four, 1e-14, "4 degrees, t = %g", t[i]);
    }
    T_CLOSE(er_student_two_sided(0.95, 1), tan(0.475 * acos(-1)), 1e-10, "the tangent");
    T_CLOSE(er_student_two_sided(0.5, 2), sqrt(2.0 / 3), 1e-12, "quartile of 2 degrees");
    T_CLOSE(er_student_two_sided(0, 5), 0, 1e-12, "no level");
}

/* The quantile of a freedom that is not whole lies between its neighbours', and undoes the tail. */
static void between(void)
{
    for (int i = 0; i < 78; i++) {
        const double v = 1.25 + 0.5 * i;
        const double q = er_student_two_sided(0.95, v);
        T_OK(q < er_student_two_sided(0.95, v - 0.25) && q > er_student_two_sided(0.95, v + 0.25),
             "falls in the degrees of freedom at %g", v);
        T_CLOSE(er_student_tail(q, v), 0.025, 1e-13, "inverse at %g", v);
    }
}

int main(void)
{
    published();
    closed_forms();
    between();
    return t_done();
}
