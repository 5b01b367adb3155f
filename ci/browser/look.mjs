// Opens pages in Chromium as readers do and says what is wrong with them.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { PHONE, WIDE, acts, ask, lost, onPhone, withoutScript } from './acts.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const inside = readFileSync(new URL('inside.js', import.meta.url), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** What depends on the width alone, and what depends on the colors too. */
const LAID_OUT = ['overflow', 'links', 'captions'];
const COLORED = ['diagrams', 'marks'];
const WITHOUT_COLORS = { rules: { 'color-contrast': { enabled: false } } };
const THEMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
/** What the first load of a page may weigh, by how many diagrams it has: bytes of gzip and headers. */
const BUDGET = [53_200, 53_200, 60_700, 68_200];
/** The page of a program has all of its code, colored. */
const PROGRAM = 72_000;
/** The headers of one answer, about. */
const HEADERS = 300;
const REQUESTS = 6;
/** The search's code and index together: 40 kB at 45 pages; each page after them has more words that a reader may ask for. */
const SEARCH = pages => 8_400 + 702 * pages + 70 * Math.max(0, pages - 45);
/** Pages that are looked at side by side. */
const WORKERS = 2;
/** No page takes this long: one that does hangs. */
const LIMIT = 600_000;
/** The wait for something that a page does on its own: only what never comes takes so long. */
const SOON = 60_000;

/** Starts the browser at `path`. */
export function start(path) {
    return chromium.launch({
        executablePath: path,
        args: [
            '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync',
        ],
    });
}

/**
 * Looks at every page; returns one line for each thing that is wrong. What every
 * page has alike, the search and what pops up, is tried on `frames` alone.
 */
export async function look(browser, site, pages, { frames = pages.slice(0, 1), soon = SOON, acting = true, all = pages.length } = {}) {
    const found = new Map(pages.map(page => [page, new Map()]));
    // The same mistake in light and dark, wide and narrow is one line.
    const tell = (page, how, what) => {
        const wrong = found.get(page);
        wrong.set(what, [...new Set([...(wrong.get(what) ?? []), how])]);
    };
    const waiting = [...pages];
    const work = async () => {
        for (let page = waiting.shift(); page; page = waiting.shift()) {
            const frame = frames.includes(page);
            let timer;
            const late = new Promise((_, fail) => {
                timer = setTimeout(() => fail(new Error(`not done in ${LIMIT / 1000} s`)), LIMIT);
            });
            const say = (how, what) => tell(page, how, what);
            const looked = lookAt(browser, site, page, { frame, soon, all }, say)
                .then(() => frame && acting && act(browser, site, page, say));
            await Promise.race([looked, late])
                .catch(why => tell(page, 'opened', `cannot be looked at: ${firstLine(why)}`))
                .finally(() => clearTimeout(timer));
        }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    return [...found].flatMap(([page, wrong]) =>
        [...wrong].map(([what, how]) => `${page}: ${what} [${how.join('; ')}]`));
}

const firstLine = why => String(why?.message ?? why).split('\n')[0];

async function lookAt(browser, site, path, { frame, soon, all }, tell) {
    let moved = [];
    await visit(browser, { viewport: WIDE, soon }, site, path, tell, async (page, how, loaded) => {
        moved = await page.evaluate(() =>
            Object.entries(JSON.parse(document.querySelector('script[data-moved]')?.dataset.moved || '{}')));
        await weigh(page, loaded, how('light'));
        await measure(page, how('light'), [...LAID_OUT, ...COLORED]);
        // Colors are looked at in each theme below, and on a phone in the dark: axe takes as long for them as for all else.
        await accessible(page, how('light'), frame ? {} : WITHOUT_COLORS);
        await page.emulateMedia({ colorScheme: 'dark' });
        await measure(page, how('dark'), [...COLORED, 'permalinks', 'copies', 'markup', 'proofs', 'large']);
        await themes(page, how);
        await enlarged(page, how('dark'));
    });
    if (frame) {
        await visit(browser, { viewport: WIDE, colorScheme: 'dark', soon }, site, path, tell, async (page, how, loaded) => {
            for (const part of [popups, listing, diagram, ranks, remembers]) await part(page, how('dark'));
            await search(page, how('dark'), loaded, all);
        });
    }
    await visit(browser, { viewport: PHONE, soon }, site, path, tell, async (page, how) => {
        await sidebar(page, how('light'), frame);
        await page.emulateMedia({ colorScheme: 'dark' });
        await measure(page, how('dark'), [...LAID_OUT, ...COLORED, 'readable']);
        await accessible(page, how('dark'), WITHOUT_COLORS);
        await page.emulateMedia({ colorScheme: 'light' });
        await measure(page, how('light'), [...COLORED, 'proofs', 'large']);
        await arrows(page, how('light'));
        await redirects(page, site, path, moved, tell);
    });
    const plain = { viewport: WIDE, javaScriptEnabled: false, colorScheme: 'dark' };
    await visit(browser, plain, site, path, tell, async (page, how) => {
        for (const viewport of [WIDE, PHONE]) {
            await page.setViewportSize(viewport);
            await measure(page, how('dark, no JavaScript'), [...LAID_OUT, ...COLORED]);
        }
    });
}

/** Does what a reader does, each on a page that is opened anew. */
export async function act(browser, site, path, tell, { only = null, prepare, soon = SOON } = {}) {
    // The page for what is not there knows the address where the book is published.
    const [, base = '/'] = /<base href="([^"]+)"/.exec(await (await fetch(`${site}/there-is-none.html`)).text()) ?? [];
    const published = context => context.route(`${site}${base}**`, route =>
        route.fallback({ url: route.request().url().replace(site + base, `${site}/`) }));
    const kinds = [
        [acts, { viewport: WIDE }, path],
        [onPhone, { viewport: PHONE }, path],
        [withoutScript, { viewport: WIDE, javaScriptEnabled: false }, path],
        [lost, { viewport: WIDE, lost: true }, `.${base}wakers/there-is-none.html`],
    ];
    for (const [kind, options, where] of kinds) {
        for (const [name, does] of Object.entries(kind)) {
            if (only && only !== name) continue;
            // The last that is said is asked first.
            const both = async context => {
                await prepare?.(context);
                if (kind === lost) await published(context);
            };
            await visit(browser, { ...options, soon, prepare: both }, site, where, tell, async (page, how) => {
                const says = what => how('light')(`${name}: ${what}`);
                await does(page, says).catch(why => says(firstLine(why)));
            });
        }
    }
}

