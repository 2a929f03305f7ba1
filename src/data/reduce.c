/* reduce.c - images cropped to their middle, then averaged over squares that do not overlap.
 *
 *     crop    rows floor((H - c) / 2) + 0..c-1 and columns floor((W - c) / 2) + 0..c-1 of H x W
 *     pool    x'[a, b, channel] = mean of x[p a + i, p b + j, channel] over i, j = 0..p-1
 *
 * Means are taken in double precision and rounded once.
 */
#include "data/reduce.h"

#include "data/dataset.h"

#include <ermine/memory.h>
#include <inttypes.h>

enum er_status er_reduced_shape(int64_t crop, int64_t pool, struct er_shape *shape, const char **parameter,
                                struct er_error *err)
{
    struct er_shape s = *shape;
    *parameter = crop != 0 ? "crop" : "pool";
    if (crop == 0 && (pool == 0 || pool == 1)) return ER_OK;
    if (s.height * s.width == 1)
        return er_fail(err, ER_E_USAGE, "a %s needs images; these examples have a single position",
                       *parameter);
    if (crop < 0 || crop > s.height || crop > s.width)
        return er_fail(err, ER_E_USAGE,
                       "a crop to %" PRId64 " x %" PRId64 " positions, of images of %" PRId64 " x %" PRId64,
                       crop, crop, s.height, s.width);
    if (crop) s.height = s.width = crop;
    *parameter = "pool";
    if (pool < 0 || (pool > 1 && (s.height % pool != 0 || s.width % pool != 0)))
        return er_fail(err, ER_E_USAGE,
                       "means over %" PRId64 " x %" PRId64 " positions, which don't divide %" PRId64
                       " x %" PRId64,
                       pool, pool, s.height, s.width);
    if (pool > 1) {
        s.height /= pool;
        s.width /= pool;
    }
    *shape = s;
    return ER_OK;
}

/* One image `from` of shape `was`; its part that counts begins at row `top`, column `left`. */
static void reduce_image(const float *from, struct er_shape was, int64_t top, int64_t left, int64_t pool,
                         struct er_shape shape, float *to)
{
    const int64_t channels = was.channels;
    for (int64_t a = 0; a < shape.height; a++)
        for (int64_t b = 0; b < shape.width; b++)
            for (int64_t c = 0; c < channels; c++) {
                double sum = 0;
                for (int64_t i = 0; i < pool; i++)
                    for (int64_t j = 0; j < pool; j++) {
                        const int64_t row = top + a * pool + i, column = left + b * pool + j;
                        sum += (double)from[(row * was.width + column) * channels + c];
                    }
                *to++ = (float)(sum / (double)(pool * pool));
            }
}

enum er_status er_reduce(int64_t crop, int64_t pool, struct er_dataset *set, struct er_error *err)
{
    const struct er_shape was = set->shape;
    struct er_shape shape = was;
    const char *parameter;
    enum er_status status = er_reduced_shape(crop, pool, &shape, &parameter, err);
    const int64_t d = er_shape_size(was), size = er_shape_size(shape);
    if (status != ER_OK || size == d) return status;
    float *x = er_alloc(set->n * size, sizeof *x);
    if (!x) return er_fail(err, ER_E_NOMEM, "out of memory for %" PRId64 " smaller images", set->n);
    const int64_t top = crop ? (was.height - crop) / 2 : 0, left = crop ? (was.width - crop) / 2 : 0;
    for (int64_t i = 0; i < set->n; i++)
        reduce_image(set->x + i * d, was, top, left, pool > 1 ? pool : 1, shape, x + i * size);
    er_free(set->x);
    set->x = x;
    set->shape = shape;
    return ER_OK;
}
