// The status page: looks at status.json every few seconds, and sends the operator's actions.

'use strict';

const EVERY = 3000;                // ms between two looks
const EVERY_AT_MOST = 30000;       // the same while there is no answer
const STALE = 12000;

let timer = null;
let failures = 0;
let problem = '';
let held = false;
let asking = false;
let again = false;
let deadLetters = DEAD_LETTERS;    // dead letters to show


// a browser fetches nothing by an address with a name and a password in it
function beside(name) { return new URL(name, location.origin + location.pathname); }


// ---- looking ----

function drawState() {
  const age = Date.now() - taken;
  const stale = failures > 0 || (!held && age > STALE);
  const node = $('state');

  node.className = stale ? 'stale' : '';
  node.textContent = stale
    ? `Stale: as it was at ${clock(status?.time ?? taken / 1000)}, ${span(age / 1000)} ago. ${problem}`
    : held ? `Held: as it was at ${clock(status.time)}.`
    : `As it is at ${clock(status.time)}.`;
}


async function look() {
  clearTimeout(timer);
  again = asking;
  if (asking || document.hidden) return;

  asking = true;

  try {
    const answer = await fetch(beside(`status.json?dead=${deadLetters}`), { cache: 'no-store', credentials: 'same-origin',
      signal: AbortSignal.timeout(10000) });

    if (!answer.ok) throw new Error(`The server answers ${answer.status} ${answer.statusText}.`);

    status = await answer.json();
    taken = Date.now();
    failures = 0;

  } catch (error) {
    failures++;
    problem = error.name === 'TypeError' ? 'The server does not answer.'
      : error.name === 'TimeoutError' ? 'The server takes longer than 10 s.' : error.message;
  }

  asking = false;
  if (!failures) draw();
  drawState();

  if (again) look();
  else if (!held) timer = setTimeout(look, Math.min(EVERY * 2 ** failures, EVERY_AT_MOST));
}


// ---- actions ----

function say(text, bad = false) {
  const close = set(element('button', 'small', 'Close'), { type: 'button' });
  const node = element('div', bad ? 'bad' : '', text, close);

  close.addEventListener('click', () => node.remove());
  $('said').append(node);
  while ($('said').children.length > 3) $('said').firstChild.remove();
  if (!bad) setTimeout(() => node.remove(), 12000);
}


async function post(action, body) {
  const answer = await fetch(beside(action), { method: 'POST', credentials: 'same-origin',
    headers: { 'Content-Type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const text = await answer.text();
  let json = null;

  try { json = JSON.parse(text); } catch (error) { /* told by its code */ }

  if (!answer.ok) {
    throw Object.assign(new Error(json?.error ?? `The server answers ${answer.status} ${answer.statusText}.`),
      { locations: json?.locations });
  }

  return json ?? {};
}


function sure(text, word) {
  const dialog = $('sure');

  $('sure-text').textContent = text;
  $('sure-yes').textContent = word;
  dialog.returnValue = '';
  dialog.showModal();
  $('sure-no').focus();

  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}


async function act(node) {
  const action = node.dataset.do;
  const { workspace, channel, id, of } = node.dataset;
  const which = of === 'all' ? { all: true } : { ids: id ? [id] : [...chosen] };
  const n = of === 'all' ? status.totals.dead : which.ids.length;
  const body = action === 'replay' || action === 'drop' ? which
    : { workspace, ...(channel === undefined ? {} : { channel }) };
  const what = channel === undefined ? workspace : `${workspace} ${channelName(channel)}`;

  if (action === 'drop' && !await sure(`Drop ${many(n, 'dead letter')}? ${n === 1 ? 'It is' : 'They are'} then gone for good.`, 'Drop')) {
    return;
  }

  node.setAttribute('aria-busy', 'true');

  try {
    told(action, await post(action, body), what);
    for (const one of which.ids ?? []) chosen.delete(one);

  } catch (error) {
    say(error.message, true);
  }

  node.removeAttribute('aria-busy');
  await look();

  // where the button was is no place any more; one that is disabled or hidden loses focus later
  const at = document.activeElement;

  if (at === document.body || at.disabled || !at.checkVisibility()) $('dead-title').focus();
}


function tested(answer, what) {
  // a workspace with a token and several channels: only the token is tested
  if (answer.answer === undefined) return `${what}: ${answer.token}`;

  switch (answer.status) {
  case 'sent': return `${what}: the test message is sent. Slack: ${answer.answer}`;
  case 'failed': return `${what}: the test message was refused. ${answer.answer}`;
  default: return `${what}: the test message still waits. ${answer.answer}`;
  }
}


function told(action, answer, what) {
  switch (action) {
  case 'test': say(tested(answer, what), answer.status === 'failed'); break;
  case 'replay': say(`${many(answer.count, 'dead letter')} wait${answer.count === 1 ? 's' : ''} again.`); break;
  case 'drop': say(`${many(answer.count, 'dead letter')} dropped.`); break;
  case 'pause': say(`${what} is paused: messages for it wait.`); break;
  default: say(`${what} is delivered to again.`);
  }
}


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


function explained(answer) {
  const what = [answer.source, answer.event, answer.action, answer.project].filter(Boolean).join(' ');
  const nodes = [element('p', '', element('b', RESULT[answer.result] ?? '', answer.result),
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
        cell('Message', '', [thread.as, thread.broadcast ? 'shown in the channel' : '',
          thread.only_if_shown ? 'if the thread is known' : '', thread.final ? 'final' : ''].filter(Boolean).join(', ')))))));
  }

  if (answer.message) {
    nodes.push(element('h3', '', 'The message'),
      element('article', 'dead-letter', element('div', 'shown', messageBody(answer.message))));
  }

  return nodes;
}


// ---- start ----

function start() {
  document.body.classList.add('scripted');

  document.addEventListener('click', (event) => {
    const node = event.target.closest('button[data-do]');

    if (event.target.id === 'more') { all = !all; drawEvents(); }

    if (event.target.id === 'more-dead-letters') {
      deadLetters = deadLetters === DEAD_LETTERS ? DEAD_LETTERS_AT_MOST : DEAD_LETTERS;
      look();
    }

    if (node && !node.disabled && !node.hasAttribute('aria-busy')) act(node);
  });

  document.addEventListener('change', (event) => {
    const id = event.target.dataset?.deadLetter;

    if (id !== undefined) {
      if (event.target.checked) chosen.add(id);
      else chosen.delete(id);

    } else if (event.target === $('all')) {
      chosen = new Set($('all').checked ? status.dead_letters.map((one) => String(one.id)) : []);

    } else {
      return;
    }

    drawChosen();
  });

  document.addEventListener('visibilitychange', () => { if (!held) look(); });
  window.addEventListener('online', () => { if (!held) look(); });

  $('hold').addEventListener('click', () => {
    held = !held;
    $('hold').setAttribute('aria-pressed', String(held));
    if (held) { clearTimeout(timer); drawState(); }
    else look();
  });

  $('find').addEventListener('input', () => { if (status) drawEvents(); });
  $('result').addEventListener('change', () => { if (status) drawEvents(); });
  $('explain-form').addEventListener('submit', explain);

  for (const [id, value] of [['sure-yes', 'yes'], ['sure-no', 'no']]) {
    $(id).addEventListener('click', () => $('sure').close(value));
  }

  setInterval(() => { if (!document.hidden) drawState(); }, 1000);
  look();
}


start();
