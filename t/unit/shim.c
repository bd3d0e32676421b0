
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * What unit programs and fuzzers need of nginx core when there is no nginx:
 * pools whose every allocation is a malloc() of its own, so that sanitizers
 * see its bounds, arrays, formatting, and a log which keeps its last line.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <inttypes.h>

#include "shim.h"


typedef struct ngx_slack_shim_chunk_s  ngx_slack_shim_chunk_t;

struct ngx_slack_shim_chunk_s {
    ngx_slack_shim_chunk_t  *next;
    void                    *data;
};


u_char               ngx_slack_shim_line[NGX_MAX_ERROR_STR];
ngx_uint_t           ngx_slack_shim_lines;
ngx_uint_t           ngx_slack_shim_level;
ngx_uint_t           ngx_slack_shim_count[NGX_LOG_DEBUG + 1];

ngx_uint_t           ngx_pagesize = 4096;
ngx_uint_t           ngx_cacheline_size = 64;
ngx_pid_t            ngx_pid;
volatile ngx_cycle_t  *ngx_cycle;
ngx_module_t         ngx_core_module;


void *
ngx_alloc(size_t size, ngx_log_t *log)
{
    return malloc(size);
}


void *
ngx_calloc(size_t size, ngx_log_t *log)
{
    return calloc(1, size);
}


ngx_uint_t
ngx_shmtx_trylock(ngx_shmtx_t *mtx)
{
    return *mtx->lock == 0
           && ngx_atomic_cmp_set(mtx->lock, 0, (ngx_atomic_uint_t) ngx_pid);
}


ngx_pool_t *
ngx_create_pool(size_t size, ngx_log_t *log)
{
    ngx_pool_t  *pool;

    pool = calloc(1, sizeof(ngx_pool_t));

    if (pool != NULL) {
        pool->log = log;
    }

    return pool;
}


void
ngx_destroy_pool(ngx_pool_t *pool)
{
    ngx_pool_cleanup_t      *cln;
    ngx_slack_shim_chunk_t  *chunk, *next;

    for (cln = pool->cleanup; cln != NULL; cln = cln->next) {
        if (cln->handler != NULL) {
            cln->handler(cln->data);
        }
    }

    for (chunk = (void *) pool->large; chunk != NULL; chunk = next) {
        next = chunk->next;
        free(chunk->data);
        free(chunk);
    }

    free(pool);
}


void *
ngx_palloc(ngx_pool_t *pool, size_t size)
{
    ngx_slack_shim_chunk_t  *chunk;

    chunk = malloc(sizeof(ngx_slack_shim_chunk_t));
    if (chunk == NULL) {
        return NULL;
    }

    chunk->data = malloc(size);
    if (chunk->data == NULL) {
        free(chunk);
        return NULL;
    }

    chunk->next = (void *) pool->large;
    pool->large = (void *) chunk;

    return chunk->data;
}


void *
ngx_pnalloc(ngx_pool_t *pool, size_t size)
{
    return ngx_palloc(pool, size);
}


void *
ngx_pcalloc(ngx_pool_t *pool, size_t size)
{
    void  *p;

    p = ngx_palloc(pool, size);

    if (p != NULL) {
        ngx_memzero(p, size);
    }

    return p;
}