/**
 * What a page says that moved leads to where it is now: one within the page and
 * one on another page. That the rest leads somewhere is known from the files.
 */
async function redirects(page, site, path, moved, tell) {
    const here = new URL(path, `${site}/`);
    const tried = new Set();
    for (const [from, to] of moved) {
        const wanted = new URL(to, here);
        const stays = wanted.pathname === here.pathname;
        if (tried.has(stays)) continue;
        tried.add(stays);
        await page.goto('about:blank');
        await page.goto(new URL(path + from, `${site}/`).href);
        const there = await page.waitForURL(wanted.href).then(() => true, () => false);
        if (!there) {
            tell('moved', `${from} does not lead to ${to}`);
        } else if (!await page.evaluate(() => !location.hash || document.getElementById(decodeURIComponent(location.hash.slice(1))))) {
            tell('moved', `${from} leads to ${to}, which is not there`);
        }
    }
}

/** Opens a page in a context of its own, with an ear on all that goes wrong. */
export async function visit(browser, { soon = SOON, lost = false, prepare, ...options }, site, path, tell, then) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(soon);
    context.setDefaultNavigationTimeout(SOON);
    await prepare?.(context);
    try {
        const page = await context.newPage();
        const width = () => `${page.viewportSize().width} px`;
        const how = scheme => what => tell(`${scheme}, ${width()}`, what);
        const heard = what => tell(width(), what);
        page.on('console', message => {
            // A failed request is told of below, with its address.
            if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
                heard(`console error: ${firstLine(message.text())}`);
            }
        });
        page.on('pageerror', why => heard(`script error: ${firstLine(why)}`));
        page.on('request', request => {
            const url = new URL(request.url());
            if (url.protocol.startsWith('http') && url.origin !== new URL(site).origin) {
                heard(`asks another site: ${url.href}`);
            }
        });
        page.on('requestfailed', request => {
            // A page that is left ends what it still had under way.
            if (request.failure()?.errorText !== 'net::ERR_ABORTED') {
                heard(`failed request: ${request.url()} (${request.failure()?.errorText})`);
            }
        });
        page.on('response', response => {
            if (response.status() >= 400 && !lost) {
                heard(`failed request: ${response.url()} (${response.status()})`);
            }
        });
        const loaded = [];
        page.on('response', response => {
            if (response.url().startsWith('http')) loaded.push(response);
        });
        await page.addInitScript(() => {
            window.shifted = 0;
            new PerformanceObserver(list => {
                for (const entry of list.getEntries()) window.shifted += entry.value;
            }).observe({ type: 'layout-shift', buffered: true });
        });
        const response = await page.goto(new URL(path, `${site}/`).href, { waitUntil: 'load' });
        if (!response.ok() && !lost) return;
        await page.evaluate(inside);
        // What a script does late moves the text as well. Without scripts no frame is waited for.
        if (options.javaScriptEnabled !== false) await page.evaluate('inside.settled()');
        const shifted = await page.evaluate('window.shifted');
        // Where no page is, the search opens by itself.
        // A font that comes late, on a busy machine, moves a line or two.
        if (shifted > 0.01 && !lost) heard(`the layout shifts by ${shifted.toFixed(4)} while it loads`);
        await then(page, how, loaded);
    } finally {
        await context.close();
    }
}

