/* tensor_names.h - which tensor of a file is which parameter of a network.
 *
 * The rule that users read is in docs/networks.md; this is its exact form. The wanted tensors are those of
 * the network in the order of its layers, all of one layer together, with our names ("layers.3.weight") and
 * with shapes in PyTorch's layout. A name's last part, behind its last dot, is the tensor's *role* (weight,
 * bias, running_mean, running_var), what is before it names the layer, or the file's *module*. Tensors of the
 * file with the role num_batches_tracked are left out everywhere: nothing here needs a count of batches.
 *
 * A module *fits* a layer when both have the same roles and each role the same shape.
 */
#ifndef ERMINE_NET_TENSOR_NAMES_H
#define ERMINE_NET_TENSOR_NAMES_H

#include <ermine/tensors.h>

/* The key of a file's metadata that holds the names of its tensors in the order of the modules, a line each.
 */
#define ER_TENSOR_NAMES_NOTE "names"

/**
 * Assigns to each wanted tensor one of the file's, by the first of these that applies:
 *
 * 1. the file has exactly the wanted names: name by name. Shapes must agree.
 * 2. `order` is given: it names each tensor of the file once, a line each. The modules in this order are the
 *    layers in theirs, one for one, and each must fit.
 * 3. by shape: layers and modules are sorted into classes that fit each other. A class with one of each is
 *    settled. In a class with several, the names of its modules must be alike but for their numbers
 *    (features.0, features.3); then they follow the layers in the order of these numbers, the first number
 *    that differs deciding. Last, any two modules whose names are alike but for numbers, of whatever shapes,
 *    must follow each other as their layers do.
 *
 * Every tensor of the file is assigned; nothing is guessed, dropped or filled in.
 *
 * @param want, n_want  as above; @param have, n_have  the file's tensors.
 * @param order  the text of the note ER_TENSOR_NAMES_NOTE, or NULL.
 * @param from   n_want indices into `have`; untouched on failure.
 * @return ER_E_SHAPE when shapes do not agree or a layer or module fits nothing, ER_E_INPUT when the
 * assignment is ambiguous or contradicts the order of numbers, ER_E_NOT_FOUND for a name in `order` that the
 * file lacks, ER_E_NOMEM. Messages name layers and modules with their shapes, and the candidates.
 *
 * Cost: O(layers x modules). Threads: any.
 */
enum er_status er_tensor_names_match(const struct er_tensor *want, int64_t n_want,
                                     const struct er_tensor *have, int64_t n_have, const char *order,
                                     int64_t *from, struct er_error *err);

/**
 * The same by an explicit map: a line "OURS THEIRS" each, with blanks between; either both are names of
 * tensors, or both name a layer and a module, for all roles of the layer. A word after blanks that begins
 * with '#' ends the line; empty lines are skipped.
 *
 * Every wanted tensor is mapped exactly once and no tensor of the file twice; tensors of the file that no
 * line names are left out. Shapes must agree.
 *
 * @param file  names the map in errors, which have line and column; may be NULL.
 * @return ER_E_INPUT, ER_E_NOT_FOUND, ER_E_SHAPE, ER_E_NOMEM.
 */
enum er_status er_tensor_names_map(const char *text, const char *file, const struct er_tensor *want,
                                   int64_t n_want, const struct er_tensor *have, int64_t n_have,
                                   int64_t *from, struct er_error *err);

#endif
