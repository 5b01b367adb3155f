// Opens pages in Chromium as readers do and says what is wrong with them.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const inside = readFileSync(new URL('inside.js', import.meta.url), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDE = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
/** Pages that are looked at side by side. */
const WORKERS = 2;
/** No page takes this long: one that does hangs. */
const LIMIT = 180_000;
/** The longest wait for something that a page does on its own, such as searching. */
const SOON = 5_000;

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
export async function look(browser, site, pages, frames = pages.slice(0, 1)) {
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
            const looked = lookAt(browser, site, page, frame, (how, what) => tell(page, how, what));
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

async function lookAt(browser, site, path, frame, tell) {
    await visit(browser, { viewport: WIDE }, site, path, tell, async (page, how) => {
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            await measure(page, how(colorScheme));
            await accessible(page, how(colorScheme));
        }
        each(how('dark'), await page.evaluate('inside.permalinks()'));
        if (frame) {
            await popups(page, how('dark'));
            await search(page, how('dark'));
        }
    });
    await visit(browser, { viewport: PHONE }, site, path, tell, async (page, how) => {
        await sidebar(page, how('light'), frame);
        for (const colorScheme of ['dark', 'light']) {
            await page.emulateMedia({ colorScheme });
            await measure(page, how(colorScheme));
            await accessible(page, how(colorScheme));
        }
        await arrows(page, how('light'));
    });
    const plain = { viewport: WIDE, javaScriptEnabled: false, colorScheme: 'dark' };
    await visit(browser, plain, site, path, tell, async (page, how) => {
        for (const viewport of [WIDE, PHONE]) {
            await page.setViewportSize(viewport);
            await measure(page, how('dark, no JavaScript'));
        }
    });
}

/** Opens a page in a context of its own, with an ear on all that goes wrong. */
async function visit(browser, options, site, path, tell, then) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
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
            if (response.status() >= 400) {
                heard(`failed request: ${response.url()} (${response.status()})`);
            }
        });
        const response = await page.goto(new URL(path, `${site}/`).href, { waitUntil: 'load' });
        if (!response.ok()) return;
        await page.evaluate('document.fonts.ready.then(() => true)');
        await page.evaluate(inside);
        await then(page, how);
    } finally {
        await context.close();
    }
}

const each = (tell, wrong) => wrong.forEach(what => tell(what));

async function measure(page, tell) {
    for (const check of ['overflow', 'diagrams', 'marks']) {
        each(tell, await page.evaluate(`inside.${check}()`));
    }
}

async function accessible(page, tell) {
    if (!await page.evaluate('"axe" in window')) await page.evaluate(axe);
    const { violations } = await page.evaluate(
        rules => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), RULES);
    for (const { id, help, nodes } of violations) {
        for (const { target, any, all, none } of nodes) {
            const why = [...any, ...all, ...none][0]?.message ?? help;
            tell(`${id}: ${why}: ${target.flat().join(' ')}`);
        }
    }
}

/** What pops up over the page is accessible, and Escape ends it. */
async function popups(page, tell) {
    const popups = [
        ['the list of themes', '#mdbook-theme-list', () => page.click('#mdbook-theme-toggle')],
        ['the keyboard shortcuts', '#mdbook-help-popup', () => page.keyboard.press('?')],
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

/** The search finds what the book is about, and leads there. */
async function search(page, tell) {
    const results = '#mdbook-searchresults li a';
    await page.click('#mdbook-search-toggle');
    await page.locator('#mdbook-searchbar').pressSequentially('waker');
    const found = page.waitForSelector(results, { timeout: SOON });
    if (!await found.catch(() => false)) {
        tell('the search does not find “waker”');
        return;
    }
    await accessible(page, what => tell(`with results of the search: ${what}`));
    await page.click(results);
    const marked = page.waitForSelector('main mark', { timeout: SOON });
    if (!await marked.catch(() => false)) {
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
    const scrolls = box.evaluate((element, limit) => new Promise(done => {
        element.addEventListener('scroll', () => done(true));
        setTimeout(() => done(element.scrollLeft > 0), element.scrollLeft ? 0 : limit);
    }), SOON);
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
