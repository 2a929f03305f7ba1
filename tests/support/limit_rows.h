/* limit_rows.h - published kernels of infinitely wide networks, for tests of <ermine/limit.h> and of its oracle.
 *
 * Checked by their author against a second method each: quadrature in every layer, index loops, the code of
 * Garriga-Alonso et al. and Monte Carlo. Printed to 13 digits. Tangent parameterisation and bias_std 0.1 in every layer.
 */
#ifndef ERMINE_TESTS_SUPPORT_LIMIT_ROWS_H
#define ERMINE_TESTS_SUPPORT_LIMIT_ROWS_H

extern const double limit_vectors[5 * 3];    /* five points */
extern const double limit_images[2 * 9 * 2]; /* two images, 3 x 3 x 2 */

/* Kernels of the five points: the upper triangles, row by row; `standard`: Theta of the first three in the standard
 * parameterisation, or zeros. The list ends with a NULL text. */
struct limit_triangle {
    const char *text;
    double weight_std, k[15], theta[15], standard[6];
};
extern const struct limit_triangle limit_triangles[];

/* Kernels of the images, and of the first two vectors: entries 11, 12, 22 with weight_std sqrt(2); NAN: not known. */
struct limit_row {
    const char *text;
    double k[3], theta[3];
};
extern const struct limit_row limit_image_rows[], limit_vector_rows[];

#endif
