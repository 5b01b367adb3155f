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
    const pixels = new Map();
    function pixel(color) {
        if (!pixels.has(color)) pixels.set(color, painted(color));
        return pixels.get(color);
    }

    function painted(color) {
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

    /** What axe finds where it looks, without the tokens of code: they have nothing but a color, which `readable` sees. */
    async function violations(where, options) {
        const blocks = [...document.querySelectorAll('pre > code')].filter(code => !code.querySelector(':not(span)'));
        const whole = blocks.map(code => [...code.childNodes]);
        blocks.forEach(code => code.replaceChildren(code.textContent));
        const found = await window.axe.run(where, { ...options, resultTypes: ['violations'] });
        blocks.forEach((code, n) => code.replaceChildren(...whole[n]));
        return found.violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any, all, none }) => {
            const why = [...any, ...all, ...none][0]?.message ?? help;
            return `${id}: ${why}: ${target.flat().join(' ')}`;
        }));
    }

    /** Text has the contrast that WCAG 1.4.3 asks for. axe says the same; it takes ten times as long, and there are five themes. */
    function readable() {
        const wrong = new Set();
        // Tokens of one kind that stand in one place look alike.
        const seen = new Map();
        const again = ({ parentElement, className }) => {
            const kinds = seen.get(parentElement) ?? new Set();
            seen.set(parentElement, kinds);
            return kinds.has(className) || !kinds.add(className);
        };
        for (const element of document.querySelectorAll('body, body *:not(svg *)')) {
            const says = [...element.childNodes].some(it => it.nodeType === Node.TEXT_NODE && it.data.trim());
            if (!says || element.matches('pre > code *') && again(element) || !shown(element)) continue;
            const style = getComputedStyle(element);
            const behind = background(element);
            const [under, over] = [pixel(behind), pixel(style.color)];
            const alpha = over[3] / 255 * style.opacity;
            const mixed = over.slice(0, 3).map((c, n) => Math.round(c * alpha + under[n] * (1 - alpha)));
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const found = contrast(`rgb(${mixed})`, behind);
            if (found < (large ? 3 : 4.5)) {
                wrong.add(`contrast of ${found.toFixed(2)}: ${where(element)}`);
            }
        }
        return [...wrong];
    }

    /** Nothing stands outside the window, except in a box that scrolls by itself. */
    function overflow() {
        const wrong = [];
        const page = document.getElementById('mdbook-page-wrapper') ?? document.body;
        const outside = new Set();
        // Code and drawings stand in boxes that scroll, which are looked at.
        for (const element of page.querySelectorAll('*:not(main pre > code *, svg *)')) {
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
            if (!ancestor && style.clipPath === 'none') {
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
            // Where an empty line is, engines do not agree.
            if (node.data[n] === '\n') return null;
            const range = document.createRange();
            range.setStart(node, n);
            range.setEnd(node, n + 1);
            // WebKit begins with the end of the line before, which has no width.
            const box = [...range.getClientRects()].find(({ width }) => width) ?? range.getBoundingClientRect();
            // The middle, as a letter and the end of an empty line differ in height.
            return box.top + box.height / 2;
        });
    }

    const selects = element => {
        const style = getComputedStyle(element);
        return style.userSelect ?? style.webkitUserSelect;
    };

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
            const off = right.findIndex((top, n) => top !== null && left[n] !== null && Math.abs(top - left[n]) > 1);
            if (off >= 0) {
                const by = Math.abs(right[off] - left[off]).toFixed(1);
                wrong.push(`the mark of line ${off + 1} is ${by} px off: ${at}`);
            }
            if (selects(column) !== 'none') {
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
        const all = [...document.querySelectorAll('a.permalink')];
        for (const [n, link] of all.entries()) {
            const hash = link.getAttribute('href');
            const target = document.getElementById(decodeURIComponent(hash.slice(1)));
            if (!target) {
                wrong.push(`a permalink to nothing: ${hash}`);
                continue;
            }
            // How it is shown hangs on the style and on what folds it; each try draws the page.
            if (n && n < all.length - 1 && !target.closest('details, [hidden]')) continue;
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

    /** Texts of a link that say nothing of where it leads. */
    const VAGUE = ['click here', 'click this', 'go', 'here', 'information', 'learn more', 'more', 'more info', 'more information', 'read more', 'right here', 'see more', 'start', 'this'];

    /** Links in the text can be told from it without their color, and say where they lead; pictures keep their shape. */
    function links() {
        const wrong = [];
        for (const picture of document.querySelectorAll('main img')) {
            const { width, height } = picture.getBoundingClientRect();
            const drawn = picture.naturalHeight * width / picture.naturalWidth;
            if (picture.naturalWidth && Math.abs(drawn - height) > 2) wrong.push(`a picture is out of shape: ${picture.getAttribute('src')}`);
        }
        for (const link of document.querySelectorAll('main a:not(.header, .permalink, .proof, .actions a)')) {
            if (link.closest('svg') || !shown(link) || !link.textContent.trim()) continue;
            if (VAGUE.includes(link.textContent.trim().toLowerCase())) wrong.push(`a link does not say where it leads: “${link.textContent}”`);
            const style = getComputedStyle(link);
            if (!style.textDecorationLine.includes('underline')) {
                wrong.push(`a link is not underlined: “${short(link.textContent)}”`);
            } else if (style.textDecorationThickness !== '1px') {
                wrong.push(`a link is underlined by ${style.textDecorationThickness}: “${short(link.textContent)}”`);
            }
        }
        return [...new Set(wrong)];
    }

    /** A selected listing is its code, and one click selects a whole command. */
    function copies() {
        const wrong = [];
        const selection = getSelection();
        const lines = text => text.split('\n').map(line => line.trimEnd()).filter(line => line);
        for (const column of document.querySelectorAll('pre.marks')) {
            const code = column.parentElement.querySelector('pre > code');
            if (!code) continue;
            selection.selectAllChildren(column.parentElement);
            const [got, want] = [lines(String(selection)), lines(code.textContent)];
            const off = got.findIndex((line, n) => line !== want[n]);
            if (off >= 0) wrong.push(`“${short(got[off])}” is copied with the code: ${where(column)}`);
        }
        selection.removeAllRanges();
        for (const command of document.querySelectorAll('.listing .command')) {
            if (selects(command) !== 'all') wrong.push(`a click does not select “${short(command.textContent)}”`);
        }
        return wrong;
    }

    /** The sign of a caption stands in the row of what can be done with the listing. */
    function captions() {
        const wrong = [];
        for (const caption of document.querySelectorAll('.listing > figcaption')) {
            const link = caption.querySelector('.permalink');
            const copy = caption.querySelector('.copy');
            if (!link || !copy || !shown(copy)) continue;
            const [a, b] = [link.getBoundingClientRect(), copy.getBoundingClientRect()];
            if (a.bottom <= b.top || b.bottom <= a.top) {
                wrong.push(`the sign to link with is not beside the tools: ${where(caption)}`);
            }
        }
        return wrong;
    }

    /** What a validator would say of what the build and the script write. */
    function markup() {
        const wrong = [];
        for (const button of document.querySelectorAll('button:not([type])')) {
            wrong.push(`a button without a type: ${where(button)}`);
        }
        for (const link of document.querySelectorAll('a[rel~=edit]')) {
            wrong.push(`\`rel=edit\` is for \`link\`: ${where(link)}`);
        }
        const icon = document.querySelector('link[rel=icon]')?.getAttribute('href') ?? '';
        if (/\s/.test(icon)) wrong.push('the address of the favicon has a space in it');
        const here = document.querySelector('#mdbook-sidebar .active b')?.textContent;
        const [, foot] = /Chapter (\d+) of/.exec(document.querySelector('.place')?.textContent ?? '') ?? [];
        if ((here && parseInt(here)) !== (foot && parseInt(foot))) {
            wrong.push(`the table of contents counts ${here ?? 'none'}, the foot ${foot ?? 'none'}`);
        }
        return wrong;
    }

    /** The name behind a mark of proof is shown to who comes with the keyboard, and inside the page. */
    function proofs() {
        const wrong = [];
        for (const mark of document.querySelectorAll('main .proof')) {
            // Not in a folded answer.
            if (!shown(mark)) continue;
            const name = mark.querySelector('span');
            const at = `“${short(mark.textContent)}”`;
            if (!name?.textContent.includes('proved by')) {
                wrong.push(`a mark does not say what it is: ${at}`);
                continue;
            }
            if (getComputedStyle(name).clipPath === 'none') wrong.push(`a test's name is not out of the way: ${at}`);
            mark.focus({ preventScroll: true });
            const box = name.getBoundingClientRect();
            if (getComputedStyle(name).clipPath !== 'none' || box.width < 20) {
                wrong.push(`the focus does not show the test's name: ${at}`);
            } else if (box.left < -1 || box.right > document.documentElement.clientWidth + 1) {
                wrong.push(`a test's name leaves the page: ${at}`);
            }
            mark.blur();
        }
        return [...new Set(wrong)];
    }

    /** The rules for paper hold on the screen, for an engine that cannot be told to show a page as it is printed. */
    function printed() {
        for (const rule of [...document.styleSheets].flatMap(sheet => [...sheet.cssRules])) {
            if (rule.media?.mediaText === 'print') rule.media.mediaText = 'all';
        }
        return true;
    }

    /** On paper every answer can be read, and a heading stays with what it heads. */
    function paper() {
        const wrong = [];
        for (const details of document.querySelectorAll('main details:not(.menu)')) {
            const answer = details.querySelector('summary ~ *');
            const shown = answer?.checkVisibility({ contentVisibilityAuto: true }) && answer.getBoundingClientRect().height;
            if (!shown) wrong.push(`on paper an answer is folded: “${short(details.querySelector('summary').textContent)}”`);
        }
        // Firefox reads `break-after: avoid`, and does nothing with it.
        const avoids = !CSS.supports('-moz-appearance: none');
        for (const heading of document.querySelectorAll('main :is(h2, h3, h4)')) {
            const room = getComputedStyle(heading, '::before');
            const kept = avoids && getComputedStyle(heading).breakAfter === 'avoid'
                || room.content !== 'none' && parseFloat(room.height) > 50 && parseFloat(room.marginBottom) < -50;
            if (!kept) wrong.push(`on paper a heading may stand alone: ${where(heading)}`);
        }
        return wrong;
    }

    /** Every diagram that is opened large can be seen whole, or scrolled to its end. */
    async function large() {
        const wrong = [];
        for (const button of document.querySelectorAll('.drawing .enlarge')) {
            const at = where(button.parentElement.querySelector('.diagram'));
            const before = button.parentElement.querySelector('svg').getBoundingClientRect();
            button.click();
            const dialog = document.querySelector('dialog[open]');
            const frame = dialog?.querySelector('.diagram');
            const svg = dialog?.querySelector('svg')?.getBoundingClientRect();
            if (!svg || !frame) {
                wrong.push(`does not open large: ${at}`);
                continue;
            }
            const [box, room] = [dialog.getBoundingClientRect(), frame.getBoundingClientRect()];
            if (box.left < -0.5 || box.top < -0.5 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5
                || room.right > box.right || room.bottom > box.bottom) {
                wrong.push(`opened large, it is cut by the window: ${at}`);
            }
            const scrolls = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
            const fits = before.width * 1.05 < room.width && before.height * 1.05 < innerHeight - 110;
            if (scrolls && fits) wrong.push(`opened large, it does not fit though it could: ${at}`);
            if (svg.width < before.width - 1) wrong.push(`opened large, it is smaller: ${at}`);
            dialog.querySelector('.close').click();
            // The drawing goes back when the dialog says that it is closed.
            await new Promise(done => {
                const back = () => button.parentElement.querySelector('svg') ? done() : requestAnimationFrame(back);
                back();
            });
        }
        return wrong;
    }

    /** The search comes into sight from further down, and Escape returns to the place. */
    async function below() {
        const press = key => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        scrollTo({ top: 700, behavior: 'instant' });
        const from = scrollY;
        press('/');
        const bar = document.getElementById('mdbook-searchbar');
        const { top, bottom } = bar.getBoundingClientRect();
        const menu = document.getElementById('mdbook-menu-bar').getBoundingClientRect().bottom;
        const wrong = [];
        if (top < menu - 1 || bottom > innerHeight) wrong.push(`the search box stands at ${top} px, under the bar of ${menu}`);
        bar.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
        if (Math.abs(scrollY - from) > 1) wrong.push(`after Escape the page is at ${scrollY}, not at ${from}`);
        scrollTo({ top: 0, behavior: 'instant' });
        return wrong;
    }

    /** What is loaded is there, and what a script does on its own has been done. */
    async function settled() {
        await document.fonts.ready;
        for (let frame = 0; frame < 12; frame++) await new Promise(done => requestAnimationFrame(done));
        return true;
    }

    return {
        overflow, diagrams, marks, permalinks, links, copies, captions, markup, proofs, printed, paper, large, below, settled, readable, violations,
    };
})();
