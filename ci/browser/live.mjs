// CHROMIUM=/usr/bin/chromium node live.mjs BOOK [PICTURES]
// Opens the page of the book that has a program, presses its button as a reader does, and looks at what is drawn.
// PICTURES is a folder for pictures of the page, to look at.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { SOON, TYPES, shows, start } from './canvas.mjs';

const PAGE = 'boundary/web.html';
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 800 };
/** What the program on a page says when nothing more will come. */
const FINAL = /has stopped|could not be loaded|no WebGPU and no WebGL/;
/** What was said on each page. */
const heard = new WeakMap();

const [, , book, pictures] = process.argv;
if (!book || !process.env.CHROMIUM) {
    console.error('usage: CHROMIUM=… node live.mjs BOOK [PICTURES]');
    process.exit(2);
}

// No header says what a page may do: its own policy counts.
const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    await readFile(join(book, normalize(pathname))).then(
        file => answer.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(file),
        () => answer.writeHead(404, { 'content-type': 'text/plain' }).end());
});
await new Promise(done => { server.listen(0, '127.0.0.1', done); });
const site = `http://127.0.0.1:${server.address().port}`;

const webgpu = await start(true);
await runs(webgpu, 'WebGPU', { viewport: WIDE });
await early(webgpu);
await webgpu.close();
const webgl = await start(false);
await runs(webgl, 'WebGL', { viewport: WIDE, colorScheme: 'dark' });
await early(webgl);
await stopped(webgl);
await onPhone(webgl);
await missing(webgl);
await powerless(webgl);
await withoutScript(webgl);
await webgl.close();
console.log('the program runs on its page');
process.exit();

function button(page) {
    return page.locator('.live button');
}

function line(page) {
    return page.locator('.live [role=status]');
}

