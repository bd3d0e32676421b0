// The same job in Node, without a promise: what is queued is gone when it
// ends.  usage: hook.node.js PORT WORKERS

'use strict';

const cluster = require('cluster');
const {listen} = require('./receive');

const QUEUED = 10000;

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);

// a timer would send it
const queue = [];


function keep(text, done) {
    queue.push(text);

    if (queue.length > QUEUED) {
        queue.splice(0, QUEUED / 2);
    }

    done();
}


if (workers > 1 && cluster.isPrimary) {
    for (let i = 0; i < workers; i++) {
        cluster.fork();
    }

} else {
    listen(port, keep);
}
