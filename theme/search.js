// The search: loaded, with its index, when a reader opens it.
'use strict';
(() => {
    const { pages, stop, words: packed } = INDEX;
    const DIGITS = "!#$%&()*+,-./:;<=>?@[]^{|}`'";
    const WEIGHTS = [1, 2, 6, 10];
    /** As they are looked up: `does` is asked for as `doe`. */
    const unasked = new Set(stop.split(' ').map(stem));
    /** A question may have them, and a section need not. */
    const common = new Set();

    /** Number of the page, id, heading: an id follows from its heading, where it is not said. */
    const slug = text => text.replace(/[^\p{L}\p{N}_\s-]/gu, '').replace(/\s/g, '-').replace(/[A-Z]/g, it => it.toLowerCase());
    const sections = pages.flatMap(([, title, , all], page) => all.map(one => {
        const [name, id = slug(name)] = [one || title].flat();
        return [page, id, name];
    }));

    /** Each word with its sections and what it counts there. */
    const words = new Map();
    let before = '';
    for (const [, same, rest, steps] of packed.matchAll(/([A-Z])([a-z0-9_]*)([^A-Za-z0-9_]+)/g)) {
        const word = before.slice(0, same.charCodeAt(0) - 65) + rest;
        const found = new Map();
        let at = 0;
        for (const digit of steps) {
            if (digit === ' ') {
                common.add(word);
                continue;
            }
            if (digit === '~') {
                at += 7;
                continue;
            }
            const code = DIGITS.indexOf(digit);
            at += code >> 2;
            found.set(at, WEIGHTS[code & 3]);
        }
        words.set(word, found);
        before = word;
    }

    /** `polling`, `polled` and `polls` are looked up as `poll`. ci/src/write/search.rs does the same. */
    function stem(word) {
        word = word.replace(/^_+|_+$/g, '');
        if (/[0-9_]/.test(word)) return word;
        if (word.length > 4 && word.endsWith('ies')) word = word.slice(0, -3) + 'y';
        else if (word.length > 3 && /[^siu]s$/.test(word)) word = word.slice(0, -1);
        const [, begin] = /^(.*[aeiouy].*)(?:ing|ed)$/.exec(word) ?? [];
        if (begin?.length > 2) word = begin.length > 3 ? begin.replace(/([^lsz])\1$/, '$1') : begin;
        return word.length > 3 ? word.replace(/e$/, '') : word;
    }
    /** The words of a text. A sign that means something stays: `pin!`, `&mut`. */
    const split = text => [...text.toLowerCase().matchAll(/&mut\b|([a-z0-9_]+)(!(?!=))?/g)]
        .map(([, word, macro]) => word ? stem(word) + (macro ? '__m' : '') : 'mut__r')
        .filter(word => word.length > 1 && /[a-z]/.test(word));
    const needed = all => {
        const some = all.filter(word => !unasked.has(word));
        return some.length ? some : all;
    };

    /** What an author says that a page is about: its title, its file, and some phrases. */
    const about = pages.map(([address, title, more]) => {
        const file = address.replace(/^.*\/|\.html$/g, '');
        const phrases = [title, file.replaceAll('-', ' '), file.replaceAll('-', '_'), ...more ? more.split(/[;,] */) : []]
            .map(phrase => split(phrase))
            .map(all => ({ whole: all.join(' '), words: new Set(needed(all)) }));
        return { phrases, words: new Set(phrases.flatMap(({ words }) => [...words])) };
    });

    /** Section to score for one word of the question, and whether it is the whole word. */
    function scores(word) {
        const best = new Map();
        const add = (found, share, whole) => {
            const rare = Math.log2(1 + sections.length / found.size);
            for (const [section, weight] of found) {
                const score = share * weight * rare;
                if (!(best.get(section)?.score >= score)) best.set(section, { score, whole, weight });
            }
        };
        const base = word.replace(/__[mr]$/, '');
        if (base === word) {
            for (const [known, found] of words) {
                if (known !== word && known.startsWith(word)) add(found, 0.4 * word.length / known.length, false);
            }
        } else if (words.has(base)) {
            add(words.get(base), 0.2, false);
        }
        if (words.has(word)) add(words.get(word), 1, true);
        return best;
    }

    /** How well a phrase says what was asked: 1 if there is no other word. */
    function fits(phrase, wanted) {
        const both = wanted.filter(word => phrase.words.has(word)).length;
        return both / (phrase.words.size + wanted.length - both);
    }

    /** Its tables have the words of errors: what is such words, a third of them the reader's own names, means it, and is no question. */
    const messages = pages.findIndex(([address]) => address === 'back/messages.html');
    const ASKS = /^\s*(?:why|how|what|when|which|where|who|should|do|does|is|are|can i)\b/i;
    const said = found => {
        const has = found.filter(one => one?.whole && one.weight >= 6).length;
        return has >= 3 && 3 * (found.length - has) <= found.length;
    };

    /** The sections that have what was asked, the best first. */
    function find(all, wanted, asks) {
        const whole = all.join(' ');
        const lists = wanted.map(scores);
        const page = about.map(({ phrases }) => Math.max(...phrases.map(phrase =>
            phrase.whole === whole ? 110 : 40 * fits(phrase, wanted))));
        // A page that an author gave these very words is meant before the list of all messages.
        const owned = page.some((score, n) => score === 110 && n !== messages);
        const hits = [];
        sections.forEach(([n, , name], section) => {
            const found = lists.map(list => list.get(section));
            // The first section of a page is the page.
            const top = section === 0 || sections[section - 1][0] !== n;
            if (!found.some(one => one) && !(top && page[n])) return;
            let score = page[n] * (top ? 1 : 0.15);
            let [has, exact] = [0, 0];
            wanted.forEach((word, i) => {
                const said = about[n].words.has(word);
                score += found[i]?.score ?? 0;
                has += Boolean(found[i] || said || common.has(word));
                exact += Boolean(found[i]?.whole || said || common.has(word));
            });
            const title = split(name);
            const called = title.join(' ') === whole;
            if (called) score += 100;
            else if (needed(title).join(' ') === wanted.join(' ')) score += 30;
            if (top) score *= 1.2;
            const message = n === messages && !asks && !owned && said(found);
            if (message) score += 60;
            const kind = message || called || page[n] === 110 && top ? 3 : exact === wanted.length ? 2 : has === wanted.length ? 1 : 0;
            hits.push({ kind, score: score * has / wanted.length, section });
        });
        return hits.sort((a, b) => b.kind - a.kind || b.score - a.score || a.section - b.section);
    }

    /** The best `most` results, with the words that counted: they are marked on the page. */
    window.bookSearch = (question, most = 30) => {
        const all = split(question);
        const wanted = needed(all);
        if (!wanted.length) return [];
        const marked = question.split(/\s+/).filter(part => split(part).some(word => wanted.includes(word))).join(' ');
        return find(all, wanted, ASKS.test(question)).slice(0, most).map(({ section }) => {
            const [page, id, name] = sections[section];
            const [address, title] = pages[page];
            return { address: `${address}?highlight=${encodeURIComponent(marked)}#${id}`, name, title };
        });
    };
})();
