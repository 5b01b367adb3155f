// What a page does beyond being read. Nothing here is needed to read it.
(() => {
'use strict';
const self = document.currentScript;
const root = self.dataset.root;
const html = document.documentElement;
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

const themes = $('mdbook-theme-list');
const themeButton = $('mdbook-theme-toggle');
const dark = matchMedia('(prefers-color-scheme: dark)');
const NAMES = ['light', 'rust', 'coal', 'navy', 'ayu'];
function showTheme() {
    const chosen = kept.get('theme');
    html.classList.remove(...NAMES);
    html.classList.add(chosen ?? (dark.matches ? 'navy' : 'light'));
    for (const button of themes.querySelectorAll('button')) {
        const is = button.id === `mdbook-theme-${chosen ?? 'default_theme'}`;
        button.setAttribute('role', 'menuitemradio');
        button.setAttribute('aria-checked', is);
    }
}
function openThemes(open) {
    themes.classList.toggle('open', open);
    themeButton.setAttribute('aria-expanded', open);
    if (open) themes.querySelector('[aria-checked=true]').focus();
}
themeButton.addEventListener('click', () => openThemes(!themes.classList.contains('open')));
themes.addEventListener('click', event => {
    const name = event.target.id?.replace('mdbook-theme-', '');
    if (NAMES.includes(name)) kept.set('theme', name);
    else if (name === 'default_theme') kept.drop('theme');
    else return;
    showTheme();
    openThemes(false);
    themeButton.focus();
});
themes.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...themes.querySelectorAll('button')];
    if (step) {
        event.preventDefault();
        all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
    }
});
dark.addEventListener('change', showTheme);
addEventListener('storage', showTheme);
showTheme();

/* ---- The table of contents ---- */

const check = $('mdbook-sidebar-toggle-anchor');
const sidebarButton = $('mdbook-sidebar-toggle');
const sidebar = $('mdbook-sidebar');
function showSidebar() {
    sidebarButton.setAttribute('aria-expanded', check.checked);
    sidebar.querySelector('.active')?.scrollIntoView({ block: 'nearest' });
}
sidebarButton.addEventListener('click', () => {
    check.checked = !check.checked;
    kept.set('sidebar', check.checked ? 'visible' : 'hidden');
    showSidebar();
});
$('mdbook-page-wrapper').addEventListener('click', event => {
    const over = check.checked && innerWidth < 620 && !event.target.closest('.menu-bar');
    if (over) sidebarButton.click();
});
showSidebar();

// The section that is being read.
const sections = new Map([...sidebar.querySelectorAll('.sections a')].map(link =>
    [$(decodeURIComponent(link.hash.slice(1))), link]));
function showSection() {
    let here;
    for (const [heading, link] of sections) {
        if (heading.getBoundingClientRect().top < innerHeight / 3) here = link;
    }
    for (const link of sections.values()) link.classList.toggle('here', link === here);
}
let waiting;
addEventListener('scroll', () => {
    waiting ??= requestAnimationFrame(() => { waiting = undefined; showSection(); });
}, { passive: true });
showSection();

/* ---- Search: its code and its index come when it is opened ---- */

const wrapper = $('mdbook-search-wrapper');
const bar = $('mdbook-searchbar');
const results = $('mdbook-searchresults');
const count = $('mdbook-searchresults-header');
const searchButton = $('mdbook-search-toggle');
let loading;
function load() {
    loading ??= new Promise((done, fail) => {
        document.head.append(make('script', {
            src: self.dataset.search, onload: done, onerror: () => { loading = undefined; fail(); },
        }));
    });
    return loading;
}
async function search() {
    const asked = bar.value.trim();
    if (!asked) {
        results.replaceChildren();
        count.textContent = '';
        return;
    }
    try { await load(); } catch {
        count.textContent = 'The index could not be loaded: try again';
        return;
    }
    if (asked !== bar.value.trim()) return;
    const found = window.bookSearch(asked);
    count.textContent = found.length === 30 ? 'The first 30 results'
        : `${found.length || 'No'} result${found.length === 1 ? '' : 's'} for “${asked}”`;
    results.replaceChildren(...found.map(({ address, name, title }) => make('li', {},
        make('a', { href: root + address }, name, ...name === title ? [] : [make('small', {}, title)]))));
}
function openSearch(open) {
    wrapper.classList.toggle('hidden', !open);
    searchButton.setAttribute('aria-expanded', open);
    if (open) {
        load().catch(() => { });
        scrollTo({ top: Math.min(scrollY, wrapper.offsetTop) });
        bar.focus();
        bar.select();
    } else {
        searchButton.focus();
    }
}
searchButton.addEventListener('click', () => openSearch(wrapper.classList.contains('hidden')));
bar.addEventListener('input', search);
wrapper.addEventListener('submit', event => event.preventDefault());
wrapper.addEventListener('keydown', event => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [bar, ...results.querySelectorAll('a')];
    if (step) {
        event.preventDefault();
        links[links.indexOf(document.activeElement) + step]?.focus();
    } else if (event.key === 'Enter' && event.target === bar) {
        links[1]?.click();
    }
});

/** Marks the words that were searched, without changing the text. */
function mark(words) {
    if (!window.Highlight) return;
    const wanted = words.toLowerCase().split(/[^a-z0-9_]+/).filter(word => word.length > 1);
    const ranges = [];
    const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.data.toLowerCase();
        for (const word of wanted) {
            for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
                const range = new Range();
                range.setStart(node, at);
                range.setEnd(node, at + word.length);
                ranges.push(range);
            }
        }
    }
    CSS.highlights.set('searched', new Highlight(...ranges));
}
const searched = new URLSearchParams(location.search).get('highlight');
if (searched) mark(searched);

