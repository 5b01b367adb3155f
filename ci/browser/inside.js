// Runs inside a page and measures what a reader would see. Every function
// returns a list of what is wrong, each as a phrase that says where.
'use strict';
window.inside = (() => {
    const scrollers = 'main pre > code, main .table-wrapper, main .diagram';

    function where(element) {
        const id = element.closest('[id]')?.id;
        const name = element.tagName.toLowerCase();
        const kind = element.classList?.length ? '.' + [...element.classList].join('.') : '';
        return element.id ? `#${element.id}` : `${name}${kind}${id ? ` in #${id}` : ''}`;
    }

    const short = text => text.trim().replace(/\s+/g, ' ').slice(0, 40);
    const shown = element => element.checkVisibility({ visibilityProperty: true });

    /** What any CSS color looks like on the screen: [red, green, blue, alpha], 0 to 255. */
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    function pixel(color) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    }

    function luminance(color) {
        const [r, g, b] = pixel(color).map(c => c / 255).map(c =>
            c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }

    function contrast(a, b) {
        const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
        return (light + 0.05) / (dark + 0.05);
    }

    const visible = color => color !== 'none' && pixel(color)[3] > 127;

    /** The nearest background behind an element. */
    function background(element) {
        for (let e = element; e; e = e.parentElement) {
            const color = getComputedStyle(e).backgroundColor;
            if (visible(color)) return color;
        }
        return 'white';
    }

    /** Nothing stands outside the window, except in a box that scrolls by itself. */
    function overflow() {
        const wrong = [];
        const page = document.getElementById('mdbook-page-wrapper') ?? document.body;
        const outside = new Set();
        for (const element of page.querySelectorAll('*')) {
            const style = getComputedStyle(element);
            const scrolls = ['auto', 'scroll'].includes(style.overflowX)
                && element.scrollWidth > element.clientWidth;
            if (scrolls && !element.matches(scrollers)) {
                wrong.push(`scrolls sideways: ${where(element)}`);
            }
            if (outside.has(element.parentElement)) {
                outside.add(element);
                continue;
            }
            const box = element.getBoundingClientRect();
            const out = box.right > innerWidth + 1 || box.left < -1;
            if (!out || !box.width || !box.height || !shown(element)) continue;
            const ancestor = element.parentElement.closest(scrollers);
            if (!ancestor && style.clipPath === 'none' && !element.closest('svg svg, svg *')) {
                outside.add(element);
                wrong.push(`wider than the page by ${Math.ceil(Math.max(
                    box.right - innerWidth, -box.left))} px: ${where(element)}`);
            }
        }
        const root = document.scrollingElement;
        if (root.scrollWidth > innerWidth) {
            wrong.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth}`);
        }
        return wrong;
    }

    /** The color that a text of a diagram stands on, and the shape that has it. */
    function ground(text, shapes) {
        const style = getComputedStyle(text);
        const page = background(text.ownerSVGElement);
        if (visible(style.stroke)) return { color: style.stroke, shape: null };
        const box = text.getBoundingClientRect();
        const middle = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
        let found = { color: page, shape: null };
        for (const shape of shapes) {
            const before = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
            const fill = getComputedStyle(shape).fill;
            if (before && visible(fill)
                && shape.isPointInFill(middle.matrixTransform(shape.getScreenCTM().inverse()))) {
                found = { color: fill, shape };
            }
        }
        return found;
    }

    /** Every diagram is drawn, whole and legible. */
    function diagrams() {
        const wrong = [];
        for (const left of document.querySelectorAll('pre.mermaid, code.language-mermaid, [data-drawn]')) {
            wrong.push(`a diagram is not drawn: ${where(left)}`);
        }
        for (const figure of document.querySelectorAll('figure.drawing')) {
            const svg = figure.querySelector('svg');
            const size = svg?.getBoundingClientRect();
            if (!size?.width || !size?.height) {
                wrong.push(`a diagram has no size: ${where(figure.querySelector('.diagram') ?? figure)}`);
                continue;
            }
            const at = where(figure.querySelector('.diagram') ?? figure);
            const shapes = [...svg.querySelectorAll('path, rect, circle, ellipse, polygon')]
                .filter(shape => !shape.closest('marker, defs'));
            const texts = [...svg.querySelectorAll('text')].filter(text => text.textContent.trim());
            if (!texts.length) wrong.push(`a diagram has no text: ${at}`);
            const boxes = texts.map(text => text.getBoundingClientRect());
            texts.forEach((text, n) => {
                const name = `“${short(text.textContent)}” in ${at}`;
                const box = boxes[n];
                const over = (outer, slack) => box.left < outer.left - slack
                    || box.right > outer.right + slack
                    || box.top < outer.top - slack || box.bottom > outer.bottom + slack;
                if (over(size, 1)) wrong.push(`text is cut off by its diagram: ${name}`);
                const style = getComputedStyle(text);
                const pixels = parseFloat(style.fontSize) * text.getScreenCTM().a;
                if (pixels < 9.95) wrong.push(`text of ${pixels.toFixed(1)} px: ${name}`);
                const { color, shape } = ground(text, shapes);
                const ratio = contrast(style.fill, color);
                if (ratio < 4.5) wrong.push(`contrast of ${ratio.toFixed(2)}: ${name}`);
                if (shape && over(shape.getBoundingClientRect(), 1)) {
                    wrong.push(`text is wider than its box: ${name}`);
                }
                for (let m = 0; m < n; m++) {
                    const wide = Math.min(box.right, boxes[m].right) - Math.max(box.left, boxes[m].left);
                    const high = Math.min(box.bottom, boxes[m].bottom) - Math.max(box.top, boxes[m].top);
                    if (wide > 1 && high > box.height / 3) {
                        wrong.push(`text stands on “${short(texts[m].textContent)}”: ${name}`);
                    }
                }
            });
        }
        return wrong;
    }

    /** The top of each line of a block of preformatted text. */
    function tops(block) {
        const walk = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
        const starts = [];
        let fresh = true;
        for (let node = walk.nextNode(); node; node = walk.nextNode()) {
            for (let n = 0; n < node.length; n++) {
                if (fresh) starts.push([node, n]);
                fresh = node.data[n] === '\n';
            }
        }
        return starts.map(([node, n]) => {
            const range = document.createRange();
            range.setStart(node, n);
            range.setEnd(node, n + 1);
            const box = range.getClientRects()[0] ?? range.getBoundingClientRect();
            // The middle, as a letter and the end of an empty line differ in height.
            return box.top + box.height / 2;
        });
    }

    /** Each column of marks has a mark beside each line, and only beside. */
    function marks() {
        const wrong = [];
        for (const column of document.querySelectorAll('pre.marks')) {
            const code = column.parentElement.querySelector('pre > code');
            const at = where(column);
            if (!code) {
                wrong.push(`marks without code: ${at}`);
                continue;
            }
            const [left, right] = [tops(column), tops(code)];
            if (left.length !== right.length) {
                wrong.push(`${left.length} marks for ${right.length} lines: ${at}`);
                continue;
            }
            const off = right.findIndex((top, n) => Math.abs(top - left[n]) > 1);
            if (off >= 0) {
                const by = Math.abs(right[off] - left[off]).toFixed(1);
                wrong.push(`the mark of line ${off + 1} is ${by} px off: ${at}`);
            }
            if (getComputedStyle(column).userSelect !== 'none') {
                wrong.push(`marks are copied with the code: ${at}`);
            }
            // axe cannot see the color that a mark gives to the line beside it.
            const mark = column.querySelector('b');
            const paint = mark && getComputedStyle(mark).backgroundColor;
            if (paint && visible(paint)) {
                for (const token of [mark, code, ...code.querySelectorAll('span')]) {
                    const ratio = contrast(getComputedStyle(token).color, paint);
                    if (ratio < 4.5) {
                        wrong.push(`contrast of ${ratio.toFixed(2)} on a changed line: ${where(token)}`);
                    }
                }
            }
        }
        return [...new Set(wrong)];
    }

    /** Each permalink brings its listing into the window. */
    async function permalinks() {
        const wrong = [];
        for (const link of document.querySelectorAll('a.permalink')) {
            const hash = link.getAttribute('href');
            const target = document.getElementById(decodeURIComponent(hash.slice(1)));
            if (!target) {
                wrong.push(`a permalink to nothing: ${hash}`);
                continue;
            }
            scrollTo(0, 0);
            location.hash = hash;
            await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
            const { top } = target.getBoundingClientRect();
            const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
            if (top < -1 || top > innerHeight || top > innerHeight / 2 && !atEnd) {
                wrong.push(`a permalink does not show its listing: ${hash}`);
            } else if (getComputedStyle(target).outlineStyle === 'none') {
                wrong.push(`a listing that is linked to is not marked: ${hash}`);
            }
        }
        history.replaceState(null, '', location.pathname);
        scrollTo(0, 0);
        return wrong;
    }

    return { overflow, diagrams, marks, permalinks };
})();
