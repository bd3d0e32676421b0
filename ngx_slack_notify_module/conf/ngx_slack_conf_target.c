
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The target of messages as both blocks define it: channels, and the name and
 * icon of the sender.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_conf.h>
#include <ngx_slack_text.h>


#define NGX_SLACK_USERNAME_MAX  80       /* Slack's limits, characters */
#define NGX_SLACK_ICON_URL_MAX  255


static ngx_int_t ngx_slack_conf_add_channel(ngx_conf_t *cf, ngx_array_t *list,
    ngx_str_t *word);
static ngx_int_t ngx_slack_conf_add_named(ngx_conf_t *cf, ngx_array_t **named,
    ngx_str_t *word);
static ngx_uint_t ngx_slack_conf_is_directive(ngx_conf_t *cf,
    ngx_str_t *name);
static ngx_uint_t ngx_slack_conf_is_text(ngx_conf_t *cf, ngx_str_t *value);


ngx_int_t
ngx_slack_conf_channels(ngx_conf_t *cf, ngx_array_t *list, ngx_array_t **named,
    ngx_str_t *words, ngx_uint_t n)
{
    ngx_int_t   rc;
    ngx_str_t   rest, word;
    ngx_uint_t  i;

    for (i = 0; i < n; i++) {

        rest = words[i];

        for ( ;; ) {
            word = ngx_slack_channel_next(&rest);

            if (word.len == 0) {
                break;
            }

            rc = ngx_strlchr(word.data, word.data + word.len, '$')
                 ? ngx_slack_conf_add_named(cf, named, &word)
                 : ngx_slack_conf_add_channel(cf, list, &word);

            if (rc != NGX_OK) {
                return NGX_ERROR;
            }

            if (list->nelts + (named && *named ? (*named)->nelts : 0)
                > NGX_SLACK_CHANNELS_MAX)
            {
                ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                                   "more than %d channels",
                                   NGX_SLACK_CHANNELS_MAX);
                return NGX_ERROR;
            }
        }
    }

    if (list->nelts == 0 && (named == NULL || *named == NULL)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "empty list of channels, name one");
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Adds a channel unless it is in the list already; "dev" becomes "#dev".
 * Whether "@NAME" is one depends on the receiver, which is checked later.
 */

static ngx_int_t
ngx_slack_conf_add_channel(ngx_conf_t *cf, ngx_array_t *list, ngx_str_t *word)
{
    u_char       buf[NGX_SLACK_CHANNEL_SIZE];
    ngx_str_t    name, bare, *shown, *channel;
    const char  *why;

    /*
     * In "channel #dev;" the comment begins at "#", and its ";" is missing:
     * the next directive's name is read as a channel.
     */

    if (ngx_slack_conf_is_directive(cf, word)) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid channel \"%V\", a \";\" is missing "
                           "before it; a name with \"#\" needs quotes", word);
        return NGX_ERROR;
    }

    why = ngx_slack_channel_name(word, buf, &name);

    if (why) {
        bare = *word;

        if (bare.data[0] == '#' || bare.data[0] == '@') {
            bare.data++;
            bare.len--;
        }

        shown = ngx_slack_secret_word(&bare);

        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0, "invalid channel \"%V\", %s",
                           shown == &bare ? word : shown, why);
        return NGX_ERROR;
    }

    if (ngx_slack_channel_listed(list, &name)) {
        return NGX_OK;
    }

    channel = ngx_array_push(list);
    if (channel == NULL) {
        return NGX_ERROR;
    }

    channel->len = name.len;
    channel->data = ngx_pstrdup(cf->pool, &name);

    return channel->data ? NGX_OK : NGX_ERROR;
}


/* Adds a word with variables, which is a channel when an event has come. */

static ngx_int_t
ngx_slack_conf_add_named(ngx_conf_t *cf, ngx_array_t **named, ngx_str_t *word)
{
    ngx_slack_conf_named_t            *name;
    ngx_http_compile_complex_value_t   ccv;

    if (named == NULL) {
        ngx_slack_conf_log(NGX_LOG_EMERG, cf, 0,
                           "invalid channel \"%V\", only the channels of "
                           "routes may have variables, write a name here",
                           ngx_slack_secret_word(word));
        return NGX_ERROR;
    }

    if (*named == NULL) {
        *named = ngx_array_create(cf->pool, 1, sizeof(ngx_slack_conf_named_t));
        if (*named == NULL) {
            return NGX_ERROR;
        }
    }

    name = ngx_array_push(*named);
    if (name == NULL) {
        return NGX_ERROR;
    }

    name->source = *word;

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = word;
    ccv.complex_value = &name->value;

    return ngx_http_compile_complex_value(&ccv);
}


