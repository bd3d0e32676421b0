// Shows a message as Slack does: its marks, attachments and blocks.  Whatever comes out of a
// message becomes text nodes and checked http(s)/mailto links; never HTML.  For the status
// page and for the page of the tests' stand-in for Slack.

'use strict';

const EMOJI = {
  rocket: '🚀', white_check_mark: '✅', heavy_check_mark: '✔️', x: '❌', warning: '⚠️',
  rotating_light: '🚨', fire: '🔥', tada: '🎉', bug: '🐛', memo: '📝', lock: '🔒',
  unlock: '🔓', bell: '🔔', ship: '🚢', tag: '🏷️', hammer: '🔨', wrench: '🔧',
  construction: '🚧', eyes: '👀', thumbsup: '👍', '+1': '👍', thumbsdown: '👎', '-1': '👎',
  fox_face: '🦊', robot_face: '🤖', question: '❓', exclamation: '❗', link: '🔗',
  no_entry: '⛔', red_circle: '🔴', large_green_circle: '🟢', large_yellow_circle: '🟡',
  hourglass: '⌛', arrow_right: '➡️', package: '📦', speech_balloon: '💬', book: '📖',
  heart: '❤️', smile: '😄', wave: '👋', star: '⭐', zap: '⚡', gear: '⚙️', ghost: '👻',
};

const COLORS = { good: '#2eb67d', warning: '#daa038', danger: '#a30200' };
const MORE_CHARACTERS = 700;
const MORE_BREAKS = 5;

function element(name, className, ...children) {
  const node = document.createElement(name);

  if (className) node.className = className;
  node.append(...children.filter((child) => child !== null && child !== undefined));

  return node;
}


function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (all, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);
}


