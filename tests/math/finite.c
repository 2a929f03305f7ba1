/* The first number that is none, at every place of vectors of every length up to some vectors' widths. */
#include "t.h"

#include "math/finite.h"

#include <float.h>

int main(void)
{
    enum { MOST = 70 };
    static const float none[] = {INFINITY, -INFINITY, NAN, -NAN};
    float v[MOST];
    for (int i = 0; i < MOST; i++) v[i] = i % 3 == 0 ? FLT_MAX : i % 3 == 1 ? -FLT_MAX : FLT_TRUE_MIN;
    for (int n = 0; n <= MOST; n++) {
        T_EQ_INT(er_first_not_finite(n, v), -1, "%d finite numbers", n);
        int wrong = 0;
        for (int at = 0; at < n; at++)
            for (int k = 0; k < 4; k++) {
                const float old = v[at], last = v[n - 1];
                v[n - 1] = NAN;
                v[at] = none[k];
                wrong += er_first_not_finite(n, v) != at;
                v[n - 1] = last;
                v[at] = old;
            }
        T_EQ_INT(wrong, 0, "the first of %d", n);
    }
    return t_done();
}
