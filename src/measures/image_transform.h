/* image_transform.h - images of training, changed in ways that leave their class alone. Measures ask whether a network's
 * predictions and margins stay.
 *
 * Images are height x width x channels, as the network takes them: standardised or not. What a change needs of the scale is
 * read off the data: `black` is the least value of a channel over all training images, `unit` its range. So a change of a
 * set whose pixels fill [0, 1] is the same, standardised per channel or not, as that of the raw one. (Standardised per
 * image, black and white are those of the images with the largest contrast.)
 *
 * All work from image to image of the same size; in place where marked. No allocation; any thread.
 */
#ifndef ERMINE_MEASURES_IMAGE_TRANSFORM_H
#define ERMINE_MEASURES_IMAGE_TRANSFORM_H

#include <ermine/data.h>
#include <ermine/random.h>

/* How pixels of a set are to be read; of images with any number of channels. */
struct er_image_scale {
    struct er_shape shape;
    double *black, *unit; /* of each channel: raw value = (x - black) / unit, in [0, 1] */
};

/* ER_E_UNSUPPORTED for a table (height or width 1), ER_E_NOMEM. Freed by er_image_scale_clear(). */
enum er_status er_image_scale_of(const struct er_dataset *set, struct er_image_scale *out,
                                 struct er_error *err);
void er_image_scale_clear(struct er_image_scale *scale);

/* Left becomes right. In place. */
void er_image_flip(const struct er_image_scale *s, float *x);

/* Raw values + amount. In place. */
void er_image_brightness(const struct er_image_scale *s, double amount, float *x);

/* Saturation of HSV times `factor`, at most 1, of images of three channels; others stay: they have none. With V = max(r, g, b)
 * and S = (V - min(r, g, b)) / V, channel c becomes V - (V - c) min(factor, 1 / S). In place. */
void er_image_saturation(const struct er_image_scale *s, double factor, float *x);

/* All but the middle `share` of height and of width becomes black: a crop that is padded back. In place. */
void er_image_crop(const struct er_image_scale *s, double share, float *x);

/* A rectangle becomes black: its area a share within [2, 40] % of the image, its height over width within [0.3, 1 / 0.3], both
 * drawn, at a place that is drawn (Zhong, Zheng, Kang, Li and Yang, "Random erasing data augmentation", AAAI 2020; a side
 * that is too long is cut to the image). In place. */
void er_image_erase(const struct er_image_scale *s, struct er_random *r, float *x);

/* Raw 1/2 + g / 4, g the vertical part of Sobel's gradient of the raw image: kernel (-1 -2 -1; 0 0 0; 1 2 1), mirrored in the
 * outermost pixels. `in` and `out` are apart. */
void er_image_sobel(const struct er_image_scale *s, const float *in, float *out);

/* The middle `share` of height and of width, 0 < share <= 1, as large as the whole: bilinear, pixels' centres at halves. `in`
 * and `out` are apart. */
void er_image_zoom(const struct er_image_scale *s, double share, const float *in, float *out);

#endif
