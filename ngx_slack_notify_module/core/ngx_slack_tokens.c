
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What Slack has told about tokens, by a hash of each.  Any thread.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <ngx_slack_mutex.h>
#include <ngx_slack_tokens.h>


static ngx_slack_token_t *ngx_slack_tokens_find(ngx_slack_tokens_t *tokens,
    u_char *hash, ngx_uint_t add);


ngx_int_t
ngx_slack_tokens_get(ngx_slack_tokens_t *tokens, u_char *hash,
    ngx_slack_token_info_t *info)
{
    ngx_int_t           rc;
    ngx_slack_token_t  *token;

    if (tokens == NULL) {
        return NGX_DECLINED;
    }

    rc = NGX_DECLINED;

    ngx_slack_mutex_lock(tokens->mutex);

    token = ngx_slack_tokens_find(tokens, hash, 0);

    if (token && token->info.told) {
        *info = token->info;
        rc = NGX_OK;
    }

    ngx_slack_mutex_unlock(tokens->mutex);

    return rc;
}


void
ngx_slack_tokens_put(ngx_slack_tokens_t *tokens, u_char *hash,
    ngx_slack_token_info_t *info)
{
    if (tokens == NULL) {
        return;
    }

    ngx_slack_mutex_lock(tokens->mutex);

    ngx_slack_tokens_find(tokens, hash, 1)->info = *info;

    ngx_slack_mutex_unlock(tokens->mutex);
}


void
ngx_slack_tokens_ask(ngx_slack_tokens_t *tokens, u_char *hash, int64_t now)
{
    if (tokens == NULL) {
        return;
    }

    ngx_slack_mutex_lock(tokens->mutex);

    ngx_slack_tokens_find(tokens, hash, 1)->asked = now;
    tokens->asks++;

    ngx_slack_mutex_unlock(tokens->mutex);
}


int64_t
ngx_slack_tokens_asked(ngx_slack_tokens_t *tokens, u_char *hash)
{
    int64_t             asked;
    ngx_slack_token_t  *token;

    if (tokens == NULL) {
        return 0;
    }

    ngx_slack_mutex_lock(tokens->mutex);

    token = ngx_slack_tokens_find(tokens, hash, 0);
    asked = (token && token->asked > token->info.told) ? token->asked : 0;

    ngx_slack_mutex_unlock(tokens->mutex);

    return asked;
}


ngx_uint_t
ngx_slack_tokens_scope(u_char *scopes, const char *scope)
{
    size_t   len;
    u_char  *p;

    len = ngx_strlen(scope);

    for (p = scopes; *p; p++) {

        while (*p == ' ' || *p == ',') {
            p++;
        }

        if (ngx_strncmp(p, scope, len) == 0
            && (p[len] == '\0' || p[len] == ',' || p[len] == ' '))
        {
            return 1;
        }

        while (*p && *p != ',') {
            p++;
        }

        if (*p == '\0') {
            break;
        }
    }

    return 0;
}


/* with the mutex held; "add" finds a place in any case */

static ngx_slack_token_t *
ngx_slack_tokens_find(ngx_slack_tokens_t *tokens, u_char *hash, ngx_uint_t add)
{
    ngx_uint_t          i;
    ngx_slack_token_t  *token;

    for (i = 0; i < NGX_SLACK_TOKENS_MAX; i++) {
        token = &tokens->tokens[i];

        if (ngx_memcmp(token->hash, hash, NGX_SLACK_TOKEN_HASH) == 0) {
            return token;
        }
    }

    if (!add) {
        return NULL;
    }

    token = &tokens->tokens[tokens->next];
    tokens->next = (tokens->next + 1) % NGX_SLACK_TOKENS_MAX;

    ngx_memzero(token, sizeof(ngx_slack_token_t));
    ngx_memcpy(token->hash, hash, NGX_SLACK_TOKEN_HASH);

    return token;
}
