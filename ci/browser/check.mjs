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
const wrong = await look(browser, site, pages);
await browser.close();
wrong.forEach(line => console.log(line));
console.log(`${pages.length} pages, ${wrong.length} problems`);
process.exit(wrong.length ? 1 : 0);
