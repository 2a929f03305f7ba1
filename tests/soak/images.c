/* images.c - the first training images of Fashion-MNIST, 14 x 14, for tests/soak/kernel.sh.
 *
 *     soak_images COUNT FOLDER          writes FOLDER/images.npy
 *
 * Means over blocks of 2 x 2 pixels, (pixel / 255 - 0.2860) / 0.3530, in float32.
 */
#include "bench/npy_write.h"
#include "support/places.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct er_data_spec spec = er_data_spec_default();
    struct er_split split;
    struct er_error err = {0};
    if (argc != 3) return 2;
    spec.name = "fashion-mnist";
    spec.train = strtoll(argv[1], NULL, 10);
    spec.test = 1;
    spec.first = true;
    spec.pool = 2;
    spec.standardise = ER_STANDARDISE_GIVEN;
    spec.mean = 0.2860;
    spec.deviation = 0.3530;
    if (er_data_open(&spec, places_here(), &split, &err) != ER_OK) {
        fprintf(stderr, "soak_images: %s\n", err.msg);
        return 1;
    }
    const struct er_shape shape = split.train.shape;
    const int64_t dim[NPY_RANK] = {split.train.n, shape.height, shape.width, shape.channels};
    const bool written = npy_write(argv[2], "images", "<f4", NPY_RANK, dim, split.train.x);
    er_split_clear(&split);
    return written ? 0 : 1;
}
