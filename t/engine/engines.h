
/*
 * Copyright (C) ngx_slack_notify_module authors
 *
 * The engines that the suite runs on, a line each: the engine and an address
 * of an outbox that nobody has used yet, where %s is a new directory; for
 * PostgreSQL the connection string of a server of the tests, in which each
 * case has a schema of its own.
 */

ENGINE(ngx_slack_memory_engine, "memory:%s")
ENGINE(ngx_slack_sqlite_engine, "sqlite:%s/outbox.db")
ENGINE(ngx_slack_postgres_engine, "postgres:%s")
