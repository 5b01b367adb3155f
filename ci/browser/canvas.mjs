// What the checks of programs in a browser share: the browser with a GPU in software, and a look at a canvas.
import { chromium } from 'playwright-core';

/** Only what never comes takes so long: software draws, and the machine may be busy. What comes and is wrong is told of at once. */
export const SOON = 300_000;
/** What is looked at on the canvas. */
export const PLACES = { top: [240, 60], left: [75, 270], right: [405, 270], ground: [3, 3] };

/** WebGPU in software. Its canvas is seen only when the browser puts its pages together with Vulkan too, which wants a display. */
const WEBGPU = [
    '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--ignore-gpu-blocklist', '--enable-gpu',
    '--enable-features=Vulkan', '--use-vulkan=swiftshader',
];

export const TYPES = { '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** WebGPU is software's; without its flags this browser has none, and software draws for WebGL. */
export function start(webgpu) {
    return chromium.launch({
        executablePath: process.env.CHROMIUM,
        args: [
            '--headless', '--no-sandbox', '--disable-quic', '--no-first-run',
            '--disable-background-networking', '--disable-component-update', '--disable-sync',
            '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
            ...webgpu ? WEBGPU : ['--disable-features=WebGPU'],
        ],
    });
}

/** Waits until the corners have these colors. */
export async function shows(page, wanted) {
    const end = Date.now() + SOON;
    for (;;) {
        const png = await page.locator('canvas').screenshot();
        const pixels = await read(page, png);
        const colors = ['top', 'left', 'right'].map(place => strongest(pixels[place]));
        const dark = pixels.ground.every(color => color < 80);
        if (dark && colors.join() === wanted.join()) return { png, pixels };
        if (Date.now() > end) throw new Error(`the canvas shows ${JSON.stringify(pixels)}, and not ${wanted}`);
    }
}

/** The name of the color that is far above the others. */
function strongest(color) {
    const most = Math.max(...color);
    const others = color.filter(one => one + 60 > most);
    return others.length === 1 ? ['red', 'green', 'blue'][color.indexOf(most)] : 'none';
}

/** The pixels of a picture, which the browser itself unpacks. */
function read(page, png) {
    return page.evaluate(async ({ url, places }) => {
        const image = new Image();
        image.src = url;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        return Object.fromEntries(Object.entries(places).map(([name, [x, y]]) =>
            [name, [...context.getImageData(x, y, 1, 1).data].slice(0, 3)]));
    }, { url: `data:image/png;base64,${png.toString('base64')}`, places: PLACES });
}
