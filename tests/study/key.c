/* Keys: equal for what gives equal numbers, different for what does not, and the same for ever. */
#include "core/buffer.h"
#include "experiments/experiment.h"
#include "study/study.h"
#include "support/study_text.h"
#include "t.h"

#include <ermine/version.h>

static const char *const usual = "study: s\n"
                                 "data: {name: fashion-mnist, train: 4000}\n"
                                 "model: [dense 512, relu, dense]\n"
                                 "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n";

/* The key of a study's run 0, or "" with a failed test. */
static void key_of(const char *yaml, char key[ER_SHA256_HEX])
{
    struct er_study *study = NULL;
    struct er_error err;
    key[0] = '\0';
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", yaml);
    if (!study) return;
    T_STATUS(er_study_key(study, 0, "c0ffee", key, &err), ER_OK, "its key");
    er_study_free(study);
}

/* The golden text. If this fails, every stored result of every user is lost to its study: a change here is a
 * change of the format, to be announced and given a migration. */
static void check_golden(void)
{
    static const char before[] = "data.name = fashion-mnist\n"
                                 "data.train = 4000\n"
                                 "data.select = random\n"
                                 "data.stratify = false\n"
                                 "data.seed = 0\n"
                                 "data.condition = true-labels\n"
                                 "data.labels.corrupt = 0\n"
                                 "data.standardise = auto\n"
                                 "model = [dense 512, relu, dense]\n"
                                 "train.loss = cross-entropy\n"
                                 "train.optimiser = sgd\n"
                                 "train.sgd.rate = 0.1\n"
                                 "train.sgd.momentum = 0\n"
                                 "train.sgd.nesterov = false\n"
                                 "train.sgd.weight_decay = 0\n"
                                 "train.sgd.batch = 64\n"
                                 "train.schedule.kind = constant\n"
                                 "train.schedule.warm_up = 0\n"
                                 "train.until.train_error = 0\n"
                                 "train.epochs = 100\n"
                                 "train.record.every = 1\n"
                                 "train.record.early = 0\n"
                                 "seed = 0\n";
    char want[2048], key[ER_SHA256_HEX], hash[ER_SHA256_HEX], *text = NULL;
    struct er_study *study = NULL;
    struct er_error err;
    er_sha256(before, sizeof before - 1, hash);
    T_EQ_STR(hash, "0a737db73badb1a0a0e7d7abcd1389e65a4c798d3793b4707001023d53d58e8e",
             "the text's own golden hash");
    T_STATUS(study_parse(usual, &study, &err), ER_OK, "the usual study");
    if (!study) return;
    snprintf(want, sizeof want, "%sexperiment = train %s\nisa = %s\nchecksum = c0ffee\n", before,
             er_study_experiment(study)->arithmetic, er_isa());
    T_STATUS(er_study_canonical(study, 0, "c0ffee", &text, &err), ER_OK, "its canonical text");
    T_EQ_STR(text, want, "is the one of the first release");
    er_sha256(want, strlen(want), hash);
    T_STATUS(er_study_key(study, 0, "c0ffee", key, &err), ER_OK, "its key");
    T_EQ_STR(key, hash, "is the hash of that text");
    er_free(text);
    T_STATUS(er_study_canonical(study, 0, NULL, &text, &err), ER_OK, "without data");
    T_OK(text && !strstr(text, "checksum"), "there is no checksum in it");
    er_free(text);
    er_study_free(study);
}

/* Spellings of the usual study. */
static const char *const same[] = {
    /* order of keys, block style, another name and title, figures, defaults written out */
    "model: [dense 512, relu, dense]\ntrain: {until: {train_error: 0.0}, sgd: {rate: 0.10}}\n"
    "data: {train: 4000, name: fashion-mnist}\nstudy: other\ntitle: A title\nseeds: [0, 1]\n",
    "study: s\ndata:\n  name: 'fashion-mnist'\n  train: 4000\nmodel:\n- dense: {width: 512}\n- relu\n- "
    "dense\n"
    "train:\n  sgd:\n    rate: 1e-1\n  until:\n    train_error: -0\n"
    "figures: []\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, seed: 0, labels: {corrupt: 0}, select: random}\n"
    "model: '[dense 512 init=he bias=true, relu, dense]'\nseeds: 5\n"
    "train: {optimiser: sgd, loss: cross-entropy, sgd: {rate: 0.1, momentum: 0, batch: 64, nesterov: "
    "false},\n"
    "  until: {train_error: 0}, epochs: 100, schedule: {kind: constant}, record: {}}\n",
    "study: s\ndata: {name: fashion-mnist, train: [4000, 5000]}\nmodel: [dense 512, relu, dense]\n"
    "train: {until: {train_error: [0, 0.5]}}\nzip: [[data.train, train.until.train_error]]\n",
    "study: s\ndata: [{name: fashion-mnist, train: 4000}, {name: mnist}]\nmodel: [[dense 512, relu, dense]]\n"
    "train: [{sgd: {rate: [0.1, 0.2]}, until: {train_error: 0}}, {adam: {}}]\n",
    /* what is kept changes no number */
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}, keep: [init, end, 10]}\n",
    /* fewer pixels and other labels, none of it, in all words */
    "study: s\ndata: {name: fashion-mnist, train: 4000, crop: 0, pool: 1, labels: {draw: all}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    /* no augmentation, in all words */
    "study: s\ndata: {name: fashion-mnist, train: 4000, augment: {crop: 0, padding: zero, flip: false}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
};

