// CHROMIUM=/usr/bin/chromium node offline.mjs FOLDER page.html …
// Opens the unpacked archive from the disk, as who took it along does: one line
// for each thing that is wrong, and how many there are; 1 if any is.
import { pathToFileURL } from 'node:url';
import { start } from './look.mjs';

const [folder, ...pages] = process.argv.slice(2);
const path = process.env.CHROMIUM;
if (!path || !pages.length) {
    console.error('usage: CHROMIUM=/path node offline.mjs FOLDER page.html …');
    process.exit(2);
}
const root = pathToFileURL(`${folder}/`).href;
const wrong = [];
const browser = await start(path);
const context = await browser.newContext({ colorScheme: 'light' });
// A busy machine is slow, and print.html is the whole book.
context.setDefaultTimeout(60_000);
const page = await context.newPage();
let name;
const say = what => wrong.push(`${name}: ${what}`);
page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) say(message.text());
});
page.on('pageerror', error => say(error.message));
page.on('requestfailed', request => say(`${request.url()} could not be loaded`));
page.on('request', request => {
    if (!/^(file|data):/.test(request.url())) say(`it asks for ${request.url()}`);
});

for (name of [...pages, 'print.html']) {
    await page.goto(root + name);
    const seen = await page.evaluate(async () => ({
        styled: getComputedStyle(document.querySelector('.skip')).position === 'absolute',
        font: await document.fonts.load('16px "Open Sans"').then(fonts => fonts.length > 0, () => false),
        running: document.querySelector('.toast') !== null,
    }));
    if (!seen.styled) say('it has no style');
    if (!seen.font) say('it has no font');
    if (!seen.running) say('its script did not run');
}

name = 'the search';
try {
    await page.goto(root + pages.at(-1));
    await page.keyboard.press('/');
    await page.locator('#mdbook-searchbar').fill('waker');
    const found = page.locator('#mdbook-searchresults a').first();
    const wanted = new URL(await found.evaluate(link => link.href));
    await found.click();
    // The page takes what was searched out of its address, sooner or later.
    await page.waitForURL(url => url.pathname === wanted.pathname && url.hash === wanted.hash);
    await page.locator('main h1').waitFor();
    if (!page.url().startsWith(root)) say(`it leads to ${page.url()}`);
    name = 'the theme';
    await page.locator('#mdbook-theme-toggle').click();
    await page.locator('#mdbook-theme-coal').click();
    await page.goto(root + pages[0]);
    const classes = await page.evaluate(() => document.documentElement.className);
    if (!classes.split(' ').includes('coal')) say(`the next page has \`${classes}\`, not the one that was chosen`);
} catch (error) {
    say(error.message.split('\n')[0]);
}
await browser.close();
wrong.forEach(line => console.log(line));
console.log(`${pages.length} pages from the disk, ${wrong.length} problems`);
process.exit(wrong.length ? 1 : 0);
