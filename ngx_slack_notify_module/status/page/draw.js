// The status page: draws what status.json says over what the server has drawn.  Values become
// text nodes; never HTML.

'use strict';

const $ = (id) => document.getElementById(id);

let status = null;                 // the last status.json
let taken = Date.now();            // when it was got, by this clock; at first, the page was
let chosen = new Set();            // ids of dead letters
let all = false;                   // all events are shown


// ---- words ----

function number(n) { return (n ?? 0).toLocaleString('en'); }


function many(n, one, more = one + 's') { return `${number(n)} ${n === 1 ? one : more}`; }


// "3 min", for a number of seconds
function span(seconds) {
  const s = Math.max(0, Math.round(seconds));

  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) {
    const min = Math.floor(s % 3600 / 60);

    return `${Math.floor(s / 3600)} h` + (min ? ` ${min} min` : '');
  }

  return many(Math.floor(s / 86400), 'day');
}


function iso(seconds) { return new Date(seconds * 1000).toISOString().slice(0, 19) + 'Z'; }


function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB');
}


// The clock of the server, which the times are of.
function now() { return status.time + (Date.now() - taken) / 1000; }


function ago(seconds) {
  if (!seconds) return null;

  const node = element('time', '', `${span(now() - seconds)} ago`);

  node.dateTime = iso(seconds);
  node.title = new Date(seconds * 1000).toString();

  return node;
}


function until(seconds) {
  const node = element('time', '', `${clock(seconds)}, in ${span(seconds - now())}`);

  node.dateTime = iso(seconds);
  node.title = new Date(seconds * 1000).toString();

  return node;
}


// ---- nodes ----

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }

  return node;
}


function button(text, action, of, more = {}) {
  const node = element('button', 'small' + (more.grave ? ' grave' : ''), text);

  set(node, { type: 'button', 'data-do': action, 'aria-label': more.label });
  Object.assign(node.dataset, of);

  return node;
}


function cell(name, className, ...children) {
  return set(element('td', className, ...children), { 'data-name': name });
}


function count(name, n, className = '') {
  return cell(name, `n ${n ? className : 'zero'}`.trim(), number(n));
}


function head(...names) {
  return element('thead', '', element('tr', '', ...names.map((name) =>
    set(element('th', /^(Waiting|In flight|Sent|Retried|Dead)$/.test(name) ? 'n' : '', name), { scope: 'col' }))));
}


function empty(...lines) {
  return element('div', 'empty', ...lines.map((line) => element('p', '', line)));
}


// Makes OLD like NEW and keeps the nodes that stay, and with them focus, scrolling, choices and
// what is selected.  Children with a key are matched by it, others by their place.
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName
      || old.dataset?.key !== fresh.dataset?.key)
  {
    old.replaceWith(fresh);
    return;
  }

  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }

  const fixed = old.dataset.fixed !== undefined && old.dataset.fixed === fresh.dataset.fixed;

  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== 'open') old.removeAttribute(name);
  }

  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) === value) continue;

    // the page's policy refuses a style that comes as an attribute
    if (name === 'style') old.style.cssText = fresh.style.cssText;
    else old.setAttribute(name, value);
  }

  // what never changes once it is drawn
  if (!fixed) morphChildren(old, [...fresh.childNodes]);
}


function morphChildren(parent, fresh) {
  const keyed = new Map();

  for (const node of parent.children) {
    if (node.dataset.key !== undefined) keyed.set(node.dataset.key, node);
  }

  let at = parent.firstChild;

  for (const node of fresh) {
    const key = node.dataset?.key;
    const known = key === undefined ? null : keyed.get(key);

    if (known) {
      keyed.delete(key);
      if (known === at) at = at.nextSibling;
      else parent.insertBefore(known, at);
      morph(known, node);
      continue;
    }

    if (at && key === undefined && at.dataset?.key === undefined) {
      const next = at.nextSibling;

      morph(at, node);
      at = next;
      continue;
    }

    parent.insertBefore(node, at);
  }

  while (at) {
    const next = at.nextSibling;

    at.remove();
    at = next;
  }
}


