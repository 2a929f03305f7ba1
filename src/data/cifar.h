/* cifar.h - a CIFAR binary file checked as a whole and read record by record. */
#ifndef ERMINE_DATA_CIFAR_H
#define ERMINE_DATA_CIFAR_H

#include <ermine/data.h>

/* A file as its bytes, which it borrows. */
struct er_cifar {
    int64_t n, classes;
    size_t labels, record; /* bytes of labels, and of a record */
    const unsigned char *bytes;
};

/* The shape of every record: 32 x 32 x 3. */
struct er_shape er_cifar_shape(void);

/* Checks length and every label, as er_cifar_parse() does. */
enum er_status er_cifar_open(const unsigned char *bytes, size_t n, int64_t classes, struct er_cifar *out,
                             struct er_error *err);

/* Writes the pixels of record i, in 0..n-1, to x (where it isn't NULL); returns its label. */
int32_t er_cifar_read(const struct er_cifar *cifar, int64_t i, float *x);

#endif
