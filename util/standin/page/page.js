// The page of the stand-in: shows messages as Slack renders them, by message.js of the status
// page.

'use strict';

const $ = (id) => document.getElementById(id);


function messageNode(view) {
  const payload = view.payload ?? {};
  const good = view.message !== undefined;
  const name = view.username ?? (view.via === 'api' ? 'bot' : 'incoming-webhook');
  const emoji = /^:([\w+'-]+):$/.exec(view.icon ?? '');
  const glyph = emoji ? EMOJI[emoji[1]] : null;
  const content = element('div', 'content');
  const who = element('div', 'who', element('b', '', plain(name)), element('span', 'badge', 'APP'),
    element('span', 'small', time(view.time)),
    element('span', 'small', view.channel ? 'in ' + view.channel : ''));

  if (view.edited) who.append(element('span', 'small', '(edited)'));
  content.append(who);

  if (!good) {
    const status = view.status ?? 'no answer';
    const reason = element('div', 'reason', view.error === 'fault' ? 'fault: ' : 'refused: ',
      element('b', '', `${status} ${view.error === 'fault' ? '' : view.error ?? ''}`));

    if (view.why) reason.append(' ', element('code', '', view.why));
    content.append(reason);
  }

  content.append(messageBody(payload));

  const classes = ['message'];

  if (!good) classes.push('refused');
  if (payload.thread_ts) classes.push('reply');

  return element('article', classes.join(' '),
    element('div', glyph ? 'avatar emoji' : 'avatar', glyph ?? (name.trim()[0] ?? '?').toUpperCase()),
    content);
}


// ---- the page ----

const views = new Map();
let chosen = null;


function channelOf(view) { return view.channel ?? '(no channel)'; }


// Slack has one message however often it is edited: the newest view of it counts.
function keyOf(view) { return view.message === undefined ? 'r' + view.n : 'm' + view.message; }


function drawChannels() {
  const numbers = new Map();

  for (const view of views.values()) {
    numbers.set(channelOf(view), (numbers.get(channelOf(view)) ?? 0) + 1);
  }

  const item = (name, channel, number) => {
    const button = element('button', '', element('span', 'name', name), element('span', 'number', String(number)));

    if (channel === chosen) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => { chosen = channel; draw(); });

    return element('li', '', button);
  };

  $('channels').replaceChildren(item('All channels', null, views.size),
    ...[...numbers.keys()].sort().map((channel) => item(channel, channel, numbers.get(channel))));
}


function draw() {
  const box = $('messages');
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const nodes = [];
  let day = '';

  const shown = [...views.values()]
    .filter((view) => chosen === null || channelOf(view) === chosen)
    .filter((view) => view.message !== undefined || $('refused').checked);

  for (const view of shown) {
    const today = new Date(view.time * 1000)
      .toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });

    if (today !== day) nodes.push(element('div', 'day', element('span', '', today)));
    day = today;

    try {
      nodes.push(messageNode(view));
    } catch (error) {
      nodes.push(element('pre', '', 'cannot be shown: ' + JSON.stringify(view.payload)));
    }
  }

  if (!nodes.length) nodes.push(element('p', 'empty', 'No messages yet.'));

  box.replaceChildren(...nodes);
  if (atEnd) box.scrollTop = box.scrollHeight;

  const refused = shown.filter((view) => view.message === undefined).length;

  $('title').textContent = chosen ?? 'All channels';
  $('count').textContent = `${shown.length - refused} messages` + (refused ? `, ${refused} refused` : '');
  drawChannels();
}


let waiting = false;

function drawSoon() {
  if (waiting) return;

  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}


function start() {
  const events = new EventSource('/_events');

  events.addEventListener('open', () => { $('state').className = 'on'; $('state').title = 'live'; });
  events.addEventListener('error', () => { $('state').className = ''; $('state').title = 'not connected'; });
  events.addEventListener('reset', () => { views.clear(); drawSoon(); });
  events.addEventListener('message', (event) => {
    const view = JSON.parse(event.data);

    const old = views.get(keyOf(view));

    views.set(keyOf(view), old ? { ...view, time: old.time } : view);
    drawSoon();
  });

  $('refused').addEventListener('change', draw);
  draw();
}


start();
