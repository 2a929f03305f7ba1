/* Every status has a text and a number of its own; an error keeps its place, cuts what is too long and
 * survives being filled from itself. */
#include "t.h"

static const struct {
    enum er_status status;
    const char *name;
} all[] = {
#define ROW(name, number, text) {name, #name},
    ER_STATUS_LIST(ROW)
#undef ROW
};
enum { N = sizeof all / sizeof *all };

int main(void)
{
    for (int i = 0; i < N; i++) {
        T_OK(er_status_text(all[i].status)[0] != '\0', "%s has a text", all[i].name);
        for (int j = 0; j < i; j++)
            T_OK(all[i].status != all[j].status &&
                     strcmp(er_status_text(all[i].status), er_status_text(all[j].status)) != 0,
                 "%s differs from %s", all[i].name, all[j].name);
    }
    T_EQ_INT(ER_OK, 0, "success is 0");
    T_EQ_STR(er_status_text((enum er_status) - 9999), "unknown status", "a number that is none");

    T_EQ_INT(er_fail(NULL, ER_E_SHAPE, "nobody listens"), ER_E_SHAPE, "no error to fill");
    er_error_place(NULL, "a.yaml", 1, 1);

    struct er_error err = {.file = "old.yaml", .line = 3, .column = 9};
    char text[1024];
    T_EQ_INT(er_fail(&err, ER_E_USAGE, "rate %g is not above 0", -0.5), ER_E_USAGE, "the code is returned");
    T_EQ_INT(err.code, ER_E_USAGE, "and kept");
    T_EQ_STR(er_error_text(&err, text, sizeof text), "rate -0.5 is not above 0",
             "an older place is forgotten");
    er_error_place(&err, "a.yaml", 7, 0);
    T_EQ_STR(er_error_text(&err, text, sizeof text), "a.yaml:7: rate -0.5 is not above 0", "file and line");
    er_error_place(&err, "b.yaml", 8, 2);
    T_EQ_STR(er_error_text(&err, text, sizeof text), "a.yaml:7: rate -0.5 is not above 0",
             "a place once given is kept");
    er_fail_at(&err, ER_E_INPUT, NULL, 4, 5, "no colon");
    T_EQ_STR(er_error_text(&err, text, sizeof text), "line 4, column 5: no colon", "a place without a file");
    er_fail_at(&err, ER_E_INPUT, "c.yaml", 4, 5, "no colon");
    er_fail_at(&err, ER_E_INPUT, err.file, 6, 1, "key: %s", err.msg);
    T_EQ_STR(er_error_text(&err, text, sizeof text), "c.yaml:6:1: key: no colon",
             "an error filled from itself");
    er_fail(&err, ER_E_NOMEM, "%s", "");
    T_EQ_STR(er_error_text(&err, text, sizeof text), er_status_text(ER_E_NOMEM),
             "no message: the status' text");

    static char longest[2000];
    memset(longest, 'x', sizeof longest - 1);
    er_fail_at(&err, ER_E_INPUT, longest, 1, 1, "%s", longest);
    T_EQ_INT(strlen(err.file), sizeof err.file - 1, "a long path is cut");
    T_EQ_INT(strlen(err.msg), sizeof err.msg - 1, "a long message is cut");
    char small[8] = "1234567";
    er_fail(&err, ER_E_INPUT, "a message");
    T_EQ_STR(er_error_text(&err, small, sizeof small), "a messa", "the text is cut to the room there is");
    T_EQ_STR(er_error_text(&err, small, 1), "", "down to nothing");
    return t_done();
}
