// What a page does beyond being read. Nothing here is needed to read it.
(() => {
'use strict';
const self = document.currentScript;
const root = self.dataset.root;
const html = document.documentElement;
const main = document.querySelector('main');
const $ = id => document.getElementById(id);
const make = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
};
const kept = {
    get(name) { try { return localStorage.getItem('mdbook-' + name); } catch { return null; } },
    set(name, value) { try { localStorage.setItem('mdbook-' + name, value); } catch { } },
    drop(name) { try { localStorage.removeItem('mdbook-' + name); } catch { } },
};

/** A part of the script: what is odd on a page ends one part, and no other. */
function part(does) {
    try { does(); } catch (why) { reportError(why); }
}
/** What loads a script that few readers need, once. */
const later = src => {
    let loading;
    return () => loading ??= new Promise((done, fail) => {
        document.head.append(make('script', { src, onload: done, onerror: () => { loading = undefined; fail(); } }));
    });
};
/** What a key does; what Escape ends, the first that is open. */
const keys = {};
const escapes = [];
/** Where the page was before the search was opened on top of it. */
let before = null;

/* ---- An address that a heading had before ---- */

part(() => {
    const moved = () => {
        const to = JSON.parse(self.dataset.moved || '{}')[location.hash];
        if (to) location.replace(new URL(to, location.href));
    };
    moved();
    addEventListener('hashchange', moved);
});

/* ---- Messages that pass: copied, go on reading ---- */

const toast = make('div', { className: 'toast', role: 'status', hidden: true });
document.body.append(toast);
let fading;
function say(...what) {
    toast.replaceChildren(...what);
    toast.hidden = false;
    clearTimeout(fading);
    fading = setTimeout(() => { toast.hidden = true; }, 6000);
}

async function copy(text, what) {
    try {
        await navigator.clipboard.writeText(text);
        say(`${what} copied`);
    } catch {
        say('The browser does not let this page copy');
    }
}

/* ---- Theme ---- */

part(() => {
    const list = $('mdbook-theme-list');
    const button = $('mdbook-theme-toggle');
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const names = ['light', 'rust', 'coal', 'navy', 'ayu'];
    const all = [...list.querySelectorAll('button')];
    const show = () => {
        const chosen = kept.get('theme');
        html.classList.remove(...names);
        html.classList.add(chosen ?? (dark.matches ? 'navy' : 'light'));
        for (const one of all) {
            const is = one.id === `mdbook-theme-${chosen ?? 'default_theme'}`;
            one.setAttribute('role', 'menuitemradio');
            one.setAttribute('aria-checked', is);
        }
    };
    const isOpen = () => list.classList.contains('open');
    const open = yes => {
        list.classList.toggle('open', yes);
        button.setAttribute('aria-expanded', yes);
        if (yes) (list.querySelector('[aria-checked=true]') ?? all[0]).focus();
    };
    button.addEventListener('click', () => open(!isOpen()));
    list.addEventListener('click', event => {
        const name = event.target.id?.replace('mdbook-theme-', '');
        if (names.includes(name)) kept.set('theme', name);
        else if (name === 'default_theme') kept.drop('theme');
        else return;
        show();
        open(false);
        button.focus();
    });
    list.addEventListener('keydown', event => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (step) {
            event.preventDefault();
            all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
        } else if (event.key === 'Tab') {
            // From the button it goes on to what stands beside it.
            open(false);
            button.focus();
        }
    });
    addEventListener('click', event => {
        if (isOpen() && !list.contains(event.target) && !button.contains(event.target)) open(false);
    });
    escapes.push(() => {
        if (!isOpen()) return false;
        open(false);
        button.focus();
        return true;
    });
    dark.addEventListener('change', show);
    addEventListener('storage', show);
    show();
});

/* ---- The table of contents ---- */

