/* uneven_supports.c - as even_supports.c, but for what is fixed: twelve points, (0.5, 1.5) six times and (1.5, 0.5) once.
 *
 * The largest margin is sqrt 2 along (1, 1) here too, and the weight that falls on one of the two support vectors is six times
 * the other's: descent comes to that direction as slowly as 1 / log t. Source: our reference; the effect is Soudry et
 * al.'s, JMLR 2018, theorem 3.
 */
#include "data/generator.h"
#include "data/generators/supports.h"

static const double fixed[][2] = {{0.5, 1.5}, {0.5, 1.5}, {0.5, 1.5}, {0.5, 1.5}, {0.5, 1.5}, {0.5, 1.5},
                                  {1.5, 0.5}, {3, 0.6},   {4, 1},     {2, 3},     {1.5, 2.5}, {3, 2}};

enum er_status er_generate_uneven_supports(const struct er_generator_spec *spec, int part, int64_t n,
                                           float *x, int32_t *label, struct er_error *err)
{
    (void)err;
    er_supports_fill(spec, part, sizeof fixed / sizeof *fixed, fixed, n, x, label);
    return ER_OK;
}