const each = (tell, wrong) => wrong.forEach(what => tell(what));

async function measure(page, tell, checks) {
    for (const check of checks) each(tell, await page.evaluate(`inside.${check}()`));
}

/** axe finds nothing on the page, or in a `part` of it where the rest lies under what is open. */
async function accessible(page, tell, { part = null, rules = {} } = {}) {
    if (!await page.evaluate('"axe" in window')) await page.evaluate(`${axe};${inside}`);
    each(tell, await page.evaluate(([part, options]) => inside.violations(part ?? document, options), [part, { runOnly: RULES, rules, preload: false }]));
}

/** What an answer weighs on its way, if the server packs what can be packed. */
async function weight(response) {
    if (response.status() >= 300) return HEADERS;
    const body = await response.body();
    const packs = /html|css|javascript|svg|json|text/.test(response.headers()['content-type'] ?? '');
    return HEADERS + (packs ? gzipSync(body).length : body.length);
}

/** The first load, with an empty cache: few answers, and light. */
async function weigh(page, loaded, tell) {
    const weights = await Promise.all(loaded.map(async response =>
        [await weight(response), new URL(response.url()).pathname]));
    // A picture that a page is about is weighed by itself.
    const pictures = weights.filter(([, name]) => name.endsWith('.png'));
    for (const [bytes, name] of pictures) {
        if (bytes > 30_000) tell(`the picture ${name} is ${(bytes / 1000).toFixed(1)} kB, not 30`);
    }
    const all = weights.filter(one => !pictures.includes(one)).reduce((sum, [bytes]) => sum + bytes, 0);
    const diagrams = await page.locator('figure.drawing').count();
    const program = new URL(page.url()).pathname.startsWith('/programs/');
    const budget = program ? PROGRAM : BUDGET[Math.min(diagrams, BUDGET.length - 1)];
    const kilo = bytes => (bytes / 1000).toFixed(1);
    if (all > budget) {
        const each = weights.sort(([a], [b]) => b - a).map(([bytes, name]) => `${name} ${kilo(bytes)}`);
        tell(`the first load is ${kilo(all)} kB, with ${diagrams} diagrams it may be ${kilo(budget)}: ${each.join(', ')}`);
    }
    // One picture is part of the page; each further one is asked for when it is near.
    const requests = loaded.length - Math.max(0, pictures.length - 1);
    if (requests > REQUESTS) tell(`the first load takes ${requests} requests, not ${REQUESTS}`);
}

/** Each theme can be read. */
async function themes(page, how) {
    const now = await page.evaluate('document.documentElement.className');
    for (const theme of THEMES) {
        await page.evaluate(([all, one]) => {
            document.documentElement.classList.remove(...all);
            document.documentElement.classList.add(one);
        }, [THEMES, theme]);
        each(how(theme), await page.evaluate('inside.readable()'));
    }
    await page.evaluate(names => { document.documentElement.className = names; }, now);
}

