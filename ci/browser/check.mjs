// CHROMIUM=/usr/bin/chromium node check.mjs URL page.html …
// One line for each thing that is wrong, and how many there are; 1 if any is.
import { look, start } from './look.mjs';

function stop(why) {
    console.error(why);
    process.exit(2);
}

const [site, ...pages] = process.argv.slice(2);
const path = process.env.CHROMIUM;
if (!path) stop('CHROMIUM is not set: it is the path of a Chromium');
if (!site || !pages.length) stop('usage: CHROMIUM=… node check.mjs URL page.html …');
await fetch(site).catch(why => stop(`${site} cannot be reached: ${why.cause?.message ?? why.message}`));
const browser = await start(path).catch(why =>
    stop(`${path} does not start: ${why.message.split('\n')[0]}`));
// The search knows the chapters; a program is found on the page that shows it.
const all = Number(process.env.CHAPTERS) || pages.filter(page => !page.startsWith('programs/')).length;
let wrong = await look(browser, site, pages, { all });
if (wrong.length) {
    // On a busy machine an answer may come too late: what is wrong is wrong twice.
    const without = line => line.replace(/ \[[^\]]*\]$/, '').replace(/\d+/g, '0');
    const seen = new Set(wrong.map(without));
    const named = pages.filter(page => wrong.some(line => line.startsWith(`${page}: `)));
    const frames = pages.slice(0, 1).filter(page => named.includes(page));
    const again = await look(browser, site, named, { frames, all });
    wrong = again.filter(line => seen.has(without(line)));
}
await browser.close();
wrong.forEach(line => console.log(line));
console.log(`${pages.length} pages, ${wrong.length} problems`);
process.exit(wrong.length ? 1 : 0);
