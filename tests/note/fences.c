/* Studies found where CommonMark says they are, with the line of their fence and the place of every line; the
 * first heading as plain text; long hostile inputs. */
#include "t.h"

#include "core/buffer.h"
#include "note/fences.h"
#include "note/markdown.h"

#include <ermine/note.h>

static void find(const char *text, struct er_fences *out)
{
    struct er_error err = {0};
    T_STATUS(er_fences_find(text, 0, strlen(text), "note.md", out, &err), ER_OK, "%.40s", text);
}

static void study_is(const struct er_block *block, const char *text, int64_t fence, int64_t column0,
                     int64_t column1)
{
    T_EQ_STR(block->text, text, "the block's text");
    T_EQ_INT(block->fence, fence, "the line of its fence");
    T_EQ_INT(block->line, fence + 1, "its first line");
    if (block->lines > 0) T_EQ_INT(block->column[0], column0, "the first line's column");
    if (block->lines > 1) T_EQ_INT(block->column[1], column1, "the second line's column");
}

static void places(void)
{
    struct er_fences f = {0};
    find("a\n\n```ermine\nstudy: a\n  b: 1\n```\n\n- item\n\n  ~~~ ermine extra\n  study: b\n\n    c: 1\n  "
         "~~~\n\n"
         "> 1. é\n>    ````ermine\n>    ```\n>    x\n>    ````\n",
         &f);
    T_EQ_INT(f.blocks, 3, "three studies");
    study_is(&f.block[0], "study: a\n  b: 1\n", 3, 1, 1);
    study_is(&f.block[1], "study: b\n\n  c: 1\n", 10, 3, 1);
    T_EQ_INT(f.block[1].column[2], 3, "a line of a list's study begins where its text does");
    study_is(&f.block[2], "```\nx\n", 17, 6, 6);
    er_fences_clear(&f);

    find("> - 1. ```ermine\n>   \t  x: 1\n>      y\n>\n>      z\n> \n- ~~~~~ermine\n  a\n  ~~~\n  b\n\nend\n",
         &f);
    T_EQ_INT(f.blocks, 2, "fences in marks of three, and one that the end of its item closes");
    study_is(&f.block[0], "   x: 1\ny\n\nz\n\n", 1, 5, 8);
    study_is(&f.block[1], "a\n~~~\nb\n\n", 7, 3, 3);
    er_fences_clear(&f);

    find("text\n```ermine\nx\n```\ntext\n   ```ermine\n    y\n z\n  ```\n```ermine", &f);
    T_EQ_INT(f.blocks, 3, "a fence interrupts a paragraph, is indented up to three, and ends with the note");
    study_is(&f.block[1], " y\nz\n", 6, 4, 2);
    study_is(&f.block[2], "", 10, 0, 0);
    er_fences_clear(&f);
}

/* The language is the first word. */
static void languages(void)
{
    static const char *const yes[] = {"ermine",  "ermine title", "ermine =12",      "ermine {a=\"b\"}",
                                      " ermine", "ermine\tx",    "ermine &amp; \\*"};
    static const char *const no[] = {"ermines",     "{ermine}", "Ermine",  "erm",     "=ermine",
                                     "yaml ermine", "ermine;",  "ermine=", "ermine!", ""};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        char text[64];
        struct er_fences f = {0};
        snprintf(text, sizeof text, "a\n\n```%s\n```\n", yes[i]);
        find(text, &f);
        T_EQ_INT(f.blocks, 1, "a study: %s", yes[i]);
        if (f.blocks == 1) T_EQ_INT(f.block[0].fence, 3, "the line of %s", yes[i]);
        er_fences_clear(&f);
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        char text[64];
        struct er_fences f = {0};
        snprintf(text, sizeof text, "a\n\n```%s\n```\n", no[i]);
        find(text, &f);
        T_EQ_INT(f.blocks, 0, "no study: %s", no[i]);
        er_fences_clear(&f);
    }
}