/** Text of twice its size, and paper, hold the page as well. It stays as on paper. */
async function enlarged(page, tell) {
    const size = set => page.evaluate(size => { document.documentElement.style.fontSize = size; }, set);
    const overflow = async where => each(what => tell(`${where}: ${what}`), await page.evaluate('inside.overflow()'));
    await size('125%');
    await overflow('at 200 %');
    await size('');
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ ...WIDE, width: 720 });
    await overflow('on paper');
    await measure(page, tell, ['paper']);
    if (!await page.locator('main .sheet').count()) return;
    const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
    if (sheets !== 1) tell(`on paper: a table to print takes ${sheets} sheets, not one`);
}

/** A listing's menu opens and closes with the keyboard, and copies just the code. */
async function listing(page, tell) {
    const menu = page.locator('.listing .menu').first();
    const says = what => tell(`the menu of a listing ${what}`);
    if (!await menu.count()) return says('is not there');
    await menu.locator('summary').focus();
    await page.keyboard.press('Enter');
    if (!await menu.locator('.actions').isVisible()) return says('does not open with Enter');
    await accessible(page, what => tell(`with the menu of a listing: ${what}`), { part: '.menu[open]' });
    await page.keyboard.press('Escape');
    if (await menu.locator('.actions').isVisible()) says('stays open after Escape');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const copied = () => page.evaluate('navigator.clipboard.readText()');
    const code = await page.locator('.listing pre:not(.marks) > code').first().textContent();
    await page.locator('.listing .copy').first().click();
    if ((await copied()).trimEnd() !== code.trimEnd()) tell('the copy of a listing is not its code');
    const link = page.locator('.listing a.permalink').first();
    await link.press('Enter');
    if (await copied() !== page.url()) tell('a permalink does not copy its address');
}

/** A diagram opens large and closes again. */
async function diagram(page, tell) {
    const button = page.locator('button.enlarge').first();
    if (!await button.count()) return tell('no diagram can be opened large');
    const svg = page.locator('.drawing svg').first();
    // One that went into a dialog and did not come up again.
    if (!await svg.count()) return tell('a diagram does not open large');
    const before = await svg.boundingBox();
    await button.press('Enter');
    const shown = page.locator('dialog[open] svg');
    if (!await shown.count()) return tell('a diagram does not open large');
    const { width } = await shown.boundingBox();
    if (width <= before.width) tell(`a diagram opened large is ${width} px wide, in the page ${before.width}`);
    await accessible(page, what => tell(`with a large diagram: ${what}`));
    await page.keyboard.press('Escape');
    const back = svg.waitFor().then(() => true);
    if (!await back.catch(() => false)) tell('a diagram does not come back from its large view');
}

/** What pops up over the page is accessible, and Escape ends it. */
async function popups(page, tell) {
    const popups = [
        ['the list of themes', '#mdbook-theme-list', () => page.click('#mdbook-theme-toggle')],
        ['the keyboard shortcuts', 'dialog.help', () => page.keyboard.press('?')],
    ];
    for (const [name, popup, open] of popups) {
        await open();
        if (!await page.isVisible(popup)) {
            tell(`${name} cannot be opened`);
            continue;
        }
        await accessible(page, what => tell(`with ${name}: ${what}`));
        await page.keyboard.press('Escape');
        if (await page.isVisible(popup)) tell(`Escape leaves ${name} open`);
    }
}

/** The search puts a section first that is called so, and finds each error code. */
async function ranks(page, tell) {
    const { address, headings, codes } = await page.evaluate(() => ({
        address: location.pathname.slice(1),
        headings: [...document.querySelectorAll('main :is(h1, h2)')].map(it => it.textContent),
        codes: [...new Set(document.querySelector('main').textContent.match(/E0\d{3}/g))],
    }));
    for (const heading of headings) {
        const found = await ask(page, heading);
        if (found[0]?.[1] !== heading) tell(`the search does not put “${heading}” first`);
    }
    for (const code of codes) {
        const found = await ask(page, code);
        if (!found.some(([href]) => href.includes(address))) tell(`the search does not find ${code}`);
    }
    await page.fill('#mdbook-searchbar', '');
    await page.keyboard.press('Escape');
}

