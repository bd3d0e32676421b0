
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Words that are like others (see the header).  Runs in the master when the
 * configuration is read.
 */


#include <ngx_slack_words.h>


/* longer words are like no other */
#define NGX_SLACK_WORD_MAX  32


void
ngx_slack_words_begin(ngx_slack_words_t *words, ngx_str_t *word)
{
    words->word = word;
    words->nearest = NULL;
    words->distance = NGX_SLACK_WORDS_FAR;
    words->len = 0;
}


void
ngx_slack_words_add(ngx_slack_words_t *words, ngx_str_t *known)
{
    u_char      *p, *last;
    ngx_uint_t   distance;

    p = words->list + words->len;
    last = words->list + sizeof(words->list);

    p = ngx_slprintf(p, last, "%s%V", words->len ? ", " : "", known);

    words->len = p - words->list;

    distance = ngx_slack_words_distance(words->word, known);

    if (distance < words->distance) {
        words->distance = distance;
        words->nearest = known;
    }
}


void
ngx_slack_words_add_all(ngx_slack_words_t *words, ngx_str_t *known)
{
    if (known == NULL) {
        return;
    }

    for ( /* void */ ; known->len; known++) {
        ngx_slack_words_add(words, known);
    }
}


ngx_str_t
ngx_slack_words_hint(ngx_slack_words_t *words, u_char *buf)
{
    u_char     *p;
    ngx_str_t   hint;

    p = words->nearest ? ngx_snprintf(buf, NGX_SLACK_WORDS_HINT,
                                      ", did you mean \"%V\"?",
                                      words->nearest)
                       : ngx_snprintf(buf, NGX_SLACK_WORDS_HINT, ",");

    hint.data = buf;
    hint.len = p - buf;

    return hint;
}


ngx_uint_t
ngx_slack_words_distance(ngx_str_t *word, ngx_str_t *known)
{
    u_char      a, b;
    size_t      i, k;
    ngx_uint_t  row[NGX_SLACK_WORD_MAX + 1], above, left, cost;

    if (word->len > NGX_SLACK_WORD_MAX || known->len > NGX_SLACK_WORD_MAX) {
        return NGX_SLACK_WORDS_FAR;
    }

    /* Levenshtein's distance, a row of its table at a time */

    for (k = 0; k <= known->len; k++) {
        row[k] = k;
    }

    for (i = 0; i < word->len; i++) {

        above = row[0];
        row[0] = i + 1;

        for (k = 0; k < known->len; k++) {

            a = ngx_tolower(word->data[i]);
            b = ngx_tolower(known->data[k]);

            left = ngx_min(row[k], row[k + 1]) + 1;
            cost = above + (a != b);

            above = row[k + 1];
            row[k + 1] = ngx_min(left, cost);
        }
    }

    cost = row[known->len];

    return (cost <= ngx_min(known->len / 4, 3)) ? cost : NGX_SLACK_WORDS_FAR;
}
