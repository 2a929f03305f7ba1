/* <ermine/pgdl.h> - tasks of the competition "Predicting generalization in deep learning" (NeurIPS 2020): folders of trained
 * networks with their hyper-parameters and accuracies, from which measures are computed and scored.
 *
 * Two layouts are read. The organisers':
 *
 *     TASK/model_configs.json                  hyper-parameters, and accuracies where they are public, of each model
 *     TASK/model_*\/config.json                 layers, as Keras names them
 *     TASK/model_*\/weights.hdf5, weights_init.hdf5    at the end, and before the first step (may be missing)
 *     TASK/dataset_1/train/shard_*.tfrecord    the training examples
 *
 * and ours, known by task.json, which says what the training examples are:
 *
 *     TASK/model_configs.json                  as above
 *     TASK/task.json                           {"format": "ermine-task", "version": 1, "data": "data.name = ...\n..."}
 *     TASK/model_*\/network.safetensors, init.safetensors
 *
 * gap = train_acc - test_acc = test error - training error. docs/pgdl.md is the page for users.
 *
 * All that comes from such a folder is hostile until checked: sizes are bounded, nothing in it is executed, and no path
 * in it is followed. The readers of JSON and of records are our own to this end; HDF5 is read by its library, which was not
 * made for files that mean harm (docs/decisions.md).
 *
 * Sources: Jiang et al., "NeurIPS 2020 competition: Predicting generalization in deep learning", arXiv 2012.07976; the
 * layout is that of the organisers' ingestion and scoring programs.
 */
#ifndef ERMINE_PGDL_H
#define ERMINE_PGDL_H

#include <ermine/data.h>
#include <ermine/measure.h>
#include <ermine/table.h>

enum {
    ER_PGDL_MODELS_MAX = 100000,
    ER_PGDL_PARAMETERS_MAX = 64,
    ER_PGDL_LEVELS_MAX = 4096,
    ER_PGDL_CONFIGS_BYTES = 1 << 26, /* of model_configs.json */
    ER_PGDL_CONFIG_BYTES = 1 << 20,  /* of config.json and task.json */
};
#define ER_PGDL_WEIGHTS_BYTES ((size_t)1 << 31)
#define ER_PGDL_SHARD_BYTES   ((size_t)1 << 32)

/* A hyper-parameter: what its values are, in rising order where all of them are numbers, else as the file has them. */
struct er_pgdl_parameter {
    const char *name;
    int64_t levels;
    const char *const *text; /* levels */
    const double *number;    /* levels; NaN for what is no number */
    bool numeric;            /* all are numbers */
};

struct er_pgdl_model {
    const char *name;                                            /* the key in model_configs.json */
    const char *folder;                                          /* below the task's: "model_13" */
    const int32_t *level;                                        /* of each hyper-parameter */
    double train_accuracy, test_accuracy, train_loss, test_loss; /* NaN where the file has none */
};

struct er_pgdl_task {
    const char *name, *folder; /* the last part of the path, and the path */
    int64_t parameters, models;
    struct er_pgdl_parameter *parameter;
    struct er_pgdl_model *model; /* in the order of model_configs.json */
    bool ours;                   /* the second layout */
    const char *data; /* ours: settings of the data as er_data_settings_read() takes them; else NULL */
    struct er_arena *memory;
};

/**
 * Reads model_configs.json and task.json. No model is opened.
 *
 * Values of hyper-parameters are compared as texts, numbers by value: "256" is 256, 0 is 0.0.
 *
 * @param out  cleared by er_pgdl_task_clear(). Untouched on failure.
 * Errors: ER_E_NOT_FOUND (no such folder or file), ER_E_INPUT with the model, key and value (a current value that is not among the
 * possible ones, hyper-parameters that differ between models, a folder's name with a slash), ER_E_LIMIT, ER_E_NOMEM.
 */
ER_API enum er_status er_pgdl_task_open(const char *folder, struct er_pgdl_task *out, struct er_error *err);
ER_API void er_pgdl_task_clear(struct er_pgdl_task *task);

