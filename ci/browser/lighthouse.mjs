// CHROMIUM=/usr/bin/chromium node lighthouse.mjs URL [--speed] page.html …
// What Lighthouse gives each page on a phone: one line for each score that is not
// 100, and 1 if there is any. With `--speed` that of the first page is shown and not
// held, since it depends on what else the machine does; bytes, requests and shifts
// are held by check.mjs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';

const speed = process.argv.includes('--speed');
const [site, ...pages] = process.argv.slice(2).filter(it => it !== '--speed');
const path = process.env.CHROMIUM;
if (!path || !site || !pages.length) {
    console.error('usage: CHROMIUM=/path node lighthouse.mjs URL [--speed] page.html …');
    process.exit(2);
}
const profile = mkdtempSync(join(tmpdir(), 'lighthouse-'));
const chrome = await launch({
    chromePath: path,
    userDataDir: profile,
    chromeFlags: [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
});
const wrong = [];

/** What only the speed needs: seconds after the page is there, and a picture of all of it. */
const QUICK = { pauseAfterFcpMs: 0, pauseAfterLoadMs: 0, disableFullPageScreenshot: true };

async function scores(page, categories, quick = {}) {
    const options = { port: chrome.port, onlyCategories: categories, logLevel: 'error', ...quick };
    const { lhr } = await lighthouse(`${site}/${page}`, options);
    if (lhr.runtimeError) throw new Error(`${page}: ${lhr.runtimeError.message}`);
    return lhr;
}

/** The audits that cost a category points. */
function why(lhr, category) {
    return lhr.categories[category].auditRefs
        .filter(({ id, weight }) => weight > 0 && (lhr.audits[id].score ?? 1) < 1)
        .map(({ id }) => `${lhr.audits[id].title} ${lhr.audits[id].displayValue ?? ''}`.trim());
}

try {
    for (const page of pages) {
        const kinds = ['accessibility', 'best-practices', 'seo'];
        let lhr = await scores(page, kinds, QUICK);
        // On a busy machine an answer may come too late: what is wrong is wrong twice.
        if (Object.values(lhr.categories).some(({ score }) => score < 1)) lhr = await scores(page, kinds, QUICK);
        for (const [name, { score }] of Object.entries(lhr.categories)) {
            if (score < 1) wrong.push(`${page}: ${name} ${Math.round(score * 100)}: ${why(lhr, name).join('; ')}`);
        }
    }
    const runs = [];
    for (let n = 0; speed && n < 3; n++) runs.push(await scores(pages[0], ['performance']));
    const points = lhr => Math.round(lhr.categories.performance.score * 100);
    runs.sort((a, b) => points(a) - points(b));
    if (speed && points(runs[1]) < 100) console.log(`shown, not held: ${pages[0]}: ${why(runs[1], 'performance').join('; ')}`);
    wrong.forEach(line => console.log(line));
    const shown = speed ? `performance ${runs.map(points).join(', ')}, ` : '';
    console.log(`${pages.length} pages, ${shown}${wrong.length} problems`);
} finally {
    // Chromium may still write to its profile when it is told to end.
    await chrome.kill();
    try { rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); } catch { }
}
process.exit(wrong.length ? 1 : 0);
