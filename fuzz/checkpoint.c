/* Fuzzes checkpoints. The first byte says what the rest is: a whole checkpoint, or (odd) what stands behind
 * the member's hash, around which magic, checksum and hash are put as they must be. What is taken is written
 * again as it was read; what is refused leaves the trainee alone. */
#include "train/trainee.h"

#include <ermine/hash.h>
#include <ermine/memory.h>
#include <stdlib.h>
#include <string.h>

/* As in src/train/checkpoint.c: magic, the checksum of all behind it, the member's hash. */
enum { SUM = 8, SUMMED = SUM + ER_SHA256_HEX + 7, FRONT = SUMMED + ER_SHA256_HEX + 7 };

static float x[] = {0, 0, 0, 1, 1, 0, 1, 1};
static int32_t label[] = {0, 1, 1, 0};
static const struct er_dataset train = {.n = 4, .shape = {1, 1, 2}, .classes = 2, .x = x, .label = label};
static struct er_member member;
static struct er_trainee trainee;
static struct er_plans plans;
static unsigned char *start; /* a checkpoint of the untrained member */
static size_t start_bytes;

static void stop(void)
{
    er_trainee_clear(&trainee);
    er_plans_clear(&plans);
    er_net_free((struct er_net *)member.net);
    er_free(start);
}

/* A net of two layers, trained with momentum so that there is a state, with one record. */
static void begin(void)
{
    struct er_model *model = NULL;
    struct er_net *net = NULL;
    if (er_model_parse("[dense 2, tanh, dense]", &model, NULL) != ER_OK ||
        er_net_new(model, train.shape, train.classes, "cross-entropy", &net, NULL) != ER_OK)
        abort();
    er_model_free(model);
    member = (struct er_member){.net = net, .train = &train, .spec = er_train_spec_default()};
    member.spec.optimiser.momentum = 0.9;
    member.spec.optimiser.batch = 2;
    if (er_trainee_plans(&member, &plans, NULL) != ER_OK ||
        er_trainee_open(&trainee, &member, &plans, NULL, NULL) != ER_OK ||
        er_trainee_record(&trainee, NULL) != ER_OK)
        abort();
    start_bytes = er_checkpoint_bytes(&trainee);
    start = er_alloc((int64_t)start_bytes, 1);
    if (!start || er_checkpoint_write(&trainee, start, NULL) != ER_OK) abort();
    atexit(stop);
}

static void seal(unsigned char *bytes, size_t n)
{
    char sum[ER_SHA256_HEX];
    memcpy(bytes, start, FRONT);
    er_sha256(bytes + SUMMED, n - SUMMED, sum);
    memcpy(bytes + SUM, sum, sizeof sum);
}

/* The trainee's place is exactly these bytes, padding in the head apart. */
static bool is_at(const unsigned char *bytes, size_t n)
{
    if (er_checkpoint_bytes(&trainee) != n) return false;
    unsigned char *now = er_alloc((int64_t)n, 1);
    if (!now || er_checkpoint_write(&trainee, now, NULL) != ER_OK) abort();
    const bool same = memcmp(now + FRONT, bytes + FRONT, n - FRONT) == 0;
    er_free(now);
    return same;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (!start) begin();
    if (n == 0) return 0;
    const bool sealed = bytes[0] % 2;
    const size_t size = n - 1 + (sealed ? FRONT : 0);
    unsigned char *whole = er_alloc((int64_t)size, 1);
    if (!whole) abort();
    if (size) memcpy(whole + (sealed ? FRONT : 0), bytes + 1, n - 1);
    if (sealed) seal(whole, size);
    const enum er_status status = er_checkpoint_read(&trainee, whole, size, NULL);
    if (status == ER_OK ? !is_at(whole, size) : !is_at(start, start_bytes)) __builtin_trap();
    er_free(whole);
    if (er_checkpoint_read(&trainee, start, start_bytes, NULL) != ER_OK) __builtin_trap();
    return 0;
}
