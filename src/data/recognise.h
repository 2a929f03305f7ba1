/* recognise.h - what a file that is not what it should be seems to be instead. */
#ifndef ERMINE_DATA_RECOGNISE_H
#define ERMINE_DATA_RECOGNISE_H

#include <stddef.h>

/* "; it looks like a gzip file", "; it looks like an HTML page ...", or "" when nothing is recognised: the
 * end of a message about a file that could not be read. Static text. */
const char *er_data_looks(const unsigned char *bytes, size_t n);

#endif
