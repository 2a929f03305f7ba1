/* tensor_group.h - the tensors of a file or a network, gathered into modules or layers. */
#ifndef ERMINE_NET_TENSOR_GROUP_H
#define ERMINE_NET_TENSOR_GROUP_H

#include <ermine/tensors.h>
#include <stdbool.h>

/* Tensors that share the name before their role; their pointers are next to each other. */
struct er_tensor_group {
    const struct er_tensor *const *tensor;
    int64_t n;
};

struct er_tensor_groups {
    const struct er_tensor **tensor; /* n_tensors */
    struct er_tensor_group *group;   /* n */
    int64_t n, n_tensors;
};

/* Collects all tensors but counts of batches, in their order, without gathering them yet. ER_E_NOMEM. */
enum er_status er_tensor_groups_new(const struct er_tensor *tensor, int64_t n, struct er_tensor_groups *out,
                                    struct er_error *err);
void er_tensor_groups_clear(struct er_tensor_groups *groups);

/* Gathers neighbours of one name: for tensors that are in the order of their layers or modules. */
void er_tensor_groups_gather(struct er_tensor_groups *groups);

/* Sorts the tensors so that modules whose names are alike but for numbers come together in the order of
 * these, and gathers. */
void er_tensor_groups_sort(struct er_tensor_groups *groups);

/* The length of the name before the role, without its dot, and the role. */
size_t er_tensor_module_length(const char *name);
const char *er_tensor_role(const char *name);

/* Both have the same roles, with the same shapes. */
bool er_tensor_groups_fit(const struct er_tensor_group *a, const struct er_tensor_group *b);
bool er_tensor_same_shape(const struct er_tensor *a, const struct er_tensor *b);

/* The names are alike but for their numbers; `follow`: and those of b are larger, at the first that differs.
 */
bool er_tensor_groups_alike(const struct er_tensor_group *a, const struct er_tensor_group *b);
bool er_tensor_groups_follow(const struct er_tensor_group *a, const struct er_tensor_group *b);

/* "features.3 (weight (8, 4, 3, 3), bias (8,))", cut to the room; returns out. */
enum { ER_GROUP_TEXT = 160 };
char *er_tensor_group_text(const struct er_tensor_group *group, char out[ER_GROUP_TEXT]);

/* "features.3"; returns out. */
enum { ER_GROUP_NAME = 48 };
char *er_tensor_group_name(const struct er_tensor_group *group, char out[ER_GROUP_NAME]);

#endif
