/* slice_pair.h - one chunk of one pair. Compiled for REAL by slice_work.h, twice. */
struct NAME(er_slice_work) {
    const struct er_limit *limit;
    const struct er_slice_run *run;
    const struct er_slice_side *y, *x; /* the chunk */
    bool theta, has_relu;              /* has_relu: slice_relu.h */
    REAL *slot;                        /* K, then Theta, of each buffer, the spare one too */
    REAL *line;                        /* sums along y of K, then of Theta */
    REAL *mask;
    int64_t n_masks;
    struct er_slice_masks *masks;
    double *lane;
    REAL times;            /* how often the chunk counts in a stored mean */
    const REAL *one, *two; /* planes of both points as they are, and as entries of the chunk */
    const REAL *spread_one, *spread_two;
    const double *block_one, *block_two, *tables_one, *tables_two;
    const struct er_slice_self *self;
    const struct er_slice_value *sums; /* of this pair: that of node i at i * ER_SLICE_MOST^2 */
    REAL *stored;                      /* of this pair: K of all stored means, then Theta */
    REAL *stored_lines; /* of this pair: sums along y of K, then of Theta, of the mean that is made */
};
