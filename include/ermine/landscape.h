/* <ermine/landscape.h> - the loss around trained networks: directions, planes and slices through minima, rays.
 * Paths between minima and the alignment of their units are <ermine/paths.h>.
 *
 * Letters: P parameters, S running statistics (batch norm), w weights of a minimum, n examples.
 * Threads: any; each struct has one owner. All results are the same to the bit for any number of threads.
 */
#ifndef ERMINE_LANDSCAPE_H
#define ERMINE_LANDSCAPE_H

#include <ermine/net.h>
#include <ermine/networks.h>
#include <ermine/pool.h>
#include <ermine/progress.h>

/* ---------------------------------------- Directions ------------------------------------------------- */

/** d (P) = independent standard normals, a function of (seed, index). Index below 2^48. */
ER_API void er_direction_draw(const struct er_net *net, uint64_t seed, uint64_t index, float *d);

/**
 * Filter normalisation: a direction that is as large beside every filter as the filter itself.
 *
 *     d_f <- d_f |w_f| / |d_f|      f: all weights into one output unit of a dense layer, or into one output channel
 *     d_b <- 0                      biases; scale and shift of norms
 *
 * A filter of length 0, of d or of w, becomes 0. Norms in float64, d rounded once. So |d| is the length of the weights in
 * filters, whatever the draw. When a ReLU network moves a scale from one layer to the next (W1, b1 times c, W2 over c), d
 * goes along: w + s d is the same function as before at the same s. A length s |d| is not the same, as |w| is not.
 *
 * @param w, d  P each.
 * Errors: those of er_network_check() (a layer whose parameters have no names: which are filters is not known),
 * ER_E_NOMEM. d is untouched then.
 * Source: Li, Xu, Taylor, Studer and Goldstein, "Visualizing the loss landscape of neural nets", NeurIPS 2018,
 * section 4 (their code adds 1e-10 to |d_f|).
 */
ER_API enum er_status er_direction_normalise_filters(const struct er_net *net, const float *w, float *d,
                                                     struct er_error *err);

/* ---------------------------------------- Planes ----------------------------------------------------- */

/* A minimum in a plane, and where it lies there. */
struct er_plane_minimum {
    struct er_network is; /* borrowed */
    double a, b;
};

/* A plane, or a line, of networks: w(a, b) = w[0] + a w[1] + b w[2], statistics likewise. */
struct er_plane {
    const struct er_net *net; /* borrowed */
    float *w[3];              /* P each; w[2] NULL: a line, b is not looked at */
    float *statistics[3];     /* S each; NULL where S is 0 */
    struct er_plane_minimum minimum[3];
    int64_t minima; /* so many of them: 1, 2 or 3; the first at (0, 0) */
};

/**
 * The plane through three minima A, B, C; the line through two.
 *
 *     u = (B - A) / |B - A|     v = (C - A - ((C - A).u) u) / |...|      A at (0, 0), B at (|B - A|, 0)
 *
 * Lengths and products are of weights, in float64; running statistics go along by the same combinations, so that
 * they are interpolated (variances below 0 that this gives outside of the triangle are taken as 0).
 *
 * @param minimum  `minima` of them, 2 or 3. Weights and statistics are borrowed until er_plane_clear().
 * Errors: ER_E_USAGE (two minima are the same, or three lie on a line: |v's part| below 1e-6 of |C - A|),
 * ER_E_NONFINITE (a weight), ER_E_NOMEM.
 */
ER_API enum er_status er_plane_through(const struct er_net *net, const struct er_network *minimum,
                                       int64_t minima, struct er_plane *out, struct er_error *err);

/**
 * The plane around one minimum along two random directions (er_direction_draw() with indices 0 and 1),
 * filter-normalised: a and b are multiples of the sizes of the filters. The directions are nearly orthogonal, as
 * random ones are. Running statistics stay those of the minimum. Errors: those of
 * er_direction_normalise_filters(). Source: Li et al., as there.
 */
ER_API enum er_status er_plane_around(const struct er_net *net, const struct er_network *minimum,
                                      uint64_t seed, struct er_plane *out, struct er_error *err);

ER_API void er_plane_clear(struct er_plane *plane);

/** Where weights lie beside the plane of er_plane_through(): a = (w - A).u, b = (w - A).v, and *off = the distance
 * from the plane. `off` may be NULL. */
ER_API void er_plane_project(const struct er_plane *plane, const float *w, double *a, double *b, double *off);

/* ---------------------------------------- Slices ----------------------------------------------------- */

struct er_slice_point {
    double a, b;
};

struct er_slice_measures {
    double loss,
        error; /* mean loss, NaN or infinite where it is; share of wrong predictions, ties among them */
    int64_t errors;
};

