// The page of the stand-in: shows messages as Slack renders them, by message.js of the status
// page.

'use strict';

const $ = (id) => document.getElementById(id);


// Mattermost and Discord read Markdown, where bold has two asterisks and italic one.
function markdown(text) {
  return typeof text !== 'string' ? text : text
    .replace(/\*\*(\S(?:[^*\n]*\S)?)\*\*/g, '\u0001$1\u0001')
    .replace(/(^|[^\w*])\*([^\s*][^*\n]*)\*(?![\w*])/g, '$1_$2_')
    .replace(/\u0001/g, '*');
}


function asShown(view) {
  const payload = view.payload ?? {};

  if (view.receiver !== 'mattermost' && view.receiver !== 'discord') return payload;

  const attachments = Array.isArray(payload.attachments) ? payload.attachments : [];

  return { ...payload, text: markdown(payload.text), attachments: attachments.map((attachment) => ({
    ...attachment, pretext: markdown(attachment?.pretext), text: markdown(attachment?.text),
    fields: (attachment?.fields ?? []).map((field) => ({ ...field, value: markdown(field?.value) })),
  })) };
}


// How the request came, as people who look for it in a log would say it.
function wayOf(view) {
  if (view.via === 'api') return `${view.method} · bot ${view.bid}`;
  if (view.via !== 'webhook') return '';

  return view.receiver ? `webhook of ${view.receiver}` : `webhook ${view.team}/${view.bid}`;
}


// What a client ought not to have done, or not to have met unnoticed.
function warningsOf(view) {
  const warnings = [];

  if (view.slackbot) warnings.push('landed with Slackbot: a name or an icon together with the ID of a member');
  if (view.unthreaded) warnings.push('not in its thread: the parent was deleted');
  if (view.part) warnings.push(`part ${view.part} of a text that Slack has split`);
  if (view.early) warnings.push(`came ${view.early} s before Retry-After was over`);

  return warnings.map((text) => element('div', 'warning', '⚠ ' + text));
}


// A request that leaves no message, such as auth.test.
function callNode(view) {
  return element('article', 'call', element('span', 'small', time(view.time)), ' ',
    element('b', '', view.method), ` → ${view.error}`,
    view.duplicate ? `, a duplicate of message ${view.duplicate}` : '', ' ',
    element('span', 'small', `bot ${view.bid}` + (view.channel ? ` in ${view.channel}` : '')),
    ...warningsOf(view));
}


// A slash command that somebody gave, and what it answered.
function commandNode(view) {
  const content = element('div', 'content', element('div', 'who', element('b', '', view.user),
    element('span', 'small', time(view.time)), element('span', 'small', 'in ' + view.channel),
    element('span', 'small way', 'slash command')));

  content.append(element('p', '', element('code', '', view.command)));

  if (view.error !== 'ok') {
    content.append(element('div', 'reason', `${view.command.split(' ')[0]} failed with the error `, element('b', '', view.error),
      view.status ? ` (HTTP ${view.status})` : ''));
  } else if (view.answer) {
    if (view.visible === 'one') content.append(element('div', 'small', 'Only visible to ' + view.user));
    content.append(messageBody(view.answer));
  }

  return element('article', view.error === 'ok' ? 'message command' : 'message command refused',
    element('div', 'avatar', view.user[0].toUpperCase()), content);
}


