// CHROMIUM=/usr/bin/chromium node mutants.mjs URL page.html
// Breaks a line of what the page is sent, and asks the check that is about it: it
// must say so. One line for each mistake that nobody notices; 1 if there is any.
import { act, start, visit } from './look.mjs';
import { PHONE, WIDE } from './acts.mjs';

const SCRIPT = /page-[^/]*\.js/;
const STYLE = /style-[^/]*\.css/;
const SEARCH = /search-[^/]*\.js/;
const SAVE = /save-[^/]*\.js/;
const PAGE = /\.html/;
/** At the end of a style sheet. */
const END = /$/;

/** What is broken, in which file, what stands there, what instead, whom to ask, and what is said. */
const MUTANTS = [
    ['the search opens out of sight', SCRIPT, 'go(0);', '', 'a search from further down', /under the bar/],
    ['Escape stays on top', SCRIPT, 'go(before)', 'go(0)', 'a search from further down', /after Escape the page is at 0/],
    ['a click elsewhere leaves the themes', SCRIPT, '!list.contains(event.target) && ', 'false && ', 'the list of themes', /click elsewhere/],
    ['Tab leaves the themes', SCRIPT, "event.key === 'Tab'", 'false', 'the list of themes', /after Tab/],
    ['places are written as they were read', SCRIPT, 'const now = stopped();', 'const now = { at, last, title };', 'places that are kept', /two pages read at once/],
    ['a page that is not read has a place', SCRIPT, 'let moved = false', 'let moved = true', 'places that are kept', /only opened/],
    ['signs are not marked', SCRIPT, "replace(/[^\\w\\s]/g, '\\\\$&')", "replace(/\\W/g, '')", 'signs in a search', /“&mut” marks “mut”/],
    ['the address keeps what was searched', SCRIPT, "address.search = '';", '', 'after a search', /the address says/],
    ['marks that stay', SCRIPT, "escapes.push(() => CSS.highlights.delete('searched'))", '', 'after a search', /does not clear the marks/],
    ['a search that says nothing', SCRIPT, 'The search is loading', '', 'a search on a slow line', /while it loads/],
    ['a lost Enter', SCRIPT, 'entered = true;', '', 'a search on a slow line', /is lost/],
    ['a key beside a caret', SCRIPT, '&& !main?.contains(getSelection().anchorNode)', '', 'keys beside a caret, a selection and a dialog', /with a caret in a listing/],
    ['a copy over a selection', SCRIPT, "event.key === 'c' && !getSelection().isCollapsed", 'false', 'keys beside a caret, a selection and a dialog', /replaces what was copied/],
    ['a key beside a dialog', SCRIPT, "document.querySelector('dialog[open]')", 'false', 'keys beside a caret, a selection and a dialog', /with the help open/],
    ['a help without focus', SCRIPT, 'help.showModal();\nclose.focus();', 'help.show();', 'keys beside a caret, a selection and a dialog', /does not (take|give) the focus/],
    ['keys that are never off', SCRIPT, "kept.get('keys') === 'off') return", 'false) return', 'keys that are switched off', /still work/],
    ['keys that are off for one page', SCRIPT, "kept.set('keys', 'off')", "kept.get = () => 'off'", 'keys that are switched off', /work again/],
    ['keys that stay off', SCRIPT, "kept.drop('keys')", '0', 'keys that are switched off', /stay off/],
    ['a script that knows no odd heading', SCRIPT, 'link.hash.slice(1))); } catch { return null; }', 'link.hash.slice(1))); } finally { }', 'odd headings', /end the script/],
    ['a search without what the author says', SEARCH, /const file = .*;/, "const file = '';", 'a search for what readers ask', /first, not/],
    ['words without their stems', SEARCH, 'function stem(word) {', 'function stem(word) { return word;', 'words of a page in the search', /does not lead to its page/],
    ['all words or none', SEARCH, 'if (!found.some(', 'if (!found.every(', 'words of a page in the search', /leaves nothing/],
    ['a search that knows no name', SEARCH, '[a-z0-9_]+', '[a-z0-9]+', 'a search for a program', /does not show it/],
    ['a saved drawing without a label', SAVE, 'svg.cloneNode(true);', "svg.cloneNode(true);\ncopy.querySelector('text').textContent = '';", 'a diagram that is saved', /lost a label/],
    ['a saved drawing without its colors', SAVE, 'pair[1][n].setAttribute', 'svg.hasAttribute', 'a diagram that is saved', /is not colored/],
    ['a saved drawing on white', SAVE, "getComputedStyle(svg.closest('dialog')).backgroundColor", "'white'", 'a diagram that is saved', /same ground/],
    ['a saved drawing in another font', SAVE, 'link[as=font]', 'link[as=none]', 'a diagram that is saved', /without its font/],
    ['a picture of half its size', SAVE, '2 * width', 'width', 'a diagram that is saved', /not twice/],
    ['a saved drawing of another name', SCRIPT, 'close, diagram.id', "close, 'diagram'", 'a diagram that is saved', /is called/],
    ['icons without a system color', STYLE, 'ButtonText', 'Canvas', 'forced colors', /hide icon/],
    ['contents over the text', SCRIPT, "event.target.closest('.sections a')", 'false', 'a link to a section', /over the text/],
    ['dead buttons', STYLE, END, '#mdbook-menu-bar .left-buttons button { display: flex !important; }', 'no script', /dead button/],
    ['an icon to edit on a phone', STYLE, END, '#mdbook-menu-bar a:has(.edit) { display: flex !important; }', 'no script', /icon to edit/],
    ['a link that leaves the lost page', SCRIPT, 'location.hash = link.hash;', 'location.href = link.href;', 'a page that is not there', /leads to/],
    ['a lost page without the symptoms', PAGE, /hang/gi, 'stand', 'a page that is not there', /symptoms/],
    ['answers folded on paper', STYLE, END, '@media print { details::details-content { content-visibility: hidden !important; display: none; } }', 'inside.paper', /an answer is folded/],
    ['headings alone on paper', STYLE, END, '@media print { .content h2 { break-after: auto !important; } .content h2::before { content: none !important; } }', 'inside.paper', /may stand alone/],
    ['links without a line', STYLE, END, 'main a { text-decoration: none !important; }', 'inside.links', /not underlined/],
    ['a click that selects nothing', STYLE, END, '.command { user-select: text !important; }', 'inside.copies', /a click does not select/],
    ['a sign on a line of its own', STYLE, END, '.listing .permalink { position: relative; top: 60px; }', 'inside.captions', /not beside the tools/],
    ['a diagram that does not fit', SCRIPT, '[large.offsetWidth - frame.clientWidth, large.offsetHeight - frame.clientHeight]', '[0, 0]', 'inside.large', /does not fit|cut by/],
    ['a button without a type', PAGE, /type="button" title/, 'title', 'inside.markup', /without a type/],
    ['a raw space in an address', PAGE, 'svg%20xmlns', 'svg xmlns', 'inside.markup', /favicon/],
    ['two numberings', PAGE, />Chapter \d+ of/, '>Chapter 77 of', 'inside.markup', /counts/],
];

