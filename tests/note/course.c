/* Turns of curves whose turns are known, their invariances, and Kendall's correlation by hand. */
#include "t.h"

#include "note/course.h"

enum { N = 600 };

/* cos over k half waves turns k - 1 times, at multiples of the half wave; little waves on top are no turns.
 */
static void waves(void)
{
    static double y[N];
    for (int k = 1; k <= 6; k++) {
        for (int64_t i = 0; i < N; i++)
            y[i] = cos(M_PI * k * (double)i / (N - 1)) + 0.02 * sin(40 * (double)i);
        const struct er_course course = er_course_find(y, N, 0.3);
        T_EQ_INT(course.turns, k - 1, "%d half waves", k);
        T_EQ_INT(course.first, -1, "down at first");
        for (int i = 0; i < k - 1 && i < ER_COURSE_TURNS; i++)
            T_CLOSE(course.turn[i], (i + 1) * (N - 1) / (double)k, 0.15 * N / k, "turn %d of %d", i, k - 1);
        for (int64_t i = 0; i < N; i++) y[i] = 7 - 3 * y[i];
        const struct er_course other = er_course_find(y, N, 0.9);
        T_EQ_INT(other.turns, course.turns, "upside down");
        T_EQ_INT(other.first, 1, "up at first");
        for (int i = 0; i < k - 1 && i < ER_COURSE_TURNS; i++)
            T_EQ_INT(other.turn[i], course.turn[i], "the same turn");
        T_EQ_INT(er_course_find(y, N, 7).first, 0, "nothing is as large as that");
    }
    T_EQ_INT(er_course_find(y, 1, 0).turns, 0, "one value");
    T_EQ_INT(er_course_find(y, 0, 0).first, 0, "none");
}

static void kendall(void)
{
    const double x[] = {1, 2, 2, 3}, y[] = {1, 2, 3, 3}, up[] = {1, 5, 7, 70}, down[] = {4, 3, 2, 1},
                 same[] = {1, 1, 1, 1};
    T_CLOSE(er_course_kendall(x, y, 4), 0.8, 1e-15, "4 of 5 and 5 pairs without ties");
    T_CLOSE(er_course_kendall(down, up, 4), -1, 0, "falling");
    T_CLOSE(er_course_kendall(up, up, 4), 1, 0, "rising");
    T_OK(isnan(er_course_kendall(same, up, 4)), "all the same");
}

int main(void)
{
    waves();
    kendall();
    return t_done();
}
