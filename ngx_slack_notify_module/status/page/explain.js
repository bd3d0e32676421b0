// What would become of an event, on the status page: which routes take it, what its messages
// would be to their threads, and how Slack would show them.  Part of the page's script.

async function explain(event) {
  event.preventDefault();

  const out = $('explained');
  const query = new URLSearchParams();

  for (const name of ['location', 'event']) {
    const value = $(`explain-${name}`).value.trim();

    if (value) query.set(name, value);
  }

  out.replaceChildren(element('p', 'soft', 'Asking …'));

  try {
    out.replaceChildren(...explained(await post(`explain?${query}`, $('payload').value)));

  } catch (error) {
    out.replaceChildren(element('p', 'note bad', error.message));

    if (Array.isArray(error.locations)) {
      $('locations').replaceChildren(...error.locations.map((name) => set(element('option'), { value: name })));
      out.append(element('p', 'soft', `Locations with routes: ${error.locations.join(', ')}`));
    }
  }
}


const GRADE = { queued: 'good', rejected: 'bad', error: 'bad' };

function explained(answer) {
  const what = [answer.source, answer.event, answer.action, answer.project].filter(Boolean).join(' ');
  const nodes = [element('p', '', element('b', GRADE[answer.result] ?? '', `would be ${answer.result}`),
    answer.reason ? `: ${answer.reason}` : '', what ? ` – ${what}` : '')];

  if (list(answer.routes).length) {
    nodes.push(element('table', 'cards', head('Route', 'To', 'Takes it'), element('tbody', '',
      ...answer.routes.map((route) => element('tr', '',
        cell('Route', '', `${route.file}:${route.line}`),
        cell('To', '', `${route.workspace} ${route.channels.map(channelName).join(', ')}`),
        route.taken ? cell('Takes it', 'good', ['yes', route.only_if_changed ? 'if its status has changed' : '',
                        route.format === 'full' ? '' : `as ${route.format}`].filter(Boolean).join(', '))
                    : cell('Takes it', '', `no, refused by "${route.reason}"`))))));
  }

  if (list(answer.threads).length) {
    nodes.push(element('table', 'cards', head('Thread', 'To', 'Message'), element('tbody', '',
      ...answer.threads.map((thread) => element('tr', '',
        cell('Thread', '', thread.key),
        cell('To', '', `${thread.workspace} ${channelName(thread.channel)}`),
        cell('Message', '', threadRole(thread)))))));
  }

  if (answer.message) {
    nodes.push(element('h3', '', 'The message'),
      element('article', 'dead-letter', element('div', 'shown', messageBody(answer.message))));
  }

  return nodes;
}


// what a message would be to its thread

function threadRole(thread) {
  if (thread.as === 'nothing') {
    return `nothing, as ${thread.only_if_shown ? 'no message shows it' : 'the root tells it'}`;
  }

  return [thread.as, thread.broadcast && thread.as !== 'root' ? 'shown in the channel' : '',
          thread.only_if_shown && thread.root === null ? 'if the thread is known' : '',
          thread.final ? 'final' : ''].filter(Boolean).join(', ');
}
