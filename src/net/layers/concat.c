/* concat.c - the channels of branches one after the other, pixel by pixel (Szegedy et al., CVPR 2015).
 *
 *     y[i,j,:] = (branch_0[i,j,:], branch_1[i,j,:], ...)     dx_b[i,j,:] = the channels of dy that are b's
 *
 * The branches have one input and give images of one height and width, or vectors.
 */
#include "net/layer.h"

#include <string.h>

enum { GRAIN = 16 };

static enum er_status bind(struct er_layer *l, struct er_error *err)
{
    enum er_status status = er_layer_check_branches(l, false, err);
    l->out = l->in;
    for (int64_t b = 1; b < l->n_branches; b++) l->out.channels += l->branch[b].channels;
    er_layer_size(l);
    return status;
}

/* The channels of a branch: how many, and where they begin in a pixel of the output. */
struct channels {
    int64_t n, at;
};

static struct channels channels_of(const struct er_layer *l, int64_t b)
{
    struct channels c = {l->branch[b].channels, 0};
    for (int64_t i = 0; i < b; i++) c.at += l->branch[i].channels;
    return c;
}

/* The pixels of the batch that are this part's. */
static void share(const struct er_layer *l, const struct er_pass *p, int64_t *from, int64_t *to)
{
    er_share(p->plan->rows * l->out.height * l->out.width, GRAIN, p->part, p->parts, from, to);
}

/* y = the branches; one that is NULL (a tangent that is zero) gives zeros. */
static void put(const struct er_layer *l, const struct er_pass *p, const float *const *branch, float *y)
{
    const int64_t C = l->out.channels;
    int64_t first, end;
    share(l, p, &first, &end);
    for (int64_t b = 0; b < l->n_branches; b++) {
        const struct channels c = channels_of(l, b);
        const float *from = branch[b];
        const size_t bytes = (size_t)c.n * sizeof *y;
        for (int64_t i = first; i < end; i++)
            if (from)
                memcpy(y + i * C + c.at, from + i * c.n, bytes);
            else
                memset(y + i * C + c.at, 0, bytes);
    }
}

/* dx = what of dy is the input's. */
static void pick(const struct er_layer *l, const struct er_pass *p, const float *dy, float *dx)
{
    const struct channels c = channels_of(l, p->input);
    const int64_t C = l->out.channels;
    int64_t i, end;
    share(l, p, &i, &end);
    for (; i < end; i++) memcpy(dx + i * c.n, dy + i * C + c.at, (size_t)c.n * sizeof *dx);
}

static void forward(const struct er_layer *l, const struct er_pass *p)
{
    put(l, p, p->branch, p->y);
}

static void backward_x(const struct er_layer *l, const struct er_pass *p)
{
    pick(l, p, p->dy, p->dx);
}

static void tangent(const struct er_layer *l, const struct er_pass *p)
{
    put(l, p, p->t_branch, p->ty);
}

static void tangent_x(const struct er_layer *l, const struct er_pass *p)
{
    pick(l, p, p->tdy, p->tdx);
}

static enum er_status kernel(const struct er_layer *l, struct er_kernel_map *out, struct er_error *err)
{
    (void)l;
    (void)err;
    *out = (struct er_kernel_map){.form = ER_KERNEL_CONCAT};
    return ER_OK;
}

const struct er_layer_ops er_layer_concat = {
    .name = "concat",
    .help = "the channels of branches side by side: concat: [conv 16 1x1, conv 32 3x3]",
    .join = true,
    .bind = bind,
    .forward = forward,
    .backward_x = backward_x,
    .tangent = tangent,
    .tangent_x = tangent_x,
    .kernel = kernel,
};