const [site, path] = process.argv.slice(2);
if (!process.env.CHROMIUM || !path) {
    console.error('usage: CHROMIUM=… node mutants.mjs URL page.html');
    process.exit(2);
}
const only = process.env.ONLY;
const browser = await start(process.env.CHROMIUM);
const missed = [];
let made = 0;
const waiting = MUTANTS.filter(([name]) => !only || name.includes(only));
async function work() {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const [name, file, find, replace, whom, expected] = mutant;
        let applied = false;
        const prepare = context => context.route(url => file.test(url.pathname), async route => {
            const response = await route.fetch().catch(() => null);
            if (!response) return;
            const text = await response.text();
            const broken = text.replace(find, typeof replace === 'string' ? () => replace : replace);
            applied ||= broken !== text;
            await route.fulfill({ response, body: broken }).catch(() => { });
        });
        const said = [];
        const tell = (_, what) => said.push(what);
        if (whom.startsWith('inside.')) {
            for (const viewport of [WIDE, PHONE]) {
                await visit(browser, { viewport, prepare, soon: 5_000 }, site, path, tell, async page => {
                    if (whom === 'inside.paper') await page.emulateMedia({ media: 'print' });
                    said.push(...await page.evaluate(`${whom}()`));
                });
            }
        } else {
            await act(browser, site, path, tell, { only: whom, prepare, soon: 5_000 });
        }
        made++;
        if (process.env.TALK) console.error(`${name}: ${said.some(what => expected.test(what)) && applied}`);
        if (!applied) missed.push(`${name}: what is to be broken is not there`);
        else if (!said.some(what => expected.test(what))) {
            missed.push([`nobody notices: ${name}; what was said:`, ...said].join('\n  '));
        }
    }
}
await Promise.all([work(), work()]);
await browser.close();
missed.forEach(line => console.log(line));
console.log(missed.length ? `${missed.length} problems` : `${made} broken lines noticed`);
process.exit(missed.length ? 1 : 0);