function put(section, ...nodes) {
  morphChildren(document.querySelector(`#${section} .list`), nodes.filter(Boolean));
}


// ---- parts ----

function figure(name, value, ...more) {
  return element('div', '', element('dt', '', name), element('dd', '', value, ...more));
}


function drawNow() {
  const t = status.totals;
  const small = (text) => element('small', '', ' ', text);

  const notes = [];

  if (!status.actions) {
    notes.push(element('p', 'note warn live', 'Actions are refused here: they need "slack_status actions" in this location, an address of this host or "actions=remote", and a server_name.'));
  }

  if (!status.outbox.ok) {
    notes.push(element('p', 'note bad', 'The outbox could not be read: what waits and the dead letters are not known now. See the error log.'));
  }

  if (status.outbox.last_error) {
    notes.push(element('p', 'note bad', `Storing failed: ${status.outbox.last_error.text} `, ago(status.outbox.last_error.time)));
  }

  if (status.leader === null && t.waiting) {
    notes.push(element('p', 'note warn', 'Messages wait and no worker delivers yet. If it lasts, see the error log.'));
  }

  morphChildren($('now'), [...notes, element('dl', '',
    figure('Waiting', number(t.waiting), status.outbox.max ? small(`of ${number(status.outbox.max)}`) : null),
    figure('In flight', number(t.in_flight)),
    figure('Sent', number(t.sent)),
    figure('Retried', number(t.retried)),
    ...changes(t, small),
    ...fromSlack(status.from_slack, small),
    figure('Dead letters', element('span', t.dead ? 'bad' : '', number(t.dead))),
    figure('Oldest waiting', t.oldest ? span(now() - t.oldest) : '–'),
    figure('Counting for', span(status.time - status.started)))]);
}


// of threads; without them the page does not name what it does not count

function changes(t, small) {
  const others = [[t.superseded, 'superseded'], [t.stale, 'stale'], [t.fallbacks, 'fallbacks']]
    .filter(([n]) => n).map(([n, name]) => `${number(n)} ${name}`);

  return t.changed || others.length ? [figure('Changes', number(t.changed), others.length ? small(others.join(', ')) : null)] : [];
}



// requests that come from Slack; those that have tested a certificate are well

function fromSlack(guard, small) {
  if (!guard) return [];

  const { passed, ssl_check, ...causes } = guard;
  const refused = Object.values(causes).reduce((sum, n) => sum + n, 0);

  return [figure('From Slack', number(passed + ssl_check), refused ? small(`${number(refused)} refused`) : null)];
}


function standing(one) {
  if (one.paused) return element('span', 'warn', 'paused');

  if (one.suspended_until > now()) {
    return element('span', 'warn', 'held until ', until(one.suspended_until));
  }

  if (one.configured === false) {
    return element('span', 'warn', 'not in the configuration: its messages wait');
  }

  if (one.no_endpoint) return element('span', 'warn', 'waits for an instance that has it');

  return null;
}


function lastError(one) {
  if (!one.last_error) return null;

  const { text, hint, time: when } = one.last_error;

  return element('span', '', text, hint ? `: ${hint} ` : ' ', element('span', 'soft', ago(when)));
}


// "" is where a webhook leads that names no channel.
function channelName(name) { return name === '' ? "the webhook's own" : name; }


function channelActions(workspace, channel, paused) {
  const of = { workspace, ...(channel === null ? {} : { channel }) };
  const what = channel === null ? workspace : `${channelName(channel)} of ${workspace}`;

  return element('td', 'do live',
    button('Test', 'test', of, { label: `Test ${what}` }), ' ',
    paused ? button('Resume', 'resume', of, { label: `Resume ${what}` })
           : button('Pause', 'pause', of, { label: `Pause ${what}` }));
}


