// CHROMIUM=/usr/bin/chromium node web.mjs FOLDER
// Runs each program of the chapter `boundary/web` in Chromium and writes what its console said into FOLDER/NAME.txt.
// FOLDER has the programs, as `bindgen` writes them.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { PLACES, SOON, TYPES, shows, start } from './canvas.mjs';

/** The size of the canvas. */
const [WIDTH, HEIGHT] = [480, 320];
/** Two drivers round differently. */
const CLOSE = 6;

/** What a page of the book allows, and that WebAssembly may be compiled. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'";

/** Each run: its name, the program, whether WebGPU is on, the line after which nothing comes, and what else is done. */
const RUNS = [
    { name: 'web_app', program: 'web_app', webgpu: true, last: 'redraw: the first frame is drawn', does: picture },
    { name: 'web_app_webgl', program: 'web_app', webgpu: false, last: 'redraw: the first frame is drawn', does: picture },
    { name: 'web_first_poll', program: 'web_first_poll', webgpu: true, last: 'the device is open' },
    { name: 'web_condvar', program: 'web_condvar', webgpu: false, last: /^error: / },
    { name: 'web_busy', program: 'web_busy', webgpu: false, last: 'awaited: ready' },
    { name: 'web_wait', program: 'web_wait', webgpu: false, last: /wait/ },
    { name: 'web_oneshot', program: 'web_oneshot', webgpu: false, last: 'the GPU is here' },
    { name: 'web_slot', program: 'web_slot', webgpu: false, last: /^a frame: .* is here$/ },
    // The last, because its page answers nobody any more.
    { name: 'web_block_on', program: 'web_block_on', webgpu: false, last: 'block_on(ready): done', does: frozen },
];
/** A page that answers at all does so far sooner. */
const SILENT = 5_000;

const [, , folder] = process.argv;
if (!folder || !process.env.CHROMIUM) {
    console.error('usage: CHROMIUM=… node web.mjs FOLDER');
    process.exit(2);
}

/** One page for every program: `/?web_app` loads `web_app.js`. */
const PAGE = `<!doctype html><title>A program</title><canvas id="pixels" width="${WIDTH}" height="${HEIGHT}"></canvas><script type="module" src="start.js"></script>`;
/** A program that panics rejects, and the browser says so. */
const START = 'const name = location.search.slice(1); const { default: start } = await import(`./${name}.js`); await start();';

const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const send = (status, type, body) => {
        answer.writeHead(status, { 'content-type': type, 'content-security-policy': POLICY });
        answer.end(body);
    };
    if (pathname === '/') return send(200, TYPES['.html'], PAGE);
    if (pathname === '/start.js') return send(200, TYPES['.js'], START);
    await readFile(join(folder, normalize(pathname))).then(
        file => send(200, TYPES[extname(pathname)] ?? 'text/plain', file),
        () => send(404, 'text/plain', ''));
});
await new Promise(done => { server.listen(0, '127.0.0.1', done); });
const site = `http://127.0.0.1:${server.address().port}`;

/** Each run's picture, by the name of the run. */
const pictures = new Map();
for (const webgpu of [true, false]) {
    const browser = await start(webgpu);
    for (const run of RUNS.filter(run => run.webgpu === webgpu)) await writeFile(join(folder, `${run.name}.txt`), await record(browser, run));
    // A frozen page does not close by itself.
    await Promise.race([browser.close(), new Promise(done => { setTimeout(done, SILENT); })]);
}
compare(pictures.get('web_app'), pictures.get('web_app_webgl'));
console.log(`${RUNS.length} programs in Chromium`);
process.exit();

/** What the console says until the last line. */
async function record(browser, { name, program, last, does }) {
    const page = await browser.newPage({ viewport: { width: 600, height: 400 } });
    page.setDefaultTimeout(SOON);
    // A browser may open the GPU before or after it asks for the first frame. It is held back until
    // three frames have passed, so that every run has the same order.
    await page.addInitScript(() => {
        if (!navigator.gpu) return;
        const open = navigator.gpu.requestAdapter.bind(navigator.gpu);
        const frame = () => new Promise(requestAnimationFrame);
        navigator.gpu.requestAdapter = async options => {
            for (let frames = 0; frames < 3; frames++) await frame();
            return open(options);
        };
    });
    const lines = [];
    let hear;
    const ended = new Promise(done => { hear = done; });
    const say = line => {
        lines.push(line);
        if (typeof last === 'string' ? line === last : last.test(line)) hear();
    };
    page.on('console', message => {
        // What the browser itself says, of favicons and of slow drivers, is no line of the program.
        if (!message.location().url.startsWith(site) || message.text().startsWith('Failed to load resource')) return;
        if (message.type() === 'log' || message.type() === 'error') say(message.text());
    });
    page.on('pageerror', error => say(`error: ${error.name}: ${error.message}`));
    await page.goto(`${site}/?${program}`);
    await soon(ended, () => `${name} did not say its last line; it said:\n${lines.join('\n')}`);
    if (does) await does(page, name, lines);
    if (does !== frozen) await page.close();
    return lines.join('\n') + '\n';
}

function soon(promise, why) {
    let timer;
    const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(why())), SOON); });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Waits for an answer that does not come. */
async function frozen(page, name, lines) {
    const silent = new Promise(done => { setTimeout(() => done('silent'), SILENT); });
    const answer = await Promise.race([page.evaluate('"answer"'), silent]);
    if (answer !== 'silent') throw new Error(`${name}: the page answers`);
    lines.push('the page is frozen');
}

/** Looks at the canvas, clicks on it, and looks again. */
async function picture(page, name, lines) {
    const first = await shows(page, ['red', 'green', 'blue']);
    pictures.set(name, first.pixels);
    await writeFile(join(folder, `${name}.png`), first.png);
    lines.push('the canvas: red at the top, green at the left, blue at the right');
    await page.locator('canvas').click();
    await shows(page, ['green', 'blue', 'red']);
    lines.push('after a click: green at the top, blue at the left, red at the right');
}

/** WebGPU and WebGL draw the same. */
function compare(one, other) {
    for (const place of Object.keys(PLACES)) {
        const far = one[place].some((color, n) => Math.abs(color - other[place][n]) > CLOSE);
        if (far) throw new Error(`${place}: WebGPU draws ${one[place]} and WebGL ${other[place]}`);
    }
}