part(() => {
    const check = $('mdbook-sidebar-toggle-anchor');
    const button = $('mdbook-sidebar-toggle');
    const sidebar = $('mdbook-sidebar');
    const show = () => {
        button.setAttribute('aria-expanded', check.checked);
        sidebar.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
    };
    // On a phone it covers the text.
    const covers = () => check.checked && innerWidth < 620;
    button.addEventListener('click', () => {
        check.checked = !check.checked;
        kept.set('sidebar', check.checked ? 'visible' : 'hidden');
        show();
    });
    $('mdbook-page-wrapper').addEventListener('click', event => {
        if (covers() && !event.target.closest('.menu-bar')) button.click();
    });
    sidebar.addEventListener('click', event => {
        if (covers() && event.target.closest('.sections a')) button.click();
    });
    show();
});

// The section that is being read.
part(() => {
    const aim = link => {
        try { return $(decodeURIComponent(link.hash.slice(1))); } catch { return null; }
    };
    const sections = [...document.querySelectorAll('#mdbook-sidebar .sections a')]
        .map(link => [aim(link), link])
        .filter(([heading]) => heading);
    const show = () => {
        const here = sections.findLast(([heading]) => heading.getBoundingClientRect().top < innerHeight / 3);
        for (const one of sections) one[1].classList.toggle('here', one === here);
    };
    let waiting;
    addEventListener('scroll', () => {
        waiting ??= requestAnimationFrame(() => { waiting = undefined; show(); });
    }, { passive: true });
    show();
});

/* ---- Search: its code and its index come when it is opened ---- */

part(() => {
    // Plain mdBook has no index of ours.
    if (!self.dataset.search) return;
    const wrapper = $('mdbook-search-wrapper');
    const bar = $('mdbook-searchbar');
    const results = $('mdbook-searchresults');
    const count = $('mdbook-searchresults-header');
    const button = $('mdbook-search-toggle');
    const load = later(self.dataset.search);
    const asks = () => bar.value.trim().replace(/\s+/g, ' ');
    /** Enter was pressed before there was anything to go to. */
    let entered = false;
    async function search() {
        const asked = asks();
        if (asked === results.dataset.asked) return;
        delete results.dataset.asked;
        if (!asked) {
            results.replaceChildren();
            count.textContent = '';
            return;
        }
        if (!window.bookSearch) count.textContent = 'The search is loading';
        try { await load(); } catch {
            count.textContent = 'The search could not be loaded: try again';
            return;
        }
        if (asked !== asks()) return;
        const found = window.bookSearch(asked);
        count.textContent = found.length === 30 ? 'The first 30 results'
            : `${found.length || 'No'} result${found.length === 1 ? '' : 's'} for “${asked}”`;
        results.replaceChildren(...found.map(({ address, name, title }) => make('li', {},
            make('a', { href: root + address }, name, ...name === title ? [] : [make('small', {}, title)]))));
        results.dataset.asked = asked;
        if (entered) results.querySelector('a')?.click();
        entered = false;
    }
    const isOpen = () => !wrapper.classList.contains('hidden');
    const go = top => scrollTo({ top, behavior: 'instant' });
    const open = yes => {
        if (yes && !isOpen()) before = scrollY;
        const seen = wrapper.getBoundingClientRect().bottom > 0;
        wrapper.classList.toggle('hidden', !yes);
        button.setAttribute('aria-expanded', yes);
        if (yes) {
            load().catch(() => { });
            // It stands on top of the page.
            go(0);
            bar.focus({ preventScroll: true });
            bar.select();
        } else {
            if (seen && before) go(before);
            before = null;
            button.focus({ preventScroll: true });
        }
    };
    button.addEventListener('click', () => open(!isOpen()));
    bar.addEventListener('input', () => { entered = false; search(); });
    wrapper.addEventListener('submit', event => event.preventDefault());
    wrapper.addEventListener('keydown', event => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const links = [bar, ...results.querySelectorAll('a')];
        if (step) {
            event.preventDefault();
            links[links.indexOf(document.activeElement) + step]?.focus();
        } else if (event.key === 'Enter' && event.target === bar) {
            if (results.dataset.asked === asks()) links[1]?.click();
            else {
                entered = true;
                search();
            }
        }
    });
    keys['/'] = keys.s = () => open(true);
    escapes.push(() => {
        if (!isOpen()) return false;
        open(false);
        return true;
    });

    // No such page: look for what its address says.
    if (main?.matches('.lost')) {
        const name = location.pathname.split('/').pop().replace(/\.html$/, '');
        bar.value = name.replace(/%[0-9a-f]{2}/gi, ' ').replace(/[^\w]+/g, ' ').trim();
        open(true);
        search();
    }
});

