// A server in Node that takes webhooks: what becomes of a message is told by
// its user, keep(text, done), which calls done(error) when it is kept.

'use strict';

const http = require('http');
const {message} = require('./push');


function answer(response, status, text) {
    const body = `{"status":"${text}"}\n`;

    response.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': body.length
    });
    response.end(body);
}


function serve(request, response, keep) {
    if (request.headers['x-gitlab-token'] !== 'token-of-the-benchmark') {
        request.resume();
        return answer(response, 401, 'rejected');
    }

    const pieces = [];

    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
        let event;

        try {
            event = JSON.parse(Buffer.concat(pieces).toString());

        } catch (e) {
            return answer(response, 400, 'not JSON');
        }

        if (event.object_kind !== 'push') {
            return answer(response, 200, 'filtered');
        }

        keep(JSON.stringify(message(event)), (error) =>
            error ? answer(response, 503, 'failed')
                : answer(response, 202, 'queued'));
    });
}


function listen(port, keep) {
    http.createServer((request, response) => serve(request, response, keep))
        .listen(port, '127.0.0.1');
}


module.exports = {listen};
