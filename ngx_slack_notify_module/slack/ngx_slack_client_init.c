
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Initializes and cleans up libcurl, once for each process.  All of it runs in
 * the event loop.
 */


#include <ngx_config.h>
#include <ngx_core.h>

#include <curl/curl.h>

#include <ngx_slack_client.h>


ngx_int_t
ngx_slack_client_init(ngx_log_t *log)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        ngx_log_error(NGX_LOG_EMERG, log, 0, "curl_global_init() failed");
        return NGX_ERROR;
    }

    return NGX_OK;
}


void
ngx_slack_client_exit(void)
{
    curl_global_cleanup();
}