// A link to a part of this page would lead to what `<base>` names.
part(() => {
    if (!document.querySelector('base')) return;
    addEventListener('click', event => {
        const link = event.target.closest?.('a[href^="#"]');
        if (!link) return;
        event.preventDefault();
        location.hash = link.hash;
    });
});

/* ---- What was searched, marked without changing the text ---- */

part(() => {
    const address = new URL(location.href);
    const asked = address.searchParams.get('highlight');
    if (!asked) return;
    // What is copied from here on is the page's own address.
    address.search = '';
    history.replaceState(history.state, '', address);
    if (!window.Highlight) return;
    // One text, as code is in pieces: `&` and `mut`.
    const nodes = [];
    let text = '';
    const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        if (node.parentElement.ownerSVGElement) text += '\n';
        nodes.push([text.length, node]);
        text += node.data;
    }
    const ranges = [];
    const find = source => {
        const already = ranges.length;
        let n = 0;
        for (const { index, 0: { length } } of text.matchAll(new RegExp(source, 'gi'))) {
            const range = new Range();
            while (nodes[n + 1]?.[0] <= index) n++;
            range.setStart(nodes[n][1], index - nodes[n][0]);
            while (nodes[n + 1]?.[0] < index + length) n++;
            range.setEnd(nodes[n][1], index + length - nodes[n][0]);
            ranges.push(range);
        }
        return ranges.length > already;
    };
    for (const word of new Set(asked.split(/\s+/))) {
        if (!/\w/.test(word)) continue;
        const exactly = word.replace(/[^\w\s]/g, '\\$&');
        const from = /^\w/.test(word) ? '(?<!\\w)' : '';
        const to = /\w$/.test(word) ? '(?!\\w)' : '';
        // A whole word, with the signs around it; else what begins like it.
        if (!find(from + exactly + to)) find(`(?<!\\w)${word.replace(/\W/g, '').replace(/(ing|ed|es|s|e)$/i, '')}\\w*`);
    }
    CSS.highlights.set('searched', new Highlight(...ranges));
    escapes.push(() => CSS.highlights.delete('searched'));
});

/* ---- Listings: copy, and what can be done with one ---- */

