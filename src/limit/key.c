/* key.c - a program as text, and its hash. */
#include "limit/key.h"

#include "core/buffer.h"
#include "core/number.h"

#include <ermine/memory.h>
#include <inttypes.h>
#include <string.h>

static void add_reals(struct er_buffer *text, const double *value, int n)
{
    char number[ER_NUMBER_TEXT];
    for (int i = 0; i < n; i++) er_buffer_format(text, " %s", er_number_text(value[i], number));
}

static void add_window(struct er_buffer *text, const struct er_window *w)
{
    er_buffer_format(text, " (%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %d %" PRId64 " %" PRId64 ")",
                     w->in, w->size, w->stride, w->dilation, (int)w->padding, w->out, w->before);
}

static void add_node(struct er_buffer *text, const struct er_limit_node *node)
{
    const struct er_kernel_map *map = &node->map;
    const double real[] = {map->w, map->b, map->tangent_w, map->tangent_b, map->epsilon, map->keep};
    er_buffer_format(text, "%s %d %d%d%d", node->layer->ops->name, (int)map->form, map->all_pixels,
                     map->counts_padding, map->over_all);
    add_reals(text, real, (int)(sizeof real / sizeof *real));
    if (map->form == ER_KERNEL_POINTWISE) add_reals(text, map->parameter, ER_DUAL_PARAMETERS);
    add_window(text, &map->rows);
    add_window(text, &map->columns);
    for (int64_t b = 0; b < node->n_from; b++) {
        er_buffer_format(text, " <%" PRId64, node->from[b]);
        if (map->form == ER_KERNEL_CONCAT)
            er_buffer_format(text, ":%" PRId64, node->layer->branch[b].channels);
    }
    er_buffer_char(text, '\n');
}

enum er_status er_limit_key(const struct er_limit *limit, char hex[ER_SHA256_HEX], struct er_error *err)
{
    struct er_buffer buffer = {0};
    char *text;
    er_buffer_format(&buffer, "%" PRId64 " %" PRId64 " %" PRId64 " %d %d\n", limit->input.height,
                     limit->input.width, limit->input.channels, limit->options.float32, limit->options.ntk);
    for (int64_t i = 0; i < limit->n; i++) add_node(&buffer, &limit->node[i]);
    const enum er_status status = er_buffer_take(&buffer, &text, err);
    if (status != ER_OK) return status;
    er_sha256(text, strlen(text), hex);
    er_free(text);
    return ER_OK;
}
