// Below a picture that a program draws: the button that runs the program in the picture's place. Only the page of such a
// program loads this, and nothing of the program before the button is pressed.
(() => {
const NO_GPU = 'This browser offers no WebGPU and no WebGL, so the program cannot draw. '
    + 'Turn on hardware acceleration in its settings, or open this page in another browser.';
const NOT_LOADED = 'The program could not be loaded or started. Load this page again, and press the button once more.';
const STOPPED = 'The program has stopped. Load this page again to run it once more.';

/** Whether anything can draw here. Nothing large is loaded where nothing can. */
async function draws() {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    return adapter || document.createElement('canvas').getContext('webgl2');
}

/** A canvas for the program. It lies over the picture, which is seen until the program has drawn. */
function put(picture) {
    const canvas = document.createElement('canvas');
    canvas.id = 'pixels';
    canvas.width = picture.getAttribute('width');
    canvas.height = picture.getAttribute('height');
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'The same picture, drawn by the program on this page');
    picture.after(canvas);
    return canvas;
}

/** Runs the program of `figure`; what happens is told in its line. Returns the canvas, if it runs. */
async function run(figure, tell) {
    if (!await draws()) return tell(NO_GPU);
    tell('The program is loading.');
    const address = new URL(figure.dataset.live, document.baseURI);
    const canvas = put(figure.querySelector('img'));
    // What the program says in the console, it says below its picture too.
    const log = console.log;
    const without = line => {
        console.log = log;
        canvas.remove();
        tell(line);
    };
    console.log = (...what) => {
        log(...what);
        tell(`The program says “${what.join(' ')}”.`);
    };
    // A browser also tells of a late ResizeObserver so, with no exception: that stops nothing.
    addEventListener('error', ({ error }) => { if (error) without(STOPPED); });
    try {
        const { default: start } = await import(address);
        // It loads the code, and returns when `main` has.
        await start();
        return canvas;
    } catch (why) {
        console.warn(why);
        without(NOT_LOADED);
    }
}

for (const figure of document.querySelectorAll('.live[data-live]')) {
    const button = figure.querySelector('button');
    const says = figure.querySelector('[role=status]');
    let busy = false;
    button.addEventListener('click', async () => {
        if (busy) return;
        busy = true;
        const canvas = await run(figure, line => { says.textContent = line; });
        busy = false;
        if (!canvas) return;
        button.hidden = true;
        canvas.focus({ preventScroll: true });
    });
}
})();
