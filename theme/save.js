// A diagram as a file of its own: loaded when a reader opens one large.
'use strict';
(() => {
    /** What the page's style says of a drawing, as a file can say it. */
    const SEEN = [
        'fill', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linejoin', 'paint-order',
        'font-family', 'font-size', 'text-anchor',
    ];
    /** Around the drawing, in its own units. */
    const ROOM = 12;
    const SVG = 'http://www.w3.org/2000/svg';

    /** As an address that has all of it. */
    const whole = blob => new Promise((done, fail) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.onerror = fail;
        reader.readAsDataURL(blob);
    });

    /** The page's font for the file; a page on a disk cannot read it, and the file names it all the same. */
    async function font() {
        const { href } = document.querySelector('link[as=font]');
        const blob = await (await fetch(href)).blob();
        return `@font-face { font-family: "Open Sans"; font-weight: 400 700; src: url("${await whole(blob)}"); }`;
    }

    /** The drawing with the colors that the reader sees now, and what is behind it. */
    async function drawn(svg) {
        const copy = svg.cloneNode(true);
        const pair = [svg, copy].map(it => [it, ...it.querySelectorAll('*')]);
        pair[0].forEach((element, n) => {
            const [now, above] = [element, element.parentElement].map(it => getComputedStyle(it));
            for (const name of SEEN) {
                const value = now.getPropertyValue(name);
                if (element === svg || value !== above.getPropertyValue(name)) pair[1][n].setAttribute(name, value);
            }
            pair[1][n].removeAttribute('class');
        });
        const { x, y, width, height } = svg.viewBox.baseVal;
        const place = { x: x - ROOM, y: y - ROOM, width: width + 2 * ROOM, height: height + 2 * ROOM };
        const add = (name, attributes) => {
            const element = document.createElementNS(SVG, name);
            for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
            copy.prepend(element);
            return element;
        };
        add('rect', { ...place, fill: getComputedStyle(svg.closest('dialog')).backgroundColor, stroke: 'none' });
        add('style', {}).textContent = await font().catch(() => '');
        copy.removeAttribute('style');
        copy.setAttribute('viewBox', Object.values(place).join(' '));
        copy.setAttribute('width', place.width);
        copy.setAttribute('height', place.height);
        return [new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }), place];
    }

    /** Twice as many points as on the page, for a slide. */
    async function pixels(blob, { width, height }) {
        const image = new Image();
        image.src = await whole(blob);
        await image.decode();
        const canvas = Object.assign(document.createElement('canvas'), { width: 2 * width, height: 2 * height });
        canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
        return new Promise(done => canvas.toBlob(done, 'image/png'));
    }

    async function save(svg, name, kind) {
        const [blob, place] = await drawn(svg);
        const file = kind === 'svg' ? blob : await pixels(blob, place);
        const href = URL.createObjectURL(file);
        Object.assign(document.createElement('a'), { href, download: `${name}.${kind}` }).click();
        setTimeout(() => URL.revokeObjectURL(href), 60_000);
    }

    /** Puts the buttons before `close`, for the diagram that its dialog shows now. */
    window.saves = (close, name) => {
        const svg = close.closest('dialog').querySelector('svg');
        const buttons = ['svg', 'png'].map(kind => Object.assign(document.createElement('button'), {
            type: 'button',
            textContent: `Save as ${kind.toUpperCase()}`,
            onclick: () => save(svg, name, kind).catch(reportError),
        }));
        // It has the focus, which it would lose if it were moved.
        while (close.previousSibling) close.previousSibling.remove();
        close.before(...buttons);
    };
})();