// What auth.test has told; all scopes are in status.json.
function tokenOf(workspace) {
  const { token } = workspace;

  if (!token) return null;
  if (token.error) return element('span', 'warn', `what the token is could not be learned: ${token.error}`);
  if (!token.told) return element('span', 'soft', 'what the token is is not known yet');

  const text = element('span', 'soft', `token of team ${token.team}, bot ${token.bot}`);

  if (token.missing.length) {
    text.append(element('span', 'warn',
      `, missing for what your configuration uses: ${token.missing.join(',')}`));
  }

  if (token.rotates) {
    text.append(element('span', 'warn', '; it expires by itself, as token rotation is on for the app'));
  }

  return text;
}


function drawChannels() {
  if (!status.workspaces.length) {
    put('channels', empty('No workspace is configured. Add a "slack_workspace" block to nginx.conf.'));
    return;
  }

  const body = element('tbody');

  for (const workspace of status.workspaces) {
    body.append(set(element('tr', 'workspace',
      set(element('th', '', workspace.name, ' '), { scope: 'rowgroup' }),
      set(element('td', '', standing(workspace) ?? lastError(workspace)
        ?? tokenOf(workspace)
        ?? (workspace.channels.length ? null : element('span', 'soft', 'nothing sent yet: try Test'))),
        { colspan: 8 }),
      channelActions(workspace.name, null, workspace.paused)),
      { 'data-key': `w ${workspace.name}` }));

    for (const one of workspace.channels) {
      body.append(set(element('tr', 'channel',
        set(element('th', '', channelName(one.name)), { scope: 'row' }),
        cell('State', '', standing(one) ?? (one.in_flight || one.waiting
          ? element('span', 'good', 'delivering') : element('span', 'soft', 'idle'))),
        count('Waiting', one.waiting),
        count('In flight', one.in_flight),
        count('Sent', one.sent),
        count('Retried', one.retried, 'warn'),
        count('Dead', one.dead, 'bad'),
        cell('Last sent', '', ago(one.last_success)),
        cell('Last error', '', lastError(one)),
        channelActions(workspace.name, one.name, one.paused)),
        { 'data-key': `c ${workspace.name} ${one.name}` }));
    }
  }

  put('channels', element('table', 'cards',
    head('Channel', 'State', 'Waiting', 'In flight', 'Sent', 'Retried', 'Dead', 'Last sent', 'Last error', ''), body));
}


// Darker with each power of ten.
function heat(n) { return `h${n === 0 ? 0 : Math.min(4, String(n).length)}`; }


function drawQueue() {
  const channels = status.workspaces.flatMap((workspace) => workspace.channels
    .filter((one) => one.waiting)
    .map((one) => ({ name: `${workspace.name} ${channelName(one.name)}`, ages: one.ages })));

  if (!channels.length) {
    put('queue', empty('Nothing waits.'));
    return;
  }

  const top = element('tr', '', set(element('th', '', 'Channel'), { scope: 'col' }),
    ...status.ages.map((name) => set(element('th', '', name), { scope: 'col' })));

  put('queue', set(element('div', 'scroll', element('table', 'heat', element('thead', '', top),
    element('tbody', '', ...channels.map((one) => element('tr', '',
      set(element('th', '', one.name), { scope: 'row' }),
      ...one.ages.map((n) => element('td', heat(n), n ? number(n) : '·'))))))),
    { tabindex: 0, role: 'region', 'aria-labelledby': 'queue-title' }));
}


const SVG = 'http://www.w3.org/2000/svg';

function svg(name, attributes, ...children) {
  const node = set(document.createElementNS(SVG, name), attributes);

  node.append(...children);

  return node;
}