function messageNode(view, replies) {
  if (view.via === 'command') return commandNode(view);

  const good = view.message !== undefined;

  if (!good && view.error === 'ok') return callNode(view);

  const name = view.username ?? (view.via === 'api' ? 'bot' : 'incoming-webhook');
  const emoji = /^:([\w+'-]+):$/.exec(view.icon ?? '');
  const glyph = emoji ? EMOJI[emoji[1]] : null;
  const content = element('div', 'content');
  const who = element('div', 'who', element('b', '', plain(name)), element('span', 'badge', 'APP'),
    element('span', 'small', time(view.time)),
    element('span', 'small', view.channel ? 'in ' + view.channel : ''));

  if (view.edited) who.append(element('span', 'small', view.edits > 1 ? `(edited ${view.edits} times)` : '(edited)'));
  if (view.deleted) who.append(element('span', 'small', '(deleted)'));
  if (view.payload?.reply_broadcast) who.append(element('span', 'badge', 'ALSO IN THE CHANNEL'));
  who.append(element('span', 'small way', wayOf(view)));
  content.append(who, ...warningsOf(view));
  if (view.pings?.length) content.append(element('div', 'small', 'notifies ' + view.pings.map(plain).join(' ')));

  if (!good) {
    const status = view.status ?? 'no answer';
    const reason = element('div', 'reason', view.error === 'fault' ? 'fault: ' : 'refused: ',
      element('b', '', `${status} ${view.error === 'fault' ? '' : view.error ?? ''}`));

    if (view.why) reason.append(' ', element('code', '', view.why));
    content.append(reason);
  }

  content.append(messageBody(asShown(view)));
  if (replies) content.append(element('div', 'replies', replies === 1 ? '1 reply' : `${replies} replies`));

  const classes = ['message'];
  const fresh = performance.now() - (view.changed ?? -Infinity);

  if (!good) classes.push('refused');
  if (view.deleted) classes.push('deleted');
  if (view.slackbot) classes.push('slackbot');
  if (isReply(view) && $('replies').checked) classes.push('reply');
  if (fresh < FLASH) classes.push('changed');

  const article = element('article', classes.join(' '),
    element('div', glyph ? 'avatar emoji' : 'avatar', glyph ?? (name.trim()[0] ?? '?').toUpperCase()),
    content);

  // all is drawn anew with each message: the flash goes on where it was
  if (fresh < FLASH) article.style.animationDelay = `${-fresh}ms`;

  return article;
}


// ---- the page ----

const FLASH = 2000;     // ms, as in page.css

const views = new Map();
let chosen = null;
let live = false;       // what there was when the page was opened has been read


function isReply(view) { return view.message !== undefined && !view.unthreaded && Boolean(view.payload?.thread_ts); }


// What is with Slackbot stands in no channel where anybody looks for it.
function channelOf(view) {
  return view.slackbot ? `Slackbot, to ${view.channel}` : view.channel ?? '(no channel)';
}


function isDirect(channel) { return /^(?:@|[UWD][A-Z0-9]{2,}$|Slackbot, )/.test(channel); }


// Slack has one message however often it is edited: the newest view of it counts.
function keyOf(view) { return view.message === undefined ? 'r' + view.n : 'm' + view.message; }


function drawChannels() {
  const numbers = new Map();

  for (const view of views.values()) {
    numbers.set(channelOf(view), (numbers.get(channelOf(view)) ?? 0) + 1);
  }

  const item = (name, channel, number) => {
    const button = element('button', channel?.startsWith('Slackbot') ? 'trap' : '',
      element('span', 'name', name), element('span', 'number', String(number)));

    if (channel === chosen) button.setAttribute('aria-current', 'true');
    button.addEventListener('click', () => { chosen = channel; draw(); });

    return element('li', '', button);
  };
  const names = [...numbers.keys()].sort();
  const direct = names.filter(isDirect);

  $('channels').replaceChildren(item('All channels', null, views.size),
    ...names.filter((name) => !isDirect(name)).map((name) => item(name, name, numbers.get(name))),
    ...(direct.length ? [element('li', 'group', 'Direct messages')] : []),
    ...direct.map((name) => item(name, name, numbers.get(name))));
}


// Replies come after the message they belong to, in their order; or, as those see it who
// do not open the thread, not at all, and in their turn if they are broadcast.
function byThread(shown, open) {
  const roots = new Map();
  const top = [];

  for (const view of shown) {
    const root = isReply(view) ? roots.get(view.channel_id + ' ' + view.payload.thread_ts) : undefined;

    if (root) root.replies.push(view);
    if (root && (open || !view.payload.reply_broadcast)) continue;

    const entry = { view, replies: [] };

    top.push(entry);
    if (view.message !== undefined && !root) roots.set(view.channel_id + ' ' + view.ts, entry);
  }

  return top.flatMap(({ view, replies }) =>
    [[view, replies.length], ...(open ? replies : []).map((reply) => [reply, 0])]);
}


function draw() {
  const box = $('messages');
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  const nodes = [];
  let day = '';

  const shown = [...views.values()]
    .filter((view) => chosen === null || channelOf(view) === chosen)
    .filter((view) => view.message !== undefined || view.error === 'ok' || $('refused').checked);

  for (const [view, replies] of byThread(shown, $('replies').checked)) {
    const today = new Date(view.time * 1000)
      .toLocaleDateString('en', { weekday: 'long', month: 'long', day: 'numeric' });

    if (today !== day) nodes.push(element('div', 'day', element('span', '', today)));
    day = today;

    try {
      nodes.push(messageNode(view, replies));
    } catch (error) {
      nodes.push(element('pre', '', 'cannot be shown: ' + JSON.stringify(view.payload)));
    }
  }

  if (!nodes.length) nodes.push(element('p', 'empty', 'No messages yet.'));

  box.replaceChildren(...nodes);
  if (atEnd) box.scrollTop = box.scrollHeight;

  const messages = shown.filter((view) => view.message !== undefined).length;
  const refused = shown.filter((view) => view.message === undefined && view.error !== 'ok').length;

  $('title').textContent = chosen ?? 'All channels';
  $('count').textContent = (messages === 1 ? '1 message' : `${messages} messages`) + (refused ? `, ${refused} refused` : '');
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

  events.addEventListener('open', () => { live = false; $('state').className = 'on'; $('state').title = 'live'; });
  events.addEventListener('error', () => { $('state').className = ''; $('state').title = 'not connected'; });
  events.addEventListener('reset', () => { views.clear(); drawSoon(); });
  events.addEventListener('now', () => { live = true; });
  events.addEventListener('message', (event) => {
    const view = JSON.parse(event.data);

    const old = views.get(keyOf(view));
    const edits = (old?.edits ?? 0) + (view.method === 'chat.update' ? 1 : 0);
    const changed = old && live ? performance.now() : undefined;

    views.set(keyOf(view), old ? { ...view, time: old.time, method: old.method, edits, changed } : view);
    drawSoon();
  });

  $('refused').addEventListener('change', draw);
  $('replies').addEventListener('change', draw);
  draw();
}


start();