ngx_int_t
ngx_pfree(ngx_pool_t *pool, void *p)
{
    ngx_slack_shim_chunk_t  *chunk;

    for (chunk = (void *) pool->large; chunk != NULL; chunk = chunk->next) {
        if (chunk->data == p) {
            free(p);
            chunk->data = NULL;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


ngx_pool_cleanup_t *
ngx_pool_cleanup_add(ngx_pool_t *p, size_t size)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pcalloc(p, sizeof(ngx_pool_cleanup_t));
    if (cln == NULL) {
        return NULL;
    }

    if (size) {
        cln->data = ngx_palloc(p, size);
        if (cln->data == NULL) {
            return NULL;
        }
    }

    cln->next = p->cleanup;
    p->cleanup = cln;

    return cln;
}


ngx_array_t *
ngx_array_create(ngx_pool_t *p, ngx_uint_t n, size_t size)
{
    ngx_array_t  *a;

    a = ngx_palloc(p, sizeof(ngx_array_t));

    if (a == NULL || ngx_array_init(a, p, n, size) != NGX_OK) {
        return NULL;
    }

    return a;
}


void *
ngx_array_push(ngx_array_t *a)
{
    return ngx_array_push_n(a, 1);
}


void *
ngx_array_push_n(ngx_array_t *a, ngx_uint_t n)
{
    void        *elts;
    ngx_uint_t   nalloc;

    if (a->nelts + n > a->nalloc) {
        nalloc = 2 * ngx_max(n, a->nalloc);

        elts = ngx_palloc(a->pool, nalloc * a->size);
        if (elts == NULL) {
            return NULL;
        }

        ngx_memcpy(elts, a->elts, a->nelts * a->size);
        a->elts = elts;
        a->nalloc = nalloc;
    }

    elts = (u_char *) a->elts + a->size * a->nelts;
    a->nelts += n;

    return elts;
}


ngx_int_t
ngx_open_dir(ngx_str_t *name, ngx_dir_t *dir)
{
    dir->dir = opendir((char *) name->data);

    return (dir->dir == NULL) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_read_dir(ngx_dir_t *dir)
{
    dir->de = readdir(dir->dir);

    return (dir->de == NULL) ? NGX_ERROR : NGX_OK;
}


ngx_int_t
ngx_conf_full_name(ngx_cycle_t *cycle, ngx_str_t *name, ngx_uint_t conf_prefix)
{
    u_char     *p;
    ngx_str_t  *prefix;

    if (name->len && name->data[0] == '/') {
        return NGX_OK;
    }

    prefix = conf_prefix ? &cycle->conf_prefix : &cycle->prefix;

    p = ngx_pnalloc(cycle->pool, prefix->len + name->len + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    (void) ngx_sprintf(p, "%V%V%Z", prefix, name);

    name->data = p;
    name->len += prefix->len;

    return NGX_OK;
}


void
ngx_gmtime(time_t t, ngx_tm_t *tp)
{
    (void) gmtime_r(&t, tp);

    /* as nginx counts them */
    tp->ngx_tm_mon++;
    tp->ngx_tm_year += 1900;
}


u_char *
ngx_hex_dump(u_char *dst, u_char *src, size_t len)
{
    while (len--) {
        dst += sprintf((char *) dst, "%02x", *src++);
    }

    return dst;
}


ngx_int_t
ngx_hextoi(u_char *line, size_t n)
{
    ngx_int_t  value;

    if (n == 0) {
        return NGX_ERROR;
    }

    for (value = 0; n--; line++) {

        if (*line >= '0' && *line <= '9') {
            value = value * 16 + (*line - '0');

        } else if ((*line | 0x20) >= 'a' && (*line | 0x20) <= 'f') {
            value = value * 16 + ((*line | 0x20) - 'a' + 10);

        } else {
            return NGX_ERROR;
        }
    }

    return value;
}


u_char *
ngx_cpystrn(u_char *dst, u_char *src, size_t n)
{
    if (n == 0) {
        return dst;
    }

    while (--n) {
        *dst = *src;

        if (*dst == '\0') {
            return dst;
        }

        dst++;
        src++;
    }

    *dst = '\0';

    return dst;
}


u_char *
ngx_sprintf(u_char *buf, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, (void *) -1, fmt, args);
    va_end(args);

    return p;
}


u_char *
ngx_snprintf(u_char *buf, size_t max, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, buf + max, fmt, args);
    va_end(args);

    return p;
}


u_char *
ngx_slprintf(u_char *buf, u_char *last, const char *fmt, ...)
{
    u_char   *p;
    va_list   args;

    va_start(args, fmt);
    p = ngx_vslprintf(buf, last, fmt, args);
    va_end(args);

    return p;
}


/* the conversions which the module uses; another one ends the program */

u_char *
ngx_vslprintf(u_char *buf, u_char *last, const char *fmt, va_list args)
{
    char          tmp[64];
    size_t        n, max;
    int64_t       i;
    uint64_t      u;
    ngx_str_t    *v;
    const char   *s;
    ngx_uint_t    sign, hex, width, zero;

    while (*fmt && buf < last) {

        if (*fmt != '%') {
            *buf++ = (u_char) *fmt++;
            continue;
        }

        fmt++;

        zero = (*fmt == '0');
        width = 0;
        sign = 1;
        hex = 0;
        max = (size_t) -1;

        while (*fmt >= '0' && *fmt <= '9') {
            width = width * 10 + (ngx_uint_t) (*fmt++ - '0');
        }

        for ( ;; fmt++) {
            if (*fmt == 'u') {
                sign = 0;

            } else if (*fmt == 'x') {
                hex = 1;
                sign = 0;

            } else if (*fmt == '*') {
                max = va_arg(args, size_t);

            } else {
                break;
            }
        }

        s = NULL;
        n = 0;
        i = 0;
        u = 0;

        switch (*fmt) {

        case 'V':
            v = va_arg(args, ngx_str_t *);
            s = v->len ? (const char *) v->data : "";
            n = v->len;
            break;

        case 's':
            s = va_arg(args, char *);
            n = (max == (size_t) -1) ? strlen(s) : max;
            break;

        case 'c':
            tmp[0] = (char) va_arg(args, int);
            s = tmp;
            n = 1;
            break;

        case 'Z':
            tmp[0] = '\0';
            s = tmp;
            n = 1;
            break;

        case 'N':
            s = "\n";
            n = 1;
            break;

        case '%':
            s = "%";
            n = 1;
            break;

        case 'd':
            i = va_arg(args, int);
            u = (uint32_t) i;
            break;

        case 'D':
            i = va_arg(args, int32_t);
            u = (uint32_t) i;
            break;

        case 'i':
        case 'l':
        case 'z':
        case 'O':
        case 'T':
        case 'L':
        case 'M':
        case 'P':
            i = (*fmt == 'P') ? va_arg(args, ngx_pid_t)
                              : va_arg(args, int64_t);
            u = (uint64_t) i;

            if (*fmt == 'M') {
                sign = 0;
            }

            break;

        default:
            fprintf(stderr, "unknown conversion \"%%%c\"\n", *fmt);
            abort();
        }

        fmt++;

        if (s == NULL) {
            n = (size_t) snprintf(tmp, sizeof(tmp),
                                  sign ? (zero ? "%0*" PRId64 : "%*" PRId64)
                                  : hex ? (zero ? "%0*" PRIx64 : "%*" PRIx64)
                                        : (zero ? "%0*" PRIu64 : "%*" PRIu64),
                                  (int) width, sign ? (uint64_t) i : u);
            s = tmp;
        }

        n = ngx_min(n, (size_t) (last - buf));
        buf = ngx_cpymem(buf, s, n);
    }

    return buf;
}


void
ngx_log_error_core(ngx_uint_t level, ngx_log_t *log, ngx_err_t err,
    const char *fmt, ...)
{
    u_char   *p, *last;
    va_list   args;

    if (level == NGX_LOG_DEBUG) {
        return;
    }

    last = ngx_slack_shim_line + NGX_MAX_ERROR_STR - 1;

    va_start(args, fmt);
    p = ngx_vslprintf(ngx_slack_shim_line, last, fmt, args);
    va_end(args);

    if (err) {
        p = ngx_slprintf(p, last, " (%d: %s)", err, strerror(err));
    }

    *p = '\0';

    ngx_slack_shim_lines++;
    ngx_slack_shim_level = level;
    ngx_slack_shim_count[level]++;

    /* a TAP comment: shown when the program is run by hand */

    fprintf(stderr, "# [%d] %s\n", (int) level, ngx_slack_shim_line);
}


/* no unit program reads a configuration: nothing but to link */

void ngx_cdecl
ngx_conf_log_error(ngx_uint_t level, ngx_conf_t *cf, ngx_err_t err,
    const char *fmt, ...)
{
}