/* Each differs from the usual study in one thing that changes its numbers. */
static const char *const other[] = {
    "study: s\ndata: {name: mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, seed: 1}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, tanh, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.10000000000000002}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {gradient-descent: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}, epochs: 99}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\nseeds: [1]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000}\nmodel: [dense 512, relu, dense]\n"
    "train: {sgd: {rate: 0.1}, until: {train_error: 0}, record: {early: 1}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, crop: 24}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, pool: 2}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, labels: {task: parity}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, labels: {draw: wrong}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, standardise: set}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, augment: {flip: true}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, augment: {crop: 2}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
    "study: s\ndata: {name: fashion-mnist, train: 4000, augment: {crop: 2, padding: edge}}\n"
    "model: [dense 512, relu, dense]\ntrain: {sgd: {rate: 0.1}, until: {train_error: 0}}\n",
};

enum { OTHERS = sizeof other / sizeof *other };

static void check_equal_and_different(void)
{
    char key[ER_SHA256_HEX], seen[OTHERS + 1][ER_SHA256_HEX];
    key_of(usual, seen[0]);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        key_of(same[i], key);
        T_EQ_STR(key, seen[0], "the same run in other words: %s", same[i]);
    }
    for (int i = 0; i < OTHERS; i++) {
        key_of(other[i], seen[i + 1]);
        for (int j = 0; j <= i; j++)
            T_OK(strcmp(seen[i + 1], seen[j]) != 0, "studies %d and %d give different numbers", i, j - 1);
    }
}

/* The checksum stands for the data: it changes the key, and a file's path does not. */
static void check_data(void)
{
    struct er_study *a = NULL, *b = NULL;
    struct er_error err;
    char key[3][ER_SHA256_HEX] = {"", "", ""};
    T_STATUS(study_parse("study: a\ndata: {file: a.csv}\nmodel: [dense]\ntrain: {}\n", &a, &err), ER_OK,
             "a file");
    T_STATUS(study_parse("study: a\ndata: {file: /tmp/b.csv}\nmodel: [dense]\ntrain: {}\n", &b, &err), ER_OK,
             "the same elsewhere");
    if (a && b) {
        T_STATUS(er_study_key(a, 0, "1", key[0], &err), ER_OK, "key");
        T_STATUS(er_study_key(b, 0, "1", key[1], &err), ER_OK, "key");
        T_STATUS(er_study_key(b, 0, "2", key[2], &err), ER_OK, "key");
    }
    T_EQ_STR(key[0], key[1], "a file that moved has the same results");
    T_OK(strcmp(key[1], key[2]) != 0, "a file that changed has others");
    er_study_free(a);
    er_study_free(b);
}

/* A measure of version 0 is in the key by its name alone, others with their versions in a line of their own. */
static void check_versions(void)
{
    const struct er_measure measure[] = {
        {.name = "a"}, {.name = "b", .version = 2}, {.name = "c"}, {.name = "d", .version = 1}};
    struct er_buffer text = {0};
    struct er_error err;
    char *line = NULL;
    bool begun = false;
    begun = er_key_version(&text, &measure[0], begun);
    T_OK(!begun && text.length == 0, "version 0 changes no key");
    for (int i = 1; i < 4; i++) begun = er_key_version(&text, &measure[i], begun);
    T_STATUS(er_buffer_take(&text, &line, &err), ER_OK, "the line");
    T_OK(begun, "is begun");
    T_EQ_STR(line, "versions = b 2 d 1", "names with their versions");
    er_free(line);
}

/* The measures of a study whose list is `list`, in their canonical form; freed by er_free(). */
static char *measures_of(const char *list)
{
    char yaml[400];
    struct er_study *study = NULL;
    struct er_error err;
    snprintf(yaml, sizeof yaml, "%smeasures: %s\n", usual, list);
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "%s", list);
    char *text = er_strdup(study ? er_point_text(er_study_point(study, 0), "measures", "") : "");
    er_study_free(study);
    return text;
}

/* The names of families stand for their members, in the order of the list. */
static void check_families(void)
{
    int64_t n;
    const struct er_measure *const *list = er_measure_list(&n);
    char all[16384] = "", family[16384] = "";
    for (int64_t i = 0; i < n; i++) {
        const bool in = strcmp(list[i]->family, "curvature") == 0 || strcmp(list[i]->name, "vc_bound") == 0;
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", all[0] ? " " : "", list[i]->name);
        if (in)
            snprintf(family + strlen(family), sizeof family - strlen(family), "%s%s", family[0] ? " " : "",
                     list[i]->name);
        T_OK(list[i]->family[0] && strcmp(list[i]->family, "all") != 0 && !er_measure_find(list[i]->family),
             "%s: its family, %s, is a word of its own", list[i]->name, list[i]->family);
    }
    char *got = measures_of("all");
    T_EQ_STR(got, all, "all");
    er_free(got);
    got = measures_of("[curvature, vc_bound, lambda_max]");
    T_EQ_STR(got, family, "a family with a measure, and one of its members by name");
    er_free(got);
}

static enum er_status canonical(const struct er_study *study, char **text)
{
    struct er_error err;
    return er_study_canonical(study, 0, "1", text, &err);
}

static void check_allocations(void)
{
    struct er_study *study = NULL;
    struct er_error err;
    char *text = NULL;
    T_STATUS(study_parse(usual, &study, &err), ER_OK, "the usual study");
    if (!study) return;
    T_ALLOCATIONS(canonical(study, &text), er_free(text), "canonical text survives every failed allocation");
    er_study_free(study);
}

int main(void)
{
    check_golden();
    check_equal_and_different();
    check_data();
    check_versions();
    check_families();
    check_allocations();
    return t_done();
}
