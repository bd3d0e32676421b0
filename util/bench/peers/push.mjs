// What the peers in Node and in njs make of a push: a message as Slack's
// webhooks take it.


function escape(text) {
    return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
               .replace(/>/g, '&gt;');
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


export default {message};
