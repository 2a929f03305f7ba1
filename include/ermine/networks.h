/* <ermine/networks.h> - networks in files: a net's parameters and running statistics as .safetensors.
 *
 * docs/networks.md is the page for users: names of tensors, PyTorch's layout, how the tensors of another
 * program are recognised. <ermine/tensors.h> is the format. What is written and read again has the same bits.
 *
 * Threads: any; each struct has one owner.
 */
#ifndef ERMINE_NETWORKS_H
#define ERMINE_NETWORKS_H

#include <ermine/net.h>
#include <ermine/tensors.h>

/* The most bytes that a network's file may have: 2^31 parameters of float64. */
#define ER_NETWORK_FILE_MOST ((size_t)1 << 34)

/* What a network is, beside its numbers, as the metadata of its file say it. */
struct er_network_description {
    const char *model;     /* "model": er_model_text() */
    struct er_shape input; /* "input": "28x28x1" */
    int64_t classes;       /* "classes" */
    const char *loss;      /* "loss" */
};

/**
 * Writes a network: the tensors of the net with our names, and as metadata `format` = "pt", the description,
 * and what `note` adds.
 *
 * @param net         bound to what `description` says.
 * @param w           P parameters; @param statistics  S running statistics, NULL where S is 0.
 * @param note        `notes` texts more, with keys of their own.
 * @return ER_E_UNSUPPORTED for a layer whose parameters have no place in such a file (a convolution of a
 * flattened image, say), with its number; errors of er_tensors_write(): the file is whole or absent.
 *
 * Cost: twice the file's bytes of memory.
 */
ER_API enum er_status er_network_write(const char *path, const struct er_net *net, const float *w,
                                       const float *statistics,
                                       const struct er_network_description *description,
                                       const struct er_tensor_note *note, int64_t notes,
                                       struct er_error *err);

/** Whether er_network_write() has a place for all that the net's layers have: ER_E_UNSUPPORTED. */
ER_API enum er_status er_network_check(const struct er_net *net, struct er_error *err);

/**
 * Reads what er_network_write() wrote about a file's network.
 *
 * @param out  its texts are borrowed from `tensors`; untouched on failure.
 * @return ER_E_NOT_FOUND names the text that is missing; ER_E_INPUT a shape or number that is none. The model
 * and the loss are not looked at: er_model_parse() and er_net_new() do that.
 */
ER_API enum er_status er_network_describe(const struct er_tensors *tensors,
                                          struct er_network_description *out, struct er_error *err);

/** A net of a description: parsed and bound. Errors of er_model_parse() and er_net_new(). */
ER_API enum er_status er_network_bind(const struct er_network_description *description, struct er_net **out,
                                      struct er_error *err);

/**
 * Reads the numbers of a net from a file of ours or of another program, by the rules of docs/networks.md.
 *
 * @param map       the text of a map of names, or NULL: the file says it. @param map_file  names it in
 * errors.
 * @param w         P floats; @param statistics  S floats, NULL where S is 0. Undefined on failure.
 * @return ER_E_SHAPE, ER_E_INPUT, ER_E_NOT_FOUND, each with names and shapes of tensors; ER_E_LIMIT for a
 * number beyond float32; ER_E_UNSUPPORTED as above; ER_E_NOMEM.
 */
ER_API enum er_status er_network_read(const struct er_tensors *tensors, const struct er_net *net,
                                      const char *map, const char *map_file, float *w, float *statistics,
                                      struct er_error *err);

/* The numbers of a network that are infinite or NaN. */
struct er_network_flaws {
    int64_t n;      /* so many */
    char first[64]; /* our name of the first tensor that has one, "layers.3.weight"; "" when n is 0 */
};

/** Looks through P parameters and S statistics (NULL where S is 0). ER_E_UNSUPPORTED as above, ER_E_NOMEM;
 * *out is untouched then. */
ER_API enum er_status er_network_not_finite(const struct er_net *net, const float *w, const float *statistics,
                                            struct er_network_flaws *out, struct er_error *err);

/* What a network does on labelled examples. */
struct er_network_measures {
    double loss, error; /* mean loss; share of wrong predictions, ties among them */
    int64_t errors;     /* wrong predictions */
};

/**
 * Loss and error over all of a set, as a record of a training measures them: to the same bits.
 *
 * @return ER_E_SHAPE when the net and the set disagree in inputs or classes, ER_E_INPUT for a label outside
 * of 0..K-1, ER_E_USAGE for a set without examples, ER_E_NOMEM. Cost: a forward pass an example, one thread.
 */
ER_API enum er_status er_network_measure(const struct er_net *net, const struct er_network *network,
                                         const struct er_dataset *set, struct er_network_measures *out,
                                         struct er_error *err);

#endif
