/* Parts of a run: made once, whether they can be or not, and freed before what they were made of. */
#include "t.h"

#include "measures/measured.h"
#include "support/measured_net.h"

/* What the functions below did: letters in their order. */
static char did[16];

static void note(char letter)
{
    const size_t n = strlen(did);
    if (n + 1 < sizeof did) did[n] = letter;
}

struct number {
    int64_t is;
    float *room;
};

static void clear(void *part)
{
    struct number *number = part;
    note((char)('a' + number->is));
    er_free(number->room);
}

static enum er_status make_first(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct number *number = part;
    (void)run;
    note('A');
    T_OK(number->is == 0 && !number->room, "a part begins as zeros");
    number->is = which;
    number->room = er_alloc(4, sizeof *number->room);
    return number->room ? ER_OK : er_fail(err, ER_E_NOMEM, "no room");
}

static const struct er_part first = {"first", sizeof(struct number), make_first, clear, 0};

static enum er_status make_second(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    void *before;
    const enum er_status status = er_measured_part(run, &first, &before, err);
    note('B');
    if (status != ER_OK) return status;
    ((struct number *)part)->is = which;
    return ER_OK;
}

static const struct er_part second = {"second", sizeof(struct number), make_second, clear, 1};

static enum er_status make_none(struct er_measured_run *run, int which, void *part, struct er_error *err)
{
    struct number *number = part;
    (void)run;
    note('C');
    number->is = which;
    number->room = er_alloc(4, sizeof *number->room);
    return number->room ? er_fail(err, ER_E_UNSUPPORTED, "there is none of %d", which)
                        : er_fail(err, ER_E_NOMEM, "no room");
}

static const struct er_part none = {"none", sizeof(struct number), make_none, clear, 2};

static void test_kept(const struct er_measured *is)
{
    struct er_measured_run *run = NULL;
    struct er_error err = {0};
    void *part = NULL, *again = NULL, *untouched = &err;
    memset(did, 0, sizeof did);
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "a run");
    T_OK(!er_measured_made(run, &second), "not made yet");
    T_STATUS(er_measured_part(run, &second, &part, &err), ER_OK, "a part of a part");
    T_STATUS(er_measured_part(run, &second, &again, &err), ER_OK, "once more");
    T_OK(part == again && er_measured_made(run, &second) == part, "the same");
    T_STATUS(er_measured_part(run, &first, &part, &err), ER_OK, "what it was made of");
    for (int i = 0; i < 2; i++) {
        T_STATUS(er_measured_part(run, &none, &untouched, &err), ER_E_UNSUPPORTED, "a failure, kept");
        T_OK(strcmp(err.msg, "there is none of 2") == 0 && untouched == &err, "its reason: %s", err.msg);
        memset(&err, 0, sizeof err);
    }
    T_OK(!er_measured_made(run, &none), "there is none");
    er_measured_run_free(run);
    T_OK(strcmp(did, "ABCcba") == 0, "each made once, the newest freed first: %s", did);
}

/* That memory was out is not kept. */
static void test_memory(const struct er_measured *is)
{
    struct er_measured_run *run = NULL;
    struct er_error err = {0};
    void *part = NULL;
    T_STATUS(er_measured_run_new(is, NULL, &run, &err), ER_OK, "a run");
    T_ALLOCATIONS(er_measured_part(run, &second, &part, &err), er_measured_run_free(run), "parts");
}

int main(void)
{
    struct measured_net net;
    if (measured_net_open(&net, "[dense 3, relu, dense]", "cross-entropy", (struct er_shape){1, 1, 2}, 2,
                          10)) {
        test_kept(&net.is);
        test_memory(&net.is);
    }
    measured_net_close(&net);
    return t_done();
}
