
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The version of the module, as operators see it.
 */


#ifndef _NGX_SLACK_VERSION_H_INCLUDED_
#define _NGX_SLACK_VERSION_H_INCLUDED_


#ifndef NGX_SLACK_NOTIFY_VERSION
#define NGX_SLACK_NOTIFY_VERSION  "1.0.0"
#endif


#endif /* _NGX_SLACK_VERSION_H_INCLUDED_ */