/** Theme, table of contents and place are as the reader left them. */
async function remembers(page, tell) {
    await page.click('#mdbook-theme-toggle');
    await page.click('#mdbook-theme-coal');
    const shown = () => page.locator('#mdbook-sidebar a').first().isVisible();
    const before = await shown();
    await page.click('#mdbook-sidebar-toggle');
    await page.evaluate('scrollTo({ top: 1500, behavior: "instant" })');
    const { origin, pathname } = new URL(page.url());
    await page.goto('about:blank');
    await page.goto(origin + pathname);
    if (!await page.evaluate('document.documentElement.classList.contains("coal")')) tell('the theme is not remembered');
    if (await shown() === before) tell('the table of contents is not as it was left');
    const offer = page.locator('.toast button');
    const offered = await offer.waitFor().then(() => true).catch(() => false);
    if (offered) await offer.click();
    if (!offered || await page.evaluate('scrollY') < 1000) tell('the place is not remembered');
    await page.evaluate('localStorage.clear()');
    await page.goto('about:blank');
    await page.goto(origin + pathname);
    await page.evaluate('localStorage.clear()');
    await page.evaluate(inside);
}

/** The search finds what the book is about, and leads there. */
async function search(page, tell, loaded, pages) {
    const results = '#mdbook-searchresults li a';
    const before = loaded.length;
    const under = new Set();
    page.on('request', request => under.add(request.response().then(it => it?.finished()).catch(() => { })));
    await page.click('#mdbook-search-toggle');
    await page.locator('#mdbook-searchbar').pressSequentially('waker');
    const said = page.locator('#mdbook-searchresults[data-asked="waker"]').waitFor({ state: 'attached' });
    if (!await said.then(() => page.locator(results).count()).catch(() => 0)) {
        tell('the search does not find “waker”');
        return;
    }
    // What the last key asked for may still be on its way.
    for (let n = -1; n < under.size;) {
        n = under.size;
        await Promise.all(under);
    }
    const bytes = await Promise.all(loaded.slice(before).map(weight));
    const all = bytes.reduce((sum, n) => sum + n, 0);
    const most = SEARCH(pages);
    if (all > most) tell(`the search loads ${(all / 1000).toFixed(1)} kB, not ${most / 1000}`);
    await accessible(page, what => tell(`with results of the search: ${what}`));
    await Promise.all([page.waitForEvent('load'), page.locator(results).first().click()]);
    // The script that marks has run by then.
    if (!await page.evaluate('CSS.highlights.get("searched")?.size')) {
        tell('a result of the search leads to a page that does not show the word');
        return;
    }
    await accessible(page, what => tell(`behind a result of the search: ${what}`));
}

/** An arrow key in a box that scrolls moves the text and not the reader. */
async function arrows(page, tell) {
    const box = page.locator('main pre > code[tabindex="0"]').first();
    if (!await box.count()) return;
    const before = page.url();
    await box.focus();
    await page.keyboard.press('ArrowRight');
    // Frames are waited for, which come late when the machine is busy, as the scrolling does.
    const scrolls = box.evaluate(async element => {
        for (let frame = 0; frame < 60 && !element.scrollLeft; frame++) await new Promise(done => requestAnimationFrame(done));
        return element.scrollLeft > 0;
    });
    // When the page is left, nobody answers.
    const scrolled = await scrolls.catch(() => null);
    if (scrolled === null || page.url() !== before) tell('an arrow key in a listing leaves the page');
    else if (!scrolled) tell('an arrow key in a listing does not scroll it');
}

/** The keyboard alone opens and closes the table of contents. */
async function sidebar(page, tell, frame) {
    let reached = false;
    for (let presses = 0; presses < 10 && !reached; presses++) {
        await page.keyboard.press('Tab');
        reached = await page.evaluate('document.activeElement.id === "mdbook-sidebar-toggle"');
    }
    if (!reached) {
        tell('the keyboard does not reach the button of the table of contents');
        return;
    }
    const link = page.locator('#mdbook-sidebar a').first();
    await page.keyboard.press('Enter');
    if (!await link.isVisible()) tell('Enter does not open the table of contents');
    else if (frame) await accessible(page, what => tell(`with the table of contents: ${what}`));
    await page.keyboard.press('Enter');
    if (await link.isVisible()) tell('Enter does not close the table of contents');
}