/* What hides a fence, as CommonMark has it, and what only looks as if it did. */
static void hidden(void)
{
#define STUDY "```ermine\ny\n```\n"
    static const struct {
        const char *text;
        int64_t studies;
    } of[] = {
        {"````\n" STUDY "````\n", 0},
        {"~~~\n" STUDY "~~~\n", 0},
        {"    ```ermine\n    y\n    ```\n", 0},
        {"`ermine`\n", 0},
        {"`` ```ermine `` y\n", 0},
        {"<!--\n" STUDY "-->\n", 0},
        {"<!--\n\n" STUDY "\n-->\n", 0},
        {"<script>\n\n" STUDY "</script>\n", 0},
        {"<pre>\n\n" STUDY "</pre>\n", 0},
        {"<?php\n" STUDY "?>\n", 0},
        {"<!DOCTYPE\n" STUDY ">\n", 0},
        {"<![CDATA[\n" STUDY "]]>\n", 0},
        {"<div>\n" STUDY "</div>\n", 0},
        {"<div>\n\n" STUDY "\n</div>\n", 1},
        {"<custom-tag>\n" STUDY, 0},
        {"text\n<custom-tag>\n" STUDY, 1},
        {"text <!--\n" STUDY "-->\n", 1},
        {"| a |\n|---|\n" STUDY, 1},
        {"- a\n" STUDY, 1},
        {"> a\n" STUDY, 1},
        {"[a]:\n" STUDY, 1},
        {"$$\nx\n$$\n" STUDY, 1},
        {"$$\nx\n" STUDY "$$\n", 1},
        {"$$ x\n\n" STUDY "\ny $$\n", 1},
        {"$$\n<!--\n$$\n" STUDY "-->\n", 1},
        {"$$\n<pre>\n\n$$\n" STUDY, 1},
        {"$$\nnever closed\n" STUDY, 1},
        {"$$x$$\n" STUDY "$$y$$\n", 1},
        {"$$x$$ where\n" STUDY "$$y$$\n", 1},
        {"$$x$$ and $$y$$\n" STUDY "$$\n", 1},
        {"text $$\n" STUDY "$$\n", 1},
        {"    $$\n\n" STUDY "$$\n", 1},
        {"text\n$$\n- ?> <?\n$$\n" STUDY "$$\n", 1},
        {"> $$\n> x\n> $$\n>\n> ```ermine\n> ```\n", 1},
        {"```\n$$\n```\n" STUDY "```\n$$\n```\n", 1},
        {"- $$\n  x\n  $$\n\n  ```ermine\n  ```\n", 1},
    };
#undef STUDY
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_fences f = {0};
        find(of[i].text, &f);
        T_EQ_INT(f.blocks, of[i].studies, "%s", of[i].text);
        for (int64_t k = 0; k < f.blocks; k++)
            T_OK(strcmp(f.block[k].text, "y\n") == 0 || f.block[k].length == 0, "as it was written: %s",
                 f.block[k].text);
        er_fences_clear(&f);
    }
}

/* What is not the note's own text: indentation, and question marks under the disguise of a formula. */
static void untouched(void)
{
    struct er_fences f = {0};
    find("    $$\n\n```ermine\na: ?\n```\n\n    ? $$\n", &f);
    T_EQ_INT(f.blocks, 1, "between two indented lines that are no formula");
    if (f.blocks == 1) T_EQ_STR(f.block[0].text, "a: ?\n", "a study keeps its question mark");
    er_fences_clear(&f);
    find("a | b\n-|-\n1 | 2\n\n```ermine\nx: 1\na | b\n-|-\n  y\n```\n", &f);
    T_EQ_INT(f.blocks, 1, "a study below a table");
    if (f.blocks == 1) study_is(&f.block[0], "x: 1\na | b\n-|-\n  y\n", 5, 1, 1);
    er_fences_clear(&f);
}