// Bars of sixty minutes; SERIES are [members of a minute, class, words].
function plot(title, series) {
  const minutes = status.minutes;
  const of = (minute, names) => names.reduce((n, name) => n + minute[name], 0);
  const sum = (minute) => series.reduce((n, [names]) => n + of(minute, names), 0);
  const most = Math.max(1, ...minutes.map(sum));
  const totals = series.map(([names]) => minutes.reduce((n, minute) => n + of(minute, names), 0));
  const words = series.map(([, , word], i) => `${number(totals[i])} ${word}`);
  const picture = svg('svg', { viewBox: `0 0 ${minutes.length * 10} 96`, preserveAspectRatio: 'none',
    role: 'img', 'aria-label': `${title}, last hour: ${words.join(', ')}; at most ${number(most)} in a minute` });

  minutes.forEach((minute, i) => {
    const bars = svg('g', {}, svg('title', {}, `${clock(minute.time)}: `
      + series.map(([names, , word]) => `${number(of(minute, names))} ${word}`).join(', ')),
      svg('rect', { x: i * 10, y: 0, width: 10, height: 96, 'fill-opacity': 0 }));
    let y = 96;

    for (const [names, className] of series) {
      const n = of(minute, names);
      const height = n ? Math.max(2, 92 * n / most) : 0;

      y -= height;
      if (height) bars.append(svg('rect', { class: className, x: i * 10 + 1, y: y.toFixed(1), width: 8, height: height.toFixed(1) }));
    }

    picture.append(bars);
  });

  return element('figure', '',
    element('figcaption', '', element('b', '', title), ' ', element('span', 'soft', totals.some(Boolean) ? `at most ${number(most)} a minute` : 'none')),
    picture,
    set(element('div', 'axis', element('span', '', '60 min ago'), element('span', '', 'now')), { 'aria-hidden': 'true' }),
    element('ul', 'key', ...series.map(([, className], i) => element('li', className, words[i]))));
}


function drawHour() {
  put('hour', element('div', 'plots',
    plot('Events', [[['queued'], 'k-good', 'queued'],
      [['filtered', 'duplicate', 'ignored'], 'k-quiet', 'filtered or ignored'],
      [['rejected', 'error'], 'k-bad', 'rejected or failed']]),
    plot('Messages', [[['sent'], 'k-good', 'sent'], [['retried'], 'k-warn', 'to be tried again'],
      [['dead'], 'k-bad', 'dead']])));
}


const DEAD_LETTERS = 20;           // shown unless more are asked for
const DEAD_LETTERS_AT_MOST = 100;  // that status.json gives at once

function drawDeadLetter(one) {
  const id = String(one.id);
  const box = set(element('input', 'live'), { type: 'checkbox', 'data-dead-letter': id,
    'aria-label': `Choose dead letter ${id}` });
  const shown = element('div', 'shown');

  try {
    if (one.message) shown.append(messageBody(one.message));
  } catch (error) {
    shown.append(element('pre', '', JSON.stringify(one.message, null, 2)));
  }

  if (!shown.childNodes.length) shown.append(element('span', 'soft', 'The message cannot be read.'));

  return set(element('article', 'dead-letter',
    element('div', 'head', box,
      element('h3', '', `${one.workspace} ${channelName(one.channel)}`),
      element('span', '', one.event, ' ', element('span', 'soft', one.project ?? '')),
      element('span', 'soft', 'died ', ago(one.died), `, ${many(one.attempts, 'attempt')}, no. ${id}`),
      element('span', 'gap'),
      element('span', 'live', button('Replay', 'replay', { id }, { label: `Replay dead letter ${id}` }), ' ',
        button('Drop', 'drop', { id }, { label: `Drop dead letter ${id}`, grave: true }))),
    element('p', 'answer', one.answer, one.hint ? `: ${one.hint}` : ''),
    set(shown, { 'data-fixed': id })), { 'data-key': id });
}


