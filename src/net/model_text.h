/* model_text.h - model text cut into layers, words and branches; nothing is looked up. */
#ifndef ERMINE_NET_MODEL_TEXT_H
#define ERMINE_NET_MODEL_TEXT_H

#include <ermine/memory.h>
#include <ermine/model.h>

enum { ER_MODEL_TEXT_MOST = 1 << 16 }; /* bytes */

/* Cuts `text` (grammar: <ermine/model.h>) into *n layers that live in the arena; columns count from its first
 * byte. ER_E_INPUT with the place, ER_E_LIMIT, ER_E_NOMEM. */
enum er_status er_model_cut(struct er_arena *arena, const char *text, const struct er_model_layer **layer,
                            int64_t *n, struct er_error *err);

#endif
