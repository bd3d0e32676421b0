
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Secrets and HMAC by OpenSSL (see the header).  Knows no sender.  Runs in the
 * event loop; ngx_slack_base64() runs in any thread.
 */


#include <ngx_slack_sign.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>


struct ngx_slack_hmac_s {
    EVP_MD_CTX               *ctx;
    EVP_PKEY                 *key;
};


static void ngx_slack_hmac_cleanup(void *data);


ngx_uint_t
ngx_slack_secret_equal(ngx_str_t *a, ngx_str_t *b)
{
    if (a->len != b->len) {
        return 0;
    }

    return CRYPTO_memcmp(a->data, b->data, a->len) == 0;
}


ngx_slack_hmac_t *
ngx_slack_hmac_create(ngx_str_t *key, ngx_pool_t *pool)
{
    ngx_slack_hmac_t    *hmac;
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(pool, sizeof(ngx_slack_hmac_t));
    if (cln == NULL) {
        return NULL;
    }

    hmac = cln->data;
    hmac->ctx = NULL;
    hmac->key = NULL;

    cln->handler = ngx_slack_hmac_cleanup;

    hmac->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_HMAC, NULL, key->data,
                                             key->len);
    hmac->ctx = EVP_MD_CTX_new();

    if (hmac->key == NULL
        || hmac->ctx == NULL
        || EVP_DigestSignInit(hmac->ctx, NULL, EVP_sha256(), NULL, hmac->key)
           != 1)
    {
        return NULL;
    }

    return hmac;
}


static void
ngx_slack_hmac_cleanup(void *data)
{
    ngx_slack_hmac_t  *hmac = data;

    EVP_MD_CTX_free(hmac->ctx);
    EVP_PKEY_free(hmac->key);
}


ngx_int_t
ngx_slack_hmac_update(ngx_slack_hmac_t *hmac, u_char *data, size_t len)
{
    if (EVP_DigestSignUpdate(hmac->ctx, data, len) != 1) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_hmac_final(ngx_slack_hmac_t *hmac, u_char *digest)
{
    size_t  len;

    len = NGX_SLACK_HMAC_LEN;

    if (EVP_DigestSignFinal(hmac->ctx, digest, &len) != 1
        || len != NGX_SLACK_HMAC_LEN)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_slack_sha256(ngx_str_t *s, u_char *digest)
{
    if (EVP_Digest(s->data, s->len, digest, NULL, EVP_sha256(), NULL) != 1) {
        return NGX_ERROR;
    }

    return NGX_OK;
}


size_t
ngx_slack_base64(u_char *dst, u_char *src, size_t len)
{
    return (size_t) EVP_EncodeBlock(dst, src, (int) len);
}