static void headings(void)
{
    static const struct {
        const char *text, *heading;
    } of[] = {
        {"## no\n\n# The *first* `one` &amp; <b>x</b> ~~y~~ **z**\n# second\n", "The first one & x y z"},
        {"a\n===\n", "a"},
        {"#\n# b\n", "b"},
        {"> # quoted\n", "quoted"},
        {"```\n# code\n```\n", "(none)"},
        {"# $a_b$ and $5 or $10, $$c$$ $ d$\n", "a_b and $5 or $10, c $ d$"},
        {"# [link](http://a.b \"t\") ![picture](p.png) \\*not\\*\n", "link  *not*"},
        {"# ![p](q) <b>\n# <i>b</i> ![p](q)\n", "b"},
        {"# &#960; &#x3c; &copy; 生成\n", "\xcf\x80 < &copy; 生成"},
        {"one\ntwo  \nthree\n===\n", "one two three"},
        {"text\n", "(none)"},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct er_fences f = {0};
        find(of[i].text, &f);
        T_EQ_STR(f.heading ? f.heading : "(none)", of[i].heading, "heading of %s", of[i].text);
        er_fences_clear(&f);
    }
}

static char *repeat(const char *head, const char *unit, int64_t times, const char *tail)
{
    struct er_buffer text = {0};
    char *out = NULL;
    er_buffer_text(&text, head);
    for (int64_t i = 0; i < times; i++) er_buffer_text(&text, unit);
    er_buffer_text(&text, tail);
    er_buffer_take(&text, &out, NULL);
    return out;
}

/* Each ends, within the test's time limit, in blocks or in an error that says why. */
static void hostile(void)
{
    static const char *const unit[] = {"[",      "*a_ ",  "`",      "$",         "{|",     ":::",     "[^",
                                       "$$ x\n", "$$\n",  "[name=", "![",        "<",      "|a",      "[a](",
                                       "#\n",    "~",     "a@",     "\\",        "```\n",  "<!--",    "<?",
                                       "- \n",   "# *\n", "<a ",    "$$\n```\n", "> $$\n", "[a]: b\n"};
    for (size_t i = 0; i < sizeof unit / sizeof *unit; i++) {
        struct er_fences f = {0};
        char *text = repeat("", unit[i], 10000, "");
        find(text, &f);
        er_fences_clear(&f);
        er_free(text);
    }
    static const char *const deep[] = {"> ", "- ", "1. ", ">"};
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        struct er_fences f = {0};
        struct er_error err = {0};
        char *text = repeat("a\n\n", deep[i], ER_NOTE_MAX_DEPTH + 1, "");
        T_STATUS(er_fences_find(text, 0, strlen(text), "n.md", &f, &err), ER_E_LIMIT, "too deep: %s",
                 deep[i]);
        T_EQ_INT(err.line, 3, "the line of what is too deep");
        er_free(text);
        text = repeat("", deep[i], ER_NOTE_MAX_DEPTH, "```ermine\n");
        T_STATUS(er_fences_find(text, 0, strlen(text), "n.md", &f, &err), ER_OK, "just deep enough");
        T_EQ_INT(f.blocks, deep[i][1] == '\0' ? 1 : f.blocks, "a study in quotes");
        er_fences_clear(&f);
        er_free(text);
    }
    struct er_fences f = {0};
    struct er_error err = {0};
    char *many = repeat("a\n\n", "[a](b)\n", 100000, "");
    T_STATUS(er_fences_find(many, 0, strlen(many), "n.md", &f, &err), ER_E_LIMIT, "links without end");
    T_OK(err.line > 17000 && err.line < 17500, "in line %d", (int)err.line);
    er_free(many);
    char *link = repeat("[a]: ", "b", 20000, "\n\n"), *text = repeat(link, "[a] ", 20000, "");
    find(text, &f);
    er_fences_clear(&f);
    er_free(text);
    er_free(link);
}

static enum er_status make(struct er_fences *fences)
{
    static const char text[] = "# *a* $x$ ![p](q)\n\n$$\nz\n$$\n\n- ```ermine\n  a\n  ```\n\n<div>\n";
    return er_fences_find(text, 0, strlen(text), "n.md", fences, NULL);
}

int main(void)
{
    places();
    languages();
    hidden();
    untouched();
    headings();
    hostile();
    struct er_fences fences;
    T_ALLOCATIONS(make(&fences), er_fences_clear(&fences), "survives every failed allocation");
    return t_done();
}
