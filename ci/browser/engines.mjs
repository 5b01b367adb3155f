// FIREFOX=/usr/bin/firefox-esr WEBKIT=/usr/bin/WebKitWebDriver MINIBROWSER=… node engines.mjs URL page.html …
// Opens pages in Firefox and WebKit: one line for each thing that is wrong, and
// how many there are; 1 if any is. What is the same in every engine is looked at
// in Chromium alone, by check.mjs.
import { readFileSync } from 'node:fs';
import { start as firefox } from './firefox.mjs';
import { start as webkit } from './webkit.mjs';

const inside = readFileSync(new URL('inside.js', import.meta.url), 'utf8');
const [site, ...pages] = process.argv.slice(2);
const { FIREFOX, WEBKIT, MINIBROWSER } = process.env;
const engines = [
    ['Firefox', FIREFOX && (() => firefox(FIREFOX))],
    ['WebKit', WEBKIT && MINIBROWSER && (() => webkit(WEBKIT, MINIBROWSER))],
];
if (!pages.length || engines.some(([, start]) => !start)) {
    console.error('usage: FIREFOX=… WEBKIT=… MINIBROWSER=… node engines.mjs URL page.html …');
    process.exit(2);
}
const LOOKS = [
    ['light', { width: 1280, height: 860 }],
    ['navy', { width: 480, height: 740 }],
];
const MEASURES = ['settled', 'overflow', 'diagrams', 'marks', 'links', 'captions'];
const ONCE = ['copies', 'markup', 'proofs', 'large', 'below'];
/** The last, because the page stays as on paper. */
const PAPER = ['printed', 'paper'];

const wrong = new Set();
let looked = 0;
for (const [name, start] of engines) {
    const engine = await start();
    const says = (page, how, what) => wrong.add(`${name}: ${page}: ${what} [${how}]`);
    try {
        for (const page of pages) {
            for (const [theme, size] of LOOKS) {
                const how = `${theme}, ${size.width} px`;
                await engine.size(size);
                const url = new URL(page, `${site}/`).href;
                await engine.go(url);
                await engine.run(`localStorage.setItem('mdbook-theme', '${theme}')`);
                await engine.go(url);
                await engine.load(inside);
                const at = await engine.run('[innerWidth, document.documentElement.classList.contains("' + theme + '"), Boolean(document.querySelector(".toast"))]');
                if (at[0] !== size.width) says(page, how, `the window is ${at[0]} px wide`);
                if (!at[1]) says(page, how, 'it has not the theme that was chosen');
                if (!at[2]) says(page, how, 'its script did not run');
                const ask = async measures => {
                    for (const measure of measures) {
                        const found = await engine.run(`inside.${measure}()`);
                        if (found.why) says(page, how, `${measure}: ${found.why}`);
                        else if (Array.isArray(found)) found.forEach(what => says(page, how, what));
                    }
                };
                await ask([...MEASURES, ...theme === 'light' ? ONCE : []]);
                if (theme === 'light' && await engine.run('Boolean(document.querySelector(".listing .command"))')) {
                    await engine.click('.listing .command');
                    const [got, want] = await engine.run('[String(getSelection()), document.querySelector(".listing .command").textContent]');
                    if (got.trim() !== want.trim()) says(page, how, `a click on “${want}” selects “${got.slice(0, 40)}”`);
                }
                if (theme === 'light') await ask(PAPER);
                engine.heard().forEach(what => says(page, how, `console: ${what.split('\n')[0]}`));
                looked++;
            }
        }
    } catch (why) {
        wrong.add(`${name}: ${why.message.split('\n')[0]}`);
    }
    await engine.close();
}
for (const line of wrong) console.log(line);
console.log(`${pages.length} pages in Firefox and WebKit, ${looked} looks, ${wrong.size} problems`);
process.exit(wrong.size ? 1 : 0);
