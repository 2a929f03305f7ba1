/* The data of a run from the text of its settings: what a study says, it says again; what is wrong is named.
 */
#include "experiments/data_keys.h"
#include "support/study_text.h"
#include "t.h"

static struct er_error err;

static void as_the_study(void)
{
    static const char yaml[] = "study: s\n"
                               "data: {name: two-spirals, train: 70, test: 30, noise: 0.25, seed: 7,\n"
                               "       labels: {corrupt: 0.5}, standardise: channel}\n"
                               "model: [dense]\n"
                               "train: {epochs: 1}\n";
    struct er_study *study = NULL;
    struct er_data_settings read = {0};
    char *text = NULL;
    T_STATUS(study_parse(yaml, &study, &err), ER_OK, "a study");
    T_STATUS(er_study_canonical(study, 0, NULL, &text, &err), ER_OK, "its text");
    T_STATUS(er_data_settings_read(text, &read, &err), ER_OK, "is read");
    const struct er_data_spec spec = er_data_keys_spec(er_study_point(study, 0));
    T_EQ_STR(read.spec.name, spec.name, "name");
    T_OK(read.spec.train == 70 && read.spec.test == 30 && read.spec.seed == 7, "whole numbers");
    T_OK(read.spec.noise == 0.25 && read.spec.corrupt == 0.5 && isnan(read.spec.separation), "numbers");
    T_EQ_INT(read.spec.standardise, ER_STANDARDISE_CHANNEL, "standardising");
    T_EQ_INT(spec.standardise, ER_STANDARDISE_CHANNEL, "as the study has it");
    er_data_settings_clear(&read);
    T_ALLOCATIONS(er_data_settings_read(text, &read, &err), er_data_settings_clear(&read), "reading");
    er_free(text);
    er_study_free(study);
}

static void later_counts(void)
{
    struct er_data_settings read = {0};
    T_STATUS(er_data_settings_read("data.name = mnist\nseed = 3\ndata.train = 5\n\ndata.train = 6\n"
                                   "data.name = parity\nmodel = [nonsense\n",
                                   &read, &err),
             ER_OK, "lines of one key");
    T_EQ_INT(read.spec.train, 6, "the later counts");
    T_EQ_STR(read.spec.name, "parity", "for the name too");
    T_EQ_INT(read.spec.standardise, ER_STANDARDISE_FEATURE, "defaults are those of the name");
    er_data_settings_clear(&read);
}

static void refused(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "data: a data.name or a data.file is missing"},
        {"data.name = mnits\n", "did you mean mnist?"},
        {"data.name = mnist\ndata.trian = 5\n", "data.trian: no such key"},
        {"data.name = mnist\ndata.labels = 5\n", "data.labels: no such key"},
        {"data.name = mnist\ndata.train\n", "'data.train' is no setting"},
        {"data.name = mnist\ndata.train = five\n", "data.train: 'five' is not an integer"},
        {"data.name = mnist\ndata.train = 0\n", "data.train: 0 is too small"},
        {"data.name = mnist\ndata.noise = 1\n", "data.noise: only generated data have it"},
        {"data.name = mnist\ndata.file = a.csv\n", "there is a data.name too"},
    };
    struct er_data_settings read = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        T_STATUS(er_data_settings_read(wrong[i].text, &read, &err), ER_E_INPUT, "%s", wrong[i].text);
        T_OK(strstr(err.msg, wrong[i].says), "\"%s\": %s", wrong[i].says, err.msg);
    }
    T_OK(!read.memory, "untouched");
}

int main(void)
{
    as_the_study();
    later_counts();
    refused();
    return t_done();
}