/*
 * Whether the word is more likely a directive than a channel.  Names without
 * "_" are not suspected, as they may be channels: "events", "projects".
 */

static ngx_uint_t
ngx_slack_conf_is_directive(ngx_conf_t *cf, ngx_str_t *name)
{
    if (name->len > 6 && ngx_strncmp(name->data, "slack_", 6) == 0) {
        return 1;
    }

    if (ngx_strlchr(name->data, name->data + name->len, '_') == NULL
        && (name->len != 8 || ngx_strncmp(name->data, "username", 8) != 0))
    {
        return 0;
    }

    return ngx_slack_conf_block_has(cf, name);
}


char *
ngx_slack_conf_set_channels(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t     *value;
    ngx_array_t  **list;

    list = (ngx_array_t **) (p + cmd->offset);

    if (*list) {
        return "is duplicate";
    }

    *list = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
    if (*list == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    if (ngx_slack_conf_channels(cf, *list, NULL, value + 1,
                                cf->args->nelts - 1)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_set_route_channels(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf)
{
    ngx_slack_conf_route_t  *route = conf;

    ngx_str_t  *value;

    if (route->channels) {
        return "is duplicate";
    }

    route->channels = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
    if (route->channels == NULL) {
        return NGX_CONF_ERROR;
    }

    value = cf->args->elts;

    if (ngx_slack_conf_channels(cf, route->channels, &route->named, value + 1,
                                cf->args->nelts - 1)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_set_text(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    ngx_str_t  *text, *value;

    text = (ngx_str_t *) (p + cmd->offset);

    if (text->data) {
        return "is duplicate";
    }

    value = cf->args->elts;

    if (value[1].len == 0) {
        return "is empty";
    }

    if (!ngx_slack_conf_is_text(cf, &value[1])) {
        return "has characters that are not UTF-8 or cannot be seen";
    }

    *text = value[1];

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_set_username(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char       *rv;
    ngx_str_t  *name;

    rv = ngx_slack_conf_set_text(cf, cmd, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    name = (ngx_str_t *) (p + cmd->offset);

    if (ngx_utf8_length(name->data, name->len) > NGX_SLACK_USERNAME_MAX) {
        return "is longer than 80 characters";
    }

    return NGX_CONF_OK;
}


/* Takes "rocket" or ":rocket:". */

char *
ngx_slack_conf_set_icon_emoji(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char       *rv;
    u_char     *data;
    size_t      len;
    ngx_str_t  *name;

    rv = ngx_slack_conf_set_text(cf, cmd, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    name = (ngx_str_t *) (p + cmd->offset);

    data = name->data;
    len = name->len;

    if (data[0] == ':' || data[len - 1] == ':') {

        if (len < 3 || data[0] != ':' || data[len - 1] != ':') {
            return "is not the name of an emoji";
        }

        data++;
        len -= 2;
    }

    if (ngx_strlchr(data, data + len, ' ')) {
        return "is not the name of an emoji";
    }

    name->len = len + 2;
    name->data = ngx_pnalloc(cf->pool, name->len);
    if (name->data == NULL) {
        return NGX_CONF_ERROR;
    }

    name->data[0] = ':';
    ngx_memcpy(name->data + 1, data, len);
    name->data[len + 1] = ':';

    return NGX_CONF_OK;
}


char *
ngx_slack_conf_set_icon_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    char  *p = conf;

    char       *rv;
    ngx_str_t  *url;

    rv = ngx_slack_conf_set_text(cf, cmd, conf);

    if (rv != NGX_CONF_OK) {
        return rv;
    }

    url = (ngx_str_t *) (p + cmd->offset);

    if (ngx_strncmp(url->data, "https://", 8) != 0
        && ngx_strncmp(url->data, "http://", 7) != 0)
    {
        return "is neither http nor https";
    }

    if (ngx_strlchr(url->data, url->data + url->len, ' ')) {
        return "has a space";
    }

    if (url->len > NGX_SLACK_ICON_URL_MAX) {
        return "is longer than 255 characters";
    }

    return NGX_CONF_OK;
}


/*
 * Whether the text is what ngx_slack_text_scrub() would leave, on one line:
 * else Slack would refuse each message.
 */

static ngx_uint_t
ngx_slack_conf_is_text(ngx_conf_t *cf, ngx_str_t *value)
{
    size_t   n;
    u_char  *p;

    p = ngx_pnalloc(cf->temp_pool, 3 * value->len);
    if (p == NULL) {
        return 0;
    }

    n = ngx_slack_text_scrub(p, value->data, value->len);

    return n == value->len && ngx_memcmp(p, value->data, n) == 0
           && ngx_strlchr(p, p + n, LF) == NULL
           && ngx_strlchr(p, p + n, '\t') == NULL;
}
