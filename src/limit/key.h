/* key.h - what a kernel depends on besides its points, as a hash: part of the text of work files. */
#ifndef ERMINE_LIMIT_KEY_H
#define ERMINE_LIMIT_KEY_H

#include "limit/program.h"

#include <ermine/hash.h>

/* Of every node's map with its numbers, whatever the widths of the model's text where they do not matter. ER_E_NOMEM. */
enum er_status er_limit_key(const struct er_limit *limit, char hex[ER_SHA256_HEX], struct er_error *err);

#endif
