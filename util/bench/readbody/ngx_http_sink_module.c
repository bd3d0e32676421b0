
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * A Slack that thinks for a while: "sink 150ms" in a location reads the
 * request body and answers after that time, as an incoming webhook with "ok".
 * At a URI that ends with "/chat.postMessage" or "/auth.test" it answers as
 * these methods of the Web API.  For util/bench only; runs in the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>


typedef struct {
    ngx_msec_t                 delay;
} ngx_http_sink_loc_conf_t;


static ngx_int_t ngx_http_sink_handler(ngx_http_request_t *r);
static void ngx_http_sink_done(ngx_http_request_t *r);
static void ngx_http_sink_cleanup(void *data);
static void ngx_http_sink_answer(ngx_event_t *ev);
static ngx_uint_t ngx_http_sink_ends(ngx_str_t *uri, const char *end);
static ngx_int_t ngx_http_sink_posted(ngx_http_request_t *r, ngx_str_t *text);
static ngx_uint_t ngx_http_sink_channel(u_char *p, u_char *last);
static void *ngx_http_sink_create_loc_conf(ngx_conf_t *cf);
static char *ngx_http_sink(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


static ngx_command_t  ngx_http_sink_commands[] = {

    { ngx_string("sink"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_sink,
      NGX_HTTP_LOC_CONF_OFFSET,
      offsetof(ngx_http_sink_loc_conf_t, delay),
      NULL },

      ngx_null_command
};


static ngx_http_module_t  ngx_http_sink_module_ctx = {
    NULL,                                  /* preconfiguration */
    NULL,                                  /* postconfiguration */

    NULL,                                  /* create main configuration */
    NULL,                                  /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_sink_create_loc_conf,         /* create location configuration */
    NULL                                   /* merge location configuration */
};


ngx_module_t  ngx_http_sink_module = {
    NGX_MODULE_V1,
    &ngx_http_sink_module_ctx,         /* module context */
    ngx_http_sink_commands,            /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_str_t  ngx_http_sink_type = ngx_string("text/plain");
static ngx_str_t  ngx_http_sink_text = ngx_string("ok");

static ngx_str_t  ngx_http_sink_json =
    ngx_string("application/json; charset=utf-8");

static ngx_str_t  ngx_http_sink_token = ngx_string(
    "{\"ok\":true,\"url\":\"https://bench.slack.com/\",\"team\":\"Bench\","
    "\"user\":\"gitlab\",\"team_id\":\"T0BENCH0001\","
    "\"user_id\":\"U0BENCH0001\",\"bot_id\":\"B0BENCH0001\","
    "\"is_enterprise_install\":false}");


/* an answer of chat.postMessage, up to the members of the message posted */

#define NGX_HTTP_SINK_POSTED                                                  \
    "{\"ok\":true,\"channel\":\"C%010ui\",\"ts\":\"%T.%06ui\","               \
    "\"message\":{\"user\":\"U0BENCH0001\",\"type\":\"message\","             \
    "\"ts\":\"%T.%06ui\",\"bot_id\":\"B0BENCH0001\","                         \
    "\"app_id\":\"A0BENCH0001\",\"team\":\"T0BENCH0001\","                    \
    "\"bot_profile\":{\"id\":\"B0BENCH0001\",\"deleted\":false,"              \
    "\"name\":\"gitlab\",\"updated\":1764460800,\"app_id\":\"A0BENCH0001\","  \
    "\"user_id\":\"U0BENCH0001\",\"icons\":{"                                 \
    "\"image_36\":\"https:\\/\\/a.slack-edge.com\\/80588\\/img\\/plugins"     \
    "\\/app\\/bot_36.png\","                                                  \
    "\"image_48\":\"https:\\/\\/a.slack-edge.com\\/80588\\/img\\/plugins"     \
    "\\/app\\/bot_48.png\","                                                  \
    "\"image_72\":\"https:\\/\\/a.slack-edge.com\\/80588\\/img\\/plugins"     \
    "\\/app\\/service_72.png\"},\"team_id\":\"T0BENCH0001\"},"


/* what nginx's configure writes for a dynamic module */

ngx_module_t  *ngx_modules[] = {
    &ngx_http_sink_module,
    NULL
};

char  *ngx_module_names[] = {
    "ngx_http_sink_module",
    NULL
};

char  *ngx_module_order[] = {
    NULL
};


static ngx_int_t
ngx_http_sink_handler(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_read_client_request_body(r, ngx_http_sink_done);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


static void
ngx_http_sink_done(ngx_http_request_t *r)
{
    ngx_event_t               *ev;
    ngx_pool_cleanup_t        *cln;
    ngx_http_sink_loc_conf_t  *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_http_sink_module);

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_event_t));
    if (cln == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ev = cln->data;

    ngx_memzero(ev, sizeof(ngx_event_t));

    ev->handler = ngx_http_sink_answer;
    ev->data = r;
    ev->log = r->connection->log;

    cln->handler = ngx_http_sink_cleanup;

    if (conf->delay) {
        ngx_add_timer(ev, conf->delay);

    } else {
        ngx_post_event(ev, &ngx_posted_events);
    }
}


static void
ngx_http_sink_cleanup(void *data)
{
    ngx_event_t *ev = data;

    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    if (ev->posted) {
        ngx_delete_posted_event(ev);
    }
}


static void
ngx_http_sink_answer(ngx_event_t *ev)
{
    ngx_str_t                 *type, text;
    ngx_connection_t          *c;
    ngx_http_request_t        *r;
    ngx_http_complex_value_t   cv;

    r = ev->data;
    c = r->connection;

    ngx_memzero(&cv, sizeof(ngx_http_complex_value_t));

    type = &ngx_http_sink_json;

    if (ngx_http_sink_ends(&r->uri, "/auth.test")) {
        cv.value = ngx_http_sink_token;

    } else if (ngx_http_sink_ends(&r->uri, "/chat.postMessage")) {

        if (ngx_http_sink_posted(r, &text) != NGX_OK) {
            ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
            ngx_http_run_posted_requests(c);
            return;
        }

        cv.value = text;

    } else {
        type = &ngx_http_sink_type;
        cv.value = ngx_http_sink_text;
    }

    ngx_http_finalize_request(r, ngx_http_send_response(r, NGX_HTTP_OK, type,
                                                        &cv));

    ngx_http_run_posted_requests(c);
}


static ngx_uint_t
ngx_http_sink_ends(ngx_str_t *uri, const char *end)
{
    size_t  len;

    len = ngx_strlen(end);

    return uri->len >= len
           && ngx_memcmp(uri->data + uri->len - len, end, len) == 0;
}


/* Slack's answer echoes the message; "client_body_buffer_size" holds it */

static ngx_int_t
ngx_http_sink_posted(ngx_http_request_t *r, ngx_str_t *text)
{
    u_char       *p;
    size_t        len;
    ngx_buf_t    *b;
    ngx_uint_t    n, channel;
    ngx_chain_t  *in;

    static ngx_uint_t  count;

    if (r->request_body == NULL || r->request_body->temp_file) {
        return NGX_ERROR;
    }

    for (len = 0, in = r->request_body->bufs; in; in = in->next) {
        len += ngx_buf_size(in->buf);
    }

    text->data = ngx_pnalloc(r->pool, sizeof(NGX_HTTP_SINK_POSTED)
                                      + 2 * NGX_TIME_T_LEN + 100 + len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(r->pool, len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    for (len = 0, in = r->request_body->bufs; in; in = in->next) {
        b = in->buf;
        ngx_memcpy(p + len, b->pos, ngx_buf_size(b));
        len += ngx_buf_size(b);
    }

    /* an object of JSON with a member at least */

    if (len < 3 || p[0] != '{' || p[len - 1] != '}') {
        return NGX_ERROR;
    }

    n = ++count % 1000000;
    channel = ngx_http_sink_channel(p, p + len);

    text->len = ngx_sprintf(text->data, NGX_HTTP_SINK_POSTED, channel,
                            ngx_time(), n, ngx_time(), n)
                - text->data;
    text->len = ngx_sprintf(text->data + text->len, "%*s}", len - 1, p + 1)
                - text->data;

    return NGX_OK;
}


/* the number in "#channel-N", so that each channel has an ID of its own */

static ngx_uint_t
ngx_http_sink_channel(u_char *p, u_char *last)
{
    ngx_uint_t  n;

    p = ngx_strlcasestrn(p, last, (u_char *) "\"channel\":\"#channel-",
                         20 - 1);

    if (p == NULL) {
        return 0;
    }

    n = 0;

    for (p += 20; p < last && *p >= '0' && *p <= '9'; p++) {
        n = n * 10 + (*p - '0');
    }

    return n;
}


static void *
ngx_http_sink_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_sink_loc_conf_t  *conf;

    conf = ngx_palloc(cf->pool, sizeof(ngx_http_sink_loc_conf_t));
    if (conf == NULL) {
        return NULL;
    }

    conf->delay = NGX_CONF_UNSET_MSEC;

    return conf;
}


static char *
ngx_http_sink(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_sink_handler;

    return ngx_conf_set_msec_slot(cf, cmd, conf);
}
