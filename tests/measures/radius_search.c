/* The search for a size at which an error has risen by a tenth, of functions of which the answer is known. */
#include "t.h"

#include "measures/radius_search.h"

/* A function, and the sizes it was asked for. */
struct asked {
    double (*dev)(double s);
    double s[64];
    int n;
};

static struct er_deviation ask(void *ctx, double s)
{
    struct asked *a = ctx;
    if (a->n < 64) a->s[a->n] = s;
    a->n++;
    return (struct er_deviation){a->dev(s), 0};
}

static double square(double s)
{
    return fmin(1, s * s);
}

static double cube_far_out(double s)
{
    return fmin(.9, 1e9 * s * s * s);
}

static double jump(double s)
{
    return s < .3 ? .02 : .7;
}

static double thirds(double s)
{
    return floor(3 * fmin(s, 1)) / 3;
}

static double nothing(double s)
{
    return 0 * s;
}

static double always(double s)
{
    return .5 + 0 * s;
}

static void check_c28_reference_search(void)
{
    static const double visited[] = {1, .5, .25, .375, .3125};
    struct asked a = {.dev = square};
    struct er_radius is;
    T_OK(er_reference_search(ask, &a, &is), "it comes to an end");
    T_EQ_INT(a.n, 5, "sizes visited");
    for (int i = 0; i < 5; i++) T_OK(a.s[i] == visited[i], "visit %d: %g", i, a.s[i]);
    T_OK(is.radius == .3125 && is.deviation == .09765625, "%g, dev %g", is.radius, is.deviation);
    a = (struct asked){.dev = jump};
    T_OK(!er_reference_search(ask, &a, &is) && is.evaluations == 15,
         "15 halvings do not find what is not there");
}

static void check_search(void)
{
    static const double starts[] = {1e-9, .001, .3162, 1, 50};
    struct er_error err = {0};
    struct er_radius is;
    for (int i = 0; i < 5; i++) {
        struct asked a = {.dev = square};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "s^2 from %g", starts[i]);
        /* powers are lines in logarithms: the last step is exact, up to the 0.005 below which dev counts as that */
        T_CLOSE(is.radius, sqrt(.1), 1e-3, "s^2 from %g, %d sizes", starts[i], a.n);
        T_OK(a.n == is.evaluations && a.n < 13 && !is.jump, "few sizes: %d", a.n);
        T_OK(is.radius == a.s[a.n - 1] && is.deviation == square(is.radius),
             "a size that was tried, and dev there");
        a = (struct asked){.dev = cube_far_out};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "1e9 s^3 from %g", starts[i]);
        T_CLOSE(is.radius, cbrt(1e-10), .05 * cbrt(1e-10), "1e9 s^3 from %g", starts[i]);
        a = (struct asked){.dev = jump};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "a jump from %g", starts[i]);
        T_OK(is.radius < .3 && is.radius >= .3 * (1 - 2e-3) && is.deviation == .02 && is.jump, "a jump: %g",
             is.radius);
        a = (struct asked){.dev = thirds};
        T_STATUS(er_radius_search(ask, &a, starts[i], "s", &is, &err), ER_OK, "of three examples");
        T_OK(is.radius < 1. / 3 && is.radius > .333, "of three examples: %g", is.radius);
        a = (struct asked){.dev = nothing};
        T_STATUS(er_radius_search(ask, &a, starts[i], "sigma", &is, &err), ER_E_UNSUPPORTED, "0");
        T_OK(strstr(err.msg, "sigma: the training error rises by 0 at the largest size, 2"), "%s", err.msg);
        a = (struct asked){.dev = always};
        T_STATUS(er_radius_search(ask, &a, starts[i], "sigma", &is, &err), ER_E_UNSUPPORTED, "1/2");
        T_OK(strstr(err.msg, "rises by 0.5 at the least size, 1e-05"), "%s", err.msg);
    }
    T_OK(er_deviation_decided((struct er_deviation){.3, .15}) &&
             !er_deviation_decided((struct er_deviation){.3, .2}),
         "above, or perhaps not");
    T_OK(er_deviation_decided((struct er_deviation){.1, .01}) &&
             !er_deviation_decided((struct er_deviation){.1, .02}),
         "within, or perhaps not");
    T_OK(er_deviation_decided((struct er_deviation){.11, .007}) &&
             !er_deviation_decided((struct er_deviation){.11, .008}),
         "at the edge, where it matters little");
    T_OK(er_deviation_decided((struct er_deviation){-.1, .1}) &&
             er_deviation_decided((struct er_deviation){.4, 0}),
         "below; all is counted");
}

int main(void)
{
    check_c28_reference_search();
    check_search();
    return t_done();
}
