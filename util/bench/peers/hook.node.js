// The same job in Node, without a promise: what is queued is gone when it
// ends.  usage: hook.node.js PORT WORKERS

'use strict';

const cluster = require('cluster');
const http = require('http');

const QUEUED = 10000;

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);

// a timer would send it
const queue = [];


function escape(text) {
    return text.replace(/[&<>]/g, (c) =>
        c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;');
}


function answer(response, status, text) {
    const body = `{"status":"${text}"}\n`;

    response.writeHead(status, {
        'Content-Type': 'application/json',
        'Content-Length': body.length
    });
    response.end(body);
}


function message(event) {
    const branch = event.ref.replace(/^refs\/heads\//, '');
    const site = event.project.web_url;

    const lines = event.commits.map((commit) =>
        `<${commit.url}|${commit.id.slice(0, 8)}>: ${escape(commit.title)}`
        + ` - ${escape(commit.author.name)}`);

    return JSON.stringify({
        channel: '#dev',
        username: 'GitLab',
        text: `${escape(event.user_name)} (${escape(event.user_username)})`
            + ` pushed to branch <${site}/-/commits/${branch}`
            + `|${escape(branch)}> of <${site}`
            + `|${escape(event.project.path_with_namespace)}>`,
        attachments: [
            {color: '#345', text: lines.join('\n'), mrkdwn_in: ['text']}
        ]
    });
}


function serve(request, response) {
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

        queue.push(message(event));

        if (queue.length > QUEUED) {
            queue.splice(0, QUEUED / 2);
        }

        answer(response, 202, 'queued');
    });
}


if (workers > 1 && cluster.isPrimary) {
    for (let i = 0; i < workers; i++) {
        cluster.fork();
    }

} else {
    http.createServer(serve).listen(port, '127.0.0.1');
}
