// Runs a program in the place of its picture. The build writes this beside the program; it is loaded with it.

const NO_GPU = 'This browser offers no WebGPU and no WebGL, so the program cannot draw. '
    + 'Turn on hardware acceleration in its settings, or open this page in another browser.';
const STOPPED = 'The program has stopped. Load this page again to run it once more.';

/** Whether anything can draw here; nothing larger is loaded where nothing can. */
async function draws() {
    const adapter = await navigator.gpu?.requestAdapter().catch(() => null);
    return adapter || document.createElement('canvas').getContext('webgl2');
}

/** Runs the program of `figure`, whose line is `says`. Returns whether it runs; it rejects when the program cannot be loaded. */
export async function run(figure, says) {
    const tell = line => { says.textContent = line; };
    if (!await draws()) {
        tell(NO_GPU);
        return false;
    }
    const { default: start } = await import(`./${figure.dataset.program}.js`);
    const picture = figure.querySelector('img');
    const canvas = document.createElement('canvas');
    canvas.id = 'pixels';
    canvas.width = picture.getAttribute('width');
    canvas.height = picture.getAttribute('height');
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', 'The same picture, drawn by the program on this page');
    // It lies over the picture, which is seen until the program has drawn.
    picture.after(canvas);
    // What the program says in the console, it says below its picture too.
    const log = console.log;
    console.log = (...what) => {
        log(...what);
        tell(`The program says: ${what.join(' ')}`);
    };
    addEventListener('error', () => {
        canvas.remove();
        tell(STOPPED);
    }, { once: true });
    try {
        await start();
    } catch (why) {
        canvas.remove();
        throw why;
    }
    return true;
}