/* ---- Listings: copy, and what can be done with one ---- */

function code(figure) {
    return figure.querySelector('pre:not(.marks) > code').textContent.replace(/\n?$/, '\n');
}
/** A button that opens a list of actions; Escape or a click elsewhere closes it. */
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
    const details = make('details', { className: 'menu' }, make('summary', { title: 'What to do with this listing' },
        make('span', { className: 'icon more' }), make('span', { className: 'unseen' }, 'Actions')), list);
    list.addEventListener('click', () => { details.open = false; });
    details.addEventListener('keydown', event => {
        if (event.key === 'Escape' && details.open) {
            details.open = false;
            details.firstChild.focus();
            event.stopPropagation();
        }
    });
    details.addEventListener('toggle', () => {
        if (!details.open) return;
        const away = event => {
            if (!details.contains(event.target)) details.open = false;
            if (!details.open) removeEventListener('click', away, true);
        };
        addEventListener('click', away, true);
    });
    return details;
}
for (const figure of document.querySelectorAll('.listing')) {
    const button = make('button', {
        type: 'button', className: 'copy', title: 'Copy the code', onclick: () => copy(code(figure), 'Code'),
    }, make('span', { className: 'icon copies' }));
    button.setAttribute('aria-label', 'Copy the code');
    figure.querySelector('.tools').append(button, menu(figure));
}
addEventListener('click', event => {
    const link = event.target.closest?.('a.permalink, a.header');
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) copy(link.href, 'Link');
});

/* ---- Diagrams, opened large ---- */

const large = make('dialog', { className: 'large' });
for (const diagram of document.querySelectorAll('.diagram')) {
    const button = make('button', { type: 'button', className: 'enlarge', title: 'Show this diagram large' },
        make('span', { className: 'icon enlarges' }));
    button.setAttribute('aria-label', 'Show this diagram large');
    button.addEventListener('click', () => {
        const drawing = diagram.querySelector('svg');
        const size = drawing.getBoundingClientRect();
        const close = make('button', { type: 'button', className: 'close', autofocus: true, onclick: () => large.close() }, 'Close');
        const frame = make('div', { className: 'diagram', tabIndex: 0 });
        // Its place stays as tall as it was.
        diagram.style.minHeight = `${diagram.offsetHeight}px`;
        large.replaceChildren(close, frame);
        const scale = Math.min((innerWidth - 40) / size.width, (innerHeight - 90) / size.height, 3);
        frame.append(drawing);
        drawing.style.width = `${Math.max(scale, 1.2) * size.width}px`;
        large.addEventListener('close', () => {
            drawing.style.width = '';
            diagram.prepend(drawing);
            diagram.style.minHeight = '';
            button.focus();
        }, { once: true });
        large.showModal();
    });
    diagram.after(button);
}
document.body.append(large);

/* ---- The keyboard ---- */

const help = $('mdbook-help-container');
const showHelp = open => help.classList.toggle('open', open);
help.addEventListener('click', event => { if (event.target === help) showHelp(false); });
addEventListener('keydown', event => {
    if (event.altKey || event.ctrlKey || event.metaKey || large.open) return;
    if (event.key === 'Escape') {
        if (themes.classList.contains('open')) themeButton.focus();
        openThemes(false);
        showHelp(false);
        if (!wrapper.classList.contains('hidden')) openSearch(false);
        return;
    }
    const { target } = event;
    if (/^(input|select|textarea)$/i.test(target.nodeName)) return;
    if (event.key === '?') showHelp(true);
    else if (event.key === '/' || event.key === 's') openSearch(true);
    else if (event.key === 'c') copy(location.href, 'Link');
    else if (!event.shiftKey && !target.closest('[tabindex="0"], [role=menu]')) {
        const rel = { ArrowLeft: 'prev', ArrowRight: 'next' }[event.key];
        const link = rel && document.querySelector(`a[rel=${rel}]`);
        if (!link) return;
        location.href = link.href;
    } else return;
    event.preventDefault();
});

/* ---- Where the reader stopped ---- */

const chapter = document.querySelector('.chapter .active');
if (chapter) {
    const stopped = JSON.parse(kept.get('stopped') ?? '{}');
    const here = location.pathname;
    const far = stopped.at?.[here];
    if (far > innerHeight && !location.hash && scrollY === 0) {
        say(make('button', { type: 'button', onclick: () => { scrollTo(0, far); toast.hidden = true; } },
            'Go on where you stopped'));
    }
    const first = here.endsWith('/') || here.endsWith('/index.html');
    if (first && stopped.last && stopped.last !== here && stopped.title) {
        say(make('a', { href: stopped.last }, `Go on reading: ${stopped.title}`));
    }
    addEventListener('pagehide', () => {
        const at = { ...stopped.at, [here]: Math.round(scrollY) };
        const last = first ? {} : { last: here, title: chapter.textContent };
        kept.set('stopped', JSON.stringify({ ...stopped, ...last, at }));
    });
}

/* ---- No such page: look for what its address says ---- */

if (document.body.querySelector('main.lost')) {
    bar.value = decodeURIComponent(location.pathname).split('/').pop().replace(/\.html$/, '').replace(/[^\w]+/g, ' ').trim();
    openSearch(true);
    search();
}
})();
