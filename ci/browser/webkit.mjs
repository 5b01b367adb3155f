// Drives WebKit through Debian's webkit2gtk-driver: the few commands of WebDriver that are needed.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A port that is free now. */
function free() {
    return new Promise((done, fail) => {
        const server = createServer();
        server.once('error', fail);
        server.listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => done(port));
        });
    });
}

/** An X server without a screen: WebKit has no mode without a window. */
function display() {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    return new Promise((done, fail) => {
        server.once('error', fail);
        server.once('exit', code => fail(new Error(`Xvfb ended with ${code}`)));
        server.stdio[3].once('data', number => done([server, `:${String(number).trim()}`]));
    });
}

/** Starts the driver and a browser in it. */
export async function start(driver, browser) {
    const [screen, name] = await display();
    const port = await free();
    const server = spawn(driver, [`--port=${port}`, '--host=127.0.0.1'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, DISPLAY: name, NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1' },
    });
    // It has no event for the console, but prints what is written there.
    const said = [];
    for (const stream of [server.stdout, server.stderr]) {
        createInterface({ input: stream }).on('line', line => { if (line.includes('CONSOLE')) said.push(line); });
    }
    const end = () => {
        server.kill();
        screen.kill();
    };
    process.once('exit', end);
    const call = async (method, path, body) => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
            method, body: body && JSON.stringify(body),
        });
        const { value } = await answer.json();
        if (value?.error) throw new Error(`${value.error}: ${value.message}`);
        return value;
    };
    // It listens when it has started, and says nothing of it.
    for (let up = false; !up;) {
        if (server.exitCode !== null) throw new Error(`${driver} ended with ${server.exitCode}`);
        up = await call('GET', '/status').then(() => true, () => new Promise(later => setTimeout(later, 50, false)));
    }
    const options = { binary: browser, args: ['--automation', '--enable-write-console-messages-to-stdout=true'] };
    const { sessionId } = await call('POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } },
    });
    const session = `/session/${sessionId}`;
    const run = (script, ...args) => call('POST', `${session}/execute/sync`, { script, args });
    return {
        go: url => call('POST', `${session}/url`, { url }),
        run: expression => call('POST', `${session}/execute/async`, {
            script: `const done = arguments[0]; Promise.resolve(${expression}).then(done, why => done({ why: String(why) }));`, args: [],
        }),
        load: script => run(script),
        async size({ width, height }) {
            const bars = await run('return [outerWidth - innerWidth, outerHeight - innerHeight]');
            await call('POST', `${session}/window/rect`, { width: width + bars[0], height: height + bars[1] });
        },
        async click(selector) {
            const element = await call('POST', `${session}/element`, { using: 'css selector', value: selector });
            await call('POST', `${session}/element/${Object.values(element)[0]}/click`, {});
        },
        heard: () => said.splice(0),
        shot: () => call('GET', `${session}/screenshot`).then(text => Buffer.from(text, 'base64')),
        close: () => call('DELETE', session).catch(() => { }).finally(end),
    };
}
