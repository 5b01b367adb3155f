// CHROMIUM=/usr/bin/chromium node selftest.mjs
// A check that cannot fail proves nothing: a page that passes, the mistakes that
// can be made in it, and what must be said about each.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { look, start } from './look.mjs';

const good = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<style>
  body { margin: 10px; background: white; color: black; font: 16px/24px sans-serif; }
  a { color: #00c; display: inline-block; min-height: 24px; min-width: 24px; } button { min-height: 24px; min-width: 24px; }
  pre, code { font: 14px/20px monospace; margin: 0; }
  pre > code { display: block; overflow-x: auto; }
  .code { display: grid; grid-template-columns: 20px minmax(0, 1fr); }
  .marks { user-select: none; } .marks b { background: #dfd; font-weight: inherit; }
  figure { margin: 0; } :target { outline: 1px solid; }
  svg { display: block; font: 14px sans-serif; }
  text { text-anchor: middle; fill: currentcolor; } .node { fill: #eef; }
  [hidden] { display: none; } summary, dialog button { min-height: 24px; min-width: 24px; }
  @media (prefers-color-scheme: dark) {
    body { background: #111; color: #eee; } a { color: #9cf; }
    .marks b { background: #232; } .node { fill: #223; }
  }
</style></head><body>
<header><button type="button" id="mdbook-sidebar-toggle">Contents</button>
  <nav id="mdbook-sidebar" aria-label="Contents" hidden><a href="#there">There</a></nav>
  <button type="button" id="mdbook-theme-toggle">Theme</button>
  <div id="mdbook-theme-list" hidden><button type="button" id="mdbook-theme-coal">Coal</button></div>
  <dialog class="help" id="help" aria-label="Keys"><button type="button">Close</button></dialog>
  <button type="button" id="mdbook-search-toggle">Search</button>
  <input id="mdbook-searchbar" aria-label="Search"><p id="mdbook-searchresults-header"></p><ul id="mdbook-searchresults" hidden></ul>
</header><p class="toast" role="status" hidden><button type="button">Go on</button></p>
<main><h1>A page</h1>
  <p>Text.</p><div style="height: 4000px"></div>
  <figure id="there" class="listing"><a class="permalink" href="#there">There</a>
    <button type="button" class="copy">Copy</button><details class="menu"><summary>Menu</summary><div class="actions"><button type="button">Copy all</button></div></details>
    <div class="code"><pre class="marks" aria-hidden="true"><b>+</b>\n&nbsp;</pre><pre><code tabindex="0">let a = "${'a'.repeat(200)}";\nlet b;</code></pre></div></figure>
  <figure class="drawing"><div class="diagram" id="drawn">
    <svg width="200" height="60" role="img" aria-label="A box"><rect class="node" x="10" y="10" width="100" height="40"/><text x="60" y="35">poll</text></svg>
  </div><button type="button" class="enlarge">Large</button></figure>
</main><dialog id="large" aria-label="Large"><button type="button" class="close">Close</button><div class="diagram"></div></dialog>
<script>
  const id = name => document.getElementById(name);
  const flip = name => { id(name).hidden = !id(name).hidden; };
  const kept = localStorage;
  if (kept.theme) document.documentElement.className = kept.theme;
  id('mdbook-theme-coal').onclick = () => { kept.theme = 'coal'; flip('mdbook-theme-list'); };
  id('mdbook-sidebar').hidden = kept.open !== 'true';
  id('mdbook-sidebar-toggle').onclick = () => { flip('mdbook-sidebar'); kept.open = !id('mdbook-sidebar').hidden; };
  const at = kept.at;
  document.querySelector('.toast').hidden = !(at > 1000);
  document.querySelector('.toast button').onclick = () => scrollTo(0, at);
  onpagehide = () => { kept.at = scrollY; };
  id('mdbook-theme-toggle').onclick = () => flip('mdbook-theme-list');
  onkeydown = e => {
    if (e.key === '?') id('help').showModal();
    if (e.key === 'Escape') id('mdbook-theme-list').hidden = true;
  };
  id('mdbook-searchbar').oninput = e => {
    id('mdbook-searchresults').hidden = false;
    id('mdbook-searchresults-header').textContent = 'Asked: ' + e.target.value;
    const found = { waker: 'A waker', 'A page': 'A page' }[e.target.value];
    id('mdbook-searchresults').dataset.asked = e.target.value;
    id('mdbook-searchresults').innerHTML = found ? \`<li><a href="?found">\${found}</a></li>\` : '';
  };
  if (location.search === '?found') {
    const range = new Range();
    range.selectNodeContents(document.querySelector('main p'));
    CSS.highlights.set('searched', new Highlight(range));
  }
  const one = name => document.querySelector(name);
  const copy = text => navigator.clipboard.writeText(text);
  one('.copy').onclick = () => copy(one('pre:not(.marks) > code')?.textContent);
  one('.permalink').onclick = e => copy(e.target.href);
  one('.menu').onkeydown = e => { if (e.key === 'Escape') one('.menu').open = false; };
  const svg = one('svg');
  one('.enlarge').onclick = () => {
    svg.style.zoom = innerWidth > 500 ? 2 : 1.1;
    one('#large .diagram').append(svg);
    id('large').showModal();
    one('#large .close').onclick = () => id('large').close();
    id('large').onclose = () => { svg.style.zoom = 1; one('.drawing .diagram').append(svg); };
  };
</script></body></html>`;

/**
 * What is broken: find and replace in the page's source, and what must be said.
 * Mistakes that do not hide each other share a page.
 */
const broken = [
    [
        ['a console error', '<script>', '<script>console.error("lost wake");', /console error: lost wake/],
        ['a missing file', '<h1>', '<img src="gone.png" alt="Gone"><h1>', /failed request: .*gone\.png \(404\)/],
        ['a wide paragraph', '<p>', '<p style="width: 400px">', /wider than the page by \d+ px: p .*360 px/],
        ['a diagram that is not drawn', '<svg', '<pre class="mermaid">A</pre><svg', /a diagram is not drawn/],
        ['a small label', '<text', '<text font-size="9"', /text of 9\.0 px: “poll”/],
        ['a label on another', '</text>', '</text><text x="62" y="37">wake</text>', /text stands on “poll”: “wake”/],
        ['a mark too many', '&nbsp;', '&nbsp;\n&nbsp;', /3 marks for 2 lines/],
        ['a permalink to nothing', 'href="#there">There</a>\n', 'href="#gone">There</a>\n', /a permalink to nothing: #gone/],
        ['a button without a name', '>Search</button>', '></button>', /button-name: /],
        ['a button out of the keyboard\'s reach', '<button type="button" id="mdbook-sidebar', '<button type="button" tabindex="-1" id="mdbook-sidebar', /keyboard does not reach/],
        ['themes that stay', "'Escape'", "'Esc'", /Escape leaves the list of themes open/],
        ['help that does not come', "'?'", "'!'", /the keyboard shortcuts cannot be opened/],
        ['a page that shifts', '<script>', '<script>requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => document.body.prepend(Object.assign(document.createElement("p"), { textContent: "late" })))));', /the layout shifts by 0\.\d+ while it loads/],
        ['a menu that does not open', 'class="menu"', 'class="menu" inert', /the menu of a listing does not open with Enter/],
        ['a theme that is pale', '</style>', '.coal p { color: #777; background: #888; }</style>', /contrast of [\d.]+: p.* \[coal/],
        ['a token that is pale', 'let a =', '<span style="color: #888; background: #999">let</span> a =', /contrast of [\d.]+: span/],
        ['a diagram that does not open', "id('large').showModal()", "id('large').close()", /a diagram does not open large/],
        ['a search that finds nothing', "{ waker:", "{ runner:", /the search does not find “waker”/],
    ],
    [
        ['an exception', '<script>', '<script>setTimeout(() => { throw new Error("late"); });', /script error: .*late/],
        ['another site', '<h1>', '<img src="http://127.0.0.2:9/x.png" alt="X"><h1>', /asks another site: http:\/\/127\.0\.0\.2:9/],
        ['a box that scrolls', '<p>', `<div tabindex="0" style="overflow: auto; white-space: nowrap">${'Text. '.repeat(300)}</div><p>`, /scrolls sideways: div/],
        ['a diagram scaled down', '<svg', '<svg viewBox="0 0 400 120"', /text of 7\.0 px: “poll”/],
        ['a label that is pale in light', '<text', '<text style="fill: #999"', /contrast of 2\.\d+: “poll” .*\[light/],
        ['marks of another height', '<pre class="marks"', '<pre class="marks" style="line-height: 23px"', /the mark of line \d is [\d.]+ px off/],
        ['a target that is not marked', ':target { outline: 1px solid; }', '', /linked to is not marked: #there/],
        ['an arrow key that leaves', 'onkeydown = e => {', 'onkeydown = e => { if (e.key === "ArrowRight") location.search = "?next";', /an arrow key in a listing leaves the page/],
        ['contents that do not open', "=> { flip('mdbook-sidebar')", '=> { return', /Enter does not open the table of contents/],
        ['a result that leads nowhere', "'?found') {", "'?gone') {", /does not show the word/],
        ['a copy that is not the code', '?.textContent);', "?.textContent + '+');", /the copy of a listing is not its code/],
        ['a link that is not copied', 'copy(e.target.href)', 'copy("")', /a permalink does not copy its address/],
        ['a theme that is forgotten', "kept.theme = 'coal'", "kept.theme = ''", /the theme is not remembered/],
        ['contents that are forgotten', "kept.open !== 'true'", 'true', /the table of contents is not as it was left/],
        ['a place that is forgotten', 'kept.at = scrollY', 'kept.at = 0', /the place is not remembered/],
        ['a heading that is not found', "'A page': 'A page'", "'A page': 'A waker'", /the search does not put “A page” first/],
        ['a diagram that stays small', '? 2', '? 1', /a diagram opened large is \d+ px wide/],
        ['a heavy page', '<h1>', () => `<template>${randomBytes(60_000).toString('hex')}</template><h1>`, /the first load is \d+\.\d kB, with 1 diagrams it may be 53\.2/],
        ['a heavy search', "id('mdbook-searchresults').hidden = false;", "fetch('big'); id('mdbook-searchresults').hidden = false;", /the search loads \d+\.\d kB, not \d/],
    ],
    [
        ['a page too wide without scripts', '<p>', '<noscript><div style="width: 2000px">x</div></noscript><p>', /wider than the page .*\[dark, no JavaScript, 1280 px/],
        ['a label that leaves its diagram', '>poll<', '>poll and poll and poll again<', /text is cut off by its diagram: “poll and/],
        ['a label that is pale in dark', '<text', '<text style="fill: black"', /contrast of 1\.\d+: “poll and.*\[dark.*no JavaScript/],
        ['marks that are copied', '<pre class="marks"', '<pre class="marks" style="user-select: text"', /marks are copied/],
        ['a pale changed line', '#dfd', '#050', /contrast of [\d.]+ on a changed line/],
        ['a small target', '<p>', '<div style="display: flow-root; font-size: 9px; line-height: 9px"><a href="#a" style="min-height: 0; display: block">a</a><a href="#b" style="min-height: 0; display: block">b</a></div><p>', /target-size: /],
        ['a menu that stays', "e.key === 'Escape') one", "e.key === 'Esc') one", /the menu of a listing stays open/],
        ['a large diagram that does not come back', 'onclose =', 'oncancel = null; id("large").onclick =', /does not come back/],
        ['a page too wide at 200 %', '<p>', '<div style="width: 70rem">x</div><p>', /at 200 %: wider than the page/],
        ['a page too wide for paper', '</style>', '@media print { p { width: 900px; } }</style>', /on paper: wider than the page/],
        ['a table to print on two sheets', '<p>', '<div class="sheet"></div><p>', /on paper: a table to print takes \d+ sheets, not one/],
        ['too many requests', '<h1>', `${[1, 2, 3, 4, 5, 6].map(n => `<link rel="stylesheet" href="${n}.css">`).join('')}<img src="1.png" alt="1"><img src="2.png" alt="2"><h1>`, /takes 8 requests, not 6/],
        ['what the policy forbids', '<meta charset="utf-8">', `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="font-src 'none'"><style>@font-face { font-family: X; src: url(x.woff2); } h1 { font-family: X; }</style>`, /console error: .*Content Security Policy/],
        ['contents that stay', "flip('mdbook-sidebar')", 'id("mdbook-sidebar").hidden = false', /Enter does not close the table of contents/],
    ],
    [
        ['a diagram without text', '>poll<', '> <', /a diagram has no text: #drawn/],
        ['a box out of the keyboard\'s reach', ' tabindex="0"', '', /scrollable-region-focusable: /],
        ['a listing out of view', '<figure id="there" class="listing">', '<figure id="there" class="listing" style="position: fixed; top: 3000px">', /a permalink does not show its listing: #there/],
        ['a link that says nothing', '<h1>', '<a href="#there">more</a><h1>', /a link does not say where it leads: “more”/],
        ['a picture out of shape', '<h1>', `<img alt="A square" style="width: 60px; height: 30px" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>"><h1>`, /a picture is out of shape: data:/],
        ['a pale paragraph', '<p>', '<p style="color: #777; background: #888">', /color-contrast: .* p/],
    ],
    [
        ['an empty diagram', 'width="200" height="60"', 'width="0" height="0"', /a diagram has no size: #drawn/],
        ['a listing that cannot scroll', 'overflow-x: auto', 'overflow-x: clip', /an arrow key in a listing does not scroll it/],
    ],
    [
        ['a label that leaves its box', '>poll<', '>poll, wake, poll<', /text is wider than its box: “poll, wake/],
        ['marks without code', '<code tabindex', '<samp tabindex', /marks without code/],
    ],
    [['a page that is not there', null, null, /failed request: .*\(404\)/]],
];

const pages = new Map([['good.html', good]]);
broken.forEach((mistakes, n) => {
    let page = good;
    for (const [name, find, replace] of mistakes) {
        if (find === null) return;
        if (!page.includes(find)) throw new Error(`${name}: the page has no ${find}`);
        page = page.replace(find, typeof replace === 'function' ? replace : () => replace);
    }
    pages.set(`${n}.html`, page);
});

const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://localhost').pathname.slice(1);
    const page = name === 'big' ? randomBytes(80_000) : pages.get(name);
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page ?? 'There is no such page.');
}).listen(0, '127.0.0.1');
await new Promise(ready => server.once('listening', ready));

if (!process.env.CHROMIUM) {
    console.error('CHROMIUM is not set: it is the path of a Chromium');
    process.exit(2);
}
const browser = await start(process.env.CHROMIUM);
const site = `http://127.0.0.1:${server.address().port}`;
const said = await look(browser, site, ['good.html'], { acting: false });
const of = name => said.filter(line => line.startsWith(`${name}: `));
const unnoticed = n => broken[n].filter(([, , , expected]) => !of(`${n}.html`).some(line => expected.test(line)));
// What a mistake keeps from happening is not waited for as long as what is only slow. On a busy machine both look alike at first,
// so a page with a mistake that was not noticed is looked at once more, with patience.
for (const soon of [3_000, 30_000]) {
    const names = broken.map((_, n) => n).filter(n => unnoticed(n).length).map(n => `${n}.html`);
    said.push(...await look(browser, site, names, { frames: names, soon, acting: false }));
}
await browser.close();
server.close();

const missed = of('good.html').map(line => `nothing is wrong with ${line}`);
broken.forEach((_, n) => {
    for (const [name] of unnoticed(n)) {
        missed.push([`not found: ${name}; what was said:`, ...of(`${n}.html`)].join('\n  '));
    }
});
missed.forEach(line => console.log(line));
console.log(missed.length ? `${missed.length} problems` : `${broken.flat().length} mistakes found`);
process.exit(missed.length ? 1 : 0);
