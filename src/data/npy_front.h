/* npy_front.h - what an array file begins with: type, order and shape of its values. */
#ifndef ERMINE_DATA_NPY_FRONT_H
#define ERMINE_DATA_NPY_FRONT_H

#include "data/npy.h"

enum { ER_NPY_RANK = 8, ER_NPY_SHAPE_TEXT = ER_NPY_RANK * 24 };

struct er_npy_front {
    char kind; /* 'b' bool, 'i' and 'u' integers, 'f' reals */
    int bytes; /* of a value */
    bool big_endian, fortran;
    int rank;
    int64_t dim[ER_NPY_RANK];
    size_t at;           /* where the values begin */
    int64_t count, need; /* values, and their bytes in the file; 8 count does not overflow */
};

/* Of the first n bytes of a file: all of them, or at least ER_NPY_FRONT. ER_E_INPUT, ER_E_LIMIT. */
enum er_status er_npy_front_read(const unsigned char *bytes, size_t n, struct er_npy_front *out,
                                 struct er_error *err);

/* ER_E_INPUT unless as many bytes as it needs are there behind the header. */
enum er_status er_npy_front_check(const struct er_npy_front *front, uint64_t there, struct er_error *err);

/* "(3, 4)" for messages; returns out. */
char *er_npy_shape_text(const struct er_npy_front *h, char out[ER_NPY_SHAPE_TEXT]);

/* A reader of values, in the order of the file. */
struct er_npy_values {
    const struct er_npy_front *front;
    double *out;                 /* in C order, wherever the file has them */
    int64_t done, place;         /* values read; where the next one belongs */
    int64_t stride[ER_NPY_RANK]; /* of a Fortran file: of the places, axis by axis */
    int64_t index[ER_NPY_RANK];
};
struct er_npy_values er_npy_values_open(const struct er_npy_front *front, double *out);
void er_npy_values_read(struct er_npy_values *v, const unsigned char *bytes, int64_t count);

#endif
