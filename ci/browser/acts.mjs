// What a reader does on a page, and what must happen. Each act opens the page anew.
import { readFileSync } from 'node:fs';

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

/** Lines of `queries.txt`: what is asked, and the page that comes first. */
const QUERIES = readFileSync(new URL('queries.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter(line => line && !line.startsWith('#'))
    .map(line => line.split(/\s+=> /));

const searchBar = '#mdbook-searchbar';
const searched = asked => `#mdbook-searchresults[data-asked=${JSON.stringify(asked)}]`;
const isOpen = page => page.locator(searchBar).isVisible();
const scroll = (page, top) => page.evaluate(top => scrollTo({ top, behavior: 'instant' }), top);

/** Types a question and waits for what the page says to it. */
export async function ask(page, asked) {
    if (!await isOpen(page)) await page.click('#mdbook-search-toggle');
    await page.fill(searchBar, asked);
    await page.locator(searched(asked)).waitFor({ state: 'attached' });
    return page.locator('#mdbook-searchresults a').evaluateAll(links =>
        links.map(link => [link.getAttribute('href'), link.firstChild.textContent]));
}

/** The search itself, loaded as the page loads it. */
async function search(page) {
    await ask(page, 'future');
    return (asked, most) => page.evaluate(([asked, most]) => window.bookSearch(asked, most), [asked, most]);
}

/** Does what leads to another page, and waits until it is there. */
const follow = (page, act) => Promise.all([page.waitForEvent('load'), act()]);

/** Leaves no page, but tells `left()` whether a script would have. */
async function held(page) {
    await page.evaluate(() => {
        navigation.onnavigate = event => {
            window.left = true;
            event.preventDefault();
        };
    });
    return () => page.evaluate(() => {
        const { left = false } = window;
        window.left = false;
        return left;
    });
}

/** Name, and what is done. `viewport` and the like are options of the visit. */
export const acts = {
    async 'a search from further down'(page, says) {
        for (const what of await page.evaluate('inside.below()')) says(what);
    },

    async 'the list of themes'(page, says) {
        const list = page.locator('#mdbook-theme-list');
        const open = async () => {
            await page.click('#mdbook-theme-toggle');
            if (!await list.isVisible()) says('does not open');
        };
        await open();
        await page.mouse.click(900, 400);
        if (await list.isVisible()) says('stays open after a click elsewhere');
        await page.keyboard.press('Escape');
        await open();
        await page.keyboard.press('Tab');
        if (await list.isVisible()) says('stays open after Tab');
        const focus = await page.evaluate('document.activeElement.id');
        if (focus !== 'mdbook-search-toggle') says(`after Tab the focus is on “${focus}”, not on what stands beside it`);
    },

    async 'places that are kept'(page, says) {
        // Two pages at once, as in two tabs.
        const other = await page.context().newPage();
        const pages = await page.evaluate(() =>
            [...document.querySelectorAll('#mdbook-sidebar .chapter-item > a')].slice(1, 3).map(link => link.href));
        const leave = tab => tab.goto('about:blank');
        await page.goto(pages[0]);
        await other.goto(pages[1]);
        const read = async (tab, top) => {
            await scroll(tab, top);
            // The page hears of it with its next frame.
            await tab.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
        };
        await read(page, 1500);
        await read(other, 2500);
        await leave(page);
        await leave(other);
        const places = async () => {
            await page.goto(pages[0]);
            return page.evaluate(() => JSON.parse(localStorage.getItem('mdbook-stopped') ?? '{}'));
        };
        const { at = {} } = await places();
        const kept = pages.map(url => at[new URL(url).pathname]);
        if (kept[0] !== 1500 || kept[1] !== 2500) says(`of two pages read at once: ${kept}, not 1500,2500`);
        // Opened and left at once.
        await leave(page);
        const { at: then = {} } = await places();
        if (then[new URL(pages[0]).pathname] !== 1500) says('a page that is only opened loses its place');
        await other.close();
    },

    async 'signs in a search'(page, says) {
        const found = await ask(page, '&mut');
        if (/mutex/i.test(found[0]?.[1] ?? '')) says(`“&mut” finds “${found[0][1]}” first`);
        await follow(page, () => page.locator('#mdbook-searchresults a').first().click());
        const marked = await page.evaluate(() => [...CSS.highlights.get('searched') ?? []].map(String));
        const wrong = marked.find(text => text.toLowerCase() !== '&mut');
        if (!marked.length) says('“&mut” is not marked on the page that was found');
        else if (wrong) says(`“&mut” marks “${wrong}”`);
    },

    async 'after a search'(page, says) {
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        await ask(page, 'waker');
        await follow(page, () => page.keyboard.press('Enter'));
        const marks = () => page.evaluate(() => CSS.highlights.get('searched')?.size ?? 0);
        if (!await marks()) says('nothing is marked');
        const whole = await page.evaluate(() => [...CSS.highlights.get('searched') ?? []].map(String).find(text => text.toLowerCase() !== 'waker'));
        if (whole) says(`“waker” marks “${whole}”`);
        if (page.url().includes('highlight')) says('the address says what was searched');
        await page.keyboard.press('c');
        await page.locator('.toast').waitFor();
        const copied = await page.evaluate('navigator.clipboard.readText()');
        if (copied.includes('highlight')) says('the address that is copied says what was searched');
        await page.keyboard.press('Escape');
        if (await marks()) says('Escape does not clear the marks');
    },

    async 'a search on a slow line'(page, says) {
        let go;
        const gate = new Promise(done => { go = done; });
        await page.route(/search-[^/]*\.js/, async route => {
            await gate;
            await route.fallback();
        });
        await page.click('#mdbook-search-toggle');
        await page.keyboard.type('waker');
        const says1 = await page.locator('#mdbook-searchresults-header').textContent();
        if (!/loading/i.test(says1)) says(`shows “${says1}” while it loads`);
        await page.keyboard.press('Enter');
        await follow(page, go).catch(() => says('an Enter before the search is loaded is lost'));
    },

    async 'keys beside a caret, a selection and a dialog'(page, says) {
        await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
        const left = await held(page);
        const stays = async (what, key = 'ArrowRight') => {
            await page.keyboard.press(key);
            if (await left()) says(`${what}, ${key} turns the page`);
        };
        await page.locator('.listing pre:not(.marks) > code').first().click({ position: { x: 60, y: 20 } });
        await stays('with a caret in a listing');
        await page.locator('main p').first().dblclick({ position: { x: 20, y: 10 } });
        await stays('with a word selected');
        await page.evaluate(() => navigator.clipboard.writeText('mine'));
        await page.locator('main p').first().dblclick({ position: { x: 20, y: 10 } });
        await page.keyboard.press('c');
        if (await page.evaluate('navigator.clipboard.readText()') !== 'mine') says('with a word selected, c replaces what was copied');
        await page.keyboard.press('Escape');
        if (!await page.evaluate('getSelection().isCollapsed')) says('Escape leaves the selection');
        await page.focus('#mdbook-search-toggle');
        await page.keyboard.press('?');
        if (!await page.evaluate('Boolean(document.activeElement.closest("dialog[open]"))')) says('the help does not take the focus');
        await stays('with the help open');
        await page.keyboard.press('Escape');
        if (await page.evaluate('document.activeElement.id') !== 'mdbook-search-toggle') says('the help does not give the focus back');
        const large = page.locator('.enlarge').first();
        if (await large.count()) {
            await large.press('Enter');
            if (!await page.evaluate('Boolean(document.activeElement.closest("dialog[open]"))')) says('a large diagram does not take the focus');
            await stays('with a large diagram');
            await page.keyboard.press('Escape');
            await page.locator('dialog[open]').waitFor({ state: 'detached' });
            if (!await page.evaluate('document.activeElement.matches(".enlarge")')) says('a large diagram does not give the focus back');
        }
        await page.keyboard.press('ArrowRight');
        if (!await left()) says('without all that, ArrowRight does not turn the page');
    },

    async 'keys that are switched off'(page, says) {
        const here = page.url();
        const box = page.locator('dialog[open] input[type=checkbox]');
        await page.keyboard.press('?');
        if (!await box.count()) return says('cannot be: the help has no box for it');
        await box.uncheck();
        await page.keyboard.press('Escape');
        const dead = async () => {
            const left = await held(page);
            for (const key of ['s', '/', 'c', '?', 'ArrowRight']) await page.keyboard.press(key);
            const open = await page.locator('dialog[open], .toast:not([hidden])').count();
            return !open && !await isOpen(page) && !await left();
        };
        if (!await dead()) says('still work');
        await page.goto('about:blank');
        await page.goto(here);
        if (!await dead()) says('work again on the next page');
        await page.click('.shortcuts');
        if (!await box.count()) return says('cannot be switched on again: no button leads to the help');
        await box.check();
        await page.keyboard.press('Escape');
        await page.keyboard.press('s');
        if (!await isOpen(page)) says('stay off');
    },

    async 'odd headings'(page, says) {
        let wrong;
        page.on('pageerror', why => { wrong ??= why.message; });
        await page.route(page.url(), async route => {
            const response = await route.fetch();
            const html = (await response.text())
                .replace(/(<ol class="sections"><li><a href=")[^"]*/, '$1#%E0%A4%A')
                .replace(/(<li><a href=")#[^"%]*("[^>]*>)/, '$1#gone$2')
                .replace(/<h1[^]*?<\/h1>/, '')
                .replace(/<span class="tools">/, '<span class="gone">');
            await route.fulfill({ response, body: html });
        });
        await page.reload();
        if (wrong) says(`end the script: ${wrong}`);
        await page.keyboard.press('/');
        if (!await isOpen(page)) says('leave no search');
        if (!await page.locator('.listing .copy').count()) says('leave no listing its tools');
    },

    async 'a search for what readers ask'(page, says) {
        const asks = await search(page);
        for (const [asked, first] of QUERIES) {
            const found = await asks(asked, 3);
            const is = found[0]?.address.replace(/[?#].*|\.html/g, '');
            if (is !== first) says(`“${asked}” has ${is ?? 'nothing'} first, not ${first}`);
        }
    },

    async 'words of a page in the search'(page, says) {
        const asks = await search(page);
        const path = new URL(page.url()).pathname.slice(1) || 'index.html';
        const words = await page.evaluate(() => [...new Set(
            [...document.querySelectorAll('main :is(h1, h2, h3, em, strong:not([class]))')].flatMap(it => it.textContent.match(/[A-Za-z]\w{4,}/g) ?? []))]);
        for (const word of words) {
            const found = await asks(word, 1000);
            if (!found.some(({ address }) => address.startsWith(`${path}?`))) says(`“${word}” does not lead to its page`);
        }
        const [all, any] = await Promise.all([asks('waker zzyzx', 1000), asks('waker', 1000)]);
        if (!any.length || all.length !== any.length) says('a word that no page has leaves nothing of the others');
    },

    async 'a search for a program'(page, says) {
        const map = await (await page.request.get(new URL('/sitemap.xml', page.url()).href)).text();
        const names = [...map.matchAll(/programs\/(\w+)\.html/g)].map(([, name]) => name);
        if (!names.length) says('there is none: the sitemap has no page of a program');
        const asks = await search(page);
        const shown = new Map();
        for (const name of names) {
            const address = (await asks(name, 1))[0]?.address.replace(/[?#].*/, '');
            if (address && !shown.has(address)) {
                shown.set(address, await (await page.request.get(new URL(`/${address}`, page.url()).href)).text());
            }
            if (!shown.get(address)?.includes(`data-program="${name}"`)) says(`“${name}” has ${address ?? 'nothing'} first, which does not show it`);
        }
    },

    async 'a diagram that is saved'(page, says) {
        await page.locator('button.enlarge').first().click();
        const drawing = page.locator('dialog[open] svg');
        const labels = await drawing.locator('text').allTextContents();
        const name = await drawing.evaluate(svg => svg.getAttribute('aria-labelledby').replace(/-title$/, ''));
        const save = async kind => {
            const come = page.waitForEvent('download');
            await page.click(`dialog[open] button:text-is("Save as ${kind}")`);
            const download = await come;
            const wanted = `${name}.${kind.toLowerCase()}`;
            if (download.suggestedFilename() !== wanted) says(`is called ${download.suggestedFilename()}, not ${wanted}`);
            return readFileSync(await download.path());
        };
        const behind = new Set();
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            const svg = (await save('SVG')).toString();
            // A style that is parsed within the page is what its policy forbids.
            const style = /<style>.*?<\/style>/s;
            if (!style.exec(svg)?.[0].includes('url("data:')) says('is without its font');
            const seen = await page.evaluate(text => {
                const file = new DOMParser().parseFromString(text, 'image/svg+xml');
                const now = document.querySelector('dialog[open] svg');
                // An attribute holds for what is in the element.
                const says = (element, name) => element.closest(`[${name}]`)?.getAttribute(name);
                const drawn = [...file.querySelectorAll('text, path, line, rect:not(:first-of-type)')];
                const shown = [...now.querySelectorAll('text, path, line, rect')];
                const plain = shown.filter((element, n) => ['fill', 'stroke', 'text-anchor'].some(name =>
                    !drawn[n] || says(drawn[n], name) !== getComputedStyle(element).getPropertyValue(name)));
                return {
                    wrong: file.querySelector('parsererror')?.textContent,
                    labels: [...file.querySelectorAll('text')].map(it => it.textContent),
                    plain: plain.length,
                    behind: file.querySelector('rect')?.getAttribute('fill'),
                };
            }, svg.replace(style, ''));
            if (seen.wrong) says(`is no SVG: ${seen.wrong}`);
            if (String(seen.labels) !== String(labels)) says(`lost a label: ${seen.labels}, not ${labels}`);
            if (seen.plain) says(`is not colored as on the page: ${seen.plain} elements, ${colorScheme}`);
            behind.add(seen.behind);
            const png = await save('PNG');
            const [wide, high] = /viewBox="\S+ \S+ (\S+) ([^"]+)"/.exec(svg).slice(1).map(Number);
            const size = [16, 20].map(at => png.readUInt32BE(at));
            if (String(size) !== String([2 * wide, 2 * high])) says(`as PNG has ${size} points, not twice ${[wide, high]}`);
        }
        if (behind.size !== 2) says(`has the same ground in light and dark: ${[...behind]}`);
    },

    async 'forced colors'(page, says) {
        await page.emulateMedia({ forcedColors: 'active' });
        const gone = await page.evaluate(() => {
            // What the body says of its own color has no alpha.
            const ground = document.createElement('i');
            ground.style.cssText = 'background: Canvas; forced-color-adjust: none';
            document.body.append(ground);
            const behind = getComputedStyle(ground).backgroundColor;
            const icons = [...document.querySelectorAll('.icon')];
            return icons.filter(icon => icon.checkVisibility() && getComputedStyle(icon).backgroundColor === behind).map(icon => icon.className);
        });
        for (const icon of new Set(gone)) says(`hide ${icon}`);
    },
};

/** The same on a phone. */
export const onPhone = {
    async 'a link to a section'(page, says) {
        await page.click('#mdbook-sidebar-toggle');
        await page.locator('#mdbook-sidebar .sections a').last().click();
        if (await page.locator('#mdbook-sidebar-toggle-anchor').isChecked()) says('leaves the table of contents over the text');
    },
};

/** Without scripts. */
export const withoutScript = {
    async 'no script'(page, says) {
        for (const width of [1280, 900, 360]) {
            await page.setViewportSize({ width, height: 800 });
            for (const button of await page.locator('button:visible').all()) {
                says(`leaves a dead button: ${await button.getAttribute('id') ?? await button.getAttribute('class')}, ${width} px`);
            }
        }
        if (await page.locator('.icon.edit:visible').count()) says('leaves the icon to edit on a phone');
    },
};

/** Where no page is. */
export const lost = {
    async 'a page that is not there'(page, says) {
        const here = page.url();
        await page.keyboard.press('Escape');
        await page.focus('.skip');
        // Another page would come only later.
        await page.evaluate(() => {
            navigation.onnavigate = event => {
                window.to = event.destination.url;
                if (!event.hashChange) event.preventDefault();
            };
        });
        await page.keyboard.press('Enter');
        const to = await page.evaluate('window.to ?? "nothing"');
        if (to !== `${here}#mdbook-content`) says(`“Skip to the text” leads to ${to}`);
        const symptoms = page.locator('main a', { hasText: /hang/i });
        if (!await symptoms.count()) says('does not lead to the symptoms');
    },
};