function plain(text) {
  return unescape(String(text ?? '')).replace(/:([\w+'-]+):/g, (all, name) => EMOJI[name] ?? all);
}


function safe(url) {
  return /^(https?:\/\/|mailto:)/i.test(url ?? '') ? unescape(url) : null;
}


function link(url, ...children) {
  const href = safe(url);

  if (href === null) return element('span', '', ...children);

  const a = element('a', '', ...children);

  a.href = href;
  a.rel = 'noreferrer noopener';
  a.target = '_blank';

  return a;
}


// ---- mrkdwn ----

function date(unix, format, label) {
  const when = new Date(unix * 1000);

  if (isNaN(when)) return label;

  const day = (options) => when.toLocaleDateString('en', options);
  const long = { year: 'numeric', month: 'long', day: 'numeric' };
  const short = { year: 'numeric', month: 'short', day: 'numeric' };
  const time = { hour: 'numeric', minute: '2-digit' };
  const pretty = (options) => {
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(when).setHours(0, 0, 0, 0)) / 864e5);

    return { 0: 'today', 1: 'yesterday', '-1': 'tomorrow' }[days] ?? day(options);
  };
  const minutes = Math.round((Date.now() - when) / 6e4);
  const values = {
    date_num: () => when.toISOString().slice(0, 10),
    date: () => day(long),
    date_short: () => day(short),
    date_long: () => day({ weekday: 'long', ...long }),
    date_pretty: () => pretty(long),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty({ weekday: 'long', ...long }),
    time: () => when.toLocaleTimeString('en', time),
    time_secs: () => when.toLocaleTimeString('en', { ...time, second: '2-digit' }),
    ago: () => new Intl.RelativeTimeFormat('en').format(-minutes, 'minute'),
  };

  return format.replace(/\{(\w+)\}/g, (all, name) => (values[name] ? values[name]() : all));
}


// What stands between < and >.
function token(inside) {
  const bar = inside.indexOf('|');
  const head = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : inside.slice(bar + 1);
  const mention = (text, ping) => element('span', ping ? 'mention ping' : 'mention', plain(text));

  if (/^(https?|mailto):/.test(head)) {
    return link(head, plain(label ?? head.replace(/^mailto:/, '')));
  }

  if (/^@/.test(head)) return mention('@' + (label ?? head.slice(1)), true);
  if (/^#/.test(head)) return mention('#' + (label ?? head.slice(1)), false);
  if (/^!(here|channel|everyone)$/.test(head)) return mention('@' + head.slice(1), true);
  if (/^!subteam\^/.test(head)) return mention(label ?? '@' + head.slice(9), true);

  if (/^!date\^/.test(head)) {
    const [, unix, format, url] = head.split('^');
    const text = date(Number(unix), format ?? '', label ?? '');

    return url ? link(url, plain(text)) : element('span', '', plain(text));
  }

  return document.createTextNode(plain('<' + inside + '>'));
}


const INLINE = [
  { open: '`', name: 'code', code: true },
  { open: '*', name: 'b' },
  { open: '_', name: 'i' },
  { open: '~', name: 's' },
];


// The end of a formatted span that starts at AT, or -1.
function spanEnd(text, at, mark) {
  const before = at > 0 ? text[at - 1] : ' ';

  // U+200B is how a mark is kept from counting
  if (/[\p{L}\p{N}]/u.test(before) || /[\s\u200b]/.test(text[at + 1] ?? ' ')) return -1;

  for (let i = at + 1; i < text.length && text[i] !== '\n'; i++) {
    if (text[i] === '<') {
      const close = text.indexOf('>', i);

      if (close > 0) { i = close; continue; }
    }

    if (text[i] !== mark || i === at + 1) continue;
    if (/\s/.test(text[i - 1]) || /[\p{L}\p{N}]/u.test(text[i + 1] ?? ' ')) continue;

    return i;
  }

  return -1;
}


// TEXT without fences and quotes; with FORMATS the marks * _ ~ ` count.
function inline(text, formats) {
  const out = document.createDocumentFragment();
  let rest = '';

  const flush = () => {
    if (rest) out.append(plain(rest));
    rest = '';
  };

  for (let i = 0; i < text.length; i++) {
    if (text[i] === '<') {
      const close = text.indexOf('>', i);

      if (close > 0) {
        flush();
        out.append(token(text.slice(i + 1, close)));
        i = close;
        continue;
      }
    }

    const mark = formats && INLINE.find((one) => one.open === text[i]);
    const end = mark ? spanEnd(text, i, mark.open) : -1;

    if (end < 0) { rest += text[i]; continue; }

    flush();
    out.append(element(mark.name, '', inline(text.slice(i + 1, end), !mark.code)));
    i = end;
  }

  flush();
  return out;
}


function lines(text, formats) {
  const out = document.createDocumentFragment();
  let quote = null;
  let first = true;

  for (const line of text.split('\n')) {
    const match = formats && /^(?:>|&gt;) ?(.*)$/s.exec(line);

    if (match) {
      if (quote) quote.append('\n');
      else quote = out.appendChild(element('blockquote'));
      quote.append(inline(match[1], formats));
      first = true;
      continue;
    }

    quote = null;
    if (!first) out.append('\n');
    out.append(inline(line, formats));
    first = false;
  }

  return out;
}


function mrkdwn(text, formats = true) {
  const out = document.createDocumentFragment();
  const parts = formats ? String(text).split('```') : [String(text)];

  parts.forEach((part, i) => {
    if (i % 2) {
      out.append(element('pre', '', inline(part.replace(/^\n|\n$/g, ''), false)));
      return;
    }

    // Slack shows no empty line beside a block
    if (i > 0) part = part.replace(/^\n/, '');
    if (i + 1 < parts.length) part = part.replace(/\n$/, '');
    out.append(lines(part, formats));
  });

  return out;
}


// ---- messages ----

function time(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' });
}


function folded(text, formats) {
  const breaks = text.split('\n');

  if (text.length < MORE_CHARACTERS && breaks.length <= MORE_BREAKS) {
    return element('div', 'text', mrkdwn(text, formats));
  }

  // cut where no link or fence is open, else show all
  let cut = breaks.slice(0, MORE_BREAKS).join('\n').slice(0, MORE_CHARACTERS);

  if (cut.lastIndexOf('<') > cut.lastIndexOf('>')) cut = cut.slice(0, cut.lastIndexOf('<'));
  if (cut.lastIndexOf('&') > cut.lastIndexOf(';')) cut = cut.slice(0, cut.lastIndexOf('&'));
  if (cut.split('```').length % 2 === 0) cut += '```';

  const body = element('div', 'text');
  const button = element('button', 'more');
  let open = false;

  const show = () => {
    body.replaceChildren(mrkdwn(open ? text : cut + ' …', formats));
    button.textContent = open ? 'Show less' : 'Show more';
    button.setAttribute('aria-expanded', String(open));
  };

  button.addEventListener('click', () => { open = !open; show(); });
  show();

  return element('div', '', body, button);
}


function icon(name) {
  return element('span', 'icon', (plain(name).trim()[0] ?? '•').toUpperCase());
}


function list(value) {
  return Array.isArray(value) ? value.filter((one) => one && typeof one === 'object') : [];
}


function attachment(a) {
  const formats = (where) => list(a.mrkdwn_in).length || Array.isArray(a.mrkdwn_in)
    ? a.mrkdwn_in.includes(where) : true;
  const out = document.createDocumentFragment();
  const bar = element('div', 'bar');
  const inside = element('div', 'inside');
  const color = COLORS[a.color] ?? (/^#[0-9a-f]{6}$/i.test(a.color ?? '') ? a.color : null);

  if (color) bar.style.background = color;

  if (a.pretext) out.append(element('div', 'text', mrkdwn(a.pretext, formats('pretext'))));

  if (a.author_name) {
    inside.append(element('div', 'author', icon(a.author_name), link(a.author_link, plain(a.author_name))));
  }

  if (a.title) inside.append(element('div', 'title', link(a.title_link, inline(String(a.title), false))));
  if (a.text) inside.append(folded(String(a.text), formats('text')));

  for (const block of list(a.blocks)) inside.append(blockNode(block));

  if (list(a.fields).length) {
    const fields = element('div', 'fields');

    for (const field of list(a.fields)) {
      fields.append(element('div', field.short === true ? 'field short' : 'field',
        field.title ? element('div', 'name', plain(field.title)) : null,
        element('div', 'value', mrkdwn(field.value ?? '', formats('fields')))));
    }

    inside.append(fields);
  }

  for (const url of [a.image_url, a.thumb_url].filter(Boolean)) {
    inside.append(element('div', '', link(url, element('span', 'picture', '🖼 ' + plain(url)))));
  }

  if (a.footer || a.ts) {
    const footer = element('div', 'footer', ...(a.footer
      ? [icon(a.footer), element('span', '', plain(a.footer))] : []));
    const when = new Date(Number(a.ts) * 1000);

    if (a.ts && !isNaN(when)) {
      if (a.footer) footer.append(element('span', '', '|'));
      footer.append(element('span', '', when.toLocaleDateString('en', { month: 'short', day: 'numeric', year: 'numeric' })
        + ' at ' + time(Number(a.ts))));
    }

    inside.append(footer);
  }

  if (!inside.childNodes.length && !a.pretext && a.fallback) {
    inside.append(element('div', 'text', mrkdwn(a.fallback, false)));
  }

  if (inside.childNodes.length) out.append(element('div', 'attachment', bar, inside));

  return out;
}


function textObject(object) {
  const text = object && typeof object === 'object' ? object.text : object;

  return object && object.type === 'plain_text' ? plain(text) : mrkdwn(text ?? '');
}


function blockNode(block) {
  switch (block.type) {
  case 'divider':
    return element('hr', 'block');

  case 'header':
    return element('div', 'block-header', textObject(block.text));

  case 'context':
    return element('div', 'block-context text',
      ...list(block.elements).map((one) => element('span', '', textObject(one), ' ')));

  case 'actions':
    return element('div', '', ...list(block.elements).map((one) =>
      link(one.url, element('span', 'button', textObject(one.text)))));

  case 'image':
    return element('div', '', link(block.image_url, element('span', 'picture', '🖼 ' + plain(block.alt_text))));

  default: {
    const node = element('div', 'block text', block.text ? textObject(block.text) : null);

    if (list(block.fields).length) {
      node.append(element('div', 'fields', ...list(block.fields).map((one) =>
        element('div', 'field short', element('div', 'value', textObject(one))))));
    }

    return node;
  }
  }
}


// What Slack shows of a payload, but for who has sent it.
function messageBody(payload) {
  const out = document.createDocumentFragment();

  // beside blocks the text is for notifications only
  if (typeof payload.text === 'string' && payload.text !== '' && !list(payload.blocks).length) {
    out.append(element('div', 'text', mrkdwn(payload.text, payload.mrkdwn !== false)));
  }

  if (typeof payload.markdown_text === 'string') {
    out.append(element('div', 'text', payload.markdown_text));
  }

  for (const block of list(payload.blocks)) out.append(blockNode(block));
  for (const one of list(payload.attachments)) out.append(attachment(one));

  return out;
}
