// What the peers in Node make of a push: a message as Slack's webhooks take it.

'use strict';


function escape(text) {
    return text.replace(/[&<>]/g, (c) =>
        c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;');
}


function message(event) {
    const branch = event.ref.replace(/^refs\/heads\//, '');
    const site = event.project.web_url;

    const lines = event.commits.map((commit) =>
        `<${commit.url}|${commit.id.slice(0, 8)}>: ${escape(commit.title)}`
        + ` - ${escape(commit.author.name)}`);

    return {
        channel: '#dev',
        username: 'GitLab',
        text: `${escape(event.user_name)} (${escape(event.user_username)})`
            + ` pushed to branch <${site}/-/commits/${branch}`
            + `|${escape(branch)}> of <${site}`
            + `|${escape(event.project.path_with_namespace)}>`,
        attachments: [
            {color: '#345', text: lines.join('\n'), mrkdwn_in: ['text']}
        ]
    };
}


module.exports = {message};
