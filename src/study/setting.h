/* setting.h - one value of one key: read to its last character, checked, written canonically. */
#ifndef ERMINE_STUDY_SETTING_H
#define ERMINE_STUDY_SETTING_H

#include "study/yaml.h"
#include <ermine/schema.h>

/* Where nodes come from and settings go to. */
struct er_reading {
    const char *file; /* for messages */
    struct er_arena *arena;
};

enum { ER_SETTING_MAX_TEXT = 4096 };

/* The value of `node` for `row` (no map), in the arena. ER_E_INPUT with the place, the path, the value and
 * the bound; ER_E_NOMEM. */
enum er_status er_setting_read(const struct er_reading *reading, const struct er_schema_row *row,
                               const struct er_node *node, const struct er_setting **out,
                               struct er_error *err);

/* The row's default, or the absent setting of a row that has none. The table's own text: it must be valid. */
enum er_status er_setting_default(const struct er_reading *reading, const struct er_schema_row *row,
                                  const struct er_setting **out, struct er_error *err);

/* The model written as `node`: text in a scalar, a list of layers, or a preset as a map. Sets text
 * and label, both in the arena.
 *
 *     [dense 512, relu, dense]      layers as short texts
 *     - dense: 512                  a layer with one value; it may also be a list of values
 *     - dense: {width: 512, bias: false}
 *     - relu
 *     - add: [[dense 512, relu], identity]   a join: a list of branches, each a list of layers or one layer
 *     mlp 512 depth=2               a preset
 */
enum er_status er_setting_model(const struct er_reading *reading, const struct er_node *node,
                                struct er_setting *setting, struct er_error *err);

/* The list written as `node`, or one member of it without brackets, as canonical text in the arena. */
enum er_status er_setting_list(const struct er_reading *reading, const struct er_schema_row *row,
                               const struct er_node *node, const char **text, struct er_error *err);

/* Whether `node` is a model rather than a layer: a list, a text in brackets, or a preset. */
bool er_setting_is_model(const struct er_node *node);

/* Whether `node` is a list of models rather than of layers: its first member is a list or a text in brackets,
 * or it has several members and all are models. A preset is a whole model, so that several in a list can't be
 * layers of one. */
bool er_setting_is_model_list(const struct er_node *node);

#endif
