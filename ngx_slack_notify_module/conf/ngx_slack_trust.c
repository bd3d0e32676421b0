
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * Files with certificates of trusted CAs (see the header).  Knows OpenSSL, but
 * no workspace.  Runs in the master when the configuration is read.
 */


#include <ngx_slack_trust.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>


typedef STACK_OF(X509_INFO)  ngx_slack_trust_infos_t;


static int ngx_slack_trust_password(char *buf, int size, int rwflag,
    void *data);


ngx_int_t
ngx_slack_trust_count(u_char *name)
{
    int                       i;
    BIO                      *bio;
    ngx_int_t                 n;
    ngx_err_t                 err;
    ngx_slack_trust_infos_t  *all;

    ngx_set_errno(0);

    bio = BIO_new_file((char *) name, "r");

    if (bio == NULL) {
        err = ngx_errno;
        ERR_clear_error();
        ngx_set_errno(err);

        return NGX_ERROR;
    }

    all = PEM_X509_INFO_read_bio(bio, NULL, ngx_slack_trust_password, NULL);

    n = NGX_DECLINED;

    if (all) {
        n = 0;

        for (i = 0; i < sk_X509_INFO_num(all); i++) {
            n += (sk_X509_INFO_value(all, i)->x509 != NULL);
        }

        sk_X509_INFO_pop_free(all, X509_INFO_free);
    }

    BIO_free(bio);
    ERR_clear_error();

    return n;
}


/*
 * Refuses the password of a private key in the file, instead of prompting for
 * it.
 */

static int
ngx_slack_trust_password(char *buf, int size, int rwflag, void *data)
{
    return -1;
}
