/* <ermine/augment.h> - augmentation: training images that are moved and mirrored anew in every epoch.
 *
 *     out[y, x, c] = in[y + u - p, x' + v - p, c]     x' = x, or W - 1 - x when mirrored
 *
 * p = crop, u and v uniform on {0, ..., 2p}, mirrored with probability 1/2: a window of the image's own size,
 * at random within the image padded by p pixels on each side, then a horizontal flip. All channels move
 * together. What is outside of the image is as `padding` says.
 *
 * A draw is a function of (seed, epoch, example): words 0, 1 and 2 of (seed, er_stream(ER_PURPOSE_AUGMENT,
 * epoch), counter = example) are u, v and the flip, so neither the batch nor the threads matter. A word w of
 * 32 bits becomes floor(w n / 2^32), n = 2p + 1: a probability differs from 1 / n by less than 2^-32.
 *
 * Augmentation acts on images that are already standardised, with the statistics of the images as they were.
 * With one scale a channel that equals moving first and standardising afterwards; with one scale an image,
 * the statistics are those of the whole image and not of what is left in the window. Where every pixel has
 * its own scale (ER_STANDARDISE_FEATURE) a moved pixel would be read by another one's: a study is refused
 * that asks for both.
 *
 * Only the batches of training are augmented. Losses and errors that are recorded, of the training set too,
 * are those of the images as they are.
 *
 * Source: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016, section 4.2 (p =
 * 4, padding with zeros, a flip) for CIFAR-10, which follows Lee et al., "Deeply-supervised nets", AISTATS
 * 2015; names of the paddings as in NumPy's pad.
 */
#ifndef ERMINE_AUGMENT_H
#define ERMINE_AUGMENT_H

#include <ermine/data.h>

/* What lies around an image, for a row a b c. */
enum er_augment_padding {
    ER_AUGMENT_ZERO,    /* 0 0 | a b c | 0 0   a raw 0, black, as standardised: er_dataset.zero */
    ER_AUGMENT_REFLECT, /* c b | a b c | b a   mirrored in the outermost pixel */
    ER_AUGMENT_EDGE     /* a a | a b c | c c   the outermost pixel again */
};

/* Zeroed: no augmentation. */
struct er_augment {
    int64_t crop; /* p in pixels, 0 <= p < height and width; 0: the image stays in its place */
    enum er_augment_padding padding;
    bool flip; /* horizontally, with probability 1/2 */
};

/** True when it leaves every image as it is. */
static inline bool er_augment_is_none(const struct er_augment *augment)
{
    return augment->crop == 0 && !augment->flip;
}

/** Whether examples of this shape can be so augmented. ER_E_USAGE, with a message that begins with the field
 * at fault ("crop is 28, ..."): height or width is 1 (a table has no pixels to move; nothing is asked of it
 * by no augmentation), a crop below 0 or not below both. */
ER_API enum er_status er_augment_check(const struct er_augment *augment, struct er_shape shape,
                                       struct er_error *err);

/**
 * One example as it is seen in one epoch.
 *
 * @param augment  passes er_augment_check() for this shape.
 * @param zero     shape.channels values, those of padding with zeros (er_dataset.zero); NULL: 0.
 * @param epoch    from 0, below 2^48.
 * @param example  its number in the training set, >= 0.
 * @param in, out  height x width x channels each, apart from one another.
 *
 * Cost: O(height width channels), most of it a copy row by row (pixel by pixel when mirrored), and 15 ns for
 * the draw: about 0.8 us for 32 x 32 x 3 with crop and flip, where a plain copy takes 0.3. Threads: any.
 * Invariants (tests/data/augment.c): equal to the formula read pixel by pixel, offsets uniform.
 */
ER_API void er_augment_example(const struct er_augment *augment, struct er_shape shape, const float *zero,
                               uint64_t seed, uint64_t epoch, int64_t example, const float *in, float *out);

#endif