/**
 * Loss and error at points of a plane, over whole sets.
 *
 * A point that is exactly where one of the plane's minima is, is that minimum: its own weights, and to the bit the
 * numbers of er_network_measure(), which are those of a training's records; with `moments` its batch norm is by these, as
 * around it, and no longer by the statistics that it was found with. (In records of the experiment `slice` the rows of
 * minima, and the threshold that is made of their errors, are by their own running statistics all the same, so that
 * with `moments` they need not be those of the picture's point there.) Any other point is computed with weights made on
 * the fly. Where a layer's input does not depend on parameters (the first dense layer or convolution), its output is
 * affine in (a, b): its products are taken once for u, v and the origin, and a point costs two multiply-adds a unit and
 * what comes behind; against w(a, b) rounded to float32 and evaluated, losses differ by
 * float32's rounding. a and b are rounded to float32.
 *
 * @param sets     n_sets of them: loss and error of sets[s] at point i are out[s * n + i].
 * @param moments  NULL: batch norm by the plane's interpolated statistics. Else its moments are computed anew at every
 *                 point from this set (the training set), as er_statistics_measure() (<ermine/paths.h>) does for
 *                 weights of their own. Nets without batch norm don't look at it.
 * @param point    n of them; quickest where runs of points share b, as along the lines of a grid.
 * @param pool, progress  may be NULL. Only `stop` of the progress is used.
 * Errors: er_network_measure(); with moments those of er_statistics_measure(); ER_E_STOPPED.
 * Memory for each thread: a block's activations, four times a block's first layer, two networks; for all: 16 bytes for
 * every point and block of 512 examples.
 * Cost: `tests/landscape/slice.c` holds it to the plain evaluation; `docs/performance.md` has points per second.
 * Source of the recomputation: Garipov et al., "Loss surfaces, mode connectivity, and fast ensembling of DNNs",
 * NeurIPS 2018, section A.2.
 */
ER_API enum er_status er_slice_measure(const struct er_plane *plane, const struct er_dataset *const *sets,
                                       int64_t n_sets, const struct er_dataset *moments, int64_t n,
                                       const struct er_slice_point *point, struct er_pool *pool,
                                       const struct er_progress *progress, struct er_slice_measures *out,
                                       struct er_error *err);

/**
 * *components = the number of pieces that the marked cells of a grid fall into, cells that share a side being of one
 * piece; number[i] = the piece of cell i, from 1 in the order in which they are met, 0 for cells that aren't marked.
 *
 * @param columns, rows  cell (i, j) is number j * columns + i. @param number  columns * rows; may be NULL.
 * ER_E_NOMEM.
 */
ER_API enum er_status er_grid_components(int64_t columns, int64_t rows, const bool *marked, int64_t *number,
                                         int64_t *components, struct er_error *err);

/* ---------------------------------------- Rays ------------------------------------------------------- */

struct er_rays_settings {
    double level;  /* where a ray ends: the first crossing of this loss; er_rays_settings_default() */
    bool filters;  /* directions filter-normalised; else Gaussian */
    uint64_t seed; /* ray i: er_direction_draw(seed, i) */
};
/** Level 0.1, Gaussian directions, seed 0. */
ER_API struct er_rays_settings er_rays_settings_default(void);

/**
 * How far one can go from a minimum in random directions before the loss over a set rises above a level: the radii of
 * the star-shaped part of its basin.
 *
 *     radius[i] = min { r : L(w + r d_i / |d_i|) > level }
 *
 * looked for at r = |w| 1.3^k / 64, then by bisection to 2^-12 of r. A rise and fall between two looks is missed.
 *
 * @param radius  n of them. Lengths are of weights, filter-normalised or not (the direction's own length is taken
 * off): in a ReLU network both change when a scale moves between layers (Dinh et al., ICML 2017). Filter-normalised
 * radii over the directions' common length |d| do not.
 * Errors: ER_E_UNSUPPORTED (the loss at w is not below the level; a ray on which it stays below to 10^4 |w|),
 * er_network_measure(), er_direction_normalise_filters(), ER_E_NONFINITE (w is 0 or not finite).
 * Cost: a product with the first layer a ray, then about 25 evaluations of what lies behind it.
 * Source: Huang et al., "Understanding generalization through visualizations", 2019, section 5 and appendix.
 */
ER_API enum er_status er_rays_measure(const struct er_net *net, const struct er_network *network,
                                      const struct er_dataset *set, const struct er_rays_settings *settings,
                                      int64_t n, struct er_pool *pool, double *radius, struct er_error *err);

/**
 * log10 of mean(r^dimension): of radii along directions that are uniform on the sphere, as Gaussian ones are, an
 * estimate of the volume of the star-shaped set of these radii, over that of the unit ball. Along others, such as
 * filter-normalised ones, a mean and no volume. In logarithms throughout; decided by the longest rays: of a few hundred
 * draws in thousands of dimensions it is a lower end of what there is. n >= 1.
 */
ER_API double er_rays_log10_volume(int64_t n, const double *radius, int64_t dimension);

#endif