/** The same of the bytes of a model_configs.json alone; name, folder and data are left NULL. */
ER_API enum er_status er_pgdl_configs_parse(const char *json, size_t n, struct er_pgdl_task *out,
                                            struct er_error *err);

/* A network of Keras layers as a model of ours. */
struct er_pgdl_architecture {
    char *model; /* text for er_model_parse(); freed by er_free() */
    char *
        weights; /* a line for each layer that has weights: their Keras names with blanks between; freed by er_free() */
    struct er_shape input; /* a vector is 1 x 1 x D */
    int64_t outputs;
};

/**
 * Translates the bytes of a config.json, {"model_config": [{"layer_name": "Conv2D", ...}, ...], "input_shape": [32, 32, 3]}.
 *
 * Layers: Conv2D, Dense, BatchNormalization, Activation, ReLU, LeakyReLU, ELU, Softmax (last alone, and left out: the
 * networks' outputs are logits), Dropout, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, Flatten, InputLayer. padding
 * "same" is TensorFlow's, with strides too. What changes nothing in a trained network (initialisers, regularisers, names) is
 * passed over; every other key must be one that is known, with a value that we compute.
 *
 * @param out  cleared by er_pgdl_architecture_clear(). Untouched on failure.
 * Errors: ER_E_UNSUPPORTED names the layer, its number from 0, and the key; ER_E_INPUT, ER_E_LIMIT, ER_E_NOMEM.
 */
ER_API enum er_status er_pgdl_architecture_parse(const char *json, size_t n, struct er_pgdl_architecture *out,
                                                 struct er_error *err);
ER_API void er_pgdl_architecture_clear(struct er_pgdl_architecture *architecture);

/**
 * Reads the weights of a network from the bytes of a weights.hdf5 as Keras saves them: layers by position in the file's order
 * (attribute layer_names), weights by position within a layer (weight_names), their names and shapes checked.
 *
 * @param file   names it in messages. @param weights  er_pgdl_architecture.weights.
 * @param w, statistics  P and S numbers, overwritten; undefined on failure. statistics may be NULL where S is 0.
 * Errors: ER_E_INPUT (no HDF5 file, a group or attribute that is missing, another number of layers, other names), ER_E_SHAPE
 * with both shapes, ER_E_UNSUPPORTED (links to elsewhere, compressed or external values, no floats), ER_E_NONFINITE (a weight
 * is infinite or NaN), ER_E_NOMEM.
 * Threads: any; one reads at a time. Leaves the library's error handler as it was.
 */
ER_API enum er_status er_pgdl_weights_parse(const char *file, const void *bytes, size_t n,
                                            const char *weights, const struct er_net *net, float *w,
                                            float *statistics, struct er_error *err);

/** Appends the examples of a shard's bytes to a set: n = 0 and x = NULL at first, else of the same shape. `classes` is
 * given. The set is untouched on failure. ER_E_INPUT with the record, ER_E_SHAPE, ER_E_NOMEM. */
ER_API enum er_status er_pgdl_shard_parse(const unsigned char *bytes, size_t n, int64_t classes,
                                          struct er_dataset *set, struct er_error *err);

/* The training examples of a task, and those of testing where they are known (ours). */
struct er_pgdl_data {
    struct er_split split; /* test.n is 0 where there are none */
    char checksum
        [ER_SHA256_HEX]; /* of the bytes of the shards, or that of <ermine/data.h> with the settings */
};

/**
 * Reads them: all shards in the order of their numbers, or the named data set.
 *
 * @param places  where named data sets are; may be NULL for the organisers' layout.
 * @param out     freed by er_pgdl_data_clear(). Untouched on failure.
 * Errors: ER_E_NOT_FOUND (no shard; no such data set), ER_E_INPUT, ER_E_SHAPE, ER_E_LIMIT, ER_E_NOMEM.
 * Memory: the examples, and one shard.
 */
ER_API enum er_status er_pgdl_data_open(const struct er_pgdl_task *task, const struct er_data_places *places,
                                        struct er_pgdl_data *out, struct er_error *err);