function drawDead() {
  const letters = status.dead_letters;

  chosen = new Set([...chosen].filter((id) => letters.some((one) => String(one.id) === id)));
  $('dead-bar').hidden = !letters.length;

  if (!letters.length) {
    put('dead', empty('No dead letters: Slack has refused nothing for good.'));
    return;
  }

  const older = status.totals.dead - letters.length;
  const few = letters.length <= DEAD_LETTERS;

  // it stays where it is, and with it the focus
  const more = set(element('button', 'live', few ? 'Show more' : 'Show fewer'), { type: 'button', id: 'more-dead-letters' });

  put('dead', ...letters.map(drawDeadLetter), older > 0 || !few ? element('p', 'soft', older > 0
    ? `${number(older)} older ones are not shown; Replay all and Drop all take them, too. ` : '', more) : null);
  drawChosen();
}


function drawChosen() {
  const boxes = [...document.querySelectorAll('[data-dead-letter]')];

  for (const box of boxes) box.checked = chosen.has(box.dataset.deadLetter);

  $('all').checked = boxes.length > 0 && chosen.size === boxes.length;
  $('all').indeterminate = chosen.size > 0 && chosen.size < boxes.length;
  $('chosen').textContent = chosen.size ? `${number(chosen.size)} chosen` : 'none chosen';

  for (const one of document.querySelectorAll('[data-of="chosen"]')) one.disabled = !chosen.size;
}


const EVENTS = 25;                 // shown unless all are asked for

const RESULT = { queued: 'good', filtered: 'soft', ignored: 'soft', duplicate: 'soft', rejected: 'bad', error: 'bad' };

function why(one) {
  if (one.result === 'queued') return many(one.messages, 'message');
  if (one.result === 'filtered' && one.reason) return `refused by "${one.reason}"`;

  return one.reason;
}


// Kinds of events which the module does not know.
function ignored() {
  if (!status.ignored.length) return null;

  return element('p', 'soft', 'Not known and ignored so far: ', status.ignored
    .map((one) => `${one.event} (${one.source}, ${many(one.count, 'time')})`).join(', '), '.');
}


function drawEvents() {
  const events = status.events;
  const results = [...new Set(events.map((one) => one.result))].sort();
  const find = $('find').value.trim().toLowerCase();
  const result = $('result').value;

  if (!results.includes(result) && result) results.push(result);

  morphChildren($('result'), [set(element('option', '', 'any'), { value: '' }),
    ...results.map((name) => set(element('option', '', name), { value: name }))]);

  if (!events.length) {
    $('found').textContent = '';
    put('events', empty('No events since nginx was started.',
      'Post one by the test of a webhook\'s settings, or paste a payload under Explain.'));
    return;
  }

  const words = (one) => [one.source, one.event, one.action, one.project, one.result, one.reason, one.location]
    .join(' ').toLowerCase();
  const shown = events.filter((one) => (!result || one.result === result) && (!find || words(one).includes(find)));

  $('found').textContent = find || result ? `${number(shown.length)} of ${number(events.length)}` : `last ${number(events.length)}`;

  if (!shown.length) {
    put('events', empty('No event is like that.'));
    return;
  }

  const few = all || find || result ? shown : shown.slice(0, EVENTS);
  const more = set(element('button', '', all ? `Show the last ${EVENTS}` : `Show all ${number(shown.length)}`),
    { type: 'button', id: 'more' });

  put('events', element('table', 'cards', head('When', 'Source', 'Event', 'Project', 'Result', 'Why'),
    element('tbody', '', ...few.map((one) => element('tr', 'event',
      cell('When', 'when', ago(one.time)),
      cell('Source', 'source soft', one.source ?? ''),
      cell('Event', 'what', [one.event, one.action].filter(Boolean).join(' ')),
      cell('Project', 'project', one.project ?? ''),
      cell('Result', `result ${RESULT[one.result] ?? ''}`, one.result),
      cell('Why', 'why', why(one)))))),
    !find && !result && shown.length > EVENTS ? element('p', '', more) : null, ignored());
}


function draw() {
  drawNow();
  drawChannels();
  drawQueue();
  drawHour();
  drawDead();
  drawEvents();
}
