/* course.c - the course of a row of values. */
#include "note/course.h"

#include <math.h>

struct er_course er_course_find(const double *value, int64_t n, double least)
{
    struct er_course course = {0};
    int64_t low = 0, high = 0, extreme = 0;
    int way = 0;
    for (int64_t i = 0; i < n; i++) {
        if (way == 0) {
            if (value[i] < value[low]) low = i;
            if (value[i] > value[high]) high = i;
            way = value[i] - value[low] > least ? 1 : value[high] - value[i] > least ? -1 : 0;
            course.first = way;
            extreme = i;
        } else if (way * (value[i] - value[extreme]) > 0) {
            extreme = i;
        } else if (way * (value[extreme] - value[i]) > least) {
            if (course.turns < ER_COURSE_TURNS) course.turn[course.turns] = extreme;
            course.turns++;
            way = -way;
            extreme = i;
        }
    }
    return course;
}

static int sign(double x)
{
    return (x > 0) - (x < 0);
}

double er_course_kendall(const double *x, const double *y, int64_t n)
{
    double sum = 0, pairs_x = 0, pairs_y = 0;
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < i; j++) {
            const int dx = sign(x[i] - x[j]), dy = sign(y[i] - y[j]);
            sum += dx * dy;
            pairs_x += dx != 0;
            pairs_y += dy != 0;
        }
    return sum / sqrt(pairs_x * pairs_y);
}
