// The same job with express and BullMQ: an event is answered when Redis has
// it, and one worker takes a job each second.
// usage: hook.bullmq.js PORT WORKERS PORT-OF-REDIS

'use strict';

const cluster = require('cluster');
const express = require('express');
const {Queue, Worker} = require('bullmq');

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);
const push = import('./push.mjs');
const connection = {host: '127.0.0.1', port: Number(process.argv[4])};


function serve() {
    const queue = new Queue('slack', {connection});
    const app = express();

    app.disable('x-powered-by');
    app.disable('etag');

    app.post('/', (request, response, next) => {
        if (request.headers['x-gitlab-token'] !== 'token-of-the-benchmark') {
            response.status(401).json({status: 'rejected'});
            return;
        }

        next();
    }, express.json({limit: '32mb'}), async (request, response) => {
        const event = request.body;

        if (event.object_kind !== 'push') {
            response.json({status: 'filtered'});
            return;
        }

        try {
            const {message} = (await push).default;
            const job = await queue.add('message', message(event),
                {removeOnComplete: true});

            response.status(202).json({status: 'queued', id: job.id});

        } catch (e) {
            response.status(503).json({status: 'failed'});
        }
    });

    app.listen(port, '127.0.0.1');
}


if (cluster.isPrimary) {
    new Worker('slack', async () => 'ok',
        {connection, limiter: {max: 1, duration: 1000}});

    for (let i = 0; i < workers; i++) {
        cluster.fork();
    }

} else {
    serve();
}