/** A page with what is asked for on its way there, and what is wrong on it. */
async function open(browser, options, prepare = () => { }) {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(SOON);
    const [asked, wrong, said] = [[], [], []];
    heard.set(page, said);
    page.on('console', message => said.push(message.text()));
    page.on('pageerror', error => said.push(String(error)));
    page.on('request', request => { if (/\/live\/\w+\//.test(request.url())) asked.push(request.url()); });
    page.on('console', message => { if (message.type() === 'error' && message.location().url.startsWith(site)) wrong.push(message.text()); });
    page.on('pageerror', error => wrong.push(String(error)));
    await prepare(page);
    await page.goto(`${site}/${PAGE}`, { waitUntil: 'load' });
    await page.locator('.live').scrollIntoViewIfNeeded();
    await page.locator('.live img').evaluate(image => image.decode());
    return { page, asked, wrong };
}

function must(is, what) {
    if (!is) throw new Error(what);
}

async function says(page, pattern) {
    // Not what is wanted alone: then an end of another kind would be waited for until it is late.
    const ends = line(page).filter({ hasText: new RegExp(`${pattern.source}|${FINAL.source}`) });
    await ends.waitFor().catch(() => { });
    const text = await line(page).textContent();
    must(pattern.test(text), `the line of the program is “${text}” and does not match ${pattern}; the page said:\n${heard.get(page).join('\n')}`);
}

async function picture(page, name) {
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** Nothing is loaded before the click. After it the canvas is where the picture was, and draws it. */
async function runs(browser, name, options) {
    const { page, asked, wrong } = await open(browser, options);
    must(/^The button loads \d+ kB\.$/.test(await line(page).textContent()), 'the page does not say what the button loads');
    must(!asked.length, `loaded before it was asked for: ${asked}`);
    await picture(page, `${name}-before`);
    const [still, below] = [await place(page, '.live img'), await place(page, '.live + *')];
    await button(page).press('Enter');
    await says(page, /the first frame is drawn”\.$/);
    const canvas = await place(page, '.live canvas');
    must(canvas === still, `the canvas is at ${canvas} and the picture was at ${still}`);
    must(await place(page, '.live + *') === below, 'the text below the picture has moved');
    must(await page.evaluate('document.activeElement.id === "pixels"'), 'the focus is not on what runs');
    await shows(page, ['red', 'green', 'blue']);
    await picture(page, `${name}-after`);
    await page.locator('.live canvas').click();
    await shows(page, ['green', 'blue', 'red']);
    must(asked.length === 2, `two files are loaded, and not ${asked}`);
    must(!wrong.length, wrong.join('\n'));
    await page.close();
}

/** Where on the page something is, and how large, in whole pixels. */
function place(page, what) {
    return page.locator(what).evaluate(element => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x + scrollX, y + scrollY, width, height].map(Math.round).join(' ');
    });
}

/** The GPU comes before the browser has told how large the canvas is. */
async function early(browser) {
    const { page, wrong } = await open(browser, { viewport: WIDE }, page => page.addInitScript(() => {
        const { log } = console;
        const here = new Promise(done => {
            console.log = (...what) => {
                log(...what);
                if (/the GPU is here/.test(what[0])) done();
            };
        });
        const frame = () => new Promise(requestAnimationFrame);
        window.ResizeObserver = class extends ResizeObserver {
            constructor(tell) {
                // In the frame that follows, the program draws already.
                super((...what) => here.then(frame).then(frame).then(() => tell(...what)));
            }
        };
    }));
    await button(page).click();
    await says(page, /the first frame is drawn”\.$/);
    await shows(page, ['red', 'green', 'blue']);
    must(!wrong.length, wrong.join('\n'));
    await page.close();
}

/** An exception ends the program. What a browser tells as an error without one does not. */
async function stopped(browser) {
    const { page } = await open(browser, { viewport: WIDE });
    const fails = error => page.evaluate(`dispatchEvent(new ErrorEvent('error', { message: 'for a try', ${error} })), 0`);
    await button(page).click();
    await says(page, /the first frame is drawn/);
    await fails('');
    must(await page.locator('.live canvas').count() && !FINAL.test(await line(page).textContent()), 'an error without an exception takes the canvas away');
    await fails('error: new Error()');
    await says(page, /has stopped\. Load this page again/);
    must(await page.locator('.live img').isVisible() && !await page.locator('.live canvas').count(), 'a program that has stopped leaves its canvas');
    await page.close();
}

/** On a phone the canvas keeps its shape and stays within the page. */
async function onPhone(browser) {
    const { page, wrong } = await open(browser, { viewport: PHONE });
    await picture(page, 'phone-before');
    const still = await place(page, '.live img');
    await button(page).click();
    await says(page, /the first frame is drawn/);
    const canvas = await place(page, '.live canvas');
    must(canvas === still, `on a phone the canvas is at ${canvas} and the picture was at ${still}`);
    must(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), 'on a phone the page is too wide');
    await picture(page, 'phone-after');
    must(!wrong.length, wrong.join('\n'));
    await page.close();
}

/** The module is gone. */
async function missing(browser) {
    const { page } = await open(browser, { viewport: WIDE }, page =>
        page.route(/\/live\/\w+\/web_app\.js$/, route => route.fulfill({ status: 404, body: '' })));
    await button(page).click();
    await says(page, /could not be loaded or started\. Load this page again/);
    must(await page.locator('.live img').isVisible() && !await page.locator('.live canvas').count(), 'the picture does not stay');
    must(await button(page).isVisible(), 'the button does not stay');
    await picture(page, 'missing');
    await page.close();
}

/** Neither WebGPU nor WebGL: nothing large is loaded. */
async function powerless(browser) {
    const { page, asked } = await open(browser, { viewport: WIDE }, page =>
        page.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null; }));
    await button(page).click();
    await says(page, /no WebGPU and no WebGL.*another browser/);
    must(!asked.length, `what cannot run is loaded: ${asked}`);
    await picture(page, 'powerless');
    await page.close();
}

/** Without scripts the page has the picture and no button. */
async function withoutScript(browser) {
    const { page } = await open(browser, { viewport: WIDE, javaScriptEnabled: false });
    must(await page.locator('.live img').isVisible() && !await button(page).isVisible(), 'without scripts there is a button');
    await page.close();
}