ER_API void er_pgdl_data_clear(struct er_pgdl_data *data);

/* A model of a task with its numbers. */
struct er_pgdl_network {
    struct er_net *net;
    float *w, *statistics;                 /* P and S */
    float *initial_w, *initial_statistics; /* NULL: the folder has none */
    char digest[ER_SHA256_HEX];            /* of the bytes of its files */
};

/**
 * Opens model i. The loss is cross-entropy; ours: what the file says.
 *
 * @param out  freed by er_pgdl_network_close(). Untouched on failure.
 * Errors: those above, with the file.
 */
ER_API enum er_status er_pgdl_network_open(const struct er_pgdl_task *task, int64_t i,
                                           struct er_pgdl_network *out, struct er_error *err);
ER_API void er_pgdl_network_close(struct er_pgdl_network *network);

/* What is measured of a task. */
struct er_pgdl_request {
    const struct er_measure *const *measure; /* measures of them */
    int64_t measures;
    int64_t models; /* the first so many of the task; 0: all */
    const char *
        results; /* a file to which each value is appended as soon as it is there, and from which values are taken
                            that are there; NULL: none */
};

/* models x measures values, and training accuracies. */
struct er_pgdl_measured {
    int64_t models, measures, computed, found; /* computed by this call; found in the file of results */
    double *value;                             /* NaN: not to be had; model after model */
    char **reason;                             /* why; NULL where there is a value */
    double *
        accuracy; /* models: of the network on the training examples, as it was read here. NaN: it could not be read */
    struct er_arena *memory;
};

/**
 * Measures of the first models of a task. Models are tasks of the pool, each with a thread.
 *
 * A model that can't be read, and a measure that is not defined for it, have a reason in place of a value. A value in the
 * file of results counts when the bytes of the model's files, the data and the measure's version are those of now. A line that
 * was cut by a crash is left out and computed again.
 *
 * @param pool      NULL: the caller's thread alone.
 * @param progress  "models"; may ask to stop.
 * @param out       cleared by er_pgdl_measured_clear(). Untouched on failure.
 * Errors: ER_E_STOPPED (what was computed is in the file), ER_E_IO, ER_E_FULL, ER_E_SHAPE (no model fits the data), ER_E_NOMEM.
 * Invariant: the same bits for any number of threads, interrupted or not (tests/pgdl/measure.c).
 */
ER_API enum er_status er_pgdl_measure(const struct er_pgdl_task *task, const struct er_pgdl_data *data,
                                      const struct er_pgdl_request *request, struct er_pool *pool,
                                      const struct er_progress *progress, struct er_pgdl_measured *out,
                                      struct er_error *err);
ER_API void er_pgdl_measured_clear(struct er_pgdl_measured *measured);

/**
 * A row for each model: "network" (its name), the hyper-parameters, "train_acc", "test_acc", "gap", "measured_train_acc", and the
 * measures. Hyper-parameters that are not all numbers are words.
 *
 * @param out  cleared by er_table_clear().
 */
ER_API enum er_status er_pgdl_table(const struct er_pgdl_task *task, const struct er_pgdl_request *request,
                                    const struct er_pgdl_measured *measured, struct er_table *out,
                                    struct er_error *err);

/**
 * Writes a task of ours from a study whose networks are kept (`train: {keep: [init, end]}`): a model for each run that has
 * errors and a network at its end, with all axes of more than one value as hyper-parameters, the seed among them.
 *
 * @param runs, networks  tables of er_study_table() and er_study_networks(). @param study  its name.
 * @param folder  made; model_configs.json is written last, so that what was broken off is no task.
 * @param models  how many were written.
 * Errors: ER_E_USAGE (the folder has a task, no run has a network, no axis has two values), ER_E_UNSUPPORTED (data of a file, or runs of different
 * data: a task has one set), errors of reading and writing files, ER_E_NOMEM.
 * Cost: a copy of the networks' files.
 */
ER_API enum er_status er_pgdl_export(const struct er_table *runs, const struct er_table *networks,
                                     const char *study, const char *folder, int64_t *models,
                                     struct er_error *err);

#endif
