// The status page: gets itself anew every few seconds, as nginx draws it, and sends the
// operator's actions.  Values that come as JSON become text nodes; never HTML.

'use strict';

const EVERY = 3000;                // ms between two looks
const EVERY_AT_MOST = 30000;       // the same while there is no answer
const STALE = 12000;
const TYPING = 250;                // ms after the last key

const $ = (id) => document.getElementById(id);

let timer = null;
let typing = null;
let failures = 0;
let problem = '';
let frozen = false;
let asking = false;
let again = false;
let title = document.title;
let taken = Date.now();            // when the page was got, by this clock
let chosen = new Set();            // ids of dead letters
let cursors = [];                  // the minute that is looked at in each plot
const asked = new Map();           // arguments of the page


// a browser fetches nothing by an address with a name and a password in it
function beside(name) { return new URL(name, location.origin + location.pathname); }


// ---- words ----

function number(n) { return (n ?? 0).toLocaleString('en'); }


function many(n, one) { return `${number(n)} ${one}${n === 1 ? '' : 's'}`; }


function span(seconds) {
  const s = Math.max(0, Math.round(seconds));

  return s < 60 ? `${s} s` : s < 3600 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h`;
}


function clock(seconds) { return new Date(seconds * 1000).toLocaleTimeString('en-GB'); }


// "" is where a webhook leads that names no channel.
function channelName(name) { return name === '' ? "the webhook's own" : name; }


// ---- nodes ----

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));

  return node;
}


function cell(name, className, ...children) {
  return set(element('td', className, ...children), { 'data-name': name });
}


function head(...names) {
  return element('thead', '', element('tr', '', ...names.map((name) => set(element('th', '', name), { scope: 'col' }))));
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
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
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


// ---- looking ----

const PARTS = '#verdict, #about, #needs > .list, #now > .list, #workspaces > .list, #channels > .list, '
  + '#queue > .list, #hour > .list, #dead > .list, #events > .list';


// What nginx has drawn, in the time of who looks.
function draw(fresh) {
  localize(fresh);
  adapt(fresh);

  const nodes = fresh.querySelectorAll(PARTS);
  const focus = document.activeElement;

  document.querySelectorAll(PARTS).forEach((node, i) => morphChildren(node, [...nodes[i].childNodes]));

  for (const { name, value } of [...fresh.getElementById('main').attributes]) $('main').setAttribute(name, value);

  title = fresh.title;
  tidy();

  // what is moved loses the focus
  if (focus !== document.activeElement && focus.isConnected) focus.focus({ preventScroll: true });
}


function localize(root) {
  for (const node of root.querySelectorAll('time[datetime]')) {
    const when = new Date(node.dateTime);

    node.title = when.toString();
    if (node.classList.contains('clock')) node.textContent = when.toLocaleTimeString('en-GB');
  }

  for (const node of root.querySelectorAll('svg.plot title')) {
    node.textContent = node.textContent.replace(/^(\d\d):(\d\d) UTC/, (all, hour, minute) => {
      const when = new Date();

      when.setUTCHours(hour, minute, 0);
      return when.toLocaleTimeString('en-GB').slice(0, 5);
    });
  }
}


// Plots are read minute by minute: with the arrow keys, or by pointing.
function adapt(root) {
  root.querySelectorAll('svg.plot').forEach((plot, i) => {
    const minutes = plot.querySelectorAll('g');
    const at = cursors[i] ?? minutes.length - 1;

    set(plot, { role: 'slider', tabindex: 0, 'data-plot': i, 'aria-valuemin': 0,
      'aria-valuemax': minutes.length - 1, 'aria-valuenow': at,
      'aria-valuetext': minutes[at].querySelector('title').textContent });

    if (cursors[i] === undefined) return;

    minutes[at].classList.add('at');
    plot.parentNode.querySelector('.reading').textContent = minutes[at].querySelector('title').textContent;
  });
}


function point(plot, at) {
  const i = Number(plot.dataset.plot);

  cursors[i] = at === undefined ? undefined : Math.min(Math.max(at, 0), plot.querySelectorAll('g').length - 1);

  plot.querySelector('.at')?.classList.remove('at');
  plot.parentNode.querySelector('.reading').textContent = '';
  adapt(document);
}


function tidy() {
  chosen = new Set([...chosen].filter((id) => document.querySelector(`[data-dead-letter="${CSS.escape(id)}"]`)));
  $('dead-bar').hidden = !Number($('main').dataset.listed);

  drawChosen();
  drawFound();
}


function drawState() {
  const age = Date.now() - taken;
  const stale = failures > 0 || (!frozen && age > STALE);
  const node = $('state');
  const time = clock(Number($('main').dataset.time));

  node.className = stale ? 'stale' : frozen ? 'frozen' : '';
  node.textContent = stale ? `Stale: as it was at ${time}, ${span(age / 1000)} ago. ${problem}`
    : frozen ? `Frozen: as it was at ${time}.` : `As it is at ${time}.`;

  document.title = stale ? `Stale: ${title}` : title;
}


async function look() {
  clearTimeout(timer);
  again = asking;
  if (asking || document.hidden) return;

  asking = true;

  try {
    const answer = await fetch(beside(`?${new URLSearchParams([...asked])}`), { cache: 'no-store', credentials: 'same-origin',
      signal: AbortSignal.timeout(10000) });

    if (!answer.ok) throw new Error(`The server answers ${answer.status} ${answer.statusText}.`);

    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');

    if (!fresh.getElementById('verdict')) throw new Error('The answer is not this page: log in anew?');

    taken = Date.now();
    failures = 0;
    draw(fresh);

  } catch (error) {
    failures++;
    problem = error.name === 'TypeError' ? 'The server does not answer.'
      : error.name === 'TimeoutError' ? 'The server takes longer than 10 s.' : error.message;
  }

  asking = false;
  drawState();

  if (again) look();
  else if (!frozen) timer = setTimeout(look, Math.min(EVERY * 2 ** failures, EVERY_AT_MOST));
}


// Other arguments of the page: what is asked for stays in the address.
function ask(name, value) {
  if (value === '') asked.delete(name);
  else asked.set(name, value);

  history.replaceState(null, '', `${location.pathname}${asked.size ? `?${new URLSearchParams([...asked])}` : ''}${location.hash}`);
}


// ---- actions ----

function say(text, grade = 'good') {
  const close = set(element('button', 'small', 'Close'), { type: 'button' });
  const mark = set(element('i', '', { good: '✓', warn: '▲', bad: '■' }[grade]), { 'aria-hidden': 'true' });
  const node = element('div', grade, mark, ` ${text}`, close);

  close.addEventListener('click', () => node.remove());
  $('said').append(node);
  while ($('said').children.length > 3) $('said').firstChild.remove();
  if (grade === 'good') setTimeout(() => node.remove(), 12000);
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


function sure(text, word, no) {
  const dialog = $('sure');

  $('sure-text').textContent = text;
  $('sure-yes').textContent = word;
  $('sure-no').textContent = no;
  dialog.returnValue = '';
  dialog.showModal();
  $('sure-no').focus();

  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}


// A question before what cannot be taken back, or concerns more than one channel.
function question(action, what, n, whole, to) {
  if (action === 'replay' && to) {
    return [`Replay ${n === null ? `all dead letters of ${what}` : many(n, 'dead letter')} to ${to}, whatever channel ${
      n === 1 ? 'it was' : 'they were'} for?`, 'Replay', 'Cancel'];
  }

  if (action === 'drop') {
    return n === null ? [`Drop all dead letters of ${what}? They are then gone for good.`, 'Drop', 'Keep']
      : [`Drop ${many(n, 'dead letter')}? ${n === 1 ? 'It is' : 'They are'} then gone for good.`, 'Drop', 'Keep'];
  }

  if (action === 'pause' && whole) {
    return [`Pause all channels of ${what}? Their messages wait until it is resumed.`, 'Pause', 'Cancel'];
  }

  return null;
}


async function act(node) {
  const action = node.dataset.do;
  const { workspace, channel, id, of } = node.dataset;
  const which = of === 'all' ? { all: true } : { ids: id ? [id] : [...chosen] };
  const n = workspace !== undefined ? null : of === 'all' ? Number($('main').dataset.dead) : which.ids.length;
  const to = action === 'replay' ? $('to').value.trim() : '';
  const body = { ...(workspace === undefined ? which : { workspace, ...(channel === undefined ? {} : { channel }) }),
    ...(to ? { to } : {}) };
  const what = channel === undefined ? workspace : `${workspace} ${channelName(channel)}`;
  const asks = question(action, what, n, channel === undefined, to);

  if (asks && !await sure(...asks)) return;

  node.setAttribute('aria-busy', 'true');

  try {
    told(action, await post(action, body), what, n);
    if (to) $('to').value = '';
    for (const one of body.ids ?? []) chosen.delete(one);

  } catch (error) {
    say(error.message, 'bad');
  }

  node.removeAttribute('aria-busy');
  await look();

  // where the button was is no place any more; one that is disabled or hidden loses focus later
  const at = document.activeElement;

  if (at === document.body || at.disabled || !at.checkVisibility()) $('dead-title').focus();
}


function tested(answer, what) {
  // a workspace with a token and several channels: only the token is tested
  if (answer.answer === undefined) return [`${what}: ${answer.token}`, answer.status === 'known' ? 'good' : 'bad'];

  switch (answer.status) {
  case 'sent': return [`${what}: the test message is sent. Slack: ${answer.answer}`, 'good'];
  case 'failed': return [`${what}: the test message was refused. ${answer.answer}`, 'bad'];
  default: return [`${what}: the test message still waits. ${answer.answer}`, 'warn'];
  }
}


// "n" dead letters were asked for
function replayed(count, n) {
  if (count < n) {
    return [`${number(count)} of ${many(n, 'dead letter')} wait${count === 1 ? 's' : ''} again. `
      + 'Those that have no channel of their own need one in “To channel”.', 'warn'];
  }

  return [`${many(count, 'dead letter')} wait${count === 1 ? 's' : ''} again.`, 'good'];
}


function told(action, answer, what, n) {
  switch (action) {
  case 'test': say(...tested(answer, what)); break;
  case 'replay': say(...replayed(answer.count, n)); break;
  case 'drop': say(`${many(answer.count, 'dead letter')} dropped.`); break;
  case 'pause': say(`${what} is paused: messages for it wait.`); break;
  default:
    if (answer.paused) say(`${what} stays paused, as its workspace is: resume that.`, 'warn');
    else say(`${what} is delivered to again.`);
  }
}


// ---- choices ----

function drawChosen() {
  const boxes = [...document.querySelectorAll('[data-dead-letter]')];
  const refused = document.querySelector('#dead .list button[aria-disabled]')?.title;

  for (const box of boxes) box.checked = chosen.has(box.dataset.deadLetter);

  $('all').checked = boxes.length > 0 && chosen.size === boxes.length;
  $('all').indeterminate = chosen.size > 0 && chosen.size < boxes.length;
  $('chosen').textContent = chosen.size ? `${number(chosen.size)} chosen` : 'none chosen';

  for (const one of document.querySelectorAll('#dead-bar button')) {
    one.disabled = one.dataset.of === 'chosen' && !chosen.size;
    if (refused) set(one, { 'aria-disabled': 'true', title: refused });
  }
}


// Hides the events that are not looked for.
function drawFound() {
  const find = $('find').value.trim().toLowerCase();
  const result = $('result').value;
  const rows = [...document.querySelectorAll('#events tr.event')];
  let n = 0;

  for (const row of rows) {
    row.hidden = (result && !row.querySelector('.result').textContent.includes(result))
      || (find && !row.textContent.toLowerCase().includes(find));
    if (!row.hidden) n++;
  }

  $('found').textContent = !rows.length ? '' : !find && !result ? `last ${number(rows.length)}`
    : n ? `${number(n)} of ${number(rows.length)}` : 'No event is like that.';
}


// who searches wants all events searched
function findEvents() {
  const all = $('find').value.trim() || $('result').value;

  if (all && !asked.has('events')) {
    ask('events', '100');
    look();
  }

  drawFound();
}


// ---- start ----

function clicked(event) {
  const link = event.target.closest('a[data-set]');
  const node = event.target.closest('button[data-do]');

  if (link) {
    event.preventDefault();
    ask(...link.dataset.set.split('='));
    look();
  }

  if (node?.getAttribute('aria-disabled') === 'true') say(node.title, 'bad');
  else if (node && !node.disabled && !node.hasAttribute('aria-busy')) act(node);
}


function changed(event) {
  const id = event.target.dataset?.deadLetter;

  if (id !== undefined) {
    if (event.target.checked) chosen.add(id);
    else chosen.delete(id);

  } else if (event.target === $('all')) {
    chosen = new Set($('all').checked
      ? [...document.querySelectorAll('[data-dead-letter]')].map((one) => one.dataset.deadLetter) : []);

  } else {
    return;
  }

  drawChosen();
}


const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -60, End: 60 };

function pressed(event) {
  const plot = event.target.closest?.('svg.plot');

  if (!plot || STEPS[event.key] === undefined) return;

  event.preventDefault();
  point(plot, Number(plot.getAttribute('aria-valuenow')) + (cursors[plot.dataset.plot] === undefined ? 0 : STEPS[event.key]));
}


function pointed(event) {
  const plot = event.target.closest?.('svg.plot');
  const box = plot?.getBoundingClientRect();

  if (plot) point(plot, Math.floor((event.clientX - box.left) / box.width * plot.querySelectorAll('g').length));
}


function searched() {
  ask('q', $('q').value.trim());
  ask('state', $('of-state').value);
  look();
}


function start() {
  document.body.classList.add('scripted');

  for (const [name, value] of new URLSearchParams(location.search)) asked.set(name, value);

  document.addEventListener('click', clicked);
  document.addEventListener('change', changed);
  document.addEventListener('keydown', pressed);
  document.addEventListener('pointermove', pointed);
  document.addEventListener('visibilitychange', () => { if (!frozen) look(); });
  window.addEventListener('online', () => { if (!frozen) look(); });

  $('freeze').addEventListener('click', () => {
    frozen = !frozen;
    $('freeze').setAttribute('aria-pressed', String(frozen));
    if (frozen) { clearTimeout(timer); drawState(); }
    else look();
  });

  $('channels-form').addEventListener('submit', (event) => { event.preventDefault(); searched(); });
  $('of-state').addEventListener('change', searched);
  $('q').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(searched, TYPING); });

  $('find').addEventListener('input', findEvents);
  $('result').addEventListener('change', findEvents);
  $('explain-form').addEventListener('submit', explain);

  for (const [id, value] of [['sure-yes', 'yes'], ['sure-no', 'no']]) {
    $(id).addEventListener('click', () => $('sure').close(value));
  }

  localize(document);
  adapt(document);
  tidy();

  setInterval(() => { if (!document.hidden) drawState(); }, 1000);
  look();
}


start();
