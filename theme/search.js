// The search: loaded, with its index, when a reader opens it.
'use strict';
(() => {
    const { pages, sections, words: packed } = INDEX;
    const DIGITS = "!#$%&()*+,-./:;<=>?@[]^{|}`'";
    const WEIGHTS = [1, 2, 6, 10];

    /** Each word with its sections and what it counts there. */
    const words = new Map();
    let before = '';
    for (const [, same, rest, steps] of packed.matchAll(/([A-Z])([a-z0-9_]*)([^A-Za-z0-9_]+)/g)) {
        const word = before.slice(0, same.charCodeAt(0) - 65) + rest;
        const found = new Map();
        let at = 0;
        for (const digit of steps) {
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

    const root = word => {
        word = word.replace(/^_+|_+$/g, '');
        const short = word.slice(0, -1);
        return word.endsWith('s') && short.length > 2 && !short.endsWith('s') ? short : word;
    };
    const split = text => text.toLowerCase().split(/[^a-z0-9_]+/).map(root).filter(word => word.length > 1);

    /** Section to score, for one word of the question: as it is, or as a beginning. */
    function scores(word) {
        const best = new Map();
        for (const [known, found] of words) {
            if (!known.startsWith(word)) continue;
            const share = known === word ? 1 : 0.4 * word.length / known.length;
            for (const [section, weight] of found) {
                const rare = Math.log2(1 + sections.length / found.size);
                best.set(section, Math.max(best.get(section) ?? 0, share * weight * rare));
            }
        }
        return best;
    }

    /** Sections that have every word that the index knows, the best first. */
    function find(question) {
        const lists = split(question).map(scores).filter(list => list.size);
        if (!lists.length) return [];
        const [first, ...others] = lists.sort((a, b) => a.size - b.size);
        const hits = [];
        for (const [section, score] of first) {
            const rest = others.map(list => list.get(section));
            if (rest.includes(undefined)) continue;
            const [, , name] = sections[section];
            // The first section of a page is the page.
            const top = section === 0 || sections[section - 1][0] !== sections[section][0];
            const whole = split(name).join(' ') === split(question).join(' ') ? 20 : 0;
            hits.push([rest.reduce((a, b) => a + b, score) * (top ? 1.2 : 1) + whole, section]);
        }
        return hits.sort(([a, m], [b, n]) => b - a || m - n).map(([, section]) => section);
    }

    window.bookSearch = question => find(question).slice(0, 30).map(section => {
        const [page, id, name] = sections[section];
        const [address, title] = pages[page];
        return { address: `${address}?highlight=${encodeURIComponent(question)}#${id}`, name, title };
    });
})();
