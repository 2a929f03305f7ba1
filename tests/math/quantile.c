/* Quantiles of sorted numbers: at them, between them, at both ends. */
#include "math/quantile.h"
#include "t.h"

int main(void)
{
    static const double rising[] = {-1, 2, 2, 8, 9};
    T_CLOSE(er_quantile(rising, 5, 0), -1, 0, "the least");
    T_CLOSE(er_quantile(rising, 5, 1), 9, 0, "the largest");
    T_CLOSE(er_quantile(rising, 5, 0.5), 2, 0, "the median of five");
    T_CLOSE(er_quantile(rising, 4, 0.5), 2, 0, "of four");
    T_CLOSE(er_quantile(rising, 5, 0.625), 5, 1e-15, "half way from 2 to 8");
    T_CLOSE(er_quantile(rising, 5, 0.1), 0.2, 1e-15, "0.4 of the way from -1 to 2");
    T_CLOSE(er_quantile(rising, 1, 0.3), -1, 0, "of one number");
    return t_done();
}
