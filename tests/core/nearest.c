/* The nearest word is the one a person meant, and none when there is none. */
#include "t.h"

#include "core/number.h"

static const char *const layers[] = {"dense", "relu", "tanh", "erf", "identity", "flatten"};
static const char *const keys[] = {"rate", "momentum", "nesterov", "weight-decay", "batch", "epochs"};

static const char *among_layers(const char *word)
{
    return er_nearest(word, layers, (int64_t)(sizeof layers / sizeof *layers));
}

static const char *among_keys(const char *word)
{
    return er_nearest(word, keys, (int64_t)(sizeof keys / sizeof *keys));
}

int main(void)
{
    T_EQ_STR(among_layers("dense"), "dense", "the word itself");
    T_EQ_STR(among_layers("dens"), "dense", "a letter missing");
    T_EQ_STR(among_layers("densee"), "dense", "a letter too many");
    T_EQ_STR(among_layers("danse"), "dense", "a letter replaced");
    T_EQ_STR(among_layers("dnese"), "dense", "neighbours swapped");
    T_EQ_STR(among_layers("reul"), "relu", "one swap is one edit, within the (4 + 1) / 3 of a word of four");
    T_EQ_STR(among_layers("ReLU"), "relu", "case does not count");
    T_EQ_STR(among_keys("weight_decay"), "weight-decay", "an underscore");
    T_EQ_STR(among_keys("wieghtdecay"), "weight-decay", "a swap and a hyphen missing");
    T_EQ_STR(among_keys("epoch"), "epochs", "a plural");

    T_OK(!among_layers("convolution"), "nothing near");
    T_OK(!among_layers(""), "an empty word");
    T_OK(!among_layers("r"), "one letter is no hint");
    T_OK(!among_layers("rexy"), "two edits of four letters are too many");
    T_OK(!among_layers("hant"), "letters swapped over a distance are two edits");
    T_OK(!er_nearest("dense", NULL, 0), "an empty list");

    static const char *const equal[] = {"cat", "bat", "rat"};
    T_EQ_STR(er_nearest("hat", equal, 3), "cat", "of words equally near the first");
    static const char *const ab[] = {"ca", "abc"};
    T_OK(!er_nearest("ca", ab + 1, 1), "ca to abc is three edits: no part is edited after it was swapped");

    char longest[66];
    memset(longest, 'x', sizeof longest);
    longest[64] = '\0';
    const char *const words[] = {longest};
    T_EQ_STR(er_nearest(longest, words, 1), longest, "64 bytes are looked at");
    longest[64] = 'x';
    longest[65] = '\0';
    T_OK(!er_nearest(longest, words, 1), "65 are not");
    longest[0] = '\0';
    longest[64] = 'x';
    static char endless[4096];
    memset(endless, 'y', sizeof endless - 1);
    T_OK(!among_layers(endless), "a long word costs nothing");
    return t_done();
}
