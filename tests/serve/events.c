/* What is posted reaches every client, in order and in the form of the standard; who does not keep up is
 * dropped, at a bound, and disturbs nobody. */
#include "t.h"

#include "serve/events.h"

#include <pthread.h>
#include <stdatomic.h>

/* A carrier that only counts. */
struct counts {
    int sleeps, wakes, drops;
};

static void count_sleep(void *ctx)
{
    ((struct counts *)ctx)->sleeps++;
}

static void count_wake(void *ctx)
{
    ((struct counts *)ctx)->wakes++;
}

static void count_drop(void *ctx)
{
    ((struct counts *)ctx)->drops++;
}

static struct er_event_carrier carrier(struct counts *counts)
{
    return (struct er_event_carrier){
        .ctx = counts, .sleep = count_sleep, .wake = count_wake, .drop = count_drop};
}

/* Everything that waits, `room` bytes at a time; returns the last answer, 0 or -1. */
static ssize_t read_all(struct er_event_client *client, size_t room, char *out, size_t size)
{
    size_t n = 0;
    ssize_t got;
    char bytes[512];
    while ((got = er_events_read(client, bytes, room)) > 0) {
        if (n + (size_t)got < size) memcpy(out + n, bytes, (size_t)got);
        n += (size_t)got;
    }
    out[n < size ? n : size - 1] = '\0';
    return got;
}

