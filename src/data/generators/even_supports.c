/* even_supports.c - two classes in the plane whose largest margin is known: sqrt 2, along (1, 1).
 *
 *     label_i = i mod 2,   x_i = z_i where the label is 1, -z_i where it is 0
 *
 * z_0, ..., z_15 of the training set are fixed: the support vectors (0.5, 1.5) and (1.5, 0.5), each twice, and twelve
 * points beyond them; from the 17th on, and in the test set, z = (1.2 + 2.5 u, 1.2 + 2.5 v) with u, v ~ U(0, 1). For all of
 * them z . (1, 1) / sqrt 2 >= sqrt 2, with equality for the support vectors alone. Gradients of the support vectors add up
 * to one along (1, 1), so that descent comes to that direction quickly (<experiments/max_margin.c>).
 *
 * Source: Soudry, Hoffer, Nacson, Gunasekar and Srebro, "The implicit bias of gradient descent on separable data", JMLR
 * 2018, figure 1, for the support vectors; (3, 0.6) and (4, 1) are our reference's, which leaves ten points open. Ours are
 * chosen so that the largest singular value is the one that the reference's numbers tell of.
 */
#include "data/generator.h"
#include "data/generators/supports.h"

static const double fixed[][2] = {{0.5, 1.5}, {0.5, 1.5}, {1.5, 0.5}, {1.5, 0.5}, {3, 0.6},   {4, 1},
                                  {2.6, 1.4}, {2.2, 3.3}, {1.8, 1.3}, {2.3, 3.9}, {3.4, 1.9}, {1.3, 1.6},
                                  {2.2, 2.8}, {2.7, 3.2}, {3.1, 1.8}, {1.3, 3.2}};

enum er_status er_generate_even_supports(const struct er_generator_spec *spec, int part, int64_t n, float *x,
                                         int32_t *label, struct er_error *err)
{
    (void)err;
    er_supports_fill(spec, part, sizeof fixed / sizeof *fixed, fixed, n, x, label);
    return ER_OK;
}
