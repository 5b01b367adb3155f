// Drives Firefox through WebDriver BiDi, which it speaks itself.
import puppeteer from 'puppeteer-core';

export async function start(path) {
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: path, headless: true });
    const page = await browser.newPage();
    const said = [];
    page.on('console', message => { if (message.type() === 'error') said.push(message.text()); });
    page.on('pageerror', why => said.push(why.message));
    // What the policy forbids is an event of the page, before any script of the page runs.
    await page.evaluateOnNewDocument(() => {
        addEventListener('securitypolicyviolation', event =>
            console.error(`the policy forbids ${event.blockedURI} (${event.violatedDirective})`));
    });
    return {
        go: url => page.goto(url),
        run: expression => page.evaluate(expression),
        load: script => page.evaluate(script),
        size: size => page.setViewport(size),
        click: selector => page.click(selector),
        heard: () => said.splice(0),
        shot: () => page.screenshot(),
        close: () => browser.close(),
    };
}