static void form(void)
{
    static const struct {
        const char *data, *want;
    } cases[] = {
        {"{\"version\":1}", "event: page\ndata: {\"version\":1}\n\n"},
        {"", "event: page\ndata: \n\n"},
        {"one\ntwo", "event: page\ndata: one\ndata: two\n\n"},
        {"one\r\ntwo\rthree", "event: page\ndata: one\ndata: two\ndata: three\n\n"},
        {"end\n", "event: page\ndata: end\ndata: \n\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct er_buffer text = {0};
        er_event_write(&text, "page", cases[i].data);
        T_EQ_STR(text.data, cases[i].want, "the form of case %d", (int)i);
        er_buffer_clear(&text);
    }
}

static void say_hello(void *ctx, struct er_buffer *out)
{
    er_event_write(out, "hello", ctx);
}

static void a_client(void)
{
    struct er_error err;
    struct er_events *events = NULL;
    struct er_event_client *client = NULL;
    struct counts counts = {0};
    char text[1024], world[] = "world";
    const struct er_events_options options = {.greet = say_hello, .ctx = world};
    T_STATUS(er_events_new(&options, &events, &err), ER_OK, "a stream");
    er_events_post(events, "early", "nobody");
    const struct er_event_carrier counting = carrier(&counts);
    T_STATUS(er_events_join(events, &counting, &client, &err), ER_OK, "a client");
    T_EQ_INT(er_events_clients(events), 1, "one client");
    er_events_post(events, "a", "1");
    T_EQ_INT(read_all(client, 7, text, sizeof text), 0, "after what waits there is nothing");
    T_EQ_STR(text, "event: hello\ndata: world\n\nevent: a\ndata: 1\n\n", "the greeting comes first");
    T_EQ_INT(counts.sleeps, 1, "then it sleeps");
    T_EQ_INT(counts.wakes, 0, "and was not woken while it was awake");
    er_events_post(events, "b", "2");
    er_events_ping(events);
    T_EQ_INT(counts.wakes, 1, "the first news wake it, the next find it awake");
    T_EQ_INT(read_all(client, 512, text, sizeof text), 0, "both are read");
    T_EQ_STR(text, "event: b\ndata: 2\n\n: here\n\n", "in order");
    er_events_post(events, "c", "3");
    er_events_end(events);
    T_EQ_INT(read_all(client, 512, text, sizeof text), -1, "the end comes after what was posted before it");
    T_EQ_STR(text, "event: c\ndata: 3\n\n", "which is read");
    T_EQ_INT(counts.drops, 0, "nobody was dropped");
    er_events_leave(client);
    T_EQ_INT(er_events_clients(events), 0, "no client");
    T_STATUS(er_events_join(events, &counting, &client, &err), ER_OK, "who comes after the end");
    T_EQ_INT(read_all(client, 512, text, sizeof text), -1, "is greeted, and it is over");
    er_events_leave(client);
    er_events_free(events);
}

static void slow_client(void)
{
    enum { LIMIT = 100 };
    struct er_error err;
    struct er_events *events = NULL;
    struct er_event_client *slow = NULL, *quick = NULL, *third = NULL;
    struct counts slow_counts = {0}, quick_counts = {0};
    char text[4096];
    int64_t heard = 0;
    const struct er_events_options options = {.queue = LIMIT, .clients = 2};
    T_STATUS(er_events_new(&options, &events, &err), ER_OK, "a stream with short queues");
    const struct er_event_carrier for_slow = carrier(&slow_counts), for_quick = carrier(&quick_counts);
    T_STATUS(er_events_join(events, &for_slow, &slow, &err), ER_OK, "a client");
    T_STATUS(er_events_join(events, &for_quick, &quick, &err), ER_OK, "another");
    T_STATUS(er_events_join(events, &for_quick, &third, &err), ER_E_LIMIT, "more than may be");
    T_EQ_INT(er_events_read(slow, text, 1), 0, "the slow one sleeps");
    for (int i = 0; i < 20; i++) {
        er_events_post(events, "n", "0123456789"); /* 27 bytes */
        T_EQ_INT(read_all(quick, 512, text, sizeof text), 0, "the quick one reads");
        heard += (int64_t)strlen(text);
    }
    T_EQ_INT(heard, 20 * 27, "the quick one hears all");
    T_EQ_INT(quick_counts.drops, 0, "and is not dropped");
    T_EQ_INT(slow_counts.drops, 1, "the slow one is, once");
    T_EQ_INT(slow_counts.wakes, 1, "and was woken");
    T_EQ_INT(er_events_read(slow, text, sizeof text), -1, "for it, it is over");
    T_EQ_INT(er_events_clients(events), 2, "it counts until it leaves");
    er_events_leave(slow);
    T_STATUS(er_events_join(events, &for_slow, &slow, &err), ER_OK, "it may come back");
    er_events_post(events, "n", "x");
    T_EQ_INT(read_all(slow, 512, text, sizeof text), 0, "and hears again");
    T_EQ_STR(text, "event: n\ndata: x\n\n", "what is posted from then on");
    er_events_leave(slow);
    er_events_leave(quick);
    er_events_free(events);
}

/* A queue of exactly the limit is not too long. */
static void at_the_limit(void)
{
    struct er_error err;
    struct er_events *events = NULL;
    struct er_event_client *client = NULL;
    struct counts counts = {0};
    char text[64];
    const struct er_events_options options = {.queue = 2 * 18};
    T_STATUS(er_events_new(&options, &events, &err), ER_OK, "a stream");
    const struct er_event_carrier counting = carrier(&counts);
    T_STATUS(er_events_join(events, &counting, &client, &err), ER_OK, "a client");
    er_events_post(events, "n", "1"); /* 18 bytes */
    er_events_post(events, "n", "2");
    T_EQ_INT(counts.drops, 0, "a full queue");
    T_EQ_INT(er_events_read(client, text, 1), 1, "one byte is taken");
    er_events_post(events, "n", "");
    T_EQ_INT(counts.drops, 1, "what does not fit any more");
    er_events_leave(client);
    er_events_free(events);
}

/* Many threads post while clients read, sleep and come and go: nothing is lost or torn. */
enum { POSTERS = 3, POSTS = 2000, READERS = 3 };
static struct er_events *stream;
static atomic_int posted;

struct reader {
    pthread_mutex_t lock;
    pthread_cond_t awake;
    bool asleep;
    int64_t lines[POSTERS], wrong;
};

static void reader_sleep(void *ctx)
{
    struct reader *r = ctx;
    pthread_mutex_lock(&r->lock);
    r->asleep = true;
    pthread_mutex_unlock(&r->lock);
}

static void reader_wake(void *ctx)
{
    struct reader *r = ctx;
    pthread_mutex_lock(&r->lock);
    r->asleep = false;
    pthread_cond_signal(&r->awake);
    pthread_mutex_unlock(&r->lock);
}

static void *post_many(void *ctx)
{
    const int *poster = ctx;
    char data[32];
    for (int i = 0; i < POSTS; i++) {
        snprintf(data, sizeof data, "%d %d", *poster, i);
        er_events_post(stream, "n", data);
    }
    posted++;
    return NULL;
}

static void take_line(struct reader *r, const char *line)
{
    int poster = -1, number = -1;
    if (strncmp(line, "data: ", 6) != 0) return;
    if (sscanf(line, "data: %d %d", &poster, &number) != 2 || poster < 0 || poster >= POSTERS ||
        number != r->lines[poster]++)
        r->wrong++;
}

static void *read_many(void *ctx)
{
    struct reader *r = ctx;
    const struct er_event_carrier own = {
        .ctx = r, .sleep = reader_sleep, .wake = reader_wake, .drop = reader_sleep};
    struct er_event_client *client = NULL;
    char line[256], bytes[300];
    size_t n = 0;
    if (er_events_join(stream, &own, &client, NULL) != ER_OK) return NULL;
    posted++;
    for (ssize_t got; (got = er_events_read(client, bytes, sizeof bytes)) >= 0;) {
        for (ssize_t i = 0; i < got; i++) {
            line[n] = bytes[i];
            if (bytes[i] != '\n' && n + 1 < sizeof line) {
                n++;
                continue;
            }
            line[n] = '\0';
            take_line(r, line);
            n = 0;
        }
        pthread_mutex_lock(&r->lock);
        while (got == 0 && r->asleep) pthread_cond_wait(&r->awake, &r->lock);
        pthread_mutex_unlock(&r->lock);
    }
    er_events_leave(client);
    return NULL;
}

static void at_once(void)
{
    static struct reader reader[READERS];
    struct er_error err;
    pthread_t posters[POSTERS], readers[READERS];
    int number[POSTERS];
    const struct er_events_options options = {.queue = 1 << 20};
    T_STATUS(er_events_new(&options, &stream, &err), ER_OK, "a stream for threads");
    for (int i = 0; i < READERS; i++) {
        pthread_mutex_init(&reader[i].lock, NULL);
        pthread_cond_init(&reader[i].awake, NULL);
        pthread_create(&readers[i], NULL, read_many, &reader[i]);
    }
    while (posted < READERS) {}
    for (int i = 0; i < POSTERS; i++) {
        number[i] = i;
        pthread_create(&posters[i], NULL, post_many, &number[i]);
    }
    for (int i = 0; i < POSTERS; i++) pthread_join(posters[i], NULL);
    er_events_end(stream);
    for (int i = 0; i < READERS; i++) pthread_join(readers[i], NULL);
    for (int i = 0; i < READERS; i++) {
        T_EQ_INT(reader[i].wrong, 0, "reader %d: every event in order of its poster", i);
        for (int p = 0; p < POSTERS; p++) T_EQ_INT(reader[i].lines[p], POSTS, "reader %d hears all", i);
    }
    er_events_free(stream);
}

int main(void)
{
    struct er_error err;
    struct er_events *events = NULL;
    const struct er_events_options options = {.greet = say_hello, .ctx = (char[]){"x"}};
    form();
    a_client();
    slow_client();
    at_the_limit();
    at_once();
    T_ALLOCATIONS(er_events_new(&options, &events, &err), er_events_free(events), "er_events_new");
    struct er_event_client *client = NULL;
    struct counts counts = {0};
    const struct er_event_carrier counting = carrier(&counts);
    T_STATUS(er_events_new(&options, &events, &err), ER_OK, "a stream");
    T_ALLOCATIONS(er_events_join(events, &counting, &client, &err), er_events_leave(client),
                  "er_events_join");
    er_events_free(events);
    return t_done();
}