part(() => {
    const code = figure => figure.querySelector('pre:not(.marks) > code').textContent.replace(/\n?$/, '\n');
    /** What can be done with a program as one file, which its own page has; it is read when the list opens. */
    function whole(list, address) {
        let text = '';
        const copies = make('button', {
            type: 'button', hidden: true, onclick: () => copy(text, 'Program'),
        }, 'Copy the whole program');
        list.append(copies, make('a', { href: `${address}.html` }, 'Open the whole program'),
            make('a', { href: `${address}.rs`, download: '' }, 'Download the whole program'));
        let loading;
        return () => loading ??= fetch(`${address}.html`).then(answer => answer.text()).then(html => {
            const page = new DOMParser().parseFromString(html, 'text/html');
            text = code(page.querySelector('#program'));
            copies.hidden = false;
            const play = page.querySelector('a.playground');
            if (play) list.append(make('a', { href: play.href }, 'Open in the Rust Playground'));
        }).catch(() => { loading = undefined; });
    }
    /** A button that opens a list of actions; Escape, Tab or a click elsewhere closes it. */
    function menu(figure) {
        const file = figure.querySelector('.file > a')?.href;
        const command = figure.querySelector('.command')?.textContent;
        const id = figure.id;
        const entry = (text, action) => make('button', { type: 'button', onclick: action }, text);
        const link = (text, href) => make('a', { href }, text);
        const list = make('div', { className: 'actions' }, entry('Copy the code', () => copy(code(figure), 'Code')));
        if (command) list.append(entry('Copy the command that runs it', () => copy(command, 'Command')));
        list.append(entry('Copy a link to this listing', () => copy(location.href.replace(/#.*/, '') + '#' + id, 'Link')));
        if (file) list.append(link('Open at this line', file), link('Open the whole file', file.replace(/#.*/, '')));
        const program = figure.dataset.program;
        const load = self.dataset.programs && program ? whole(list, self.dataset.programs + program) : () => { };
        const details = make('details', { className: 'menu' }, make('summary', { title: 'What to do with this listing' },
            make('span', { className: 'icon more' }), make('span', { className: 'unseen' }, 'Actions')), list);
        list.addEventListener('click', () => { details.open = false; });
        details.addEventListener('focusout', event => {
            if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
        });
        details.addEventListener('keydown', event => {
            if (event.key === 'Escape' && details.open) {
                details.open = false;
                details.firstChild.focus();
                event.stopPropagation();
            }
        });
        details.addEventListener('toggle', () => {
            if (!details.open) return;
            load();
            const away = event => {
                if (!details.contains(event.target)) details.open = false;
                if (!details.open) removeEventListener('click', away, true);
            };
            addEventListener('click', away, true);
        });
        return details;
    }
    for (const figure of document.querySelectorAll('.listing')) {
        const tools = figure.querySelector('.tools');
        if (!tools || !figure.querySelector('pre:not(.marks) > code')) continue;
        const button = make('button', {
            type: 'button', className: 'copy', title: 'Copy the code', onclick: () => copy(code(figure), 'Code'),
        }, make('span', { className: 'icon copies' }));
        button.setAttribute('aria-label', 'Copy the code');
        tools.prepend(button, menu(figure));
    }
    addEventListener('click', event => {
        const link = event.target.closest?.('a.permalink, a.header');
        if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) copy(link.href, 'Link');
    });
});

/* ---- What opens over the page: it takes the focus, and gives it back ---- */

function over(className, label) {
    const dialog = make('dialog', { className });
    dialog.setAttribute('aria-label', label);
    const close = make('button', { type: 'button', className: 'close', onclick: () => dialog.close() }, 'Close');
    dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
    dialog.append(make('div', { className: 'row' }, close));
    document.body.append(dialog);
    return [dialog, close];
}

/* ---- Diagrams, opened large ---- */

part(() => {
    const [large, close] = over('large', 'The diagram, large');
    const load = later(self.src.replace(/page(?=-[^/]*$)/, 'save'));
    for (const diagram of document.querySelectorAll('.diagram')) {
        const button = make('button', { type: 'button', className: 'enlarge', title: 'Show this diagram large' },
            make('span', { className: 'icon enlarges' }));
        button.setAttribute('aria-label', 'Show this diagram large');
        button.addEventListener('click', () => {
            const drawing = diagram.querySelector('svg');
            if (!drawing) return;
            const { width, height } = drawing.getBoundingClientRect();
            const frame = make('div', { className: 'diagram', tabIndex: 0 });
            // Its place stays as tall as it was.
            diagram.style.minHeight = `${diagram.offsetHeight}px`;
            large.replaceChildren(close.parentElement, frame);
            frame.append(drawing);
            // Plain mdBook has no script of ours beside the page's.
            if (self.dataset.search) load().then(() => window.saves(close, diagram.id), () => { });
            large.addEventListener('close', () => {
                drawing.style.width = '';
                diagram.prepend(drawing);
                diagram.style.minHeight = '';
                button.focus();
            }, { once: true });
            // As large as the window has room around it; what cannot be read then scrolls.
            drawing.style.width = '0';
            large.showModal();
            const [wide, high] = [large.offsetWidth - frame.clientWidth, large.offsetHeight - frame.clientHeight];
            const across = (innerWidth - wide - 2) / width;
            const whole = Math.min(across, (innerHeight - high - 2) / height, 3);
            const scale = whole > 1 ? whole : Math.max(1, Math.min(across, 1.2));
            drawing.style.width = `${scale * width}px`;
            close.focus();
        });
        diagram.after(button);
    }
});

/* ---- The keyboard ---- */

part(() => {
    $('mdbook-help-container')?.remove();
    let help, close;
    const ask = () => {
        if (!help) {
            [help, close] = over('help', 'Keyboard shortcuts');
            const on = make('input', { type: 'checkbox', checked: kept.get('keys') !== 'off' });
            on.addEventListener('change', () => {
                if (on.checked) kept.drop('keys'); else kept.set('keys', 'off');
            });
            const row = (what, ...names) => make('p', {}, ...names.flatMap(name => [make('kbd', {}, name), ' ']), what);
            help.append(make('h2', {}, 'Keyboard shortcuts'),
                row('the chapter before, the next one', '←', '→'),
                row('search in the book', '/', 'S'),
                row('copy the address of what you read', 'C'),
                row('this list', '?'),
                row('close what is open, take marks and selection away', 'Esc'),
                make('label', {}, on, ' These keys, but for Esc, are on'));
        }
        help.showModal();
        close.focus();
    };
    const button = make('button', { type: 'button', className: 'shortcuts', onclick: ask }, 'Keyboard shortcuts');
    document.querySelector('.sidebar-scrollbox')?.append(button);

    const turn = rel => () => {
        const link = document.querySelector(`a[rel~=${rel}]`);
        if (link) location.href = link.href;
    };
    keys['?'] = ask;
    keys.c = () => copy(location.href, 'Link');
    keys.ArrowLeft = turn('prev');
    keys.ArrowRight = turn('next');
    // These keys mean something else where there is a box to scroll, a menu or a caret.
    const turns = ({ target, shiftKey }) => !shiftKey
        && !target.closest('[tabindex="0"], [role=menu], [role=search], details.menu[open]')
        && !main?.contains(getSelection().anchorNode);
    escapes.push(() => getSelection().removeAllRanges());
    addEventListener('keydown', event => {
        if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
        if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
        if (event.key === 'Escape') {
            escapes.some(end => end());
            return;
        }
        if (!Object.hasOwn(keys, event.key) || kept.get('keys') === 'off') return;
        if (event.target.closest?.('input, select, textarea, [contenteditable]')) return;
        if (event.key.startsWith('Arrow') && !turns(event)) return;
        // What is selected is what the reader means to copy.
        if (event.key === 'c' && !getSelection().isCollapsed) return;
        event.preventDefault();
        keys[event.key]();
    });
});

/* ---- Paper has no folded answers ---- */

part(() => {
    let opened = [];
    addEventListener('beforeprint', () => {
        opened = [...document.querySelectorAll('main details:not(.menu, [open])')];
        for (const details of opened) details.open = true;
    });
    addEventListener('afterprint', () => {
        for (const details of opened) details.open = false;
    });
});

/* ---- Where the reader stopped ---- */

part(() => {
    const chapter = document.querySelector('.chapter .active');
    if (!chapter) return;
    const stopped = () => {
        try { return JSON.parse(kept.get('stopped')) ?? {}; } catch { return {}; }
    };
    const here = location.pathname;
    const { at, last, title } = stopped();
    const far = at?.[here];
    if (far > innerHeight && !location.hash && scrollY === 0) {
        say(make('button', { type: 'button', onclick: () => { scrollTo(0, far); toast.hidden = true; } },
            'Go on where you stopped'));
    }
    const first = here.endsWith('/') || here.endsWith('/index.html');
    if (first && last && last !== here && title) {
        say(make('a', { href: last }, `Go on reading: ${title}`));
    }
    // A page that was opened and not read keeps the place of the time before.
    let moved = false;
    addEventListener('scroll', () => { moved = true; }, { passive: true, once: true });
    const keep = () => {
        // Read again: another page may have written since.
        const now = stopped();
        const place = moved ? { [here]: Math.round(before ?? scrollY) } : {};
        kept.set('stopped', JSON.stringify({
            ...now, ...first ? {} : { last: here, title: chapter.textContent }, at: { ...now.at, ...place },
        }));
    };
    addEventListener('pagehide', keep);
    addEventListener('visibilitychange', () => { if (document.hidden) keep(); });
});
})();
